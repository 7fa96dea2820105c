"""The Answer page: could a cut in jobs pay for AI? Five figures, two pictures, what would change it, who signed."""

from __future__ import annotations

from functools import partial

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.page import BODY, CAPTION, PICTURE, Figure, Page
from xl_aicost.workbook.pictures import Frame, bars
from xl_aicost.workbook.sentence import NOT_ON_FILE, live_sentence, said, when, where
from xl_aicost.workbook.sheets.history import add_history
from xl_aicost.workbook.style import BARS, colours, limits

SHEET = "Answer"
THREE_BARS, THREE_BARS_TITLE = (
    "AI spending, payroll and what the cut saves",
    "Title: AI spending, payroll, what the cut saves",
)
PAYROLL = 'IF(whole_payroll="whole payroll","Whole payroll","Corporate payroll")'
SIGNERS = ("Prepared by", "Reviewed by", "Approved by")
STATE = "K"  # the column with the state of a signature
CHANGES = CAPTION + 2
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
    say, cell = partial(said, book), partial(where, book)
    spending = say(
        "AI spending of {ai_spend:$} is {spend_to_payroll:0.0} times {subject}'s {whole_payroll}; "
        "to pay for all of it takes {layoffs_to_fund:#,##0} jobs, {layoff_share_to_fund:0%} of the {workforce}."
    )
    paid = say(
        "AI spending of {ai_spend:$} is {spend_to_payroll:0.0} times {subject}'s {whole_payroll}. The cut of {layoffs:#,##0} "
        "jobs saves {layoff_savings:$} a year and pays for {layoff_coverage:0.0%} of it."
    )
    return when(
        cell("ISNUMBER({layoff_coverage})"),
        when(
            cell("{layoffs}=0"),
            '"No jobs are cut. "&' + spending,
            when(cell("{layoff_coverage}>=1"), '"Yes. "', '"No. "') + "&" + paid,
        ),
        when(cell("ISNUMBER({layoff_share_to_fund})"), '"No cut is on file. "&' + spending, _unknown(book)),
    )


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
    t, say, cell = book.template, partial(said, book), partial(where, book)
    answer = live_sentence(book, t.answer)[1:] if t.answer else answer_text(book)
    page = Page(book, SHEET, "subject_title", say(t.question), answer)
    growth = say("{ai_spend_growth:+0%} on the year before")
    paid, unpaid = cell("ISNUMBER({loaded_cost})"), '"; their cost is not on file"'
    people, jobs = say("{headcount:#,##0} jobs"), say("{layoffs:#,##0} jobs")
    cut = when(
        cell("ISNUMBER({layoff_payback_months})"),
        say("{layoffs:#,##0} jobs; severance back in {layoff_payback_months:0.0} months"),
        when(paid, jobs, f"{jobs}&{unpaid}"),
    )
    payroll = book.feed.text("Whole payroll", book.money(cell("{headcount}*{loaded_cost}"), "USD"), "$")
    page.figures(
        BODY,
        (
            Figure(
                "AI spending of the year",
                say("{ai_spend:$}"),
                when(cell("ISNUMBER({ai_spend_growth})"), growth, '"the year before is not on file"'),
                "AI",
            ),
            Figure(
                f'={PAYROLL}&", a year"',
                payroll,
                when(paid, say("{headcount:#,##0} jobs at {loaded_cost:$}"), f"{people}&{unpaid}"),
                "people",
            ),
            Figure(
                "The cut saves, a year",
                say("{layoff_savings:$}"),
                when(cell("ISNUMBER({layoffs})"), cut, '"no cut is on file"'),
                "cut",
            ),
            Figure(
                "The cut pays for",
                say("{layoff_coverage:0.0%}"),
                when(
                    cell("ISNUMBER({layoff_coverage})"),
                    say("of the cash; {layoff_coverage_depreciation:0%} of a year's depreciation"),
                    NOT_ON_FILE,
                ),
                "cut",
            ),
            Figure(
                "Jobs to pay for all of it",
                say("{layoffs_to_fund:#,##0}"),
                when(
                    cell("ISNUMBER({layoff_share_to_fund})"),
                    say("{layoff_share_to_fund:0%} of the {workforce}"),
                    NOT_ON_FILE,
                ),
            ),
        ),
    )
    page.pictures()
    _add_bars(book, page, payroll)
    add_history(book, page, f"G{PICTURE}", f"L{CAPTION}", f"G{CAPTION}")
    page.merge(f"G{CAPTION}", f"K{CAPTION}")
    _add_changes(book, page)
    _add_trust(book, page)
    bottom = _add_limits(book, page, CHANGES + 7)
    page.finish(_add_signatures(page, bottom + 1))


