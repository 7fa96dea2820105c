"""Symbols that record what numpy code does with them.

>>> from xl_aicost.formula import show
>>> gpus, price = name("B2"), name("B3")
>>> show(np.ceil(gpus / 8) * (price + 1))
'(-INT(-(B2/8)))*(B3+1)'
>>> np.median(gpus)
Traceback (most recent call last):
    ...
TypeError: np.median has no Excel spelling in a model line
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import SupportsFloat, TypeAlias

import numpy as np

from xl_aicost.formula.dialects import CELL

Node: TypeAlias = "Formula | SupportsFloat | str"  # a text is what a symbol prints as


class Formula(np.lib.mixins.NDArrayOperatorsMixin):
    """An operation on formulas and numbers; numpy functions called with one return another.

    Raises TypeError for a numpy function that has no Excel spelling and for use as a truth value.
    """

    def __init__(self, op: str, *args: Node) -> None:
        self.op, self.args = op, args

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *args: Node, **kwargs: object) -> Formula:
        suffix = "" if method == "__call__" else f".{method}"
        return _record(ufunc.__name__ + suffix, args, kwargs)

    def __array_function__(
        self, func: Callable[..., object], types: object, args: Sequence[Node], kwargs: Mapping[str, object]
    ) -> Formula:
        if func.__module__.startswith("numpy"):
            return _record(func.__name__, args, kwargs)
        if func.__name__ not in ELEMENTWISE:
            raise TypeError(f"{func.__name__} depends on several periods, so it needs a line with a row of its own")
        return ELEMENTWISE[func.__name__](*args)

    def __bool__(self) -> bool:
        raise TypeError("a formula is neither true nor false: write np.where(test, a, b) instead of `if`")

    def __repr__(self) -> str:
        return f"Formula({self.op!r}, {', '.join(map(repr, self.args))})"

    __hash__ = object.__hash__


def _record(op: str, args: Sequence[Node], kwargs: Mapping[str, object]) -> Formula:
    if op not in CELL or kwargs:
        named = f" with {', '.join(kwargs)}" if kwargs else ""
        raise TypeError(f"np.{op}{named} has no Excel spelling in a model line")
    return Formula(op, *args)


def _when(left: Node, sign: str, right: Node, yes: Node, no: Node) -> Formula:
    return Formula("when", Formula(COMPARISONS[sign], left, right), yes, no)


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


def number(value: Node) -> Formula:
    """A number that Python does not combine with its neighbours: 2.2-1 stays 2.2-1, not 1.2000000000000002."""
    return value if isinstance(value, Formula) else Formula("number", float(value))


def constant(value: SupportsFloat) -> float:
    """A calculated number, cut to the 15 digits that Excel keeps."""
    return float(f"{float(value):.15g}")
