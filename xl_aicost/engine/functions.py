"""The operators and functions that our workbooks use, for single values and for arrays of batch rows.

>>> OPERATORS["^"](2.0, np.array([2.0, 3.0])).tolist()
[4.0, 8.0]
>>> FUNCTIONS["TEXT"](0.1234, "0.0%"), FUNCTIONS["SUM"](Range([1.0, "a text", None], width=3))
('12.3%', 1.0)
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import reduce
from typing import Any, TypeAlias

import numpy as np

from xl_aicost.engine.values import (
    Argument,
    Criterion,
    Range,
    UnknownFormulaError,
    Value,
    elementwise,
    equal,
    errors_kept,
    is_number,
    missing,
    over_ranges,
    to_array,
    to_boolean,
    to_number,
    to_text,
)
from xl_aicost.model.timeline import irr
from xl_aicost.support.values import Array, Booleans, CellValue, Numbers

DIGITS = Context(prec=400)  # more than the largest number has
FORMAT = re.compile(r"(#,##)?(0+)(?:\.(0+))?(,*)(%?)")
Binary: TypeAlias = Callable[[Numbers, Numbers], Value]


def _arithmetic(function: Binary) -> Callable[[Argument, Argument], Argument]:
    def apply(a: Value, b: Value) -> Value:
        if type(a) is float and type(b) is float:
            return function(a, b)
        return function(to_number(a), to_number(b))

    return over_ranges(apply)


def _as_number(result: Array | np.float64) -> Numbers:
    """Return what numpy calculated, a single number as a float."""
    return result if isinstance(result, np.ndarray) else float(result)


def _divide(a: Numbers, b: Numbers) -> Numbers:
    if type(a) is float and type(b) is float:
        return a / b if b else a + np.inf
    return np.where(b == 0, a + np.inf, np.divide(a, b))


def _compared(compare: Callable[..., Argument]) -> Callable[[Argument, Argument], Argument]:
    """Make a comparison return #N/A where either side is #N/A."""

    def apply(a: Value, b: Value) -> Value:
        result = where_missing(missing(a) | missing(b), compare(a, b))
        assert not isinstance(result, Range | Criterion)
        return result

    return over_ranges(apply)


def where_missing(is_missing: bool | Booleans, value: Argument) -> Argument:
    """Return a value, or #N/A in the batch rows in which something that it depends on is #N/A."""
    if not isinstance(is_missing, np.ndarray):
        return np.nan if is_missing else value
    return choose(is_missing, np.nan, value) if is_missing.any() else value


def _equal(a: Value, b: Value) -> Value:
    return a == b if is_number(a) and is_number(b) else equal(a, b)


def _unequal(a: Value, b: Value) -> Value:
    same = _equal(a, b)
    return ~same.astype(bool) if isinstance(same, np.ndarray) else not same


@elementwise
def _joined(a: CellValue, b: CellValue) -> CellValue:
    wrong = [v for v in (a, b) if type(v) is float and not np.isfinite(v)]
    return wrong[0] if wrong else f"{to_text(a)}{to_text(b)}"


OPERATORS: dict[str, Callable[[Argument, Argument], Argument]] = {
    "+": _arithmetic(operator.add),
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(_divide),
    "^": _arithmetic(errors_kept(np.power)),
    "=": _compared(_equal),
    "<>": _compared(_unequal),
    "<": _compared(_arithmetic(operator.lt)),
    "<=": _compared(_arithmetic(operator.le)),
    ">": _compared(_arithmetic(operator.gt)),
    ">=": _compared(_arithmetic(operator.ge)),
    "&": _joined,
}


def choose(condition: Value, yes: Argument, no: Argument) -> Argument:
    """Return one value or the other, batch row by batch row."""
    if not isinstance(condition, np.ndarray):
        return yes if condition else no
    if all(v is None or is_number(v) for v in (yes, no)):
        return np.where(condition, to_number(yes), to_number(no))
    for same, value in ((True, yes), (False, no)):
        if isinstance(value, np.ndarray) and value.dtype != object and (condition == same).all():
            return value
    if any(isinstance(v, Range | Criterion) for v in (yes, no)):
        return elementwise(lambda c, a, b: a if c else b)(condition, yes, no)
    return to_array(np.where(condition, np.asarray(yes, object), np.asarray(no, object)).tolist())


