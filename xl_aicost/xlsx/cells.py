"""Write cells of an openpyxl workbook quickly: cells of the same style and number format share one style record.

>>> wb = Workbook()
>>> put(wb.active, "A1", "=1+1", "Normal", "0.0").data_type, put_text(wb.active, "A2", "=1+1", "Normal").data_type
('f', 's')
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import lru_cache
from typing import TypeAlias

from openpyxl import Workbook as Workbook  # other rooms know the type from here
from openpyxl.cell.cell import Cell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.support.values import CellValue
from xl_aicost.xlsx.text import cell_text

Records: TypeAlias = dict[tuple[str, str | None], StyleArray]  # by style and number format
RECORDS = "xl_aicost_style_records"


class Text(str):
    """Text from a data file, which is never taken for a formula."""

    __slots__ = ()


def contents(wb: Workbook) -> Iterator[tuple[str, tuple[int, int], CellValue, bool]]:
    """Yield of each cell its sheet, its row and column, what it holds, and whether that is a formula.

    >>> wb = Workbook()
    >>> wb.active["B1"] = "=A1"
    >>> list(contents(wb))
    [('Sheet', (1, 2), '=A1', True)]
    """
    for ws in wb.worksheets:
        title = ws.title
        for key, cell in ws._cells.items():
            yield title, key, cell._value, cell.data_type == "f"


def put(ws: Worksheet, at: str, value: object, style: str, number_format: str | None = None) -> Cell:
    """Write a cell in a named style; text that begins with = is a formula.

    Cells share their style record, so it is replaced and never changed: see `restyle`.
    """
    row, column = place(at)
    cell = _filled(ws, row, column, value, style_record(ws, style, number_format))
    if row > ws._current_row:
        ws._current_row = row
    return cell


def _filled(ws: Worksheet, row: int, column: int, value: object, record: StyleArray) -> Cell:
    """Return a cell of a sheet with a value in it; text that begins with = is a formula, but for `Text`."""
    cell: Cell | None = ws._cells.get((row, column))
    if cell is None:
        cell = ws._cells[row, column] = _empty(ws, row, column)
    cell._style = record
    if isinstance(value, str):
        cell._value = cell_text(value)
        formula = value[:1] == "=" and len(value) > 1 and not isinstance(value, Text)
        cell.data_type = "f" if formula else "s"
    elif value is None or type(value) in (int, float):
        cell._value, cell.data_type = value, "n"
    else:
        cell.value = value
    return cell


def _empty(ws: Worksheet, row: int, column: int, new: Callable[[type[Cell]], Cell] = Cell.__new__) -> Cell:
    """Return a cell as `Cell(ws, row, column)` does, sooner, but for its style and its contents."""
    cell = new(Cell)
    cell.parent, cell.row, cell.column, cell._hyperlink, cell._comment = ws, row, column, None, None
    return cell


def twin_of(ws: Worksheet) -> Worksheet:
    """Return a copy of a sheet to look at: its cells stay as they are when those of the sheet get other contents."""
    twin = copy(ws)
    twin._cells = cells = {}
    for at, cell in ws._cells.items():
        if type(cell) is not Cell:  # a merged cell holds nothing
            cells[at] = cell
            continue
        same = cells[at] = _empty(ws, *at)
        same._style, same._value, same.data_type = cell._style, cell._value, cell.data_type
    return twin


def put_row(
    ws: Worksheet, row: int, first: int, values: Iterable[object], style: str, number_format: str | None = None
) -> list[Cell]:
    """Write cells of one style side by side, from column number `first` on."""
    record, written = style_record(ws, style, number_format), []
    for column, value in enumerate(values, first):
        written.append(_filled(ws, row, column, value, record))
    ws._current_row = max(ws._current_row, row)
    return written


@lru_cache(maxsize=16_384)
def place(at: str) -> tuple[int, int]:
    """Return row and column of an address as B7."""
    rest = at[1:]
    if rest.isdigit():
        return int(rest), ord(at[0]) - ord("A") + 1
    letters = at.rstrip("0123456789")
    return int(at[len(letters) :]), column_index_from_string(letters)


def _records(owner: Workbook | Worksheet) -> Records:
    """Return the records of a workbook; its sheets refer to the same, which is faster than asking for the workbook."""
    records: Records | None = owner.__dict__.get(RECORDS)
    if records is None:
        records = owner.__dict__[RECORDS] = {} if isinstance(owner, Workbook) else _records(owner.parent)
    return records


def style_record(owner: Workbook | Worksheet, style: str, number_format: str | None) -> StyleArray:
    """Return the record of a named style with a number format, which is made once per workbook; a sheet may ask for its own."""
    records = _records(owner)
    record = records.get((style, number_format))
    if record is None:
        cell = Cell(owner.active if isinstance(owner, Workbook) else owner)
        cell.style = style
        if number_format:
            cell.number_format = number_format
        record = records[style, number_format] = cell._style
    return record


def style_records(wb: Workbook) -> list[StyleArray]:
    """Return the style records made so far, in their order."""
    return list(_records(wb).values())


def is_locked(cell: Cell) -> bool:
    """Return whether a cell is locked; openpyxl's own way makes a copy of its protection each time."""
    return bool(cell.parent.parent._protections[cell._style.protectionId].locked)


def restyle(cell: Cell, **properties: object) -> None:
    """Give one cell style properties of its own, as `alignment` or `protection`."""
    cell._style = copy(cell._style)
    for name, value in properties.items():
        setattr(cell, name, value)


def put_text(ws: Worksheet, at: str, text: str, style: str = "Text", number_format: str | None = None) -> Cell:
    """Write text from a data file, which is never taken for a formula."""
    return put(ws, at, Text(text), style, number_format)


def merge(ws: Worksheet, cells: str) -> None:
    """Merge cells of which only the first is written; openpyxl's own function makes a cell for each of the others."""
    ws.merged_cells.add(cells)
