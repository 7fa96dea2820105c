"""The highest and the lowest value of a line that its inputs' ranges lead to, and the inputs that make them.

Every input goes to the end of its range that raises the line; at the corner that this makes each is tried once more,
until none wants to move. What is found is the true end where the line is monotone in each input whatever the others
are, and else an end that is reached. Company figures, sizes and choices stay as they are: they are facts, not a range.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from xl_aicost.assumptions import COMPANY_INPUTS, Assumption, drivers
from xl_aicost.case import Case, model
from xl_aicost.errors import InputError

PASSES = 6
NOISE = 1e-9  # relative: what differs by less is rounding
Array = NDArray[np.float64]
Corner = dict[str, Array]  # the value of each input, one a case
Evaluate = Callable[[Mapping[str, Array]], Array]  # columns by input, a case a row; the line over them


@dataclass(frozen=True)
class Bound:
    """An end that was found: the line's value, the inputs that make it, and those that moved again at the corner."""

    value: float
    inputs: dict[str, float]
    flipped: tuple[str, ...]


@dataclass(frozen=True)
class Bounds:
    """The highest and the lowest value found of a line, and the inputs in which it is not monotone."""

    line: str
    value: float
    highest: Bound
    lowest: Bound
    not_monotone: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """Return everything by name."""
        return asdict(self)


def bounds(line: str, case: Case | None = None) -> Bounds:
    """Return the highest and the lowest value of a line of one value that the ranges of its inputs lead to.

    What the scenario, the company or the user sets stays. Raises UnknownNameError for a line that does not exist and
    InputError for one with a value for each period or in which nothing varies. An end is NaN where there is none.

    >>> found = bounds("gpu_capex")
    >>> found.lowest.value, found.highest.value, found.highest.inputs
    (250000000.0, 400000000.0, {'gpu_unit_price': 40000.0})
    """
    case = case or Case.of()
    ranged = [i for i in ranged_inputs(line, case.assumptions.rows) if i not in case.overrides]
    if not ranged:
        raise InputError(f"nothing varies: each input of {line} has one value")
    [found] = bounds_of_all(line, [case])
    return found


def ranged_inputs(line: str, rows: Mapping[str, Assumption]) -> list[str]:
    """Return the inputs of a line of one value that have a range; company figures, sizes and choices have none."""
    if model().line(line).id in model().series:
        raise InputError(f"{line} has a value for each period; highest and lowest take a line of one value")
    upstream = model().upstream(line)
    return [
        a.id
        for a in rows.values()
        if a.id in upstream and a.low != a.high and a.unit not in ("choice", "GPUs") and a.id not in COMPANY_INPUTS
    ]


def bounds_of_all(line: str, cases: Sequence[Case]) -> list[Bounds]:
    """Return the bounds of a line in several cases of the same assumptions and horizon, searched at once."""
    first = cases[0]
    rows = first.assumptions.rows
    ranged = ranged_inputs(line, rows)
    own = {i: np.array([[c.values[i]] for c in cases]) for i in rows}
    held = {i: np.array([[i in c.overrides] for c in cases]) for i in ranged}

    def evaluate(columns: Mapping[str, Array]) -> Array:
        return np.asarray(first.evaluate(line, {**own, **columns}), float)

    search = _Search({i: own[i][:, 0] for i in ranged}, held, rows, evaluate)
    upwards, downwards = search.end(1), search.end(-1)
    return [
        Bounds(
            line,
            float(search.value[k]),
            _bound(upwards, search, k),
            _bound(downwards, search, k),
            search.turning_in(k),
        )
        for k in range(len(cases))
    ]


