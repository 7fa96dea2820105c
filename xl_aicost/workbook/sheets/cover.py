"""The Cover: the question, the answer, the results of all lanes, who signed, what a reader must know."""

from __future__ import annotations

from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.logo import add_logo
from xl_aicost.workbook.sentence import live_sentence
from xl_aicost.workbook.sheets.tables import FIRST_LANE, lane_table, title_each
from xl_aicost.workbook.style import band, finish, heads, limits, link, page_break, widths
from xl_aicost.xlsx.cells import merge, put, put_text, restyle

SIGNERS = ("Prepared by", "Reviewed by", "Approved by")
LEGEND = {
    "Input": "Input: may be changed",
    "Choice": "Choice: may be changed",
    "Given": "Given when the file was made",
    "Calculation": "Calculation",
    "Link from a sheet": "Link from another sheet",
    "Total": "Total or result of the scenario shown",
}
ROWS_WITH_TEXT = 30  # rows of a page of which some are high
CURRENCY_NAMES = {"USD": "US dollars"}
FROM_TEMPLATE = ("Purpose", "Owner")  # texts of users, which are never formulas


def add_cover(book: Book, contents: dict[str, tuple[str, str]]) -> None:
    """Write the Cover; `contents` gives class and purpose of each sheet, by its name."""
    ws, t = book.sheet("Cover", book.template.title, "cover"), book.template
    book.by_edition(lambda: title_each(book, ws))
    width = FIRST_LANE + len(book.layout.lanes) - 1
    _lead(ws, 5, "The question", width)
    put_text(ws, "A6", t.question, "Lead")
    _lead(ws, 7, "The answer, for the scenario shown", width)
    put(ws, "A8", live_sentence(book, t.answer), "Lead")
    row = lane_table(book, ws, 10, t.headline) + 1
    row = _add_about(book, ws, row, width)
    page_break(ws, row)
    signed_at = row
    row = _add_signatures(ws, row + 2)
    row = _add_legend(ws, row + 2)
    row = _add_limits(book, ws, row + 2, width)
    if row - signed_at + len(contents) > ROWS_WITH_TEXT:
        page_break(ws, row + 1)
    _add_contents(ws, row + 2, width, contents)
    if t.brand.logo:
        add_logo(book, ws, f"{get_column_letter(width - 1)}1")
    widths(ws, 60, *([14] * (width - 1)))
    finish(ws, "1:3", "A4")


def _merge(ws: Worksheet, row: int, first: str, width: int) -> None:
    merge(ws, f"{first}{row}:{get_column_letter(width)}{row}")


def _lead(ws: Worksheet, row: int, title: str, width: int) -> None:
    band(ws, row, title, width)
    _merge(ws, row + 1, "A", width)
    ws.row_dimensions[row + 1].height = 36


def _add_about(book: Book, ws: Worksheet, row: int, width: int) -> int:
    t, brand = book.template, book.template.brand
    money = CURRENCY_NAMES.get(brand.currency, brand.currency)
    rate = "" if brand.currency == "USD" else f", {brand.rate:.10g} for a US dollar (see Control)"
    about = {
        "Purpose": t.purpose,
        "Owner": t.owner,
        "Version": book.edition.record["generator"],
        "Data as of": book.edition.record["data"],
        "Currency and units": f"{money}{rate}; {brand.currency} {brand.display_unit} where a unit says so. "
        "Calendar years unless a company's fiscal year is named",
        "Sign convention": "Costs and savings are positive in their own lines; cash flows are plus in, minus out",
        "What the inputs are": _kinds(book.layout.input_range("kind"), book.layout.input_range("Base")),
        "Scenario shown": "=scenario",
        "Status": '=IF(check_errors=0,"All checks hold","Checks fail: see the Checks sheet")',
    }
    put(ws, f"A{row}", "About this workbook", "Column head")
    for name, text in about.items():
        row += 1
        put(ws, f"A{row}", name, "Label")
        (put_text if name in FROM_TEMPLATE else put)(ws, f"B{row}", text, "Text")
        _merge(ws, row, "B", width)
    return row


def _kinds(cells: str, numbers: str) -> str:
    """Return the sentence that counts the inputs which nobody published as they stand."""
    count = f'COUNTIF({cells},"{{}}")'
    return (
        f'={count.format("assumption")}&" assumptions and "&{count.format("estimate")}&" estimates among "'
        f'&COUNT({numbers})&" inputs; the others are actual or contract figures"'
    )


def _add_signatures(ws: Worksheet, row: int) -> int:
    heads(ws, ("Sign-off", "Name", "Date", "Fingerprint signed", "Fingerprint now", "State"), row)
    ws.row_dimensions[row].height = 28
    for signer in SIGNERS:
        row += 1
        put(ws, f"A{row}", signer, "Label")
        for column, form in zip("BCD", ("General", "yyyy-mm-dd", "0.000000"), strict=True):
            put(ws, f"{column}{row}", None, "Choice", form)
        put(ws, f"E{row}", "=inputs_fingerprint", "Link from a sheet", "0.000000")
        apart = f"(ABS(D{row}-E{row})>fingerprint_tolerance*E{row})"
        states = '"not signed","signed, unchanged","changed since sign-off"'
        put(ws, f"F{row}", f"=CHOOSE(1+COUNT(D{row})*(1+{apart}),{states})", "Status")
        limits(ws, f"B{row}", "textLength", 0, 80, signer, "Name of the person, at most 80 characters.")
        limits(ws, f"C{row}", "date", 36526, 109574, signer, "Date of signing, as 2026-11-24.")
        prompt = "Copy the fingerprint shown beside: it moves when an input or a choice does."
        limits(ws, f"D{row}", "decimal", "-1E+15", "1E+15", signer, prompt)
    return row


def _add_legend(ws: Worksheet, row: int) -> int:
    put(ws, f"A{row}", "Legend", "Column head")
    for kind, text in LEGEND.items():
        row += 1
        put(ws, f"A{row}", text, "Label")
        cell = put(ws, f"B{row}", 1234, kind, "#,##0")
        restyle(cell, protection=Protection(locked=True))
    return row


def _add_limits(book: Book, ws: Worksheet, row: int, width: int) -> int:
    put(ws, f"A{row}", "Known limits", "Column head")
    for limit in book.template.limits:
        row += 1
        put_text(ws, f"A{row}", limit)
        _merge(ws, row, "A", width)
    return row


def _add_contents(ws: Worksheet, row: int, width: int, contents: dict[str, tuple[str, str]]) -> None:
    heads(ws, ("Contents", "Class", "What it holds"), row)
    for sheet, (kind, text) in contents.items():
        row += 1
        link(ws, f"A{row}", sheet, sheet)
        put(ws, f"B{row}", kind, "Label")
        put(ws, f"C{row}", text, "Text")
        _merge(ws, row, "C", width)
