"""The Compare page: companies side by side, each a scenario: whose AI spending could a cut pay for?"""

from __future__ import annotations

from xl_aicost.assumptions import load_sources
from xl_aicost.assumptions.companies import company_figures, counts_corporate, yearly
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.feed import Table
from xl_aicost.workbook.layout import Lane
from xl_aicost.workbook.page import Page
from xl_aicost.workbook.pictures import Frame, Row, sides
from xl_aicost.workbook.sentence import quoted, when
from xl_aicost.workbook.style import BARS, FLAG, LARGE, colours
from xl_aicost.workbook.template import Scenario

COLUMNS = (136, 74, 128, 96, 100, 108, 116, 128, 118, 112, 112, 124)  # pixels
HEAD = 8
LINES = {  # line by the column that shows it, with the head and the number format
    "D": ("ai_spend", "AI spending", ""),
    "E": ("ai_spend_growth", "Change on the year before", "+0%;-0%;0%"),
    "F": ("headcount_growth", "Headcount, on the year before", "+0.0%;-0.0%;0.0%"),
    "G": ("danger_zone", "Danger zone*", ""),
    "H": ("ai_investment_ratio", "AI spending / revenue", "0%"),
    "I": ("ai_spend_to_cash_flow", "AI spending / operating cash flow", "0%"),
    "J": ("capex_per_employee", "AI spending per employee", ""),
    "K": ("spend_to_payroll", "AI spending / payroll", '0.0"x"'),
    "L": ("layoffs", "Jobs cut, announced", "#,##0"),
    "M": ("layoff_coverage", "The cut pays for", "0.0%"),
}
MARKED = {"D": ("ai_spend",), "K": ("loaded_cost", "ai_spend"), "M": ("loaded_cost", "layoffs")}
MARKS = {"assumption": "a", "estimate": "a", "derived": "d"}
COVERAGE, CASH, DANGER = 1, 2, 3  # columns of the data on the Feed
YEARS = 5
NEXT = {
    "Inputs": "One company at a time: choose it on Inputs",
    "Sensitivity": "What moves the results",
    "Checks": "Checks",
}
SOURCED = {"AI spending": "ai_spend", "people": "closing_headcount", "cut": "layoffs", "pay": "loaded_cost"}


def _companies(book: Book) -> list[tuple[Lane, Scenario]]:
    """Return the lanes of the template that are companies."""
    own = {s.name: s for s in book.template.scenarios if s.company}
    return [(x, own[x.title]) for x in book.layout.lanes if x.column is not None and x.title in own]


def add_compare(book: Book) -> None:
    """Write the Compare page."""
    companies = _companies(book)
    data = _data(book, companies)
    title = quoted(book.template.title)
    question = '"Whose AI spending could a cut in jobs pay for?"'
    page = Page(book, "Compare", title, question, _answer(book, data), COLUMNS)
    after = _add_table(book, page, companies)
    _add_picture(book, page, data, after + 2)
    below = _add_years(book, page, companies, after + 2)
    page.section(f"B{below}", "Where the figures come from")
    for at, (lane, scenario) in enumerate(companies, below + 1):
        page.text(f"B{at}", lane.title, "Dense strong")
        page.text(f"C{at}", _sources(scenario), "Row note", to=f"M{at}")
    page.heights(below + 1, *[26] * len(companies))
    page.finish(below + len(companies))


def _data(book: Book, companies: list[tuple[Lane, Scenario]]) -> Table:
    """Write what sentences and the picture show of the companies, the largest share of its cash flow first."""
    ratio = {lane: float(book.values(lane)["ai_spend_to_cash_flow"]) for lane, _ in companies}
    lines, rows = ("layoff_coverage", "ai_spend_to_cash_flow", "danger_zone"), []
    for lane in sorted(ratio, key=lambda x: -ratio[x] if ratio[x] == ratio[x] else 0.0):
        coverage, cash, danger = (book.layout.cell(lane, n) for n in lines)
        text = book.feed.text(f"{lane.title}: AI spending / operating cash flow", cash, "0%")
        shown = (f"={book.shown_as(x)}" for x in (coverage, cash, danger))
        within, above = (f"=IF(ISNUMBER({cash}),{cash}*({cash}{sign}1),0)" for sign in ("<=", ">"))
        rows.append((f'={quoted(lane.title)}&"  "&{text}', *shown, within, above, f'={quoted(lane.title)}&""'))
    heads = ("Company", "The cut pays for", "Of cash flow", "Danger zone", "Up to 100%", "Above 100%", "Name")
    return book.feed.table("Companies side by side", heads, rows, "0.0%")


