"""The choices of a workbook that are no inputs: the scenario shown, the first year, what is tested, in which currency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from openpyxl.styles import Alignment, Border
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.assumptions import Assumption
from xl_aicost.case import PERIODS, model
from xl_aicost.errors import InputError, UnknownNameError
from xl_aicost.support.numbers import ROUNDING
from xl_aicost.workbook.book import Book, unit_words
from xl_aicost.workbook.edition import Edition
from xl_aicost.workbook.feed import SHEET as FEED
from xl_aicost.workbook.layout import SCENARIO_ROW, TYPED_COLUMN
from xl_aicost.workbook.page import Page
from xl_aicost.workbook.style import FORMATS, choices, limits
from xl_aicost.workbook.template import Template
from xl_aicost.xlsx.cells import put, restyle

LIFE_POLICIES = ("own policy", "one life")
SELECTOR = "C6"
GRID_VALUES = 5
PERIOD_NAMES = {n: name for name, n in PERIODS.items()}
SHEET = "Inputs"


class Choice(NamedTuple):
    """A choice: its label, unit, value, number format, and what it does."""

    label: str
    unit: str
    value: Any
    number_format: str
    meaning: str


def add_selector(page: Page) -> None:
    """Write the cell that chooses the scenario shown."""
    book, (first, last) = page.book, page.book.layout.scenario_range
    page.put("B6", "Scenario", "Dense strong")
    page.put(SELECTOR, None, "Choice", to="E6")
    book.by_edition(
        lambda: book.put_each(page.ws, SELECTOR, [book.scenario_title(e.shown, e) for e in book.editions], "Choice")
    )
    page.put(
        "F6", "\N{BLACK LEFT-POINTING POINTER} choose here; its column is marked below", "Page note", to=f"{page.last}6"
    )
    page.heights(6, 24)
    heads = f"${first}${SCENARIO_ROW}:${last}${SCENARIO_ROW}"
    choices(page.ws, SELECTOR, heads, "Scenario", "Choose the scenario to show; its column is marked below.")
    book.name("scenario", f"{SHEET}!$C$6")


def choice_names(book: Book) -> list[str]:
    """Return the choices below the inputs that may be changed, in their order."""
    names = ["first_year", "sensitivity_output", "company_life", "one_life", "currency_per_usd"]
    grid = [f"{axis}_{n}" for axis in ("across", "down") for n in range(1, GRID_VALUES + 1)]
    return names + [n for n in grid if _grid_value(book, n) is not None]


def _grid_value(book: Book, name: str) -> float | None:
    axis, _, number = name.partition("_")
    values = book.template.grid.across_values if axis == "across" else book.template.grid.down_values
    return values[int(number) - 1] if int(number) <= len(values) else None


def first_result(template: Template, edition: Edition) -> str:
    """Return the result that Sensitivity tests unless another is chosen: the first that needs no figure which the company lacks."""
    missing = {i for i, value in edition.figures.items() if value != value} if edition.company else set()
    lines = template.sensitivity
    return next((n for n in lines if missing.isdisjoint(model().upstream(n))), lines[0]) if missing else lines[0]


def _choices(book: Book) -> Mapping[str, Choice]:
    brand, lives = book.template.brand, book.assumptions["useful_life"]
    own = {
        "first_year": Choice("First year", "year", book.start, "0", "First year of the time axis, 1900 to 2200."),
        "sensitivity_output": Choice(
            "Result to test",
            "",
            book.graph.lines[first_result(book.template, book.edition)].label,
            "General",
            "The result whose drivers Sensitivity ranks.",
        ),
        "company_life": Choice(
            "Depreciation policy",
            "",
            LIFE_POLICIES[0],
            "General",
            "Each company's own policy, or one life for all: the policy alone moves depreciation by a fifth and more.",
        ),
        "one_life": Choice("Common useful life", "years", lives.base, "0.0", "Used where one life is chosen."),
        "currency_per_usd": Choice(
            "Exchange rate: reporting currency per US$",
            brand.currency,
            brand.rate,
            "0.0000",
            "Not used: this workbook is in US dollars."
            if brand.currency == "USD"
            else "Inputs and calculations are in US dollars; pages are multiplied by this rate.",
        ),
    }
    for name in choice_names(book)[len(own) :]:
        axis, _, number = name.partition("_")
        item = _axis(book, name)
        label = f"Two-way table, {axis}: value {number}"
        number_format = FORMATS.get(item.unit, "#,##0.####")
        own[name] = Choice(
            label, unit_words(item.unit, book.dollars), _grid_value(book, name), number_format, f"{item.label}."
        )
    return own


def _axis(book: Book, name: str) -> Assumption:
    grid = book.template.grid
    return book.assumptions[grid.across if name.startswith("across") else grid.down]


def add_choices(page: Page, top: int) -> int:
    """Write the choices below the inputs, then what follows from all that may be changed; name their cells.

    Return the last row to print: that of the last choice.
    """
    book, ws = page.book, page.ws
    beside = [c for c in book.layout.scenario_columns.values() if not ws.column_dimensions[c].hidden][1]
    page.section(f"B{top - 1}", "Choices")
    row = top
    for name, choice in _choices(book).items():
        _add(page, row, name, choice, "Choice", beside)
        row += 1
    _restrict(book, ws, top)
    _choose(book, ws)
    page.section(f"B{row + 1}", "What follows from them")
    bottom = row
    first, last = book.layout.scenario_range
    following = {
        "periods_per_year": Choice(
            "Periods a year",
            PERIOD_NAMES[book.layout.periods_per_year],
            book.layout.periods_per_year,
            "0",
            "Fixed when the file is made.",
        ),
        "scenario_number": Choice(
            "Number of the scenario shown",
            "",
            f"=MATCH(scenario,${first}${SCENARIO_ROW}:${last}${SCENARIO_ROW},0)",
            "0",
            "Its place among the columns above.",
        ),
        "inputs_fingerprint": Choice(
            "Fingerprint (changes with any input)",
            "",
            f"=SUM({book.layout.input_range('digest').partition('!')[2]})+scenario_number+first_year",
            "0.000000",
            "Whoever signs copies it to the sign-off.",
        ),
        "fingerprint_tolerance": Choice(
            "Fingerprints are equal within", "", ROUNDING, "0E+00", "Relative; far below the last digit shown."
        ),
    }
    for below, (name, choice) in enumerate(following.items(), row + 2):
        _add(page, below, name, choice, "Calculation" if str(choice.value).startswith("=") else "Given", beside)
    return bottom


def _add(page: Page, row: int, name: str, choice: Choice, style: str, beside: str) -> None:
    """Write a choice, and what it means from the column `beside` on."""
    page.line(row, "Dense")
    page.text(f"B{row}", choice.label, "Dense")
    page.text(f"C{row}", choice.unit, "Dense note")
    cell = put(page.ws, f"{TYPED_COLUMN}{row}", choice.value, style, choice.number_format)
    if isinstance(choice.value, str) and style == "Choice":
        # not merged: a long text runs into the blank cells beside it, and no line cuts it
        line = cell.border.left
        restyle(cell, alignment=Alignment(horizontal="left", vertical="center"), border=Border(line, None, line, line))
    page.text(f"{beside}{row}", choice.meaning, "Dense note")
    page.heights(row, 14)
    page.book.name(name, f"{SHEET}!${TYPED_COLUMN}${row}")


def _restrict(book: Book, ws: Worksheet, top: int) -> None:
    at = {name: f"{TYPED_COLUMN}{top + k}" for k, name in enumerate(_choices(book))}
    lives = book.assumptions["useful_life"]
    limits(ws, at["first_year"], "whole", 1900, 2200, "First year", "First year of the time axis: 1900 to 2200.")
    tested = tested_labels(book)
    choices(ws, at["sensitivity_output"], tested, "Result to test", "Choose the result whose drivers are ranked.")
    choices(ws, at["company_life"], f'"{",".join(LIFE_POLICIES)}"', "Depreciation policy", "Choose one from the list.")
    limits(
        ws,
        at["one_life"],
        "decimal",
        lives.min,
        lives.max,
        "Common useful life",
        f"From {lives.min:.10g} to {lives.max:.10g} years.",
    )
    limits(
        ws,
        at["currency_per_usd"],
        "decimal",
        0.000001,
        1_000_000,
        "Exchange rate",
        "Units of the currency for one US dollar.",
    )
    for name in list(at)[5:]:
        item = _axis(book, name)
        said = f"{item.label}: from {item.min:.10g} to {item.max:.10g} {item.unit}."
        limits(ws, at[name], "decimal", item.min, item.max, item.label[:32], said)


def tested_labels(book: Book) -> str:
    """Write the results that may be tested on the Feed; return their cells."""
    lines = [book.graph.lines[n] for n in book.template.sensitivity]
    first = book.feed.row
    for line in lines:
        book.feed.put(line.label, line.unit, "Label")
    return f"{FEED}!$A${first}:$A${first + len(lines) - 1}"


def grid_cell(book: Book, axis: int, position: int) -> str:
    """Return the cell of a value of the two-way table; `axis` 0 is across, 1 down."""
    row = (
        max(book.layout.input_rows.values())
        + 3
        + choice_names(book).index(f"{('across', 'down')[axis]}_{position + 1}")
    )
    return f"{SHEET}!${TYPED_COLUMN}${row}"


def chosen(book: Book) -> dict[str, str]:
    """Return the cells of Inputs that hold a choice, by name."""
    names = ["scenario", *choice_names(book)]
    return {n: book.wb.defined_names[n].attr_text.partition("!")[2].replace("$", "") for n in names}


def _choose(book: Book, ws: Worksheet) -> None:
    """Put the choices of the request into their cells. Raises InputError for what a cell does not take."""
    cells = chosen(book)
    options = {"sensitivity_output": book.template.sensitivity, "company_life": LIFE_POLICIES}
    by_label = {book.graph.lines[line].label: line for line in book.template.sensitivity}
    for name, value in book.choices.items():
        value = by_label.get(str(value), value) if name == "sensitivity_output" else value
        if name not in cells or name == "first_year":
            raise UnknownNameError("choice", name, [n for n in cells if n != "first_year"])
        if name == "scenario":
            continue  # which `asked` has taken
        if name in options and value not in options[name]:
            raise InputError(f"{name} = {value!r} is not one of {', '.join(options[name])}")
        if name not in options and not (isinstance(value, int | float) and value > 0):
            raise InputError(f"{name} = {value!r} is not a number above 0")
        ws[cells[name]].value = book.graph.lines[str(value)].label if name == "sensitivity_output" else value
