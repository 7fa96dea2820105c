"""The Time sheet and the lanes: one calculation sheet, once for each scenario, differing in its lane number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.formula import Formula, RowCell, name, show
from xl_aicost.workbook.book import Book, chosen_value
from xl_aicost.workbook.layout import FIRST, HEADER_ROW, LIVE, OPENING, PERIOD_ROW, YEAR_ROW, Lane
from xl_aicost.workbook.style import band, calculation_format, calculation_unit, finish, heads, widths
from xl_aicost.workbook.template import BASE
from xl_aicost.xlsx.cells import put, put_row, put_text

TIME_HEADS = ("Section", "Line", "Unit", "Value", "Total", "Opening")
PART_ROW, YEAR_END_ROW = YEAR_ROW + 1, YEAR_ROW + 2
HEADS_OF_PERIODS = {1: "={c}6", 4: '={c}6&" Q"&{c}7', 12: '={c}6&"-"&TEXT({c}7,"00")'}
VALUE = 4  # column
COLUMN, BEFORE = "\ue000", "\ue001"  # what stands for the letters of a cell's column and of the one before it


def _time_columns(ws: Worksheet, book: Book) -> None:
    heads(ws, TIME_HEADS, HEADER_ROW)
    put(ws, ws.cell(HEADER_ROW, book.layout.id_column).coordinate, "Id", "Column head")
    put(ws, f"B{PERIOD_ROW}", "Period", "Label")
    put(ws, f"C{PERIOD_ROW}", "number", "Label")
    widths(ws, 12, 38, 20, 13, 13, 9, *([11] * book.layout.count), 26)


def add_time(book: Book) -> None:
    """Write the Time sheet, the only place where periods and years are made."""
    ws = book.sheet("Time", "Time axis", "calculation")
    _time_columns(ws, book)
    before = get_column_letter(OPENING)
    put(ws, f"{before}{PERIOD_ROW}", 0, "Given", "0")
    texts = {YEAR_ROW: ("Year", "year"), PART_ROW: ("Period of the year", "number"), YEAR_END_ROW: ("Year end", "flag")}
    for row, (text, unit) in texts.items():
        put(ws, f"B{row}", text, "Label")
        put(ws, f"C{row}", unit, "Label")
    for c in book.layout.periods():
        formulas = {
            PERIOD_ROW: f"={before}{PERIOD_ROW}+1",
            YEAR_ROW: f"=first_year+INT(({c}{PERIOD_ROW}-1)/periods_per_year)",
            PART_ROW: f"={c}{PERIOD_ROW}-({c}{YEAR_ROW}-first_year)*periods_per_year",
            YEAR_END_ROW: f"=IF({c}{PART_ROW}=periods_per_year,1,0)",
        }
        for row, text in formulas.items():
            put(ws, f"{c}{row}", text, "Calculation", "0")
        head = HEADS_OF_PERIODS[book.layout.periods_per_year].format(c=c)
        put(ws, f"{c}{HEADER_ROW}", head, "Column head", "0")
        before = c
    finish(ws, "1:5", "G6")


def time_header(book: Book, ws: Worksheet) -> None:
    """Write the heads of a calculation over time, linked to the Time sheet."""
    _time_columns(ws, book)
    put(ws, f"{get_column_letter(OPENING)}{PERIOD_ROW}", f"=Time!F${PERIOD_ROW}", "Link from a sheet", "0")
    for row, kind in ((PERIOD_ROW, "Link from a sheet"), (HEADER_ROW, "Column head")):
        put_row(ws, row, FIRST, [f"=Time!{c}${row}" for c in book.layout.periods()], kind, "0")


def add_lanes(book: Book) -> None:
    """Write the lanes, which hold the same formulas."""
    rows = book.layout.rows
    formulas = {node: row_formulas(book, node, rows) for node in book.graph.lines}
    for lane in book.layout.lanes:
        _add_lane(book, lane, formulas)


def _add_lane(book: Book, lane: Lane, formulas: Mapping[str, Sequence[str]]) -> None:
    """Write a lane: its inputs, then every line of the model, one formula a row."""
    layout = book.layout
    ws = book.sheet(lane.sheet, f"Calculation: {lane.title}", "calculation")
    time_header(book, ws)
    put(ws, "B2", "Lane number: the column of the scenario on Inputs", "Note")
    if lane.column is None:
        put(ws, "D2", "=scenario_number", "Link from a sheet", "0")
    else:
        put(ws, "D2", lane.column, "Given", "0")
    for title, block in layout.calc_blocks.items():
        band(ws, min(block.values()) - 1, title, layout.id_column)
        for node, row in block.items():
            _add_row(book, ws, node, row, formulas.get(node, ()), lane is LIVE)
    book.by_edition(lambda: _store(book, lane))
    finish(ws, "1:5", "G6")
    if lane is LIVE:
        for line in dict.fromkeys(book.template.headline):
            book.name(line, layout.cell(lane, line))


def _store(book: Book, lane: Lane) -> None:
    """Note what numpy says that the formulas of a lane come to."""
    layout, inputs, results = book.layout, book.lane_inputs(lane), book.values(lane)
    for node, row in layout.rows.items():
        if node in inputs:
            book.store(lane.sheet, row, VALUE, inputs[node])
        elif node in book.graph.series:
            book.store_row(lane.sheet, row, columns_of(book, node), results[node])
        elif node in results:
            book.store(lane.sheet, row, VALUE, results[node])


def _add_row(book: Book, ws: Worksheet, node: str, row: int, formulas: Sequence[str], live: bool) -> None:
    layout, line = book.layout, book.graph.lines.get(node)
    number_format = name_row(book, ws, row, node)
    if node == "periods_per_year":
        put(ws, f"D{row}", "=periods_per_year", "Link from a sheet", "0")
    elif line is None:
        at = layout.input_rows[node]
        columns = list(layout.scenario_columns.values())
        pick = f"INDEX(Inputs!${columns[0]}{at}:${columns[-1]}{at},1,$D$2)"
        base, scale = (f"Inputs!${c}{at}" for c in (layout.scenario_columns[BASE], layout.input_columns["scale"]))
        text = f"=Inputs!${layout.input_columns['base_units']}{at}" if live else f"={chosen_value(pick, base)}*{scale}"
        put(ws, f"D{row}", text, "Link from a sheet", number_format)
    elif node not in book.graph.series:
        put(ws, f"D{row}", formulas[0], "Calculation", number_format)
    else:
        put_row(ws, row, layout.first_column(node), formulas, "Calculation", number_format)
        if line.kind == "flow":
            put(ws, f"E{row}", f"=SUM({layout.axis.first}{row}:{layout.last}{row})", "Total", number_format)


def name_row(book: Book, ws: Worksheet, row: int, node: str) -> str:
    """Write the label, the unit and the id of an input or line into its row; return its number format."""
    meaning = book.layout.meaning(node)
    put_text(ws, f"B{row}", meaning.label, "Label")
    put(ws, f"C{row}", calculation_unit(meaning.unit), "Label")
    put_row(ws, row, book.layout.id_column, [node], "Note")
    return calculation_format(meaning.unit)


def columns_of(book: Book, node: str) -> range:
    """Return the columns that a line fills."""
    if node not in book.graph.series:
        return range(VALUE, VALUE + 1)
    return range(book.layout.first_column(node), FIRST + book.layout.count)


def row_formulas(book: Book, node: str, rows: Mapping[str, int], elsewhere: str = "") -> list[str]:
    """Return a line's formula in each of its columns.

    `rows` holds where inputs and lines stand on the same sheet; any other stands on the sheet `elsewhere`.
    """
    layout, graph = book.layout, book.graph

    def symbol(precedent: str) -> Formula:
        if precedent in ("period", "date"):
            return RowCell(layout.axis, f"${PERIOD_ROW}", COLUMN, BEFORE, rows[node])
        sheet, row = ("", rows[precedent]) if precedent in rows else (elsewhere, layout.rows[precedent])
        if precedent not in graph.series:
            return name(f"{sheet}$D${row}")
        return RowCell(layout.axis, row, COLUMN, BEFORE, rows[node], precedent in graph.dates, sheet)

    text = f"={show(graph.formula(node, {p: symbol(p) for p in graph.lines[node].precedents}))}"
    letters = ((get_column_letter(at), get_column_letter(at - 1)) for at in columns_of(book, node))
    return [text.replace(COLUMN, here).replace(BEFORE, before) for here, before in letters]
