"""The Options page: keep the people or fund AI, on the same cash; what a kept job must produce, and what moves that."""

from __future__ import annotations

from functools import partial

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import LIVE
from xl_aicost.workbook.page import BODY, CAPTION, PICTURE, Figure, Page
from xl_aicost.workbook.pictures import Frame, bars
from xl_aicost.workbook.sentence import NOT_ON_FILE, said, when, where
from xl_aicost.workbook.sheets.cases import RESULTS, blocks
from xl_aicost.workbook.sheets.tables import add_years
from xl_aicost.workbook.style import colours

SPENDING = {"option_a_spend_path": "people", "option_b_spend_path": "AI"}  # with the meanings of their colours
HEADS = (
    "B less A, present value",
    "A kept job must produce",
    "AI kept in Option A",
    "Worth of {}1: AI",
    "Worth of {}1: people",
)
TEST_ROW = 15  # points


def reading(book: Book, otherwise: str) -> str:
    """Return the expression of why there is no break-even, in words, or `otherwise` where there is one."""
    say = partial(said, book)
    reasons = {
        "COUNT({loaded_cost})=0": say("It cannot be said: what a job costs at {subject} is not on file."),
        "COUNT({layoffs})=0": say("It cannot be said: no cut of {subject} is on file."),
        "COUNT({ai_spend},{jobs_work_lost},{cut_value},{ai_return_ratio})<4": say(
            "It cannot be said: a figure of {subject} that is needed is not on file."
        ),
        "{ai_spend}=0": '"Nothing is spent on AI, so there is nothing to choose."',
        "{layoffs}=0": '"No jobs are cut, so there is nothing to choose."',
        "{cut_value}<=0": '"Keep the people: severance takes all the cash that the cut would free."',
        "{jobs_work_lost}=0": '"Fund AI: no work is lost with the jobs, whatever a job produces."',
    }
    for condition, reason in reversed(reasons.items()):
        otherwise = when(where(book, condition), reason, otherwise)
    return otherwise


def add_options(book: Book) -> None:
    """Write the Options page."""
    say, cell, years = partial(said, book), partial(where, book), book.layout.years
    better = when(cell("{option_b_value_advantage}<0"), '"Option A"', '"Option B"')
    produces = when(
        cell("{output_multiple}=1"),
        '"If it produces what it costs, "',
        say("If it produces {output_multiple:0.0} times its cost, "),
    )
    answer = reading(
        book,
        say(
            "A job at {subject} is worth keeping where it produces more than {breakeven_output_per_job:$} a year; it costs "
            "{loaded_cost:$}. "
        )
        + f"&{produces}&{better}&"
        + say(f" is better by {{option_b_value_advantage:|$|}} over {years} years."),
    )
    kept = when(cell("ISNUMBER({layoffs})"), say("{layoffs:#,##0}"), '"the"')
    rest = '" people and spends the same cash on less AI. Option B funds all of AI and cuts them."'
    question = f'"Option A keeps "&{kept}&{rest}'
    page = Page(book, "Options", say("{subject_title}: keep the people, or fund AI?"), question, answer)
    one = f"{book.sign}1"
    page.figures(
        BODY,
        (
            Figure(
                "A kept job must produce",
                say("{breakeven_output_per_job:$}"),
                when(
                    cell("ISNUMBER({loaded_cost})"),
                    say("a year; it costs {loaded_cost:$}"),
                    '"what a job costs is not on file"',
                ),
            ),
            Figure(
                f"{one} spent on AI is worth",
                say("{ai_return_ratio:$0.00}"),
                f'"present value over {years} years"',
                "AI",
            ),
            Figure(
                f"{one} spent on people is worth",
                say("{people_return_ratio:$0.00}"),
                say("if a job produces {output_multiple:0.0} times its cost"),
                "people",
            ),
            Figure(
                "AI kept in Option A",
                say("{option_a_ai_share:0%}"),
                when(
                    cell("ISNUMBER({cut_value})"),
                    say("the cut frees {cut_value:$} of {programme_cost_value:$}"),
                    NOT_ON_FILE,
                ),
            ),
            Figure(
                "B less A, present value",
                say("{option_b_value_advantage:$}"),
                when(cell("ISNUMBER({option_b_value_advantage})"), f'{better}&" is better"', NOT_ON_FILE),
            ),
        ),
    )
    page.colour(f"J{BODY + 1}", cell("{option_b_value_advantage}<0"), colours(book.template.brand)["cut"])
    page.pictures()
    _add_worth(book, page)
    _add_spending(book, page)
    page.finish(_add_cases(book, page, CAPTION + 2))


