"""The Sensitivity sheet and its workings: a live tornado, a live two-way table, and stamped drivers of what looks over time.

The workings are one column a case: the live inputs with one or two of them replaced, then every line that the outputs
need, traced over that column. So a case is a small calculation that can be read, not a data table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.formula import name, show
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.charts import Columns, add_chart
from xl_aicost.workbook.layout import LIVE, label
from xl_aicost.workbook.sheets.control import grid_cell
from xl_aicost.workbook.sheets.inputs import fingerprint, input_format, unmoved
from xl_aicost.workbook.sheets.readers import seen
from xl_aicost.workbook.style import (
    band,
    calculation_format,
    calculation_unit,
    finish,
    heads,
    page_break,
    put,
    put_text,
    widths,
)

WORKINGS = "Calc_Sensitivity"
CASE, FIRST_ID, SECOND_ID, FIRST_VALUE, SECOND_VALUE, FIRST_ROW = 5, 6, 7, 8, 9, 11
LIVE_COLUMN, FIRST_CASE = 4, 5
TOP = 12
ANY_UNIT = "#,##0.00##"  # of an output that is chosen: dollars or a share
TORNADO_ROW = 7
GRID_ROW = TORNADO_ROW + TOP + 24
STAMP_ROW = GRID_ROW + 10


@dataclass(frozen=True)
class Change:
    """An input that a case replaces, and the cell with the value it takes."""

    input: str
    cell: str


class Workings:
    """The rows and columns of the workings of a workbook."""

    def __init__(self, book: Book) -> None:
        graph, grid = book.graph, book.template.grid
        wanted = set().union(*(graph.upstream(n) for n in (*book.template.sensitivity, grid.output)))
        self.inputs = [i for i in book.layout.input_rows if i in wanted]
        self.lines = [n for n in graph.lines if n in wanted]
        self.candidates = [i for i in self.inputs if book.assumptions[i].unit != "choice"]
        self.rows = {i: FIRST_ROW + 1 + k for k, i in enumerate(self.inputs)}
        below = FIRST_ROW + len(self.inputs) + 3
        self.rows |= {n: below + k for k, n in enumerate(self.lines)}
        self.chosen = below + len(self.lines) + 1
        self.cases: list[tuple[Change, ...]] = []
        columns = book.layout.scenario_columns
        for i in self.candidates:
            at = book.layout.input_rows[i]
            self.cases += [(Change(i, f"Inputs!${columns[s]}${at}"),) for s in ("Low", "High")]
        self.grid: dict[tuple[int, int], str] = {}
        for r in range(len(grid.down_values)):
            for c in range(len(grid.across_values)):
                self.grid[r, c] = get_column_letter(FIRST_CASE + len(self.cases))
                self.cases.append((Change(grid.across, grid_cell(0, c)), Change(grid.down, grid_cell(1, r))))

    def ends(self, candidate: str) -> tuple[str, str]:
        """Return the columns in which an input is at its low and at its high."""
        first = FIRST_CASE + 2 * self.candidates.index(candidate)
        return get_column_letter(first), get_column_letter(first + 1)


def add_workings(book: Book) -> None:
    """Write the workings of the Sensitivity sheet."""
    ws, work = book.sheet(WORKINGS, "Calculation: one case a column", "calculation"), Workings(book)
    put(ws, "A4", "Live inputs, one or two of them replaced; then the lines over that column.", "Caption")
    heads(ws, ("Line", "Unit", "Id", "Live"), CASE)
    texts = {FIRST_ID: "First input replaced", SECOND_ID: "Second input replaced"}
    texts |= {FIRST_VALUE: "Value of the first", SECOND_VALUE: "Value of the second"}
    for row, text in texts.items():
        put(ws, f"A{row}", text, "Label")
    for number, case in enumerate(work.cases, 1):
        column = get_column_letter(FIRST_CASE + number - 1)
        put(ws, f"{column}{CASE}", number, "Column head")
        for change, at, value in zip(case, (FIRST_ID, SECOND_ID), (FIRST_VALUE, SECOND_VALUE), strict=False):
            put(ws, f"{column}{at}", change.input, "Note")
            form = input_format(book.assumptions[change.input].unit)
            put(ws, f"{column}{value}", f"={change.cell}", "Link from a sheet", form)
    width = LIVE_COLUMN + len(work.cases)
    band(ws, FIRST_ROW, "Inputs", width)
    band(ws, min(work.rows[n] for n in work.lines) - 1, "Lines", width)
    for node in (*work.inputs, *work.lines):
        _add_line(book, ws, work, node)
    at, last = work.chosen, work.rows[work.lines[-1]]
    put(ws, f"A{at}", "Chosen output", "Label")
    put(ws, f"C{at}", "=sensitivity_output", "Link from a sheet")
    for i in range(LIVE_COLUMN, width + 1):
        c = get_column_letter(i)
        text = f"=INDEX({c}{FIRST_ROW + 1}:{c}{last},MATCH($C{at},$C{FIRST_ROW + 1}:$C{last},0))"
        put(ws, f"{c}{at}", text, "Total", ANY_UNIT)
    widths(ws, 40, 16, 28, 14, *([13] * len(work.cases)))
    finish(ws, "1:9", f"E{FIRST_ROW}", pages_wide=6)
    ws.print_title_cols = "A:D"


def _add_line(book: Book, ws: Worksheet, work: Workings, node: str) -> None:
    row, line = work.rows[node], book.graph.lines.get(node)
    unit = line.unit if line else book.assumptions[node].unit
    put(ws, f"A{row}", label(node), "Label")
    put(ws, f"B{row}", calculation_unit(unit), "Label")
    put(ws, f"C{row}", node, "Note")
    form = calculation_format(unit)
    for i in range(LIVE_COLUMN, LIVE_COLUMN + len(work.cases) + 1):
        c = get_column_letter(i)
        if line:
            text = _traced(book, work, node, c)
        elif i == LIVE_COLUMN:
            text = book.layout.cell(LIVE, node)
        else:
            ids, values = f"{c}${FIRST_ID}:{c}${SECOND_ID}", f"{c}${FIRST_VALUE}:{c}${SECOND_VALUE}"
            text = f"IF(COUNTIF({ids},$C{row})=0,$D{row},SUMIFS({values},{ids},$C{row}))"
        kind = "Calculation" if line else "Link from a sheet"
        put(ws, f"{c}{row}", f"={text}", kind, form)


def _traced(book: Book, work: Workings, node: str, column: str) -> str:
    def symbol(precedent: str) -> Any:
        at = "periods_per_year" if precedent == "periods_per_year" else f"{column}{work.rows[precedent]}"
        return name(at)

    return show(book.graph.formula(node, {p: symbol(p) for p in book.graph.lines[node].precedents}))


def add_sensitivity(book: Book) -> None:
    """Write the Sensitivity sheet: tornado, two-way table, every input's swing, stamped drivers."""
    ws, work = book.sheet("Sensitivity", "Sensitivity: what moves the results", "output"), Workings(book)
    put(ws, "A5", '="Output: "&sensitivity_output&". Choose another on Control."', "Lead")
    ws.merge_cells("A5:H5")
    base = f"{WORKINGS}!$D${work.chosen}"
    every = STAMP_ROW + len(book.template.stamped) * (TOP + 4) + 2
    heads(
        ws,
        ("Input", "Unit", "Low", "High", "Output at low", "Output at high", "Change at low", "Change at high"),
        TORNADO_ROW - 1,
    )
    first, last = every + 1, every + len(work.candidates)
    top = min(TOP, len(work.candidates))
    for k in range(top):
        row = TORNADO_ROW + k
        pick = f"MATCH($I{row},$I${first}:$I${last},0)"
        put(ws, f"I{row}", k + 1, "Note")
        for column in "ABCDEF":
            kind, form = ("Label", "General") if column in "AB" else ("Calculation", "#,##0.####")
            put(ws, f"{column}{row}", f"=INDEX({column}${first}:{column}${last},{pick})", kind, form)
        put(ws, f"G{row}", f"=E{row}-{base}", "Calculation", ANY_UNIT)
        put(ws, f"H{row}", f"=F{row}-{base}", "Calculation", ANY_UNIT)
    put(ws, f"I{TORNADO_ROW - 1}", "Rank", "Column head")
    at = TORNADO_ROW + TOP
    put(ws, f"A{at}", "Output in the scenario shown", "Total")
    put(ws, f"E{at}", f"={base}", "Total", ANY_UNIT)
    text = f'="What you see: "&A{TORNADO_ROW}&" moves "&sensitivity_output&" most, then "&A{TORNADO_ROW + 1}&'
    seen(ws, at + 1, text + f'", then "&A{TORNADO_ROW + 2}&"."')
    add_chart(
        book,
        ws,
        f"A{at + 2}",
        Columns(TORNADO_ROW - 1, top, (7, 8), "bars"),
        "Change of the chosen output, one input at its low and at its high",
        "change of the output",
        ANY_UNIT,
        "Tornado: two bars an input, the change of the output with the input at its low and at its high, the strongest on top.",
        height=9.0,
    )
    page_break(ws, GRID_ROW - 2)
    _add_grid(book, ws, work)
    page_break(ws, STAMP_ROW - 2)
    for k, line in enumerate(book.template.stamped):
        _add_stamped(book, ws, line, STAMP_ROW + k * (TOP + 4))
    _add_every(book, ws, work, every)
    widths(ws, 42, 14, 15, 15, 17, 17, 17, 17, 8)
    finish(ws, "1:3", "A6")


