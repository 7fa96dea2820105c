"""The Afford page: could it pay for both, and does AI's efficiency explain the cut as well as its cost does?"""

from __future__ import annotations

from functools import partial

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import LIVE
from xl_aicost.workbook.page import BODY, CAPTION, PICTURE, Figure, Page
from xl_aicost.workbook.pictures import Frame
from xl_aicost.workbook.sentence import quoted, said, when, where
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
TOTALS = ("free_cash_flow", "free_cash_flow_after_share_pay", "efficiency_jobs", "efficiency_share_of_cut")


def answer_text(book: Book) -> str:
    """Return the expression of whether both are affordable: for a surplus, a gap, and what is not on file."""
    say, cell = partial(said, book), partial(where, book)
    payouts = when(
        cell("ISNUMBER({affords_distributions_too})"),
        when(
            cell("{affords_distributions_too}=1"),
            say(" The {distributions:$} paid to shareholders are covered too."),
            say(" It does not also cover the {distributions:$} paid to shareholders."),
        ),
        '" What was paid to shareholders is not on file."',
    )
    closes = when(
        cell("ISNUMBER({cut_to_gap})"),
        say(" The cash that the cut saves closes {cut_to_gap:0%} of that gap."),
        '" What a cut saves in cash is not on file."',
    )
    surplus = say("Yes. In a year {subject} has {free_cash_flow:$} left after pay and AI spending.")
    gap = say("No. In a year {subject} spends {funding_gap:$} more on AI than operations bring in after pay.")
    unknown = said(book, "It cannot be said: operating cash flow or capital spending of {subject} is not on file.")
    both = when(cell("{free_cash_flow}<0"), f"{gap}&{closes}", f"{surplus}&{payouts}")
    return when(cell("ISNUMBER({free_cash_flow})"), both, unknown)


