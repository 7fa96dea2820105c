"""The distribution of each uncertain input, over its low, base and high.

>>> from xl_aicost.case import Case
>>> [(d.id, d.low, d.mode, d.high) for d in uncertain("gpu_capex", Case.of(), "triangular")]
[('gpu_unit_price', 25000.0, 30000.0, 40000.0)]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from xl_aicost.assumptions import Assumption
from xl_aicost.assumptions.table import TableLike, read_table
from xl_aicost.case import Case, model
from xl_aicost.errors import DataError, InputError, UnknownNameError
from xl_aicost.support.optional import scipy_module
from xl_aicost.support.values import Array


@dataclass(frozen=True)
class Distribution:
    """The distribution of one input over its range.

    `triangular` and `pert` (a beta with weight 4 on the mode) lie between low and high; `uniform` ignores the mode; in
    `lognormal`, low and high are the 5th and 95th percentile, and draws stop at the limits of the input.
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
    values: Array = d.low + width * scipy_module("special").betaincinv(a, b, u)
    return values


def _uniform(d: Distribution, u: Array) -> Array:
    return d.low + (d.high - d.low) * u


def _lognormal(d: Distribution, u: Array) -> Array:
    special = scipy_module("special")
    middle, spread = (math.log(d.low) + math.log(d.high)) / 2, (math.log(d.high) - math.log(d.low)) / 2
    values: Array = np.exp(middle + special.ndtri(u) * (spread / special.ndtri(0.95)))
    return values


SHAPES: dict[str, Callable[[Distribution, Array], Array]] = {
    "triangular": _triangular,
    "pert": _pert,
    "uniform": _uniform,
    "lognormal": _lognormal,
}
COLUMNS = ("id", "distribution", "low", "mode", "high")


def uncertain(line: str, case: Case, default: str, own: TableLike | None = None) -> list[Distribution]:
    """Return the distributions of the inputs that a line depends on, in the order of the assumptions.

    What the scenario, the company or the user sets has one value; a company's guidance varies from its low to its high, and
    any other input over its low, base and high,
    or as its row in `own` says, a CSV with the columns id, distribution, low, mode, high. Choices do not vary.
    Raises UnknownNameError for a distribution or an input that does not exist, DataError for a row that cannot be used,
    InputError if nothing varies.
    """
    if default not in SHAPES:
        raise UnknownNameError("distribution", default, SHAPES)
    rows = case.assumptions.rows
    free = case.varying(with_range(rows, line))
    fixed = {i: v for i, v in case.overrides.items() if i not in {a.id for a in free}}
    from_file = _read_distributions(own, rows) if own is not None else {}
    if clash := sorted(set(from_file) & set(fixed)):
        raise InputError(f"{clash[0]} has one value in this case and a distribution; leave out one of them")
    candidates = [from_file.get(a.id) or _ranged(a, default) for a in free]
    if varying := [_checked(d) for d in candidates if d.low < d.high]:
        return varying
    by_note: dict[str, list[str]] = {}
    for i in fixed:
        if i in model().upstream(line):
            by_note.setdefault(case.origins[i].note, []).append(i)
    reasons = "; ".join(f"{_first(ids)}: {note}" for note, ids in by_note.items())
    raise InputError(f"nothing varies: each input of {line} has one value" + (f" ({reasons})" if reasons else ""))


def _first(ids: list[str], most: int = 3) -> str:
    return ", ".join(ids[:most]) + (f" and {len(ids) - most} more" if len(ids) > most else "")


def with_range(rows: Mapping[str, Assumption], *lines: str) -> list[Assumption]:
    """Return the inputs that some lines depend on, in the order of `rows`, without choices, which have no range."""
    upstream = set().union(*(model().upstream(line) for line in lines))
    return [a for a in rows.values() if a.id in upstream and a.unit != "choice"]


def _ranged(a: Assumption, name: str) -> Distribution:
    low, mode, high = sorted((a.low, a.base, a.high))  # the low case of a saving is the larger number
    return Distribution(a.id, name, low, mode, high, a.min, a.max)


def _read_distributions(file: TableLike, table: Mapping[str, Assumption]) -> dict[str, Distribution]:
    distributions: dict[str, Distribution] = {}
    for row in read_table(file, COLUMNS):
        item = table.get(row.text("id"))
        if item is None:
            raise UnknownNameError("input", row.text("id"), table)
        if item.id in distributions:
            raise row.error("id", f"{item.id!r} appears twice in the file")
        name = row.one_of("distribution", frozenset(SHAPES))
        low, mode, high = (row.number_in(c) for c in COLUMNS[2:])
        if not item.min <= low <= mode <= high <= item.max:
            limits = f"{item.min:.15g} <= low <= mode <= high <= {item.max:.15g}"
            raise row.error("low", f"{low:.15g}, {mode:.15g}, {high:.15g} are not {limits}")
        distributions[item.id] = Distribution(item.id, name, low, mode, high, item.min, item.max)
    return distributions


def _checked(d: Distribution) -> Distribution:
    if d.name == "lognormal" and d.low <= 0:
        raise DataError(f"{d.id} cannot be lognormal: its low is {d.low:.15g}, and a lognormal number is above 0")
    return d
