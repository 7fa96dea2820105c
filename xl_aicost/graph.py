"""Lines and inputs as a graph: their order, their values, their formulas.

A line is a function; its parameters name inputs, other lines, or names of the time axis: `period`, the number of the
period, from 1; `date`, the number of its end, from 0 for the start; and `periods_per_year`. Nothing else defines how the
model is connected.

>>> from xl_aicost.model import CHAPTERS
>>> graph = Graph.of(CHAPTERS)
>>> graph.lines["gpu_capex"].precedents
('gpus', 'gpu_unit_price')
>>> graph.evaluate(["gpu_capex"], {"gpus": np.array([100, 200]), "gpu_unit_price": 30_000.0}, years=1)
{'gpu_capex': array([3000000., 6000000.])}
"""

from __future__ import annotations

import graphlib
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np

from xl_aicost.errors import UnknownNameError
from xl_aicost.formula import Formula, constant, name, number, show
from xl_aicost.formula.expression import Node
from xl_aicost.formula.names import is_cell
from xl_aicost.formula.row import OVER_TIME
from xl_aicost.model import RETIRED
from xl_aicost.model.line import Meaning
from xl_aicost.support.values import Array, Inputs, Numbers

TIME_AXIS = {
    "period": Meaning("Number of the period", "periods", "count", "time axis"),
    "date": Meaning("Number of the date", "periods", "count", "time axis"),
    "periods_per_year": Meaning("Periods per year", "periods/year", "ratio", "time axis"),
}


@dataclass(frozen=True)
class Line(Meaning):
    """One line of the model: what its function says of itself, its chapter and its precedents."""

    id: str
    function: Callable[..., Any]
    chapter: str
    precedents: tuple[str, ...]

    @classmethod
    def of(cls, name: str, function: Callable[..., Any]) -> Line:
        """Return a function of a chapter as a line."""
        chapter = function.__module__.rpartition(".")[2]
        precedents = tuple(inspect.signature(function).parameters)
        return cls(
            **vars(vars(function)["meaning"]), id=name, function=function, chapter=chapter, precedents=precedents
        )

    @property
    def help(self) -> str:
        """The first sentence of the docstring; the label where there is none."""
        return (inspect.getdoc(self.function) or self.label).split("\n")[0]


Plan: TypeAlias = tuple[list[str], dict[str, list[str]], list[str], bool]
"""How to evaluate some lines: their order, the arrays to drop after each, the inputs, whether time matters."""


def _time_axis(count: int, periods_per_year: int) -> dict[str, Array]:
    """Return the values of TIME_AXIS for a number of periods."""
    date = np.arange(0.0, count + 1)
    return {"period": date[1:], "date": date, "periods_per_year": np.asarray(float(periods_per_year))}


class _Named(Formula):
    """A line by its id; a helper over time prints as a call."""

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Formula:
        if func.__name__ not in OVER_TIME:
            return super().__array_function__(func, types, args, kwargs)
        return name(f"{func.__name__}({', '.join(show(a) for a in args)})")


