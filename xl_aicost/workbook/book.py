"""A workbook in the making: what every sheet needs to know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.assumptions import COMPANY_INPUTS, Assumption
from xl_aicost.case import Case
from xl_aicost.graph import Graph
from xl_aicost.workbook.layout import Lane, Layout
from xl_aicost.workbook.style import CLASS_COLOURS, FORMATS, LARGE, header
from xl_aicost.workbook.template import CUSTOM, DISPLAY_UNITS, Brand, Template
from xl_aicost.xlsx.cell_xml import BatchCell, BatchConstants, Key, mark_of
from xl_aicost.xlsx.cells import put, put_text, style_record
from xl_aicost.xlsx.text import single_line

CELL_LIMIT = 16_000  # characters that Provenance puts into a cell
NOT_AVAILABLE = "n/a"
SCALED = {1: "", 1_000: ",", 1_000_000: ",,", 1_000_000_000: ",,,"}


def or_na(value: float | None) -> float | str | None:
    """Return a number as a cell that may be typed into holds it: n/a for what is missing."""
    return NOT_AVAILABLE if value is not None and value != value else value


def chosen_value(item: Assumption, pick: str, base: str) -> str:
    """Return the formula, without its sign, of the value of an input: what is picked, or Base for a blank cell.

    A figure of a company may also be n/a.
    """
    if item.id in COMPANY_INPUTS:
        return f'CHOOSE(1+ISNUMBER({pick})+2*({pick}=""),NA(),{pick},{base})'
    return f'IF({pick}="",{base},{pick})'


def shown_unit(unit: str, brand: Brand, currency: str) -> str:
    """Return a unit with its currency, large amounts in the brand's display unit."""
    scale = "" if brand.display_unit == "1" or unit not in LARGE else f" {brand.display_unit}"
    return unit.replace("USD", currency + scale, 1)


def shown_format(unit: str, brand: Brand, otherwise: str) -> str:
    """Return the number format of a unit: large amounts in the brand's display unit, `otherwise` for one without."""
    if unit in LARGE:
        scaled = f"#,##0.0{SCALED[DISPLAY_UNITS[brand.display_unit]]}"
        return f"{scaled};-{scaled};0.0"
    return FORMATS.get(unit, otherwise)


