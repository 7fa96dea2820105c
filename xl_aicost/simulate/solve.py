"""Find the values of an input at which a line reaches a target."""

from __future__ import annotations

import numpy as np

from xl_aicost.case import Case, find_input, model, one_value
from xl_aicost.errors import InputError
from xl_aicost.support.values import Array

STEPS = 20_001
ROUNDS = 60


def solve(
    line: str,
    input_id: str,
    target: float = 0.0,
    case: Case | None = None,
) -> list[float]:
    """Return every value of an input, within its limits, at which a line of one value equals the target.

    The line is searched on a fine grid and taken to cross the target at most once between two of its points; where it
    jumps over the target, the place of the jump is returned. The list is empty if the target is not reached.
    Raises UnknownNameError and InputError for a line or an input that cannot be used.

    >>> solve("gpu_capex", "gpu_unit_price", 250e6)
    [25000.0]
    """
    case = case or Case.of()
    item = find_input(input_id, case.assumptions.rows)
    if item.id not in model().upstream(one_value(line)):
        raise InputError(f"{line} does not depend on {item.id}")

    def gap(x: Array) -> Array:
        return np.broadcast_to(case.evaluate(line, {item.id: x}), x.shape) - target

    middle = max(abs(case.values[item.id]), abs(item.high), 1e-9)
    near = np.linspace(item.min, min(item.max, 4 * middle), STEPS)
    far = np.geomspace(max(4 * middle, 1e-9), max(item.max, 4 * middle), STEPS) if item.max > 4 * middle else near[-1:]
    grid = np.unique(np.concatenate([near, far]))
    at = gap(grid)
    with np.errstate(invalid="ignore"):
        crossing = np.isfinite(at[:-1]) & np.isfinite(at[1:]) & (at[:-1] * at[1:] < 0)
    low, high, below = grid[:-1][crossing], grid[1:][crossing], np.sign(at[:-1][crossing])
    for _ in range(ROUNDS if len(low) else 0):
        half = (low + high) / 2
        before = np.sign(gap(half)) == below  # the crossing is in the upper half
        low, high = np.where(before, half, low), np.where(before, high, half)
    return sorted({*((low + high) / 2).tolist(), *grid[at == 0].tolist()})
