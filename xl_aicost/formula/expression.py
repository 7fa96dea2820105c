"""The record of what numpy code did to a symbol."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from xl_aicost.formula.dialects import CELL


class Formula(np.lib.mixins.NDArrayOperatorsMixin):
    """An operation on formulas and numbers; numpy functions called with one return another.

    Raises TypeError for a numpy function that has no Excel spelling and for a use as a truth value.
    """

    def __init__(self, op: str, *args: Any) -> None:
        self.op, self.args = op, args

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *args: Any, **kwargs: Any) -> Formula:
        suffix = "" if method == "__call__" else f".{method}"
        return _record(ufunc.__name__ + suffix, args, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Formula:
        if func.__module__.startswith("numpy"):
            return _record(func.__name__, args, kwargs)
        if func.__name__ not in ELEMENTWISE:
            raise TypeError(f"{func.__name__} looks over time, so it needs a line with a row of its own")
        return ELEMENTWISE[func.__name__](*args)

    def __bool__(self) -> bool:
        raise TypeError("a formula is neither true nor false: write np.where(test, a, b), not `if`")

    def __repr__(self) -> str:
        return f"Formula({self.op!r}, {', '.join(map(repr, self.args))})"

    __hash__ = object.__hash__


def _record(op: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Formula:
    if op not in CELL or kwargs:
        named = f" with {', '.join(kwargs)}" if kwargs else ""
        raise TypeError(f"np.{op}{named} has no Excel spelling in a model line")
    return Formula(op, *args)


def _when(left: Any, sign: str, right: Any, yes: Any, no: Any) -> Formula:
    return Formula("where", Formula(COMPARISONS[sign], left, right), yes, no)


COMPARISONS = {
    "=": "equal",
    "<>": "not_equal",
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
}
ELEMENTWISE: dict[str, Callable[..., Formula]] = {  # helpers of the model that look at one period alone
    "when": _when,
    "power": lambda base, exponent: Formula("power", base, exponent),
}


def name(text: str) -> Formula:
    """A symbol that prints as `text`: a cell, a range or a defined name."""
    return Formula("name", text)


def number(value: Any) -> Formula:
    """A number that Python does not fold into its neighbours: 2.2-1 stays 2.2-1 and not 1.2000000000000002."""
    return value if isinstance(value, Formula) else Formula("number", float(value))


def constant(value: Any) -> float:
    """A computed number, cut to the 15 digits that Excel keeps."""
    return float(f"{float(value):.15g}")
