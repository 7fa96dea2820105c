"""The operators and functions that our workbooks use, over single values and over arrays of cases alike."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import reduce
from typing import Any

import numpy as np

from xl_aicost.engine.values import (
    Criterion,
    Range,
    UnknownFormulaError,
    each,
    errors_kept,
    is_number,
    missing,
    number,
    over_ranges,
    same,
    settled,
    text,
    truth,
)
from xl_aicost.model.timeline import irr

DIGITS = Context(prec=400)  # more than the largest number has
FORMAT = re.compile(r"(#,##)?(0+)(?:\.(0+))?(,*)(%?)")


def _arithmetic(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def apply(a: Any, b: Any) -> Any:
        if type(a) is float and type(b) is float:
            return function(a, b)
        return function(number(a), number(b))

    return over_ranges(apply)


def _divide(a: Any, b: Any) -> Any:
    if type(a) is float and type(b) is float:
        return a / b if b else a + np.inf
    return np.where(b == 0, a + np.inf, np.divide(a, b))


def _compared(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Make a comparison one that is #N/A where a side of it is."""

    def apply(a: Any, b: Any) -> Any:
        lost = missing(a) | missing(b)
        return lost_where(lost, compare(a, b))

    return over_ranges(apply)


def lost_where(lost: Any, found: Any) -> Any:
    """Return what was found, #N/A in the cases where something that it needs is."""
    if not isinstance(lost, np.ndarray):
        return np.nan if lost else found
    return choose(lost, np.nan, found) if lost.any() else found


def _equal(a: Any, b: Any) -> Any:
    return a == b if is_number(a) and is_number(b) else same(a, b)


def _unequal(a: Any, b: Any) -> Any:
    found = _equal(a, b)
    return ~found.astype(bool) if isinstance(found, np.ndarray) else not found


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
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
    "&": each(lambda a, b: np.nan if missing(a) or missing(b) else text(a) + text(b)),
}


def choose(condition: Any, yes: Any, no: Any) -> Any:
    """Return one value or the other, case by case."""
    if not isinstance(condition, np.ndarray):
        return yes if condition else no
    if all(v is None or is_number(v) for v in (yes, no)):
        return np.where(condition, number(yes), number(no))
    return each(lambda c, a, b: a if c else b)(condition, yes, no)


def _numbers(args: tuple[Any, ...]) -> Iterator[Any]:
    """Yield the numbers among arguments; text and blank cells are passed over."""
    for arg in args:
        if isinstance(arg, bool) or (isinstance(arg, np.ndarray) and arg.dtype == bool):
            yield number(arg)
            continue
        for value in arg.values if isinstance(arg, Range) else (arg,):
            if is_number(value):
                yield value
            elif isinstance(value, np.ndarray):
                yield settled([v if type(v) is float else 0.0 for v in value.tolist()])


def _sum(*args: Any) -> Any:
    return reduce(operator.add, _numbers(args), 0.0)


