"""The Time sheet and the lanes: one calculation sheet, once for each scenario, differing in its lane number."""

from __future__ import annotations

from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.formula import RowCell, name, show
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import FIRST, HEADER_ROW, LANES, OPENING, PERIOD_ROW, Lane, label
from xl_aicost.workbook.style import band, finish, heads, number_format, put, shown_unit, widths

TIME_HEADS = ("Section", "Line", "Unit", "Value", "Total", "Opening")


def _time_columns(ws: Worksheet, book: Book) -> None:
    heads(ws, TIME_HEADS, HEADER_ROW)
    put(ws, ws.cell(HEADER_ROW, book.layout.id_column).coordinate, "Id", "Column head")
    put(ws, f"B{PERIOD_ROW}", "Period", "Label")
    put(ws, f"C{PERIOD_ROW}", "number", "Label")
    widths(ws, 14, 38, 16, 13, 13, 9, *([11] * book.layout.years), 30)


def add_time(book: Book) -> None:
    """Write the Time sheet, the only place where periods and years are made."""
    ws = book.sheet("Time", "Time axis", "7F7F7F")
    _time_columns(ws, book)
    opening = get_column_letter(OPENING)
    put(ws, f"{opening}{PERIOD_ROW}", 0, "Given", "0")
    put(ws, "B6", "Year", "Label")
    put(ws, "C6", "year", "Label")
    before = opening
    for column in book.layout.periods():
        put(ws, f"{column}{PERIOD_ROW}", f"={before}{PERIOD_ROW}+1", "Calculation", "0")
        put(ws, f"{column}6", f"=first_year+{column}{PERIOD_ROW}-1", "Calculation", "0")
        put(ws, f"{column}{HEADER_ROW}", f"={column}6", "Column head", "0")
        before = column
    finish(ws, "1:5", "G6")


def add_lane(book: Book, lane: Lane) -> None:
    """Write a lane: its inputs, then every line of the model, one formula a row."""
    layout = book.layout
    ws = book.sheet(lane.sheet, f"Calculation: {lane.title}", "1F3864" if lane.column is None else "2E75B6")
    _time_columns(ws, book)
    put(ws, "B2", "Lane number: the column of the scenario on Inputs", "Note")
    if lane.column is None:
        put(ws, "D2", "=scenario_number", "Link from a sheet", "0")
    else:
        put(ws, "D2", lane.column, "Given", "0")
    for column in [get_column_letter(OPENING), *layout.periods()]:
        put(ws, f"{column}{PERIOD_ROW}", f"=Time!{column}${PERIOD_ROW}", "Link from a sheet", "0")
    for column in layout.periods():
        put(ws, f"{column}{HEADER_ROW}", f"=Time!{column}$6", "Column head", "0")
    for title, block in layout.calc_blocks.items():
        top = min(block.values()) - 1
        band(ws, top, title, layout.id_column)
        for node, row in block.items():
            _add_row(book, ws, node, row)
    finish(ws, "1:5", "G6")
    if lane is LANES[0]:
        for line in book.template.headline:
            book.name(line, layout.cell(lane, line))


def _add_row(book: Book, ws: Worksheet, node: str, row: int) -> None:
    layout, line = book.layout, book.graph.lines.get(node)
    unit = line.unit if line else book.assumptions[node].unit
    form = number_format(unit)
    put(ws, f"B{row}", label(node), "Label")
    put(ws, f"C{row}", shown_unit(unit), "Label")
    put(ws, ws.cell(row, layout.id_column).coordinate, node, "Note")
    if line is None:
        at = layout.input_rows[node]
        pick = f"INDEX(Inputs!$E{at}:$J{at},$D$2)"
        put(ws, f"D{row}", f'=IF({pick}="",Inputs!$F{at},{pick})', "Link from a sheet", form)
    elif node not in book.graph.series:
        put(ws, f"D{row}", f"={_formula(book, node, row, 0)}", "Calculation", form)
    else:
        for i, column in enumerate(layout.periods()):
            put(ws, f"{column}{row}", f"={_formula(book, node, row, i)}", "Calculation", form)
        if node in book.template.totals:
            put(ws, f"E{row}", f"=SUM({layout.axis.first}{row}:{layout.last}{row})", "Total", form)


def _formula(book: Book, node: str, row: int, period: int) -> str:
    """Return a line's text over the cells of its precedents in a period."""
    layout = book.layout
    column, before = (get_column_letter(FIRST + period + step) for step in (0, -1))

    def symbol(precedent: str) -> Any:
        if precedent == "period":
            return name(f"{column}${PERIOD_ROW}")
        if precedent in book.graph.series:
            return RowCell(layout.axis, layout.rows[precedent], column, before, row)
        return name(f"$D${layout.rows[precedent]}")

    return show(book.graph.formula(node, {p: symbol(p) for p in book.graph.lines[node].precedents}))
