"""Put the whole model into a workbook that is open in Excel: formulas, not values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias, Unpack

from xl_aicost.case import Arguments
from xl_aicost.errors import InputError

if TYPE_CHECKING:
    import xlwings
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

Style: TypeAlias = tuple[str, str]  # named style, number format
Block: TypeAlias = tuple[int, int, int, int]  # first row, first column, last row, last column


def insert_model(book: xlwings.Book, template: str = "cluster", **arguments: Unpack[Arguments]) -> list[str]:
    """Write the sheets and names of a template into an xlwings Book, behind its own; return the sheets' names.

    The arguments are those of `Case.of`. Charts, validation and protection are not carried over: `build` writes them.
    Raises InputError, before anything is written, where the book already has a sheet or a name of ours.
    """
    from xl_aicost.workbook.build import assemble

    model = assemble(template, **arguments).wb
    _refuse_same("sheet", [s.name for s in book.sheets], model.sheetnames)
    _refuse_same("name", [n.name for n in book.names], list(model.defined_names))
    sheets = {title: book.sheets.add(title, after=book.sheets[-1]) for title in model.sheetnames}
    for name, defined in model.defined_names.items():
        book.names.add(name, f"={defined.attr_text}")
    for worksheet in model.worksheets:
        _fill(sheets[worksheet.title], worksheet)
    return list(sheets)


def _refuse_same(what: str, present: list[str], ours: list[str]) -> None:
    taken = {name.lower() for name in present}
    same = next((name for name in ours if name.lower() in taken), None)
    if same:
        raise InputError(f"the workbook already has the {what} {same!r}: rename it, or use a new workbook")


def _fill(sheet: xlwings.Sheet, worksheet: Worksheet) -> None:
    rows = [[_text(cell) for cell in row] for row in worksheet.iter_rows()]
    sheet.range((1, 1), (len(rows), len(rows[0]))).formula = rows
    for letter, dimension in worksheet.column_dimensions.items():
        sheet.range(f"{letter}1").column_width = dimension.width
    for (_, number_format), block in _blocks(worksheet):
        cells, first = sheet.range(block[:2], block[2:]), worksheet.cell(*block[:2])
        if number_format != "General":
            cells.number_format = number_format
        if first.font.b:
            cells.font.bold = True
        if first.font.color is not None and isinstance(first.font.color.rgb, str):
            cells.font.color = f"#{first.font.color.rgb[-6:]}"
        if first.fill.fill_type:
            cells.color = f"#{first.fill.fgColor.rgb[-6:]}"


def _text(cell: Cell) -> object:
    """Return what Excel is given: text that begins like a formula stays text."""
    if cell.value is None:
        return ""
    is_text = isinstance(cell.value, str) and cell.data_type != "f"
    return f"'{cell.value}" if is_text and cell.value[:1] in "=+-@" else cell.value


def _blocks(worksheet: Worksheet) -> Iterator[tuple[Style, Block]]:
    """Yield blocks of cells of one style: neighbours in a row, joined with the same columns of the row above."""
    above: dict[tuple[Style, int, int], Block] = {}
    for row in worksheet.iter_rows():
        here: dict[tuple[Style, int, int], Block] = {}
        for style, first, last in _neighbours(row):
            block = above.pop((style, first, last), None)
            here[style, first, last] = (block[0] if block else row[0].row, first, row[0].row, last)
        yield from ((key[0], block) for key, block in above.items())
        above = here
    yield from ((key[0], block) for key, block in above.items())


def _neighbours(row: Sequence[Cell]) -> Iterator[tuple[Style, int, int]]:
    """Yield the style, the first and the last column of cells of one style that stand side by side."""
    styles = [(cell.style, cell.number_format) if cell.has_style else None for cell in row]
    column = row[0].column
    for style, cells in groupby(styles):
        count = len(list(cells))
        if style is not None:
            yield style, column, column + count - 1
        column += count
