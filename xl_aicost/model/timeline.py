"""Lines over time: the last axis of an array is the periods 1 to N, or the dates 0 to N; earlier axes are scenarios.

Each helper is called like a numpy function. An argument that is not an array but knows numpy's
`__array_function__` protocol answers for itself; that is how a row of a spreadsheet takes part.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xl_aicost.model.missing import overridable

Array = NDArray[np.float64]


def _window(x: Any, n: Any, inside: Callable[[Any, Any], Any]) -> Array:
    """Sum what x was d periods ago over the ages d for which inside(d, n) holds, for each period."""
    x, n = np.asarray(x, float), np.asarray(n)
    periods = x.shape[-1]
    masks = inside(np.arange(periods).reshape(-1, *[1] * n.ndim), n)
    sums = np.zeros(np.broadcast_shapes(x.shape, n.shape))
    for d in np.flatnonzero(masks.reshape(periods, -1).any(axis=1)):
        sums[..., d:] += np.where(masks[d], x[..., : periods - d], 0.0)
    return sums


@overridable
def cumulative(x: Any) -> Any:
    """Return the sum of x up to and including each period."""
    return np.cumsum(x, axis=-1)


@overridable
def lag(x: Any, n: Any) -> Any:
    """Return x as it was n whole periods ago, n at least 1; 0 before the first.

    A row that looks back never reads its own period, so that opening and closing balances make no circle.
    """
    return _window(x, n, lambda ages, n: (ages == n) & (ages > 0))


@overridable
def trailing_sum(x: Any, n: Any) -> Any:
    """Return the sum of x over the last n periods, this one included."""
    return _window(x, n, np.less)


@overridable
def renewals(x: Any, whole: Any, part: Any) -> Any:
    """Return what must be bought again because it, or what replaced it, is at the end of its life.

    A life is a number of whole periods, at least 1, and a part of one more: of what is bought, the share 1 - part is
    renewed after `whole` periods and the rest a period later.
    """
    x, whole, part = (np.asarray(v, float) for v in (x, whole, part))
    shape = np.broadcast_shapes(x.shape, whole.shape, part.shape)
    periods = shape[-1]
    whole, part = (np.broadcast_to(v, (*shape[:-1], 1))[..., 0] for v in (whole, part))
    life = np.clip(np.nan_to_num(whole, nan=periods), 0, periods)
    bought, again = np.array(np.broadcast_to(x, shape)), np.zeros(shape)
    scenarios = np.ogrid[tuple(map(slice, shape[:-1]))]
    ago: Any = 0.0  # what was bought a life ago, one value a scenario; a period later, a life and a period ago
    for t in range(periods):
        before, ago = ago, np.where((life > 0) & (life <= t), bought[(*scenarios, (t - life).astype(int))], 0.0)
        again[..., t] = (1 - part) * ago + part * before
        bought[..., t] += again[..., t]
    return again


@overridable
def peak(x: Any) -> Any:
    """Return the largest of x over all periods, as an array with one period."""
    return np.max(x, axis=-1, keepdims=True)


@overridable
def dated(start: Any, during: Any, end: Any) -> Any:
    """Return flows at dates 0 to N: what falls at the start of a period, evenly in it (half at each end), at its end.

    >>> dated([-300.0, 0], [100.0, 120], [0, 50.0]).tolist()
    [-250.0, 110.0, 110.0]
    """
    start, during, end = np.broadcast_arrays(*(np.asarray(x, float) for x in (start, during, end)))
    none = np.zeros((*start.shape[:-1], 1))

    def before(x: Array) -> Array:  # of date d: what period d + 1 has
        return np.concatenate((x, none), axis=-1)

    def after(x: Array) -> Array:  # of date d: what period d has
        return np.concatenate((none, x), axis=-1)

    return before(start) + (after(during) + before(during)) / 2 + after(end)


@overridable
def total(x: Any) -> Any:
    """Return the sum of x over all periods, as an array with one period."""
    return np.sum(x, axis=-1, keepdims=True)


@overridable
def present_value(x: Any, factor: Any) -> Any:
    """Return the sum of x times its discount factor, both over periods or both at dates, as an array with one period."""
    return np.sum(np.asarray(x) * factor, axis=-1, keepdims=True)


def _value_and_slope(flows: Array, growth: Array) -> tuple[Array, Array]:
    """Return the value of flows (rows are periods) at 1 + rate = growth, the first flow today, and its derivative."""
    factor = 1 / growth
    value, slope = np.zeros_like(growth), np.zeros_like(growth)
    for flow in flows[::-1]:
        slope = slope * factor + value
        value = value * factor + flow
    return value, -slope * factor * factor


@overridable
def rate_of_return(x: Any, guess: Any, floor: Any) -> Any:
    """Return the rate of a period at which flows at dates have no present value, but at least a floor.

    It is the floor where there is no rate too: far below zero spreadsheets do not find it reliably.
    """
    rate = irr(x, guess, floor)
    return np.where(np.isnan(rate), floor, np.maximum(rate, floor))


def irr(x: Any, guess: Any = 0.1, floor: Any = -1.0) -> Any:
    """Return the rate of a period at which the flows x, at dates, have no present value, as an array with one period.

    Newton's method from a guess, as spreadsheets do, so that of several rates it is the one they find; halving where
    Newton leaves the rates above -100%. NaN where the flows have no such rate, or a rate below the floor for certain.
    """
    x, *rates = (np.asarray(v, float) for v in (x, guess, floor))
    shape = np.broadcast_shapes((*x.shape[:-1], 1), *(rate.shape for rate in rates))
    flows = np.ascontiguousarray(np.broadcast_to(x, (*shape[:-1], x.shape[-1])).reshape(-1, x.shape[-1]).T)
    growth, lowest = (np.broadcast_to(1.0 + rate, shape).reshape(-1).copy() for rate in rates)
    with np.errstate(all="ignore"):
        none = _none_above(flows, lowest)
        growth[none] = np.nan
        left = _newton(flows, growth, np.flatnonzero(~none))
        left = np.union1d(left, np.flatnonzero(~none & ~((growth > 0) & (growth < np.inf))))
        growth[left] = _halved(flows[:, left], lowest[left])
    return growth.reshape(shape) - 1


def _none_above(flows: Array, growth: Array) -> NDArray[np.bool_]:
    """Return whether flows have a value at every growth above the given ones, for certain.

    Budan's theorem: the polynomial around that growth has coefficients of one sign. Not worth it for many dates.
    """
    if len(flows) > 16:
        return np.zeros(flows.shape[1], bool)
    moved = flows.copy()
    for rest in range(len(moved) - 1, 0, -1):
        for at in range(1, rest + 1):
            moved[at] += moved[at - 1] * growth
    none: NDArray[np.bool_] = (moved.min(axis=0) >= 0) | (moved.max(axis=0) <= 0)
    return none


def _newton(flows: Array, growth: Array, left: NDArray[np.intp]) -> NDArray[np.intp]:
    """Move what is left towards where flows have no value, and return what has come to no rest.

    Each goes its own way, whatever the others do.
    """
    for _ in range(60):
        value, slope = _value_and_slope(flows[:, left], growth[left])
        step = value / slope
        growth[left] = now = growth[left] - step
        left = left[~(np.abs(step) <= 1e-12 * np.maximum(1, np.abs(now)))]
        if not len(left):
            break
    return left


def _halved(flows: Array, lowest: Array) -> Array:
    """Return the growth between 0.001 and 1,000 at which flows have no value.

    NaN where the value has one sign at both ends, or where the growth is below the lowest. Halving twenty times leaves
    a range so narrow that Newton's method ends inside it; where it does not, halving goes on.
    """
    low, high = np.full(flows.shape[1], 1e-3), np.full(flows.shape[1], 1e3)
    sign = np.sign(_value_and_slope(flows, low)[0])
    growth = np.full(flows.shape[1], np.nan)
    left = np.flatnonzero((sign != np.sign(_value_and_slope(flows, high)[0])) & ~np.isnan(sign))
    for turn in range(100):
        if turn == 20:
            growth[left] = np.sqrt(low[left] * high[left])
            restless = _newton(flows, growth, left)
            outside = left[~((growth[left] >= low[left]) & (growth[left] <= high[left]))]
            left = np.union1d(restless, outside)
        if not len(left):
            break
        middle = np.sqrt(low[left] * high[left])
        same = np.sign(_value_and_slope(flows[:, left], middle)[0]) == sign[left]
        low[left], high[left] = np.where(same, middle, low[left]), np.where(same, high[left], middle)
        if turn >= 20:
            growth[left] = low[left]
        left = left[high[left] > lowest[left]]
    return growth
