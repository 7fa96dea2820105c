"""The Inputs sheet: one row an input, with the value of the user beside the one that is used, and the scenarios as columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.assumptions import Assumption, load_sources
from xl_aicost.assumptions.companies import company_year
from xl_aicost.support.text import abridged, web_address
from xl_aicost.support.values import Numbers
from xl_aicost.workbook.book import Book, as_typed, or_na, scale_of, unit_words
from xl_aicost.workbook.edition import Edition
from xl_aicost.workbook.layout import FIRST_SOURCE, LIVE, NUMBER_ROW, SCENARIO_ROW, TYPED_COLUMN, USED_COLUMN
from xl_aicost.workbook.page import FIRST as ANSWER
from xl_aicost.workbook.page import Page
from xl_aicost.workbook.sheets.control import add_choices, add_selector
from xl_aicost.workbook.sheets.sources import listed
from xl_aicost.workbook.style import CLASS_COLOURS, FORMATS, WHITE, choices, colours, limits
from xl_aicost.workbook.style import TYPED as TYPED_INK
from xl_aicost.workbook.template import BASE, COMPANY, RANGE, TYPED
from xl_aicost.xlsx.cells import place
from xl_aicost.xlsx.text import single_line

SHOWN_STORIES = 3  # columns of scenarios beside Base; the others are hidden and can be chosen
KINDS = dict.fromkeys(("actual", "filed", "quoted"), "published") | {"assumption": "assumed"}  # as readers see it
REVERSE = ": the low end is little of it, the high end much"  # whichever number is the larger
LONGEST_PUBLISHER = 24  # characters
ROW = 14  # points
GLOW = "FFE9A8"
TINY = 1e-6
HIDDEN_FROM = "id"
LARGE_UNITS = {1e9: "bn", 1e6: "m", 1e3: "k", 1.0: ""}


def add_inputs(book: Book) -> None:
    """Write the Inputs sheet, the names of its inputs and of the choices below them."""
    layout = book.layout
    first, last = min(layout.input_rows.values()), max(layout.input_rows.values())
    typed = f"COUNT({TYPED_COLUMN}{first}:{TYPED_COLUMN}{last})"
    counted = f'IF({typed}=0,"",IF({typed}=1,"1 value is yours.",{typed}&" values are yours."))'
    dollars = "" if book.template.brand.currency == "USD" else "Amounts are in US dollars, as published. "
    title = 'subject_title&": change a number, see it move"'
    rules = "Type only in the yellow cells, in the unit beside them. A blank cell uses the scenario's value. "
    columns = [335, 108, 96, 92, *[76] * len(layout.scenarios), 76, 76, 128, 72, 176]  # pixels, up to the source
    page = Page(book, "Inputs", title, f'"{rules}{dollars}"&{counted}', f"{ANSWER}!$B$5", columns)
    page.ws.sheet_properties.tabColor = CLASS_COLOURS["input"]
    add_selector(page)
    _add_heads(page)
    places = {s.id: row for row, s in enumerate(listed(book), FIRST_SOURCE)}
    number = 0
    for chapter, members in layout.inputs_by_chapter.items():
        reverse = any(book.assumptions[i].low > book.assumptions[i].high for i in members)
        title = chapter[:1].upper() + chapter[1:] + (REVERSE if reverse else "")
        page.section(f"B{layout.input_rows[members[0]] - 1}", title)
        for i in members:
            number += 1
            _add_row(page, book.assumptions[i], number, places)
            page.heights(layout.input_rows[i], ROW)
    rows = f"{TYPED_COLUMN}{first}:{USED_COLUMN}{last}"
    page.colour(rows, f"ISNUMBER(${TYPED_COLUMN}{first})", TYPED_INK, GLOW)
    kind = layout.input_columns["kind"]
    looks = Font(color=colours(book.template.brand)["cut"], italic=True)
    assumed = FormulaRule([f'${kind}{first}="assumed"'], font=looks)
    page.ws.conditional_formatting.add(f"{kind}{first}:{kind}{last}", assumed)
    bottom = add_choices(page, last + 3)
    page.finish(bottom, f"C{SCENARIO_ROW + 1}", f"{TYPED_COLUMN}{first}", heads=SCENARIO_ROW)


def _add_heads(page: Page) -> None:
    book, layout, columns = page.book, page.book.layout, page.book.layout.input_columns
    texts = {"B": "Input", "C": "  Unit", TYPED_COLUMN: TYPED, USED_COLUMN: "Used now"}
    texts |= {c: n for n, c in layout.scenario_columns.items() if n != COMPANY}
    texts |= {columns[n]: title for n, title in zip(("low", "high"), RANGE, strict=True)}
    beside = list(columns)[2:]  # set off as the notes below
    texts |= {columns[n]: f"  {n.replace('_', ' ').capitalize()}" for n in beside}
    left = {"B", "C", *(columns[n] for n in ("allowed", "kind", "source"))}
    for column, text in texts.items():
        page.put(f"{column}{SCENARIO_ROW}", text, "Head" if column in left else "Head right")
    if COMPANY in layout.scenario_columns:
        at = f"{layout.scenario_columns[COMPANY]}{SCENARIO_ROW}"
        book.by_edition(lambda: book.put_each(page.ws, at, [e.company for e in book.editions], "Head right"))
    first, last = layout.scenario_range
    head = f"{first}{SCENARIO_ROW}:{last}{SCENARIO_ROW}"
    page.colour(head, f"{first}${SCENARIO_ROW}=scenario", WHITE, book.template.brand.dark)
    page.heights(SCENARIO_ROW, 30)
    for number, column in enumerate(_digested(book), 1):
        page.put(f"{column}{NUMBER_ROW}", number, "Dense")
    page.ws.row_dimensions[NUMBER_ROW].hidden = True
    page.hide([*_hidden_stories(book), *(columns[n] for n in beside[beside.index(HIDDEN_FROM) :])])


def _hidden_stories(book: Book) -> list[str]:
    """Return the columns of the scenarios that stand behind the others: they are not seen and can be chosen."""
    columns = book.layout.scenario_columns
    stories = [n for n in columns if n not in (BASE, COMPANY)]
    first = [n for n in book.template.lanes if n in stories]
    shown = list(dict.fromkeys([*first, *stories]))[:SHOWN_STORIES]
    return [columns[n] for n in stories if n not in shown]


def input_format(unit: str) -> str:
    """Return the number format of an input: as many digits as were typed."""
    return {"share": "0.0##%", "ratio": "0.00##"}.get(unit, FORMATS.get(unit, "#,##0.####"))


def typed_unit(item: Assumption, dollars: str = "$") -> str:
    """Return the unit in which a number is typed into Inputs, its dollars as given.

    >>> from xl_aicost.assumptions import load_assumptions
    >>> [typed_unit(load_assumptions()[i]) for i in ("ai_spend", "loaded_cost", "gpu_unit_price", "layoff_share")]
    ['$bn a year', '$k a job, a year', '$ a GPU', '%']
    """
    return unit_words(item.unit, f"{dollars}{LARGE_UNITS[scale_of(item)]}")


def weight_of(item: Assumption) -> float:
    """Return what an input's values are measured in for its digest, so that no input drowns out the others."""
    base, high, most = (as_typed(item, value) for value in (item.base, item.high, item.max))
    return abs(base) or abs(high) or max(1.0, most / 1_000)


