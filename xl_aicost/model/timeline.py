"""Lines over time: the last axis of an array is the periods, all earlier axes are scenarios.

Each helper is called like a numpy function. An argument that is not an array but knows numpy's
`__array_function__` protocol answers for itself; that is how a row of a spreadsheet takes part.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def _overridable(helper: Callable[..., Any]) -> Callable[..., Any]:
    """Let an argument's own `__array_function__` answer, as numpy does for its own functions."""

    @functools.wraps(helper)
    def call(*args: Any) -> Any:
        for arg in args:
            if hasattr(arg, "__array_function__") and not isinstance(arg, np.ndarray | np.generic):
                return arg.__array_function__(call, (type(arg),), args, {})
        return helper(*args)

    return call


def _window(x: Any, inside: Callable[[Any, Any], Any]) -> Array:
    """Sum x over the periods s for which inside(s, t) holds, for each period t."""
    x = np.asarray(x, float)
    t = np.arange(1, x.shape[-1] + 1)
    return np.asarray((x[..., None, :] * inside(t[None, :], t[:, None])).sum(-1))


@_overridable
def cumulative(x: Any) -> Any:
    """Return the sum of x up to and including each period."""
    return np.cumsum(x, axis=-1)


@_overridable
def lag(x: Any, n: Any) -> Any:
    """Return x as it was n whole periods ago, n at least 1; 0 before the first.

    A row that looks back never reads its own period, so that opening and closing balances make no circle.
    """
    return _window(x, lambda s, t: (s == t - np.asarray(n)[..., None]) & (s < t))


@_overridable
def trailing_sum(x: Any, n: Any) -> Any:
    """Return the sum of x over the last n periods, this one included."""
    return _window(x, lambda s, t: (s <= t) & (s > t - np.asarray(n)[..., None]))


@_overridable
def renewals(x: Any, life: Any) -> Any:
    """Return what must be bought again because it, or what replaced it, is `life` whole periods old."""
    return _window(x, lambda s, t: (s < t) & ((t - s) % np.asarray(life)[..., None] == 0))


@_overridable
def total(x: Any) -> Any:
    """Return the sum of x over all periods, as an array with one period."""
    return np.sum(x, axis=-1, keepdims=True)


@_overridable
def present_value(x: Any, discount_factor: Any) -> Any:
    """Return the sum of x times its discount factor, as an array with one period."""
    return np.sum(np.asarray(x) * discount_factor, axis=-1, keepdims=True)


def _value_at(x: Array, growth: Array) -> Array:
    """Return the value of flows at 1 + rate = growth, the first flow today."""
    return np.asarray(np.sum(x * growth ** -np.arange(x.shape[-1]), axis=-1, keepdims=True))


@_overridable
def irr(x: Any, guess: Any = 0.1) -> Any:
    """Return the rate of a period at which the flows x have no present value, as an array with one period.

    Newton's method from a guess, as spreadsheets do, so that of several rates it is the one they find; halving where
    Newton leaves the rates above -100%. NaN where the flows have no such rate.
    """
    x = np.asarray(x, float)
    t = np.arange(x.shape[-1])
    growth = np.broadcast_to(1.0 + guess, (*x.shape[:-1], 1)).copy()
    low, high = np.full_like(growth, 1e-3), np.full_like(growth, 1e3)
    with np.errstate(all="ignore"):
        for _ in range(60):
            slope = np.sum(-t * x * growth ** (-t - 1), axis=-1, keepdims=True)
            step = _value_at(x, growth) / slope
            growth = growth - step
        crossed = np.sign(_value_at(x, low)) != np.sign(_value_at(x, high))
        for _ in range(100):
            middle = np.sqrt(low * high)
            same = np.sign(_value_at(x, middle)) == np.sign(_value_at(x, low))
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        newton = (np.abs(step) < 1e-9) & (growth > 0)
    return np.where(newton, growth, np.where(crossed, low, np.nan)) - 1
