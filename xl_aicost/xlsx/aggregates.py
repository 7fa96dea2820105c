"""The ranges along one row or column that formulas sum, average or take the largest of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xl_aicost.xlsx.formulas import ParsedFormula
from xl_aicost.xlsx.index import Grid, Use, WorkbookIndex
from xl_aicost.xlsx.references import Area
from xl_aicost.xlsx.sheet import Cell

TOTALS = frozenset(("SUM", "NPV", "IRR", "PRODUCT"))
AGGREGATES = TOTALS | {
    "AVERAGE",
    "MEDIAN",
    "MIN",
    "MAX",
    "COUNT",
    "STDEV",
    "STDEV.S",
    "STDEV.P",
    "STDEVP",
    "VAR",
    "VAR.S",
    "VAR.P",
    "VARP",
    "GEOMEAN",
    "SUMPRODUCT",
}
# of functions with conditions, the argument that they sum:
CONDITIONAL = {"SUMIF": 2, "AVERAGEIF": 2, "SUMIFS": 0, "AVERAGEIFS": 0, "MAXIFS": 0, "MINIFS": 0}
BY_NUMBER = dict(zip("124569", ("AVERAGE", "COUNT", "MAX", "MIN", "PRODUCT", "SUM"), strict=True))  # of SUBTOTAL


@dataclass(frozen=True)
class Span:
    """A range along a line of a sheet, and the formula that aggregates it."""

    use: Use
    function: str
    grid: Grid
    axis: int
    line: int
    first: int
    last: int
    fixed: bool  # by a $ at both ends

    def cell(self, place: int, lines: int = 0) -> Cell | None:
        """Return a cell of the line, or of one so many lines away."""
        return self.grid.at(self.axis, self.line + lines, place)

    def area(self, first: int, last: int) -> Area:
        """Return the cells of the line from one place to another."""
        ends = (first, self.line, last, self.line) if self.axis else (self.line, first, self.line, last)
        return Area(self.grid.name, *ends)

    @property
    def total(self) -> int | None:
        """The place of the formula if it stands in the same line."""
        _, row, column, _, _ = self.use.area
        line, place = (column, row) if self.axis else (row, column)
        return place if self.use.grid is self.grid and line == self.line else None


def aggregates(formula: ParsedFormula) -> Iterator[tuple[str, tuple[tuple[int, int], ...]]]:
    """Yield the functions of a formula that aggregate numbers, with their arguments; of SUBTOTAL what its number says."""
    for call in formula.calls:
        if call.function in AGGREGATES:
            yield call.function, call.arguments
        elif call.function in CONDITIONAL:
            place = CONDITIONAL[call.function]
            yield call.function, (call.arguments[place if place < len(call.arguments) else 0],)
        elif call.function in ("SUBTOTAL", "AGGREGATE") and call.arguments:
            code = formula.pieces[call.arguments[0][0]].text.removeprefix("10")
            if code in BY_NUMBER:
                yield BY_NUMBER[code], call.arguments[1:]


def aggregated(book: WorkbookIndex) -> Iterator[Span]:
    """Yield the ranges along one row or column that formulas aggregate."""
    for use in book.uses:
        for function, arguments in aggregates(use.formula):
            if function == "SUMPRODUCT" or function in CONDITIONAL:
                continue  # its weights or conditions say what it takes in
            for first, last in arguments:
                reference = use.formula.pieces[first].reference if last - first == 1 else None
                if reference is None or reference.single or reference.last_sheet:
                    continue
                [area] = book.named(use.formula.pieces[first], use.grid, use.cell)
                grid = book.grid(area)
                if grid is not None and (area.top == area.bottom) != (area.left == area.right):
                    axis = int(area.left == area.right)
                    ends = (area.left, area.top, area.bottom) if axis else (area.top, area.left, area.right)
                    along = (reference.top, reference.bottom) if axis else (reference.left, reference.right)
                    yield Span(use, function, grid, axis, *ends, along[0].fixed and along[1].fixed)