def _add_row(page: Page, item: Assumption, number: int, places: Mapping[str, int]) -> None:
    book, ws = page.book, page.ws
    layout, columns = book.layout, book.layout.input_columns
    row, number_format = layout.input_rows[item.id], input_format(item.unit)
    at = {what: f"{column}{row}" for what, column in columns.items()}
    typed, used = f"{TYPED_COLUMN}{row}", f"{USED_COLUMN}{row}"
    page.text(f"B{row}", item.label, "Dense")
    unit = typed_unit(item, book.dollars)
    page.text(f"C{row}", unit, "Dense note")
    for scenario, column in layout.scenario_columns.items():
        if scenario != COMPANY:
            page.put(f"{column}{row}", _shown(item, book.columns[scenario].get(item.id)), "Dense right", number_format)
    for what, end in (("low", item.low), ("high", item.high)):
        page.put(at[what], as_typed(item, end), "Dense right", number_format)
    book.by_edition(lambda: _write_own(page, item, at, number_format, places))
    first, last = layout.scenario_range
    pick, base = f"INDEX(${first}{row}:${last}{row},1,scenario_number)", f"${layout.scenario_columns[BASE]}{row}"
    picked = f'IF({pick}<>"",{pick},IF({base}<>"",{base},NA()))'  # n/a is a text here, and a missing Base an error
    page.put(used, f"=IF(ISNUMBER({typed}),{typed},{picked})", "Dense strong right", number_format)
    page.put(at["base_units"], f"=IF(ISNUMBER({used}),{used}*{at['scale']},NA())", "Calculation", "General")
    for limit, guided, ranged in (("from", "guided_from", "low"), ("to", "guided_to", "high")):
        held = at["base_units"]
        if COMPANY in layout.scenarios:
            own = f"AND(scenario_number={layout.scenarios.index(COMPANY) + 1},ISNUMBER({at[guided]}))"
            held = f"IF({own},{at[guided]},{held})"
        free = f'OR(scenario_number={layout.scenarios.index(BASE) + 1},{pick}="")'
        untyped = f"IF({free},{at[ranged]}*{at['scale']},{held})"
        page.put(at[limit], f"=IF(ISNUMBER({typed}),{at['base_units']},{untyped})", "Calculation", "General")
    book.by_edition(lambda: _store(book, ws, item, row))
    shipped = load_sources().get(item.source)
    notes = {"allowed": f"{_number(item, item.min)} to {_number(item, item.max)}", "id": item.id, "note": item.note}
    notes |= {"date": shipped.date if shipped else "as given", "owner": book.template.owner}
    for what, text in notes.items():
        page.text(at[what], text, "Dense note")
    page.put(at["number"], number, "Dense note")
    page.put(at["scale"], scale_of(item), "Given", "#,##0")
    page.put(at["min"], as_typed(item, item.min), "Given", number_format)
    page.put(at["max"], as_typed(item, item.max), "Given", number_format)
    one, base = f"{used}:{used}", f"{layout.scenario_columns[BASE]}{row}"  # IronCalc counts in ranges alone
    outside = f'COUNT({used})-COUNTIF({one},">="&{at["min"]})+COUNTIF({one},">"&{at["max"]})'
    page.put(at["outside"], f'={outside}+IF({base}="",1,0)', "Calculation", "0")
    page.put(at["weight"], weight_of(item), "Given", "0.00E+00")
    cells, numbers = (f"{first}{r}:{columns['high']}{r}" for r in (row, f"${NUMBER_ROW}"))
    weighed = f"(SUMPRODUCT({cells},{numbers})+SUM({typed})*{TYPED_COLUMN}${NUMBER_ROW})/{at['weight']}"
    digest = f"={at['number']}*({weighed}+COUNT({cells})+COUNT({typed}))"
    page.put(at["digest"], digest, "Calculation", "#,##0.0000")
    book.name(item.id, f"Inputs!${columns['base_units']}${row}")
    _add_limits(ws, item, unit, typed)


