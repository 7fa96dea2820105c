"""Counts of numbers in fine bins: percentiles of any number of draws in bounded memory, in any order of arrival.

A bin holds the numbers that share sign, exponent and the first 17 bits of the fraction. So a percentile is off by less
than one part in 100,000 of itself, and what is counted does not depend on how the draws were cut into chunks.
"""

from __future__ import annotations

from typing import Any

import numpy as np

FRACTION_BITS = 17
SHIFT = 52 - FRACTION_BITS
MAGNITUDE = (1 << 63) - 1
PENDING = 1 << 18


def bins(values: Any) -> tuple[Any, Any]:
    """Return the bins of finite numbers and how many are in each, in the order of the numbers."""
    bits = np.ascontiguousarray(values, float).view(np.int64)
    ordered = np.where(bits < 0, -(bits & MAGNITUDE), bits) >> SHIFT
    found: tuple[Any, Any] = np.unique(ordered, return_counts=True)
    return found


def edges(keys: Any) -> Any:
    """Return the lower edge of each bin; the upper one is the lower edge of the bin after it."""
    bits = np.asarray(keys, np.int64) << SHIFT
    sign = np.where(bits < 0, -1.0, 1.0)
    return sign * np.abs(bits).view(np.float64)


class Sketch:
    """How many numbers fell into each bin."""

    def __init__(self) -> None:
        self._keys: Any = np.empty(0, np.int64)
        self._counts: Any = np.empty(0, np.int64)
        self._waiting: list[tuple[Any, Any]] = []
        self._held = 0

    def add(self, keys: Any, counts: Any) -> None:
        """Add counted bins."""
        self._waiting.append((keys, counts))
        self._held += len(keys)
        if self._held > max(PENDING, len(self._keys)):
            self._merge()

    def _merge(self) -> None:
        keys = np.concatenate([self._keys, *(k for k, _ in self._waiting)])
        counts = np.concatenate([self._counts, *(c for _, c in self._waiting)])
        order = np.argsort(keys, kind="stable")  # which is quick on runs that are in order already
        keys, counts = keys[order], counts[order]
        first = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))
        self._keys, self._counts = keys[first], np.add.reduceat(counts, first) if len(first) else counts
        self._waiting, self._held = [], 0

    def bins(self) -> tuple[Any, Any]:
        """Return the bins and how many numbers are in each, in the order of the numbers."""
        self._merge()
        return self._keys, self._counts

    def quantiles(self, levels: Any) -> Any:
        """Return the numbers below which the given shares of all lie, linear within a bin."""
        self._merge()
        below = np.cumsum(self._counts)
        rank = np.asarray(levels, float) * below[-1]
        at = np.minimum(np.searchsorted(below, rank, "left"), len(below) - 1)
        inside = (rank - (below[at] - self._counts[at])) / self._counts[at]
        low, high = edges(self._keys[at]), edges(self._keys[at] + 1)
        return low + inside * (high - low)

    def histogram(self, cuts: Any) -> Any:
        """Return how many numbers lie between each two cuts; a bin counts where its lower edge lies."""
        self._merge()
        found, _ = np.histogram(edges(self._keys), cuts, weights=self._counts)
        return found.astype(np.int64)