def _numbers(args: tuple[Argument, ...]) -> Iterator[Numbers]:
    """Yield the numbers among arguments, without texts and blank cells."""
    for arg in args:
        if isinstance(arg, bool) or (isinstance(arg, np.ndarray) and arg.dtype == bool):
            yield to_number(arg)
            continue
        for value in arg.values if isinstance(arg, Range) else (arg,):
            if is_number(value):
                yield value
            elif isinstance(value, np.ndarray):
                yield np.array([v if type(v) is float else 0.0 for v in value.tolist()])


def _sum(*args: Argument) -> Numbers:
    return reduce(operator.add, _numbers(args), 0.0)


def _extreme(of_arrays: Callable[..., Numbers], of_floats: Callable[..., Numbers]) -> Callable[..., Value]:
    def apply(*args: Argument) -> Value:
        for arg in args:
            if isinstance(arg, Range) and not all(is_number(v) or v is None or type(v) is str for v in arg.values):
                raise UnknownFormulaError("a range whose cells are numbers in some batch rows only")
        numbers = list(_numbers(args)) or [0.0]
        return reduce(of_arrays if any(isinstance(v, np.ndarray) for v in numbers) else of_floats, numbers)

    return apply


@elementwise
def _counts(value: CellValue) -> bool:
    return type(value) is float and value == value


def _count(*args: Argument) -> Numbers:
    values = (v for a in args for v in (a.values if isinstance(a, Range) else (a,)))
    counted = (v == v if is_number(v) else _counts(v) for v in values if v is not None)
    return reduce(operator.add, map(to_number, counted), 0.0)


def _matches(value: Value, criterion: Value | Criterion) -> Value:
    if not isinstance(criterion, Criterion):
        return False if value is None else _equal(value, criterion)
    return criterion.holds(value, to_number(criterion.value)) if is_number(value) else False


def _countif(cells: Range | Value, criterion: Value | Criterion) -> Numbers:
    values = cells.values if isinstance(cells, Range) else [cells]
    matches = (_matches(v, criterion) for v in values)
    return reduce(operator.add, (to_number(m) for m in matches if m is not False), 0.0)


def _amount(value: Value) -> Numbers:
    """Return a cell as sums take it: text is 0."""
    return value if is_number(value) else to_number(elementwise(lambda v: 0.0 if isinstance(v, str) else v)(value))


def _sumifs(cells: Range, *pairs: Any) -> Numbers:
    total: Numbers = 0.0
    for i, value in enumerate(cells.values):
        tests = [_matches(r.values[i], c) for r, c in zip(pairs[::2], pairs[1::2], strict=True)]
        if any(t is False for t in tests):
            continue
        by_row = [np.asarray(t) for t in tests if t is not True]
        amount = _amount(value)
        total = total + (np.where(reduce(operator.and_, by_row), amount, 0.0) if by_row else amount)
    return total


def _sumproduct(*ranges: Range) -> Numbers:
    factors = (map(_amount, r.values) for r in ranges)
    return reduce(operator.add, (reduce(operator.mul, f) for f in zip(*factors, strict=True)), 0.0)


def _index(cells: Range, row: Value, column: Value = None) -> Value:
    if missing(row) is True or missing(column) is True:
        return np.nan
    place = to_number(row) - 1 if column is None else (to_number(row) - 1) * cells.width + to_number(column) - 1
    if column is None and cells.width not in (1, len(cells.values)):
        raise UnknownFormulaError("INDEX with one number over a table")
    if not isinstance(place, np.ndarray):
        return cells.values[int(place)]
    columns = [v.tolist() if isinstance(v, np.ndarray) else [v] * len(place) for v in cells.values]
    return to_array([columns[int(p)][i] if p == p else p for i, p in enumerate(place.tolist())])


def _match(value: Value, cells: Range, kind: Value) -> Argument:
    if to_number(kind) != 0:
        raise UnknownFormulaError("MATCH that is not exact")
    if not any(isinstance(v, np.ndarray) for v in (value, *cells.values)):
        return next((float(i) for i, v in enumerate(cells.values, 1) if v is not None and _equal(v, value)), np.nan)
    place: Argument = np.nan
    for i, cell in reversed([*enumerate(cells.values, 1)]):
        if cell is not None:
            place = choose(_equal(cell, value), float(i), place)
    return place


def _rank(value: Numbers, cells: Range) -> Argument:
    others = list(_numbers((cells,)))
    place = reduce(operator.add, (to_number(v > value) for v in others), 1.0)
    return where_missing(reduce(operator.or_, map(missing, (value, *others))), place)


def _irr(cells: Range, guess: Value) -> Numbers:
    flows = np.stack(np.broadcast_arrays(*map(to_number, cells.values)), axis=-1)
    rate = irr(flows, to_number(guess))[..., 0]
    is_missing = np.isnan(flows).any(axis=-1) | np.isnan(to_number(guess))
    return _as_number(np.where(is_missing, np.nan, np.where(np.isnan(rate), np.inf, rate))[()])


