"""Where everything stands: lanes, columns, and the row of each input and line. The same on every sheet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from openpyxl.utils import get_column_letter

from xl_aicost.assumptions import Assumption
from xl_aicost.formula import Axis, name
from xl_aicost.graph import Graph

SCENARIO_COLUMNS = ("Low", "Base", "High", "Custom", "Article low", "Article high")
ACRONYMS = {"ai": "AI", "gpu": "GPU", "gpus": "GPUs", "it": "IT", "mw": "MW", "mwh": "MWh", "npv": "NPV"}
ACRONYMS |= {"irr": "IRR", "tco": "TCO", "usd": "USD", "kwh": "kWh", "a": "A", "b": "B"}
HEADER_ROW, PERIOD_ROW, FIRST_ROW = 4, 5, 6
OPENING, FIRST = 6, 7  # columns
FIRST_SOURCE = 6  # row on the Sources sheet


@dataclass(frozen=True)
class Lane:
    """A calculation sheet: the same formulas for another scenario."""

    sheet: str
    title: str
    column: int | None  # its place in SCENARIO_COLUMNS; None follows the selector


LANES = (
    Lane("Calc_Live", "Live", None),
    Lane("Calc_Low", "Low", 1),
    Lane("Calc_Base", "Base", 2),
    Lane("Calc_High", "High", 3),
    Lane("Calc_ArticleLow", "Article low", 5),
    Lane("Calc_ArticleHigh", "Article high", 6),
)
LANE_OF = {"low": LANES[1], "base": LANES[2], "high": LANES[3], "article-low": LANES[4], "article-high": LANES[5]}


def label(line: str) -> str:
    """Return a line's id as words."""
    words = [ACRONYMS.get(w, w) for w in line.split("_")]
    if words[0] == "A":
        words[0] = "a"
    text = " ".join(words)
    return text[0].upper() + text[1:]


class Layout:
    """The rows and columns of a workbook of so many years."""

    def __init__(self, graph: Graph, assumptions: dict[str, Assumption], years: int) -> None:
        self.graph, self.assumptions, self.years = graph, assumptions, years
        self.last = get_column_letter(FIRST + years - 1)
        self.id_column = FIRST + years
        self.axis = Axis(PERIOD_ROW, get_column_letter(OPENING), get_column_letter(FIRST), self.last)

    @cached_property
    def inputs_by_chapter(self) -> dict[str, list[str]]:
        """The inputs under the chapter of the first line that reads them, in the order of the file."""
        chapter = {p: line.chapter for line in reversed(self.graph.lines.values()) for p in line.precedents}
        found: dict[str, list[str]] = {line.chapter: [] for line in self.graph.lines.values()}
        for i in self.assumptions:
            found[chapter[i]].append(i)
        return found

    @cached_property
    def input_rows(self) -> dict[str, int]:
        """The row of each input on the Inputs sheet."""
        rows, row = {}, 6
        for members in self.inputs_by_chapter.values():
            row += 1  # the chapter's heading
            for i in members:
                rows[i] = row
                row += 1
        return rows

    @cached_property
    def calc_blocks(self) -> dict[str, dict[str, int]]:
        """The row of each input and line on a calculation sheet, by the heading of its block."""
        blocks: dict[str, dict[str, int]] = {"Inputs of this lane": {}}
        row = FIRST_ROW + 1
        for i in self.input_rows:
            blocks["Inputs of this lane"][i] = row
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

    def cell(self, lane: Lane, node: str, column: str = "D") -> str:
        """Return the address of an input or line of one value on a lane's sheet."""
        return f"{lane.sheet}!${column}${self.rows[node]}"

    def symbol(self, lane: Lane, node: str) -> object:
        """Return the symbol of an input or line of one value on a lane's sheet."""
        return name(self.cell(lane, node))

    def row_range(self, lane: Lane, node: str) -> str:
        """Return the cells of a line over time on a lane's sheet."""
        row = self.rows[node]
        return f"{lane.sheet}!${self.axis.first}${row}:${self.last}${row}"

    def periods(self) -> list[str]:
        """Return the letters of the period columns."""
        return [get_column_letter(FIRST + i) for i in range(self.years)]
