r"""Text as a cell may hold it and as a workbook stores it, and back.

>>> xml_text("R&D \x07"), from_xml("_x0007_ bell"), units("\N{GRINNING FACE}"), single_line(" a\tb ")
('R&amp;D _x0007_', '\x07 bell', 2, 'a b')
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 32_767  # units of UTF-16 in the longest text that a cell of Excel holds
LONGEST_FORMULA = 8_192  # characters
NOTE = " [shortened: {:,} characters]"
# A character that XML does not allow is stored as _x0007_; a text that looks like that is stored with its _ as _x005F_.
UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
STORED = re.compile("_x([0-9A-Fa-f]{4})_")
UNIT = r"[$€£¥]|USD|EUR|GBP|CHF|JPY"
GROUPED = "|".join(rf"\d{{1,3}}({mark}\d{{3}})+" for mark in (",", r"\.", "['’]", r"\s"))
NUMBER = re.compile(rf"[-−+(]?({UNIT})?\s?[-−]?({GROUPED}|\d+)([.,]\d+)?\s?({UNIT}|%)?[-)]?")


def is_number_text(value: object) -> bool:
    """Return whether a value is a number that is stored as text, in any country's spelling.

    >>> [is_number_text(t) for t in ("1.250,50", "250 €", "-1,000.5", "(300)", "12 pcs", 12.0)]
    [True, True, True, True, False, False]
    """
    return isinstance(value, str) and bool(NUMBER.fullmatch(value.strip()))


def folded(text: str) -> tuple[str, str]:
    """Return a text as Excel sorts it, accents and capitals aside, and once more without spaces and marks, some of which count.

    >>> folded("Ärger-Öl"), folded("Straße 5")
    (('arger-ol', 'argerol'), ('strasse 5', 'strasse5'))
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))
    return plain, "".join(filter(str.isalnum, plain))


def escape(text: str) -> str:
    """Return a text as XML holds it between tags; the standard library's own function brings all of urllib along."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def xml_text(text: str) -> str:
    """Return a text as a cell's XML has it."""
    if text.isascii() and text.isprintable() and "_x" not in text:
        return escape(text) if "&" in text or "<" in text or ">" in text else text
    return escape(UNSTORABLE.sub(lambda m: f"_x{ord(m[0]):04X}_", text))


def from_xml(text: str) -> str:
    """Return the text that `xml_text`, or Excel, stored."""
    return STORED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def units(text: str) -> int:
    """Return how many units of UTF-16 a text has: an emoji is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cell_text(text: str) -> str:
    """Return a text, shortened to what a cell may hold, with a note at its end where it is shortened."""
    if len(text) <= LONGEST // 2 or units(text) <= LONGEST:
        return text
    note = NOTE.format(len(text))
    room = 2 * (LONGEST - len(note))
    return text.encode("utf-16-le", "surrogatepass")[:room].decode("utf-16-le", "ignore") + note


def single_line(text: str) -> str:
    """Return a text for properties, prompts and names: control characters become blanks, and the ends are trimmed."""
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") or c in "\ufffe\uffff" else c for c in text)
    return text.strip()
