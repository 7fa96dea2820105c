"""Counts of numbers in fine bins: percentiles of any number of draws in bounded memory.

A bin holds the numbers that share sign, exponent and the first 17 bits of the fraction. So a percentile is exact to
one part in 100,000, and counts do not depend on the order of the draws or on how they were split into chunks.

>>> sketch = Sketch()
>>> sketch.add(*bins(np.arange(1.0, 1001.0)))
>>> sketch.quantiles([0.5]).round(1).tolist()
[500.0]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from xl_aicost.support.values import Array, Integers

FRACTION_BITS = 17
SHIFT = 52 - FRACTION_BITS
MAGNITUDE = (1 << 63) - 1
PENDING = 1 << 18


def bins(values: Array) -> tuple[Integers, Integers]:
    """Return the bins of finite numbers and the count of each, in ascending order."""
    bits = np.ascontiguousarray(values, float).view(np.int64)
    ordered = np.where(bits < 0, -(bits & MAGNITUDE), bits) >> SHIFT
    keys, counts = np.unique(ordered, return_counts=True)
    return keys, counts


def edges(keys: Integers) -> Array:
    """Return the lower edge of each bin; the upper one is the lower edge of the bin after it."""
    bits = keys << SHIFT
    lower: Array = np.where(bits < 0, -1.0, 1.0) * np.abs(bits).view(np.float64)
    return lower


class Sketch:
    """How many numbers fell into each bin."""

    def __init__(self) -> None:
        self._keys: Integers = np.empty(0, np.int64)
        self._counts: Integers = np.empty(0, np.int64)
        self._waiting: list[tuple[Integers, Integers]] = []
        self._held = 0

    def add(self, keys: Integers, counts: Integers) -> None:
        """Add counted bins."""
        self._waiting.append((keys, counts))
        self._held += len(keys)
        if self._held > max(PENDING, len(self._keys)):
            self._merge()

    def _merge(self) -> None:
        keys = np.concatenate([self._keys, *(k for k, _ in self._waiting)])
        counts = np.concatenate([self._counts, *(c for _, c in self._waiting)])
        order = np.argsort(keys, kind="stable")  # quick where parts are in order already
        keys, counts = keys[order], counts[order]
        first = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))
        self._keys, self._counts = keys[first], np.add.reduceat(counts, first) if len(first) else counts
        self._waiting, self._held = [], 0

    def bins(self) -> tuple[Integers, Integers]:
        """Return the bins and the count of each, in ascending order."""
        self._merge()
        return self._keys, self._counts

    def quantiles(self, levels: ArrayLike) -> Array:
        """Return the quantiles at levels from 0 to 1, linear within a bin."""
        self._merge()
        below = np.cumsum(self._counts)
        rank = np.asarray(levels, float) * below[-1]
        at = np.minimum(np.searchsorted(below, rank, "left"), len(below) - 1)
        inside = (rank - (below[at] - self._counts[at])) / self._counts[at]
        low, high = edges(self._keys[at]), edges(self._keys[at] + 1)
        quantiles: Array = low + inside * (high - low)
        return quantiles

    def histogram(self, cuts: ArrayLike) -> Integers:
        """Return how many numbers lie between neighbouring cuts; a bin counts where its lower edge lies."""
        self._merge()
        counts, _ = np.histogram(edges(self._keys), cuts, weights=self._counts)
        return counts.astype(np.int64)
