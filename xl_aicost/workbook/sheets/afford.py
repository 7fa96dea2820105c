"""The Afford page: could it pay for both, and does AI's efficiency explain the cut as well as its cost does?"""

from __future__ import annotations

from functools import partial

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import LIVE
from xl_aicost.workbook.page import BODY, CAPTION, LEFT, RIGHT, Figure, Page
from xl_aicost.workbook.pictures import STEP_PLOT, YEAR_PLOT, Frame
from xl_aicost.workbook.sentence import IfKnown, amount, known, quoted, said, when, where
from xl_aicost.workbook.sheets.tables import Step, add_steps, add_years
from xl_aicost.workbook.style import colours

BITES = {"ai_depreciation_path": "AI", "payroll_path": "people"}  # with the meanings of their colours
CASH = (
    "operating_cash_flow",
    "capex_purchases",
    "finance_lease_principal",
    "free_cash_flow",
    "share_based_compensation",
    "free_cash_flow_after_share_pay",
    "distributions",
    "funding_gap",
    "funding_gap_after_distributions",
    "cut_cash_saving",
    "cut_cash_first_year",
    "jobs_to_close_gap",
)
RIVAL = (
    "headcount",
    "ai_adoption",
    "time_saved_share",
    "review_share",
    "realised_share",
    "jobs_released",
    "ai_tool_cost",
    "efficiency_jobs",
    "layoffs",
    "cut_by_efficiency",
    "cut_left_to_explain",
    "efficiency_share_of_cut",
)
VERDICTS = (
    "affords_ai_and_people",
    "affords_distributions_too",
    "cut_closes_gap",
    "stopping_distributions_closes_gap",
)
UNTOLD = (  # what the figures cannot tell, beside the verdicts
    "n/a at the gap: there is no gap to close, or a figure is not on file.",
    "Jobs left to explain are the most that funding AI can explain, and no proof that it does.",
    "The evidence does not exclude the rival: in the scenario AI works it explains far more of the cut.",
    "No tax, no financing and no leases off the balance sheet.",
)
TOTALS = ("free_cash_flow", "free_cash_flow_after_share_pay", "efficiency_jobs", "efficiency_share_of_cut")


def answer_text(book: Book) -> str:
    """Return the expression of whether both are affordable: for a surplus, a gap, and what is not on file."""
    say, cell, has = partial(said, book), partial(where, book), partial(known, book)
    covered = when(
        cell("{affords_distributions_too}=1"),
        say(" The {distributions:$} paid to shareholders are covered too."),
        say(" It does not also cover the {distributions:$} paid to shareholders."),
    )
    payouts = has("affords_distributions_too", covered, '" What was paid to shareholders is not on file."')
    closed = say(" The cash that the cut saves closes {cut_to_gap:0%} of that gap.")
    closes = has("cut_to_gap", closed, '" What a cut saves in cash is not on file."')
    surplus = say("Yes. In a year {subject} has {free_cash_flow:$} left after pay and AI spending.")
    gap = say("No. In a year {subject} spends {funding_gap:$} more on AI than operations bring in after pay.")
    unknown = say("It cannot be said: operating cash flow or capital spending of {subject} is not on file.")
    both = when(cell("{free_cash_flow}<0"), f"{gap}&{closes}", f"{surplus}&{payouts}")
    return has("free_cash_flow", both, unknown)


def add_afford(book: Book) -> None:
    """Write the Afford page."""
    say, cell, has = partial(said, book), partial(where, book), partial(known, book)
    question = say(
        "Could {subject} pay for AI and for its people? And is it AI's efficiency, rather than its cost, that explains the cut?"
    )
    page = Page(book, "Afford", say("{subject_title}: could it pay for both?"), question, answer_text(book))
    left = say("of the cut; {cut_left_to_explain:#,##0} jobs left to explain")
    no_share = when(cell("{layoffs}=0"), '"no job is cut"', '"what a job costs is not on file"')
    explained = has("efficiency_share_of_cut", left, has("layoffs", no_share, '"no cut is on file"'))
    unpaid = has("distributions", '""', '" are not on file"')
    in_stock = IfKnown("noncash_pay_share", "stock is {noncash_pay_share:0%} of pay and saves none")
    page.figures(
        Figure("Operating cash flow, a year", "{operating_cash_flow:$}", "after all pay", "people"),
        Figure("Left after AI spending", "{free_cash_flow:$}", "capital spending {capex_total:$}", "AI"),
        Figure("Paid to shareholders", "{distributions:$}", f'="buybacks and dividends"&{unpaid}'),
        Figure("The cut saves in cash, a year", "{cut_cash_saving:$}", in_stock, "cut"),
        Figure("AI's efficiency explains", "{efficiency_share_of_cut:0%}", f"={explained}"),
    )
    page.colour(f"D{BODY + 1}", cell("{free_cash_flow}<0"), colours(book.template.brand)["cut"])
    page.pictures()
    _add_cash(book, page)
    _add_bite(book, page)
    row = CAPTION + 2
    page.section(f"B{row}", '="Sources and uses of cash, "&cash_period', to=f"F{row}")
    page.section(f"H{row}", "The rival explanation: AI does the work", to=f"K{row}")
    for lines, first, last, value in ((CASH, "B", "E", "F"), (RIVAL, "H", "J", "K")):
        for at, line in enumerate(lines, row + 1):
            meaning, style = book.layout.meaning(line), "Dense strong" if line in TOTALS else "Dense"
            page.text(f"{first}{at}", meaning.label, style, to=f"{last}{at}")
            page.result(f"{value}{at}", cell(f"{{{line}}}"), meaning.unit, f"{style} right")
    bottom = row + 1 + max(len(CASH), len(RIVAL))
    page.heights(row + 1, *[16] * (bottom - row - 1), 8)
    page.finish(_add_verdicts(book, page, bottom + 1))


