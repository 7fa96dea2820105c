"""Values of cells: a number, a text, true or false, None for a blank cell, or an array with one of these a case."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from xl_aicost.support.excel_errors import EXCEL_ERRORS

IRONCALC_ERRORS = {"#ERROR!", "#CIRC!", "#N/IMPL!"}


class UnknownFormulaError(Exception):
    """A formula, or a value in it, that this engine does not know; another one has to calculate the workbook."""


def is_error(value: object) -> bool:
    """Return whether a cell's value is an error, of Excel's or of IronCalc's own."""
    return isinstance(value, str) and (value in EXCEL_ERRORS or value in IRONCALC_ERRORS)


@dataclass(frozen=True)
class Range:
    """The values of the cells of a range, row by row."""

    values: list[Any]
    width: int


@dataclass(frozen=True)
class Criterion:
    """A comparison with a number, as ">"&A1 in SUMIFS."""

    holds: Callable[[Any, Any], Any]
    value: Any


def is_number(value: Any) -> bool:
    """Return whether every case is a number, and not merely true or false."""
    return type(value) is float or (isinstance(value, np.ndarray) and value.dtype == float)


def number(value: Any) -> Any:
    """Return a value as arithmetic takes it. Raises UnknownFormulaError for text."""
    if is_number(value):
        return value
    if value is None:
        return 0.0
    if isinstance(value, np.ndarray):
        return value.astype(float) if value.dtype == bool else np.array([number(v) for v in value.tolist()])
    if isinstance(value, bool | np.bool_):
        return float(value)
    raise UnknownFormulaError(f"{value!r} is not a number")


def settled(values: list[Any]) -> Any:
    """Return an array of one value a case, of numbers where all are."""
    if all(type(v) is float for v in values):
        return np.array(values)
    found = np.empty(len(values), object)
    found[:] = values
    return found


def each(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function of single values one that takes arrays, case by case."""

    @functools.wraps(function)
    def apply(*args: Any) -> Any:
        count = next((len(a) for a in args if isinstance(a, np.ndarray)), None)
        if count is None:
            return function(*args)
        columns = [a.tolist() if isinstance(a, np.ndarray) else [a] * count for a in args]
        return settled([function(*row) for row in zip(*columns, strict=True)])

    return apply


def over_ranges(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Make an operation on two values one that takes ranges, cell by cell."""

    @functools.wraps(function)
    def apply(a: Any, b: Any) -> Any:
        if isinstance(a, Range):
            others = b.values if isinstance(b, Range) else [b] * len(a.values)
            return Range([function(x, y) for x, y in zip(a.values, others, strict=True)], a.width)
        if isinstance(b, Range):
            return Range([function(a, y) for y in b.values], b.width)
        return function(a, b)

    return apply


@each
def text(value: Any) -> str:
    """Return a value as `&` joins it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    raise UnknownFormulaError(f"{value!r} as text")


@each
def same(a: Any, b: Any) -> bool:
    """Return whether two values are equal: text whatever its case, a blank cell as nothing or zero."""
    if isinstance(a, str) or isinstance(b, str):
        a, b = ("" if v is None else v for v in (a, b))
        return isinstance(a, str) and isinstance(b, str) and a.lower() == b.lower()
    return bool(number(a) == number(b))


def truth(value: Any) -> Any:
    """Return a condition as true or false."""
    if isinstance(value, bool) or (isinstance(value, np.ndarray) and value.dtype == bool):
        return value
    return number(value) != 0