def _round(value: Value, digits: Value) -> Numbers:
    number, scale = to_number(value), 10.0 ** to_number(digits)
    return _as_number(np.copysign(np.floor(np.abs(number) * scale + 0.5) / scale, number))


@elementwise
def _text(value: CellValue, number_format: str) -> CellValue:
    if missing(value):
        return np.nan
    match = FORMAT.fullmatch(number_format)
    if not match or not isinstance(value, float) or not np.isfinite(value):
        raise UnknownFormulaError(f"TEXT of {value!r} as {number_format!r}")
    grouped, digits, decimals, thousands, percent = match.groups()
    body = _rounded(value, len(decimals or ""), bool(grouped), 2 * len(percent) - 3 * len(thousands))
    whole, point, rest = body.lstrip("-").partition(".")
    return f"{'-' * body.startswith('-')}{whole.zfill(len(digits))}{point}{rest}{percent}"


def _rounded(value: float, decimals: int, grouped: bool, shift: int = 0) -> str:
    """Return a number with that many decimal digits, a half rounded away from zero."""
    scaled = abs(value) * 10.0 ** (decimals + shift)
    no_half = abs(scaled % 1 - 0.5) > 1e-3  # whatever the last of 15 digits says
    if decimals >= 0 == shift and scaled < 1e12 and no_half:
        text = f"{value:,.{decimals}f}" if grouped else f"{value:.{decimals}f}"
        return text if scaled > 0.5 else text.lstrip("-")
    exact = Decimal(f"{value:.15g}").scaleb(shift)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, DIGITS)
    sign = "-" if rounded < 0 else ""
    return f"{sign}{abs(rounded):,f}" if grouped else f"{sign}{abs(rounded):f}"


@elementwise
def _fixed(value: CellValue, decimals: CellValue, ungrouped: CellValue = False) -> CellValue:
    number = to_number(value)
    if not np.isfinite(number):
        return float(number)
    return _rounded(float(number), int(to_number(decimals)), not to_boolean(ungrouped))


@elementwise
def _char(code: CellValue) -> CellValue:
    return chr(int(to_number(code)))


@elementwise
def _length(value: CellValue) -> CellValue:
    return np.nan if missing(value) is True else float(len(to_text(value)))


def _all_or_any(join: Callable[..., bool | Booleans]) -> Callable[..., Argument]:
    def apply(*args: Argument) -> Argument:
        return where_missing(reduce(operator.or_, map(missing, args)), reduce(join, map(to_boolean, args)))

    return apply


@elementwise
def _finite_number(value: CellValue) -> bool:
    return type(value) is float and math.isfinite(value)


def _is_number(value: Value) -> Value:
    return value - value == 0 if is_number(value) else _finite_number(value)


@elementwise
def _no_error(value: CellValue) -> bool:
    return type(value) is not float or math.isfinite(value)


def _if_error(value: Value, otherwise: Value) -> Argument:
    return choose(_no_error(value), value, otherwise)


def negative(value: Argument) -> Argument:
    """Return minus a value."""
    return Range([-to_number(v) for v in value.values], value.width) if isinstance(value, Range) else -to_number(value)


FUNCTIONS: dict[str, Callable[..., Argument]] = {
    "ABS": errors_kept(np.abs),
    "AND": _all_or_any(operator.and_),
    "CHAR": _char,
    "COUNT": _count,
    "COUNTIF": _countif,
    "EXP": errors_kept(np.exp),
    "FIXED": _fixed,
    "IFERROR": _if_error,
    "INDEX": _index,
    "INT": errors_kept(np.floor),
    "IRR": _irr,
    "ISNA": elementwise(lambda v: v != v),
    "ISNUMBER": _is_number,
    "LEN": _length,
    "LN": errors_kept(np.log),
    "MATCH": _match,
    "MAX": _extreme(np.maximum, lambda a, b: a if missing(a) or a > b else b),
    "MIN": _extreme(np.minimum, lambda a, b: a if missing(a) or a < b else b),
    "NA": lambda: np.nan,
    "OR": _all_or_any(operator.or_),
    "RANK": _rank,
    "ROUND": _round,
    "SQRT": errors_kept(np.sqrt),
    "SUM": _sum,
    "SUMIFS": _sumifs,
    "SUMPRODUCT": _sumproduct,
    "TEXT": _text,
}
COMPARISONS: dict[str, Binary] = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
