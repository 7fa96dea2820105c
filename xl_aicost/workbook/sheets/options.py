"""The Options page: keep the people or fund AI, on the same cash; what a kept job must produce, and what moves that."""

from __future__ import annotations

from functools import partial

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import LIVE
from xl_aicost.workbook.page import BODY, CAPTION, LEFT, RIGHT, Figure, Page
from xl_aicost.workbook.pictures import BAR_PLOT, YEAR_PLOT, Frame, bars
from xl_aicost.workbook.sentence import IfKnown, amount, known, said, when, where
from xl_aicost.workbook.sheets.cases import RESULTS, blocks
from xl_aicost.workbook.sheets.tables import Step, add_years, bar_table
from xl_aicost.workbook.style import colours

SPENDING = {"option_a_spend_path": "people", "option_b_spend_path": "AI"}  # with the meanings of their colours
HEADS = (
    "B less A, present value",
    "A kept job must produce",
    "AI kept in Option A",
    "Worth of {}1: AI",
    "Worth of {}1: people",
)
WORTH = "What one in AI and one in people is worth"
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
    worth = say(
        "A job at {subject} is worth keeping where it produces more than {breakeven_output_per_job:$} a year; it costs "
        "{loaded_cost:$}. "
    )
    advantage = say(f" is better by {{option_b_value_advantage:|$|}} over {years} years.")
    answer = reading(book, f"{worth}&{produces}&{better}&{advantage}")
    kept = known(book, "layoffs", say("{layoffs:#,##0}"), '"the"')
    rest = '" people and spends the same cash on less AI. Option B funds all of AI and cuts them."'
    question = f'"Option A keeps "&{kept}&{rest}'
    page = Page(book, "Options", say("{subject_title}: keep the people, or fund AI?"), question, answer)
    one, over = f"{book.sign}1", f"present value over {years} years"
    costs = IfKnown("loaded_cost", "a year; it costs {loaded_cost:$}", "what a job costs is not on file")
    freed = IfKnown("cut_value", "the cut frees {cut_value:$} of {programme_cost_value:$}")
    by_people = IfKnown("people_return_ratio", "if a job produces {output_multiple:0.0} times its cost")
    by_value = IfKnown("option_b_value_advantage", f'={better}&" is better"')
    page.figures(
        Figure("A kept job must produce", "{breakeven_output_per_job:$}", costs),
        Figure(f"{one} spent on AI is worth", "{ai_return_ratio:$0.00}", over, "AI"),
        Figure(f"{one} spent on people is worth", "{people_return_ratio:$0.00}", by_people, "people"),
        Figure("AI kept in Option A", "{option_a_ai_share:0%}", freed),
        Figure("B less A, present value", "{option_b_value_advantage:$}", by_value),
    )
    page.colour(f"J{BODY + 1}", cell("{option_b_value_advantage}<0"), colours(book.template.brand)["cut"])
    page.pictures()
    _add_worth(book, page)
    _add_spending(book, page)
    page.finish(_add_cases(book, page, CAPTION + 2))


def _add_worth(book: Book, page: Page) -> None:
    """Add the picture of what is worth more, a dollar in AI or in people."""
    cell, one = partial(where, book), f"{book.sign}1"
    steps = [
        Step(f"{one} on AI", cell("{ai_return_ratio}"), "AI"),
        Step(f"{one} on people", cell("{people_return_ratio}"), "people"),
    ]
    table = bar_table(book, WORTH, ("Spent on", "Worth"), steps, "$0.00", "0.00")
    message = f"{one} spent on AI is worth {{ai_return_ratio:$0.00}}, on people {{people_return_ratio:$0.00}}"
    title = book.feed.put("Title: what one in AI and one in people is worth", f"={said(book, message)}")
    shown = "Two bars: the present worth of one unit of money spent on AI, and on people."
    bars(page, Frame.of(LEFT, title, shown, BAR_PLOT), table, [s.meaning for s in steps])
    note = "AI: revenue at market price over its cost. People: the work that would be lost over the cash that a cut frees. n/a: no bar."
    page.caption(LEFT, note)


def _add_spending(book: Book, page: Page) -> None:
    """Add the picture that both options spend the same cash."""
    both = amount(book, "{programme_cost_value}+{severance_due}")
    text = book.feed.text("Present cash of either option", both, "$")
    cash = f'{text}&" of present cash over {book.layout.years} years"'
    missing = '"Spending of both options: a figure is not on file"'
    funded = known(book, "severance_due", f'"B spends "&{cash}&"; A is n/a"', missing)
    message = known(book, "cut_value", f'"A and B each spend "&{cash}', funded)
    title = book.feed.put("Title: spending of both options", f"={message}")
    shown = "Columns by year: what Option A and Option B spend, undiscounted."
    add_years(page, Frame.of(RIGHT, title, shown, YEAR_PLOT), "Spending of both options by year", SPENDING)
    note = "Cash by year, not discounted: AI built, renewed and run, pay of those kept (A), severance (B)."
    page.caption(RIGHT, note)


def _add_cases(book: Book, page: Page, row: int) -> int:
    """Write the decision in the scenario shown and in cases that change one thing; return the last row."""
    page.section(f"B{row}", "What moves the answer")
    heads = (head.format(book.sign) for head in HEADS)
    page.table_head(row + 1, {"B": "If"} | dict(zip("GHIJK", heads, strict=True)), "GHIJK")
    cases = [("Shown: ", None), *((b.name, b) for b in blocks(book.graph))]
    for at, (name, block) in enumerate(cases, row + 2):
        style = "Dense" if block else "Dense strong"
        page.put(f"B{at}", name.replace("$", book.dollars) if block else '="Shown: "&scenario', style, to=f"F{at}")
        for column, line in zip("GHIJK", RESULTS, strict=True):
            cell = block.cell(line) if block else book.layout.cell(LIVE, line)
            page.result(f"{column}{at}", cell, book.graph.lines[line].unit, f"{style} right")
    last = row + 1 + len(cases)
    page.heights(row + 2, *[TEST_ROW] * len(cases), 26)
    page.signs(f"G{row + 2}:G{last}")
    note = (
        "B less A below 0: keeping the people is better. n/a: no such output, since no work is lost (then B) or a figure is not on file. "
        "AI kept in Option A: what is left of AI once the cash that the cut would free is spent on people."
    )
    page.note(last + 1, note)
    return last + 1