def _add_every(book: Book, ws: Worksheet, work: Workings, head: int) -> None:
    page_break(ws, head - 2)
    band(ws, head - 1, "Every input that moves an output offered on Control", 9)
    names = ("Input", "Unit", "Low", "High", "Output at low", "Output at high", "Swing", "", "Rank")
    heads(ws, names, head)
    first, last = head + 1, head + len(work.candidates)
    columns = book.layout.scenario_columns
    for row, i in enumerate(work.candidates, first):
        item, at = book.assumptions[i], book.layout.input_rows[i]
        low, high = work.ends(i)
        put_text(ws, f"A{row}", label(i), "Label")
        put(ws, f"B{row}", item.unit, "Label")
        put(ws, f"C{row}", f"=Inputs!${columns['Low']}${at}", "Link from a sheet", input_format(item.unit))
        put(ws, f"D{row}", f"=Inputs!${columns['High']}${at}", "Link from a sheet", input_format(item.unit))
        put(ws, f"E{row}", f"={WORKINGS}!{low}${work.chosen}", "Link from a sheet", ANY_UNIT)
        put(ws, f"F{row}", f"={WORKINGS}!{high}${work.chosen}", "Link from a sheet", ANY_UNIT)
        put(ws, f"G{row}", f"=ABS(F{row}-E{row})", "Calculation", ANY_UNIT)
        larger = f"SUMPRODUCT((G${first}:G${last}>G{row})*1)"
        put(ws, f"I{row}", f"={larger}+SUMPRODUCT((G${first}:G{row}=G{row})*1)", "Calculation", "0")


