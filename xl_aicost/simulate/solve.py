"""Find the values of an input at which a line reaches a target."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from xl_aicost.assumptions import Assumption
from xl_aicost.case import Case, find_input, model, one_value
from xl_aicost.errors import InputError
from xl_aicost.support.values import Array, Booleans

STEPS = 20_001
ROUNDS = 60
NOISE = 1e-13  # relative to what the line comes to elsewhere: what the floats of one value leave open
LEAP = 1e-6  # relative to the change over a step of the grid: what a continuous line leaves between neighbouring floats


@dataclass(frozen=True)
class Root:
    """Values of the input, `low` to `high`, at which the line is the target; both are the same where it is one value.

    `above` says that `low` itself is not one of them, `below` that `high` is not: the line jumps there.
    """

    low: float
    high: float
    above: bool = False
    below: bool = False


@dataclass(frozen=True)
class Jump:
    """A value of the input at which the line leaps over the target, and the line just below and just above it."""

    at: float
    below: float
    above: float


@dataclass(frozen=True)
class Solution:
    """Where a line reaches a target: the roots and the jumps over it, each in rising order of the input."""

    line: str
    input: str
    unit: str
    target: float
    roots: tuple[Root, ...]
    jumps: tuple[Jump, ...]

    @property
    def values(self) -> list[float]:
        """The value of the input at each root; where the line is the target over an interval, an end that belongs to it."""
        return [
            root.low if not root.above else root.high if not root.below else (root.low + root.high) / 2
            for root in self.roots
        ]

    def as_dict(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self)


def solve(
    line: str,
    input_id: str,
    target: float = 0.0,
    case: Case | None = None,
) -> Solution:
    """Return where, within the limits of an input, a line of one value equals the target, and where it jumps over it.

    The line is searched on a fine grid and taken to cross the target at most once between two of its points; an input
    that is a choice is tried at each of its values. Neighbouring values at which the line is the target, but for
    rounding, are one root.
    Raises UnknownNameError for a line or an input that does not exist and InputError for a line that does not depend on
    the input or is n/a, or a target that is not a number.

    >>> solve("gpu_capex", "gpu_unit_price", 250e6).values
    [25000.0]
    >>> solve("build_year_count", "build_years", 3).roots
    (Root(low=2.0, high=3.0, above=True, below=False),)
    """
    case = case or Case.of()
    item = find_input(input_id, case.assumptions.rows)
    if item.id not in model().upstream(one_value(line)):
        raise InputError(f"{line} does not depend on {item.id}")
    if not math.isfinite(target):
        raise InputError(f"target = {target!r} is not a finite number")
    case.check_has_value(line, item.id)

    def value(x: Array) -> Array:
        return np.broadcast_to(case.evaluate(line, {item.id: x}), x.shape)

    search = _Search(value, target, _grid(item, case.values[item.id]))
    jumps: tuple[Jump, ...] = ()
    roots = search.intervals()
    if item.unit != "choice":
        crossings, jumps = search.crossings()
        roots = sorted((*roots, *crossings), key=lambda root: root.low)
    return Solution(line, item.id, item.unit, target, tuple(roots), jumps)


def _grid(item: Assumption, value: float) -> Array:
    """Return values of an input from limit to limit: evenly around the usual ones, in growing steps beyond."""
    if item.unit == "choice":
        return np.arange(item.min, item.max + 1)
    usual = 4 * max(*(abs(x) for x in (value, item.low, item.base, item.high) if not math.isnan(x)), 1e-9)
    near = np.linspace(item.min, min(item.max, usual), STEPS)
    return near if item.max <= usual else np.unique(np.concatenate([near, np.geomspace(usual, item.max, STEPS)]))


class _Search:
    """A line less its target on a grid, and the search between points of the grid."""

    def __init__(self, value: Callable[[Array], Array], target: float, grid: Array) -> None:
        self.value, self.target, self.grid = value, target, grid
        self.gaps = value(grid) - target
        finite = np.abs(self.gaps[np.isfinite(self.gaps)])
        self.noise = NOISE * (abs(target) + float(np.median(finite)) if len(finite) else 0.0)
        self.reached = self._reached(self.gaps)

    def _reached(self, gaps: Array) -> Booleans:
        reached: Booleans = np.abs(gaps) <= self.noise
        return reached

    def intervals(self) -> list[Root]:
        """Return the runs of points at which the line is the target, each out to its ends between the points."""
        edges = np.diff(np.concatenate(([False], self.reached, [False])).astype(int))
        first, last = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
        before, after = self.grid[np.maximum(first - 1, 0)], self.grid[np.minimum(last + 1, len(self.grid) - 1)]
        low, high = self._end(self.grid[first], before), self._end(self.grid[last], after)
        alone = high - low <= LEAP * (after - before)  # only as wide as rounding lets it be
        low, high = (np.where(alone, self.grid[first], end) for end in (low, high))
        (low, above), (high, below) = self._bound(low, before), self._bound(high, after)
        ends = np.array([low, high]).T.tolist(), np.array([above, below]).T.tolist()
        return [Root(*end, *is_open) for end, is_open in zip(*ends, strict=True)]

    def _bound(self, end: Array, outside: Array) -> tuple[Array, Booleans]:
        """Return the bound of intervals and whether it is not one of their values: the line jumps there.

        Of the two neighbouring floats that the line jumps between, the bound is the one with far fewer digits.
        """
        beyond = np.nextafter(end, outside)
        step, whole = (np.abs(self.value(x) - self.target) for x in (beyond, outside))
        digits = [[len(repr(x)) for x in ends.tolist()] for ends in (beyond, end)]
        is_open: Booleans = (step > np.maximum(LEAP * whole, self.noise)) & (np.diff(digits, axis=0)[0] > 3)
        return np.where(is_open, beyond, end), is_open

    def _end(self, inside: Array, outside: Array) -> Array:
        """Return the last value at which the line is the target, between one at which it is and one at which it is not."""
        for _ in range(ROUNDS if len(inside) else 0):
            half = (inside + outside) / 2
            on = self._reached(self.value(half) - self.target)
            inside, outside = np.where(on, half, inside), np.where(on, outside, half)
        return inside

    def crossings(self) -> tuple[list[Root], tuple[Jump, ...]]:
        """Return where the line crosses the target between two points of the grid, and where it jumps over it."""
        before, after = self.gaps[:-1], self.gaps[1:]
        with np.errstate(invalid="ignore"):
            crossing = np.isfinite(before) & np.isfinite(after) & (before * after < 0)
        crossing &= ~self.reached[:-1] & ~self.reached[1:]
        low, high, below = self.grid[:-1][crossing], self.grid[1:][crossing], np.sign(before[crossing])
        for _ in range(ROUNDS if len(low) else 0):
            half = (low + high) / 2
            is_before = np.sign(self.value(half) - self.target) == below  # the crossing is in the upper half
            low, high = np.where(is_before, half, low), np.where(is_before, high, half)
        if not len(low):
            return [], ()
        under, over = self.value(low), self.value(high)
        left = np.abs(over - under)  # NaN where the line has no value on one side: no root and no jump
        most = np.maximum(LEAP * np.abs(after - before)[crossing], self.noise)
        roots = [Root(float(x), float(x)) for x in ((low + high) / 2)[left <= most]]
        leaps = left > most
        jumps = np.array([high, under, over]).T[leaps]
        return roots, tuple(Jump(*jump) for jump in jumps.tolist())
