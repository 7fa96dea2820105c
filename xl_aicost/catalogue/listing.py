"""What there is to ask for: lines, assumptions, functions, companies' figures, scenarios, chips and sources, as rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

from xl_aicost.assumptions import Fact, load_assumptions, load_chips, load_facts, load_scenarios, load_sources
from xl_aicost.case import model
from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.errors import InputError

LINE = ("id", "label", "chapter", "unit", "kind", "source", "help")
FUNCTION = ("name", "signature", "unit", "help")
LISTINGS: dict[str, Callable[[Path | None], list[dict[str, object]]]] = {
    "lines": lambda _: [{k: getattr(line, k) for k in LINE} for line in model().lines.values()],
    "assumptions": lambda own: [asdict(a) for a in load_assumptions(own).values()],
    "functions": lambda _: [{k: getattr(f, k) for k in FUNCTION} for f in CATALOGUE.values()],
    "companies": lambda _: [asdict(f) for f in load_facts()],
    "scenarios": lambda _: [
        {"id": s.id, "title": s.title, "difference": s.difference, "sets": [asdict(v) for v in s.settings]}
        for s in load_scenarios().values()
    ],
    "chips": lambda _: [
        {"id": c.id, "title": c.title} | asdict(s) | {"id": c.id, "input": s.id}
        for c in load_chips().values()
        for s in c.settings
    ],
    "sources": lambda _: [asdict(s) for s in load_sources().values()],
}


def listing(what: str, assumptions: Path | None = None) -> list[dict[str, object]]:
    """Return the rows of a listing; `assumptions` is a user's file over the shipped numbers.

    >>> "gpu_capex" in [row["id"] for row in listing("lines")]
    True
    """
    return LISTINGS[what](assumptions)


def facts_of(
    facts: Iterable[Fact],
    company: str | None = None,
    period: str | None = None,
    measure: str | None = None,
    kind: str | None = None,
) -> list[Fact]:
    """Return the facts of a ticker, of periods that begin so (FY, FY2025), of a measure and of a kind; all by default.

    Raises InputError where there are none.
    """
    chosen = [
        f
        for f in facts
        if company in (None, f.company)
        and f.period.startswith((period or "").upper())
        and (measure or f.measure).lower() == f.measure
        and kind in (None, f.kind)
    ]
    if not chosen:
        raise InputError("no figure on file matches that company, period, measure and kind; leave one of them out")
    return chosen
