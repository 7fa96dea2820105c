"""How each uncertain input is distributed, and from which numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from xl_aicost.assumptions import Assumption
from xl_aicost.assumptions.table import read_table
from xl_aicost.case import Case, model
from xl_aicost.errors import DataError, InputError, UnknownNameError
from xl_aicost.support.optional import scipy_module

Array = Any


@dataclass(frozen=True)
class Distribution:
    """The distribution of one input over its range.

    `triangular` and `pert` (beta with weight 4 on the mode) lie between low and high; `uniform` leaves the mode aside;
    `lognormal` takes low and high for its 5th and 95th percentile and is cut at the limits of the input.
    """

    id: str
    name: str
    low: float
    mode: float
    high: float
    least: float = -math.inf
    most: float = math.inf

    def quantile(self, u: Array) -> Array:
        """Return the values at probabilities `u`, an array between 0 and 1."""
        return np.clip(SHAPES[self.name](self, u), self.least, self.most)


def _triangular(d: Distribution, u: Array) -> Array:
    width, left = d.high - d.low, d.mode - d.low
    rising = d.low + np.sqrt(u * (width * left))
    falling = d.high - np.sqrt((1 - u) * (width * (width - left)))
    return np.where(u * width < left, rising, falling)


def _pert(d: Distribution, u: Array) -> Array:
    width = d.high - d.low
    a, b = 1 + 4 * (d.mode - d.low) / width, 1 + 4 * (d.high - d.mode) / width
    return d.low + width * scipy_module("special").betaincinv(a, b, u)


def _uniform(d: Distribution, u: Array) -> Array:
    return d.low + (d.high - d.low) * u


def _lognormal(d: Distribution, u: Array) -> Array:
    special = scipy_module("special")
    middle, spread = (math.log(d.low) + math.log(d.high)) / 2, (math.log(d.high) - math.log(d.low)) / 2
    return np.exp(middle + special.ndtri(u) * (spread / special.ndtri(0.95)))


SHAPES: dict[str, Callable[[Distribution, Array], Array]] = {
    "triangular": _triangular,
    "pert": _pert,
    "uniform": _uniform,
    "lognormal": _lognormal,
}
COLUMNS = ("id", "distribution", "low", "mode", "high")


def uncertain(line: str, case: Case, default: str, own: Path | None = None) -> list[Distribution]:
    """Return the distributions of the inputs that move a line, in the order of the assumptions.

    What the scenario, the company or the user sets has one value. Any other input varies over its low, base and high;
    `own` is a CSV with the columns id, distribution, low, mode, high that says otherwise by input. Choices do not vary.
    Raises UnknownNameError for a distribution or an input that does not exist, DataError for a row that says nothing
    usable, InputError if nothing varies.
    """
    if default not in SHAPES:
        raise UnknownNameError("distribution", default, SHAPES)
    rows, fixed = case.assumptions.rows, case.overrides
    given = _own(own, rows) if own else {}
    if clash := sorted(set(given) & set(fixed)):
        raise InputError(f"{clash[0]} has one value in this case and a distribution; leave out one of them")
    wanted = model().upstream(line)
    found = [
        given.get(a.id) or _ranged(a, default)
        for a in rows.values()
        if a.id in wanted and a.id not in fixed and a.unit != "choice"
    ]
    found = [_checked(d) for d in found if d.low < d.high]
    if not found:
        held = [i for i in fixed if i in wanted]
        reasons = ", ".join(f"{i}: {case.origins[i].note}" for i in held)
        raise InputError(f"nothing varies: each input of {line} has one value" + (f" ({reasons})" if held else ""))
    return found


def _ranged(a: Assumption, name: str) -> Distribution:
    low, mode, high = sorted((a.low, a.base, a.high))  # the low case of a saving is the larger number
    return Distribution(a.id, name, low, mode, high, a.min, a.max)


def _own(path: Path, table: Mapping[str, Assumption]) -> dict[str, Distribution]:
    found = {}
    for row in read_table(path, COLUMNS):
        item = table.get(row.text("id"))
        if item is None:
            raise UnknownNameError("input", row.text("id"), table)
        name = row.one_of("distribution", frozenset(SHAPES))
        low, mode, high = (row.number_in(c) for c in COLUMNS[2:])
        if not item.min <= low <= mode <= high <= item.max:
            limits = f"{item.min:.15g} <= low <= mode <= high <= {item.max:.15g}"
            raise row.error("low", f"{low:.15g}, {mode:.15g}, {high:.15g} are not {limits}")
        if item.id in found:
            raise row.error("id", f"{item.id} stands there twice")
        found[item.id] = Distribution(item.id, name, low, mode, high, item.min, item.max)
    return found


def _checked(d: Distribution) -> Distribution:
    if d.name == "lognormal" and d.low <= 0:
        raise DataError(f"{d.id} cannot be lognormal: its low is {d.low:.15g}, and a lognormal number is above 0")
    return d
