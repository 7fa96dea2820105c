"""The Answer page: could a cut in jobs pay for AI? Five figures, two pictures, what would change it, who signed."""

from __future__ import annotations

from functools import partial

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.page import CAPTION, LEFT, RIGHT, Figure, Page
from xl_aicost.workbook.pictures import BAR_PLOT, Frame, bars
from xl_aicost.workbook.sentence import IfKnown, amount, known, live_sentence, said, told, when, where
from xl_aicost.workbook.sheets.history import add_history
from xl_aicost.workbook.sheets.tables import Step, bar_table
from xl_aicost.workbook.style import BARS, limits

SHEET = "Answer"
THREE_BARS = "AI spending, payroll and what the cut saves"
THREE_BARS_TITLE = "Title: AI spending, payroll, what the cut saves"
PAYROLL = 'IF(whole_payroll="whole payroll","Whole payroll","Corporate payroll")'
SIGNERS = ("Prepared by", "Reviewed by", "Approved by")
STATE = "K"  # the column with the state of a signature
SIGN_OFF = {
    "B": "Sign-off",
    "D": "Name",
    "F": "Date",
    "H": "Fingerprint signed",
    "J": "Fingerprint now",
    STATE: "State",
}
CHANGES = CAPTION + 2
LIMITS = CHANGES + 7
NEXT = {
    "Compare": "The companies side by side",
    "Cluster": "What a cluster costs and earns",
    "Options": "Keep the people or fund AI",
    "Afford": "Could it pay for both?",
    "Sensitivity": "What moves the results",
    "Inputs": "Change a number, see it move",
    "Claims": "Is the article right?",
    "Checks": "Checks and limits",
}
LINKS = 5


def answer_text(book: Book) -> str:
    """Return the expression of the answer, right for gain, loss, no cut and what is not on file."""
    say, cell, has = partial(said, book), partial(where, book), partial(known, book)
    spending = say(
        "AI spending of {ai_spend:$} is {spend_to_payroll:0.0} times {subject}'s {whole_payroll}; "
        "to pay for all of it takes {layoffs_to_fund:#,##0} jobs, {layoff_share_to_fund:0%} of the {workforce}."
    )
    paid = say(
        "AI spending of {ai_spend:$} is {spend_to_payroll:0.0} times {subject}'s {whole_payroll}. The cut of {layoffs:#,##0} "
        "jobs saves {layoff_savings:$} a year and pays for {layoff_coverage:0.0%} of it."
    )
    verdict = when(cell("{layoff_coverage}>=1"), '"Yes. "', '"No. "')
    cut = when(cell("{layoffs}=0"), f'"No jobs are cut. "&{spending}', f"{verdict}&{paid}")
    return has("layoff_coverage", cut, has("layoff_share_to_fund", f'"No cut is on file. "&{spending}', _unknown(book)))


def _unknown(book: Book) -> str:
    no_pay = said(
        book,
        "It cannot be said: what a job costs at {subject} is not on file. AI spending is {ai_spend:$}, headcount "
        "{headcount:#,##0}. Type the cost of a job on Inputs.",
    )
    other = said(
        book,
        "It cannot be said: AI spending ({ai_spend:$}) or headcount ({headcount:#,##0}) of {subject} is not on file.",
    )
    return when(where(book, "AND(ISNUMBER({ai_spend}),ISNUMBER({headcount}))"), no_pay, other)


