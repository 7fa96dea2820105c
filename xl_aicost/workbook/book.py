"""A workbook in the making: what every sheet needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.assumptions import Assumption
from xl_aicost.graph import Graph
from xl_aicost.workbook.layout import Layout
from xl_aicost.workbook.style import header
from xl_aicost.workbook.template import Template


@dataclass(frozen=True)
class Book:
    """The openpyxl workbook with its template, its model and where things stand in it."""

    wb: Workbook
    template: Template
    graph: Graph
    assumptions: Mapping[str, Assumption]
    layout: Layout
    start: int
    scenario: str
    custom: Mapping[str, float]
    facts: Mapping[str, str]
    given: dict[str, dict[tuple[int, int], float]] = field(default_factory=dict)  # values that IronCalc cannot give

    def sheet(self, name: str, title: str, tab: str) -> Worksheet:
        """Add a sheet with its header; `tab` is the colour of its class."""
        ws: Worksheet = self.wb.create_sheet(name)
        ws.sheet_properties.tabColor = tab
        header(ws, title)
        return ws

    def name(self, name: str, reference: str) -> None:
        """Define a name for one cell, given as Sheet!$A$1."""
        self.wb.defined_names[name] = DefinedName(name, attr_text=reference)