def _add_grid(book: Book, ws: Worksheet, work: Workings) -> None:
    grid, head = book.template.grid, GRID_ROW + 1
    unit = book.graph.lines[grid.output].unit
    meaning = book.graph.lines[grid.output].summary.removesuffix(".")
    band(ws, GRID_ROW, f"{meaning} [{book.unit(unit)}]", 9)
    ws.row_dimensions[head].height = 30
    put(ws, f"A{head}", f"{label(grid.down)} down, {label(grid.across)} across; both change on Control", "Column head")
    for c in range(len(grid.across_values)):
        form = input_format(book.assumptions[grid.across].unit)
        put(ws, ws.cell(head, 2 + c).coordinate, f"={grid_cell(0, c)}", "Column head", form)
    for r in range(len(grid.down_values)):
        row = head + 1 + r
        put(ws, f"A{row}", f"={grid_cell(1, r)}", "Column head", input_format(book.assumptions[grid.down].unit))
        for c in range(len(grid.across_values)):
            cell = f"{WORKINGS}!{work.grid[r, c]}${work.rows[grid.output]}"
            at = ws.cell(row, 2 + c).coordinate
            put(ws, at, f"={book.money(cell, unit)}", "Link from a sheet", book.form(unit))


def drivers(book: Book, line: str, scenario: str) -> list[tuple[str, float, float]]:
    """Return the inputs that move a line most: each with the line's value at its low and at its high."""
    base = book.scenario_inputs(scenario)
    wanted = [i for i in base if i in book.graph.upstream(line) and book.assumptions[i].unit != "choice"]
    ends = {i: [base[i]] * (2 * len(wanted)) for i in wanted}
    for k, i in enumerate(wanted):
        ends[i][2 * k : 2 * k + 2] = [book.assumptions[i].low, book.assumptions[i].high]
    found = book.graph.evaluate([line], base | ends, book.layout.years, book.layout.periods_per_year)[line]
    rows = [(i, float(found[2 * k]), float(found[2 * k + 1])) for k, i in enumerate(wanted)]
    return sorted(rows, key=lambda r: -abs(r[2] - r[1]))[:TOP]


def _add_stamped(book: Book, ws: Worksheet, line: str, top: int) -> None:
    unit = book.graph.lines[line].unit
    band(ws, top, f"{book.graph.lines[line].summary} Stamped when the file was made", 8)
    stamp = fingerprint(book)
    base = float(book.values(book.shown)[line])
    put(ws, f"A{top + 1}", "Base result and fingerprint of the inputs at the stamp", "Label")
    put(ws, f"E{top + 1}", base, "Given", calculation_format(unit))
    put(ws, f"F{top + 1}", stamp, "Given", "0.000000")
    put(ws, f"G{top + 1}", f'=IF({unmoved(f"F{top + 1}")},"current","STALE: inputs moved, build again")', "Status")
    names = ("Input", "Unit", "Low", "High", "Output at low", "Output at high", "Change at low", "Change at high")
    heads(ws, names, top + 2)
    for row, (i, low, high) in enumerate(drivers(book, line, book.shown), top + 3):
        item = book.assumptions[i]
        put_text(ws, f"A{row}", label(i), "Label")
        put(ws, f"B{row}", item.unit, "Label")
        for column, value in zip("CD", (item.low, item.high), strict=True):
            put(ws, f"{column}{row}", value, "Given", input_format(item.unit))
        for column, value in zip("EF", (low, high), strict=True):
            put(ws, f"{column}{row}", value, "Given", calculation_format(unit))
        for column, of in zip("GH", "EF", strict=True):
            put(ws, f"{column}{row}", f"={of}{row}-$E${top + 1}", "Calculation", calculation_format(unit))