def _extreme(function: Callable[[Any, Any], Any], of_two: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def apply(*args: Any) -> Any:
        for arg in args:
            if isinstance(arg, Range) and not all(is_number(v) or v is None or type(v) is str for v in arg.values):
                raise UnknownFormulaError("a range whose cells are numbers in some cases only")
        found = list(_numbers(args)) or [0.0]
        return reduce(function if any(isinstance(v, np.ndarray) for v in found) else of_two, found)

    return apply


def _count(*args: Any) -> Any:
    is_one = each(lambda v: float(type(v) is float and v == v))
    values = [v for a in args for v in (a.values if isinstance(a, Range) else (a,))]
    return reduce(operator.add, (is_one(v) for v in values if v is not None), 0.0)


def _matches(value: Any, criterion: Any) -> Any:
    if not isinstance(criterion, Criterion):
        return False if value is None else _equal(value, criterion)
    return criterion.holds(value, number(criterion.value)) if is_number(value) else False


def _countif(cells: Any, criterion: Any) -> Any:
    found = (_matches(v, criterion) for v in (cells.values if isinstance(cells, Range) else (cells,)))
    return reduce(operator.add, (number(f) for f in found if f is not False), 0.0)


def _amount(value: Any) -> Any:
    """Return a cell as sums take it: text counts for nothing."""
    return value if is_number(value) else each(lambda v: 0.0 if isinstance(v, str) else number(v))(value)


def _sumifs(cells: Range, *pairs: Any) -> Any:
    total: Any = 0.0
    for i, value in enumerate(cells.values):
        tests = [_matches(r.values[i], c) for r, c in zip(pairs[::2], pairs[1::2], strict=True)]
        if any(t is False for t in tests):
            continue
        doubtful = [t for t in tests if t is not True]
        amount = _amount(value)
        total = total + (np.where(reduce(operator.and_, doubtful), amount, 0.0) if doubtful else amount)
    return total


def _sumproduct(*ranges: Any) -> Any:
    factors = (map(_amount, r.values) for r in ranges)
    return reduce(operator.add, (reduce(operator.mul, f) for f in zip(*factors, strict=True)), 0.0)


def _index(cells: Range, row: Any, column: Any = None) -> Any:
    if missing(row) is True or missing(column) is True:
        return np.nan
    place = number(row) - 1 if column is None else (number(row) - 1) * cells.width + number(column) - 1
    if column is None and cells.width not in (1, len(cells.values)):
        raise UnknownFormulaError("INDEX with one number over a table")
    if not isinstance(place, np.ndarray):
        return cells.values[int(place)]
    columns = [v.tolist() if isinstance(v, np.ndarray) else [v] * len(place) for v in cells.values]
    return settled([columns[int(p)][i] if p == p else p for i, p in enumerate(place.tolist())])


def _match(value: Any, cells: Range, kind: Any) -> Any:
    if number(kind) != 0:
        raise UnknownFormulaError("MATCH that is not exact")
    if not any(isinstance(v, np.ndarray) for v in (value, *cells.values)):
        return next((float(i) for i, v in enumerate(cells.values, 1) if v is not None and _equal(v, value)), np.nan)
    found: Any = np.nan
    for i, cell in reversed([*enumerate(cells.values, 1)]):
        if cell is not None:
            found = choose(_equal(cell, value), float(i), found)
    return found


def _rank(value: Any, cells: Range) -> Any:
    others = list(_numbers((cells,)))
    place = reduce(operator.add, (number(v > value) for v in others), 1.0)
    return lost_where(reduce(operator.or_, map(missing, (value, *others))), place)


def _irr(cells: Range, guess: Any) -> Any:
    flows = np.stack(np.broadcast_arrays(*map(number, cells.values)), axis=-1)
    found = irr(flows, number(guess))[..., 0]
    lost = np.isnan(flows).any(axis=-1) | np.isnan(number(guess))
    found = np.where(lost, np.nan, np.where(np.isnan(found), np.inf, found))
    return found if found.ndim else float(found)


def _round(value: Any, digits: Any) -> Any:
    scale = 10.0 ** number(digits)
    found = np.copysign(np.floor(np.abs(number(value)) * scale + 0.5) / scale, number(value))
    return found if isinstance(found, np.ndarray) else float(found)


@each
def _text(value: Any, form: str) -> Any:
    if missing(value):
        return np.nan
    match = FORMAT.fullmatch(form)
    if not match or not isinstance(value, float) or not np.isfinite(value):
        raise UnknownFormulaError(f"TEXT of {value!r} as {form!r}")
    grouped, digits, decimals, thousands, percent = match.groups()
    shift = 2 * len(percent) - 3 * len(thousands)
    exact = Decimal(f"{value:.15g}").scaleb(shift)
    rounded = exact.quantize(Decimal(1).scaleb(-len(decimals or "")), ROUND_HALF_UP, DIGITS)
    sign = "-" if rounded < 0 else ""
    body = f"{abs(rounded):,f}" if grouped else f"{abs(rounded):f}"
    whole, point, rest = body.partition(".")
    return f"{sign}{whole.zfill(len(digits))}{point}{rest}{percent}"


def _all_or_any(join: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def apply(*args: Any) -> Any:
        return lost_where(reduce(operator.or_, map(missing, args)), reduce(join, map(truth, args)))

    return apply


@each
def _is_number(value: Any) -> bool:
    return type(value) is float and bool(np.isfinite(value))


def _if_error(value: Any, otherwise: Any) -> Any:
    good = each(lambda v: type(v) is not float or bool(np.isfinite(v)))(value)
    return choose(good, value, otherwise)


def negative(value: Any) -> Any:
    """Return minus a value."""
    return Range([negative(v) for v in value.values], value.width) if isinstance(value, Range) else -number(value)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ABS": errors_kept(np.abs),
    "AND": _all_or_any(operator.and_),
    "COUNT": _count,
    "COUNTIF": _countif,
    "EXP": errors_kept(np.exp),
    "IFERROR": _if_error,
    "INDEX": _index,
    "INT": errors_kept(np.floor),
    "IRR": _irr,
    "ISNA": each(missing),
    "ISNUMBER": _is_number,
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
COMPARISONS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
