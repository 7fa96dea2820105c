"""The highest and the lowest value of a line over the ranges of its inputs, and the inputs that give them.

Each input moves to the end of its range that raises the line; from there each is tried again, until none moves. That is
the true highest value if the line is monotone in each input whatever the others are; otherwise it is a value that the
line reaches. Company figures, sizes and choices do not move: they are facts, not ranges.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from xl_aicost.assumptions import COMPANY_INPUTS, Assumption, moving_together
from xl_aicost.case import Case, one_value
from xl_aicost.errors import InputError
from xl_aicost.simulate.distributions import with_range
from xl_aicost.support.numbers import ROUNDING
from xl_aicost.support.values import Array, Booleans

PASSES = 6
Corner: TypeAlias = dict[str, Array]  # the value of each input, one per case
Evaluate: TypeAlias = Callable[[Mapping[str, Array]], Array]  # values by input, a row per case; the line for them


@dataclass(frozen=True)
class Bound:
    """The highest or lowest value: the line's value, the inputs that give it, and those that moved more than once."""

    value: float
    inputs: dict[str, float]
    flipped: tuple[str, ...]


@dataclass(frozen=True)
class Bounds:
    """The highest and the lowest value of a line, and the inputs in which it is not monotone."""

    line: str
    value: float
    highest: Bound
    lowest: Bound
    not_monotone: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self)


def bounds(line: str, case: Case | None = None) -> Bounds:
    """Return the highest and the lowest value of a line of one value over the ranges of its inputs.

    Inputs that the scenario, the company or the user sets do not move. A bound is NaN where the line has no value. Raises
    UnknownNameError for a line that does not exist and InputError for one with a value for each period or without an
    input that has a range.

    >>> both = bounds("gpu_capex")
    >>> both.lowest.value, both.highest.value, both.highest.inputs
    (250000000.0, 400000000.0, {'gpu_unit_price': 40000.0})
    """
    case = case or Case.of()
    ranged = [i for i in ranged_inputs(line, case.assumptions.rows) if i not in case.overrides]
    if not ranged:
        raise InputError(f"nothing varies: each input of {line} has one value")
    (both,) = bounds_of_all(line, [case])
    return both


def ranged_inputs(line: str, rows: Mapping[str, Assumption]) -> list[str]:
    """Return the inputs of a line of one value that have a range; company figures, sizes and choices have none."""
    inputs = with_range(rows, one_value(line))
    return [a.id for a in inputs if a.low != a.high and a.unit != "GPUs" and a.id not in COMPANY_INPUTS]


def bounds_of_all(line: str, cases: Sequence[Case]) -> list[Bounds]:
    """Return the bounds of a line in several cases with the same assumptions and horizon."""
    first, count = cases[0], len(cases)
    rows = first.assumptions.rows
    ranged = ranged_inputs(line, rows)
    both = [*cases, *cases]  # once on the way up and once on the way down
    own = {i: np.array([[c.values[i]] for c in both]) for i in rows}
    overrides = [c.overrides for c in both]
    held = {i: np.array([[i in o] for o in overrides]) for i in ranged}

    def evaluate(columns: Mapping[str, Array]) -> Array:
        return np.asarray(first.evaluate(line, {**own, **columns}), float)

    search = _Search({i: own[i][:, 0] for i in ranged}, held, rows, evaluate)
    ends = search.ends(np.repeat((1.0, -1.0), count))
    return [
        Bounds(
            line,
            float(search.value[k]),
            _bound(ends, search, k),
            _bound(ends, search, count + k),
            search.turning_in(k),
        )
        for k in range(count)
    ]


