"""The Benchmark sheet: a published total from its published inputs, through the model's own lines."""

from __future__ import annotations

from typing import Any

from xl_aicost.formula import name, show
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.style import band, calculation_unit, finish, fit_height, heads, widths
from xl_aicost.xlsx.cells import merge, put, put_text

SHEET, FIRST_ROW = "Benchmark", 6
LINE, TOTAL = "epoch_training_cost", 40_586_592.58
SOURCE = (
    "Epoch AI's cost of training GPT-4: 25,000 A100 bought at 24,875 dollars with their servers, 57 million chip hours "
    "from 12 May 2022. Inputs and total from the code and data of arXiv 2405.21015."
)
INPUTS = {
    "chip_hours": 57_000_000.0,
    "price_at_start": 14_165.05,
    "price_performance_ooms": 0.14,
    "interconnect_share": 0.19,
    "chip_tdp_kw": 0.4,
    "server_mult": 2.03125,
    "avg_power_frac": 0.75,
    "pue": 1.25,
    "usd_per_kwh": 0.0806,
    "ppi_factor_to_2023_12": 1.01072465736,
}


def add_benchmark(book: Book) -> None:
    """Write the Benchmark sheet."""
    ws = book.sheet(SHEET, "Benchmark: a published total, reproduced", "calculation")
    graph = book.graph
    put(ws, "A4", SOURCE, "Text")
    merge(ws, "A4:E4")
    fit_height(ws, 4, (SOURCE, 110))
    heads(ws, ("Line", "Unit", "Id", "Published input", "Model"))
    rows = {i: FIRST_ROW + k for k, i in enumerate(INPUTS)}
    lines = _lines(book)
    rows |= {n: FIRST_ROW + len(INPUTS) + 1 + k for k, n in enumerate(lines)}
    band(ws, FIRST_ROW + len(INPUTS), "Lines of the model over these inputs", 5)
    for node, row in rows.items():
        meaning = book.layout.meaning(node)
        put_text(ws, f"A{row}", meaning.label, "Label")
        put(ws, f"B{row}", calculation_unit(meaning.unit).replace("USD m", "USD"), "Label")
        put(ws, f"C{row}", node, "Note")
        if node in INPUTS:
            put(ws, f"D{row}", INPUTS[node], "Given", "#,##0.0#####")
        else:
            symbols: dict[str, Any] = {
                p: name(f"{'D' if p in INPUTS else 'E'}{rows[p]}") for p in graph.lines[node].precedents
            }
            put(ws, f"E{row}", f"={show(graph.formula(node, symbols))}", "Calculation", "#,##0.0000")
    last = max(rows.values()) + 1
    put(ws, f"A{last}", "Published total", "Total")
    put(ws, f"B{last}", "USD/run", "Label")
    put(ws, f"D{last}", TOTAL, "Given", "#,##0.00")
    widths(ws, 34, 16, 28, 22, 22)
    finish(ws, "1:5", "A6")


def _lines(book: Book) -> list[str]:
    """Return the lines that the total is made from once the published inputs stand in for lines."""
    graph = book.graph
    needed = {LINE}
    for n in reversed(graph.lines):  # a line comes after its precedents
        if n in needed:
            needed |= set(graph.lines[n].precedents) - set(INPUTS)
    return [n for n in graph.lines if n in needed]


def sides(book: Book) -> tuple[str, str]:
    """Return the cells of the model's total and of the published one."""
    last = FIRST_ROW + len(INPUTS) + len(_lines(book))
    return f"{SHEET}!$E${last}", f"{SHEET}!$D${last + 1}"
