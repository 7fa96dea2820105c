"""The article's claims on two axes: whether its arithmetic adds up, and what figures that are not its own say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import cache

from xl_aicost.assumptions.loader import HERE, load_sources, settings_in
from xl_aicost.assumptions.table import TableRow, by_id, read_table

ADDS_UP = ("yes", "partly", "no", "n/a")
EVIDENCE = ("supports", "partly", "contradicts", "open")
ARTICLE = ("article-low", "article-high")  # the scenarios that hold the article's own figures
FIRST = ("id", "claim", "unit", "low", "high", "adds_up", "sum", "line", "low_set", "high_set")
COLUMNS = (*FIRST, "evidence", "as_of", "found_low", "found_high", "figures", "sources", "explanation")


@dataclass(frozen=True)
class Claim:
    """A claim: does its arithmetic add up, and what do independent figures say as of a day.

    `low` and `high` are the claim's range and `found_low` and `found_high` that of the figures, NaN where there is none;
    a claim of 'and more' has no high end. `line` is what the article's own figures come to: at its cheap end with
    `low_set`, at its dear end with `high_set`. `figures` names lines and facts that the evidence rests on.
    """

    id: str
    claim: str
    unit: str
    low: float
    high: float
    adds_up: str
    sum: str
    line: str
    low_set: dict[str, float]
    high_set: dict[str, float]
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
def load_claims() -> dict[str, Claim]:
    """Return the claims by id. Raises DataError, which names file, row and column, for what cannot be used."""
    return by_id(read_table(HERE / "claims.csv", COLUMNS), _claim)


def _claim(row: TableRow) -> Claim:
    sources = tuple(row.text("sources").split(";"))
    for source in sources:
        if source not in load_sources() or source in ("article", "model"):
            raise row.error("sources", f"{source!r} is no independent source of sources.csv")
    low, high, found_low, found_high = (_number(row, c) for c in ("low", "high", "found_low", "found_high"))
    line = row.text("line", needed=False)
    if line and math.isnan(low):
        raise row.error("line", "a claim with a line needs a stated range in the column low")
    return Claim(
        row.text("id"),
        row.text("claim"),
        row.text("unit", needed=False),
        low,
        high,
        row.one_of("adds_up", frozenset(ADDS_UP)),
        row.text("sum", needed=row.text("adds_up") != "n/a"),
        line,
        settings_in(row, "low_set"),
        settings_in(row, "high_set"),
        row.one_of("evidence", frozenset(EVIDENCE)),
        row.date_in("as_of"),
        found_low,
        found_high,
        tuple(row.text("figures", needed=False).split(";")) if row.text("figures", needed=False) else (),
        sources,
        row.text("explanation"),
    )


def _number(row: TableRow, column: str) -> float:
    return row.number_in(column) if row.text(column, needed=False) else math.nan
