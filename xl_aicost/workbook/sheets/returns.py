"""The Returns page: when the cluster's cash comes back, and what is in service and on the books, year by year."""

from __future__ import annotations

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.page import BODY, CAPTION, LEFT, RIGHT, Figure, Page
from xl_aicost.workbook.pictures import YEAR_PLOT, Frame
from xl_aicost.workbook.sentence import IfKnown, amount, said, told, when, where
from xl_aicost.workbook.sheets.cluster import cluster_title, payback, verdict
from xl_aicost.workbook.sheets.tables import add_years, by_year
from xl_aicost.workbook.style import colours

YEARS = {  # line by the head of its column
    "GPUs bought": "gpus_bought",
    "GPUs in service": "gpus_in_service",
    "Revenue": "cluster_revenue",
    "Running cost": "opex_path",
    "Capex": "capex_path",
    "Cash flow": "cluster_cash_flow",
    "Cash to date": "cumulative_cash_flow",
    "Depreciation": "depreciation_path",
    "Book value": "book_value",
}
PAIR = {"cluster_cash_flow": "AI", "cluster_profit": "people"}  # with the meanings of their colours
STOCK = {"capex_path": "AI", "book_value": "overlap"}


def add_returns(book: Book) -> None:
    """Write the Returns page."""
    rate = IfKnown(
        "cluster_irr",
        "The cluster returns {cluster_irr:0.0%} a year where capital costs {discount_rate:0%}. ",
        "The cluster returns less than -10% a year, or no rate at all. ",
    )
    title = f'{cluster_title(book)}&": returns"'
    question = '"When does the cash come back, and what is in service and on the books?"'
    page = Page(book, "Returns", title, question, f"{told(book, rate)}&{verdict(book)}")
    over = f"over {book.layout.years} years, renewals included"
    first = "{payback_first_purchase_years:0.0} years for the first purchase alone"
    page.figures(
        Figure("Internal rate of return (IRR)", "{cluster_irr:0.0%}", "capital costs {discount_rate:0%} a year"),
        Figure("Net present value (NPV)", "{cluster_npv:$}", over),
        Figure("Payback, renewals included", payback(book), first),
        Figure("Cash margin of a year", "{cluster_margin:$}", "revenue less running cost, today", "AI"),
        Figure("Left at the end", "{residual_value:$}", "book or resale value after {last_year}", "people"),
    )
    for at, line in (("B", "cluster_irr"), ("D", "cluster_npv")):
        below = where(book, f"AND(ISNUMBER({{{line}}}),{{{line}}}<0)")
        page.colour(f"{at}{BODY + 1}", below, colours(book.template.brand)["cut"])
    page.pictures()
    _add_cash(book, page)
    _add_stock(book, page)
    page.finish(_add_table(book, page, CAPTION + 2))


def _add_cash(book: Book, page: Page) -> None:
    """Add the picture of cash flow and profit by year."""
    text = book.feed.text("Cash over the horizon", amount(book, "ABS({total_cash_flow})"), "$")
    message = when(
        where(book, "{total_cash_flow}<0"), '"Cash out exceeds cash in by "', '"Cash in exceeds cash out by "'
    )
    title = book.feed.put("Title: cash flow and profit", f'={message}&{text}&" over {book.layout.years} years"')
    shown = "Columns by year: cash flow, with purchases as they are paid, and profit, with purchases written off."
    add_years(page, Frame.of(LEFT, title, shown, YEAR_PLOT), "Cash flow and profit by year", PAIR)
    note = "Before tax and financing, not discounted. Each renewal of the hardware pulls cash down; profit spreads it over the life."
    page.caption(LEFT, note)


def _add_stock(book: Book, page: Page) -> None:
    """Add the picture of what is bought and what it is worth on the books."""
    life = "Hardware is renewed every {useful_life:0.0} years; {residual_value:$} are left after {last_year}"
    title = book.feed.put("Title: purchases and book value", f"={said(book, life)}")
    shown = "Columns by year: capital spending of the year, and book value at its end."
    add_years(page, Frame.of(RIGHT, title, shown, YEAR_PLOT), "Capital spending and book value by year", STOCK)
    note = said(book, "Straight-line: hardware over {useful_life:0.0} years, the building over {facility_life:0}.")
    page.caption(RIGHT, f"={note}")


def _add_table(book: Book, page: Page, row: int) -> int:
    """Write cash, service and books by year; return the last row."""
    page.section(f"B{row}", "Year by year")
    letters = "CDEFGHIJK"
    page.table_head(row + 1, {"B": "Year"} | dict(zip(letters, YEARS, strict=True)), letters)
    data = by_year(book, "Cash, service and books by year", tuple(YEARS.values()))
    for k in range(book.layout.years):
        at = row + 2 + k
        page.put(f"B{at}", f"={data.at(k, 0)}", "Dense", "0")
        for place, (column, line) in enumerate(zip(letters, YEARS.values(), strict=True), 1):
            unit = book.graph.lines[line].unit
            page.put(f"{column}{at}", f"={book.shown_as(data.at(k, place))}", "Dense right", book.page_format(unit))
    last = row + 1 + book.layout.years
    page.signs(f"H{row + 2}:I{last}")
    page.heights(row + 2, *[16] * book.layout.years)
    return last
