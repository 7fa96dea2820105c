"""The layout of a workbook: its calculation sheets, the columns, and the row of each input and line on all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from openpyxl.utils import get_column_letter

from xl_aicost.assumptions import Assumption
from xl_aicost.formula import Axis, name
from xl_aicost.graph import TIME_AXIS, Graph
from xl_aicost.model.line import Meaning

HEADER_ROW, PERIOD_ROW, FIRST_ROW = 4, 5, 6
YEAR_ROW = 6  # on the Time sheet
OPENING, FIRST = 6, 7  # columns
FIRST_SOURCE = 8  # row on the Sources sheet
NUMBER_ROW, SCENARIO_ROW, FIRST_INPUT = 7, 8, 10  # rows on the Inputs sheet
TYPED_COLUMN, USED_COLUMN = "D", "E"  # on the Inputs sheet
FIRST_SCENARIO = 6  # column on the Inputs sheet
DECIDING = "The inputs that decide the answer"
FIELD = re.compile(r"\{(\w+)(:end)?\}")
AFTER_SCENARIOS = (
    "low",
    "high",
    "allowed",
    "kind",
    "source",
    "id",  # this and the following columns are hidden
    "number",
    "base_units",
    "from",  # the ends between which Sensitivity moves the input, in the units of the model
    "to",
    "guided_from",
    "guided_to",
    "scale",
    "min",
    "max",
    "outside",
    "weight",
    "digest",
    "date",
    "owner",
    "note",
)


@dataclass(frozen=True)
class Lane:
    """A calculation sheet: the same formulas as the others, for a scenario of its own."""

    sheet: str
    title: str
    column: int | None  # the number of the scenario; None for the one that is shown


LIVE = Lane("Calc_Live", "Shown", None)
WORKINGS = "Calc_Sensitivity"  # the calculations of the Sensitivity sheet


def lane_sheets(scenarios: Iterable[str]) -> list[str]:
    """Return the names of the scenarios' sheets: at most 31 letters and digits, different from each other whatever the case."""
    taken, sheets = {LIVE.sheet.lower(), WORKINGS.lower()}, []
    for scenario in scenarios:
        words = re.findall(r"[A-Za-z0-9]+", scenario)
        wanted = ("Calc_" + "".join(w[0].upper() + w[1:] for w in words))[:28]
        name = next(n for n in (wanted, *(f"{wanted}_{i}" for i in range(2, 100))) if n.lower() not in taken)
        taken.add(name.lower())
        sheets.append(name)
    return sheets


