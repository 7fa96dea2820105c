"""Sheets for readers: Cover, Workforce and Returns. They link to the lanes and calculate nothing of their own."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.charts import add_bars, add_lines, add_stack
from xl_aicost.workbook.layout import LANES, label
from xl_aicost.workbook.style import (
    finish,
    fit_height,
    link,
    number_format,
    page_break,
    put,
    put_text,
    shown_unit,
    widths,
)

LANE_COLUMNS = "CDEFGH"
CONTENTS = {
    "Inputs": "Every assumption with its scenarios, limits and source; the scenario selector",
    "Time": "The time axis",
    "Workforce": "What a cut saves, what it covers, Option A against Option B",
    "Returns": "Cost stack, cost of a GPU hour, cash flow, present value",
    "Companies": "Published figures and ratios of five companies",
    "Claims": "The article's claims against the model",
    "Checks": "Does the workbook hold together?",
    "Calc_Live": "The calculation for the scenario chosen on Inputs",
    "Calc_Low": "The same with every input at its low",
    "Calc_Base": "The same with every input at its base",
    "Calc_High": "The same with every input at its high",
    "Calc_ArticleLow": "The same with the article's low figures",
    "Calc_ArticleHigh": "The same with the article's high figures",
    "Functions": "The functions as LAMBDA names, with an example each",
    "Sources": "Where the numbers are from",
    "Provenance": "What made this workbook, and from what",
}


def lane_table(book: Book, ws: Worksheet, top: int, lines: Sequence[str], in_words: bool = False) -> int:
    """Write lines of one value, all lanes side by side; return the row after the last.

    `in_words` names each by its meaning; otherwise the meaning stands in a column behind.
    """
    put(ws, f"A{top}", "Result", "Column head")
    if not in_words:
        put(ws, f"I{top}", "Meaning", "Column head")
    put(ws, f"B{top}", "Unit", "Column head")
    for column, lane in zip(LANE_COLUMNS, LANES, strict=True):
        put(ws, f"{column}{top}", lane.title, "Column head")
    for row, line in enumerate(lines, top + 1):
        unit = book.graph.lines[line].unit
        meaning = book.graph.lines[line].summary.removesuffix(".")
        put(ws, f"A{row}", meaning if in_words else label(line), "Text" if in_words else "Label")
        if in_words:
            fit_height(ws, row, (meaning, 62))
        else:
            put(ws, f"I{row}", meaning, "Note")
            fit_height(ws, row, (meaning, 84))
        put(ws, f"B{row}", shown_unit(unit), "Label")
        for column, lane in zip(LANE_COLUMNS, LANES, strict=True):
            kind = "Total" if lane is LANES[0] else "Link from a sheet"
            put(ws, f"{column}{row}", f"={book.layout.cell(lane, line)}", kind, number_format(unit))
    return top + len(lines) + 1


def year_table(book: Book, ws: Worksheet, top: int, lines: list[str]) -> int:
    """Write lines over time of the live lane, years down; return the row after the last."""
    put(ws, f"A{top}", "Year", "Column head")
    for i, line in enumerate(lines):
        unit = shown_unit(book.graph.lines[line].unit)
        put(ws, ws.cell(top, 2 + i).coordinate, f"{label(line)} [{unit}]", "Column head")
    ws.row_dimensions[top].height = 44
    for row, period in enumerate(book.layout.periods(), top + 1):
        put(ws, f"A{row}", f"=Time!{period}$6", "Year", "0")
        for i, line in enumerate(lines):
            cell = book.layout.cell(LANES[0], line, period).replace(f"${period}$", f"{period}$")
            form = number_format(book.graph.lines[line].unit)
            put(ws, ws.cell(row, 2 + i).coordinate, f"={cell}", "Link from a sheet", form)
    return top + book.layout.years + 1


def _percent(book: Book, line: str) -> str:
    """Return the text of a share of the live lane, for a sentence."""
    return f'TEXT({book.layout.cell(LANES[0], line)},"0.0%")'


def add_cover(book: Book) -> None:
    """Write the Cover: the answer, the results of all lanes, the contents, the limits."""
    ws, t = book.wb["Cover"], book.template
    put(ws, "A5", "The question", "Heading")
    put_text(ws, "A6", t.question, "Lead")
    put(ws, "A7", "The answer, for the scenario shown", "Heading")
    cash, spread = (_percent(book, n) for n in ("layoff_coverage", "layoff_coverage_depreciation"))
    put(
        ws,
        "A8",
        f'="A cut of "&TEXT(layoff_share,"0.0%")&" of the workforce pays for "&{cash}'
        f'&" of the year\'s AI spending in cash, and for "&{spread}&" of its yearly depreciation."',
        "Lead",
    )
    for row in (5, 7):
        for column in "BCDEFGH":
            put(ws, f"{column}{row}", None, "Heading")
    for row in (6, 8):
        ws.merge_cells(f"A{row}:H{row}")
        ws.row_dimensions[row].height = 36
    row = lane_table(book, ws, 10, t.headline, in_words=True) + 1
    put(ws, f"A{row}", "About this workbook", "Column head")
    about = {
        "Purpose": t.purpose,
        "Owner": t.owner,
        "Data as of": book.facts["data"],
        "Made by": book.facts["generator"],
        "Currency": "US dollars; USD m is millions. Calendar years unless a company's fiscal year is named",
        "Signs": "Costs and savings are positive in their own lines; cash flows are plus in, minus out",
        "Colours": "Blue on cream: inputs you may change. Black: calculations. Green: links from another sheet",
        "Status": '=IF(check_errors=0,"All checks hold","Checks fail: see the Checks sheet")',
    }
    for name, text in about.items():
        row += 1
        put(ws, f"A{row}", name, "Label")
        put(ws, f"B{row}", text, "Text")
        ws.merge_cells(f"B{row}:H{row}")
    page_break(ws, row)
    row += 2
    put(ws, f"A{row}", "Known limits", "Column head")
    for limit in t.limits:
        row += 1
        put_text(ws, f"A{row}", limit)
        ws.merge_cells(f"A{row}:H{row}")
    row += 2
    put(ws, f"A{row}", "Contents", "Column head")
    for sheet, text in CONTENTS.items():
        if sheet not in book.wb.sheetnames:
            continue
        row += 1
        link(ws, f"A{row}", sheet, sheet)
        put(ws, f"B{row}", text, "Text")
        ws.merge_cells(f"B{row}:H{row}")
    widths(ws, 60, 14, 12, 12, 12, 12, 12, 12)
    finish(ws, "1:3", "A4")


def add_workforce(book: Book) -> None:
    """Write the Workforce sheet."""
    ws = book.sheet("Workforce", "Workforce: what a cut saves and covers", "548235")
    lines = [
        "layoffs",
        "fully_loaded_cost",
        "severance_per_job",
        "layoff_savings",
        "layoff_severance",
        "layoff_net_savings",
        "layoff_payback_months",
        "layoffs_to_fund",
        "layoff_share_to_fund",
        "layoffs_to_fund_depreciation",
        "layoff_coverage",
        "layoff_coverage_depreciation",
        "gpus_per_engineer",
        "gpus_run_per_engineer",
        "option_payroll_clusters",
        "option_a_value",
        "option_b_value",
        "option_b_value_advantage",
        "breakeven_layoff_share",
    ]
    after = lane_table(book, ws, 5, lines)
    put(
        ws,
        f"A{after + 1}",
        f'="At a cut of "&{_percent(book, "breakeven_layoff_share")}&" both options are worth the same."',
        "Lead",
    )
    ws.merge_cells(f"A{after + 1}:H{after + 1}")
    top = after + 3
    options = ["option_a_cash_flow", "option_b_cash_flow", "option_b_advantage", "payroll_at_stake", "severance_paid"]
    below = year_table(book, ws, top, options)
    add_lines(book, ws, f"A{below + 2}", "Option A and Option B, cash flow by year", top, [2, 3], "USD m")
    page_break(ws, below)
    first = 5 + 1 + lines.index("layoff_coverage")
    add_bars(book, ws, f"E{below + 2}", "Share of AI spending that the cut pays for", 5, [first, first + 1])
    widths(ws, 32, 16, 15, 15, 15, 15, 15, 15, 70)
    finish(ws, "1:5", "A5")


def add_returns(book: Book) -> None:
    """Write the Returns sheet."""
    ws = book.sheet("Returns", "Returns: what the cluster costs and earns", "548235")
    stack = [
        "it_depreciation",
        "facility_depreciation",
        "electricity_cost",
        "real_estate_cost",
        "engineers_cost",
        "maintenance_cost",
    ]
    totals = [
        "annual_cost",
        "gpu_hour_cost",
        "cluster_capex",
        "capex_per_gpu",
        "cluster_tco",
        "cluster_npv",
        "cluster_irr",
        "payback_years",
        "breakeven_revenue",
        "breakeven_year",
        "revenue_gap",
        "model_release_cost",
        "release_capacity_share",
    ]
    after = lane_table(book, ws, 5, stack + totals)
    top = after + 1
    paths = ["cluster_revenue", "opex_path", "capex_path", "cluster_cash_flow", "cluster_profit", "book_value"]
    below = year_table(book, ws, top, [*paths, "gpus_bought"])
    page_break(ws, below)
    add_stack(book, ws, f"A{below + 2}", "Cost of owning and running the cluster for a year", 5, len(stack))
    add_lines(book, ws, f"E{below + 2}", "Cash flow, profit and book value of the cluster", top, [5, 6, 7], "USD m")
    widths(ws, 32, 16, 15, 15, 15, 15, 15, 15, 70)
    finish(ws, "1:5", "A5")
