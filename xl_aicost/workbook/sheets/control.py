"""The Control sheet: every choice that is not an assumption, and the fingerprint of all that may be changed."""

from __future__ import annotations

from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.case import PERIODS
from xl_aicost.errors import InputError, UnknownNameError
from xl_aicost.support.numbers import ROUNDING
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.feed import SHEET as FEED
from xl_aicost.workbook.layout import SCENARIO_ROW
from xl_aicost.workbook.style import FORMATS, choices, finish, fit_height, heads, limits, widths
from xl_aicost.xlsx.cells import merge, put, put_text

LIFE_POLICIES = ("own policy", "one life")
GRID_ROW = 19
PERIOD_NAMES = {n: name for name, n in PERIODS.items()}


def add_control(book: Book) -> None:
    """Write the Control sheet and the names of its cells."""
    ws = book.sheet("Control", "Control: what is shown, and from when", "control")
    heads(ws, ("Choice", "Value", "What it does", "", "", ""))
    last = list(book.layout.scenario_columns.values())[-1]
    lives = book.assumptions["useful_life"]
    rows: dict[str, tuple[str, Any, str, str, str]] = {
        "scenario": (
            "Scenario shown",
            book.edition.shown,
            "Choice",
            "General",
            "The column of Inputs that Live follows.",
        ),
        "first_year": ("First year", book.start, "Choice", "0", "First year of the time axis."),
        "sensitivity_output": (
            "Result to test",
            book.graph.lines[book.template.sensitivity[0]].label,
            "Choice",
            "General",
            "The result whose drivers the Sensitivity page ranks.",
        ),
        "company_life": (
            "Depreciation of companies",
            LIFE_POLICIES[0],
            "Choice",
            "General",
            "Each company's own policy, or one life for all: the policy alone moves depreciation by a fifth and more.",
        ),
        "one_life": ("The one life [years]", lives.base, "Choice", "0.0", "Used where one life is chosen."),
        "currency_per_usd": (
            f"{book.template.brand.currency} for a US dollar",
            book.template.brand.rate,
            "Choice",
            "0.0000",
            "Inputs and calculations are in US dollars; sheets for readers are multiplied by this rate.",
        ),
        "periods_per_year": (
            "Periods a year",
            book.layout.periods_per_year,
            "Given",
            "0",
            f"The axis counts in periods of a {PERIOD_NAMES[book.layout.periods_per_year]}; fixed when the file is made.",
        ),
        "scenario_number": (
            "Number of the scenario shown",
            f"=MATCH(scenario,Inputs!$E${SCENARIO_ROW}:${last}${SCENARIO_ROW},0)",
            "Calculation",
            "0",
            "Its place among the columns of Inputs.",
        ),
        "inputs_fingerprint": (
            "Fingerprint of the inputs",
            f"=SUM({book.layout.input_range('digest')})+scenario_number+first_year",
            "Total",
            "0.000000",
            "One number that moves with any input or choice. Whoever signs on Answer copies it there.",
        ),
        "fingerprint_tolerance": (
            "Fingerprints are equal within",
            ROUNDING,
            "Given",
            "0E+00",
            "Relative; far below a change of the last digit shown.",
        ),
    }
    for row, (name, (text, value, kind, form, meaning)) in enumerate(rows.items(), 6):
        put(ws, f"A{row}", text, "Label")
        put(ws, f"B{row}", value, kind, form)
        put_text(ws, f"C{row}", meaning, "Note")
        merge(ws, f"C{row}:F{row}")
        fit_height(ws, row, (meaning, 100))
        book.name(name, f"Control!$B${row}")
    choices(ws, "B6", f"Inputs!$E${SCENARIO_ROW}:${last}${SCENARIO_ROW}", "Scenario", "Choose the scenario to show.")
    limits(ws, "B7", "whole", 1900, 2200, "First year", "First year of the time axis: 1900 to 2200.")
    choices(ws, "B8", tested_labels(book), "Result to test", "Choose the result whose drivers are ranked.")
    choices(ws, "B9", f'"{",".join(LIFE_POLICIES)}"', "Depreciation", "Choose a life for the companies.")
    limits(ws, "B10", "decimal", lives.min, lives.max, "One life", f"From {lives.min:.10g} to {lives.max:.10g} years.")
    limits(ws, "B11", "decimal", 0.000001, 1_000_000, "Exchange rate", "Units of the currency for one US dollar.")
    _add_grid(book, ws)
    _choose(book, ws)
    book.by_edition(lambda: book.put_each(ws, "B6", [e.shown for e in book.editions], "Choice", "General"))
    widths(ws, 40, 30, 20, 20, 20, 20)
    finish(ws, "1:5", "A6")


def _add_grid(book: Book, ws: Worksheet) -> None:
    grid = book.template.grid
    heads(ws, ("Two-way table of the Sensitivity sheet", *(f"Value {n}" for n in range(1, 6))), GRID_ROW - 1)
    for row, i, values in ((GRID_ROW, grid.across, grid.across_values), (GRID_ROW + 1, grid.down, grid.down_values)):
        item = book.assumptions[i]
        put_text(ws, f"A{row}", f"{item.label} [{item.unit}]", "Label")
        for column, value in zip("BCDEF", values, strict=False):
            put(ws, f"{column}{row}", value, "Choice", FORMATS.get(item.unit, "#,##0.####"))
            book.name(f"{'across' if row == GRID_ROW else 'down'}_{ord(column) - 65}", f"Control!${column}${row}")
        limits(ws, f"B{row}:F{row}", "decimal", item.min, item.max, i, f"From {item.min:.10g} to {item.max:.10g}.")


def tested_labels(book: Book) -> str:
    """Write the results that may be tested on the Feed; return their cells."""
    lines = [book.graph.lines[n] for n in book.template.sensitivity]
    first = book.feed.row
    for line in lines:
        book.feed.put(line.label, line.unit, "Label")
    return f"{FEED}!$A${first}:$A${first + len(lines) - 1}"


def grid_cell(row: int, position: int) -> str:
    """Return the cell of a value of the two-way table; `row` 0 is across, 1 down."""
    return f"Control!${'BCDEF'[position]}${GRID_ROW + row}"


def chosen(book: Book) -> dict[str, str]:
    """Return the cells of Control that may be changed, by name."""
    names = {n: d.attr_text for n, d in book.wb.defined_names.items() if d.attr_text.startswith("Control!")}
    cells = {n: text.partition("!")[2].replace("$", "") for n, text in names.items()}
    return {n: at for n, at in cells.items() if not book.wb["Control"][at].protection.locked}


def _choose(book: Book, ws: Worksheet) -> None:
    """Put the choices of the request into their cells. Raises InputError for what a cell does not take."""
    cells = chosen(book)
    options = {"sensitivity_output": book.template.sensitivity, "company_life": LIFE_POLICIES}
    for name, value in book.choices.items():
        if name not in cells or name in ("scenario", "first_year"):
            raise UnknownNameError("choice", name, [n for n in cells if n not in ("scenario", "first_year")])
        if name in options and value not in options[name]:
            raise InputError(f"{name} = {value!r} is not one of {', '.join(options[name])}")
        if name not in options and not (isinstance(value, int | float) and value > 0):
            raise InputError(f"{name} = {value!r} is not a number above 0")
        ws[cells[name]].value = book.graph.lines[str(value)].label if name == "sensitivity_output" else value
