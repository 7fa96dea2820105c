"""Numbers: how people and JSON read them, and when a difference between two is only rounding.

>>> number(5_714_285.71), number(0.1 + 0.2), number(float("nan"))
('5,714,286', '0.3', 'n/a')
>>> same(0.1 + 0.2, 0.3)
True
"""

from __future__ import annotations

import math
from datetime import date
from typing import Any

STORED = 1e-14  # relative: what the 15 digits that spreadsheets keep of a number leave open
ADDED = 1e-12  # relative to the largest number behind a result: what the order of long sums leaves open
ROUNDING = 1e-10  # relative: a smaller difference between two calculated results is only rounding
COMPUTED = 1e-9  # relative to the numbers it is made of: what two ways to compute the same differ by


def number(value: object) -> str:
    """Return a value as people read it; several values of a list are separated by spaces."""
    if isinstance(value, list):
        return "  ".join(map(number, value))
    if value is None or not isinstance(value, int | float):
        text = "none" if value is None else str(value)
        return text if text.isprintable() else ascii(text)[1:-1]  # text from a file must not control a terminal
    if not math.isfinite(value):
        return "n/a"
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:,.6g}"


def same(old: object, new: object, tolerance: float = STORED, scale: float = 0.0) -> bool:
    """Return whether two values are equal: numbers to a tolerance, anything else exactly; n/a (NaN) equals n/a.

    The tolerance is relative to the larger of the numbers, or to `scale` if that is larger: the largest number that
    they were computed from. A difference of large numbers has few digits of its own.

    >>> same(0.1 + 0.2, 0.3), same(1.0, 1.000001), same("a", "a")
    (True, False, True)
    >>> same(1.0, 1.00001, COMPUTED), same(1.0, 1.00001, COMPUTED, scale=3e10)
    (False, True)
    """
    if isinstance(old, int | float) and isinstance(new, int | float):
        if old == new or (math.isnan(old) and math.isnan(new)):
            return True
        return abs(old - new) <= tolerance * max(abs(old), abs(new), scale)
    return bool(old == new)


def jsonable(value: Any) -> Any:
    """Return a value, or a tree of them, fit for JSON: lists for arrays, null for what a cell shows as an error."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {k: jsonable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(v) for v in value]
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value