class Graph:
    """The lines of some modules, each after its precedents."""

    def __init__(self, lines: list[Line]) -> None:
        declared = {line.id: line for line in lines}
        for node in {n for line in lines for n in (line.id, *line.precedents)}:
            if is_cell(node):
                raise ValueError(f"{node!r} is the address of a cell in Excel, so it cannot be a name")
        graphlib.TopologicalSorter({line.id: line.precedents for line in lines}).prepare()  # refuses circles
        self.lines: dict[str, Line] = {}
        self._upstream: dict[str, frozenset[str]] = {}
        self._plans: dict[tuple[str, ...], Plan] = {}
        for line in lines:
            self._place(line, declared)
        self.inputs = {p for line in lines for p in line.precedents} - set(declared) - set(TIME_AXIS)

    @classmethod
    def of(cls, modules: tuple[ModuleType, ...]) -> Graph:
        """Return the graph of the lines that the modules define."""
        return cls(
            [
                Line.of(name, function)
                for module in modules
                for name, function in vars(module).items()
                if "meaning" in getattr(function, "__dict__", ()) and function.__module__ == module.__name__
            ]
        )

    def _place(self, line: Line, declared: dict[str, Line]) -> None:
        """Add a line after its precedents, else in the order in which the modules declare it."""
        for precedent in line.precedents:
            if precedent in declared and precedent not in self.lines:
                self._place(declared[precedent], declared)
        self.lines[line.id] = line

    def line(self, name: str) -> Line:
        """Return a line. Raises UnknownNameError with the nearest names if there is none."""
        if name not in self.lines:
            raise UnknownNameError("line", name, self.lines, RETIRED)
        return self.lines[name]

    def upstream(self, name: str) -> set[str]:
        """Return all lines and inputs that a line depends on, and the line itself."""
        if name in self._upstream:
            return set(self._upstream[name])
        upstream = {name}
        pending = [name]
        while pending:
            node = pending.pop()
            for p in self.lines[node].precedents if node in self.lines else ():
                if p not in upstream:
                    upstream.add(p)
                    pending.append(p)
        self._upstream[name] = frozenset(upstream)
        return upstream

    @cached_property
    def _counts(self) -> dict[str, int]:
        """The number of values that each line has over three periods."""
        values: dict[str, Array] = {name: np.ones(1) for name in self.inputs} | _time_axis(3, 1)
        self._fill(values, self.lines, {})
        return {n: values[n].shape[-1] if values[n].ndim else 1 for n in self.lines}

    @cached_property
    def series(self) -> frozenset[str]:
        """The lines that have a value for each period, or each date, rather than one."""
        return frozenset(n for n, count in self._counts.items() if count > 1)

    @cached_property
    def dates(self) -> frozenset[str]:
        """The lines that have a value for each date, one more than there are periods."""
        return frozenset(n for n, count in self._counts.items() if count > 3)

    def uses_time(self, name: str) -> bool:
        """Return whether a line depends on the period or the date, even if it has one value itself."""
        return not self.upstream(name).isdisjoint(("period", "date"))

    def evaluate(
        self, names: Sequence[str], values: Inputs, years: int, periods_per_year: int = 1
    ) -> dict[str, Numbers]:
        """Return the values of some lines; `values` has the inputs, and may replace lines.

        Values are floats, or arrays of scenarios that broadcast against each other. Lines over time have periods as their
        last axis, or dates. A division by zero and the like gives inf or nan, which a cell shows as an error.
        """
        order, finished, inputs, timed = self._plan(tuple(names))
        if missing := [i for i in inputs if i not in values]:
            raise KeyError(f"no value for the input {missing[0]!r}")
        arrays = _time_axis(years * periods_per_year, periods_per_year)
        for key, value in values.items():
            array = np.asarray(value, float)
            arrays[key] = array[..., None] if timed and key not in self.series else array
        self._fill(arrays, order, finished)
        return {n: self._result(arrays[n], timed and n not in self.series) for n in names}

    def plan(self, names: tuple[str, ...]) -> tuple[list[str], list[str]]:
        """Return the lines that some lines need, in order, and the inputs."""
        order, _, inputs, _ = self._plan(names)
        return order, inputs

    def _plan(self, names: tuple[str, ...]) -> Plan:
        """Return how to evaluate some lines; it is made once."""
        if names not in self._plans:
            wanted = set().union(*(self.upstream(n) for n in names))
            order = [n for n in self.lines if n in wanted]
            last = {p: n for n in order for p in self.lines[n].precedents if p in self.lines and p not in names}
            finished: dict[str, list[str]] = {}
            for p, n in last.items():
                finished.setdefault(n, []).append(p)
            timed = any(self.uses_time(n) for n in names)
            self._plans[names] = order, finished, sorted(wanted & self.inputs), timed
        return self._plans[names]

    def _fill(self, values: dict[str, Array], order: Iterable[str], finished: Mapping[str, list[str]]) -> None:
        """Calculate lines in order; arrays are dropped after their last use to limit memory."""
        with np.errstate(all="ignore"):
            for name in order:
                if name not in values:
                    line = self.lines[name]
                    values[name] = np.asarray(line.function(*(values[p] for p in line.precedents)), float)
                for p in finished.get(name, ()):
                    del values[p]

    @staticmethod
    def _result(value: Array, one_period: bool) -> Numbers:
        value = value[..., 0] if one_period and value.ndim else value
        return float(value) if value.ndim == 0 else value

    def formula(self, name: str, symbols: Mapping[str, Node]) -> Formula:
        """Return a line's formula over the symbols of its precedents."""
        line = self.line(name)
        formula: Formula = line.function(*(symbols[p] for p in line.precedents))
        return formula

    def text(self, name: str) -> str:
        """Return a line's own formula over the ids of its precedents; a helper over time prints as a call."""
        return show(self.formula(name, {p: _Named("name", p) for p in self.line(name).precedents}))

    def trace(self, name: str, symbols: Mapping[str, Node]) -> Node:
        """Return a line's formula over symbols for inputs: the whole graph in one expression.

        A symbol may be a number; a line that depends on numbers alone becomes a number. Periods are years unless a symbol
        says otherwise. Raises TypeError for a line that depends on several periods, which needs rows.
        """
        nodes: dict[str, Node] = {"periods_per_year": 1.0} | dict(symbols)
        upstream = self.upstream(name)
        for node in self.lines:
            if node in upstream and node not in nodes:
                parts = [nodes[p] for p in self.lines[node].precedents]
                numbers = [np.float64(p) for p in parts if not isinstance(p, Formula)]
                if len(numbers) == len(parts):
                    nodes[node] = constant(self.lines[node].function(*numbers))
                else:
                    nodes[node] = self.lines[node].function(*map(number, parts))
        return nodes[name]
