"""A worksheet for another program: the content of its cells, and blocks of cells of one style."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

Style: TypeAlias = tuple[str, str]  # named style, number format
Place: TypeAlias = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass(frozen=True)
class Block:
    """Cells of one style: the first and the last cell, and how they are shown; colours in hexadecimal."""

    first: tuple[int, int]
    last: tuple[int, int]
    number_format: str
    bold: bool
    colour: str | None
    fill: str | None


def entries(worksheet: Worksheet) -> list[list[object]]:
    """Return what would be typed into each cell: text that begins like a formula has an apostrophe before it."""
    return [[_entry(cell) for cell in row] for row in worksheet.iter_rows()]


def _entry(cell: Cell) -> object:
    if cell.value is None:
        return ""
    is_text = isinstance(cell.value, str) and cell.data_type != "f"
    return f"'{cell.value}" if is_text and cell.value[:1] in "=+-@" else cell.value


def widths(worksheet: Worksheet) -> dict[str, float]:
    """Return the width of each column that has its own, by its letter."""
    return {letter: dimension.width for letter, dimension in worksheet.column_dimensions.items()}


def blocks(worksheet: Worksheet) -> Iterator[Block]:
    """Yield the blocks of cells of one style: neighbours in a row, joined with the same columns of the row above."""
    for place in _places(worksheet):
        cell = worksheet.cell(*place[:2])
        colour = cell.font.color.rgb[-6:] if cell.font.color and isinstance(cell.font.color.rgb, str) else None
        fill = cell.fill.fgColor.rgb[-6:] if cell.fill.fill_type else None
        yield Block(place[:2], place[2:], cell.number_format, bool(cell.font.b), colour, fill)


def _places(worksheet: Worksheet) -> Iterator[Place]:
    above: dict[tuple[Style, int, int], Place] = {}
    for row in worksheet.iter_rows():
        here: dict[tuple[Style, int, int], Place] = {}
        for style, first, last in _neighbours(row):
            place = above.pop((style, first, last), None)
            here[style, first, last] = (place[0] if place else row[0].row, first, row[0].row, last)
        yield from above.values()
        above = here
    yield from above.values()


def _neighbours(row: Sequence[Cell]) -> Iterator[tuple[Style, int, int]]:
    """Yield the style, the first and the last column of cells of one style that stand side by side."""
    styles = [(cell.style, cell.number_format) if cell.has_style else None for cell in row]
    column = row[0].column
    for style, cells in groupby(styles):
        count = len(list(cells))
        if style is not None:
            yield style, column, column + count - 1
        column += count
