"""Live sentences: a text with {line:format} becomes a formula that reads the model.

"A cut of {layoff_share:0.0%} pays for ..." shows the value of `layoff_share` in the scenario chosen.
"""

from __future__ import annotations

import re

from xl_aicost.errors import DataError, UnknownNameError
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import LIVE
from xl_aicost.xlsx.text import LONGEST_FORMULA

FIELD = re.compile(r"\{(\w+):([^{}]+)\}")
LONGEST = 250  # characters that a text within a formula may have


def live_sentence(book: Book, text: str) -> str:
    """Return the formula of a sentence. Raises DataError for a field that is no input or line of one value."""
    parts: list[str] = []
    position = 0
    for match in FIELD.finditer(text):
        parts += _texts(text[position : match.start()])
        cell, unit = _cell(book, match[1])
        parts.append(f'IF(ISNUMBER({cell}),TEXT({book.money(cell, unit)},{_texts(match[2])[0]}),"n/a")')
        position = match.end()
    parts += _texts(text[position:])
    found = "=" + "&".join(parts)
    if len(found) > LONGEST_FORMULA:
        raise DataError(f"{book.template.id}.toml, answer: {len(text):,} characters are more than a formula holds")
    return found


def _texts(text: str) -> list[str]:
    chunks = [text[i : i + LONGEST] for i in range(0, len(text), LONGEST)]
    return ['"' + c.replace('"', '""') + '"' for c in chunks]


def _cell(book: Book, node: str) -> tuple[str, str]:
    """Return where an input or a line of one value stands, and its unit."""
    if node not in book.layout.rows or node in book.graph.series:
        known = [n for n in book.layout.rows if n not in book.graph.series]
        raise DataError(f"{book.template.id}.toml, answer: {UnknownNameError('line', node, known)}")
    return book.layout.cell(LIVE, node), book.layout.meaning(node).unit
