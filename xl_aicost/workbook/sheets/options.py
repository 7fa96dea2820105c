"""The sheets Options and Afford: does a dollar do more in AI or in people, and could the company pay for both?"""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.charts import Columns, Rows, add_chart, money_axis
from xl_aicost.workbook.layout import LIVE
from xl_aicost.workbook.sheets.cases import RESULTS, blocks
from xl_aicost.workbook.sheets.readers import TABLE_ROW, finish_reader, reader_sheet, seen
from xl_aicost.workbook.sheets.tables import lane_table, year_table
from xl_aicost.workbook.style import band, page_break
from xl_aicost.xlsx.cells import merge, put, put_text

OPTION_LINES = (
    "breakeven_output_per_job",
    "breakeven_output_multiple",
    "ai_return_ratio",
    "people_return_ratio",
    "option_b_value_advantage",
    "option_a_value",
    "option_b_value",
    "option_a_ai_share",
    "programme_cost_value",
    "programme_value",
    "payroll_value",
    "cut_value",
    "jobs_work_lost",
    "gain_that_absorbs_cut",
    "layoffs",
    "fully_loaded_cost",
    "severance_per_job",
    "layoff_savings",
    "severance_due",
    "layoff_net_savings",
    "layoff_payback_months",
    "layoffs_to_fund",
    "layoff_share_to_fund",
    "layoffs_to_fund_depreciation",
    "layoff_coverage",
    "layoff_coverage_depreciation",
    "jobs_to_fund_cluster",
    "gpus_per_engineer",
    "gpus_run_per_engineer",
    "option_payroll_clusters",
)
OPTION_YEARS = ("option_a_spend_path", "option_b_spend_path")
OPTION_ANSWER = (
    "Option A (keep the people) and Option B (fund AI, cut {layoffs:#,##0} jobs) spend the same present cash. They are worth "
    "the same if a kept job produces {breakeven_output_per_job:#,##0} dollars a year; it costs {loaded_cost:#,##0}. A dollar "
    "spent on AI is worth {ai_return_ratio:0.000}, a dollar spent on people {people_return_ratio:0.000}."
)


def add_options(book: Book) -> None:
    """Write the Options sheet: Option A against Option B, like for like, and what moves the answer."""
    ws = reader_sheet(book, "Options", "Option A (keep the people) against Option B (fund AI)", OPTION_ANSWER)
    put(ws, "A6", _reading(book), "Lead")
    merge(ws, "A6:H6")
    after = lane_table(book, ws, TABLE_ROW - 1, OPTION_LINES)
    page_break(ws, after)
    below = _add_cases(book, ws, after + 1)
    page_break(ws, below)
    end = year_table(book, ws, below + 1, OPTION_YEARS)
    seen(
        ws,
        end + 1,
        "What you see: left, what both options spend by year; right, the share of AI spending that the cut pays for.",
    )
    add_chart(
        book,
        ws,
        f"A{end + 2}",
        Columns(below + 1, book.layout.years, (2, 3)),
        "Option A and Option B, spending by year",
        *money_axis(book),
        "Two lines, the spending of Option A and of Option B in each year.",
    )
    first = TABLE_ROW + OPTION_LINES.index("layoff_coverage")
    add_chart(
        book,
        ws,
        f"D{end + 2}",
        Rows(TABLE_ROW - 1, [first, first + 1], ["In cash", "Of yearly depreciation"]),
        "Share of AI spending that the cut pays for",
        "share",
        "0%",
        "Two columns a scenario: coverage in cash and coverage of yearly depreciation.",
    )
    finish_reader(book, ws)


