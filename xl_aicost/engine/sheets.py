"""Calculate a workbook: each formula after those that it depends on, for one workbook or for a batch at once.

A batch is workbooks with the same formulas that differ in some constants; then a value is an array with one per batch row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

import numpy as np

from xl_aicost.engine.parser import Function, compiled, split_operands
from xl_aicost.engine.values import Argument, Range, UnknownFormulaError, Value, is_error, to_array
from xl_aicost.support.values import Array, Booleans, CellValue
from xl_aicost.xlsx.cells import Workbook, contents
from xl_aicost.xlsx.references import column_of

Key: TypeAlias = tuple[str, int, int]  # sheet, row, column
Area: TypeAlias = tuple[str, int, int, int, int]  # sheet, first and last row, first and last column
Operand: TypeAlias = Key | Area | str | bool
Values: TypeAlias = Mapping[str, Mapping[tuple[int, int], Value]]  # by sheet, and row and column
Constants: TypeAlias = Mapping[
    str, Mapping[tuple[int, int], Sequence[CellValue] | Array]
]  # the same, a value per batch row
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
LOGICAL = {"TRUE": True, "FALSE": False}


class Calculation:
    """The values of a workbook's formulas.

    `constants` are the cells that differ between the rows of a batch; `precomputed` are values of formulas that need no
    calculation; `fallback` are the values that another engine gives the formulas of a single workbook, for those that
    contain or depend on errors.

    #N/A is a value like others. Without `fallback` raises UnknownFormulaError for a formula that the engine cannot
    calculate, a circular reference, or another error in a single workbook.

    >>> wb = Workbook()
    >>> wb.active["A1"], wb.active["A2"] = 100, "=A1*1.19"
    >>> Calculation(wb).by_sheet()
    {'Sheet': {(2, 1): 119.0}}
    """

    def __init__(
        self,
        wb: Workbook,
        constants: Constants | None = None,
        precomputed: Values | None = None,
        fallback: Values | None = None,
    ) -> None:
        self.wb, self.fallback, self.precomputed = wb, fallback, precomputed or {}
        self.formulas: dict[Key, str] = {}
        for title, at, value, is_formula in contents(wb):
            if is_formula and at not in self.precomputed.get(title, ()):
                self.formulas[title, *at] = str(value)
        self.values = _Values(wb, constants or {}, self.precomputed)
        self.steps: list[tuple[Key, Function, list[Operand]]] = []
        self._operands: dict[tuple[str, str], Operand] = {}
        self._parsed: dict[tuple[str, str], tuple[Function, list[Operand]]] = {}
        self._open = set(self.formulas)  # those that are not calculated yet
        with np.errstate(all="ignore"):
            for key in self.formulas:
                if key in self._open:
                    self._calculate(key)

    def recalculate(self, constants: Constants, precomputed: Values) -> None:
        """Calculate again what depends on the constants, for as many batch rows as they now have."""
        self.precomputed = precomputed
        results = {key: self.values[key] for key in self.formulas}
        self.values = _Values(self.wb, constants, precomputed, results)
        with np.errstate(all="ignore"):
            for key, function, operands in self.steps:
                if isinstance(self.values[key], np.ndarray):
                    self._step(key, function, operands)

    def by_sheet(self) -> dict[str, dict[tuple[int, int], Value]]:
        """Return the value of each formula, by sheet and by (row, column); #N/A of a single workbook is its code."""
        values = {ws.title: dict(self.precomputed.get(ws.title, {})) for ws in self.wb.worksheets}
        for sheet, row, column in self.formulas:
            values[sheet][row, column] = self.values[sheet, row, column]
        return {
            sheet: {k: "#N/A" if type(v) is float and v != v else v for k, v in cells.items()}
            for sheet, cells in values.items()
        }

    def has_error(self, count: int) -> Booleans:
        """Return for each of `count` batch rows whether a cell has an error other than #N/A."""
        errors = np.zeros(count, bool)
        ready = (cells.values() for cells in self.precomputed.values())
        for value in chain((self.values[k] for k in self.formulas), *ready):
            if isinstance(value, np.ndarray) and value.dtype == float:
                errors |= np.isinf(value)
        return errors

    def _calculate(self, target: Key) -> None:
        """Calculate a cell, and before it the cells that it depends on, without recursion."""
        pending = [self._read(target)]
        started = {target}
        while pending:
            key, function, operands, precedents = pending[-1]
            for missing in precedents:
                if missing in self._open:
                    break
            else:
                pending.pop()
                self._step(key, function, operands)
                self._open.discard(key)
                started.discard(key)
                self.steps.append((key, function, operands))
                continue
            if missing in started:
                self.values[missing] = self._by_fallback(missing, "depends on itself")
                self._open.discard(missing)
                continue
            started.add(missing)
            pending.append(self._read(missing))

    def _precedents(self, operands: list[Operand]) -> Iterator[Key]:
        """Return the cells that operands refer to which are not calculated yet."""
        found: list[Any] = [o for o in operands if o in self._open]
        for o in operands:
            if type(o) is tuple and len(o) == 5 and o not in self.values:
                found += [cell for cell in _cells(o) if cell in self._open]
        return iter(found)

    def _read(self, key: Key) -> tuple[Key, Function, list[Operand], Iterator[Key]]:
        formula, sheet = self.formulas[key], key[0]
        parsed = self._parsed.get((sheet, formula))
        if parsed is None:
            try:
                structure, texts = split_operands(formula[1:])
                parsed = self._parsed[sheet, formula] = compiled(structure), [self._operand(sheet, t) for t in texts]
            except UnknownFormulaError:
                if self.fallback is None:
                    raise
                return key, _unknown, [], iter(())
        function, operands = parsed
        return key, function, operands, self._precedents(operands)

    def _operand(self, sheet: str, text: str) -> Operand:
        """Return a text, true or false, or the place that a reference or a name stands for in a sheet."""
        operand = self._operands.get((sheet, text))
        if operand is None:
            operand = text[1:-1].replace('""', '"') if text[0] == '"' else self._place(sheet, text)
            self._operands[sheet, text] = operand
        return operand

    def _place(self, sheet: str, text: str) -> Key | Area | bool:
        title, mark, body = text.rpartition("!")
        if mark:
            sheet = title.strip("'").replace("''", "'")
        if reference := REFERENCE.fullmatch(body):
            left, top, right, bottom = reference.groups()
            first = sheet, int(top), column_of(left)
            return (sheet, first[1], int(bottom), first[2], column_of(right)) if right else first
        if body.upper() in LOGICAL:
            return LOGICAL[body.upper()]
        name = self.wb.defined_names.get(body)
        if name is None:
            raise UnknownFormulaError(f"the name {body}")
        return self._place(sheet, name.attr_text)

    def _step(self, key: Key, function: Function, operands: list[Operand]) -> None:
        values = self.values
        args: list[Any] = [values[o] if type(o) is tuple else o for o in operands]
        if self.fallback is None:
            self.values[key] = _cell_value(key, function(args))
            return
        try:
            value = _unknown(args) if any(map(_holds_error, args)) else _cell_value(key, function(args))
        except UnknownFormulaError:
            value = self._by_fallback(key, "contains or depends on an error")
        self.values[key] = value

    def _by_fallback(self, key: Key, reason: str) -> Value:
        """Return the value that the other engine gives a cell. Raises UnknownFormulaError without another engine."""
        if self.fallback is None:
            raise UnknownFormulaError(f"{key} {reason}")
        return self.fallback[key[0]][key[1:]]