def _add_bars(book: Book, page: Page, payroll: str) -> None:
    """Add the picture of the project: AI spending, whole payroll, what the cut saves."""
    feed, say, cell, hue = book.feed, partial(said, book), partial(where, book), colours(book.template.brand)
    rows = []
    for name, text, amount in (
        ('"AI spending"', say("{ai_spend:$}"), "{ai_spend}"),
        (PAYROLL, payroll, "{headcount}*{loaded_cost}"),
        ('"Saved by the cut"', say("{layoff_savings:$}"), "{layoff_savings}"),
    ):
        value = book.money(cell(amount), "USD")
        rows.append((f"={name}&CHAR(10)&{text}", f"=IF(ISNUMBER({value}),{value},0)"))
    table = feed.table(THREE_BARS, ("Bar", "Amount"), rows, "#,##0")
    message = when(
        cell("ISNUMBER({layoff_coverage})"),
        say("The cut saves {layoff_savings:$} a year; AI spending is {ai_spend:$}"),
        say("AI spending is {ai_spend:$}; what a cut saves is not on file"),
    )
    title = feed.put(THREE_BARS_TITLE, f"={message}")
    shown = "Three bars: AI spending of the year, the payroll of a year, what the cut saves a year."
    frame = Frame(f"B{PICTURE}", f"G{CAPTION}", title, shown, (0.2, 0.15, 0.72, 0.8))
    bars(page, frame, table.column(0), table.column(1), [hue["AI"], hue["people"], hue["cut"]])
    note = (
        "AI spending is all capital spending, finance leases where on file: an upper bound. n/a: not on file, no bar."
    )
    page.put(f"B{CAPTION}", note, "Page note", to=f"F{CAPTION}")


def _add_changes(book: Book, page: Page) -> None:
    """Write how far the answer moves if the cut, the cost of a job or the basis were another."""
    feed, cell, row = book.feed, partial(where, book), CHANGES
    twice = feed.put("Test: times the cut", 2, "Given")
    more = feed.put("Test: times the cost of a job", 1.5, "Given")
    page.section(f"B{row}", "What would change the answer", to=f"F{row}")
    for column, text in zip("BDEF", ("If", "now", "tested", "the cut pays for"), strict=True):
        page.put(
            f"{column}{row + 1}",
            text,
            "Dense" if column == "B" else "Dense right",
            to=f"C{row + 1}" if column == "B" else None,
        )
    cost = book.money(cell("{loaded_cost}"), "USD/job/year")
    spread = cell("{layoff_coverage_depreciation}")
    changes = (
        (
            "the cut were twice as large",
            cell("{layoffs}"),
            f"*{twice}",
            "#,##0",
            cell("{layoff_coverage}") + f"*{twice}",
        ),
        ("a job cost half as much again", cost, f"*{more}", "#,##0", cell("{layoff_coverage}") + f"*{more}"),
        ("spending counted over its life, years", "1", "", "0.0", spread),
        ("all three at once", "", "", "0", f"{spread}*{twice}*{more}"),
    )
    for k, (text, now, times, number_format, result) in enumerate(changes, row + 2):
        page.put(f"B{k}", text, "Row" if now else "Row strong", to=f"C{k}")
        tested = f"{now}{times}" if times else cell("{useful_life}")
        page.put(f"D{k}", f"={book.shown_as(now)}" if now else None, "Row right", number_format)
        page.put(f"E{k}", f"={book.shown_as(tested)}" if now else None, "Row right", number_format)
        page.put(f"F{k}", f"={book.shown_as(result)}", "Row strong right", "0.0%")
    page.heights(row + 1, *[18] * 5)
    page.bars(f"F{row + 2}:F{row + 5}", 1, BARS[1])


