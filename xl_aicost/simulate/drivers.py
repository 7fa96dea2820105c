"""Which inputs drive a result: rank regression, Sobol indices, and one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xl_aicost.case import Case, model
from xl_aicost.simulate.distributions import Distribution
from xl_aicost.support.optional import scipy_module


@dataclass(frozen=True)
class Driver:
    """An input and its standardised rank regression coefficient: -1 to 1, by its sign up or down."""

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
    """The result with one input at its least and at its most, all others as they are."""

    id: str
    low: float
    high: float
    at_low: float
    at_high: float


def rank_regression(
    sample: Sequence[tuple[Mapping[str, Any], Any]], distributions: Sequence[Distribution]
) -> tuple[float, list[Driver]]:
    """Return the share of the ranks' variance that is explained, and the drivers, the strongest first."""
    values = np.concatenate([v for _, v in sample])
    good = np.isfinite(values)
    target = _scores(values[good])
    columns = [_scores(np.concatenate([inputs[d.id] for inputs, _ in sample])[good]) for d in distributions]
    matrix = np.stack(columns, axis=1)
    coefficients, *_ = np.linalg.lstsq(matrix, target, rcond=None)
    left = np.square(target - matrix @ coefficients).sum()
    whole = np.square(target).sum()
    drivers = [Driver(d.id, float(c)) for d, c in zip(distributions, coefficients, strict=True)]
    explained = float(1 - left / whole) if whole else 0.0
    return explained, sorted(drivers, key=lambda d: -abs(d.coefficient))


def _scores(values: Any) -> Any:
    """Return the ranks, equal numbers sharing theirs, with mean 0 and variance 1."""
    order = np.sort(values)
    ranks = np.searchsorted(order, values, "left") + np.searchsorted(order, values, "right")
    centred = ranks - ranks.mean()
    spread = centred.std()
    return centred / spread if spread else centred


def sobol_indices(
    line: str, case: Case, distributions: Sequence[Distribution], seed: int = 1, draws: int = 1024
) -> list[SobolIndex]:
    """Return the Sobol indices of a line over independent inputs, the strongest first.

    `draws` is a power of two; the line is evaluated draws x (inputs + 2) times.
    """

    class Marginal:
        def __init__(self, d: Distribution) -> None:
            self.ppf = d.quantile

    def results(x: Any) -> Any:
        inputs = {d.id: row for d, row in zip(distributions, x, strict=True)}
        return np.array(np.broadcast_to(case.evaluate(line, inputs), x.shape[1:]))  # scipy writes here

    found = scipy_module("stats").sobol_indices(
        func=results, n=draws, dists=[Marginal(d) for d in distributions], rng=np.random.default_rng(seed)
    )
    pairs = zip(distributions, found.first_order, found.total_order, strict=True)
    return sorted((SobolIndex(d.id, float(f), float(t)) for d, f, t in pairs), key=lambda s: -s.total)


def tornado(line: str, case: Case | None = None, most: int = 12) -> list[Swing]:
    """Return the inputs that move a line most between their low and high, one at a time, the widest swing first."""
    case = case or Case.of()
    wanted = [
        a
        for a in case.assumptions.rows.values()
        if a.id in model().upstream(line) and a.low != a.high and a.unit != "choice"
    ]
    ends = {a.id: sorted((a.low, a.high)) for a in wanted}
    cases = [(a, end) for a in wanted for end in (0, 1)]
    columns = {a.id: np.array([ends[a.id][end] if at is a else case.values[a.id] for at, end in cases]) for a in wanted}
    found = np.broadcast_to(case.evaluate(line, columns), (len(cases),)) if cases else ()
    swings = [
        Swing(a.id, ends[a.id][0], ends[a.id][1], float(found[2 * i]), float(found[2 * i + 1]))
        for i, a in enumerate(wanted)
    ]
    moving = [s for s in swings if s.at_low != s.at_high]
    return sorted(moving, key=lambda s: -abs(s.at_high - s.at_low))[:most]
