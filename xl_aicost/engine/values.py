"""Values of cells: a number, a text, true or false, None for a blank cell, or an array with one of these per batch row.

#N/A is NaN, so that arithmetic passes it on. Any other error is infinite; a workbook that has one needs another engine.

>>> to_number(True), to_text(1250.0), equal("Yes", "YES"), is_error("#DIV/0!")
(1.0, '1250', True, True)
>>> to_number("n/a")
Traceback (most recent call last):
    ...
xl_aicost.engine.values.UnknownFormulaError: 'n/a' is not a number
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import NDArray

from xl_aicost.support.excel_errors import EXCEL_ERRORS
from xl_aicost.support.values import Array, Booleans, CellValue, Numbers

IRONCALC_ERRORS = {"#ERROR!", "#CIRC!", "#N/IMPL!"}
Mixed: TypeAlias = NDArray[np.object_]  # a CellValue per batch row
Value: TypeAlias = CellValue | Array | Booleans | Mixed


class UnknownFormulaError(Exception):
    """A formula, or a value in it, that this engine cannot calculate; another engine has to."""


@dataclass(frozen=True)
class Range:
    """The values of the cells of a range, row by row."""

    values: Sequence[Value]
    width: int


@dataclass(frozen=True)
class Criterion:
    """A comparison with a number, as ">"&A1 in SUMIFS."""

    holds: Callable[[Numbers, Numbers], Value]
    value: Argument


Argument: TypeAlias = Value | Range | Criterion


def is_error(value: object) -> bool:
    """Return whether a cell's value is an error, of Excel's or of IronCalc's own."""
    return isinstance(value, str) and (value in EXCEL_ERRORS or value in IRONCALC_ERRORS)


def is_number(value: Argument) -> TypeGuard[Numbers]:
    """Return whether a value is a number in every batch row; true and false are not."""
    return type(value) is float or (isinstance(value, np.ndarray) and value.dtype == float)


def to_number(value: Argument) -> Numbers:
    """Return a value as arithmetic takes it: 0 for a blank cell. Raises UnknownFormulaError for text."""
    if is_number(value):
        return value
    if value is None:
        return 0.0
    if isinstance(value, np.ndarray):
        return value.astype(float) if value.dtype == bool else np.array([to_number(v) for v in value.tolist()])
    if isinstance(value, bool | np.bool_):
        return float(value)
    raise UnknownFormulaError(f"{value!r} is not a number")


def missing(value: Argument) -> bool | Booleans:
    """Return whether a value is #N/A, one answer per batch row."""
    if isinstance(value, np.ndarray):
        unequal: Booleans = value != value  # also of an array of objects, of which only #N/A is not equal to itself
        return unequal
    return type(value) is float and value != value


def errors_kept(function: Callable[..., Numbers], invalid: float = np.inf) -> Callable[..., Numbers]:
    """Make a numpy function return #N/A only for #N/A, and `invalid` for other numbers that it is not defined for."""

    @functools.wraps(function)
    def apply(*args: Value) -> Numbers:
        values = [to_number(a) for a in args]
        if all(type(v) is float for v in values):
            if any(v != v for v in values):
                return np.nan
            single = float(function(*values))
            return single if single == single else invalid
        result = function(*values)
        is_missing = functools.reduce(np.logical_or, map(np.isnan, values))
        result = np.where(is_missing, np.nan, np.where(np.isnan(result), invalid, result))
        return result if result.ndim else float(result)

    return apply


def to_array(values: Sequence[CellValue]) -> Array | Booleans | Mixed:
    """Return one value per batch row as an array: of numbers where all are numbers, of truth values where all are."""
    kinds = set(map(type, values))
    if kinds <= {float} or kinds == {bool}:
        return np.array(values, bool if kinds == {bool} else float)
    array = np.empty(len(values), object)
    array[:] = values
    return array


def elementwise(function: Callable[..., CellValue]) -> Callable[..., Value]:
    """Make a function of single values one that takes arrays, batch row by batch row."""

    @functools.wraps(function)
    def apply(*args: Argument) -> Value:
        count = next((len(a) for a in args if isinstance(a, np.ndarray)), None)
        if count is None:
            return function(*args)
        columns = [a.tolist() if isinstance(a, np.ndarray) else [a] * count for a in args]
        if all(type(c[0]) is str and c.count(c[0]) == count for c in columns):
            return to_array([function(*(c[0] for c in columns))] * count)
        return to_array([function(*row) for row in zip(*columns, strict=True)])

    return apply


def over_ranges(function: Callable[[Any, Any], Value]) -> Callable[[Argument, Argument], Argument]:
    """Make an operation on two values one that takes ranges, cell by cell."""

    @functools.wraps(function)
    def apply(a: Argument, b: Argument) -> Argument:
        if isinstance(a, Range):
            others = b.values if isinstance(b, Range) else [b] * len(a.values)
            return Range([function(x, y) for x, y in zip(a.values, others, strict=True)], a.width)
        if isinstance(b, Range):
            return Range([function(a, y) for y in b.values], b.width)
        return function(a, b)

    return apply


def to_text(value: CellValue) -> str:
    """Return a value as `&` joins it. Raises UnknownFormulaError for an error."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    raise UnknownFormulaError(f"{value!r} as text")


@elementwise
def equal(a: CellValue, b: CellValue) -> bool:
    """Return whether two values are equal: text regardless of case, a blank cell as an empty text or zero."""
    if isinstance(a, str) or isinstance(b, str):
        a, b = ("" if v is None else v for v in (a, b))
        return isinstance(a, str) and isinstance(b, str) and a.lower() == b.lower()
    return bool(to_number(a) == to_number(b))


def to_boolean(value: Argument) -> bool | Booleans:
    """Return a condition as true or false; #N/A counts as true, so callers look for it first."""
    if isinstance(value, bool):
        return value
    if isinstance(value, np.ndarray) and value.dtype == bool:
        return value.astype(bool, copy=False)
    return to_number(value) != 0
