"""The picture of AI spending against headcount over the years, from the figures on file: gaps as gaps, guidance dotted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from xl_aicost.assumptions import Facts
from xl_aicost.assumptions.companies import company_figures, yearly, years_of, years_on_file
from xl_aicost.workbook.edition import Edition
from xl_aicost.workbook.page import CAPTION, Half, Page
from xl_aicost.workbook.pictures import Frame, Row, lines
from xl_aicost.workbook.style import colours
from xl_aicost.workbook.subject import company_name

POOL = ("META", "GOOGL", "MSFT")  # whose people mostly write software: they stand for a workbook without a company
POOL_NAME = "Three companies"
POOL_NOTE = "Meta, Alphabet and Microsoft together. "
NEAR = 0.1  # of the highest value: two names so close would overlap
FILED = 7  # years that are filed, at most; one more may be as guided
HEADS = ("Year", "AI spending", "Headcount", "AI spending, as guided", "Headcount, newest")
DESCRIPTION = (
    "Lines by year, the first year with both figures = 100: AI spending and headcount; dotted, the year that is guided."
)


@dataclass(frozen=True)
class History:
    """Spending and headcount by year as indices, NaN for a gap: up to seven years filed, then one where it is guided."""

    name: str
    last: int
    base: int | None
    guided: bool
    spending: tuple[float, ...]
    headcount: tuple[float, ...]

    @property
    def years(self) -> range:
        """The years, the last of which may not be filed yet."""
        return range(self.last + self.guided + 1 - len(self.spending), self.last + self.guided + 1)

    @property
    def filed(self) -> int:
        """How many of the years are filed."""
        return len(self.spending) - self.guided

    @property
    def shape(self) -> tuple[int, bool, int, str]:
        """How many years are filed, whether one more is guided, where headcount is last on file: there its name stands.

        It stands on top, or below where the line of spending, whose name is at its left, is as high.
        """
        last = max((i for i, v in enumerate(self.headcount[: self.filed]) if v == v), default=0)
        near = abs(self.headcount[last] - self.spending[last]) < NEAR * max(v for v in self.spending if v == v)
        return self.filed, self.guided, last, "b" if near else "t"

    @property
    def title(self) -> str:
        """The message of the picture, with a number in it."""
        spent, people = (values[self.filed - 1] - 100 for values in (self.spending, self.headcount))
        if self.base is None or self.base == self.last:
            return f"{self.name}: AI spending of {sum(v == v for v in self.spending[: self.filed])} years is on file"
        since = f"{self.name}, {self.base} to {self.last}: AI spending {_moved(spent)}"
        return f"{since}, headcount {_moved(people)}" if people == people else since

    @property
    def note(self) -> str:
        """The caption: definition, gaps, what is dotted."""
        gaps = [str(y) for y, v in zip(self.years, self.headcount[: self.filed], strict=False) if v != v]
        without = f" Headcount of {_span(gaps)} is not on file: left blank." if gaps else ""
        newest = "; newest headcount" if self.headcount[-1] == self.headcount[-1] else ""
        guided = f" Dotted, {self.last + 1}: middle of the guidance{newest}." if self.guided else ""
        start = f"{self.base} = 100. " if self.base else ""
        pool = POOL_NOTE if self.name == POOL_NAME else ""
        return f"{pool}{start}All capital spending, finance leases where on file.{without}{guided}"

    def row(self, place: int) -> tuple[str, list[float | None]]:
        """Return the name of a year, and its numbers: filed spending and headcount, then those from the last year on."""
        filed, ahead = place < self.filed, self.guided and place >= self.filed - 1
        numbers = [self.spending[place], self.headcount[place]]
        shown = [v if filed else math.nan for v in numbers] + [v if ahead else math.nan for v in numbers]
        return f"{self.years[place]}{'' if filed else 'e'}", [None if v != v else v for v in shown]


def _moved(percent: float) -> str:
    return f"up {percent:.0f}%" if percent >= 0.5 else f"down {-percent:.0f}%" if percent <= -0.5 else "flat"


def _span(years: Sequence[str]) -> str:
    return years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}" if len(years) > 2 else " and ".join(years)


def _spent(company: str, year: int, facts: Facts) -> float:
    filed = year in years_of(company, facts=facts)
    return company_figures(company, year, facts)["ai_spend"].value if filed else math.nan


def _heads(company: str, year: int, facts: Facts) -> float:
    return yearly(company, year, "headcount", facts).value


@cache
def history(company: str | None, facts: Facts) -> History:
    """Return the years of a company, or of the companies that stand for a workbook without one."""
    if company and not years_of(company, facts=facts):  # guided alone
        company = None
    companies = (company,) if company else POOL
    last = max(set.intersection(*(set(years_of(c, facts=facts)) for c in companies)))
    years = range(last - FILED + 1, last + 1)
    sums = [[math.fsum(of(c, y, facts) for c in companies) for y in years] for of in (_spent, _heads)]
    base = next((i for i in range(FILED) if all(v[i] == v[i] for v in sums)), None)
    first = [v[FILED - 1 if base is None else base] for v in sums]
    start = next(i for i in range(FILED) if any(v[i] == v[i] for v in sums))
    figures = company_figures(company, last + 1, facts) if company and last + 1 in years_on_file(company, facts) else {}
    ahead = [figures[i].value for i in ("ai_spend", "closing_headcount")] if figures else [math.nan]
    guided = ahead[0] == ahead[0]
    if guided:
        sums = [[*every, a] for every, a in zip(sums, ahead, strict=True)]
    spending, heads = (tuple(100 * v / one for v in every[start:]) for every, one in zip(sums, first, strict=True))
    since = None if base is None else years[base]
    return History(company_name(company) or POOL_NAME, last, since, guided, spending, heads)


def shape(edition: Edition) -> tuple[int, bool, int, str]:
    """Return what workbooks that are stamped together have in common."""
    return history(edition.subject.company, edition.case.facts).shape


def add_history(page: Page, half: Half) -> None:
    """Add the picture and, below it, what it shows; its data stand on the Feed."""
    book, feed, hue = page.book, page.book.feed, colours(page.book.template.brand)
    title = feed.put("Title: AI spending against headcount", None)
    filed, guided, people, side = shape(book.edition)
    blank = [("", None, None, None, None)] * (filed + guided)
    table = feed.table("AI spending against headcount by year, as indices", HEADS, blank, "#,##0")

    def write() -> None:
        every = [history(e.subject.company, e.case.facts) for e in book.editions]
        book.put_each(feed.ws, title.partition("!")[2].replace("$", ""), [h.title for h in every], "Label")
        book.put_each(page.ws, f"{half.first}{CAPTION}", [h.note for h in every], "Page caption")
        for place in range(filed + guided):
            rows = [h.row(place) for h in every]
            book.put_each(feed.ws, f"A{table.head + 1 + place}", [name for name, _ in rows], "Label")
            for k, column in enumerate("BCDE"):
                values = [numbers[k] for _, numbers in rows]
                book.put_each(feed.ws, f"{column}{table.head + 1 + place}", values, "Given", "#,##0")

    book.by_edition(write)
    ends = ((filed - 1, "l"), (people, side), (filed, "r"), (filed, "r"))
    rows = []
    for k in range(1, 5 if guided else 3):
        rows.append(Row(table.column(k), table.name(k), hue["AI" if k % 2 else "people"], k > 2, ends[k - 1]))
    lines(page, Frame.of(half, title, DESCRIPTION, (0.055, 0.15, 0.86, 0.74)), table.column(0), rows, "#,##0")
    page.merge(f"{half.first}{CAPTION}", f"{half.last}{CAPTION}")
