"""Published figures that results of the model must lie near, or have a reason why they do not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from xl_aicost.assumptions.loader import HERE, settings_in, source_in
from xl_aicost.assumptions.table import TableRow, by_id, read_table
from xl_aicost.model.line import UNITS

FIRST = (
    "id",
    "label",
    "basis",
    "lines",
    "per",
    "chip",
    "settings",
    "low",
    "high",
    "within",
    "unit",
    "outcome",
    "reason",
)
COLUMNS = (*FIRST, "source", "note")
OUTCOMES = frozenset({"inside", "outside"})


@dataclass(frozen=True)
class Benchmark:
    """A published range and the lines whose sum, over another where there is one, must lie in it or near it.

    `within` is the share by which a result may lie beyond the range and count as inside; `outcome` is what is expected,
    with the reason for a result that lies outside.
    """

    id: str
    label: str
    basis: str
    lines: tuple[str, ...]
    per: str
    chip: str
    settings: dict[str, float]
    low: float
    high: float
    within: float
    unit: str
    outcome: str
    reason: str
    source: str
    note: str

    def holds(self, value: float) -> str:
        """Say whether a result lies inside the range or outside."""
        return "inside" if self.low * (1 - self.within) <= value <= self.high * (1 + self.within) else "outside"


@cache
def load_benchmarks() -> tuple[Benchmark, ...]:
    """Return the benchmarks. Raises DataError, which names file, row and column, for what cannot be used."""
    return tuple(by_id(read_table(HERE / "benchmarks.csv", COLUMNS), _benchmark).values())


def _benchmark(row: TableRow) -> Benchmark:
    source, outcome = source_in(row), row.one_of("outcome", OUTCOMES)
    reason = row.text("reason", needed=outcome == "outside")
    low, high, within = (row.number_in(c) for c in ("low", "high", "within"))
    if not 0 < low <= high:
        raise row.error("low", f"{low:.15g} is not above 0 and at most the high end, {high:.15g}")
    return Benchmark(
        row.text("id"),
        row.text("label"),
        row.text("basis"),
        tuple(row.text("lines").split("+")),
        row.text("per", needed=False),
        row.text("chip", needed=False),
        settings_in(row, "settings"),
        low,
        high,
        within,
        row.one_of("unit", UNITS),
        outcome,
        reason,
        source,
        row.text("note", needed=False),
    )
