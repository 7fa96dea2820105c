"""A figure of a company: a value for an input with its range, and what it is; and the companies' names."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from xl_aicost.assumptions.facts import Fact, Facts, load_facts
from xl_aicost.errors import UnknownNameError

NAMES = {
    "META": "Meta",
    "GOOGL": "Alphabet",
    "MSFT": "Microsoft",
    "AMZN": "Amazon",
    "ORCL": "Oracle",
    "AAPL": "Apple",
    "NVDA": "Nvidia",
    "CRM": "Salesforce",
    "IBM": "IBM",
    "INTC": "Intel",
    "TSLA": "Tesla",
    "CRWV": "CoreWeave",
    "CSCO": "Cisco",
}


@dataclass(frozen=True)
class CompanyFigure:
    """A value for an input, its range, and what it is: period, definition, kind and source. n/a is NaN with kind n/a."""

    value: float
    low: float
    high: float
    period: str
    definition: str
    kind: str
    source: str
    note: str = ""

    @property
    def on_file(self) -> bool:
        """Say whether there is a value."""
        return not math.isnan(self.value)


def missing(period: str, what: str) -> CompanyFigure:
    """Return the figure that is not on file."""
    return CompanyFigure(math.nan, math.nan, math.nan, period, what, "n/a", "", "not on file")


def company_id(name: str, facts: Facts | None = None) -> str:
    """Return a company's ticker for a ticker or a name in any case, or raise UnknownNameError."""
    tickers = (facts or load_facts()).companies()
    wanted = name.strip().lower()
    for ticker in tickers:
        if wanted in (ticker.lower(), NAMES.get(ticker, ticker).lower()):
            return ticker
    raise UnknownNameError("company", name, [*tickers, *(NAMES[t] for t in tickers if t in NAMES)])


def of_fact(row: Fact | None, period: str, what: str) -> CompanyFigure:
    """Return a fact as a figure, or the figure that is not on file."""
    if row is None:
        return missing(period, what)
    return CompanyFigure(row.value, row.value, row.value, row.period, row.definition, row.kind, row.source, row.note)


def joined(period: str, parts: Iterable[CompanyFigure], value: float) -> CompanyFigure:
    """Return a figure that is reckoned from others; n/a if one of them is."""
    parts = tuple(parts)
    gap = next((p for p in parts if not p.on_file), None)
    if gap is not None:
        return missing(period, gap.definition)
    what = " and ".join(dict.fromkeys(p.definition for p in parts))
    sources = " and ".join(dict.fromkeys(s for p in parts for s in p.source.split(" and ")))
    return CompanyFigure(value, value, value, period, what, "derived", sources)
