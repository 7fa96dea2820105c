"""Formulas taken apart: tokens, references, and the same formula in R1C1 terms.

>>> [t.kind for t in tokens("SUM(B2:B9)*1.19")]
['function', 'ref', 'operator', 'operator', 'number']
>>> relative("B1*$C$2", row=2, column=2)
'R[-1]C[0]*R2C3'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from itertools import chain
from typing import NamedTuple, TypeAlias, TypeVar

from openpyxl.utils.cell import column_index_from_string, get_column_letter

from xl_aicost.support.excel_errors import EXCEL_ERRORS

_QUOTED = r"'(?:[^']|'')++'!"
_END = rf"(?:{_QUOTED})?(?:\#REF!|[\w.$\\]++)"  # of a range, or what stands on a sheet
_ERROR = rf"\#(?:{'|'.join(re.escape(e[1:]) for e in EXCEL_ERRORS)})"
_MORE = rf"(?:(?=[!:\#])(?:!{_END}|:{_END}(?!\())*+(?:\#(?![A-Z]))?)?+"
# fmt: off
OPERAND = re.compile(  # finds references, names, errors and texts quickly; TOKEN says which of them each is
    r"""((?=["'#$\w\[\\])(?:"""
    r""""(?:[^"]|"")*+\""""
    rf"""|{_QUOTED}{_END}{_MORE}"""
    rf"""|(?<![\w.$\\])(?![\d.])[\w.$\\]++{_MORE}(?!\()"""
    rf"""|(?<![\w.$\\\[])(?:\[[\w.\[\]]{{1,255}}+|\d[\w.]*+)(?=[:!]){_MORE}"""
    rf"""|{_ERROR}"""
    r"""|["'].*))""",
    re.DOTALL,
)
TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")"""
    rf"""|(?P<error>{_ERROR})"""
    r"""|(?P<ref>(?:(?P<sheet>'(?:[^']|'')+'|(?<![\w.\[\]])[\w.\[\]]{1,255}+)!)?(?:\#REF!|\$?[A-Za-z]{1,3}\$?\d{1,7}(?::(?:(?:'(?:[^']|'')+'|[\w.]{1,255}+)!)?\$?[A-Za-z]{1,3}\$?\d{1,7})?\#?|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?\d{1,7}:\$?\d{1,7})(?![\w(.!]))"""
    r"""|(?P<function>[A-Za-z_][\w.]*)\("""
    r"""|(?P<number>\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)"""
    r"""|(?P<name>(?:(?:'(?:[^']|'')+'|(?<![\w.\[\]])[\w.\[\]]{1,255}+)!)?(?:[^\W\d]|\\)[\w.\\]*)"""
    r"""|(?P<space>\s+)"""
    r"""|(?P<operator><=|>=|<>|[-+*/^&=<>%,;:(){}@])"""
    r"""|(?P<unclosed>["'].*)"""  # which is no formula; without it each quote would be looked after to the end
    r"""|(?P<other>.)""",
    re.DOTALL,
)
# fmt: on
UNUSUAL = re.compile(r"[\"'\[\\\s]")  # in a formula whose cells PLAIN_CELL does not find for sure
PLAIN_CELL = re.compile(r"(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?![\w.(!])")
PLAIN_REFERENCE = re.compile(r"(?:(?<![\w.$])[\w.]+!)?(?<![\w.$])\$?[A-Z]{1,3}\$?\d{1,7}(?![\w(.!])")
column_of = lru_cache(maxsize=20_000)(column_index_from_string)
SHORT = 150  # characters
Result = TypeVar("Result")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
ARITHMETIC = frozenset("+-*/^")
CELL = re.compile(r"(?:'(?:[^']|'')+'|[\w.\[\]]+)!|(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})")  # or a sheet's name


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a formula: its kind, as the groups of TOKEN, its text, and the sheet that a reference names."""

    kind: str
    text: str
    sheet: str = ""


class Area(NamedTuple):
    """Cells that a reference covers, all ends included."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def single(self) -> bool:
        """Whether it is one cell."""
        return (self.top, self.left) == (self.bottom, self.right)

    @property
    def size(self) -> int:
        """How many cells it has."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def meets(self, other: Area) -> bool:
        """Return whether another area shares a cell with it."""
        rows = self.top <= other.bottom and other.top <= self.bottom
        return self.sheet == other.sheet and rows and self.left <= other.right and other.left <= self.right

    def covers(self, row: int, column: int) -> bool:
        """Return whether a cell of its sheet is one of its own."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def holds(self, other: Area) -> bool:
        """Return whether all cells of another area are its own."""
        rows = self.top <= other.top and other.bottom <= self.bottom
        return self.sheet == other.sheet and rows and self.left <= other.left and other.right <= self.right


class Corner(NamedTuple):
    """A cell within the text of a formula: the text before it, and what of it is fixed by $."""

    before: str
    fixed_column: str
    column: int
    fixed_row: str
    row: int


Outline: TypeAlias = tuple[tuple[Corner, ...], str]  # the cells in a piece of a formula, and the text after the last


def split(formula: str) -> list[str]:
    """Return a formula in pieces: references, names and texts at odd places, what stands between them at even ones.

    >>> split('A1+SUM(B:B,rate)&"x"')
    ['', 'A1', '+SUM(', 'B:B', ',', 'rate', ')&', '"x"', '']
    """
    return OPERAND.split(formula)


def _kept(function: Callable[[str], Result]) -> Callable[[str], Result]:
    """Keep the results for short texts: rules ask again and again, and long texts would fill the memory."""
    keeping = lru_cache(maxsize=50_000)(function)
    return wraps(function)(lambda text: keeping(text) if len(text) <= SHORT else function(text))


@_kept
def tokens(formula: str) -> tuple[Token, ...]:
    """Return the tokens of a formula, spaces left out."""
    return tuple(chain.from_iterable(map(_tokens, split(formula))))


@_kept
def _tokens(piece: str) -> tuple[Token, ...]:
    result = []
    for match in TOKEN.finditer(piece):
        kind = "ref" if match["ref"] is not None else match.lastgroup or "other"
        if kind != "space":
            result.append(Token(kind, match[kind], _unquoted(match["sheet"] or "")))
    return tuple(result)


def _unquoted(sheet: str) -> str:
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet


def area(token: Token, home: str) -> Area | None:
    """Return the cells of a reference, or None for whole rows, whole columns and #REF!."""
    corners = _corners(token.text)
    return None if corners is None else Area(token.sheet or home, *corners)


@_kept
def _corners(text: str) -> tuple[int, int, int, int] | None:
    ends = [(int(m[4]), column_index_from_string(m[2].upper())) for m in CELL.finditer(text) if m[2]]
    rows, columns = [r for r, _ in ends], [c for _, c in ends]
    if not ends or max(rows) > LAST_ROW or max(columns) > LAST_COLUMN:
        return None
    return min(rows), min(columns), max(rows), max(columns)


def areas(formula: str, home: str) -> list[Area | None]:
    """Return the cells of each reference of a formula."""
    return [area(t, home) for t in tokens(formula) if t.kind == "ref"]


def relative(formula: str, row: int, column: int) -> str:
    """Return a formula in R1C1 terms, so that copies of one formula are equal."""
    around_texts = formula.split('"')
    if not any(map(UNUSUAL.search, around_texts[::2])):
        around_texts[::2] = [_relative_without_texts(p.upper(), row, column) for p in around_texts[::2]]
        return '"'.join(around_texts)
    parts: list[str] = []
    for piece in split(formula):
        corners, after = _in_capitals(piece)
        for before, fixed_column, c, fixed_row, r in corners:
            at_row = f"R{r}" if fixed_row else f"R[{r - row}]"
            parts += (before, at_row, f"C{c}" if fixed_column else f"C[{c - column}]")
        parts.append(after)
    return "".join(parts)


def _relative_without_texts(piece: str, row: int, column: int) -> str:
    return (_kept_relative if len(piece) <= SHORT else _relative_of_plain)(piece, row, column)


def _relative_of_plain(formula: str, row: int, column: int) -> str:
    """Return a formula without texts, quoted names or brackets in R1C1 terms."""
    parts = PLAIN_CELL.split(formula)
    for i in range(1, len(parts), 5):
        fixed_column, letters, fixed_row, digits = parts[i : i + 4]
        c, r = column_of(letters), int(digits)
        parts[i] = f"R{r}" if fixed_row else f"R[{r - row}]"
        parts[i + 1] = f"C{c}" if fixed_column else f"C[{c - column}]"
        parts[i + 2] = parts[i + 3] = ""
    return "".join(parts)


_kept_relative = lru_cache(maxsize=50_000)(_relative_of_plain)  # sheets that are copies hold the same formulas


def skeleton(formula: str) -> str:
    """Return a formula with # for what it refers to, by which it is known again after rows or columns came or went.

    >>> skeleton("SUM(B1:B9)*$C$2")
    'SUM(#)*#'
    """
    if UNUSUAL.search(formula) or ":" in formula:
        return "".join("#" if t.kind == "ref" else f"{t.text}{'(' * (t.kind == 'function')}" for t in tokens(formula))
    return PLAIN_REFERENCE.sub("#", formula)


def shifted(formula: str, down: int, right: int) -> str:
    """Return a formula as it reads when copied so many rows down and columns to the right; #REF! beyond the sheet."""
    parts: list[str] = []
    for piece in split(formula):
        corners, after = _as_written(piece)
        for before, fixed_column, c, fixed_row, r in corners:
            column, row = c + (0 if fixed_column else right), r + (0 if fixed_row else down)
            inside = 1 <= column <= LAST_COLUMN and 1 <= row <= LAST_ROW
            cell = f"{fixed_column}{get_column_letter(column)}{fixed_row}{row}" if inside else "#REF!"
            parts += (before, cell)
        parts.append(after)
    return "".join(parts)


@_kept
def _in_capitals(piece: str) -> Outline:
    return _outline(t if t.kind in ("ref", "text") else Token(t.kind, t.text.upper()) for t in _tokens(piece))


@_kept
def _as_written(piece: str) -> Outline:
    return _outline(_tokens(piece))


def _outline(pieces: Iterable[Token]) -> Outline:
    corners, before = [], ""
    for token in pieces:
        end = 0
        for m in CELL.finditer(token.text) if token.kind == "ref" else ():
            if m[2]:
                before += token.text[end : m.start()]
                corners.append(Corner(before, m[1], column_index_from_string(m[2].upper()), m[3], int(m[4])))
                before, end = "", m.end()
        before += token.text[end:] + ("(" if token.kind == "function" else "")
    return tuple(corners), before


def normal(formula: str) -> str:
    """Return a formula as programs agree on it: no spaces, functions in capitals, no needless quotes."""
    return "".join(map(_normal, tokens(formula)))


def _normal(token: Token) -> str:
    if token.kind == "ref":
        sheet, mark, body = token.text.rpartition("!")
        bare = sheet[1:-1] if re.fullmatch(r"'[A-Za-z_]\w*'", sheet) else sheet
        return f"{bare}{mark}{body.upper()}"
    if token.kind == "number":
        return f"{float(token.text):.15g}"
    return f"{token.text.upper()}(" if token.kind == "function" else token.text


def address(row: int, column: int) -> str:
    """Return a cell's address, as B7.

    >>> address(7, 2)
    'B7'
    """
    return f"{get_column_letter(column)}{row}"