class _Values(dict[Any, Any]):
    """The values of cells and ranges: what formulas gave, and what needs no calculation, looked up when it is first asked for."""

    def __init__(
        self, wb: Workbook, constants: Constants, precomputed: Values, results: Mapping[Key, Value] | None = None
    ) -> None:
        super().__init__(results or {})
        self.constants, self.precomputed = constants, precomputed
        self.cells = {ws.title: ws._cells for ws in wb.worksheets}
        for sheet, ready in precomputed.items():
            for at, value in ready.items():
                if type(value) is float and math.isinf(value):
                    raise UnknownFormulaError(f"{(sheet, *at)} is an error")

    def __missing__(self, place: Key | Area) -> Value | Range:
        found: Value | Range
        if len(place) == 5:
            found = Range([*map(self.__getitem__, _cells(place))], place[4] - place[3] + 1)
        else:
            found = self._found(place[0], place[1:])
        self[place] = found
        return found

    def _found(self, sheet: str, at: tuple[int, int]) -> Value:
        if at in self.constants.get(sheet, ()):
            values = self.constants[sheet][at]
            return values if isinstance(values, np.ndarray) else to_array([*map(_as_float, values)])
        if at in self.precomputed.get(sheet, ()):
            return self.precomputed[sheet][at]
        cell = self.cells.get(sheet, {}).get(at)
        return None if cell is None else _as_float(cell._value)


def _cell_value(key: Key, result: Argument) -> Value:
    """Return a result as a cell holds it. Raises UnknownFormulaError for an error in a single workbook."""
    if type(result) is float:
        if math.isinf(result):
            raise UnknownFormulaError(f"{key} is an error")
        return result
    if result is None:
        return 0.0
    if isinstance(result, np.ndarray):
        return result if result.dtype in (float, bool) else to_array([0.0 if v is None else v for v in result.tolist()])
    if isinstance(result, np.bool_ | np.floating):
        return result.item()
    if isinstance(result, str | bool):
        return result
    raise UnknownFormulaError(f"{key} is {result!r}")


def _unknown(_: Sequence[Argument]) -> Value:
    raise UnknownFormulaError


def _holds_error(value: Argument) -> bool:
    return any(map(is_error, value.values)) if isinstance(value, Range) else is_error(value)


def _as_float(value: CellValue) -> CellValue:
    return float(value) if type(value) is int else value


def _cells(area: Area) -> Iterator[Key]:
    sheet, top, bottom, left, right = area
    return ((sheet, row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
