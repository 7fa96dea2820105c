"""A workbook in the making: what every sheet needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.assumptions import Assumption
from xl_aicost.graph import Graph
from xl_aicost.workbook.layout import Lane, Layout
from xl_aicost.workbook.style import CLASS_COLOURS, FORMATS, LARGE, header
from xl_aicost.workbook.template import DISPLAY_UNITS, Brand, Template

SCALED = {1: "", 1_000: ",", 1_000_000: ",,", 1_000_000_000: ",,,"}


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
class Book:
    """The openpyxl workbook with its template, its model and where things stand in it.

    `columns` holds the inputs of each scenario, only what differs from Base beyond Low, Base and High.
    """

    wb: Workbook
    template: Template
    graph: Graph
    assumptions: Mapping[str, Assumption]
    layout: Layout
    start: int
    shown: str
    columns: Mapping[str, Mapping[str, float]]
    facts: Mapping[str, str]
    choices: Mapping[str, object] = field(default_factory=dict)  # cells of Control by name, over the template's
    given: dict[str, dict[tuple[int, int], float]] = field(default_factory=dict)  # values that IronCalc cannot give

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

    def scenario_inputs(self, scenario: str) -> dict[str, float]:
        """Return the value of each input in a scenario: what stands in its column, or else the base."""
        return {i: float(self.columns[scenario].get(i, a.base)) for i, a in self.assumptions.items()}

    def values(self, scenario: str) -> dict[str, Any]:
        """Return what numpy says each line comes to in a scenario."""
        layout, inputs = self.layout, self.scenario_inputs(scenario)
        return self.graph.evaluate(list(self.graph.lines), inputs, layout.years, layout.periods_per_year)

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

    def result(self, lane: Lane, line: str) -> str:
        """Return the formula, without its sign, that shows a line of one value to readers."""
        return self.money(self.layout.cell(lane, line), self.graph.lines[line].unit)
