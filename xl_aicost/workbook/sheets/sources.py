"""The sheets of record: Sources, and Provenance, from which the workbook can be built again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from openpyxl.packaging.custom import StringProperty
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.assumptions import Source, load_claims, load_scenarios, load_sources
from xl_aicost.assumptions.figures import NAMES
from xl_aicost.support.text import abridged, web_address
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.edition import CELL_LIMIT, OWN_FILES
from xl_aicost.workbook.layout import FIRST_SOURCE
from xl_aicost.workbook.page import Page
from xl_aicost.workbook.style import finish, heads, widths
from xl_aicost.workbook.template import COMPANY
from xl_aicost.xlsx.cells import Text, put

CUSTOM_LIMIT = 255  # characters
WEB = ("http://", "https://")
COLUMNS = "BCDEFHI"  # of Sources: the first five on the page, the next beside it, the last hidden
HEADS = ("Publication", "  Publisher", "  Date", "  Used by", "  Address", "What it says", "Id")  # set off as the notes
WIDTHS = (80, 46, 10, 60, 36)  # characters
HEIGHTS = {"request": 56, "typed_inputs": 42, "own_assumptions": 400, "own_template": 400}


def listed(book: Book) -> list[Source]:
    """Return the sources that a workbook's numbers are from: inputs, stories, companies and claims, then a user's own."""
    used, shipped = _users(book), load_sources()
    own = (s for s in used if s and s not in shipped)
    return [s for s in shipped.values() if s.id in used] + [_own(s) for s in own]


def _own(text: str) -> Source:
    """Return the source that a row of a user's file names, often an address alone."""
    return Source(text, web_address(text), "own file", "", text if text.startswith(WEB) else "", "")


def _users(book: Book) -> dict[str, list[str]]:
    """Return what each source is used by, in words."""
    used: dict[str, list[str]] = {}
    for a in book.assumptions.values():
        used.setdefault(a.source, []).append(a.label)
    for story in load_scenarios().values():
        for s in story.settings:
            used.setdefault(s.source, []).append(f"scenario {story.title}")
    if "Claims" in book.template.sheets:
        for claim in load_claims().values():
            for source in claim.sources:
                used.setdefault(source, []).append("claims")
    if COMPANY in book.layout.scenarios or "Companies" in book.template.sheets:
        for f in book.edition.case.facts:
            used.setdefault(f.source, []).append(f"figures of {NAMES.get(f.company, f.company)}")
    return used


def add_sources(book: Book) -> None:
    """Write the Sources page: what each number is from, and what the publication says, to the right of the page."""
    sources, used = listed(book), _users(book)
    title, question = 'subject_title&": where the numbers are from"', '"Which publication stands behind which number?"'
    published = sum(s.id != "model" for s in sources)
    behind = f"{published} publications stand behind the numbers of this workbook"
    answer = f'"{behind}; what we assume ourselves is marked on Inputs."'
    page = Page(book, "Sources", title, question, answer, (470, 260, 84, 330, 216))
    page.across(FIRST_SOURCE - 1, COLUMNS, HEADS, "Head")
    for row, source in enumerate(sources, FIRST_SOURCE):
        users = list(dict.fromkeys(used[source.id]))
        more = f" and {len(users) - 2} more" if len(users) > 2 else ""
        texts = (source.title, source.publisher, source.date, ", ".join(users[:2]) + more, source.url)
        first, *others = (Text(abridged(text, width)) for text, width in zip(texts, WIDTHS, strict=True))
        page.put(f"B{row}", first, "Dense")
        page.across(row, COLUMNS[1:], (*others, Text(source.quote), Text(source.id)), "Dense note")
        if source.url:
            page.lead(f"F{row}", address=source.url)
    page.heights(FIRST_SOURCE - 1, 20, *[13] * len(sources))
    page.ws.column_dimensions["H"].width = 100
    page.hide("I")
    page.finish(FIRST_SOURCE + len(sources) - 1, f"C{FIRST_SOURCE}", heads=FIRST_SOURCE - 1)


def add_provenance(book: Book) -> None:
    """Write the Provenance sheet: what made the workbook, from what, and the request in full."""
    ws = book.sheet("Provenance", "Provenance: what made this workbook", "record")
    heads(ws, ("What", "Value"), 4)
    for row, (key, text) in enumerate(_in_cells(book.edition.record), 5):
        put(ws, f"A{row}", key, "Label")
        ws.row_dimensions[row].height = 14 if text == "none" and key in OWN_FILES else HEIGHTS.get(key, 14)
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
