"""Which inputs drive a result: rank regression, Sobol indices, and one input at a time (the tornado).

A change of a result that is only rounding counts as none in each of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xl_aicost.assumptions import Assumption, moving_together
from xl_aicost.case import Case, model, one_value
from xl_aicost.simulate.distributions import Distribution, with_range
from xl_aicost.support.numbers import ROUNDING
from xl_aicost.support.optional import scipy_module
from xl_aicost.support.values import Array, Inputs, Numbers

TORNADO_BARS = 12


@dataclass(frozen=True)
class Driver:
    """An input and its standardised rank regression coefficient, from -1 to 1: the sign says which way it acts."""

    id: str
    coefficient: float


@dataclass(frozen=True)
class SobolIndex:
    """The share of the result's variance that an input explains alone, and with all its interactions."""

    id: str
    first: float
    total: float


@dataclass(frozen=True)
class Swing:
    """The result with an input, or several that move together, at its low and at its high.

    `width` is 0 for rounding, and nan where the result has no value at an end.
    """

    inputs: tuple[str, ...]
    low: float
    high: float
    at_low: float
    at_high: float
    width: float

    @property
    def id(self) -> str:
        """The id of the input, or of those that move together with plus signs between."""
        return " + ".join(self.inputs)

    @property
    def moves(self) -> bool:
        """Whether the result differs between the ends, or has a value at one of them alone."""
        return self.width > 0 or math.isfinite(self.at_low) != math.isfinite(self.at_high)


def rank_regression(
    sample: Sequence[tuple[Mapping[str, Array], Array]], distributions: Sequence[Distribution]
) -> tuple[float, list[Driver]]:
    """Return the share of the ranks' variance that the inputs explain, and the drivers, strongest first."""
    values = np.concatenate([v for _, v in sample])
    good = np.isfinite(values)
    target = _scores(values[good])
    columns = [_scores(np.concatenate([inputs[d.id] for inputs, _ in sample])[good]) for d in distributions]
    matrix = np.stack(columns, axis=1)
    coefficients, *_ = np.linalg.lstsq(matrix, target, rcond=None)
    unexplained = np.square(target - matrix @ coefficients).sum()
    variance = np.square(target).sum()
    drivers = [Driver(d.id, float(c)) for d, c in zip(distributions, coefficients, strict=True)]
    explained = float(1 - unexplained / variance) if variance else 0.0
    return explained, sorted(drivers, key=lambda d: -abs(d.coefficient))


def _scores(values: Array) -> Array:
    """Return ranks with mean 0 and variance 1; equal numbers share theirs, and all are 0 if values differ by rounding."""
    if not widths(values.min(initial=np.inf), values.max(initial=-np.inf)):
        return np.zeros(len(values))
    order = np.sort(values)
    ranks = np.searchsorted(order, values, "left") + np.searchsorted(order, values, "right")
    centred = ranks - ranks.mean()
    scores: Array = centred / centred.std()
    return scores


def sobol_indices(
    line: str, case: Case, distributions: Sequence[Distribution], seed: int = 1, draws: int = 1024
) -> list[SobolIndex]:
    """Return the Sobol indices of a line over independent inputs, strongest first.

    `draws` is a power of two; the line is evaluated draws x (inputs + 2) times.
    """

    class Marginal:
        def __init__(self, d: Distribution) -> None:
            self.ppf = d.quantile

    def results(x: Array) -> Array:
        inputs = {d.id: row for d, row in zip(distributions, x, strict=True)}
        return np.array(np.broadcast_to(case.evaluate(line, inputs), x.shape[1:]))  # scipy writes into it

    indices = scipy_module("stats").sobol_indices(
        func=results, n=draws, dists=[Marginal(d) for d in distributions], rng=np.random.default_rng(seed)
    )
    pairs = zip(distributions, indices.first_order, indices.total_order, strict=True)
    return sorted((SobolIndex(d.id, float(f), float(t)) for d, f, t in pairs), key=lambda s: -s.total)


