"""Where the built cells are in a returned workbook."""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.review.moves import Moves
from xl_aicost.xlsx.cells import is_locked
from xl_aicost.xlsx.package import Package
from xl_aicost.xlsx.sheet import Sheet, sheet_of


def moves_of(built: Workbook, package: Package) -> Moves:
    """Return where the sheets, rows and columns that were built are now."""
    if all(_in_place(ws, package.sheet(ws.title)) for ws in built.worksheets):
        return Moves.none([Sheet(ws.title, "visible", "") for ws in built.worksheets], package.sheets)
    return Moves([sheet_of(ws) for ws in built.worksheets], package.sheets)


def _in_place(built: Worksheet, sheet: Sheet | None) -> bool:
    """Return whether something stands wherever the builder wrote something that is not to be changed, and not beyond."""
    if sheet is None:
        return False
    filled = {at for at, c in built._cells.items() if c._value is not None and c._value != ""}
    there = {at for at, c in sheet.cells.items() if c.formula is not None or c.value is not None}
    return _covers(there, filled) or _covers(there, {at for at in filled if is_locked(built._cells[at])})


def _covers(there: set[tuple[int, int]], meant: set[tuple[int, int]]) -> bool:
    if not meant or not there >= meant:
        return False
    return there == meant or all(max(at[axis] for at in meant) == max(at[axis] for at in there) for axis in (0, 1))
