"""Find the value of an input at which a line reaches a target."""

from __future__ import annotations

import numpy as np

from xl_aicost.case import Case, find_input, model
from xl_aicost.errors import InputError

STEPS = 20_001
ROUNDS = 60


def solve(
    line: str,
    input_id: str,
    target: float = 0.0,
    case: Case | None = None,
) -> list[float]:
    """Return every value of an input, within its limits, at which a line of one value equals the target.

    Between neighbours of a fine grid the line is taken to cross the target at most once; where it jumps over the target
    the place of the jump is given. Empty if the target is never reached.
    Raises UnknownNameError and InputError for a line or an input that cannot be used.

    >>> solve("gpu_capex", "gpu_unit_price", 250e6)
    [25000.0]
    """
    case = case or Case.of()
    item = find_input(input_id, case.assumptions.rows)
    if model().line(line).id in model().series:
        raise InputError(f"{line} has a value for each period; solve takes a line of one value")
    if item.id not in model().upstream(line):
        raise InputError(f"{line} does not depend on {item.id}")

    def gap(x: np.ndarray) -> np.ndarray:
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
        same = np.sign(gap(half)) == below
        low, high = np.where(same, half, low), np.where(same, high, half)
    return sorted({*((low + high) / 2).tolist(), *grid[at == 0].tolist()})
