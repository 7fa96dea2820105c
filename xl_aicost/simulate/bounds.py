"""The highest and the lowest value of a line that its inputs' ranges lead to, and the inputs that make them.

Every input goes to the end of its range that raises the line; at the corner that this makes each is tried once more,
until none wants to move. What is found is the true end where the line is monotone in each input whatever the others
are, and else an end that is reached. Company figures, sizes and choices stay as they are: they are facts, not a range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from xl_aicost.assumptions import Assumption, drivers
from xl_aicost.assumptions.companies import WANTED
from xl_aicost.case import Case, model
from xl_aicost.errors import InputError

PASSES = 6
NOISE = 1e-9  # relative: what differs by less is rounding
Corner = Mapping[str, float]


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
    search = _Search(line, case or Case.of())
    return Bounds(line, search.value, search.end(1), search.end(-1), search.not_monotone)


class _Search:
    """The drivers of a line with the values that each may take."""

    def __init__(self, line: str, case: Case) -> None:
        if model().line(line).id in model().series:
            raise InputError(f"{line} has a value for each period; highest and lowest take a line of one value")
        self.line, self.case = line, case
        rows = case.assumptions.rows
        upstream = model().upstream(line)
        ranged = [i for i, a in rows.items() if i in upstream and i not in case.overrides and _has_range(a)]
        if not ranged:
            raise InputError(f"nothing varies: each input of {line} has one value")
        self.choices: list[list[Corner]] = [
            [{i: getattr(rows[i], end) for i in group} for end in ("low", "high")] for group in drivers(ranged)
        ]
        self.value = self._values([{}])[0]
        self.not_monotone = self._add_third_ends()

    def _values(self, corners: Sequence[Corner]) -> list[float]:
        """Return what the line comes to with some inputs at the values of each corner."""
        moved = {i for c in corners for i in c}
        columns = {i: np.array([c.get(i, self.case.values[i]) for c in corners]) for i in moved}
        found = np.asarray(self.case.evaluate(self.line, columns))
        return [float(v) for v in np.broadcast_to(found, (len(corners),))]

    def _add_third_ends(self) -> tuple[str, ...]:
        """Add the case's own value to the ends of each driver between which the line turns; return those drivers."""
        ends = iter(self._values([c for choice in self.choices for c in choice]))
        turning: list[str] = []
        for choice in self.choices:
            low, high = sorted((next(ends), next(ends)))
            if _above(low, self.value) or _above(self.value, high):
                turning.extend(choice[0])
                choice.append({i: self.case.values[i] for i in choice[0]})
        return tuple(turning)

    def end(self, sign: int) -> Bound:
        """Return the end that is found upwards (1) or downwards (-1)."""
        corner: dict[str, float] = {}
        flipped: dict[str, None] = {}
        for turn in range(PASSES):
            moved = self._possible(corner, self._better(corner, sign))
            if not moved:
                break
            flipped |= dict.fromkeys(moved if turn else ())
            corner |= moved
        value = self._values([corner])[0]
        inputs = {i: v for i, v in corner.items() if v != self.case.values[i]}
        return Bound(value, inputs, tuple(flipped))

    def _better(self, corner: Corner, sign: int) -> list[Corner]:
        """Return the ends, one a driver, that are better than where it is, all others as they are; ties stay."""
        tried = [{**corner, **choice} for choices in self.choices for choice in choices]
        now, *found = (sign * v if np.isfinite(v) else -np.inf for v in self._values([corner, *tried]))
        ahead = iter(found)
        moved: list[tuple[float, Corner]] = []
        for choices in self.choices:
            value, best = max(((next(ahead), k) for k in range(len(choices))), key=lambda pair: pair[0])
            if _above(value, now):
                moved.append((value, choices[best]))
        return [choice for _, choice in sorted(moved, key=lambda pair: -pair[0])]

    def _possible(self, corner: Corner, moves: Sequence[Corner]) -> dict[str, float]:
        """Return the moves together or, where the line has no value there, one after the other as far as it has."""
        moved = {i: v for move in moves for i, v in move.items()}
        if not moved or np.isfinite(self._values([{**corner, **moved}])[0]):
            return moved
        moved = {}
        for move in moves:
            if np.isfinite(self._values([{**corner, **moved, **move}])[0]):
                moved |= move
        return moved


def _above(value: float, other: float) -> bool:
    """Return whether a value is above another by more than rounding; anything is above none."""
    if not np.isfinite(other):
        return value > other
    return value - other > NOISE * max(abs(value), abs(other))


def _has_range(a: Assumption) -> bool:
    return a.low != a.high and a.unit not in ("choice", "GPUs") and a.id not in WANTED
