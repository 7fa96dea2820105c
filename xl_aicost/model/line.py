"""What a line says of itself: its label, unit and kind, and where it is from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Function = TypeVar("Function", bound=Callable[..., object])
LONGEST_LABEL = 60
# fmt: off
UNITS = frozenset({
    "GPUs", "GPU-hours", "GPUs/job", "MW", "USD", "USD/GPU", "USD/GPU-hour", "USD/MW", "USD/job", "USD/job/year",
    "GPU-hours/year", "MWh/year", "USD/kWh", "USD/run", "USD/switch", "USD/user/year", "USD/month", "USD/year", "choice", "days", "flag", "jobs", "kW/GPU", "months", "orders of magnitude/year",
    "periods", "periods/year", "ports", "racks", "ratio", "runs", "servers", "share", "switches", "tiers", "weeks", "weeks/year", "years",
})
KINDS = {
    "flow": "happens in a period: periods add up to years",
    "level": "an amount at a moment or a year: it does not add up over time",
    "ratio": "one quantity per another",
    "flag": "1 for yes, 0 for no",
    "count": "a number of things",
}
# fmt: on


@dataclass(frozen=True)
class Meaning:
    """What a line says of itself; the label is at most 60 characters and serves sheets, charts, help and lists."""

    label: str
    unit: str
    kind: str
    source: str

    def __post_init__(self) -> None:
        """Raise ValueError for a label that is too long, a unit or a kind that is not known, or no source."""
        if not 0 < len(self.label) <= LONGEST_LABEL:
            raise ValueError(
                f"label {self.label!r} has {len(self.label)} characters; 1 to {LONGEST_LABEL} are accepted"
            )
        for what, value, allowed in (("unit", self.unit, UNITS), ("kind", self.kind, KINDS)):
            if value not in allowed:
                raise ValueError(f"{what} {value!r} of {self.label!r} is not one of {', '.join(sorted(allowed))}")
        if not self.source:
            raise ValueError(f"{self.label!r} has no source: name one, or write 'definition' or 'assumption'")


def line(label: str, *, unit: str, kind: str, source: str = "definition") -> Callable[[Function], Function]:
    """Make a function a line of the model; its docstring may explain, but nothing is read from it.

    Raises ValueError for a label, unit, kind or source that `Meaning` does not accept.
    """
    meaning = Meaning(label, unit, kind, source)

    def mark(function: Function) -> Function:
        vars(function)["meaning"] = meaning
        return function

    return mark