def _shown(item: Assumption, value: float | None) -> float | str | None:
    """Return a value as a scenario's cell shows it, in the unit in which it is typed."""
    return or_na(None if value is None else as_typed(item, value))


def _write_own(
    page: Page, item: Assumption, at: Mapping[str, str], number_format: str, places: Mapping[str, int]
) -> None:
    """Write what belongs to the request: the user's value, a company's figure, and of which kind and from where it is."""
    book, row = page.book, page.book.layout.input_rows[item.id]
    put_each, editions, own = book.put_each, book.editions, book.layout.scenario_columns.get(COMPANY)
    typed = [_shown(item, e.typed.get(item.id)) for e in editions]
    put_each(page.ws, f"{TYPED_COLUMN}{row}", typed, "Input", number_format)
    if own:
        shown = [_shown(item, e.figures.get(item.id)) for e in editions]
        put_each(page.ws, f"{own}{row}", shown, "Dense right", number_format)
        for end, what in enumerate(("guided_from", "guided_to")):
            guided = [e.case.guided.get(item.id) for e in editions]
            put_each(page.ws, at[what], [g[end] if g else None for g in guided], "Given", "General")
    told = [_kind_and_source(item, e) for e in editions]
    put_each(page.ws, at["kind"], [kind for kind, _ in told], "Dense note")
    put_each(page.ws, at["source"], [_short(source) for _, source in told], "Dense note")
    if len({source for _, source in told}) == 1:
        _link(page, at["source"], told[0][1], places)