class Layout:
    """The rows and columns of a workbook: they depend on the horizon, the scenarios and the lanes."""

    def __init__(
        self,
        graph: Graph,
        assumptions: Mapping[str, Assumption],
        scenarios: tuple[str, ...],
        lanes: tuple[str, ...],
        years: int,
        periods_per_year: int = 1,
        deciding: tuple[str, ...] = (),
    ) -> None:
        self.deciding = deciding
        self.graph, self.assumptions, self.scenarios = graph, assumptions, scenarios
        self.years, self.periods_per_year = years, periods_per_year
        self.count = years * periods_per_year
        sheets = zip(lane_sheets(lanes), lanes, strict=True)
        self.lanes = (LIVE, *(Lane(sheet, name, scenarios.index(name) + 1) for sheet, name in sheets))
        self.last = get_column_letter(FIRST + self.count - 1)
        self.id_column = FIRST + self.count
        self.axis = Axis(PERIOD_ROW, get_column_letter(OPENING), get_column_letter(FIRST), self.last)

    def lane(self, scenario: str) -> Lane:
        """Return the lane of a scenario."""
        return next(x for x in self.lanes if x.title == scenario)

    @cached_property
    def scenario_columns(self) -> dict[str, str]:
        """The column of each scenario on the Inputs sheet."""
        return {n: get_column_letter(FIRST_SCENARIO + i) for i, n in enumerate(self.scenarios)}

    @cached_property
    def scenario_range(self) -> tuple[str, str]:
        """The first and the last column of the scenarios on the Inputs sheet."""
        columns = list(self.scenario_columns.values())
        return columns[0], columns[-1]

    @cached_property
    def input_columns(self) -> dict[str, str]:
        """The columns of the Inputs sheet behind the scenarios, by their content: first the ends of the range."""
        first = FIRST_SCENARIO + len(self.scenarios)
        return {n: get_column_letter(first + i) for i, n in enumerate(AFTER_SCENARIOS)}

    @cached_property
    def inputs_by_chapter(self) -> dict[str, list[str]]:
        """The inputs that decide the answer, then the others by the chapter of the first line that uses them."""
        chapter = {p: line.chapter for line in reversed(self.graph.lines.values()) for p in line.precedents}
        inputs: dict[str, list[str]] = {DECIDING: list(self.deciding)}
        inputs |= {line.chapter: [] for line in self.graph.lines.values()}
        for i in self.assumptions:
            if i not in self.deciding:
                inputs[chapter[i]].append(i)
        return {title: members for title, members in inputs.items() if members}

    @cached_property
    def input_rows(self) -> dict[str, int]:
        """The row of each input on the Inputs sheet; each chapter begins with a heading."""
        rows, row = {}, FIRST_INPUT
        for members in self.inputs_by_chapter.values():
            for i in members:
                rows[i] = row
                row += 1
            row += 1
        return rows

    def input_column(self, what: str) -> str:
        """Return a column of the Inputs sheet: of a scenario, typed, used, or of other contents."""
        return {"typed": TYPED_COLUMN, "used": USED_COLUMN, **self.input_columns, **self.scenario_columns}[what]

    def input_at(self, name: str, what: str) -> str:
        """Return the cell of an input in a column of the Inputs sheet."""
        return f"{self.input_column(what)}{self.input_rows[name]}"

    def input_range(self, what: str) -> str:
        """Return the cells of one column of the Inputs sheet, from the first input to the last."""
        rows, column = self.input_rows.values(), self.input_column(what)
        return f"Inputs!${column}${min(rows)}:${column}${max(rows)}"

    @cached_property
    def calc_blocks(self) -> dict[str, dict[str, int]]:
        """The row of each input and line on a calculation sheet, by the heading of its block."""
        inputs: dict[str, int] = {}
        blocks: dict[str, dict[str, int]] = {"Inputs of this scenario": inputs}
        row = FIRST_ROW + 1
        for i in ("periods_per_year", *self.input_rows):
            inputs[i] = row
            row += 1
        chapter = ""
        for line in self.graph.lines.values():
            if line.chapter != chapter:
                chapter = line.chapter
                row += 2
                blocks[chapter.capitalize()] = {}
            blocks[chapter.capitalize()][line.id] = row
            row += 1
        return blocks

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each input and line on a calculation sheet."""
        return {i: row for block in self.calc_blocks.values() for i, row in block.items()}

    def meaning(self, node: str) -> Meaning | Assumption:
        """Return the entry with the label and the unit of an input, a line or a name of the time axis."""
        return self.graph.lines.get(node) or self.assumptions.get(node) or TIME_AXIS[node]

    def cell(self, lane: Lane, node: str, column: str = "D") -> str:
        """Return the address of an input or line of one value on a lane's sheet."""
        return f"{lane.sheet}!${column}${self.rows[node]}"

    def filled(self, lane: Lane, text: str, others: Mapping[str, str]) -> str:
        """Return a formula's text with what its fields stand for on a lane's sheet, or what `others` has for them.

        {gpus}, an input or a line of one value, is its cell; {book_value}, a line over time, is its cells, and
        {book_value:end} the last of them.
        """

        def found(field: re.Match[str]) -> str:
            node, end = field.groups()
            if node in others:
                return others[node]
            over_time = node in self.graph.series and not end
            return self.row_range(lane, node) if over_time else self.cell(lane, node, self.last if end else "D")

        return FIELD.sub(found, text)

    def symbol(self, lane: Lane, node: str) -> object:
        """Return the symbol of an input or line of one value on a lane's sheet."""
        return name(self.cell(lane, node))

    def row_range(self, lane: Lane, node: str) -> str:
        """Return the cells of a line over time on a lane's sheet; a row at dates begins in the opening column."""
        row, first = self.rows[node], self.axis.opening if node in self.graph.dates else self.axis.first
        return f"{lane.sheet}!${first}${row}:${self.last}${row}"

    def first_column(self, node: str) -> int:
        """Return the number of the first column of a line over time."""
        return OPENING if node in self.graph.dates else FIRST

    def time_range(self, row: int) -> str:
        """Return the periods of a row of the Time sheet."""
        return f"Time!${self.axis.first}${row}:${self.last}${row}"

    def date_range(self, lane: Lane) -> str:
        """Return the cells of a lane's head that number the dates."""
        return f"{lane.sheet}!${self.axis.opening}${PERIOD_ROW}:${self.last}${PERIOD_ROW}"

    def dates(self) -> list[str]:
        """Return the letters of the columns of dates: the opening column and those of the periods."""
        return [self.axis.opening, *self.periods()]

    def periods(self) -> list[str]:
        """Return the letters of the period columns."""
        return [get_column_letter(FIRST + i) for i in range(self.count)]
