"""The Inputs sheet: scenarios as columns, one row an assumption, with limits, source and digest."""

from __future__ import annotations

import numpy as np
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.assumptions import Assumption, load_sources
from xl_aicost.workbook.book import Book, chosen_value, or_na
from xl_aicost.workbook.layout import FIRST_SOURCE, LIVE, NUMBER_ROW, SCENARIO_ROW
from xl_aicost.workbook.style import FORMATS, band, choices, finish, fit_height, heads, limits, widths
from xl_aicost.workbook.template import BASE, CUSTOM, RANGE
from xl_aicost.xlsx.cells import place, put, put_text
from xl_aicost.xlsx.text import single_line

HEADS = ("No.", "Input", "Unit", "Id")
TAIL = (
    "Low",
    "High",
    "Live",
    "Minimum",
    "Maximum",
    "Out of range",
    "Kind",
    "Source",
    "Date",
    "Owner",
    "Note",
    "Scale",
    "Digest",
)


def add_inputs(book: Book) -> None:
    """Write the Inputs sheet and the names of its live cells."""
    ws = book.sheet("Inputs", "Inputs", "input")
    layout = book.layout
    put(
        ws,
        "B4",
        "Blue on cream may be changed. A blank cell of a scenario takes Base. The scenario is chosen on Control.",
        "Note",
    )
    heads(ws, (*HEADS, *layout.scenarios, *TAIL), SCENARIO_ROW)
    ws.row_dimensions[SCENARIO_ROW].height = 30
    put(ws, f"B{NUMBER_ROW}", "Number of the scenario", "Note")
    for number, column in enumerate([*layout.scenario_columns.values(), *_ends(book)], 1):
        put(ws, f"{column}{NUMBER_ROW}", number, "Note")
    number = 0
    for chapter, members in layout.inputs_by_chapter.items():
        band(ws, layout.input_rows[members[0]] - 1, chapter.capitalize(), len(HEADS + TAIL) + len(layout.scenarios))
        for i in members:
            number += 1
            _add_row(book, ws, book.assumptions[i], number)
    widths(
        ws, 12, 46, 14, 24, *([15] * (len(layout.scenarios) + len(RANGE))), 18, 20, 20, 9, 12, 40, 11, 12, 70, 12, 14
    )
    finish(ws, "1:5", f"E{NUMBER_ROW}", pages_wide=2)
    ws.print_title_cols = "A:B"


def input_format(unit: str) -> str:
    """Return the number format of an input: as many digits as were typed."""
    return {"share": "0.0##%", "ratio": "0.00##"}.get(unit, FORMATS.get(unit, "#,##0.####"))


def scale_of(item: Assumption) -> float:
    """Return what an input's values are measured in for its digest, so that no input drowns out the others."""
    return abs(item.base) or abs(item.high) or max(1.0, item.max / 1_000)