def _kind_and_source(item: Assumption, edition: Edition) -> tuple[str, str]:
    """Return of which kind an input is and its source: of the company's figure where there is one, else of Base."""
    case = edition.case
    if item.id in edition.figures and case.company:
        figure = company_year(case.company, case.year, case.facts).figures.get(item.id)
        if figure is not None and not figure.on_file:
            return "n/a", "not on file"
        if figure is not None:
            return KINDS.get(figure.kind, figure.kind), figure.source.partition(" and ")[0] or "not on file"
    return KINDS.get(item.kind, item.kind), item.source


def _short(source: str) -> str:
    """Return a source in few words: who published it and when."""
    entry = load_sources().get(source)
    if entry is None:
        return abridged(web_address(source), 30)
    publisher = abridged(entry.publisher, LONGEST_PUBLISHER)
    return f"{publisher}, {entry.date[:4]}" if entry.publisher else abridged(entry.title, 30)


def _store(book: Book, ws: Worksheet, item: Assumption, row: int) -> None:
    value: Numbers = book.lane_inputs(LIVE)[item.id]
    book.store_shown(ws.title, row, place(f"{USED_COLUMN}1")[1], value / scale_of(item))
    columns = book.layout.input_columns
    for name, number in zip(("base_units", "from", "to"), (value, *book.ends(item.id)), strict=True):
        book.store(ws.title, row, place(f"{columns[name]}1")[1], number)


def _digested(book: Book) -> list[str]:
    """Return the columns that the fingerprint reads, in the order of their numbers: scenarios, ends of ranges, typed."""
    ends = [book.layout.input_columns[n] for n in ("low", "high")]
    return [*book.layout.scenario_columns.values(), *ends, TYPED_COLUMN]


def fingerprints(book: Book) -> list[float]:
    """Return for each case what the cell `inputs_fingerprint` comes to for the workbook as built."""
    scenarios, rows = [*book.layout.scenarios, *RANGE, TYPED], list(book.layout.input_rows)
    items = [book.assumptions[i] for i in rows]
    columns = [
        [book.column(s, e) for e in (book.editions if s in (COMPANY, TYPED) else book.editions[:1])] for s in scenarios
    ]
    shape = len(book.editions), len(rows)
    found = (np.array([[c.get(i, np.nan) for i in rows] for c in several], float) for several in columns)
    cells = np.array([np.broadcast_to(f, shape) for f in found]) / np.array([scale_of(a) for a in items], float)
    filled = ~np.isnan(cells)  # by scenario, edition and input
    place = np.arange(1.0, 1 + len(scenarios))[:, None, None]
    weighed = np.where(filled, place * cells, 0.0).sum(axis=0) / np.array([weight_of(a) for a in items], float)
    total = np.array([float(scenarios.index(e.shown) + 1 + book.start) for e in book.editions])
    for number, of_input in enumerate((weighed + filled.sum(axis=0)).T, 1):
        total += number * of_input
    return [float(t) for t in total]


def unmoved(stamp: str) -> str:
    """Return the condition that the inputs are those whose fingerprint stands in a cell."""
    return f"ABS({stamp}-inputs_fingerprint)<=fingerprint_tolerance*{stamp}"


def _link(page: Page, at: str, source: str, places: Mapping[str, int]) -> None:
    """Link a cell to the row of its source on Sources."""
    if source in places:
        page.lead(at, f"Sources!B{places[source]}")


def _number(item: Assumption, value: float) -> str:
    """Return a limit as it is typed: 5%, 1,000, 0.086; a smallest one above 0 in words."""
    if 0 < as_typed(item, value) < TINY:
        return "above 0"
    return f"{value * 100:,.10g}%" if item.unit == "share" else f"{as_typed(item, value):,.10g}"


def _add_limits(ws: Worksheet, item: Assumption, unit: str, at: str) -> None:
    unit = "" if item.unit == "share" else f" {unit}"
    said = f"{single_line(item.label[:120])}: from {_number(item, item.min)} to {_number(item, item.max)}{unit}."
    title = single_line(item.label)[:32]
    if item.unit == "choice":
        options = ",".join(str(i) for i in range(int(item.min), int(item.max) + 1))
        choices(ws, at, f'"{options}"', title, f"{said} {single_line(item.note)}"[:255], said)
    else:
        limits(ws, at, "decimal", as_typed(item, item.min), as_typed(item, item.max), title, said)
