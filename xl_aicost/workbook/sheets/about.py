"""The About page: what the workbook is for and whose it is, what its cells' looks mean, and its sheets."""

from __future__ import annotations

from openpyxl.styles import Protection

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.page import BODY, Page
from xl_aicost.workbook.sheets.checks import in_short, noted_ranges
from xl_aicost.workbook.subject import CURRENCIES
from xl_aicost.xlsx.cells import restyle

LEGEND = {
    "Input": "may be changed",
    "Choice": "may be chosen",
    "Given": "given when the file was made",
    "Calculation": "calculation",
    "Link from a sheet": "link from another sheet",
    "Total": "total, or result of the scenario shown",
}
NOTHING, BLANK = '"Nothing to look at"', '" "'
NOTES = 4  # checks that fail or are to be looked at, which the page lists
FROM_TEMPLATE = ("Purpose", "Owner")  # texts of users, which are never formulas


def add_about(book: Book) -> None:
    """Write the About page."""
    t, brand = book.template, book.template.brand
    question = '"What is this workbook, whose is it, does it hold together, and where is what?"'
    page = Page(book, "About", 'subject_title&": about this workbook"', question, in_short())
    money = CURRENCIES.get(brand.currency, brand.currency)
    rate = "" if brand.currency == "USD" else f" at {brand.rate:.10g} for a US dollar; Inputs and Claims in US dollars"
    about = {
        "Purpose": t.purpose,
        "Owner": t.owner,
        "Version": book.edition.record["generator"],
        "Data as of": book.edition.record["data"],
        "Currency and units": f"{money[:1].upper()}{money[1:]}{rate}; each amount says its unit, as {book.sign}m. Calendar years "
        "unless a fiscal year is named",
        "Sign convention": "Costs and savings are positive in their own lines; cash flows are plus in, minus out",
    }
    page.section(f"B{BODY}", "About")
    for row, (name, text) in enumerate(about.items(), BODY + 1):
        page.put(f"B{row}", name, "Dense strong", to=f"C{row}")
        (page.text if name in FROM_TEMPLATE else page.put)(f"D{row}", text, "Dense", to=f"K{row}")
    row = BODY + len(about) + 2
    page.section(f"B{row}", "What the checks say to look at")
    texts, numbers = noted_ranges(book)
    for k, at in enumerate(range(row + 1, row + 1 + NOTES), 1):
        noted = f"INDEX({texts},MATCH({k},{numbers},0),1)"
        text = f'IF(MAX({numbers})<{k},{NOTHING if k == 1 else BLANK},"\N{BLACK UP-POINTING TRIANGLE} Does not hold: "&{noted})'
        page.put(f"B{at}", f"={text}", "Dense", to=f"K{at}")
    page.unruled(f"B{row + 1}:K{row + NOTES}")
    row += NOTES + 2
    page.section(f"B{row}", "What the looks of a cell mean")
    for at, (kind, text) in enumerate(LEGEND.items(), row + 1):
        page.put(f"B{at}", 1234, kind, "#,##0")
        restyle(page.ws[f"B{at}"], protection=Protection(locked=True))
        page.put(f"C{at}", None, "Dense")
        page.put(f"D{at}", text, "Dense", to=f"K{at}")
    row += len(LEGEND) + 2
    page.section(f"B{row}", "Sheets")
    for at, (sheet, (kind, text)) in enumerate(book.contents.items(), row + 1):
        page.link(f"B{at}", sheet, sheet, to=f"D{at}")
        page.put(f"E{at}", kind, "Dense")
        page.put(f"F{at}", text, "Dense", to=f"K{at}")
    page.finish(row + len(book.contents))
