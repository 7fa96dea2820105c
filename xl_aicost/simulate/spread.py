"""How far figures differ between repetitions, added one by one.

>>> spread = Spread()
>>> for figures in ([1.0, 10.0], [3.0, 10.0], None):
...     spread.add(None if figures is None else np.array(figures))
>>> spread.variance.tolist()
[2.0, 0.0]
"""

from __future__ import annotations

import numpy as np

from xl_aicost.support.values import Array


class Spread:
    """Mean and squares of some figures over repetitions."""

    def __init__(self) -> None:
        self.count = 0
        self._mean: Array = np.zeros(1)
        self._squares: Array = np.zeros(1)

    def add(self, figures: Array | None) -> None:
        """Add the figures of a repetition; None for one that has none."""
        if figures is None:
            return
        self.count += 1
        step = figures - self._mean
        self._mean = self._mean + step / self.count
        self._squares = self._squares + step * (figures - self._mean)

    @property
    def variance(self) -> Array | None:
        """The variance of each figure; None for fewer than two repetitions."""
        return self._squares / (self.count - 1) if self.count > 1 else None
