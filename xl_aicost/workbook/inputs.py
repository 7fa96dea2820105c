"""The Inputs sheet: scenarios as columns, one row an assumption, with limits and source."""

from __future__ import annotations

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.assumptions import Assumption, load_scenarios, load_sources
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import FIRST_SOURCE, SCENARIO_COLUMNS
from xl_aicost.workbook.style import FORMATS, band, finish, fit_height, heads, put, put_text, widths

COLUMNS = "EFGHIJ"
HEADS = ("Section", "Input", "Unit", "Id", *SCENARIO_COLUMNS, "Live", "Minimum", "Maximum")
TAIL = ("Out of range", "Kind", "Source", "Note")


def add_inputs(book: Book) -> None:
    """Write the Inputs sheet and the names of its live cells."""
    ws = book.sheet("Inputs", "Inputs", "BF9000")
    put(ws, "B4", "Scenario shown in the Live column", "Label")
    put(ws, "C4", book.scenario, "Choice")
    put(ws, "D4", f"=MATCH(scenario,E5:{COLUMNS[-1]}5,0)", "Calculation")
    put(ws, "F4", "First year", "Label")
    put(ws, "G4", book.start, "Choice", "0")
    book.name("scenario", "Inputs!$C$4")
    book.name("scenario_number", "Inputs!$D$4")
    book.name("first_year", "Inputs!$G$4")
    heads(ws, HEADS + TAIL)
    for chapter, members in book.layout.inputs_by_chapter.items():
        top = book.layout.input_rows[members[0]] - 1 if members else None
        if top:
            band(ws, top, chapter.capitalize(), len(HEADS + TAIL))
        for i in members:
            _add_row(book, ws, book.assumptions[i], book.layout.input_rows[i])
    _add_validation(ws, book)
    widths(ws, 12, 46, 14, 24, 14, 14, 14, 14, 14, 14, 16, 15, 19, 9, 12, 40, 70)
    finish(ws, "1:5", "E6", pages_wide=2)
    ws.print_title_cols = "A:B"


def _add_row(book: Book, ws: Worksheet, item: Assumption, row: int) -> None:
    form = {"share": "0.0##%"}.get(item.unit, FORMATS.get(item.unit, "#,##0.####"))
    if item.unit == "ratio":
        form = "0.00##"
    article = load_scenarios()
    values = (
        item.low,
        item.base,
        item.high,
        book.custom.get(item.id),
        article["article-low"].get(item.id),
        article["article-high"].get(item.id),
    )
    put_text(ws, f"B{row}", item.label)
    put(ws, f"C{row}", item.unit, "Label")
    put(ws, f"D{row}", item.id, "Note")
    for column, value in zip(COLUMNS, values, strict=True):
        put(ws, f"{column}{row}", value, "Input", form)
    pick = f"INDEX($E{row}:$J{row},scenario_number)"
    put(ws, f"K{row}", f'=IF({pick}="",$F{row},{pick})', "Total", form)
    put(ws, f"L{row}", item.min, "Given", form)
    put(ws, f"M{row}", item.max, "Given", form)
    put(ws, f"N{row}", f"=IF(AND(K{row}>=L{row},K{row}<=M{row}),0,1)", "Calculation", "0")
    put(ws, f"O{row}", item.kind, "Label")
    _add_source(ws, f"P{row}", item.source)
    put_text(ws, f"Q{row}", item.note, "Note")
    fit_height(ws, row, (item.label, 44), (item.note, 78), (ws[f"P{row}"].value, 44))
    book.name(item.id, f"Inputs!$K${row}")


def _add_source(ws: Worksheet, at: str, source: str) -> None:
    """Write where a number is from, linked to its row on Sources, or to the address that a user's own row gives."""
    shipped = load_sources()
    if source in shipped:
        put_text(ws, at, shipped[source].title, "Note")
        ws[at].hyperlink = Hyperlink(ref=at, location=f"Sources!A{FIRST_SOURCE + list(shipped).index(source)}")
    else:
        put_text(ws, at, source, "Note")
        ws[at].hyperlink = Hyperlink(ref=at, target=source)


def _add_validation(ws: Worksheet, book: Book) -> None:
    choice = DataValidation("list", formula1="$E$5:$J$5", allow_blank=False, showErrorMessage=True)
    choice.error, choice.errorTitle = "Choose one of the scenarios in the list.", "Scenario"
    choice.prompt, choice.promptTitle, choice.showInputMessage = "Choose the scenario to show.", "Scenario", True
    choice.add("C4")
    years = DataValidation("whole", operator="between", formula1="1900", formula2="2200", showErrorMessage=True)
    years.prompt, years.promptTitle, years.showInputMessage = "First year of the time axis.", "First year", True
    years.add("G4")
    for dv in (choice, years):
        ws.add_data_validation(dv)
    for i, row in book.layout.input_rows.items():
        item = book.assumptions[i]
        if item.unit == "choice":
            options = ",".join(str(i) for i in range(int(item.min), int(item.max) + 1))
            limits = DataValidation("list", formula1=f'"{options}"', allow_blank=True)
        else:
            limits = DataValidation("decimal", operator="between", formula1=f"$L{row}", formula2=f"$M{row}")
            limits.allow_blank = True
        limits.showErrorMessage = limits.showInputMessage = True
        limits.errorTitle = limits.promptTitle = item.id[:32]
        limits.error = f"From {item.min:.10g} to {item.max:.10g} {item.unit}."
        limits.prompt = f"{item.label[:180]}. {limits.error}"
        limits.add(f"E{row}:J{row}")
        ws.add_data_validation(limits)
