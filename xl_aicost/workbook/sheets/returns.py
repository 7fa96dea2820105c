"""The Returns page: when the cluster's cash comes back, and what is in service and on the books, year by year."""

from __future__ import annotations

from functools import partial

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.page import BODY, CAPTION, PICTURE, Figure, Page
from xl_aicost.workbook.pictures import Frame
from xl_aicost.workbook.sentence import said, when, where
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
    say, cell, years, hue = partial(said, book), partial(where, book), book.layout.years, colours(book.template.brand)
    rate = when(
        cell("ISNUMBER({cluster_irr})"),
        say("The cluster returns {cluster_irr:0.0%} a year where capital costs {discount_rate:0%}. "),
        '"The cluster returns less than -10% a year, or no rate at all. "',
    )
    page = Page(
        book,
        "Returns",
        f'{cluster_title(book)}&": returns"',
        '"When does the cash come back, and what is in service and on the books?"',
        f"{rate}&{verdict(book)}",
    )
    page.figures(
        BODY,
        (
            Figure(
                "Internal rate of return (IRR)",
                say("{cluster_irr:0.0%}"),
                say("capital costs {discount_rate:0%} a year"),
            ),
            Figure("Net present value (NPV)", say("{cluster_npv:$}"), f'"over {years} years, renewals included"'),
            Figure(
                "Payback, renewals included",
                payback(book),
                say("{payback_first_purchase_years:0.0} years for the first purchase alone"),
            ),
            Figure("Cash margin of a year", say("{cluster_margin:$}"), '"revenue less running cost, today"', "AI"),
            Figure(
                "Left at the end", say("{residual_value:$}"), say("book or resale value after {last_year}"), "people"
            ),
        ),
    )
    for at, line in (("B", "cluster_irr"), ("D", "cluster_npv")):
        page.colour(f"{at}{BODY + 1}", cell(f"AND(ISNUMBER({{{line}}}),{{{line}}}<0)"), hue["cut"])
    page.pictures()
    _add_cash(book, page)
    _add_stock(book, page)
    page.finish(_add_table(book, page, CAPTION + 2))


def _add_cash(book: Book, page: Page) -> None:
    """Add the picture of cash flow and profit by year."""
    total = where(book, "{total_cash_flow}")
    text = book.feed.text("Cash over the horizon", book.money(f"ABS({total})", "USD"), "$")
    message = when(f"{total}<0", '"Cash out exceeds cash in by "', '"Cash in exceeds cash out by "')
    title = book.feed.put("Title: cash flow and profit", f'={message}&{text}&" over {book.layout.years} years"')
    shown = "Columns by year: cash flow, with purchases as they are paid, and profit, with purchases written off."
    frame = Frame(f"B{PICTURE}", f"G{CAPTION}", title, shown, (0.1, 0.2, 0.87, 0.69))
    add_years(book, page, frame, "Cash flow and profit by year", PAIR)
    note = "Before tax and financing, not discounted. Each renewal of the hardware pulls cash down; profit spreads it over the life."
    page.put(f"B{CAPTION}", note, "Page note", to=f"F{CAPTION}")


def _add_stock(book: Book, page: Page) -> None:
    """Add the picture of what is bought and what it is worth on the books."""
    life = said(
        book, "Hardware is renewed every {useful_life:0.0} years; {residual_value:$} are left after {last_year}"
    )
    title = book.feed.put("Title: purchases and book value", f"={life}")
    shown = "Columns by year: capital spending of the year, and book value at its end."
    frame = Frame(f"G{PICTURE}", f"L{CAPTION}", title, shown, (0.1, 0.2, 0.87, 0.69))
    add_years(book, page, frame, "Capital spending and book value by year", STOCK)
    note = said(book, "Straight-line: hardware over {useful_life:0.0} years, the building over {facility_life:0}.")
    page.put(f"G{CAPTION}", f"={note}", "Page note", to=f"K{CAPTION}")


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
