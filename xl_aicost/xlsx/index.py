"""A workbook with its formulas taken apart, what they read, its sheets along rows and columns, and its labels."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from xl_aicost.errors import IncompleteError
from xl_aicost.xlsx.formulas import ParsedFormula, Piece
from xl_aicost.xlsx.package import Package, Style
from xl_aicost.xlsx.references import LAST_COLUMN, LAST_ROW, Area, areas
from xl_aicost.xlsx.sheet import Cell, Sheet
from xl_aicost.xlsx.tables import table_area

GAPS = {"", "-", "–", "—", ".", "..", "...", "n.a.", "n.a", "na", "n/a", "#n/a", "nm", "n.m.", "x"}
GAPS |= {"none", "null", "nan"}
TOTAL = re.compile(r"total|\bsum\b|average|\bavg|\bmean\b|median|summe|gesamt|somme", re.IGNORECASE)
NEUTRAL = {"+", "(", ")", ",", "SUM"}  # pieces of a sum that say nothing
FAR_LEFT, FAR_UP = 12, 50  # cells within which a label and a heading stand
LARGE = 2_000  # cells of a range that are not told apart one by one
MOST_STEPS = 3_000_000  # between two times that `steps` is set to 0


def is_numeric(cell: Cell | None) -> bool:
    """Return whether a cell shows a number, or a formula that has not been calculated."""
    return cell is not None and (type(cell.value) is float or (cell.formula is not None and cell.value is None))


def is_gap(cell: Cell) -> bool:
    """Return whether a cell says that there is no value, as n.a. does."""
    return cell.kind == "e" or (isinstance(cell.value, str) and cell.value.strip().lower() in GAPS)


class Grid:
    """A sheet along its rows (axis 0) and its columns (axis 1): a line is a row or a column, a place a cell of it."""

    def __init__(self, package: Package, sheet: Sheet) -> None:
        self.package, self.sheet, self.name, self.cells = package, sheet, sheet.name, sheet.cells
        self.rows = max((r for r, _ in self.cells), default=0)
        self.columns = max((c for _, c in self.cells), default=0)

    @cached_property
    def numbers(self) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """The places of the numbers of each line, along both axes."""
        result: tuple[dict[int, list[int]], dict[int, list[int]]] = (defaultdict(list), defaultdict(list))
        for row, column in sorted(at for at, cell in self.cells.items() if is_numeric(cell)):
            result[0][row].append(column)
            result[1][column].append(row)
        return result

    def lines(self, axis: int) -> Iterator[tuple[int, list[tuple[int, Cell]]]]:
        """Yield each line with the places of its cells that hold something, in their order."""
        result: dict[int, list[tuple[int, Cell]]] = defaultdict(list)
        for at, cell in self.cells.items():
            if cell.formula is not None or cell.value is not None:
                result[at[axis]].append((at[1 - axis], cell))
        for line, cells in result.items():
            yield line, sorted(cells, key=lambda c: c[0])

    def within(self, axis: int, line: int, first: int, last: int) -> list[int]:
        """Return the places of the numbers of a line from one place to another."""
        places = self.numbers[axis].get(line, [])
        return places[bisect_left(places, first) : bisect_right(places, last)]

    def at(self, axis: int, line: int, place: int) -> Cell | None:
        """Return a cell of a line, or None of a blank one."""
        cell = self.cells.get((place, line) if axis else (line, place))
        return cell if cell is not None and (cell.formula is not None or cell.value is not None) else None

    def area(self, cell: Cell) -> Area:
        """Return a cell as an area."""
        return Area(self.name, cell.row, cell.column, cell.row, cell.column)

    def style(self, cell: Cell) -> Style:
        """Return the style of a cell."""
        return self.package.style(cell)

    def label(self, row: int, column: int) -> str:
        """Return the nearest text to the left of a cell, or ""."""
        return self._text((row, c) for c in range(column - 1, max(0, column - FAR_LEFT), -1))

    def heading(self, row: int, column: int) -> str:
        """Return the nearest text above a cell, or ""."""
        return self._text((r, column) for r in range(row - 1, max(0, row - FAR_UP), -1))

    def _text(self, places: Iterable[tuple[int, int]]) -> str:
        cells = (self.cells.get(place) for place in places)
        return next((c.value.strip() for c in cells if c and isinstance(c.value, str) and not is_gap(c)), "")

    def is_total(self, axis: int, cell: Cell) -> bool:
        """Return whether the heading of a cell of a row, or the label of one of a column, calls it a total or average."""
        return bool(TOTAL.search((self.label if axis else self.heading)(cell.row, cell.column)))


@dataclass(frozen=True)
class Use:
    """A formula in its cell."""

    grid: Grid
    cell: Cell
    formula: ParsedFormula

    @property
    def area(self) -> Area:
        """The cell itself."""
        return self.grid.area(self.cell)


class WorkbookIndex:
    """A workbook and what several rules need of it."""

    def __init__(self, package: Package) -> None:
        self.package, self.steps = package, 0
        self.grids = {s.name.lower(): Grid(package, s) for s in package.sheets}
        self.sheets = {name: grid.name for name, grid in self.grids.items()}
        self._formulas: dict[str, ParsedFormula] = {}
        filled = ((g, c) for g in self.grids.values() for c in g.cells.values() if c.formula is not None)
        self.uses = [Use(grid, cell, self.formula(cell)) for grid, cell in filled]

    def spend(self, steps: int) -> None:
        """Count steps. Raises IncompleteError beyond the most."""
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise IncompleteError(f"more than {MOST_STEPS:,} steps")

    def formula(self, cell: Cell) -> ParsedFormula:
        """Return the formula of a cell, taken apart once for all its copies."""
        formula = self._formulas.get(cell.relative)
        if formula is None:
            formula = ParsedFormula(cell.formula or "", cell.row, cell.column, self.sheets)
            self._formulas[cell.relative] = formula
        return formula

    @cached_property
    def areas(self) -> list[list[Area]]:
        """The cells that each of the formulas in `uses` reads."""
        return [self.read(use.formula, use.grid, use.cell) for use in self.uses]

    def read(self, formula: ParsedFormula, grid: Grid, cell: Cell) -> list[Area]:
        """Return the cells that a formula reads if it stands in a cell."""
        return [a for p in formula.operands for a in self.named(p, grid, cell)]

    def named(self, piece: Piece, grid: Grid, cell: Cell) -> list[Area]:
        """Return the cells that a piece of a formula names in a cell; those of each sheet of a 3-D reference."""
        reference = piece.reference
        if reference is not None:
            area = reference.area(grid.name, cell.row, cell.column)
            if reference.whole:
                area = self._clipped(area)
            if not reference.last_sheet:
                return [area]
            return [area._replace(sheet=s) for s in self._between(area.sheet, reference.last_sheet)]
        if piece.kind == "table":
            cells = table_area(piece.text, self.package.tables, grid.name, cell.row, cell.column)
            return [cells] if cells else []
        name = piece.text.lower()
        return self._names.get((grid.name.lower(), name)) or self._names.get(("", name)) or []

    def _between(self, first: str, last: str) -> list[str]:
        """Return the sheets from one to another."""
        order = list(self.sheets.values())
        start, stop = sorted(order.index(s) if s in order else -1 for s in (first, last))
        return order[start : stop + 1] if start >= 0 else []

    def _clipped(self, area: Area) -> Area:
        """Return an area of whole rows or columns without what lies past the last cell."""
        grid = self.grid(area)
        rows, columns = (grid.rows, grid.columns) if grid else (1, 1)
        if area.bottom == LAST_ROW:
            area = area._replace(bottom=max(area.top, rows))
        return area._replace(right=max(area.left, columns)) if area.right == LAST_COLUMN else area

    def reading(self, formula: ParsedFormula, grid: Grid, cell: Cell) -> list[tuple[str, str]]:
        """Return what a formula does in a cell: equal for formulas that read the same cells in the same way.

        A leading plus, the order of terms or factors, A1+A2 for SUM(A1:A2) and blank cells of a range make no
        difference.
        """
        result, sign, sums = [], "", formula.functions <= {"SUM"}
        for piece in formula.pieces:
            read: list[tuple[object, ...]] = []
            for area in self.named(piece, grid, cell) if piece.operand else ():
                filled = [(area.sheet, c.row, c.column) for c in self.cells(area) if not is_gap(c)]
                read += filled or [area if area.size > LARGE else area[:3]]
            if read:
                result += [(sign, repr(r)) for r in (read if sums else [read])]
            elif not sums or piece.text not in NEUTRAL:
                result.append((sign, piece.text))
            sign = piece.text if piece.text in ("-", "/", "^") else f"{sign}(" if piece.text in ("(", "SUM") else ""
        return sorted(result) if sums else result

    @cached_property
    def _names(self) -> dict[tuple[str, str], list[Area]]:
        """The cells of the names that stand for a range and no more."""
        result = {}
        for (scope, name), text in self.package.names.items():
            cells = areas(text, scope)
            grid = self.grid(cells[0]) if len(cells) == 1 and cells[0] is not None and "(" not in text else None
            if grid is not None and cells[0] is not None:
                result[scope.lower(), name.lower()] = [cells[0]._replace(sheet=grid.name)]
        return result

    def grid(self, area: Area) -> Grid | None:
        """Return the sheet of an area, or None of one that is in no sheet of this workbook."""
        return self.grids.get(area.sheet.lower())

    def cells(self, area: Area) -> Iterator[Cell]:
        """Yield the cells of an area that hold something; none of a large one."""
        grid = self.grid(area)
        if grid is not None and area.size <= LARGE:
            self.spend(area.size)
            places = ((r, c) for r in range(area.top, area.bottom + 1) for c in range(area.left, area.right + 1))
            yield from (c for at in places if (c := grid.at(0, *at)) is not None)

    def count(self, area: Area) -> int:
        """Return how many numbers an area has."""
        grid = self.grid(area)
        columns = range(area.left, min(area.right, grid.columns) + 1) if grid else ()
        self.spend(len(columns))
        return sum(len(grid.within(1, c, area.top, area.bottom)) for c in columns) if grid else 0

    def readers(self, area: Area) -> set[int]:
        """Return the formulas that read a cell by itself, by their numbers."""
        return self._readers.get(area, set())

    @cached_property
    def _readers(self) -> dict[Area, set[int]]:
        result: dict[Area, set[int]] = defaultdict(set)
        for number, read in enumerate(self.areas):
            for area in read:
                if area.single:
                    result[area].add(number)
        return result
