"""Live sentences: a text with {line:format} becomes a formula that shows values of the model.

"A cut of {layoff_share:0.0%} pays for ..." shows `layoff_share` in the scenario chosen, in that number format.
"""

from __future__ import annotations

import re

from xl_aicost.errors import DataError, UnknownNameError
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import LIVE
from xl_aicost.xlsx.text import LONGEST_FORMULA

FIELD = re.compile(r"\{(\w+):([^{}]+)\}")
LONGEST = 250  # characters in a text within a formula; Excel takes 255


def live_sentence(book: Book, text: str) -> str:
    """Return the formula of a sentence. Raises DataError for a field that is not an input or a line of one value."""
    parts: list[str] = []
    position = 0
    for match in FIELD.finditer(text):
        parts += _texts(text[position : match.start()])
        cell, unit = _cell(book, match[1])
        parts.append(f'IF(ISNUMBER({cell}),TEXT({book.money(cell, unit)},{_texts(match[2])[0]}),"n/a")')
        position = match.end()
    parts += _texts(text[position:])
    formula = "=" + "&".join(parts)
    if len(formula) > LONGEST_FORMULA:
        raise DataError(f"{book.template.id}.toml, answer: {len(text):,} characters are too many for a formula")
    return formula


def _texts(text: str) -> list[str]:
    chunks = [text[i : i + LONGEST] for i in range(0, len(text), LONGEST)]
    return ['"' + c.replace('"', '""') + '"' for c in chunks]


def _cell(book: Book, node: str) -> tuple[str, str]:
    """Return the cell of an input or a line of one value, and its unit."""
    if node not in book.layout.rows or node in book.graph.series:
        names = [n for n in book.layout.rows if n not in book.graph.series]
        raise DataError(f"{book.template.id}.toml, answer: {UnknownNameError('line', node, names)}")
    return book.layout.cell(LIVE, node), book.layout.meaning(node).unit
