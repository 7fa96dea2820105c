"""Numbers: how people read them, and when two are the same."""

from __future__ import annotations

import math
from typing import Any


def number(value: Any) -> str:
    """Return a value as people read it."""
    if isinstance(value, list):
        return "  ".join(number(v) for v in value)
    if value is None or not isinstance(value, int | float):
        text = "none" if value is None else str(value)
        return text if text.isprintable() else ascii(text)[1:-1]  # what a file holds must not steer a terminal
    if not math.isfinite(value):
        return "n/a"
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:,.6g}"


def same(old: Any, new: Any) -> bool:
    """Return whether two values are equal to the 15 digits that spreadsheets keep."""
    if isinstance(old, int | float) and isinstance(new, int | float):
        return abs(old - new) <= 1e-14 * max(abs(old), abs(new))
    return bool(old == new)
