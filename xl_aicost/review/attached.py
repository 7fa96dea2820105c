"""A workbook of ours as an object: inputs are typed into it, its results are read, and it recalculates.

What holds the cells is a `Cells`: here a stored file or an openpyxl workbook; `hosts` has one for a workbook in Excel.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeAlias

import openpyxl
from openpyxl import Workbook
from openpyxl.utils.cell import coordinate_to_tuple

from xl_aicost.case import check_value, find_input, model
from xl_aicost.engine.calculate import calculate
from xl_aicost.engine.values import Value
from xl_aicost.errors import AicostError, InputError, UnknownNameError
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.support.files import destination
from xl_aicost.support.values import CellValue
from xl_aicost.workbook.book import as_typed, from_typed
from xl_aicost.workbook.layout import LIVE
from xl_aicost.workbook.sheets.calculation import columns_of
from xl_aicost.xlsx.package import Package, open_package
from xl_aicost.xlsx.rewrite import rewrite
from xl_aicost.xlsx.save import save
from xl_aicost.xlsx.sheet import Cell, Sheet

Key: TypeAlias = tuple[int, int]
RECORD = "Provenance"


class Cells(Protocol):
    """The cells of a workbook, wherever they are."""

    def record(self) -> Package:
        """Return a package that has the sheet which says how the workbook was made."""

    def value(self, sheet: str, row: int, column: int) -> CellValue:
        """Return what a cell shows, an error as its code; recalculated if something was put since."""

    def has_formula(self, sheet: str, row: int, column: int) -> bool:
        """Return whether a cell holds a formula."""

    def put(self, sheet: str, row: int, column: int, value: CellValue) -> None:
        """Put a value into a cell; None makes it blank."""

    def save(self, out: Path | None) -> None:
        """Save the workbook where it is, or as another file."""


class AttachedWorkbook:
    """A workbook of ours: `m["gpus"] = 12_000` types an input, `m["cluster_capex"]` reads a line, `m.scenario` chooses.

    `built` is the workbook as this version makes it. A typed value goes into the input's own cell for typed values, never over a formula; None makes the cell blank again.
    Raises UnknownNameError and InputError, in one line, for what is not there or not accepted.
    """

    def __init__(self, cells: Cells) -> None:
        """Attach to cells. Raises InputError where the workbook is not ours."""
        self._cells = cells
        self._origin = ReturnedWorkbook(cells.record())
        self.built = self._origin.built

    def __getitem__(self, name: str) -> float | list[float]:
        """Return the value of a line or an input in the scenario shown; a list over the periods. What is n/a is NaN."""
        book = self.built
        if name not in book.graph.lines and name not in book.assumptions:
            raise UnknownNameError("line", name, [*book.graph.lines, *book.assumptions])
        row = book.layout.rows[name]
        if self._cells.value(LIVE.sheet, row, book.layout.id_column) != name:
            raise InputError(f"{name} is not in row {row} of {LIVE.sheet} any more: rows were inserted or deleted")
        values = [self._number(name, row, column) for column in columns_of(book, name)]
        return values if name in model().series else values[0]

    def _number(self, name: str, row: int, column: int) -> float:
        value = self._cells.value(LIVE.sheet, row, column)
        if value is None or value in ("#N/A", "n/a"):
            return math.nan
        if isinstance(value, str):
            raise InputError(f"{name} is {value} in the workbook")
        return float(value)

    def __setitem__(self, name: str, value: float | None) -> None:
        """Type a value of an input in the model's unit, or make its cell blank."""
        item = find_input(name, self.built.assumptions)
        place = self._typed_cell(name)
        if self._cells.has_formula(*place):
            raise InputError(f"{name}: its cell for a typed value holds a formula, which is not overwritten")
        self._cells.put(*place, None if value is None else as_typed(item, check_value(item, value)))

    def _typed_cell(self, name: str) -> tuple[str, int, int]:
        return "Inputs", *coordinate_to_tuple(self.built.layout.input_at(name, "typed"))

    @property
    def typed(self) -> dict[str, float]:
        """The typed values in the model's units, by input."""
        items = self.built.assumptions
        typed = {i: self._cells.value(*self._typed_cell(i)) for i in items}
        return {i: from_typed(items[i], v) for i, v in typed.items() if isinstance(v, int | float)}

    @property
    def results(self) -> dict[str, float]:
        """The headline results in the scenario shown, by line."""
        return {line: self._first(line) for line in self._origin.headline}

    def _first(self, line: str) -> float:
        value = self[line]
        return value[0] if isinstance(value, list) else value

    def unit(self, name: str) -> str:
        """Return the unit of a line or an input."""
        return self.built.layout.meaning(name).unit

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios that can be shown."""
        book = self.built
        return tuple(book.scenario_title(n, book.edition) for n in book.layout.scenarios)

    @property
    def _scenario_cell(self) -> tuple[str, int, int]:
        sheet, _, at = self.built.wb.defined_names["scenario"].attr_text.partition("!")
        return (sheet, *coordinate_to_tuple(at.replace("$", "")))

    @property
    def scenario(self) -> str:
        """The scenario shown."""
        return str(self._cells.value(*self._scenario_cell))

    @scenario.setter
    def scenario(self, name: str) -> None:
        match = next((s for s in self.scenarios if s.lower() == name.lower()), None)
        if match is None:
            raise UnknownNameError("scenario", name, self.scenarios)
        self._cells.put(*self._scenario_cell, match)

    def save(self, out: str | Path | None = None) -> None:
        """Save the workbook with its new values, or as another file."""
        self._cells.save(Path(out) if out is not None else None)


class WorkbookCells:
    """The cells of an openpyxl workbook, calculated by our engine."""

    def __init__(self, wb: Workbook) -> None:
        """Hold a workbook that was loaded with its formulas."""
        self.wb = wb
        self._values: Mapping[str, Mapping[Key, Value]] | None = None

    def record(self) -> Package:
        """Return a package with the record of how the workbook was made."""
        sheets = []
        if RECORD in self.wb.sheetnames:
            cells = {(r, k): Cell(r, k, None, c.value, 0) for (r, k), c in self.wb[RECORD]._cells.items()}
            sheets = [Sheet(RECORD, "visible", "", cells)]
        return Package(Path("the workbook"), sheets, {}, {}, [], [])

    @property
    def values(self) -> Mapping[str, Mapping[Key, Value]]:
        """The value of each formula."""
        if self._values is None:
            self._values = calculate(self.wb)
        return self._values

    def value(self, sheet: str, row: int, column: int) -> CellValue:
        """Return what a cell shows."""
        cell = self.wb[sheet]._cells.get((row, column))
        if cell is None or cell.data_type != "f":
            return None if cell is None else cell.value
        return self.values[sheet][row, column]  # type: ignore[return-value]

    def has_formula(self, sheet: str, row: int, column: int) -> bool:
        """Return whether a cell holds a formula."""
        return bool(self.wb[sheet].cell(row, column).data_type == "f")

    def put(self, sheet: str, row: int, column: int, value: CellValue) -> None:
        """Put a value into a cell."""
        self.wb[sheet].cell(row, column).value = value
        self._values = None

    def save(self, out: Path | None) -> None:
        """Save the workbook as a file, with the values of its formulas."""
        if out is None:
            raise InputError("an openpyxl workbook has no file of its own: give save a path")
        save(self.wb, destination(out, ".xlsx"), self.values)


class FileCells:
    """The cells of a stored file, calculated by our engine; saving it changes values and leaves everything else."""

    def __init__(self, path: Path) -> None:
        """Read a file. Raises DataError for one that is no readable xlsx."""
        self._hold(open_package(path))

    @cached_property
    def loaded(self) -> WorkbookCells:
        """The workbook, loaded when something has to be calculated."""
        try:
            return WorkbookCells(openpyxl.load_workbook(self.package.path))
        except (KeyError, ValueError, TypeError) as error:
            raise AicostError(f"{self.package.path} cannot be calculated ({error})") from None

    def _hold(self, package: Package) -> None:
        self.package = package
        self.edits: dict[str, dict[Key, CellValue]] = {}
        # as in a file that openpyxl wrote
        self.lacks_values = any(
            c.formula is not None and c.value is None for s in package.sheets for c in s.cells.values()
        )

    def record(self) -> Package:
        """Return the file."""
        return self.package

    def value(self, sheet: str, row: int, column: int) -> CellValue:
        """Return what a cell shows: as stored, until something is put; calculated where the file holds no values."""
        return (self.loaded if self.edits or self.lacks_values else self.package).value(sheet, row, column)

    def has_formula(self, sheet: str, row: int, column: int) -> bool:
        """Return whether a cell holds a formula."""
        cell = self.package.cell(sheet, row, column)
        return cell is not None and cell.formula is not None

    def put(self, sheet: str, row: int, column: int, value: CellValue) -> None:
        """Put a value into a cell."""
        self.loaded.put(sheet, row, column, value)
        self.edits.setdefault(sheet, {})[row, column] = value

    def save(self, out: Path | None) -> None:
        """Save the file, or another one, with the values put into it and the values of its formulas."""
        changed = {sheet: dict(cells) for sheet, cells in self.edits.items()}
        for sheet, cells in self.loaded.values.items() if self.edits or self.lacks_values else ():
            was = self.package.sheet(sheet)
            moved = {k: v for k, v in cells.items() if was is None or k not in was.cells or was.cells[k].value != v}
            changed.setdefault(sheet, {}).update(moved)  # type: ignore[arg-type]
        path = out or self.package.path
        rewrite(self.package, path, changed)
        self._hold(open_package(path))
