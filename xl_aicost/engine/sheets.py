"""A workbook calculated: every formula in the order in which it is needed, for one case or for many at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from openpyxl import Workbook
from openpyxl.utils.cell import column_index_from_string

from xl_aicost.engine.shape import Function, function_of, taken_apart
from xl_aicost.engine.values import Range, UnknownFormulaError, is_error, settled

Key = tuple[str, int, int]  # sheet, row, column
Area = tuple[str, int, int, int, int]  # sheet, first and last row, first and last column
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
LOGICAL = {"TRUE": True, "FALSE": False}
Known = Mapping[str, Mapping[tuple[int, int], Any]]
Given = Mapping[str, Mapping[tuple[int, int], Sequence[Any]]]


class Calculation:
    """The values of a workbook.

    `given` holds, by sheet and cell, what stands there in each case, if there are many; `known` what formulas come to;
    `otherwise` what another engine says of all formulas of a single case, for those that are or meet an error.

    #N/A is a value like others. Without `otherwise` raises UnknownFormulaError for a formula that the engine does not
    know, a circle, or another error in a single case.
    """

    def __init__(
        self, wb: Workbook, given: Given | None = None, known: Known | None = None, otherwise: Known | None = None
    ) -> None:
        self.wb, self.otherwise = wb, otherwise
        self.values: dict[Key, Any] = {}
        self.formulas: dict[Key, str] = {}
        self.ranges: dict[Area, Range] = {}
        self.steps: list[tuple[Key, Function, list[Any]]] = []
        self._places: dict[str, Any] = {}
        self._parsed: dict[str, tuple[Function, list[Any]]] = {}
        self._done: set[Key] = set()
        self.known = known or {}
        for ws in wb.worksheets:
            title, ours = ws.title, self.known.get(ws.title, {})
            for key, cell in ws._cells.items():
                value = cell._value
                if cell.data_type != "f":
                    if value is not None:
                        self.values[title, *key] = float(value) if type(value) is int else value
                elif key not in ours:
                    self.formulas[title, *key] = value
        self._give(given or {}, self.known)
        with np.errstate(all="ignore"):
            for key in self.formulas:
                if key not in self._done:
                    self._reach(key)

    def _give(self, given: Given, known: Known) -> None:
        for sheet, found in known.items():
            for (row, column), value in found.items():
                key = (sheet, row, column)
                if type(value) is float and np.isinf(value):
                    raise UnknownFormulaError(f"{key} is an error")
                self.values[key] = value
        for sheet, cells in given.items():
            for (row, column), values in cells.items():
                several = not isinstance(values, np.ndarray)
                self.values[sheet, row, column] = settled([*map(_plain, values)]) if several else values

    def again(self, given: Given, known: Known) -> None:
        """Calculate anew what depends on the cells given, in as many cases as are given now."""
        self.known = known
        self._give(given, known)
        self.ranges = {a: r for a, r in self.ranges.items() if not any(isinstance(v, np.ndarray) for v in r.values)}
        with np.errstate(all="ignore"):
            for key, function, operands in self.steps:
                if isinstance(self.values[key], np.ndarray):
                    self._step(key, function, operands)

    def by_sheet(self) -> dict[str, dict[tuple[int, int], Any]]:
        """Return what each formula comes to, by sheet and cell; #N/A of a single case is its code."""
        found = {ws.title: {k: _coded(v) for k, v in self.known.get(ws.title, {}).items()} for ws in self.wb.worksheets}
        for sheet, row, column in self.formulas:
            found[sheet][row, column] = _coded(self.values[sheet, row, column])
        return found

    def broken(self, count: int) -> Any:
        """Return for each case whether a cell holds an error other than #N/A."""
        bad = np.zeros(count, bool)
        for value in (*(self.values[k] for k in self.formulas), *(v for f in self.known.values() for v in f.values())):
            if isinstance(value, np.ndarray) and value.dtype == float:
                bad |= np.isinf(value)
        return bad

    def _reach(self, wanted: Key) -> None:
        """Calculate a cell, and before it what it needs and what that needs."""
        waiting = [self._read(wanted)]
        open_ = {wanted}
        while waiting:
            key, function, operands, needs = waiting[-1]
            for missing in needs:
                if missing in self.formulas and missing not in self._done:
                    break
            else:
                waiting.pop()
                self._step(key, function, operands)
                self._done.add(key)
                open_.discard(key)
                self.steps.append((key, function, operands))
                continue
            if missing in open_:
                self.values[missing] = self._by_other(missing, "depends on itself")
                self._done.add(missing)
                continue
            open_.add(missing)
            waiting.append(self._read(missing))

    def _needs(self, operands: list[Any]) -> Iterator[Key]:
        """Yield the cells that operands refer to, but those of ranges that are known already."""
        for o in operands:
            if type(o) is tuple:
                if len(o) == 3:
                    yield o
                elif o not in self.ranges:
                    yield from _cells(o)

    def _read(self, key: Key) -> tuple[Key, Function, list[Any], Iterator[Key]]:
        formula, home = self.formulas[key], key[0]
        if formula not in self._parsed:
            try:
                shape, operands = taken_apart(formula[1:])
                self._parsed[formula] = function_of(shape), [self._operand(o) for o in operands]
            except UnknownFormulaError:
                if self.otherwise is None:
                    raise
                return key, _unknown, [], iter(())
        function, places = self._parsed[formula]
        bound = [(home, *p[1:]) if type(p) is tuple and p[0] is None else p for p in places]
        return key, function, bound, self._needs(bound)

    def _operand(self, text: str) -> Any:
        """Return what an operand stands for: a text, true or false, or cells, whose sheet is None where none is named."""
        if text[0] == '"':
            return text[1:-1].replace('""', '"')
        found = self._places.get(text)
        if found is None:
            found = self._places[text] = self._place(text)
        return found

    def _place(self, text: str) -> Any:
        sheet, mark, body = text.rpartition("!")
        match = REFERENCE.fullmatch(body)
        if match:
            left, top, right, bottom = match.groups()
            column, row = column_index_from_string(left), int(top)
            end = (row, int(bottom), column, column_index_from_string(right)) if right else (row, column)
            return (sheet.strip("'").replace("''", "'") if mark else None, *end)
        if body.upper() in LOGICAL:
            return LOGICAL[body.upper()]
        name = self.wb.defined_names.get(body)
        if name is None:
            raise UnknownFormulaError(f"the name {body}")
        return self._place(name.attr_text)

    def _step(self, key: Key, function: Function, operands: list[Any]) -> None:
        args = [self._value(o) if type(o) is tuple else o for o in operands]
        if self.otherwise is None:
            self.values[key] = self._settled(key, function(args))
            return
        try:
            found = _unknown(args) if any(map(_holds_error, args)) else self._settled(key, function(args))
        except UnknownFormulaError:
            found = self._by_other(key, "is or meets an error")
        self.values[key] = found

    def _by_other(self, key: Key, reason: str) -> Any:
        """Return what the other engine says of a cell. Raises UnknownFormulaError where there is none."""
        if self.otherwise is None:
            raise UnknownFormulaError(f"{key} {reason}")
        return self.otherwise[key[0]][key[1:]]

    def _settled(self, key: Key, found: Any) -> Any:
        """Return a result as cells hold it. Raises UnknownFormulaError for an error in a single case."""
        if type(found) is float:
            if np.isinf(found):
                raise UnknownFormulaError(f"{key} is an error")
        elif found is None:
            found = 0.0
        elif isinstance(found, np.ndarray):
            if found.dtype != float and found.dtype != bool:
                found = settled([0.0 if v is None else v for v in found.tolist()])
        elif isinstance(found, np.bool_ | np.floating):
            found = found.item()
        elif not isinstance(found, str | bool):
            raise UnknownFormulaError(f"{key} is {found!r}")
        return found

    def _value(self, place: Any) -> Any:
        if len(place) == 3:
            return self.values.get(place)
        found = self.ranges.get(place)
        if found is None:
            found = self.ranges[place] = Range([*map(self.values.get, _cells(place))], place[4] - place[3] + 1)
        return found


def _unknown(_: list[Any]) -> Any:
    raise UnknownFormulaError


def _holds_error(value: Any) -> bool:
    return any(map(is_error, value.values)) if isinstance(value, Range) else is_error(value)


def _coded(value: Any) -> Any:
    return "#N/A" if type(value) is float and value != value else value


def _plain(value: Any) -> Any:
    return float(value) if type(value) is int else value


def _cells(area: Area) -> Iterator[Key]:
    sheet, top, bottom, left, right = area
    return ((sheet, row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
