"""n/a: what does not exist, or is not on file, is NaN in numpy and #N/A in a cell, and so is what depends on it.

Arithmetic carries n/a on by itself. A comparison in numpy does not (NaN > 0 is False), nor does NaN to the power of 0;
so lines compare with `when` and raise to a power with `power`, which do in numpy what a cell does.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

missing = np.nan
COMPARISONS: dict[str, np.ufunc] = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def overridable(helper: Callable[..., Any]) -> Callable[..., Any]:
    """Let an argument's own `__array_function__` answer, as numpy does for its own functions."""

    @functools.wraps(helper)
    def call(*args: Any) -> Any:
        for arg in args:
            if hasattr(arg, "__array_function__") and not isinstance(arg, np.ndarray | np.generic):
                return arg.__array_function__(call, (type(arg),), args, {})
        return helper(*args)

    return call


@overridable
def when(left: Any, sign: str, right: Any, yes: Any, no: Any) -> Any:
    """Return `yes` where the comparison holds and `no` where it does not; n/a where a side of it is n/a.

    >>> when(np.array([1, 3, missing]), ">", 2, 10, 20).tolist()
    [20.0, 10.0, nan]
    """
    decided = np.where(COMPARISONS[sign](left, right), yes, no)
    return np.where(np.isnan(left) | np.isnan(right), missing, decided)


def ratio(x: Any, y: Any) -> Any:
    """Return x / y; n/a where y is 0, for then there is no such ratio."""
    return when(y, "=", 0, missing, x / y)


@overridable
def power(base: Any, exponent: Any) -> Any:
    """Return `base` to the power of `exponent`; n/a where one of them is n/a."""
    return np.where(np.isnan(base) | np.isnan(exponent), missing, np.power(base, exponent))
