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


def _window(x: Any, inside: Callable[[int], Any]) -> Array:
    """Sum what x was d periods ago over the ages d for which inside(d) holds, for each period."""
    x = np.asarray(x, float)
    periods = x.shape[-1]
    masks = [np.asarray(inside(d)) for d in range(periods)]
    found = np.zeros(np.broadcast_shapes(x.shape, *(m.shape for m in masks)))
    for d, mask in enumerate(masks):
        if mask.any():
            found[..., d:] += np.where(mask, x[..., : periods - d], 0.0)
    return found


@_overridable
def cumulative(x: Any) -> Any:
    """Return the sum of x up to and including each period."""
    return np.cumsum(x, axis=-1)


@_overridable
def lag(x: Any, n: Any) -> Any:
    """Return x as it was n whole periods ago, n at least 1; 0 before the first.

    A row that looks back never reads its own period, so that opening and closing balances make no circle.
    """
    return _window(x, lambda d: (np.asarray(n) == d) & (d > 0))


@_overridable
def trailing_sum(x: Any, n: Any) -> Any:
    """Return the sum of x over the last n periods, this one included."""
    return _window(x, lambda d: d < np.asarray(n))


@_overridable
def renewals(x: Any, life: Any) -> Any:
    """Return what must be bought again because it, or what replaced it, is `life` whole periods old."""
    return _window(x, lambda d: (d % np.asarray(life) == 0) & (d > 0))


@_overridable
def total(x: Any) -> Any:
    """Return the sum of x over all periods, as an array with one period."""
    return np.sum(x, axis=-1, keepdims=True)


@_overridable
def present_value(x: Any, discount_factor: Any) -> Any:
    """Return the sum of x times its discount factor, as an array with one period."""
    return np.sum(np.asarray(x) * discount_factor, axis=-1, keepdims=True)


def _value_and_slope(flows: Array, growth: Array) -> tuple[Array, Array]:
    """Return the value of flows (rows are periods) at 1 + rate = growth, the first flow today, and its derivative."""
    factor = 1 / growth
    value, slope = np.zeros_like(growth), np.zeros_like(growth)
    for flow in flows[::-1]:
        slope = slope * factor + value
        value = value * factor + flow
    return value, -slope * factor * factor


@_overridable
def irr(x: Any, guess: Any = 0.1) -> Any:
    """Return the rate of a period at which the flows x have no present value, as an array with one period.

    Newton's method from a guess, as spreadsheets do, so that of several rates it is the one they find; halving where
    Newton leaves the rates above -100%. NaN where the flows have no such rate.
    """
    x = np.asarray(x, float)
    shape = (*x.shape[:-1], 1)
    flows = np.ascontiguousarray(x.reshape(-1, x.shape[-1]).T)
    growth = np.broadcast_to(1.0 + np.asarray(guess, float), shape).reshape(-1).copy()
    left = np.arange(len(growth))  # what has not come to rest yet; each goes its own way, whatever the others do
    with np.errstate(all="ignore"):
        for _ in range(60):
            value, slope = _value_and_slope(flows[:, left], growth[left])
            step = value / slope
            growth[left] -= step
            left = left[~(np.abs(step) <= 1e-12 * np.maximum(1, np.abs(growth[left])))]
            if not len(left):
                break
        left = np.union1d(left, np.flatnonzero(~((growth > 0) & (growth < np.inf))))
        growth[left] = _halved(flows[:, left])
    return growth.reshape(shape) - 1


def _halved(flows: Array) -> Array:
    """Return the growth between 0.001 and 1,000 at which flows have no value, or NaN where the ends do not differ."""
    low, high = np.full(flows.shape[1], 1e-3), np.full(flows.shape[1], 1e3)
    sign = np.sign(_value_and_slope(flows, low)[0])
    crossed = (sign != np.sign(_value_and_slope(flows, high)[0])) & ~np.isnan(sign)
    for _ in range(100):
        middle = np.sqrt(low * high)
        same = np.sign(_value_and_slope(flows, middle)[0]) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return np.where(crossed, low, np.nan)