def _add_row(book: Book, ws: Worksheet, item: Assumption, number: int) -> None:
    row, columns = book.layout.input_rows[item.id], book.layout.input_columns
    form = input_format(item.unit)
    first, last = (list(book.layout.scenario_columns.values())[i] for i in (0, -1))
    put(ws, f"A{row}", number, "Note")
    put_text(ws, f"B{row}", item.label, "Text")
    put(ws, f"C{row}", item.unit, "Label")
    put(ws, f"D{row}", item.id, "Note")
    for scenario, column in book.layout.scenario_columns.items():
        if scenario != CUSTOM:
            put(ws, f"{column}{row}", or_na(book.columns[scenario].get(item.id)), "Input", form)
    for end, column in zip(RANGE, _ends(book), strict=True):
        put(ws, f"{column}{row}", getattr(item, end.lower()), "Input", form)
    custom = f"{book.layout.scenario_columns[CUSTOM]}{row}"
    book.by_edition(
        lambda: book.put_each(ws, custom, [or_na(e.custom.get(item.id)) for e in book.editions], "Input", form)
    )
    pick = f"INDEX(${first}{row}:${last}{row},1,scenario_number)"
    live, low, high = (f"{columns[c]}{row}" for c in ("live", "min", "max"))
    put(ws, live, f"={chosen_value(item, pick, f'${book.layout.scenario_columns[BASE]}{row}')}", "Total", form)
    book.by_edition(lambda: book.know(ws.title, row, place(live)[1], book.lane_inputs(LIVE)[item.id]))
    one = f"{live}:{live}"  # IronCalc counts in ranges alone
    put(ws, low, item.min, "Given", form)
    put(ws, high, item.max, "Given", form)
    put(
        ws,
        f"{columns['outside']}{row}",
        f'=COUNT({live})-COUNTIF({one},">="&{low})+COUNTIF({one},">"&{high})',
        "Calculation",
        "0",
    )
    put(ws, f"{columns['kind']}{row}", item.kind, "Label")
    _add_source(ws, f"{columns['source']}{row}", item.source)
    shipped = load_sources().get(item.source)
    put_text(ws, f"{columns['date']}{row}", shipped.date if shipped else "as given", "Note")
    put_text(ws, f"{columns['owner']}{row}", book.template.owner, "Note")
    put_text(ws, f"{columns['note']}{row}", item.note, "Note")
    put(ws, f"{columns['scale']}{row}", scale_of(item), "Given", "0.00E+00")
    end = _ends(book)[-1]
    cells = f"{first}{row}:{end}{row}"
    weighed = f"SUMPRODUCT({cells},{first}${NUMBER_ROW}:{end}${NUMBER_ROW})/{columns['scale']}{row}"
    put(ws, f"{columns['digest']}{row}", f"=$A{row}*({weighed}+COUNT({cells}))", "Calculation", "#,##0.0000")
    fit_height(ws, row, (item.label, 44), (item.note, 78), (ws[f"{columns['source']}{row}"].value, 44), (item.id, 24))
    book.name(item.id, f"Inputs!${columns['live']}${row}")
    _add_limits(ws, item, cells, f"${low}", f"${high}")


def _ends(book: Book) -> list[str]:
    """Return the columns of the low and the high end of the range."""
    return [book.layout.input_columns[end.lower()] for end in RANGE]


def fingerprints(book: Book) -> list[float]:
    """Return for each case what the cell `inputs_fingerprint` comes to for the workbook as built."""
    scenarios = [*book.layout.scenarios, *RANGE]
    found = np.array([float(scenarios.index(e.shown) + 1 + book.start) for e in book.editions])
    for number, i in enumerate(book.layout.input_rows, 1):
        weighed, count = np.zeros(len(found)), np.zeros(len(found))
        for k, scenario in enumerate(scenarios, 1):
            if scenario == CUSTOM:
                cells = np.array([e.custom.get(i, np.nan) for e in book.editions], float)
                filled = ~np.isnan(cells)
                weighed += np.where(filled, k * cells, 0.0)
                count += filled
            elif (value := book.column(scenario, book.edition).get(i, np.nan)) == value:
                weighed += k * value
                count += 1
        found += number * (weighed / scale_of(book.assumptions[i]) + count)
    return [float(f) for f in found]


def unmoved(stamp: str) -> str:
    """Return the condition that the inputs are those whose fingerprint stands in a cell."""
    return f"ABS({stamp}-inputs_fingerprint)<=fingerprint_tolerance*{stamp}"


def _add_source(ws: Worksheet, at: str, source: str) -> None:
    """Write where a number is from, linked to its row on Sources, or to the address that a user's own row gives."""
    shipped = load_sources()
    if source in shipped:
        put_text(ws, at, shipped[source].title, "Note")
        ws[at].hyperlink = Hyperlink(ref=at, location=f"Sources!A{FIRST_SOURCE + list(shipped).index(source)}")
    else:
        put_text(ws, at, source, "Note")
        ws[at].hyperlink = Hyperlink(ref=at, target=source)


def _add_limits(ws: Worksheet, item: Assumption, at: str, low: str, high: str) -> None:
    said = f"{single_line(item.label[:120])}. From {item.min:.10g} to {item.max:.10g} {item.unit}."
    if item.unit == "choice":
        options = ",".join(str(i) for i in range(int(item.min), int(item.max) + 1))
        choices(ws, at, f'"{options}"', item.id, said)
    else:
        limits(ws, at, "decimal", low, high, item.id, said)
