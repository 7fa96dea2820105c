"""Put the whole model into a workbook that is open in Excel: formulas, not values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from xl_aicost.case import Arguments
from xl_aicost.errors import InputError
from xl_aicost.hosts.attach import attach
from xl_aicost.review.attached import RECORD, AttachedWorkbook

if TYPE_CHECKING:
    import xlwings

    from xl_aicost.xlsx.blocks import Block
    from xl_aicost.xlsx.cells import Workbook

REPORT_ROW = 6  # below the button


def insert_model(book: xlwings.Book, template: str = "cluster", **arguments: Unpack[Arguments]) -> list[str]:
    """Write the sheets and names of a template into an xlwings Book, behind its own; return the sheets' names.

    The arguments are those of `Case.of`. Charts, validation and protection are not carried over: `build` writes them.
    Raises InputError, before anything is written, where the book already has a sheet or a name of ours.

    Example, in Python with Excel open: insert_model(xlwings.books.active, "company", company="META", year=2025)
    """
    from xl_aicost.workbook.build import assemble

    model = assemble(template, **arguments).wb
    _refuse_same("sheet", [s.name for s in book.sheets], model.sheetnames)
    _refuse_same("name", [n.name for n in book.names], list(model.defined_names))
    for title in model.sheetnames:
        book.sheets.add(title, after=book.sheets[-1])
    _write(book, model)
    return list(model.sheetnames)


def refresh_model(book: xlwings.Book) -> AttachedWorkbook:
    """Rewrite the model in an open workbook with its typed inputs and its scenario; return it to read from.

    A workbook without the model gets it. Sheets of others stay as they are. This is what the button of the desktop folder
    does. Raises InputError where the workbook's record of how it was made cannot be built again.
    """
    if RECORD not in [s.name for s in book.sheets]:
        insert_model(book)
        return attach(book)
    before = attach(book)
    typed, scenario = before.typed, before.scenario
    model = before.built.wb
    there = {s.name for s in book.sheets}
    for title in model.sheetnames:
        if title in there:
            book.sheets[title].clear()
        else:
            book.sheets.add(title, after=book.sheets[-1])
    _write(book, model)
    after = attach(book)
    for name in {**after.typed, **typed}:
        after[name] = typed.get(name)
    after.scenario = scenario
    return after


def report(book: xlwings.Book) -> None:
    """Refresh the model in a workbook and write what was read back below the button: scenario, typed inputs, results."""
    model = refresh_model(book)
    rows: list[list[object]] = [["Scenario", model.scenario, ""], ["Typed inputs", "", ""]]
    rows += [[i, value, model.unit(i)] for i, value in model.typed.items()] or [["none", "", ""]]
    rows += [["Results", "", ""]]
    rows += [[line, "n/a" if value != value else value, model.unit(line)] for line, value in model.results.items()]
    ours = model.built.wb.sheetnames
    sheet = next((s for s in book.sheets if s.name not in ours), None) or book.sheets.add("Read back")
    sheet.range(f"A{REPORT_ROW}:C1000").clear_contents()
    sheet.range((REPORT_ROW, 1), (REPORT_ROW + len(rows) - 1, 3)).value = rows


def _write(book: xlwings.Book, model: Workbook) -> None:
    """Write the cells and the names of a model into sheets that are there."""
    from xl_aicost.xlsx.blocks import blocks, entries, widths

    there = {name.name for name in book.names}
    for name, defined in model.defined_names.items():
        if name in there:
            book.names[name].delete()
        book.names.add(name, f"={defined.attr_text}")
    for worksheet in model.worksheets:
        sheet, rows = book.sheets[worksheet.title], entries(worksheet)
        sheet.range((1, 1), (len(rows), len(rows[0]))).formula = rows
        for letter, width in widths(worksheet).items():
            sheet.range(f"{letter}1").column_width = width
        for block in blocks(worksheet):
            _style(sheet.range(block.first, block.last), block)


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
