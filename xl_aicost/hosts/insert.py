"""Put the whole model into a workbook that is open in Excel: formulas, not values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Unpack

from xl_aicost.case import Arguments
from xl_aicost.errors import InputError

Look = tuple[str, str]  # named style, number format
Run = tuple[int, int, int, int]  # first row, first column, last row, last column


def insert_model(book: Any, template: str = "cluster", **arguments: Unpack[Arguments]) -> list[str]:
    """Write the sheets and names of a template into an xlwings Book, behind its own; return the sheets' names.

    The arguments are those of `Case.of`. Charts, validation and protection are not carried over: `build` writes them.
    Raises InputError, before anything is written, where the book already has a sheet or a name of ours.
    """
    from xl_aicost.workbook.build import assemble

    made = assemble(template, **arguments)
    _refuse("sheet", [s.name for s in book.sheets], made.wb.sheetnames)
    _refuse("name", [n.name for n in book.names], list(made.wb.defined_names))
    sheets = {title: book.sheets.add(title, after=book.sheets[-1]) for title in made.wb.sheetnames}
    for name, defined in made.wb.defined_names.items():
        book.names.add(name, f"={defined.attr_text}")
    for worksheet in made.wb.worksheets:
        _fill(sheets[worksheet.title], worksheet)
    return list(sheets)


def _refuse(what: str, present: list[str], ours: list[str]) -> None:
    known = {p.lower() for p in present}
    clash = [o for o in ours if o.lower() in known]
    if clash:
        raise InputError(f"the workbook already has the {what} {clash[0]!r}: rename it, or use a new workbook")


def _fill(sheet: Any, worksheet: Any) -> None:
    rows = [[_text(cell) for cell in row] for row in worksheet.iter_rows()]
    sheet.range((1, 1), (len(rows), len(rows[0]))).formula = rows
    for letter, dimension in worksheet.column_dimensions.items():
        sheet.range(f"{letter}1").column_width = dimension.width
    looks: dict[str, Any] = {}
    for (style, form), run in _runs(worksheet):
        cells = sheet.range(run[:2], run[2:])
        if form != "General":
            cells.number_format = form
        found = looks.setdefault(style, worksheet.cell(*run[:2]))
        if found.font.b:
            cells.font.bold = True
        if found.font.color is not None and isinstance(found.font.color.rgb, str):
            cells.font.color = f"#{found.font.color.rgb[-6:]}"
        if found.fill.fill_type:
            cells.color = f"#{found.fill.fgColor.rgb[-6:]}"


def _text(cell: Any) -> Any:
    """Return what Excel is given: text that begins like a formula stays text."""
    if cell.value is None:
        return ""
    is_text = isinstance(cell.value, str) and cell.data_type != "f"
    return f"'{cell.value}" if is_text and cell.value[:1] in "=+-@" else cell.value


def _runs(worksheet: Any) -> Iterator[tuple[Look, Run]]:
    """Yield blocks of cells that look the same: runs of a row, joined with the same run of the row above."""
    open_runs: dict[tuple[Look, int, int], Run] = {}
    for row in worksheet.iter_rows():
        found: dict[tuple[Look, int, int], Run] = {}
        for look, first, last in _row_runs(row):
            above = open_runs.pop((look, first, last), None)
            top = above[0] if above else row[0].row
            found[look, first, last] = (top, first, row[0].row, last)
        yield from ((key[0], run) for key, run in open_runs.items())
        open_runs = found
    yield from ((key[0], run) for key, run in open_runs.items())


def _row_runs(row: Any) -> Iterator[tuple[Look, int, int]]:
    look, first = None, 0
    for cell in (*row, None):
        now = (cell.style, cell.number_format) if cell is not None and cell.has_style else None
        if now != look:
            if look is not None:
                yield look, first, (cell.column if cell is not None else row[-1].column + 1) - 1
            look, first = now, cell.column if cell is not None else 0
