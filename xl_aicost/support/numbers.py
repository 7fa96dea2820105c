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
ROUNDING = 1e-10  # relative: a smaller difference between two calculated results is only rounding


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


def same(old: object, new: object) -> bool:
    """Return whether two values are equal to the 15 digits that spreadsheets keep."""
    if isinstance(old, int | float) and isinstance(new, int | float):
        return abs(old - new) <= STORED * max(abs(old), abs(new))
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
