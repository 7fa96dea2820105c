"""The sheets of record: Sources, and Provenance, from which the workbook can be built again."""

from __future__ import annotations

from openpyxl.packaging.custom import StringProperty
from openpyxl.worksheet.hyperlink import Hyperlink

from xl_aicost.assumptions import load_facts, load_sources
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import FIRST_SOURCE
from xl_aicost.workbook.style import finish, fit_height, heads, put, put_text, widths

CUSTOM_LIMIT = 255


def add_sources(book: Book) -> None:
    """Write the Sources sheet."""
    ws = book.sheet("Sources", "Sources", "record")
    heads(ws, ("Id", "Title", "Publisher", "Date", "Address", "What it says", "Used by"))
    used: dict[str, list[str]] = {}
    for a in book.assumptions.values():
        used.setdefault(a.source, []).append(a.id)
    for f in load_facts():
        used.setdefault(f.source, []).append(f"{f.company} {f.measure}")
    for row, source in enumerate(load_sources().values(), FIRST_SOURCE):
        for column, text in zip("ABCDEF", vars(source).values(), strict=True):
            put_text(ws, f"{column}{row}", text, "Note" if column in "AF" else "Text")
        if source.url:
            ws[f"E{row}"].hyperlink = Hyperlink(ref=f"E{row}", target=source.url)
        users = ", ".join(dict.fromkeys(used.get(source.id, ())))
        put_text(ws, f"G{row}", users, "Note")
        fit_height(
            ws, row, (source.title, 44), (source.quote, 50), (users, 50), (source.url, 42), (source.publisher, 28)
        )
    widths(ws, 22, 46, 30, 11, 44, 44, 44)
    finish(ws, "1:5", "B6")


def add_provenance(book: Book) -> None:
    """Write the Provenance sheet: what made the workbook, from what, and the request in full."""
    ws = book.sheet("Provenance", "Provenance: what made this workbook", "record")
    heads(ws, ("What", "Value"), 4)
    for row, (key, text) in enumerate(book.facts.items(), 5):
        put(ws, f"A{row}", key, "Label")
        put_text(ws, f"B{row}", text)
        fit_height(ws, row, (text, 120))
        ws.row_dimensions[row].height = min(ws.row_dimensions[row].height, 400)
        book.wb.custom_doc_props.append(StringProperty(name=f"xl_aicost_{key}", value=text[:CUSTOM_LIMIT]))
    widths(ws, 30, 120)
    finish(ws, "1:4", "A5")