def _answer(book: Book, data: Table) -> str:
    """Return the expression of the answer: whose spending a cut pays for, who spends more than comes in, who is in the zone."""
    text, paid, zone = book.feed.text, data.column(COVERAGE), data.column(DANGER)
    least, most = (text(f"{n} that a cut pays for", f"{n}({paid})", "0.0%") for n in ("MIN", "MAX"))
    count = f'COUNTIF({paid},">="&1)'
    who = when(f"{count}=0", '"Nobody\'s. "', f'{count}&" of "&COUNT({paid})&". "')
    spread = f'"Where cut and pay are known, a cut pays for "&{least}&" to "&{most}&" of a year\'s AI spending. "'
    on_file = when(f"COUNT({paid})=0", '"It cannot be said: no cut is on file. "', f"{who}&{spread}")
    danger = f'"; in "&COUNTIF({zone},1)&" of "&COUNT({zone})&" AI spending rose while headcount fell."'
    return f"{on_file}&{_beyond(data)}&{danger}"


def _largest(data: Table) -> str:
    """Return the expression of the company that spends the largest share of its operating cash flow."""
    cash = data.column(CASH)
    return f"INDEX({data.column(6)},MATCH(MAX({cash}),{cash},0),1)"


def _beyond(data: Table) -> str:
    """Return the expression of who spends more on AI than operations bring in."""
    cash = data.column(CASH)
    count, name = f'COUNTIF({cash},">"&1)', _largest(data)
    several = f'{count}&" of "&COUNT({cash})&" companies spend"'
    who = when(f"{count}=1", f'"Only "&{name}&" spends"', several)
    return f'{who}&" more on AI than operations bring in"'


def _add_table(book: Book, page: Page, companies: list[tuple[Lane, Scenario]]) -> int:
    """Write the companies side by side and what the marks mean; return the last row."""
    first, last = HEAD + 1, HEAD + len(companies)
    heads = {"B": "Company", "C": "Fiscal year"} | {c: head for c, (_, head, _) in LINES.items()}
    page.table_head(HEAD, heads, "DEFHIJKLM")
    page.across(HEAD, "CG", (heads["C"], heads["G"]), "Head centre")
    for at, (lane, scenario) in enumerate(companies, first):
        figures = company_figures(str(scenario.company), scenario.year)
        page.text(f"B{at}", lane.title, "Row strong")
        page.put(f"C{at}", scenario.year, "Row centre", "0")
        for column, (line, _, number_format) in LINES.items():
            unit, cell = book.layout.meaning(line).unit, book.layout.cell(lane, line)
            kinds = [MARKS.get(figures[i].kind, "") for i in MARKED.get(column, ()) if i in figures]
            mark = min(filter(None, kinds), default="")
            style = "Row strong" if column in "DGIM" else "Row"
            if column == "G":
                zone = f'=IF(ISNUMBER({cell}),IF({cell}=1,"▲ yes","no"),"n/a")'
                page.put(f"G{at}", zone, f"{style} centre")
                continue
            plain = number_format or book.page_format(unit)
            marked = ";".join(f'{part}" {mark}"' for part in plain.split(";")) if mark else plain
            page.put(f"{column}{at}", f"={book.shown(cell, unit)}", f"{style} right", marked)
            if mark and unit in LARGE:
                page.amounts(f"{column}{at}", f" {mark}", f"{column}{first}:{column}{last}")
    page.heights(first, *[23] * len(companies), 30, 10)
    for column, most, shade in (("H", 1, BARS[0]), ("I", 2, BARS[0]), ("M", 1, BARS[1])):
        page.bars(f"{column}{first}:{column}{last}", most, shade)
    page.marks(f"G{first}:G{last}", {"▲": "cut"}, FLAG)
    note = (
        "* AI spending up while headcount is down.   a = with an assumption or an estimate, such as what a job costs.   d = derived "
        "from published figures.   n/a = not on file, never filled from another company.   AI spending is all capital spending, "
        "finance leases where on file: an upper bound; Amazon's holds logistics."
    )
    whose = [x.title for x, s in companies if counts_corporate(company_figures(str(s.company), s.year))]
    if whose:
        note += f" Payroll and cut of {' and '.join(whose)}: of corporate people."
    page.note(last + 1, note)
    return last + 1


