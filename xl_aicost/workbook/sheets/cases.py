"""The calculation of the sensitivities on Options: in each case, its results and the lines that what it sets reaches; the rest is Live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from xl_aicost.assumptions import load_sensitivities
from xl_aicost.graph import Graph
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import FIRST_ROW, LIVE
from xl_aicost.workbook.sheets.calculation import columns_of, name_row, row_formulas, time_header
from xl_aicost.workbook.style import band, finish
from xl_aicost.xlsx.cells import put, put_row

SHEET = "Calc_Options"
RESULTS = (
    "option_b_value_advantage",
    "breakeven_output_per_job",
    "option_a_ai_share",
    "ai_return_ratio",
    "people_return_ratio",
)


@dataclass(frozen=True)
class CaseBlock:
    """A case: its name, what it sets, and the row of each input and line that stands in its block."""

    name: str
    settings: Mapping[str, float]
    rows: Mapping[str, int]

    def cell(self, line: str) -> str:
        """Return where a result of the case stands."""
        return f"{SHEET}!$D${self.rows[line]}"


def blocks(graph: Graph) -> Iterator[CaseBlock]:
    """Yield the cases with their rows, one below the other."""
    needed = set().union(*map(graph.upstream, RESULTS))
    row = FIRST_ROW
    for name, settings in load_sensitivities().items():
        reached = [n for n in graph.lines if n in RESULTS or (n in needed and graph.upstream(n) & set(settings))]
        nodes = [*settings, *reached]
        yield CaseBlock(name, settings, {n: row + 1 + k for k, n in enumerate(nodes)})
        row += len(nodes) + 2


def add_cases(book: Book) -> None:
    """Write the calculation of the sensitivities."""
    ws = book.sheet(SHEET, "Calculation: cases of the Options sheet", "calculation")
    time_header(book, ws)
    put(ws, "B2", "What a case sets, and the lines that it reaches; all else is the live lane", "Note")
    for block in blocks(book.graph):
        band(ws, min(block.rows.values()) - 1, block.name, book.layout.id_column)
        for node, row in block.rows.items():
            number_format = name_row(book, ws, row, node)
            if node in block.settings:
                put(ws, f"D{row}", block.settings[node], "Given", number_format)
            else:
                formulas, first = row_formulas(book, node, block.rows, f"{LIVE.sheet}!"), columns_of(book, node)[0]
                put_row(ws, row, first, formulas, "Calculation", number_format)
    book.by_edition(lambda: _store(book))
    finish(ws, "1:5", "G6")


def _store(book: Book) -> None:
    """Note what numpy says that the lines of each case come to, all cases and editions at once."""
    live, layout = book.lane_inputs(LIVE), book.layout
    every = list(blocks(book.graph))
    inputs: dict[str, Any] = {i: np.repeat(np.reshape(v, (-1, 1)), len(every), axis=1) for i, v in live.items()}
    for place, block in enumerate(every):
        for i, value in block.settings.items():
            inputs[i][:, place] = value
    lines = [n for n in book.graph.lines if any(n in b.rows for b in every)]
    results = book.graph.evaluate(lines, inputs, layout.years, layout.periods_per_year)
    shape = (len(next(iter(inputs.values()))), len(every))
    for place, block in enumerate(every):
        for node, row in block.rows.items():
            if node in block.settings:
                continue
            columns = columns_of(book, node)
            series = node in book.graph.series
            values = np.broadcast_to(results[node], (*shape, len(columns)) if series else shape)[:, place]
            each = values.reshape(len(values), -1)
            book.store_row(SHEET, row, columns, each if book.many else each[0])