class _Search:
    """The inputs of a line, in groups that move together, and the values that each group may take, for several cases."""

    def __init__(
        self, own: Corner, held: Mapping[str, Booleans], rows: Mapping[str, Assumption], evaluate: Evaluate
    ) -> None:
        self.own, self.evaluate = own, evaluate
        self.groups = moving_together(own)
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
        self.value, self.tried = self._tried(own)
        low, high = (pick(self.tried[..., :2], axis=-1) for pick in (np.min, np.max))
        self.turning = _above(low, self.value[:, None]) | _above(self.value[:, None], high)  # within an input's range

    def turning_in(self, case: int) -> tuple[str, ...]:
        """Return the inputs in which the line is not monotone in a case."""
        return tuple(i for group, turns in zip(self.groups, self.turning[case], strict=True) if turns for i in group)

    def _tried(self, corner: Corner) -> tuple[Array, Array]:
        """Return the line at a corner, and with each group at each of its values: by case, group and value."""
        count = 1 + 3 * len(self.groups)
        columns = {i: np.repeat(v[:, None], count, axis=1) for i, v in corner.items()}
        for k, choices in enumerate(self.choices):
            for c, choice in enumerate(choices):
                for i, v in choice.items():
                    columns[i][:, 1 + 3 * k + c] = v
        results = self._line(columns, count)
        return results[:, 0], results[:, 1:].reshape(len(results), -1, 3)

    def _line(self, columns: Corner, count: int) -> Array:
        """Return the line for some values of the inputs: by case and column."""
        cases = len(next(iter(columns.values()), ()))
        return np.broadcast_to(self.evaluate(columns), (cases, count))

    def ends(self, sign: Array) -> tuple[Corner, Booleans, Array]:
        """Return the corners in which the line is highest, where a case's sign is 1, or lowest, where it is -1.

        With them, which groups moved more than once, and the line there.
        """
        corner, value, tried = self.own, self.value, self.tried
        flipped = np.zeros(self.turning.shape, bool)
        for turn in range(PASSES + 1):
            now = np.where(np.isfinite(value), sign * value, -np.inf)
            tried = np.where(np.isfinite(tried), sign[:, None, None] * tried, -np.inf)
            tried[..., 2] = np.where(self.turning, tried[..., 2], -np.inf)
            best, at = np.max(tried, axis=-1), np.argmax(tried, axis=-1)
            moves = _above(best, now[:, None])
            if turn == PASSES or not moves.any():
                break
            after, value, tried = self._moved(corner, moves, at)
            if (moves.any(axis=-1) & ~np.isfinite(value)).any():
                moves = self._with_value(corner, moves, at, np.argsort(-best, axis=-1))
                after, value, tried = self._moved(corner, moves, at)
            corner, flipped = after, flipped | moves & bool(turn)
        return corner, flipped, value

    def _moved(self, corner: Corner, moves: Booleans, at: NDArray[np.intp]) -> tuple[Corner, Array, Array]:
        """Return the corner after some moves, the line there, and with each group at each of its values."""
        after = {i: v[:, 0] for i, v in self._after(corner, moves[:, None], at).items()}
        return after, *self._tried(after)

    def _with_value(self, corner: Corner, moves: Booleans, at: NDArray[np.intp], order: NDArray[np.intp]) -> Booleans:
        """Return the moves without those that, made one by one from the best, leave a case's line without a value.

        Where the line has a value after all of them, all are made.
        """
        first_to = (
            np.argsort(order, axis=-1)[:, None] <= np.arange(len(self.groups))[:, None]
        )  # by case, count and group
        lost: Booleans | None = None
        while True:
            after = self._after(corner, moves[:, None] & first_to, at)
            finite = np.isfinite(self._line(after, len(self.groups)))
            lost = ~finite[:, -1:] if lost is None else lost
            losing = lost & ~finite & np.take_along_axis(moves, order, axis=-1)
            (cases,) = np.nonzero(losing.any(axis=-1))
            if not len(cases):
                return moves
            moves = moves.copy()
            moves[cases, order[cases, np.argmax(losing[cases], axis=-1)]] = False

    def _after(self, corner: Corner, moves: Booleans, at: NDArray[np.intp]) -> Corner:
        """Return the inputs after some sets of moves: by case and set."""
        moved = {i: v[:, None] for i, v in corner.items()}
        for k, (group, choices) in enumerate(zip(self.groups, self.choices, strict=True)):
            for i in group:
                chosen = np.choose(at[:, k], [c[i] for c in choices])
                moved[i] = np.where(moves[..., k], chosen[:, None], corner[i][:, None])
        return moved


def _bound(ends: tuple[Corner, Booleans, Array], search: _Search, case: int) -> Bound:
    corner, flipped, value = ends
    inputs = {i: float(v[case]) for i, v in corner.items() if v[case] != search.own[i][case]}
    moved_again = (i for group, again in zip(search.groups, flipped[case], strict=True) if again for i in group)
    return Bound(float(value[case]), inputs, tuple(moved_again))


def _above(value: Array, other: Array) -> Booleans:
    """Return whether values are above others by more than rounding; every number is above -inf."""
    with np.errstate(invalid="ignore"):
        apart = value - other > ROUNDING * np.maximum(np.abs(value), np.abs(other))
    above: Booleans = apart | (np.isfinite(value) & np.isneginf(other))
    return above
