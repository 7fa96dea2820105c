"""Write cells of an openpyxl workbook quickly: cells that look alike share one style record."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.xlsx.text import cell_text


def put(ws: Worksheet, at: str, value: Any, kind: str, form: str | None = None) -> Cell:
    """Write a cell in a named style; text that begins with = is a formula.

    Cells of one look share one style record, so it is replaced and never changed: see `restyle`.
    """
    row, column = place(at)
    cell = _filled(ws, row, column, value)
    cell._style = look(ws.parent, kind, form)
    if row > ws._current_row:
        ws._current_row = row
    return cell


def _filled(ws: Worksheet, row: int, column: int, value: Any) -> Cell:
    """Return a cell of a sheet with a value in it; text that begins with = is a formula."""
    cell: Cell | None = ws._cells.get((row, column))
    if cell is None:
        cell = ws._cells[row, column] = Cell(ws, row, column)
    if isinstance(value, str):
        cell._value = cell_text(value)
        cell.data_type = "f" if value[:1] == "=" and len(value) > 1 else "s"
    elif value is None or type(value) in (int, float):
        cell._value, cell.data_type = value, "n"
    else:
        cell.value = value
    return cell


def put_row(
    ws: Worksheet, row: int, first: int, values: Iterable[Any], kind: str, form: str | None = None
) -> list[Cell]:
    """Write cells of one look side by side, from a column on."""
    style, written = look(ws.parent, kind, form), []
    for column, value in enumerate(values, first):
        cell = _filled(ws, row, column, value)
        cell._style = style
        written.append(cell)
    ws._current_row = max(ws._current_row, row)
    return written


def place(at: str) -> tuple[int, int]:
    """Return row and column of an address as B7."""
    rest = at[1:]
    if rest.isdigit():
        return int(rest), ord(at[0]) - ord("A") + 1
    letters = at.rstrip("0123456789")
    return int(at[len(letters) :]), column_index_from_string(letters)


def look(wb: Workbook, kind: str, form: str | None) -> StyleArray:
    """Return the style record of a named style with a number format, made once a workbook."""
    looks: dict[Any, StyleArray] = wb.__dict__.get("xl_aicost_looks") or wb.__dict__.setdefault("xl_aicost_looks", {})
    found = looks.get((kind, form))
    if found is None:
        cell = Cell(wb.active)
        cell.style = kind
        if form:
            cell.number_format = form
        found = looks[kind, form] = cell._style
    return found


def looks_of(wb: Workbook) -> list[StyleArray]:
    """Return the style records made so far, in their order."""
    return list(wb.__dict__.get("xl_aicost_looks", {}).values())


def restyle(cell: Cell, **looks: Any) -> None:
    """Give one cell a look of its own, as `alignment` or `protection`."""
    cell._style = copy(cell._style)
    for name, look in looks.items():
        setattr(cell, name, look)


def put_text(ws: Worksheet, at: str, text: str, kind: str = "Text", form: str | None = None) -> Cell:
    """Write text from a data file, which is never taken for a formula."""
    cell = put(ws, at, text, kind, form)
    if cell.data_type == "f":
        cell.data_type = "s"
    return cell


def merge(ws: Worksheet, cells: str) -> None:
    """Merge cells of which only the first is written; openpyxl's own way makes a cell for each of the others."""
    ws.merged_cells.add(cells)
