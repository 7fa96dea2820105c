"""A workbook under construction, with everything that the sheets share."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.assumptions import Assumption
from xl_aicost.assumptions.loader import NOT_AVAILABLE
from xl_aicost.engine.values import Value
from xl_aicost.graph import Graph
from xl_aicost.support.values import Array, CellValue, Numbers
from xl_aicost.workbook.edition import SCALES, Edition
from xl_aicost.workbook.feed import LARGE as SIZES
from xl_aicost.workbook.feed import SHEET as FEED
from xl_aicost.workbook.feed import Feed
from xl_aicost.workbook.layout import LIVE, Lane, Layout
from xl_aicost.workbook.style import CLASS_COLOURS, FORMATS, LARGE, header
from xl_aicost.workbook.template import BASE, COMPANY, DISPLAY_UNITS, RANGE, TYPED, Brand, Template
from xl_aicost.xlsx.cell_xml import BatchCell, BatchConstants, Key, mark_of
from xl_aicost.xlsx.cells import put, put_text, style_record, twin_of
from xl_aicost.xlsx.text import single_line

BILLION = 1e9  # from which an axis is in billions
FIRST_RULE_FORMAT = 1_000
SIGNS = {"USD": "$", "EUR": "\N{EURO SIGN}", "GBP": "\N{POUND SIGN}", "JPY": "\N{YEN SIGN}"}
SCALED = {1: "", 1_000: ",", 1_000_000: ",,", 1_000_000_000: ",,,"}


def or_na(value: float | None) -> float | str | None:
    """Return a number as a cell holds it: n/a where it is missing, or past all numbers."""
    return NOT_AVAILABLE if value is not None and not math.isfinite(value) else value


def _all_known(value: Numbers) -> bool:
    """Return whether a number, or each of an array, is one that a cell can hold."""
    return bool(np.isfinite(value).all()) if isinstance(value, np.ndarray) else math.isfinite(value)


def chosen_value(pick: str, base: str) -> str:
    """Return the formula, without its =, for the value of an input in a scenario: the picked cell, or Base if that is blank.

    It is #N/A where the cell says n/a, and where Base is missing.
    """
    return f'IF(ISNUMBER({pick}),{pick},IF(({pick}="")*ISNUMBER({base}),{base},NA()))'


def unit_words(unit: str, dollars: str = "$") -> str:
    """Return a unit in words, its dollars as given.

    >>> [unit_words(u) for u in ("USD/job/year", "USD/GPU", "share", "years")], unit_words("USD/year", "$bn")
    (['$ a job, a year', '$ a GPU', '%', 'years'], '$bn a year')
    """
    words = {"share": "%", "ratio": "x", "choice": "choice", "orders of magnitude/year": "powers of 10/year"}
    if unit in words:
        return words[unit]
    head, *others = unit.replace("USD", dollars, 1).split("/")
    return " a ".join([head, *others]).replace(" a year", ", a year" if len(others) > 1 else " a year")


def scale_of(item: Assumption) -> float:
    """Return what one typed unit of an input is in the unit of the model: a billion for $bn.

    >>> from xl_aicost.assumptions import load_assumptions
    >>> [scale_of(load_assumptions()[i]) for i in ("ai_spend", "loaded_cost", "gpu_unit_price", "pue")]
    [1000000000.0, 1000.0, 1.0, 1.0]
    """
    size = max(abs(item.low), abs(item.base), abs(item.high)) or item.max / 1_000
    if not item.unit.startswith("USD"):
        return 1.0
    return next((s for least, s in ((1e9, 1e9), (1e6, 1e6), (1e5, 1e3)) if size >= least), 1.0)


def as_typed(item: Assumption, value: float) -> float:
    """Return a value of an input in the unit in which it is typed."""
    return float(f"{value / scale_of(item):.15g}")


def from_typed(item: Assumption, value: float) -> float:
    """Return a typed value in the unit of the model."""
    return float(f"{value * scale_of(item):.15g}")


def shown_unit(unit: str, brand: Brand, currency: str) -> str:
    """Return a unit as readers see it: with their currency, and large amounts in the brand's display unit."""
    scale = "" if brand.display_unit == "1" or unit not in LARGE else f" {brand.display_unit}"
    return unit.replace("USD", currency + scale, 1)


def shown_format(unit: str, brand: Brand, otherwise: str) -> str:
    """Return the number format of a unit: large amounts in the brand's display unit, `otherwise` for a unit without one."""
    if unit in LARGE:
        scaled = f"#,##0.0{SCALED[DISPLAY_UNITS[brand.display_unit]]}"
        return f"{scaled};-{scaled};0.0"
    return FORMATS.get(unit, otherwise)


