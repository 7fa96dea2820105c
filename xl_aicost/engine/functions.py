"""The operators and functions that our workbooks use, for single values and for arrays of batch rows alike.

>>> OPERATORS["^"](2.0, np.array([2.0, 3.0])).tolist()
[4.0, 8.0]
>>> FUNCTIONS["TEXT"](0.1234, "0.0%"), FUNCTIONS["SUM"](Range([1.0, "a text", None], width=3))
('12.3%', 1.0)
"""

from __future__ import annotations

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
    is_number,
    over_ranges,
    to_array,
    to_boolean,
    to_number,
    to_text,
)
from xl_aicost.model.timeline import irr
from xl_aicost.support.values import Array, CellValue, Numbers

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
        return a / b if b else np.nan
    return np.divide(a, b)


def _power(a: Numbers, b: Numbers) -> Numbers:
    return _as_number(np.power(a, b))


def _equal(a: Value, b: Value) -> Value:
    return a == b if is_number(a) and is_number(b) else equal(a, b)


def _unequal(a: Value, b: Value) -> Value:
    same = _equal(a, b)
    return ~same.astype(bool) if isinstance(same, np.ndarray) else not same


OPERATORS: dict[str, Callable[[Argument, Argument], Argument]] = {
    "+": _arithmetic(operator.add),
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(_divide),
    "^": _arithmetic(_power),
    "=": over_ranges(_equal),
    "<>": over_ranges(_unequal),
    "<": _arithmetic(operator.lt),
    "<=": _arithmetic(operator.le),
    ">": _arithmetic(operator.gt),
    ">=": _arithmetic(operator.ge),
    "&": elementwise(lambda a, b: f"{to_text(a)}{to_text(b)}"),
}


def choose(condition: Value, yes: Argument, no: Argument) -> Argument:
    """Return one value or the other, batch row by batch row."""
    if not isinstance(condition, np.ndarray):
        return yes if condition else no
    if all(v is None or is_number(v) for v in (yes, no)):
        return np.where(condition, to_number(yes), to_number(no))
    return elementwise(lambda c, a, b: a if c else b)(condition, yes, no)


def _numbers(args: tuple[Argument, ...]) -> Iterator[Numbers]:
    """Yield the numbers among arguments, without texts and blank cells of a range."""
    for arg in args:
        if not isinstance(arg, Range):
            yield to_number(arg)
            continue
        for value in arg.values:
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


def _count(*args: Argument) -> Numbers:
    is_one = elementwise(lambda v: float(type(v) is float))
    values = [v for a in args for v in (a.values if isinstance(a, Range) else (a,))]
    return reduce(operator.add, (is_one(v) for v in values if v is not None), 0.0)


def _matches(value: Value, criterion: Value | Criterion) -> Value:
    if not isinstance(criterion, Criterion):
        return False if value is None else _equal(value, criterion)
    return criterion.holds(value, to_number(criterion.value)) if is_number(value) else False


def _countif(cells: Range, criterion: Value | Criterion) -> Numbers:
    matches = (_matches(v, criterion) for v in cells.values)
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


def _rank(value: Numbers, cells: Range) -> Numbers:
    return reduce(operator.add, (to_number(v > value) for v in _numbers((cells,))), 1.0)


def _irr(cells: Range, guess: Value) -> Numbers:
    flows = np.stack(np.broadcast_arrays(*map(to_number, cells.values)), axis=-1)
    rate = irr(flows, to_number(guess))[..., 0]
    return rate if rate.ndim else float(rate)


def _round(value: Value, digits: Value) -> Numbers:
    number, scale = to_number(value), 10.0 ** to_number(digits)
    return _as_number(np.copysign(np.floor(np.abs(number) * scale + 0.5) / scale, number))


@elementwise
def _text(value: CellValue, number_format: str) -> str:
    match = FORMAT.fullmatch(number_format)
    if not match or not isinstance(value, float) or not np.isfinite(value):
        raise UnknownFormulaError(f"TEXT of {value!r} as {number_format!r}")
    grouped, digits, decimals, thousands, percent = match.groups()
    shift = 2 * len(percent) - 3 * len(thousands)
    exact = Decimal(f"{value:.15g}").scaleb(shift)
    rounded = exact.quantize(Decimal(1).scaleb(-len(decimals or "")), ROUND_HALF_UP, DIGITS)
    sign = "-" if rounded < 0 else ""
    body = f"{abs(rounded):,f}" if grouped else f"{abs(rounded):f}"
    whole, point, rest = body.partition(".")
    return f"{sign}{whole.zfill(len(digits))}{point}{rest}{percent}"


def _of_one(function: Callable[[Numbers], Array | np.float64]) -> Callable[[Value], Value]:
    return lambda value: _as_number(function(to_number(value)))


def negative(value: Argument) -> Argument:
    """Return minus a value."""
    return Range([-to_number(v) for v in value.values], value.width) if isinstance(value, Range) else -to_number(value)


FUNCTIONS: dict[str, Callable[..., Argument]] = {
    "ABS": _of_one(np.abs),
    "AND": lambda *args: reduce(operator.and_, map(to_boolean, args)),
    "COUNT": _count,
    "COUNTIF": _countif,
    "EXP": _of_one(np.exp),
    "INDEX": _index,
    "INT": _of_one(np.floor),
    "IRR": _irr,
    "LN": _of_one(np.log),
    "MATCH": _match,
    "MAX": _extreme(np.maximum, max),
    "MIN": _extreme(np.minimum, min),
    "OR": lambda *args: reduce(operator.or_, map(to_boolean, args)),
    "RANK": _rank,
    "ROUND": _round,
    "SQRT": _of_one(np.sqrt),
    "SUM": _sum,
    "SUMIFS": _sumifs,
    "SUMPRODUCT": _sumproduct,
    "TEXT": _text,
}
COMPARISONS: dict[str, Binary] = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
