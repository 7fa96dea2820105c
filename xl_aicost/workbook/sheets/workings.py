"""The workings of the Sensitivity page.

They are one column a case: the live inputs with one or two of them replaced, then every line that the outputs
need, traced over that column. So a case is a small calculation that can be read, not a data table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.formula import name, show
from xl_aicost.simulate.distributions import with_range
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import LIVE, WORKINGS
from xl_aicost.workbook.sheets.control import chosen, grid_cell
from xl_aicost.workbook.sheets.inputs import input_format
from xl_aicost.workbook.style import band, calculation_format, calculation_unit, finish, heads, widths
from xl_aicost.xlsx.cells import put, put_row, put_text

CASE, FIRST_ID, SECOND_ID, FIRST_VALUE, SECOND_VALUE, FIRST_ROW = 5, 6, 7, 8, 9, 11
LIVE_COLUMN, FIRST_CASE = 4, 5
COLUMN = "\N{SECTION SIGN}"
ANY_UNIT = "#,##0.00##"  # of an output that is chosen: dollars or a share


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
        rows = {i: book.assumptions[i] for i in self.inputs}
        self.candidates = [a.id for a in with_range(rows, *self.lines)]
        self.rows = {i: FIRST_ROW + 1 + k for k, i in enumerate(self.inputs)}
        below = FIRST_ROW + len(self.inputs) + 3
        self.rows |= {n: below + k for k, n in enumerate(self.lines)}
        self.chosen = below + len(self.lines) + 1
        self.cases: list[tuple[Change, ...]] = []
        columns = book.layout.input_columns
        for i in self.candidates:
            at = book.layout.input_rows[i]
            self.cases += [(Change(i, f"Inputs!${columns[end]}${at}"),) for end in ("from", "to")]
        self.grid: dict[tuple[int, int], str] = {}
        for r in range(len(grid.down_values)):
            for c in range(len(grid.across_values)):
                self.grid[r, c] = get_column_letter(FIRST_CASE + len(self.cases))
                self.cases.append(
                    (Change(grid.across, grid_cell(book, 0, c)), Change(grid.down, grid_cell(book, 1, r)))
                )

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
            number_format = input_format(book.assumptions[change.input].unit)
            put(ws, f"{column}{value}", f"={change.cell}", "Link from a sheet", number_format)
    width = LIVE_COLUMN + len(work.cases)
    band(ws, FIRST_ROW, "Inputs", width)
    band(ws, min(work.rows[n] for n in work.lines) - 1, "Lines", width)
    for node in (*work.inputs, *work.lines):
        _add_line(book, ws, work, node)
    at, last = work.chosen, work.rows[work.lines[-1]]
    put(ws, f"A{at}", "Result that is tested", "Label")
    put(ws, f"C{at}", "=sensitivity_output", "Link from a sheet")
    for i in range(LIVE_COLUMN, width + 1):
        c = get_column_letter(i)
        text = f"=INDEX({c}{FIRST_ROW + 1}:{c}{last},MATCH($C{at},$A{FIRST_ROW + 1}:$A{last},0))"
        put(ws, f"{c}{at}", text, "Total", ANY_UNIT)
    book.by_edition(lambda: _store(book, work))
    widths(ws, 40, 16, 28, 14, *([13] * len(work.cases)))
    finish(ws, "1:9", f"E{FIRST_ROW}", pages_wide=6)
    ws.print_title_cols = "A:D"


def _store(book: Book, work: Workings) -> None:
    """Note what numpy says that the inputs and lines come to in each column, all columns and cases at once."""
    live, count = book.lane_inputs(LIVE), len(work.cases) + 1
    inputs: dict[str, Any] = {i: np.repeat(np.reshape(live[i], (-1, 1)), count, axis=1) for i in work.inputs}
    for column, (change,) in enumerate(work.cases[: 2 * len(work.candidates)], 1):
        inputs[change.input][:, column] = book.ends(change.input)[(column - 1) % 2]
    for column, case in enumerate(work.cases[2 * len(work.candidates) :], 1 + 2 * len(work.candidates)):
        for change in case:
            sheet, _, at = change.cell.replace("$", "").partition("!")
            inputs[change.input][:, column] = book.wb[sheet][at].value or 0
    layout = book.layout
    results = inputs | book.graph.evaluate(work.lines, inputs, layout.years, layout.periods_per_year)
    label = book.wb["Inputs"][chosen(book)["sensitivity_output"]].value
    output = next(n for n in book.template.sensitivity if book.graph.lines[n].label == label)
    for node, row in (*work.rows.items(), (output, work.chosen)):
        values = np.broadcast_to(results[node], inputs[work.inputs[0]].shape)
        book.store_row(WORKINGS, row, range(LIVE_COLUMN, LIVE_COLUMN + count), values if book.many else values[0])


def _add_line(book: Book, ws: Worksheet, work: Workings, node: str) -> None:
    row, meaning = work.rows[node], book.layout.meaning(node)
    put_text(ws, f"A{row}", meaning.label, "Label")
    put(ws, f"B{row}", calculation_unit(meaning.unit), "Label")
    put(ws, f"C{row}", node, "Note")
    number_format = calculation_format(meaning.unit)
    columns = [get_column_letter(LIVE_COLUMN + i) for i in range(len(work.cases) + 1)]
    if node in book.graph.lines:
        traced = f"={_traced(book, work, node)}"
        put_row(ws, row, LIVE_COLUMN, [traced.replace(COLUMN, c) for c in columns], "Calculation", number_format)
        return
    texts = [f"=Inputs!${book.layout.input_columns['base_units']}${book.layout.input_rows[node]}"]
    for c in columns[1:]:
        ids, values = f"{c}${FIRST_ID}:{c}${SECOND_ID}", f"{c}${FIRST_VALUE}:{c}${SECOND_VALUE}"
        texts.append(f"=IF(COUNTIF({ids},$C{row})=0,$D{row},SUMIFS({values},{ids},$C{row}))")
    put_row(ws, row, LIVE_COLUMN, texts, "Link from a sheet", number_format)


def _traced(book: Book, work: Workings, node: str) -> str:
    """Return a line's text over a column that COLUMN stands for."""

    def symbol(precedent: str) -> Any:
        at = "periods_per_year" if precedent == "periods_per_year" else f"{COLUMN}{work.rows[precedent]}"
        return name(at)

    return show(book.graph.formula(node, {p: symbol(p) for p in book.graph.lines[node].precedents}))