def _add_worth(book: Book, page: Page) -> None:
    """Add the picture of what is worth more, a dollar in AI or in people."""
    feed, say, cell, hue = book.feed, partial(said, book), partial(where, book), colours(book.template.brand)
    one = f"{book.sign}1"
    rows = [
        (
            f'="{one} on {name}"&CHAR(10)&{say(f"{{{line}:$0.00}}")}',
            f"=IF(ISNUMBER({cell(f'{{{line}}}')}),{cell(f'{{{line}}}')},0)",
        )
        for name, line in (("AI", "ai_return_ratio"), ("people", "people_return_ratio"))
    ]
    table = feed.table("What one in AI and one in people is worth", ("Spent on", "Worth"), rows, "0.00")
    message = say(f"{one} spent on AI is worth {{ai_return_ratio:$0.00}}, on people {{people_return_ratio:$0.00}}")
    title = feed.put("Title: what one in AI and one in people is worth", f"={message}")
    shown = "Two bars: the present worth of one unit of money spent on AI, and on people."
    frame = Frame(f"B{PICTURE}", f"G{CAPTION}", title, shown, (0.2, 0.15, 0.72, 0.8))
    bars(page, frame, table.column(0), table.column(1), [hue["AI"], hue["people"]])
    note = "AI: revenue at market price over its cost. People: the work that would be lost over the cash that a cut frees. n/a: no bar."
    page.put(f"B{CAPTION}", note, "Page note", to=f"F{CAPTION}")


def _add_spending(book: Book, page: Page) -> None:
    """Add the picture that both options spend the same cash."""
    both = book.money(where(book, "{programme_cost_value}+{severance_due}"), "USD")
    text = book.feed.text("Present cash of either option", both, "$")
    tail = f'" of present cash over {book.layout.years} years"'
    message = when(
        where(book, "ISNUMBER({cut_value})"),
        f'"A and B each spend "&{text}&{tail}',
        when(
            where(book, "ISNUMBER({severance_due})"),
            f'"B spends "&{text}&{tail}&"; A is n/a"',
            '"Spending of both options: a figure is not on file"',
        ),
    )
    title = book.feed.put("Title: spending of both options", f"={message}")
    shown = "Columns by year: what Option A and Option B spend, undiscounted."
    frame = Frame(f"G{PICTURE}", f"L{CAPTION}", title, shown, (0.1, 0.2, 0.87, 0.69))
    add_years(book, page, frame, "Spending of both options by year", SPENDING)
    note = "Cash by year, not discounted: AI built, renewed and run, pay of those kept (A), severance (B). The price of money is in the present values."
    page.put(f"G{CAPTION}", note, "Page note", to=f"K{CAPTION}")


def _add_cases(book: Book, page: Page, row: int) -> int:
    """Write the decision in the scenario shown and in cases that change one thing; return the last row."""
    page.section(f"B{row}", "What moves the answer")
    page.table_head(
        row + 1, {"B": "If"} | dict(zip("GHIJK", (h.format(book.sign) for h in HEADS), strict=True)), "GHIJK"
    )
    cases = [("Shown: ", None), *((b.name, b) for b in blocks(book.graph))]
    for at, (name, block) in enumerate(cases, row + 2):
        style = "Dense" if block else "Dense strong"
        page.put(f"B{at}", name.replace("$", book.dollars) if block else '="Shown: "&scenario', style, to=f"F{at}")
        for column, line in zip("GHIJK", RESULTS, strict=True):
            unit = book.graph.lines[line].unit
            cell = block.cell(line) if block else book.layout.cell(LIVE, line)
            page.put(f"{column}{at}", f"={book.shown(cell, unit)}", f"{style} right", book.page_format(unit))
    last = row + 1 + len(cases)
    page.heights(row + 2, *[TEST_ROW] * len(cases))
    page.signs(f"G{row + 2}:G{last}")
    note = (
        "B less A below 0: keeping the people is better. n/a: no such output, since no work is lost (then B) or a figure is not on file. "
        "AI kept in Option A: what is left of AI once the cash that the cut would free is spent on people."
    )
    page.put(f"B{last + 1}", note, "Page note", to=f"K{last + 1}")
    page.heights(last + 1, 26)
    return last + 1