def _reading(book: Book) -> str:
    """Return the formula that says what the break-even means, or why there is none."""
    breakeven, lost, freed = (
        book.layout.cell(LIVE, n) for n in ("breakeven_output_per_job", "jobs_work_lost", "cut_value")
    )
    return (
        f"=CHOOSE(1+(COUNT({lost},{freed})=2)+COUNTIF({lost}:{lost.partition('!')[2]},0)+2*COUNT({breakeven}),"
        '"A figure that is needed is not on file.",'
        '"The cut frees no cash: A is better at any output.",'
        '"No work is lost: B is better at any output.",'
        '"A is better where a kept job produces more than that, B where it produces less.")'
    )


def _add_cases(book: Book, ws: Worksheet, top: int) -> int:
    """Write the decision in the scenario shown and in other cases, one a row; return the row after the last."""
    band(ws, top, "What moves the answer: the scenario shown, and cases that change one thing", 1 + len(RESULTS))
    lines = [book.graph.lines[n] for n in RESULTS]
    put(ws, f"A{top + 1}", "Case", "Column head")
    for k, line in enumerate(lines, 2):
        put(ws, ws.cell(top + 1, k).coordinate, f"{line.label} [{book.unit(line.unit)}]", "Column head")
    ws.row_dimensions[top + 1].height = 48
    cases = [("The scenario shown", None), *((b.name, b) for b in blocks(book.graph))]
    for row, (name, block) in enumerate(cases, top + 2):
        put_text(ws, f"A{row}", name, "Text")
        for k, line in enumerate(lines, 2):
            cell = block.cell(book, line.id) if block else book.layout.cell(LIVE, line.id)
            kind = "Link from a sheet" if block else "Total"
            put(ws, ws.cell(row, k).coordinate, f"={book.shown(cell, line.unit)}", kind, book.form(line.unit))
    return top + 2 + len(cases)


AFFORD_LINES = (
    "capex_total",
    "free_cash_flow",
    "free_cash_flow_after_share_pay",
    "distributions",
    "affords_ai_and_people",
    "affords_distributions_too",
    "funding_gap",
    "funding_gap_after_distributions",
    "noncash_pay_share",
    "cash_cost_per_job",
    "cut_cash_saving",
    "cut_cash_first_year",
    "cut_to_distributions",
    "cut_to_gap",
    "jobs_to_close_gap",
    "jobs_to_close_gap_after_distributions",
    "cut_closes_gap",
    "stopping_distributions_closes_gap",
    "efficiency_jobs",
    "ai_productivity_gain",
    "cut_by_efficiency",
    "cut_left_to_explain",
    "efficiency_share_of_cut",
    "depreciation_passes_payroll_year",
    "ai_revenue_breakeven_year",
)
AFFORD_YEARS = (
    "ai_spend_path",
    "ai_depreciation_path",
    "payroll_path",
    "breakeven_revenue_path",
    "ai_revenue_path",
)
AFFORD_ANSWER = (
    "Capex of {capex_total:#,##0,,} million leaves a free cash flow of {free_cash_flow:#,##0,,} million; "
    "{distributions:#,##0,,} million go to shareholders. The cut saves {cut_cash_saving:#,##0,,} million of cash a year, and "
    "AI's efficiency explains {efficiency_share_of_cut:0%} of it; the rest is the most that funding can explain."
)


def add_afford(book: Book) -> None:
    """Write the Afford sheet: sources and uses of cash, what efficiency explains, and when depreciation bites."""
    ws = reader_sheet(book, "Afford", "Could the company pay for AI and for its people?", AFFORD_ANSWER)
    after = lane_table(book, ws, TABLE_ROW - 1, AFFORD_LINES)
    page_break(ws, after)
    end = year_table(book, ws, after + 1, AFFORD_YEARS)
    seen(ws, end + 1, "What you see: the depreciation of all AI spending to date against the payroll, and AI revenue.")
    add_chart(
        book,
        ws,
        f"A{end + 2}",
        Columns(after + 1, book.layout.years, (3, 4, 6)),
        "Depreciation of AI spending, payroll and AI revenue by year",
        *money_axis(book),
        "Three lines by year: depreciation of all AI spending to date, payroll, AI revenue.",
    )
    finish_reader(book, ws)