def _add_picture(book: Book, page: Page, data: Table, row: int) -> None:
    """Add the picture of who spends more on AI than operations bring in."""
    hue = colours(book.template.brand)
    most = book.feed.text("Largest share of operating cash flow", f"MAX({data.column(CASH)})", "0%")
    message = f'{_largest(data)}&" spends "&{most}&" of its operating cash flow on AI"'
    title = book.feed.put("Title: AI spending against operating cash flow", f"={message}")
    shown = "One bar a company: AI spending as a share of operating cash flow; above 100% outside money is needed."
    frame = Frame(f"B{row}", f"G{row + 14}", title, shown, (0.24, 0.15, 0.7, 0.73))
    rows = [Row(data.column(4), data.name(4), hue["AI"]), Row(data.column(5), data.name(5), hue["cut"])]
    sides(page, frame, data.column(0), rows, "0%", legend=False)
    page.heights(row, 20, 18, *[21] * 12)
    note = "AI spending as % of operating cash flow. Orange, above 100%: needs outside money."
    page.note(row + 14, note, last="F")


def _add_years(book: Book, page: Page, companies: list[tuple[Lane, Scenario]], row: int) -> int:
    """Write in which years AI spending rose while headcount fell, as far as on file; return the row for what follows."""
    newest = max(s.year or 0 for _, s in companies)
    years = range(newest - YEARS, newest + 1)
    measures = []
    for measure, title in (("capex_purchases", "Capital spending, purchases"), ("headcount", "Headcount")):
        rows = []
        for lane, scenario in companies:
            filed = (yearly(str(scenario.company), year, measure).value for year in years)
            rows.append((lane.title, *(None if v != v else v for v in filed)))
        measures.append(book.feed.table(f"{title} by year", ("Company", *map(str, years)), rows, "#,##0"))
    first, last = row + 2, row + 1 + len(companies)
    cells = f"H{first}:L{last}"
    page.section(f"G{row}", f'="Danger zone: "&{in_zone(cells)}&" company-years on file"', to="M")
    page.line(row + 1, "Head", "G", "M")
    page.put(f"G{row + 1}", "Fiscal year", "Head", "0")
    page.across(row + 1, "HIJKL", years[1:], "Head centre", "0")
    page.put(f"M{row + 1}", "in the zone", "Head right", "0")
    for k, (lane, _) in enumerate(companies):
        at = first + k
        page.text(f"G{at}", lane.title, "Row strong")
        for place, column in enumerate("HIJKL", 2):
            now, before = ([m.at(k, p) for m in measures] for p in (place, place - 1))
            grew, fell = f"{now[0]}>{before[0]}", f"{now[1]}<{before[1]}"
            complete = f"COUNT({','.join((*now, *before))})=4"
            page.put(f"{column}{at}", f'=IF({complete},IF(AND({grew},{fell}),"▲ yes","no"),"n/a")', "Row centre")
        page.put(f"M{at}", f"={in_zone(f'H{at}:L{at}')}", "Row right")
    page.colour(cells, f'LEFT(H{first},1)="▲"', colours(book.template.brand)["cut"], FLAG)
    page.note(last + 1, "n/a: spending or headcount of the year or of the one before is not on file.", "G")
    page.section(f"G{last + 3}", "Where to go next", to="M")
    for at, sheet in enumerate((s for s in NEXT if s in book.contents), last + 4):
        page.link(f"G{at}", NEXT[sheet], sheet, to=f"M{at}")
    return max(row + 16, last + 8)


def in_zone(cells: str) -> str:
    """Return the expression of how many of some years are in the danger zone, and of how many that is known."""
    yes = f'COUNTIF({cells},"▲ yes")'
    return f'{yes}&" of "&({yes}+COUNTIF({cells},"no"))'


def _sources(scenario: Scenario) -> str:
    """Return where a company's figures come from, in a line."""
    figures, titles = company_figures(str(scenario.company), scenario.year), load_sources()
    said_of = {}
    for what, i in SOURCED.items():
        first = figures[i].source.split(" and ")[0] if i in figures and figures[i].on_file else ""
        said_of[what] = titles[first].title if first in titles else "assumed" if first else "not on file"
    return "; ".join(f"{what}: {text}" for what, text in said_of.items()) + "."
