"""The As_built sheet: every line in every lane as numpy computed it when the file was made, beside what it is now.

A reader sees what moved since; the checks see a formula that no longer gives what the model says.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import Lane
from xl_aicost.workbook.sheets.inputs import fingerprints, unmoved
from xl_aicost.workbook.style import calculation_format, calculation_unit, finish, heads, widths
from xl_aicost.xlsx.cells import put, put_row

SHEET, FIRST_ROW, FIRST = "As_built", 7, 4
TOLERANCE = 1e-7
STAMP = f"{SHEET}!$D$4"


def add_as_built(book: Book) -> None:
    """Write the As_built sheet."""
    ws = book.sheet(SHEET, "As built: every line then and now", "record")
    layout, lanes = book.layout, book.layout.lanes
    put(
        ws,
        "A4",
        "Fingerprint of the inputs when the file was made; lines over time are summed over the horizon",
        "Label",
    )
    book.by_edition(lambda: book.put_each(ws, "D4", fingerprints(book), "Given", "0.000000"))
    put(ws, "E4", "Differs beyond", "Label")
    put(ws, "F4", TOLERANCE, "Given", "0E+00")
    titles = [f"{lane.title}, {what}" for what in ("built", "now", "differs") for lane in lanes]
    heads(ws, ("Line", "Unit", "Id", *titles))
    ws.row_dimensions[5].height = 30
    columns = [[get_column_letter(FIRST + i + k * len(lanes)) for k in (0, 1)] for i in range(len(lanes))]
    for row, (n, line) in enumerate(book.graph.lines.items(), FIRST_ROW):
        put(ws, f"A{row}", line.label, "Label")
        put(ws, f"B{row}", calculation_unit(line.unit), "Label")
        put(ws, f"C{row}", n, "Note")
        number_format = calculation_format(line.unit)
        series = n in book.graph.series
        put_row(
            ws,
            row,
            FIRST + len(lanes),
            [f"={book.shown(f'SUM({layout.row_range(x, n)})' if series else layout.cell(x, n), '')}" for x in lanes],
            "Link from a sheet",
            number_format,
        )
        texts = []
        for built, now in columns:
            size = f"MAX(($B{row}=$B$6)*{built}$6,ABS(SUM({built}{row})))"
            near = f"(ABS(SUM({built}{row})-SUM({now}{row}))<=$F$4*{size})"
            texts.append(f"=IF({near}*(COUNT({built}{row})=COUNT({now}{row})),0,1)")
        put_row(ws, row, FIRST + 2 * len(lanes), texts, "Calculation", "0")
    put(ws, "A6", "Size of the largest flow: sums of flows cancel", "Label")
    put(ws, "B6", calculation_unit("USD"), "Label")
    for i, lane in enumerate(lanes):
        book.by_edition(partial(_write_built, book, ws, FIRST + i, lane))
    widths(ws, 36, 16, 28, *([13] * (3 * len(lanes))))
    finish(ws, "1:5", "D7", pages_wide=3)
    ws.print_title_cols = "A:B"


def _write_built(book: Book, ws: Worksheet, place: int, lane: Lane) -> None:
    """Write what numpy computed for a lane; now it is the same, and so it does not differ."""
    results, column, lanes = book.values(lane), get_column_letter(place), len(book.layout.lanes)
    flows = [np.abs(results[n]).max(axis=-1) for n in ("capex_path", "option_b_spend_path", "payroll_path")]
    book.put_number(ws, f"{column}6", np.fmax.reduce(np.broadcast_arrays(*flows)), calculation_format("USD"))
    for row, (n, line) in enumerate(book.graph.lines.items(), FIRST_ROW):
        total = np.sum(results[n], axis=-1) if n in book.graph.series else results[n]
        book.put_number(ws, f"{column}{row}", total, calculation_format(line.unit))
        book.store_shown(ws.title, row, place + lanes, total)
        book.store(ws.title, row, place + 2 * lanes, 0.0)


def differences(book: Book, lane: Lane) -> str:
    """Return the formula of how many lines of a lane differ, while the inputs are those of the build."""
    column = get_column_letter(FIRST + book.layout.lanes.index(lane) + 2 * len(book.layout.lanes))
    last = FIRST_ROW + len(book.graph.lines) - 1
    return f"IF({unmoved(STAMP)},SUM({SHEET}!${column}${FIRST_ROW}:${column}${last}),0)"
