"""The data of pictures on the Feed: steps of a waterfall, and lines over time by year, whatever the period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.feed import Table
from xl_aicost.workbook.layout import LIVE, YEAR_ROW
from xl_aicost.workbook.page import Page
from xl_aicost.workbook.pictures import Frame, Row, columns, waterfall
from xl_aicost.workbook.sheets.calculation import PART_ROW, YEAR_END_ROW
from xl_aicost.workbook.style import colours

STEP_HEADS = ("Step", "From", "To", "Below it", "Up", "Above it", "Down")


@dataclass(frozen=True)
class Step:
    """A step of a waterfall: its name, the expression of its amount, its colour's meaning; a total starts at zero."""

    name: str
    amount: str
    meaning: str = "people"
    total: bool = False

    @property
    def title(self) -> str:
        """The expression of its name, which may be a formula."""
        return self.name[1:] if self.name.startswith("=") else f'"{self.name}"'


def bar_table(
    book: Book, title: str, heads: Sequence[str], steps: Sequence[Step], text_format: str, number_format: str
) -> Table:
    """Write the data of bars, each of which says its amount; what is n/a says so and has no bar."""
    rows = []
    for s in steps:
        text = book.feed.text(s.name, s.amount, text_format)
        rows.append((f"={s.title}&CHAR(10)&{text}", f"=IF(ISNUMBER({s.amount}),{s.amount},0)"))
    return book.feed.table(title, heads, rows, number_format)


def add_steps(page: Page, frame: Frame, steps: Sequence[Step], number_format: str) -> None:
    """Draw steps that may cross zero; each category says its amount, n/a where there is none, and then it has no bar."""
    feed, hue = page.book.feed, colours(page.book.template.brand)
    texts = [feed.text(f"{frame.description} {s.name}", s.amount, number_format) for s in steps]
    rows = []
    for row, (step, text) in enumerate(zip(steps, texts, strict=True), feed.first_row):
        start = 0 if step.total or row == feed.first_row else f"=C{row - 1}"
        rows.append(
            (
                f"={step.title}&CHAR(10)&{text}",
                start,
                f"=B{row}+IF(ISNUMBER({step.amount}),{step.amount},0)",
                f"=MAX(0,MIN(B{row},C{row}))",
                f"=MAX(0,MAX(B{row},C{row}))-D{row}",
                f"=MIN(0,MAX(B{row},C{row}))",
                f"=MIN(0,MIN(B{row},C{row}))-F{row}",
            )
        )
    table = feed.table(frame.description, STEP_HEADS, rows, "#,##0.00")
    waterfall(page, frame, table, [hue[s.meaning] for s in steps])


def by_year(book: Book, title: str, lines: Sequence[str]) -> Table:
    """Write lines over time of the scenario shown by year; return where they stand."""
    heads = ("Year", *(book.graph.lines[n].label for n in lines))
    rows = [
        (f"=first_year+{k}" if k else "=first_year", *(of_year(book, n, k) for n in lines))
        for k in range(book.layout.years)
    ]
    return book.feed.table(title, heads, rows, "#,##0")


def of_year(book: Book, line: str, place: int) -> str:
    """Return the formula of a line in a year: flows are added up, openings are of its first period, the rest of its last."""
    year = f"first_year+{place}"
    cells = f"{book.layout.row_range(LIVE, line)},{book.layout.time_range(YEAR_ROW)},{year}"
    if book.graph.lines[line].kind != "flow":
        cells += f",{book.layout.time_range(PART_ROW if 'opening' in line else YEAR_END_ROW)},1"
    return f"={book.money(f'SUMIFS({cells})', book.graph.lines[line].unit)}"


def add_years(page: Page, frame: Frame, title: str, lines: Mapping[str, str]) -> None:
    """Draw lines over time as columns by year; `lines` gives each the meaning of its colour, `title` is that of the data."""
    hue, data = colours(page.book.template.brand), by_year(page.book, title, [*lines])
    rows = [Row(data.column(k), data.name(k), hue[meaning]) for k, meaning in enumerate(lines.values(), 1)]
    columns(page, frame, data.column(0), rows, page.book.axis_format(lines))
