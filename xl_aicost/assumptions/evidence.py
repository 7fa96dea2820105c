"""The article's claims on two axes: whether its arithmetic adds up, and what figures that are not its own say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cache

from xl_aicost.assumptions.loader import HERE, load_sources
from xl_aicost.assumptions.table import Row, read_table

FIRST = ("id", "claim", "unit", "low", "high", "adds_up", "sum", "evidence", "as_of", "found_low", "found_high")
COLUMNS = (*FIRST, "figures", "sources", "explanation")
ADDS_UP = frozenset({"yes", "partly", "no", "n/a"})
EVIDENCE = frozenset({"supports", "partly", "contradicts", "open"})


@dataclass(frozen=True)
class Evidence:
    """A claim: does its arithmetic add up, and what do independent figures say as of a day.

    `low` and `high` are the claim's range and `found_low` and `found_high` that of the figures, NaN where there is none;
    a claim of 'and more' has no high end. `figures` names lines and facts that the figures rest on.
    """

    id: str
    claim: str
    unit: str
    low: float
    high: float
    adds_up: str
    sum: str
    evidence: str
    as_of: date
    found_low: float
    found_high: float
    figures: tuple[str, ...]
    sources: tuple[str, ...]
    explanation: str

    @property
    def by_range(self) -> str:
        """What the two ranges say: inside supports, apart contradicts, an overlap is partly; empty without ranges."""
        if math.isnan(self.low) or math.isnan(self.found_low):
            return ""
        high = math.inf if math.isnan(self.high) else self.high
        if self.found_low > high or self.found_high < self.low:
            return "contradicts"
        return "supports" if self.low <= self.found_low and self.found_high <= high else "partly"


@cache
def load_evidence() -> dict[str, Evidence]:
    """Return the claims by id. Raises DataError, which names file, row and column, for what cannot be used."""
    return {e.id: e for e in map(_evidence, read_table(HERE / "evidence.csv", COLUMNS))}


def _evidence(row: Row) -> Evidence:
    sources = tuple(row.text("sources").split(";"))
    for source in sources:
        if source not in load_sources() or source in ("article", "model"):
            raise row.error("sources", f"{source!r} is no independent source of sources.csv")
    try:
        as_of = date.fromisoformat(row.text("as_of"))
    except ValueError:
        raise row.error("as_of", f"{row.text('as_of')!r} is not a date, as in 2026-06-30") from None
    low, high, found_low, found_high = (_number(row, c) for c in ("low", "high", "found_low", "found_high"))
    return Evidence(
        row.text("id"),
        row.text("claim"),
        row.text("unit", needed=False),
        low,
        high,
        row.one_of("adds_up", ADDS_UP),
        row.text("sum", needed=row.text("adds_up") != "n/a"),
        row.one_of("evidence", EVIDENCE),
        as_of,
        found_low,
        found_high,
        tuple(row.text("figures", needed=False).split(";")) if row.text("figures", needed=False) else (),
        sources,
        row.text("explanation"),
    )


def _number(row: Row, column: str) -> float:
    return row.number_in(column) if row.text(column, needed=False) else math.nan
