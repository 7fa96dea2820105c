"""The Companies page: what companies publish by fiscal year, and what follows from it; a gap stays n/a."""

from __future__ import annotations

from xl_aicost.assumptions import Facts, load_sources
from xl_aicost.assumptions.companies import cost_of_a_job, fact, yearly, years_of
from xl_aicost.assumptions.figures import NAMES
from xl_aicost.support.text import abridged, web_address
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.feed import Table
from xl_aicost.workbook.page import BODY, Page
from xl_aicost.workbook.sentence import said
from xl_aicost.workbook.sheets.compare import in_zone
from xl_aicost.workbook.sheets.control import LIFE_POLICIES
from xl_aicost.workbook.style import FLAG

COLUMNS = (92, 52, 84, 84, 84, 84, 84, 84, 104, 96, 76, 84, 88, 92, 76, 124, 244)  # pixels
SOURCE_WIDTH = 44  # characters
MEASURES = ("revenue", "capex_purchases", "operating_cash_flow", "headcount", "layoffs_announced")
LIFE = "useful_life_servers"
FEED_HEADS = ("Company", "Fiscal year", *MEASURES, LIFE, "Cost of a job")
REVENUE, CAPEX, CASH, PEOPLE, CUTS, OWN_LIFE, PAY = range(2, 9)  # columns on the Feed
HEADS = (
    "Company",
    "Fiscal year",
    "Revenue",
    "Capex, purchases",
    "Operating cash flow",
    "Headcount",
    "Jobs cut, announced",
    "Capex, on the year before",
    "Headcount, on the year before",
    "Danger zone*",
    "Capex / revenue",
    "Capex / operating cash flow",
    "Capex per employee",
    "The cut pays for, own pay",
    "Life used, years",
    "Depreciation of the capex, a year",
    "   Source",
)


def add_companies(book: Book) -> None:
    """Write the Companies page."""
    facts = book.edition.case.facts
    filed = [(c, y) for c in facts.companies() for y in years_of(c, facts=facts)]
    data = _published(book, filed, facts)
    first, last = BODY + 1, BODY + len(filed)
    zone = f"K{first}:K{last}"
    rest = " company-years on file that can be judged capital spending rose while headcount fell."
    answer = f'"In "&{in_zone(zone)}&"{rest}"'
    title = said(book, "{subject_title}, and the companies on file")
    page = Page(book, "Companies", title, '"What do companies publish, and what follows from it?"', answer, COLUMNS)
    page.table_head(BODY, dict(zip("BCDEFGHIJKLMNOPQR", HEADS, strict=True)), "DEFGHIJKLMNOPQ")
    page.heights(BODY, 44)
    for k, (company, year) in enumerate(filed):
        page.text(f"R{first + k}", _sources(company, year, facts), "Dense note")
        _add_row(book, page, data, k, first + k, first_year=not k or filed[k] != (filed[k - 1][0], filed[k - 1][1] + 1))
    page.heights(first, *[15] * len(filed), 28)
    page.marks(zone, {"▲": "cut"}, FLAG)
    note = (
        "* Capital spending up while headcount is down. n/a: not on file, or no year before. Capex is purchases of property and "
        "equipment, in one definition for all; with finance leases it stands on Answer and Compare. Life: "
    )
    own = f'IF(company_life="{LIFE_POLICIES[0]}","own policy where it is on file, else ","")'
    page.note(last + 1, f'="{note}"&{own}&FIXED(one_life,1)&" years."')
    page.finish(last + 1, freeze=f"D{first}", heads=BODY)


def _sources(company: str, year: int, facts: Facts) -> str:
    """Return where the figures of a fiscal year are from: the title of the first source, and how many more there are."""
    figures = [yearly(company, year, m, facts) for m in MEASURES]
    ids = dict.fromkeys(s for f in figures if f.on_file for s in f.source.split(" and "))
    titles = [load_sources()[s].title.partition(":")[0] if s in load_sources() else web_address(s) for s in ids if s]
    if not titles:
        return "not on file"
    more = f", and {len(titles) - 1} more" if len(titles) > 1 else ""
    return abridged(titles[0], SOURCE_WIDTH - len(more)) + more


def _published(book: Book, filed: list[tuple[str, int]], facts: Facts) -> Table:
    """Write the figures as published, in dollars, and what a job costs there; a gap is an empty cell."""
    rows = []
    for company, year in filed:
        values = [yearly(company, year, m, facts).value for m in MEASURES]
        lives = years_of(company, LIFE, facts)
        life = fact(company, lives[-1], LIFE, facts) if lives else None
        pay = cost_of_a_job(company, year, facts)
        numbers = [None if v != v else v for v in values]
        paid = None if pay.kind == "assumption" or not pay.on_file else pay.value
        rows.append((NAMES.get(company, company), year, *numbers, life.value if life else None, paid))
    return book.feed.table("Figures of companies as published", FEED_HEADS, rows, "General")


def _add_row(book: Book, page: Page, data: Table, k: int, row: int, *, first_year: bool) -> None:
    cell = [data.at(k, c) for c in range(PAY + 1)]
    before = [data.at(k - 1, c) for c in range(PAY + 1)]
    money, plain = book.page_format("USD"), "#,##0"
    chosen = f'IF(OR(company_life="{LIFE_POLICIES[1]}",COUNT({cell[OWN_LIFE]})=0),one_life,{cell[OWN_LIFE]})'

    def known(text: str, *needs: str) -> str:
        return f'=IF(COUNT({",".join(needs)})={len(needs)},{text},"n/a")'

    def grown(c: int) -> str:
        return '="n/a"' if first_year else known(f"{cell[c]}/{before[c]}-1", cell[c], before[c])

    capex = cell[CAPEX]
    formulas = {
        "D": (known(book.money(cell[REVENUE], "USD"), cell[REVENUE]), money),
        "E": (known(book.money(capex, "USD"), capex), money),
        "F": (known(book.money(cell[CASH], "USD"), cell[CASH]), money),
        "G": (known(cell[PEOPLE], cell[PEOPLE]), plain),
        "H": (known(cell[CUTS], cell[CUTS]), plain),
        "I": (grown(CAPEX), "+#,##0%;-#,##0%;0%"),
        "J": (grown(PEOPLE), "+0.0%;-0.0%;0.0%"),
        "K": (f'=IF(COUNT(I{row}:J{row})<2,"n/a",IF(AND(I{row}>0,J{row}<0),"▲ yes","no"))', "General"),
        "L": (known(f"{capex}/{cell[REVENUE]}", capex, cell[REVENUE]), "#,##0%"),
        "M": (known(f"{capex}/{cell[CASH]}", capex, cell[CASH]), "#,##0%"),
        "N": (known(book.money(f"{capex}/{cell[PEOPLE]}", "USD"), capex, cell[PEOPLE]), book.page_format("USD/job")),
        "O": (known(f"{cell[CUTS]}*{cell[PAY]}/{capex}", cell[CUTS], cell[PAY], capex), "0.0%"),
        "P": (f"={chosen}", "0.0"),
        "Q": (known(book.money(f"{capex}/P{row}", "USD"), capex), money),
    }
    page.put(f"B{row}", f"={cell[0]}", "Dense strong")
    page.put(f"C{row}", f"={cell[1]}", "Dense centre", "0")
    for column, (text, number_format) in formulas.items():
        page.put(f"{column}{row}", text, "Dense right", number_format)
