"""Who and when a workbook is about, in the scenario shown: names that every page's head and sentences use."""

from __future__ import annotations

from collections.abc import Sequence

from xl_aicost.assumptions import Facts
from xl_aicost.assumptions.companies import company_figures
from xl_aicost.assumptions.figures import NAMES
from xl_aicost.case import Case
from xl_aicost.workbook.book import Book, Subject
from xl_aicost.workbook.feed import SHEET
from xl_aicost.workbook.sentence import said, when
from xl_aicost.workbook.style import finish, widths
from xl_aicost.workbook.template import COMPANY, Template

CURRENCIES = {"USD": "US dollars", "EUR": "euros", "GBP": "pounds sterling", "JPY": "yen"}


def company_name(company: str | None) -> str:
    """Return a company's name, or nothing."""
    return NAMES.get(company, company) if company else ""


def period_name(company: str | None, year: int | None, facts: Facts | None = None) -> str:
    """Return the period of a company's figures in words: a fiscal year, or one that is guided and not yet filed."""
    if not company or not year:
        return ""
    guided = company_figures(company, year, facts)["ai_spend"].period.startswith("GUIDE")
    return f"{year} as guided" if guided else f"fiscal year {year}"


def subject_of(template: Template, case: Case) -> Subject:
    """Return whom the figures of a company, or of a template's own, are about."""
    company, year = (case.company, case.year) if case.company else (template.company, template.year)
    return Subject(company, template.subject or company_name(company), period_name(company, year, case.facts))


def _subjects(book: Book, scenario: str) -> Sequence[Subject]:
    """Return whom a scenario is about, in each edition."""
    if scenario == COMPANY:
        return [e.subject for e in book.editions]
    own = next((s for s in book.template.scenarios if s.name == scenario), None)
    subject = Subject(own.company, company_name(own.company), period_name(own.company, own.year)) if own else Subject()
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
            book.put_each(ws, f"B{row}", [s.name for s in subjects], "Label")
            book.put_each(ws, f"C{row}", [s.period for s in subjects], "Label")

    book.by_edition(write)
    of, period = (f"INDEX({SHEET}!${c}${first}:${c}${last},scenario_number,1)" for c in "BC")
    company = feed.put("Company of the scenario shown", f'=IF({of}="","-",{of})')
    size = said(book, "A company of {headcount:#,##0} people")
    own = f'IF(COUNT({book.layout.input_range("typed")})=0,"",", with your values")'
    named = f'{company}&IF({period}="","",", "&{period}&{own})'
    money = CURRENCIES.get(book.template.brand.currency, book.template.brand.currency)
    texts = {
        "subject": when(f'{company}="-"', '"the company"', company),
        "subject_title": when(f'{company}="-"', size, named),
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
