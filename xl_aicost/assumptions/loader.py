"""Load the shipped numbers, or a user's own over them."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from xl_aicost.assumptions.table import TableLike, TableRow, by_id, parse_table, read_table, read_text, title_of
from xl_aicost.errors import DataError
from xl_aicost.formula.names import is_cell
from xl_aicost.model.line import UNITS

HERE = Path(__file__).parent
# what a company's figures give: facts, and n/a where they are not on file
COMPANY_INPUTS = (
    "ai_spend",
    "prior_ai_spend",
    "company_revenue",
    "operating_cash_flow",
    "headcount",
    "prior_headcount",
    "closing_headcount",
    "annual_compensation",
    "layoff_share",
    "capex_purchases",
    "finance_lease_principal",
    "buybacks",
    "dividends",
    "acquisitions",
    "securities_net",
    "debt_net",
    "share_based_compensation",
    "cloud_revenue",
    *(f"prior_capex_{k}" for k in range(1, 7)),
)
# what a company has of its own where it is on file: a job's cost is else n/a, a life the general assumption, marked as such
COMPANY_ESTIMATES = ("loaded_cost", "useful_life", "ai_revenue")
UNPUBLISHED = frozenset((*COMPANY_INPUTS, "loaded_cost"))  # what may be n/a
NOT_AVAILABLE = "n/a"
ONE_DRIVER = (("gpu_price_decline", "rental_price_decline"),)  # inputs that move together: one cause moves them
KINDS = frozenset({"actual", "contract", "estimate", "assumption"})
ASSUMPTION_COLUMNS = ("id", "label", "unit", "low", "base", "high", "min", "max", "kind", "source", "note")


@dataclass(frozen=True)
class Assumption:
    """One input: its label, unit, low, base and high, the limits of what it takes, and where it is from."""

    id: str
    label: str
    unit: str
    low: float
    base: float
    high: float
    min: float
    max: float
    kind: str
    source: str
    note: str


@dataclass(frozen=True)
class Source:
    """Where a number is from."""

    id: str
    title: str
    publisher: str
    date: str
    url: str
    quote: str


@cache
def load_sources(path: Path = HERE / "sources.csv") -> dict[str, Source]:
    """Return the sources by id."""
    rows = read_table(path, ("id", "title", "publisher", "date", "url", "quote"))
    return by_id(rows, lambda row: Source(**{k: v or "" for k, v in row.cells.items()}))


def source_in(row: TableRow) -> str:
    """Return the id of a row's source, or raise DataError for one that is not on file."""
    source = row.text("source")
    if source not in load_sources():
        raise row.error("source", f"{source!r} is not in sources.csv")
    return source


def load_assumptions(overlay: TableLike | None = None) -> dict[str, Assumption]:
    """Return the inputs by id; `overlay` is a user's file whose rows replace shipped ones.

    Raises DataError, which names file, row and column, for what cannot be used.
    """
    return load_table(overlay).rows


@dataclass(frozen=True)
class Assumptions:
    """The inputs by id; what a user's file gives for further scenarios, None for a blank; that file's text."""

    rows: dict[str, Assumption]
    columns: dict[str, dict[str, float | None]]
    own: str = ""


def load_table(overlay: TableLike | None = None, scenarios: tuple[str, ...] = ()) -> Assumptions:
    """Return the inputs with a user's file or DataFrame over them, whose further columns may be named as scenarios."""
    if overlay is None:
        return Assumptions(_shipped(), {})
    return table_from_text(title_of(overlay), read_text(overlay), scenarios)


def table_from_text(name: str, text: str, scenarios: tuple[str, ...] = ()) -> Assumptions:
    """Return the inputs with the rows of a CSV text over them. Raises DataError as `load_assumptions` does."""
    shipped, own = _shipped(), list(parse_table(name, text, ASSUMPTION_COLUMNS))
    rows = by_id(own, _assumption)
    for i in rows:
        if i not in shipped:
            raise DataError(f"{name}: id {i!r} is not an input of the model; see `xl-aicost list assumptions`")
    titles = {t.lower(): t for t in (own[0].cells if own else ())}
    columns: dict[str, dict[str, float | None]] = {}
    for scenario in scenarios:
        title = titles.get(scenario.lower())
        if title is not None:
            columns[scenario] = {r.text("id"): _scenario_value(r, title, rows[r.text("id")]) for r in own}
    return Assumptions(shipped | rows, columns, text)