class _Search:
    """The drivers of a line with the values that each may take, in some cases at once."""

    def __init__(
        self, own: Corner, held: Mapping[str, NDArray[np.bool_]], rows: Mapping[str, Assumption], evaluate: Evaluate
    ) -> None:
        self.own, self.evaluate = own, evaluate
        self.groups = drivers(own)
        self.choices: list[list[Corner]] = [
            [
                *(
                    {i: np.where(held[i][:, 0], own[i], getattr(rows[i], end)) for i in group}
                    for end in ("low", "high")
                ),
                {i: own[i] for i in group},
            ]
            for group in self.groups
        ]
        self.value, at_ends = self._tried(own)
        low, high = (pick(at_ends[..., :2], axis=-1) for pick in (np.min, np.max))
        self.turning = _above(low, self.value[:, None]) | _above(self.value[:, None], high)  # within an input's range

    def turning_in(self, case: int) -> tuple[str, ...]:
        """Return the inputs in which the line is not monotone in a case."""
        return tuple(i for group, turns in zip(self.groups, self.turning[case], strict=True) if turns for i in group)

    def _tried(self, corner: Corner) -> tuple[Array, Array]:
        """Return the line at a corner, and with each driver at each of its choices: by case, driver and choice."""
        count = 1 + 3 * len(self.groups)
        columns = {i: np.repeat(v[:, None], count, axis=1) for i, v in corner.items()}
        for k, choices in enumerate(self.choices):
            for c, choice in enumerate(choices):
                for i, v in choice.items():
                    columns[i][:, 1 + 3 * k + c] = v
        cases = len(next(iter(corner.values()), ()))
        found = np.broadcast_to(self.evaluate(columns), (cases, count))
        return found[:, 0], found[:, 1:].reshape(cases, -1, 3)

    def end(self, sign: int) -> tuple[Corner, NDArray[np.bool_], Array]:
        """Return the corner found upwards (1) or downwards (-1), which drivers moved again there, and the line there."""
        corner, flipped = self.own, np.zeros(self.turning.shape, bool)
        for turn in range(PASSES):
            now, tried = (np.where(np.isfinite(v), sign * v, -np.inf) for v in self._tried(corner))
            tried[..., 2] = np.where(self.turning, tried[..., 2], -np.inf)
            best, at = np.max(tried, axis=-1), np.argmax(tried, axis=-1)
            moves = _above(best, now[:, None])
            if not moves.any():
                break
            corner, moves = self._moved(corner, moves, at, np.argsort(-best, axis=-1))
            flipped |= moves & bool(turn)
        return corner, flipped, self._tried(corner)[0]

    def _moved(
        self, corner: Corner, moves: NDArray[np.bool_], at: NDArray[np.intp], order: NDArray[np.intp]
    ) -> tuple[Corner, NDArray[np.bool_]]:
        """Make the moves together or, in cases that have no value there, one by one as far as they have, best first."""
        together = self._after(corner, moves, at)
        lost = ~np.isfinite(self._tried(together)[0])
        if not lost.any():
            return together, moves
        done = moves & ~lost[:, None]
        for place in range(moves.shape[1]):
            one = np.zeros_like(moves)
            np.put_along_axis(one, order[:, place : place + 1], True, axis=1)
            more = done | (one & moves & lost[:, None])
            finite = np.isfinite(self._tried(self._after(corner, more, at))[0])
            done = np.where(finite[:, None], more, done)
        return self._after(corner, done, at), done

    def _after(self, corner: Corner, moves: NDArray[np.bool_], at: NDArray[np.intp]) -> Corner:
        found = dict(corner)
        for k, (group, choices) in enumerate(zip(self.groups, self.choices, strict=True)):
            for i in group:
                chosen = np.choose(at[:, k], [c[i] for c in choices])
                found[i] = np.where(moves[:, k], chosen, corner[i])
        return found


def _bound(found: tuple[Corner, NDArray[np.bool_], Array], search: _Search, case: int) -> Bound:
    corner, flipped, value = found
    inputs = {i: float(v[case]) for i, v in corner.items() if v[case] != search.own[i][case]}
    again = (i for group, turned in zip(search.groups, flipped[case], strict=True) if turned for i in group)
    return Bound(float(value[case]), inputs, tuple(again))


def _above(value: Array, other: Array) -> NDArray[np.bool_]:
    """Return whether values are above others by more than rounding; anything is above none, which is -inf."""
    with np.errstate(invalid="ignore"):
        apart = value - other > NOISE * np.maximum(np.abs(value), np.abs(other))
    found: NDArray[np.bool_] = apart | (np.isfinite(value) & np.isneginf(other))
    return found


__all__ = ["Bound", "Bounds", "bounds", "bounds_of_all", "ranged_inputs"]