def _add_cash(book: Book, page: Page) -> None:
    """Add the picture of where the cash goes, from operating cash flow to what is left after payouts."""
    say, cell = partial(said, book), partial(where, book)
    steps = [
        Step("Operating cash flow", amount(book, "{operating_cash_flow}"), "people", total=True),
        Step("AI spending", amount(book, "-{capex_total}"), "AI"),
        Step("Left", amount(book, "{free_cash_flow}"), "ink", total=True),
        Step("To shareholders", amount(book, "-{distributions}"), "overlap"),
        Step("Left after payouts", amount(book, "{free_cash_flow}-{distributions}"), "ink", total=True),
    ]
    left = when(
        cell("{free_cash_flow}<0"),
        say("Operations bring in {operating_cash_flow:$}, AI spending takes {capex_total:$}"),
        say("Of {operating_cash_flow:$} from operations AI spending leaves {free_cash_flow:$}"),
    )
    unknown = say("Capital spending {capex_total:$}, operating cash flow {operating_cash_flow:$}")
    title = book.feed.put("Title: sources and uses", f"={known(book, 'free_cash_flow', left, unknown)}")
    shown = "Steps from operating cash flow, less AI spending, less payouts to shareholders."
    add_steps(page, Frame.of(LEFT, title, shown, STEP_PLOT), steps, "$")
    note = quoted("Operating cash flow is after pay. AI spending: purchases and finance leases on file")
    other = say("; on Answer {ai_spend:$}, the input")
    apart = when(cell("ABS({ai_spend}-{capex_total})>0.005*{ai_spend}"), other, '""')
    bridge = when(cell("COUNT({ai_spend},{capex_total})=2"), apart, '""')
    page.caption(LEFT, f'={note}&{bridge}&". n/a: no bar."')


def _add_bite(book: Book, page: Page) -> None:
    """Add the picture of depreciation against payroll over the years."""
    year, years = where(book, "{depreciation_passes_payroll_year}"), book.layout.years
    cells = ",".join(book.layout.row_range(LIVE, n) for n in BITES)
    never = when(
        f"COUNT({cells})={len(BITES) * book.layout.count}",
        f'"Depreciation of AI stays below the payroll for {years} years"',
        f'"Depreciation and payroll over {years} years: a figure is not on file"',
    )
    passes = f'"Depreciation of AI passes the payroll in "&(first_year+{year}-1)'
    message = known(book, "depreciation_passes_payroll_year", passes, never)
    title = book.feed.put("Title: depreciation against payroll", f"={message}")
    shown = "Columns by year: depreciation of all AI spending to date, and the payroll."
    frame = Frame.of(RIGHT, title, shown, YEAR_PLOT)
    add_years(page, frame, "Depreciation of AI spending to date, and payroll", BITES)
    grows = when(
        where(book, "{ai_spend_growth_rate}=0"),
        '"AI spending stays as today"',
        said(book, "AI spending changes by {ai_spend_growth_rate:0%} a year"),
    )
    note = '"; the years before are those on Inputs. As many people as today; their pay grows as on Inputs."'
    page.caption(RIGHT, f"={grows}&{note}")


def _add_verdicts(book: Book, page: Page, row: int) -> int:
    """Write yes, no or n/a to four questions, and what the figures cannot tell; return the last row."""
    page.section(f"B{row}", "Verdict")
    for at, line in enumerate(VERDICTS, row + 1):
        cell = where(book, f"{{{line}}}")
        page.put(f"B{at}", book.graph.lines[line].label, "Dense", to=f"E{at}")
        page.put(f"F{at}", f'=IF(ISNUMBER({cell}),IF({cell}=1,"● yes","▲ no"),"n/a")', "Dense strong right")
    for at, text in enumerate(UNTOLD, row + 1):
        page.put(f"H{at}", text, "Row note", to=f"K{at}")
    page.marks(f"F{row + 1}:F{row + len(VERDICTS)}", {"▲": "cut", "●": "gain"})
    page.heights(row + 1, *[18] * len(VERDICTS))
    return row + len(VERDICTS)