def add_answer(book: Book) -> None:
    """Write the Answer page."""
    t, say, cell, has = book.template, partial(said, book), partial(where, book), partial(known, book)
    answer = live_sentence(book, t.answer)[1:] if t.answer else answer_text(book)
    page = Page(book, SHEET, "subject_title", say(t.question), answer)
    growth = say("{ai_spend_growth:+0%} on the year before")
    people, jobs = say("{headcount:#,##0} jobs"), say("{layoffs:#,##0} jobs")
    payback = say("{layoffs:#,##0} jobs; severance back in {layoff_payback_months:0.0} months")
    unpaid = '"; their cost is not on file"'
    cut = has("layoff_payback_months", payback, has("loaded_cost", jobs, f"{jobs}&{unpaid}"))
    payroll = book.feed.text("Whole payroll", amount(book, "{headcount}*{loaded_cost}"), "$")
    before = IfKnown("ai_spend_growth", f"={growth}", "the year before is not on file")
    paid = IfKnown("loaded_cost", "{headcount:#,##0} jobs at {loaded_cost:$}", f"={people}&{unpaid}")
    some = when(cell("{layoffs}=0"), '"no jobs are cut"', cut)
    announced = IfKnown("layoffs", f"={some}", "no cut is on file")
    covered = "of the cash; {layoff_coverage_depreciation:0%} of a year's depreciation"
    everyone = IfKnown("layoff_share_to_fund", "{layoff_share_to_fund:0%} of the {workforce}")
    page.figures(
        Figure("AI spending of the year", "{ai_spend:$}", before, "AI"),
        Figure(f'={PAYROLL}&", a year"', f"={payroll}", paid, "people"),
        Figure("The cut saves, a year", "{layoff_savings:$}", announced, "cut"),
        Figure("The cut pays for", "{layoff_coverage:0.0%}", IfKnown("layoff_coverage", covered), "cut"),
        Figure("Jobs to pay for all of it", "{layoffs_to_fund:#,##0}", everyone),
    )
    page.pictures()
    _add_bars(book, page)
    add_history(page, RIGHT)
    _add_changes(book, page)
    _add_trust(book, page)
    page.finish(_add_signatures(page, _add_limits(book, page) + 1))


def _add_bars(book: Book, page: Page) -> None:
    """Add the picture of the project: AI spending, whole payroll, what the cut saves."""
    steps = [
        Step("AI spending", amount(book, "{ai_spend}"), "AI"),
        Step(f"={PAYROLL}", amount(book, "{headcount}*{loaded_cost}"), "people"),
        Step("Saved by the cut", amount(book, "{layoff_savings}"), "cut"),
    ]
    table = bar_table(book, THREE_BARS, ("Bar", "Amount"), steps, "$", "#,##0")
    message = IfKnown(
        "layoff_coverage",
        "The cut saves {layoff_savings:$} a year; AI spending is {ai_spend:$}",
        "AI spending is {ai_spend:$}; what a cut saves is not on file",
    )
    title = book.feed.put(THREE_BARS_TITLE, f"={told(book, message)}")
    shown = "Three bars: AI spending of the year, the payroll of a year, what the cut saves a year."
    bars(page, Frame.of(LEFT, title, shown, BAR_PLOT), table, [s.meaning for s in steps])
    note = (
        "AI spending is all capital spending, finance leases where on file: an upper bound. n/a: not on file, no bar."
    )
    page.caption(LEFT, note)


def _add_changes(book: Book, page: Page) -> None:
    """Write how far the answer moves if the cut, the cost of a job or the basis were another."""
    feed, cell, row = book.feed, partial(where, book), CHANGES
    twice = feed.put("Test: times the cut", 2, "Given")
    more = feed.put("Test: times the cost of a job", 1.5, "Given")
    page.section(f"B{row}", "What would change the answer", to=f"F{row}")
    page.put(f"B{row + 1}", "If", "Dense", to=f"C{row + 1}")
    page.across(row + 1, "DEF", ("now", "tested", "the cut pays for"), "Dense right")
    jobs, cost = cell("{layoffs}"), book.money(cell("{loaded_cost}"), "USD/job/year")
    paid, spread = cell("{layoff_coverage}"), cell("{layoff_coverage_depreciation}")
    changes = (  # what is changed, its value now and tested with its format, the share that the cut then pays for
        ("the cut were twice as large", jobs, f"{jobs}*{twice}", "#,##0", f"{paid}*{twice}"),
        ("a job cost half as much again", cost, f"{cost}*{more}", "#,##0", f"{paid}*{more}"),
        ("spending counted over its life, years", "1", cell("{useful_life}"), "0.0", spread),
        ("all three at once", None, None, "0", f"{spread}*{twice}*{more}"),
    )
    for k, (text, now, tested, number_format, result) in enumerate(changes, row + 2):
        page.put(f"B{k}", text, "Row" if now else "Row strong", to=f"C{k}")
        pair = (f"={book.shown_as(number)}" if number else None for number in (now, tested))
        page.across(k, "DE", pair, "Row right", number_format)
        page.put(f"F{k}", f"={book.shown_as(result)}", "Row strong right", "0.0%")
    page.heights(row + 1, *[18] * 5)
    page.bars(f"F{row + 2}:F{row + 5}", 1, BARS[1])