@dataclass(frozen=True)
class Edition:
    """One workbook of those that a book is made for: title, case, scenario shown, Custom column, record of the build."""

    title: str
    case: Case
    shown: str
    custom: Mapping[str, float]
    record: Mapping[str, str]

    @property
    def record_cells(self) -> tuple[int, ...]:
        """How many cells each entry of the record takes: none where there is nothing to say."""
        return tuple(0 if v == "none" else 1 + len(v) // CELL_LIMIT for v in self.record.values())


@dataclass
class Book:
    """The openpyxl workbook with its template, its model and where things stand in it.

    `columns` holds the inputs of each scenario but Custom, only what differs from Base beyond Low, Base and High.
    A book is made for one edition or, where `many` is set, for any number at once: then its cells show the first, and
    `given` holds for each cell that depends on the edition what stands there in every one. `known` holds what numpy says
    that formulas come to, as long as nobody edits the cells.
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
    choices: Mapping[str, object] = field(default_factory=dict)  # cells of Control by name, over the template's
    simulate: Mapping[str, Any] | None = None  # a simulation that is asked for: line, draws, seed, method, date
    given: BatchConstants = field(default_factory=BatchConstants)
    known: dict[str, dict[Key, Any]] = field(default_factory=dict)
    _inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    _results: dict[str, dict[str, Any]] = field(default_factory=dict)
    _by_edition: list[Callable[[], None]] = field(default_factory=list)

    @property
    def edition(self) -> Edition:
        """The first edition: what the cells show."""
        return self.editions[0]

    def by_edition(self, write: Callable[[], None]) -> None:
        """Do what depends on the editions, now and whenever they are replaced."""
        write()
        self._by_edition.append(write)

    def replace_editions(self, editions: Sequence[Edition]) -> None:
        """Take other editions, as many as there may be, and do again what depends on them."""
        self.editions = editions
        self._inputs.clear()
        self._results.clear()
        for write in self._by_edition:
            write()

    def put_each(
        self, ws: Worksheet, at: str, values: Sequence[Any], kind: str, forms: list[str] | str | None = None
    ) -> None:
        """Write a cell with a value, and maybe a number format, for each edition; a text is never a formula."""
        form = forms[0] if isinstance(forms, list) else forms
        cell = (put_text if isinstance(values[0], str) else put)(ws, at, values[0], kind, form)
        if self.many:
            styles = [style_record(self.wb, kind, f) for f in forms] if isinstance(forms, list) else None
            self.given.cells.setdefault(ws.title, {})[cell.row, cell.column] = BatchCell(values, styles)

    def put_number(self, ws: Worksheet, at: str, value: Any, form: str) -> None:
        """Write a number given when the file is made, or one an edition; what is missing is n/a."""
        if np.isnan(value).any():
            self.put_each(ws, at, [or_na(v) for v in np.atleast_1d(value).tolist()], "Given", form)
            return
        cell = put(ws, at, float(value[0] if np.ndim(value) else value), "Given", form)
        if np.ndim(value):
            self.given.cells.setdefault(ws.title, {})[cell.row, cell.column] = np.ascontiguousarray(value)

    def text_each(self, name: str, texts: Sequence[str]) -> str:
        """Return what a property of the file holds: a text, or a mark that stands for a text an edition."""
        self.given.texts[name] = [single_line(t) for t in texts]
        return mark_of(name) if self.many else single_line(texts[0])

    def know(self, sheet: str, row: int, column: int, value: Any) -> None:
        """Note what a formula comes to: a number, or an array with a number an edition."""
        self.known.setdefault(sheet, {})[row, column] = np.ascontiguousarray(value) if np.ndim(value) else float(value)

    def know_shown(self, sheet: str, row: int, column: int, value: Any) -> None:
        """Note what a formula that shows a number to readers comes to: n/a where it is missing."""
        if not np.isnan(value).any():
            self.know(sheet, row, column, value)
            return
        shown = [or_na(v) for v in np.atleast_1d(value).tolist()]
        self.known.setdefault(sheet, {})[row, column] = np.array(shown, object) if np.ndim(value) else shown[0]

    def sheet(self, name: str, title: str, kind: str) -> Worksheet:
        """Add a sheet with its header; `kind` is its class, which colours its tab."""
        ws: Worksheet = self.wb.active if not self.wb.active.sheet_properties.tabColor else self.wb.create_sheet()
        ws.title = name
        ws.sheet_properties.tabColor = CLASS_COLOURS[kind]
        header(ws, title)
        return ws

    def name(self, name: str, reference: str) -> None:
        """Define a name for one cell, given as Sheet!$A$1."""
        self.wb.defined_names[name] = DefinedName(name, attr_text=reference)

    def scenario_inputs(self, scenario: str, edition: Edition) -> dict[str, float]:
        """Return the value of each input in a scenario: what stands in its column, or else the base."""
        column = self.column(scenario, edition)
        return {i: float(column.get(i, a.base)) for i, a in self.assumptions.items()}

    def column(self, scenario: str, edition: Edition) -> Mapping[str, float]:
        """Return what stands in the column of a scenario."""
        return edition.custom if scenario == CUSTOM else self.columns[scenario]

    def lane_inputs(self, lane: Lane) -> dict[str, Any]:
        """Return the value of each input in a lane: an array with one an edition where the lane depends on it."""
        if lane.sheet not in self._inputs:
            found = [self.scenario_inputs(c.shown if lane.column is None else lane.title, c) for c in self._of(lane)]
            several = self._depends(lane)
            self._inputs[lane.sheet] = (
                {i: np.array([f[i] for f in found]) for i in self.assumptions} if several else found[0]
            )
        return self._inputs[lane.sheet]

    def _of(self, lane: Lane) -> Sequence[Edition]:
        return self.editions if self._depends(lane) else self.editions[:1]

    def _depends(self, lane: Lane) -> bool:
        return self.many and (lane.column is None or lane.title == CUSTOM)

    def values(self, lane: Lane) -> dict[str, Any]:
        """Return what numpy says each line comes to in a lane; with many editions, their axis is the first."""
        if lane.sheet not in self._results:
            alike = [x for x in self.layout.lanes if not self._depends(x)]
            together = alike if lane in alike else [lane]
            inputs = [self.lane_inputs(x) for x in together]
            stacked = {i: np.array([values[i] for values in inputs]) for i in self.assumptions}
            layout = self.layout
            found = self.graph.evaluate(list(self.graph.lines), stacked, layout.years, layout.periods_per_year)
            for place, one in enumerate(together):
                self._results[one.sheet] = {
                    n: np.asarray(v)[place] if np.ndim(v) > (n in self.graph.series) else v for n, v in found.items()
                }
        return self._results[lane.sheet]

    def unit(self, unit: str) -> str:
        """Return the unit as readers see it: their currency, in its display unit."""
        return shown_unit(unit, self.template.brand, self.template.brand.currency)

    def form(self, unit: str) -> str:
        """Return the number format of a result; large amounts are shown in the display unit."""
        return shown_format(unit, self.template.brand, "#,##0")

    def money(self, cell: str, unit: str) -> str:
        """Return a cell as readers see it: dollars times the exchange rate where the currency is another."""
        converted = unit.startswith("USD") and self.template.brand.currency != "USD"
        return f"{cell}*currency_per_usd" if converted else cell

    def shown(self, cells: str, unit: str) -> str:
        """Return the formula, without its sign, that shows a number to readers, or n/a."""
        return f'IF(ISNUMBER({cells}),{self.money(cells, unit)},"n/a")'

    def result(self, lane: Lane, line: str) -> str:
        """Return the formula, without its sign, that shows a line of one value to readers."""
        return self.shown(self.layout.cell(lane, line), self.graph.lines[line].unit)
