"""Who and when a workbook is about, in the scenario shown: names that every page's head and sentences use."""

from __future__ import annotations

from collections.abc import Sequence

from xl_aicost.assumptions import Facts
from xl_aicost.assumptions.companies import caveats, company_figures, counts_corporate, trailing_to
from xl_aicost.assumptions.figures import NAMES
from xl_aicost.case import Case
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.edition import Subject
from xl_aicost.workbook.feed import SHEET
from xl_aicost.workbook.sentence import said, when
from xl_aicost.workbook.style import finish, widths
from xl_aicost.workbook.template import COMPANY, Template

NO_CAVEATS = "Cash flow and spending are of one year, people are all employees."
CURRENCIES = {"USD": "US dollars", "EUR": "euros", "GBP": "pounds sterling", "JPY": "yen"}


def company_name(company: str | None) -> str:
    """Return a company's name, or nothing."""
    return NAMES.get(company, company) if company else ""


def _on_file(company: str | None, year: int | None, name: str, facts: Facts | None = None) -> Subject:
    """Return whom a company's figures of a fiscal year are about, under a name; one without figures has the name alone."""
    if not company or not year:
        return Subject(company, name)
    figures = company_figures(company, year, facts)
    guided, month = figures["ai_spend"].period.startswith("GUIDE"), trailing_to(figures)
    return Subject(
        company,
        name,
        f"{year} as guided" if guided else f"fiscal year {year}",
        f"twelve months to {month}; AI spending of {year} as guided" if month else "a year",
        "corporate " if counts_corporate(figures) else "",
        caveats(company, figures),
    )


def subject_of(template: Template, case: Case) -> Subject:
    """Return whom the figures of a company, or of a template's own, are about."""
    company, year = (case.company, case.year) if case.company else (template.company, template.year)
    return _on_file(company, year, template.subject or company_name(company), case.facts)


def _subjects(book: Book, scenario: str) -> Sequence[Subject]:
    """Return whom a scenario is about, in each edition."""
    if scenario == COMPANY:
        return [e.subject for e in book.editions]
    own = next((s for s in book.template.scenarios if s.name == scenario), None)
    subject = _on_file(own.company, own.year, company_name(own.company)) if own else Subject()
    return [subject] * len(book.editions)


def add_subject(book: Book) -> None:
    """Write who and when each scenario is about, and define the names that follow the scenario shown."""
    feed, ws, scenarios = book.feed, book.feed.ws, book.layout.scenarios
    first = feed.row
    for scenario in scenarios:
        feed.put(scenario, None)
    last = feed.row - 1

    def write() -> None:
        for row, scenario in enumerate(scenarios, first):
            subjects = _subjects(book, scenario)
            for column, field in zip("BCDEF", ("name", "period", "cash_period", "people", "caveats"), strict=True):
                book.put_each(ws, f"{column}{row}", [getattr(s, field) for s in subjects], "Label")

    book.by_edition(write)
    of, period, cash_period, people, known = (
        f"INDEX({SHEET}!${c}${first}:${c}${last},scenario_number,1)" for c in "BCDEF"
    )
    company = feed.put("Company of the scenario shown", f'=IF({of}="","-",{of})')
    size = said(book, "A company of {headcount:#,##0} people")
    own = f'IF(COUNT({book.layout.input_range("typed")})=0,"",", with your values")'
    named = f'{company}&IF({period}="","",", "&{period}&{own})'
    money = CURRENCIES.get(book.template.brand.currency, book.template.brand.currency)
    texts = {
        "subject": when(f'{company}="-"', '"the company"', company),
        "subject_title": when(f'{company}="-"', size, named),
        "cash_period": cash_period,
        "workforce": f'{people}&"workforce"',
        "whole_payroll": when(f'{people}=""', '"whole payroll"', f'{people}&"payroll"'),
        "caveats": when(f'{known}=""', f'"{NO_CAVEATS}"', known),
        "last_year": f"first_year+{book.layout.years - 1}",
        "status": f'"Scenario: "&scenario&"    {money}"&CHAR(10)&"Checks: "&check_status',
    }
    for name, text in texts.items():
        book.name(name, feed.put(name, f"={text}"))


def finish_feed(book: Book) -> None:
    """Move the Feed, which is written first, behind the pages that it feeds."""
    ws = book.feed.ws
    widths(ws, 60, *([18] * 12))
    finish(ws, "1:3", "A4")
    book.wb.move_sheet(ws, len(book.wb.sheetnames) - 1 - book.wb.index(ws))