class Scale(NamedTuple):
    """The format of amounts in a unit: up to which size, the largest that is shown in the unit, and up to which beside larger ones.

    Beside those a larger unit would show it as 0.
    """

    limit: float
    largest: float
    beside: float
    shown: str


@dataclass
class Book:
    """The openpyxl workbook with its template, model and layout.

    `columns` has the inputs of each shipped scenario and of the template's own: all for Base, else those that differ from it.
    A book is made for one edition or, if `many` is set, for a batch of them: then its cells show the first edition, and
    `constants` are those that differ between editions. `precomputed` are the values of formulas that numpy calculated
    already; they hold until a cell is edited.
    """

    wb: Workbook
    template: Template
    graph: Graph
    assumptions: Mapping[str, Assumption]
    layout: Layout
    start: int
    columns: Mapping[str, Mapping[str, float]]
    editions: Sequence[Edition]
    many: bool = False
    choices: Mapping[str, object] = field(default_factory=dict)  # choices on Inputs by name, over the template's
    simulate: Mapping[str, Any] | None = None  # a simulation that is asked for: line, draws, seed, method, date
    contents: dict[str, tuple[str, str]] = field(default_factory=dict)  # class and purpose of each sheet
    constants: BatchConstants = field(default_factory=BatchConstants)
    precomputed: dict[str, dict[Key, Value]] = field(default_factory=dict)
    _inputs: dict[str, dict[str, Numbers]] = field(default_factory=dict)
    _ends: dict[str, tuple[Numbers, Numbers]] = field(default_factory=dict)
    _results: dict[str, dict[str, Any]] = field(default_factory=dict)
    _rule_formats: dict[str, int] = field(default_factory=dict)
    _by_edition: list[Callable[[], None]] = field(default_factory=list)

    @property
    def edition(self) -> Edition:
        """The first edition, which the cells show."""
        return self.editions[0]

    def by_edition(self, write: Callable[[], None]) -> None:
        """Write what depends on the editions, now and again whenever they are replaced."""
        write()
        self._by_edition.append(write)

    def replace_editions(self, editions: Sequence[Edition]) -> None:
        """Replace the editions, by any number of others, and write again what depends on them."""
        self.editions = editions
        self._inputs.clear()
        self._ends.clear()
        self._results.clear()
        for write in self._by_edition:
            write()

    def twin(self) -> Book:
        """Return a copy to look at, whose cells stay as they are when the editions of this one are replaced."""
        twin = copy(self)
        twin.wb, twin._inputs, twin._ends, twin._results = copy(self.wb), {}, {}, {}
        twin.wb._sheets = [twin_of(ws) for ws in self.wb.worksheets]
        return twin

    def put_each(
        self, ws: Worksheet, at: str, values: Sequence[CellValue], kind: str, formats: list[str] | str | None = None
    ) -> None:
        """Write a cell with a value for each edition, and a number format for all or for each; a text is never a formula."""
        number_format = formats[0] if isinstance(formats, list) else formats
        write: Callable[..., Cell] = put_text if isinstance(values[0], str) else put
        cell = write(ws, at, values[0], kind, number_format)
        if number_format in (None, "General") or any(isinstance(v, str) and v != NOT_AVAILABLE for v in values):
            self.constants.worded.add((ws.title, (cell.row, cell.column)))
        if self.many:
            styles = [style_record(self.wb, kind, f) for f in formats] if isinstance(formats, list) else None
            self.constants.cells.setdefault(ws.title, {})[cell.row, cell.column] = BatchCell(values, styles)

    def put_number(self, ws: Worksheet, at: str, value: Numbers, number_format: str) -> None:
        """Write a number that is calculated when the file is made, or an array with one per edition; missing ones are n/a."""
        if not _all_known(value):
            numbers = [or_na(v) for v in np.atleast_1d(value).tolist()]
            self.put_each(ws, at, numbers if np.ndim(value) else numbers * len(self.editions), "Given", number_format)
            return
        several = isinstance(value, np.ndarray) and value.ndim > 0
        cell = put(ws, at, float(np.ravel(value)[0] if several else value), "Given", number_format)
        if several:
            self.constants.cells.setdefault(ws.title, {})[cell.row, cell.column] = np.ascontiguousarray(value)

    def text_each(self, name: str, texts: Sequence[str]) -> str:
        """Return the text of a property of the file, or a mark where each edition has a text of its own."""
        self.constants.texts[name] = [single_line(t) for t in texts]
        return mark_of(name) if self.many else single_line(texts[0])

    def store(self, sheet: str, row: int, column: int, value: Numbers) -> None:
        """Store the value of a formula: a number, or an array with one per edition."""
        self.precomputed.setdefault(sheet, {})[row, column] = (
            np.ascontiguousarray(value) if isinstance(value, np.ndarray) and value.ndim else float(value)
        )

    def store_row(self, sheet: str, row: int, columns: range, values: Array) -> None:
        """Store the values of formulas side by side: the last axis of an array, one value for all, or one for each."""
        ready = self.precomputed.setdefault(sheet, {})
        by_column = np.ascontiguousarray(np.broadcast_to(values, (*values.shape[:-1], len(columns))).T)
        for column, value in zip(columns, by_column if values.ndim > 1 else by_column.tolist(), strict=True):
            ready[row, column] = value

    def store_shown(self, sheet: str, row: int, column: int, value: Numbers) -> None:
        """Store the value of a formula that shows a number to readers: n/a where it is missing."""
        if _all_known(value):
            self.store(sheet, row, column, value)
            return
        shown = [or_na(v) for v in np.atleast_1d(value).tolist()]
        self.precomputed.setdefault(sheet, {})[row, column] = np.array(shown, object) if np.ndim(value) else shown[0]

    def empty_sheet(self, name: str, kind: str) -> Worksheet:
        """Add a sheet; `kind` is its class, which colours its tab."""
        ws: Worksheet = self.wb.active if not self.wb.active.sheet_properties.tabColor else self.wb.create_sheet()
        ws.title = name
        ws.sheet_properties.tabColor = CLASS_COLOURS[kind]
        return ws

    def sheet(self, name: str, title: str, kind: str) -> Worksheet:
        """Add a sheet of workings with its header; pages for readers have a head of their own."""
        ws = self.empty_sheet(name, kind)
        header(ws, title)
        return ws

    @property
    def sign(self) -> str:
        """The sign of the readers' currency."""
        currency = self.template.brand.currency
        return SIGNS.get(currency, f"{currency} ")

    @property
    def dollars(self) -> str:
        """The sign of the dollars in which inputs and claims are, told from the readers' currency."""
        return "$" if self.template.brand.currency == "USD" else "US$"

    @cached_property
    def feed(self) -> Feed:
        """The sheet with texts of numbers and the data of pictures."""
        return Feed(
            self.sheet(FEED, "Feed: texts of numbers and data of pictures, for the pages", "calculation"), self.sign
        )

    def name(self, name: str, reference: str) -> None:
        """Define a name for one cell, given as Sheet!$A$1."""
        self.wb.defined_names[name] = DefinedName(name, attr_text=reference)

    def scenario_inputs(self, scenario: str, edition: Edition) -> dict[str, float]:
        """Return the value of each input in a scenario: from its column, else the base."""
        column = self.column(scenario, edition)
        return {i: float(column.get(i, a.base)) for i, a in self.assumptions.items()}

    def column(self, scenario: str, edition: Edition) -> Mapping[str, float]:
        """Return a column of Inputs: of a scenario, of the user, or of an end of the ranges."""
        if scenario in RANGE:
            return {i: a.low if scenario == RANGE[0] else a.high for i, a in self.assumptions.items()}
        if scenario == TYPED:
            return edition.typed
        return edition.figures if scenario == COMPANY else self.columns[scenario]

    def scenario_title(self, scenario: str, edition: Edition) -> str:
        """Return the name of a scenario as readers see it."""
        return edition.company if scenario == COMPANY else scenario

    def lane_inputs(self, lane: Lane) -> dict[str, Numbers]:
        """Return the value of each input in a lane: an array with one per edition if the lane depends on the edition."""
        if lane.sheet not in self._inputs:
            columns = [
                {**self.scenario_inputs(e.shown, e), **e.typed}
                if lane.column is None
                else self.scenario_inputs(lane.title, e)
                for e in self._of(lane)
            ]
            several = self._depends(lane)
            self._inputs[lane.sheet] = (
                {i: np.array([c[i] for c in columns]) for i in self.assumptions} if several else dict(columns[0])
            )
        return self._inputs[lane.sheet]

    def ends(self, i: str) -> tuple[Numbers, Numbers]:
        """Return the ends between which an input moves in the scenario shown: its range, or a company's guidance.

        What else the scenario or the user sets does not move: both ends are its value.
        """
        if i not in self._ends:
            ends = [self._ends_in(e, self.assumptions[i]) for e in self._of(LIVE)]
            low, high = np.array(ends).T if self._depends(LIVE) else ends[0]
            self._ends[i] = low, high
        return self._ends[i]

    def _ends_in(self, edition: Edition, item: Assumption) -> tuple[float, float]:
        column = self.column(edition.shown, edition)
        if item.id in edition.typed:
            return edition.typed[item.id], edition.typed[item.id]
        if edition.shown == BASE or item.id not in column:
            return item.low, item.high
        guided = edition.case.guided.get(item.id) if edition.shown == COMPANY else None
        return guided or (column[item.id], column[item.id])

    def _of(self, lane: Lane) -> Sequence[Edition]:
        return self.editions if self._depends(lane) else self.editions[:1]

    def _depends(self, lane: Lane) -> bool:
        return self.many and (lane.column is None or lane.title == COMPANY)

    def values(self, lane: Lane) -> dict[str, Any]:
        """Return the value of each line in a lane, calculated by numpy; in a batch the first axis is the editions."""
        if lane.sheet not in self._results:
            alike = [x for x in self.layout.lanes if not self._depends(x)]
            together = alike if lane in alike else [lane]
            inputs = [self.lane_inputs(x) for x in together]
            stacked = {i: np.array([values[i] for values in inputs]) for i in self.assumptions}
            layout = self.layout
            results = self.graph.evaluate(list(self.graph.lines), stacked, layout.years, layout.periods_per_year)
            for place, one in enumerate(together):
                self._results[one.sheet] = {
                    n: np.asarray(v)[place] if np.ndim(v) > (n in self.graph.series) else v for n, v in results.items()
                }
        return self._results[lane.sheet]

    def unit(self, unit: str) -> str:
        """Return a unit as readers see it."""
        return shown_unit(unit, self.template.brand, self.template.brand.currency)

    def page_format(self, unit: str) -> str:
        """Return the number format of a result in a table of a page: with sign and scale, as no unit stands beside it."""
        plain, brand = FORMATS.get(unit, "#,##0"), self.template.brand
        if unit in LARGE:
            scale = SCALED[DISPLAY_UNITS[brand.display_unit]]
            name = "" if brand.display_unit == "1" else f'"{brand.display_unit}"'
            plain = f"#,##0{'.0' if brand.display_unit == 'bn' else ''}{scale}{name}"
        return self._signed(plain) if unit.startswith("USD") else plain

    def _signed(self, plain: str) -> str:
        return f'"{self.sign}"{plain};-"{self.sign}"{plain}'

    def smaller_formats(self, mark: str = "") -> list[Scale]:
        """Return the formats of amounts in a smaller unit than the brand's, the smallest first; a mark comes behind the number.

        They read as in sentences.
        """
        most, scales = DISPLAY_UNITS[self.template.brand.display_unit], list[Scale]()
        for (below, *_), (_, unit, places, name) in pairwise(SIZES):
            if unit < most:
                plain = f'#,##0{"." * (places > 0)}{"0" * places}{SCALED[int(unit)]}"{name}{mark}"'
                shown = f'{self._signed(plain)};"{self.sign}0{mark}"'
                scales.insert(0, Scale(below, 999.5 * unit, min(below, 49.95 * unit), shown))
        return scales

    def rule_format(self, code: str) -> int:
        """Return the number of a format that a rule applies: one that no format of a cell has, or readers confuse them."""
        return self._rule_formats.setdefault(code, FIRST_RULE_FORMAT + len(self._rule_formats))

    def axis_format(self, lines: Collection[str]) -> str:
        """Return the number format of an axis for money: in billions where the brand is, or the lines are at Base.

        It is in millions for a small company.
        """
        base = {i: a.base for i, a in self.assumptions.items()}
        at_base = self.graph.evaluate([*lines], base, self.layout.years, 1)
        largest, scale = max(float(np.nanmax(np.abs(v))) for v in at_base.values()), self.edition.scale
        large = (self.template.brand.display_unit == "bn" or largest >= BILLION) and scale > 0
        digits = ".0" if scale < len(SCALES) or largest < SCALES[-1][0] else ""
        plain = f'"{self.sign}"#,##0' + (f'{digits},,,"bn"' if large else ',,"m"')
        return f"{plain};-{plain};0"

    def money(self, cell: str, unit: str) -> str:
        """Return a cell as readers see it: dollars times the exchange rate if their currency is another."""
        if not unit.startswith("USD") or self.template.brand.currency == "USD":
            return cell
        return f"({cell})*currency_per_usd" if re.search("[-+*/]", cell) else f"{cell}*currency_per_usd"

    def shown(self, cells: str, unit: str) -> str:
        """Return the formula, without its sign, that shows a number to readers, or n/a."""
        return self.shown_as(self.money(cells, unit))

    @staticmethod
    def shown_as(number: str) -> str:
        """Return the formula, without its sign, of a number or n/a."""
        return f'IF(ISNUMBER({number}),{number},"n/a")'

    def result(self, lane: Lane, line: str) -> str:
        """Return the formula, without its sign, that shows a line of one value to readers."""
        return self.shown(self.layout.cell(lane, line), self.graph.lines[line].unit)