def _add_trust(book: Book, page: Page) -> None:
    """Write what the checks say, what the inputs are, and the links to the other pages."""
    row, signatures = CHANGES, LIMITS + 2 + len(book.template.limits) + 3
    page.section(f"H{row}", "Can I trust it?", to=f"I{row}")
    published, contract, estimated, assumed = (
        f'COUNTIF({book.layout.input_range("kind")},"{kind}")'
        for kind in ("published", "contract", "estimate", "assumed")
    )
    signed = f"COUNT(H{signatures}:H{signatures + len(SIGNERS) - 1})"
    lines = (
        'IF(check_errors=0,"● "&checks_held&" checks hold, none fails","▲ "&check_errors&" checks fail: see Checks")',
        'IF(checks_noted=0,"● nothing to note","▲ "&checks_noted&" to note: see About")',
        f'"○ "&{published}+{contract}&" inputs published, "&{estimated}&" estimated"',
        f'"○ "&{assumed}&" inputs assumed"',
        f'IF({signed}=0,"○ Not yet signed off","● "&{signed}&" signed")',
    )
    for k, text in enumerate(lines, row + 1):
        page.put(f"H{k}", f"={text}", "Row", to=f"I{k}")
    page.marks(f"H{row + 1}:I{row + 5}", {"▲": "cut", "●": "gain"})
    page.section(f"J{row}", "Where to go next", to=f"K{row}")
    there = [s for s in NEXT if s in (*book.template.sheets, "Inputs", "Checks")]
    for k, sheet in enumerate((*there[: LINKS - 1], there[-1]), row + 1):
        page.link(f"J{k}", NEXT[sheet], sheet, to=f"K{k}")


def _add_limits(book: Book, page: Page) -> int:
    """Write what the page does not say; return the row after it."""
    row, limits_of_template = LIMITS, book.template.limits
    page.heights(row - 1, 12)
    page.section(f"B{row}", "What this page does not say")
    cost = IfKnown(
        "loaded_cost",
        "A job is taken to cost {loaded_cost:$} a year, all in; Inputs says from what.",
        "What a job costs is not on file, so what depends on it is n/a until it is typed on Inputs.",
    )
    page.put(f"B{row + 1}", f'="■  "&{told(book, cost)}', "Bullet", to=f"K{row + 1}")
    for k, limit in enumerate(limits_of_template, row + 2):
        page.text(f"B{k}", f"■  {limit}", "Bullet", to=f"K{k}")
    end = row + 3 + len(limits_of_template)
    page.put(f"B{end - 1}", '="■  "&caveats', "Bullet", to=f"K{end - 1}")
    page.heights(row + 1, *[18] * (end - row - 1), 12)
    return end


def _add_signatures(page: Page, row: int) -> int:
    """Write the places to sign, and whether the inputs are still those signed; return the last row."""
    page.line(row, "Section")
    page.across(row, SIGN_OFF, SIGN_OFF.values(), "Section")
    page.heights(row, *[20] * (1 + len(SIGNERS)))
    for at, signer in enumerate(SIGNERS, row + 1):
        page.put(f"B{at}", signer, "Dense", to=f"C{at}")
        for first, last, number_format in (("D", "E", "General"), ("F", "G", "yyyy-mm-dd"), ("H", "I", "0.000000")):
            page.put(f"{first}{at}", None, "Choice", number_format, to=f"{last}{at}")
        page.put(f"J{at}", "=inputs_fingerprint", "Dense", "0.000000")
        apart = f"(ABS(H{at}-J{at})>fingerprint_tolerance*J{at})"
        states = '"not signed","signed, unchanged","changed since sign-off"'
        page.put(f"{STATE}{at}", f"=CHOOSE(1+COUNT(H{at})*(1+{apart}),{states})", "Dense")
        limits(page.ws, f"D{at}", "textLength", 0, 80, signer, "Name of the person, at most 80 characters.")
        limits(page.ws, f"F{at}", "date", 36526, 109574, signer, "Date of signing, as 2026-11-24.")
        prompt = "Copy the fingerprint shown beside: it moves when an input or a choice does."
        limits(page.ws, f"H{at}", "decimal", "-1E+15", "1E+15", signer, prompt)
    return row + len(SIGNERS)