def tornado(line: str, case: Case | None = None) -> list[Swing]:
    """Return the twelve inputs that move a line of one value most, each from its low to its high, widest swing first.

    Before them come those that leave the line without a value at one end: they decide whether there is a result.

    What the scenario, the company or the user sets does not move, but for a company's guidance. Raises UnknownNameError for
    a line that does not exist and InputError for one with a value for each period.

    >>> [(s.id, s.at_low, s.at_high) for s in tornado("layoffs_to_fund")][0]
    ('loaded_cost', 216666.66666666666, 108333.33333333333)
    """
    case = case or Case.of()
    inputs = case.varying(with_range(case.assumptions.rows, one_value(line)))
    (swings,) = tornadoes([line], inputs, case.values, case.years, case.periods_per_year)[line]
    return [s for s in swings if s.moves]


def tornadoes(
    lines: Sequence[str],
    inputs: Sequence[Assumption],
    values: Inputs,
    years: int,
    periods_per_year: int,
    ranges: Mapping[str, tuple[Numbers, Numbers]] | None = None,
) -> dict[str, list[list[Swing]]]:
    """Return by line, for each scenario of `values`, the twelve inputs that move it most, as `tornado` ranks them.

    Inputs of one driver move together. `ranges` holds ends other than the low and high of an input, one for each scenario. Inputs whose swings are equally wide, but for rounding, keep their order.
    """
    rows = {a.id: a for a in inputs}
    groups = [tuple(rows[i] for i in group) for group in moving_together(rows)]
    cases = 2 * len(groups)
    columns = {i: np.reshape(v, (-1, 1)) for i, v in values.items()}
    columns |= {i: np.repeat(columns[i], cases, axis=1) for i in rows}
    for k, group in enumerate(groups):
        for a in group:
            low, high = (ranges or {}).get(a.id, (a.low, a.high))
            columns[a.id][:, 2 * k], columns[a.id][:, 2 * k + 1] = low, high
    results = model().evaluate(list(lines), columns, years, periods_per_year)
    scenarios = max(map(len, columns.values()))
    swings = {}
    for line in lines:
        upstream = model().upstream(line)
        moving = [k for k, group in enumerate(groups) if any(a.id in upstream for a in group)]
        ends = np.broadcast_to(results[line], (scenarios, cases)).reshape(scenarios, -1, 2)[:, moving]
        swings[line] = _ranked([groups[k] for k in moving], ends[..., 0], ends[..., 1])
    return swings


def _ranked(groups: Sequence[tuple[Assumption, ...]], at_low: Array, at_high: Array) -> list[list[Swing]]:
    width = widths(at_low, at_high)
    one_end = np.isfinite(at_low) != np.isfinite(at_high)
    sizes = np.where(one_end, np.inf, np.nan_to_num(width, nan=-1))
    wider = (sizes[:, None, :] > sizes[:, :, None] * (1 + ROUNDING)).sum(axis=2)
    order = np.argsort(wider, axis=1, kind="stable").tolist()
    tables = zip(order, at_low.tolist(), at_high.tolist(), width.tolist(), strict=True)
    return [
        [_swing(groups[k], low[k], high[k], size[k]) for k in ranks[:TORNADO_BARS]] for ranks, low, high, size in tables
    ]


def _swing(group: tuple[Assumption, ...], at_low: float, at_high: float, width: float) -> Swing:
    return Swing(tuple(a.id for a in group), group[0].low, group[0].high, at_low, at_high, width)


def widths(low: Array, high: Array) -> Array:
    """Return the absolute differences of results: 0 where one is only rounding, nan where a result has no value."""
    with np.errstate(invalid="ignore"):
        width = np.abs(high - low)
        return np.where(width <= ROUNDING * np.maximum(np.abs(low), np.abs(high)), 0.0, width)
