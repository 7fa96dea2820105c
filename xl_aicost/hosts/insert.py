"""Put the whole model into a workbook that is open in Excel: formulas, not values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from xl_aicost.case import Arguments
from xl_aicost.errors import InputError

if TYPE_CHECKING:
    import xlwings

    from xl_aicost.xlsx.blocks import Block


def insert_model(book: xlwings.Book, template: str = "cluster", **arguments: Unpack[Arguments]) -> list[str]:
    """Write the sheets and names of a template into an xlwings Book, behind its own; return the sheets' names.

    The arguments are those of `Case.of`. Charts, validation and protection are not carried over: `build` writes them.
    Raises InputError, before anything is written, where the book already has a sheet or a name of ours.
    """
    from xl_aicost.workbook.build import assemble
    from xl_aicost.xlsx.blocks import blocks, entries, widths

    model = assemble(template, **arguments).wb
    _refuse_same("sheet", [s.name for s in book.sheets], model.sheetnames)
    _refuse_same("name", [n.name for n in book.names], list(model.defined_names))
    sheets = {title: book.sheets.add(title, after=book.sheets[-1]) for title in model.sheetnames}
    for name, defined in model.defined_names.items():
        book.names.add(name, f"={defined.attr_text}")
    for worksheet in model.worksheets:
        sheet, rows = sheets[worksheet.title], entries(worksheet)
        sheet.range((1, 1), (len(rows), len(rows[0]))).formula = rows
        for letter, width in widths(worksheet).items():
            sheet.range(f"{letter}1").column_width = width
        for block in blocks(worksheet):
            _style(sheet.range(block.first, block.last), block)
    return list(sheets)


def _refuse_same(what: str, present: list[str], ours: list[str]) -> None:
    taken = {name.lower() for name in present}
    same = next((name for name in ours if name.lower() in taken), None)
    if same:
        raise InputError(f"the workbook already has the {what} {same!r}: rename it, or use a new workbook")


def _style(cells: xlwings.Range, block: Block) -> None:
    if block.number_format != "General":
        cells.number_format = block.number_format
    if block.bold:
        cells.font.bold = True
    if block.colour:
        cells.font.color = f"#{block.colour}"
    if block.fill:
        cells.color = f"#{block.fill}"