def add_afford(book: Book) -> None:
    """Write the Afford page."""
    say, cell = partial(said, book), partial(where, book)
    question = say(
        "Could {subject} pay for AI and for its people? And is it AI's efficiency, rather than its cost, that explains the cut?"
    )
    page = Page(book, "Afford", say("{subject_title}: could it pay for both?"), question, answer_text(book))
    left = when(
        cell("ISNUMBER({efficiency_share_of_cut})"),
        say("of the cut; {cut_left_to_explain:#,##0} jobs left to explain"),
        when(
            cell("ISNUMBER({layoffs})"),
            when(cell("{layoffs}=0"), '"no job is cut"', '"what a job costs is not on file"'),
            '"no cut is on file"',
        ),
    )
    unpaid = when(cell("ISNUMBER({distributions})"), '""', '" are not on file"')
    stock = when(
        cell("ISNUMBER({noncash_pay_share})"),
        say("stock is {noncash_pay_share:0%} of pay and saves none"),
        '"what is paid in stock saves none"',
    )
    page.figures(
        BODY,
        (
            Figure("Operating cash flow, a year", say("{operating_cash_flow:$}"), '"after all pay"', "people"),
            Figure("Left after AI spending", say("{free_cash_flow:$}"), say("capital spending {capex_total:$}"), "AI"),
            Figure("Paid to shareholders", say("{distributions:$}"), f'"buybacks and dividends"&{unpaid}'),
            Figure(
                "The cut saves in cash, a year",
                say("{cut_cash_saving:$}"),
                stock,
                "cut",
            ),
            Figure("AI's efficiency explains", say("{efficiency_share_of_cut:0%}"), left),
        ),
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
            meaning = book.layout.meaning(line)
            style = "Dense strong" if line in TOTALS else "Dense"
            page.text(f"{first}{at}", meaning.label, style, to=f"{last}{at}")
            page.put(
                f"{value}{at}",
                f"={book.shown(cell(f'{{{line}}}'), meaning.unit)}",
                f"{style} right",
                book.page_format(meaning.unit),
            )
    bottom = row + 1 + max(len(CASH), len(RIVAL))
    page.heights(row + 1, *[16] * (bottom - row - 1), 8)
    page.finish(_add_verdicts(book, page, bottom + 1))


def _add_cash(book: Book, page: Page) -> None:
    """Add the picture of where the cash goes, from operating cash flow to what is left after payouts."""
    cell = partial(where, book)
    steps = [
        Step(name, book.money(cell(amount), "USD"), meaning, total)
        for name, amount, meaning, total in (
            ("Operating cash flow", "{operating_cash_flow}", "people", True),
            ("AI spending", "-{capex_total}", "AI", False),
            ("Left", "{free_cash_flow}", "ink", True),
            ("To shareholders", "-{distributions}", "overlap", False),
            ("Left after payouts", "{free_cash_flow}-{distributions}", "ink", True),
        )
    ]
    message = when(
        cell("ISNUMBER({free_cash_flow})"),
        when(
            cell("{free_cash_flow}<0"),
            said(book, "Operations bring in {operating_cash_flow:$}, AI spending takes {capex_total:$}"),
            said(book, "Of {operating_cash_flow:$} from operations AI spending leaves {free_cash_flow:$}"),
        ),
        said(book, "Capital spending {capex_total:$}, operating cash flow {operating_cash_flow:$}"),
    )
    title = book.feed.put("Title: sources and uses", f"={message}")
    shown = "Steps from operating cash flow, less AI spending, less payouts to shareholders."
    add_steps(book, page, Frame(f"B{PICTURE}", f"G{CAPTION}", title, shown, (0.03, 0.13, 0.94, 0.66)), steps, "$")
    note = quoted("Operating cash flow is after pay. AI spending is purchases and finance leases on file. n/a: no bar.")
    other = said(book, " On Answer it is {ai_spend:$}, the input AI spending.")
    apart = when(cell("ABS({ai_spend}-{capex_total})>0.005*{ai_spend}"), other, '""')
    bridge = when(cell("COUNT({ai_spend},{capex_total})=2"), apart, '""')
    page.put(f"B{CAPTION}", f"={note}&{bridge}", "Page note", to=f"F{CAPTION}")


def _add_bite(book: Book, page: Page) -> None:
    """Add the picture of depreciation against payroll over the years."""
    year = "{depreciation_passes_payroll_year}"
    passes = f'"Depreciation of AI passes the payroll in "&(first_year+{where(book, year)}-1)'
    message = when(
        where(book, f"ISNUMBER({year})"),
        passes,
        when(
            f"COUNT({','.join(book.layout.row_range(LIVE, n) for n in BITES)})={len(BITES) * book.layout.count}",
            f'"Depreciation of AI stays below the payroll for {book.layout.years} years"',
            f'"Depreciation and payroll over {book.layout.years} years: a figure is not on file"',
        ),
    )
    title = book.feed.put("Title: depreciation against payroll", f"={message}")
    shown = "Columns by year: depreciation of all AI spending to date, and the payroll."
    frame = Frame(f"G{PICTURE}", f"L{CAPTION}", title, shown, (0.1, 0.2, 0.87, 0.69))
    add_years(book, page, frame, "Depreciation of AI spending to date, and payroll", BITES)
    grows = when(
        where(book, "{ai_spend_growth_rate}=0"),
        '"AI spending stays as today"',
        said(book, "AI spending changes by {ai_spend_growth_rate:0%} a year"),
    )
    note = '"; the years before count as far as on file. As many people as today; their pay grows as on Inputs."'
    page.put(f"G{CAPTION}", f"={grows}&{note}", "Page note", to=f"K{CAPTION}")


def _add_verdicts(book: Book, page: Page, row: int) -> int:
    """Write yes, no or n/a to four questions, and what the figures cannot tell; return the last row."""
    hue = colours(book.template.brand)
    page.section(f"B{row}", "Verdict")
    for at, line in enumerate(VERDICTS, row + 1):
        cell = where(book, f"{{{line}}}")
        page.put(f"B{at}", book.graph.lines[line].label, "Dense", to=f"E{at}")
        page.put(f"F{at}", f'=IF(ISNUMBER({cell}),IF({cell}=1,"● yes","▲ no"),"n/a")', "Dense strong right")
    cells = f"F{row + 1}:F{row + len(VERDICTS)}"
    page.colour(cells, f'LEFT($F{row + 1},1)="▲"', hue["cut"])
    page.colour(cells, f'LEFT($F{row + 1},1)="●"', hue["gain"])
    texts = (
        "n/a at the gap: there is no gap to close, or a figure is not on file.",
        "Jobs left to explain are the most that funding AI can explain, and no proof that it does.",
        "The evidence does not exclude the rival: in the scenario AI works it explains far more of the cut.",
        "No tax, no financing and no leases off the balance sheet.",
    )
    for at, text in enumerate(texts, row + 1):
        page.put(f"H{at}", text, "Row note", to=f"K{at}")
    page.heights(row + 1, *[18] * len(VERDICTS))
    return row + len(VERDICTS)