def _scenario_value(row: TableRow, column: str, item: Assumption) -> float | None:
    if not row.text(column, needed=False):
        return None
    if row.text(column) == NOT_AVAILABLE and item.id in UNPUBLISHED:
        return math.nan
    value = row.number_in(column)
    if not item.min <= value <= item.max:
        raise row.error(column, f"{value:.15g} is outside the limits, {item.min:.15g} to {item.max:.15g}")
    if item.unit == "choice" and value != int(value):
        raise row.error(
            column, f"{value:.15g} is not one of the choices: whole numbers from {item.min:.15g} to {item.max:.15g}"
        )
    return value


def moving_together(inputs: Collection[str]) -> list[tuple[str, ...]]:
    """Return inputs in groups that move together, in the order of the inputs.

    >>> moving_together(["gpu_price_decline", "rental_price_decline", "pue"])
    [('gpu_price_decline', 'rental_price_decline'), ('pue',)]
    """
    group = {i: tuple(m for m in members if m in inputs) for members in ONE_DRIVER for i in members}
    return list(dict.fromkeys(group.get(i, (i,)) for i in inputs))


@cache
def _shipped() -> dict[str, Assumption]:
    return by_id(read_table(HERE / "assumptions.csv", ASSUMPTION_COLUMNS), _assumption)


def _assumption(row: TableRow) -> Assumption:
    name = row.text("id")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise row.error("id", f"{name!r} is not a name: lower-case letters, digits and _ only")
    if is_cell(name):
        raise row.error("id", f"{name!r} is a cell address to Excel: give it a longer name")
    unit = row.one_of("unit", UNITS)
    low, base, high, least, most = (row.number_in(c) for c in ("low", "base", "high", "min", "max"))
    if not low <= base and "unordered" not in row.text("note", needed=False):
        raise row.error("low", f"{low:.15g} is above base {base:.15g}; write 'unordered' in the note if that is meant")
    if not base <= high and "unordered" not in row.text("note", needed=False):
        raise row.error(
            "high", f"{high:.15g} is below base {base:.15g}; write 'unordered' in the note if that is meant"
        )
    for column, value in (("low", low), ("base", base), ("high", high)):
        if not least <= value <= most:
            raise row.error(column, f"{value:.15g} is outside its own limits, {least:.15g} to {most:.15g}")
        if unit == "choice" and value != int(value):
            raise row.error(
                column, f"{value:.15g} is not one of the choices: whole numbers from {least:.15g} to {most:.15g}"
            )
    source = row.text("source")
    if source not in load_sources() and not source.startswith(("http://", "https://")):
        raise row.error("source", f"{source!r} is neither an id in sources.csv nor an address")
    kind = row.one_of("kind", KINDS)
    note = row.text("note", needed=False)
    return Assumption(name, row.text("label"), unit, low, base, high, least, most, kind, source, note)


@cache
def load_sensitivities() -> dict[str, dict[str, float]]:
    """Return the cases in which the decision is shown beside the scenario: what each sets, by case and input."""
    cases: dict[str, dict[str, float]] = {}
    for row in read_table(HERE / "sensitivities.csv", ("case", "id", "value", "note")):
        case = cases.setdefault(row.text("case"), {})
        if row.text("id") in case:
            raise row.error("id", f"{row.text('id')!r} appears twice in the case")
        case[row.text("id")] = row.number_in("value")
    return cases


def settings_in(row: TableRow, column: str) -> dict[str, float]:
    """Return the settings of a cell, written id=value;id=value."""
    pairs = [p.partition("=") for p in row.text(column, needed=False).split(";") if p]
    settings = {name.strip(): float(value) for name, _, value in pairs}
    if len(settings) < len(pairs):
        raise row.error(column, "sets an input twice")
    return settings