def _add_trust(book: Book, page: Page) -> None:
    """Write what the checks say, what the inputs are, and the links to the other pages."""
    row, hue = CHANGES, colours(book.template.brand)
    kinds, count = book.layout.input_range("kind"), 'COUNTIF({},"{}")'
    page.section(f"H{row}", "Can I trust it?", to=f"I{row}")
    published = f"{count.format(kinds, 'published')}+{count.format(kinds, 'contract')}"
    signed = f"COUNT(H{_first_signature(book)}:H{_first_signature(book) + len(SIGNERS) - 1})"
    lines = (
        'IF(check_errors=0,"● "&checks_held&" checks hold, none fails","▲ "&check_errors&" checks fail: see Checks")',
        'IF(checks_noted=0,"● nothing to note","▲ "&checks_noted&" to note: see Checks")',
        f'"○ "&{published}&" inputs published, "&{count.format(kinds, "estimate")}&" estimated"',
        f'"○ "&{count.format(kinds, "assumed")}&" inputs assumed"',
        f'IF({signed}=0,"○ Not yet signed off","● "&{signed}&" signed")',
    )
    for k, text in enumerate(lines, row + 1):
        page.put(f"H{k}", f"={text}", "Row", to=f"I{k}")
    page.colour(f"H{row + 1}:I{row + 5}", f'LEFT($H{row + 1},1)="▲"', hue["cut"])
    page.colour(f"H{row + 1}:I{row + 5}", f'LEFT($H{row + 1},1)="●"', hue["gain"])
    page.section(f"J{row}", "Where to go next", to=f"K{row}")
    there = [s for s in NEXT if s in (*book.template.sheets, "Inputs", "Checks")]
    for k, sheet in enumerate((*there[: LINKS - 1], there[-1]), row + 1):
        page.link(f"J{k}", NEXT[sheet], sheet, to=f"K{k}")


def _first_signature(book: Book) -> int:
    return CHANGES + 7 + 2 + len(book.template.limits) + 2 + 2


def _add_limits(book: Book, page: Page, row: int) -> int:
    """Write what the page does not say; return the row after it."""
    page.heights(row - 1, 12)
    page.section(f"B{row}", "What this page does not say")
    cost = when(
        where(book, "ISNUMBER({loaded_cost})"),
        said(book, "A job is taken to cost {loaded_cost:$} a year, all in; Inputs says from what."),
        '"What a job costs is not on file, so what depends on it is n/a until it is typed on Inputs."',
    )
    page.put(f"B{row + 1}", f'="■  "&{cost}', "Bullet", to=f"K{row + 1}")
    for k, limit in enumerate(book.template.limits, row + 2):
        page.text(f"B{k}", f"■  {limit}", "Bullet", to=f"K{k}")
    end = row + 3 + len(book.template.limits)
    page.put(f"B{end - 1}", '=IF(caveats="","","■  "&caveats)', "Bullet", to=f"K{end - 1}")
    page.heights(row + 1, *[18] * (end - row - 1), 12)
    return end


def _add_signatures(page: Page, row: int) -> int:
    """Write the places to sign, and whether the inputs are still those signed; return the last row."""
    heads = {
        "B": "Sign-off",
        "D": "Name",
        "F": "Date",
        "H": "Fingerprint signed",
        "J": "Fingerprint now",
        STATE: "State",
    }
    page.line(row, "Section")
    for column, text in heads.items():
        page.put(f"{column}{row}", text, "Section")
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
