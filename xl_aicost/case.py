"""A case: the value of every input under a scenario, a company's figures and a user's settings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import numpy as np

from xl_aicost.assumptions import SCENARIOS, Assumption, load_assumptions
from xl_aicost.assumptions.companies import company_inputs
from xl_aicost.assumptions.loader import scenario_values
from xl_aicost.errors import InputError, UnknownNameError
from xl_aicost.graph import Graph
from xl_aicost.model import CHAPTERS

DEFAULT_YEARS = 10


@cache
def model() -> Graph:
    """Return the graph of the cost model."""
    return Graph.of(CHAPTERS)


def case(
    scenario: str = "base",
    company: str | None = None,
    year: int | None = None,
    settings: Mapping[str, float] | None = None,
    assumptions: Path | Mapping[str, Assumption] | None = None,
) -> dict[str, float]:
    """Return the value of each input: the scenario's, then the company's, then the settings'.

    `assumptions` is a user's file over the shipped ones, or the assumptions themselves.

    Raises UnknownNameError for a scenario, company or input that does not exist and InputError for a value
    outside the limits of its input.
    """
    table = assumptions if isinstance(assumptions, Mapping) else load_assumptions(assumptions)
    if scenario.lower() not in SCENARIOS:
        raise UnknownNameError("scenario", scenario, SCENARIOS)
    values = scenario_values(scenario.lower(), table)
    if company is not None:
        values |= company_inputs(company, year).values
    for name, value in (settings or {}).items():
        item = known_input(name, table)
        values[item.id] = check_value(item, value)
    return values


def known_input(name: str, table: Mapping[str, Assumption]) -> Assumption:
    """Return an input by id, or raise UnknownNameError; a line is an InputError of its own."""
    if name not in table:
        if name in model().lines:
            raise InputError(f"{name!r} is a line, which the model computes; set one of its inputs instead")
        raise UnknownNameError("input", name, table)
    return table[name]


def check_value(item: Assumption, value: float) -> float:
    """Return a value of an input, or raise InputError if it is no number or outside the input's limits."""
    if not isinstance(value, Real):
        raise InputError(
            f"{item.id} = {value!r} is not a number; accepted: {item.min:.15g} to {item.max:.15g} {item.unit}"
        )
    value = float(value)
    if not item.min <= value <= item.max:
        raise InputError(f"{item.id} = {value:.15g} is out of range: {item.min:.15g} to {item.max:.15g} {item.unit}")
    if item.unit == "choice" and value != int(value):
        raise InputError(f"{item.id} = {value:.15g} is not a choice: {item.label} ({item.note})")
    return value


def evaluate(
    line: str,
    *,
    scenario: str = "base",
    company: str | None = None,
    year: int | None = None,
    years: int = DEFAULT_YEARS,
    assumptions: Path | None = None,
    **columns: Any,
) -> Any:
    """Return a line's value, as a float or an array.

    Each further argument is an input, or a line to be replaced, as a number or an array; arrays broadcast
    against each other as scenarios. A line over time has a last axis of `years`. An input itself may be asked for.
    Raises UnknownNameError and InputError as `case` does, and InputError for what holds no numbers or for `years` that
    are no whole number; limits are not applied to arrays, which follow numpy, nor to lines.

    >>> evaluate("gpu_capex", gpus=[10_000, 20_000]).tolist()
    [300000000.0, 600000000.0]
    """
    if not isinstance(years, Integral) or years < 1:
        raise InputError(f"years = {years!r} is not a whole number from 1 on")
    table = load_assumptions(assumptions)
    values: dict[str, Any] = dict(case(scenario, company, year, None, table))
    for name, value in columns.items():
        if name not in table and name not in model().lines:
            raise UnknownNameError("input", name, [*table, *model().lines])
        values[name] = _numbers(name, value)
        if name in table and np.ndim(value) == 0:
            check_value(table[name], float(values[name]))
    return line_value(line, values, int(years))


def _numbers(name: str, value: Any) -> Any:
    """Return a number or an array as floats, or raise InputError."""
    given = np.asarray(value)
    try:
        if value is not None and given.dtype.kind not in "US":
            return given.astype(float)
    except (TypeError, ValueError):
        pass
    raise InputError(f"{name} = {repr(value)[:60]} is not a number or an array of numbers")


def base_value(line: str) -> float:
    """Return the value of a line of one value in the base case."""
    return float(line_value(line, case()))


def line_value(line: str, values: Mapping[str, Any], years: int = DEFAULT_YEARS, periods_per_year: int = 1) -> Any:
    """Return the value of a line, or of an input, under values for all inputs."""
    graph = model()
    if line in values and line not in graph.lines:
        return values[line]
    graph.line(line)
    return graph.evaluate([line], values, years, periods_per_year)[line]
