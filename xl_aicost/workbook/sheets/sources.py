"""The sheets of record: Sources, and Provenance, from which the workbook can be built again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from openpyxl.packaging.custom import StringProperty
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.assumptions import load_facts, load_sources
from xl_aicost.workbook.book import CELL_LIMIT, Book
from xl_aicost.workbook.layout import FIRST_SOURCE
from xl_aicost.workbook.style import finish, fit_height, heads, widths
from xl_aicost.xlsx.cells import put, put_text

CUSTOM_LIMIT = 255  # characters
HEIGHTS = {"request": 56, "custom_inputs": 70, "own_assumptions": 400, "own_template": 400}


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
    for row, (key, text) in enumerate(_in_cells(book.edition.record), 5):
        put(ws, f"A{row}", key, "Label")
        ws.row_dimensions[row].height = HEIGHTS.get(key, 14) if text != "none" else 14
    properties = {key: StringProperty(name=f"xl_aicost_{key}", value="") for key in book.edition.record}
    book.by_edition(lambda: _write_facts(book, ws, properties))
    for one in properties.values():
        book.wb.custom_doc_props.append(one)
    widths(ws, 30, 120)
    finish(ws, "1:4", "A5")


def _write_facts(book: Book, ws: Worksheet, properties: Mapping[str, StringProperty]) -> None:
    every = [[*_in_cells(e.record)] for e in book.editions]
    for row, pieces in enumerate(zip(*every, strict=True), 5):
        book.put_each(ws, f"B{row}", [text for _, text in pieces], "Text")
    for key, one in properties.items():
        one.value = book.text_each(one.name, [e.record[key][:CUSTOM_LIMIT] for e in book.editions])


def _in_cells(facts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield facts in pieces that a cell holds; the pieces of one fact follow each other under its key."""
    for key, text in facts.items():
        for start in range(0, max(len(text), 1), CELL_LIMIT):
            yield key, text[start : start + CELL_LIMIT]
