"""Share the change of a result among the things that changed, so that the shares add up and no order is preferred.

The share of a change is its Shapley value: its effect averaged over every order in which the changes could be made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb
from typing import TypeAlias

import numpy as np

from xl_aicost.support.values import Array, Booleans

EXACT = 10  # changes up to which every subset is evaluated
PAIRS = 200  # orders drawn beyond that, each with its reverse
SEED = 1

Value: TypeAlias = Callable[[Booleans], Array]  # of which changes are made in each case, the result of each case


@dataclass(frozen=True)
class Share:
    """What a change is worth: its share, its effect alone, and the least and most it comes to over the orders.

    `error` is the standard error of a share that was sampled, 0 where it is exact.
    """

    name: str
    share: float
    alone: float
    low: float
    high: float
    error: float = 0.0


def shares(names: Sequence[str], value: Value) -> list[Share]:
    """Return the share of each change in `value(all made) - value(none made)`; they add up to it.

    Up to ten changes every subset is evaluated and shares are exact. Beyond that, 200 orders are drawn, each with its
    reverse, from a fixed seed: shares still add up, `error` says how far each may be off, and the least and most are
    those of the orders drawn.

    >>> def area(made):
    ...     return np.where(made[:, 0], 3, 2) * np.where(made[:, 1], 5, 3)
    >>> [(s.name, s.share) for s in shares(["length", "width"], area)]
    [('length', 4.0), ('width', 5.0)]
    """
    if not names:
        return []
    return _exact(names, value) if len(names) <= EXACT else _sampled(names, value)


def _exact(names: Sequence[str], value: Value) -> list[Share]:
    n = len(names)
    subsets = np.arange(2**n)
    made = (subsets[:, None] >> np.arange(n)) & 1 == 1
    results, sizes = value(made), made.sum(axis=1)
    weights = np.array([1 / (n * comb(n - 1, k)) for k in range(n)])
    exact = []
    for i, name in enumerate(names):
        without = subsets[~made[:, i]]
        effects = results[without | (1 << i)] - results[without]
        share = float(effects @ weights[sizes[without]])
        exact.append(Share(name, share, float(effects[0]), float(effects.min()), float(effects.max())))
    return exact


def _sampled(names: Sequence[str], value: Value) -> list[Share]:
    n, rng = len(names), np.random.default_rng(SEED)
    half = [rng.permutation(n) for _ in range(PAIRS)]
    drawn = np.array([order for one in half for order in (one, one[::-1])])
    rank = np.argsort(drawn, axis=1)  # when each change is made
    steps = (rank[:, None, :] < np.arange(n + 1)[None, :, None]).reshape(-1, n)
    alone = value(np.eye(n, dtype=bool)) - value(np.zeros((1, n), bool))
    differences = np.diff(value(steps).reshape(len(drawn), n + 1), axis=1)
    effects = np.take_along_axis(differences, rank, axis=1)
    pairs = effects.reshape(PAIRS, 2, n).mean(axis=1)
    errors = pairs.std(axis=0, ddof=1) / np.sqrt(PAIRS)
    columns = (pairs.mean(axis=0), alone, effects.min(axis=0), effects.max(axis=0), errors)
    return [Share(name, *map(float, row)) for name, *row in zip(names, *columns, strict=True)]
