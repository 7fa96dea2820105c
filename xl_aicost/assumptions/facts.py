"""Company facts by period: what was published, what the figure counts, of what kind it is and where it is from."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from xl_aicost.assumptions.loader import HERE, load_sources
from xl_aicost.assumptions.table import TableLike, TableRow, parse_table, read_table, read_text, title_of

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("company", "period", "period_end", "measure", "value", "unit", "definition", "kind", "source", "note")
KINDS = frozenset({"filed", "quoted", "derived", "estimate", "guidance"})
FACTS_VARIABLE = "XL_AICOST_FACTS"
TOLERANCE = 0.001  # by which four quarters may miss their year: some are published in tenths of a billion
PERIOD = re.compile(r"FY(\d{4})|Q([1-4])-(\d{4})|H([12])-(\d{4})|TTM-(\d{4}-\d{2})|GUIDE-(\d{4})|(\d{4}-\d{2})")
GIVEN = re.compile(r"given (\d{4}-\d{2}-\d{2})")  # in the definition of guidance: the day it was given
FLOWS = frozenset(
    [
        "revenue",
        "operating_cash_flow",
        "capex_purchases",
        "proceeds_ppe_sales",
        "finance_lease_principal",
        "capex_as_guided",
        "free_cash_flow",
        "depreciation",
        "depreciation_amortization",
        "research_development",
        "operating_income",
        "net_income",
        "share_based_compensation",
        "buybacks",
        "share_settlement_tax",
        "dividends",
        "acquisitions",
        "securities_net",
        "debt_issued",
        "debt_repaid",
        "equity_issued",
        "restructuring_charge",
        "employee_compensation",
        "interest_expense",
        "cloud_revenue",
        "ai_revenue",
        "openai_revenue",
    ]
)
STOCKS = frozenset(["long_term_debt", "finance_lease_liability", "leases_not_commenced", "backlog"])
GUIDED = frozenset(["capex_guidance_low", "capex_guidance_mid", "capex_guidance_high"])
JOBS = frozenset(["headcount", "corporate_headcount", "layoffs_announced", "headcount_net_change"])
UNITS: Mapping[str, str] = {
    **dict.fromkeys(FLOWS | STOCKS | GUIDED, "USD"),
    **dict.fromkeys(JOBS, "jobs"),
    "ai_run_rate": "USD/year",
    "median_employee_pay": "USD/job/year",
    "corporate_pay": "USD/job/year",
    "useful_life_servers": "years",
    "useful_life_buildings": "years",
}


@dataclass(frozen=True)
class Fact:
    """One figure of a company for a period, in the unit of its measure, with what it counts and where it is from."""

    company: str
    period: str
    period_end: date
    measure: str
    value: float
    unit: str
    definition: str
    kind: str
    source: str
    note: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What no two rows share: company, period, measure and definition."""
        return self.company, self.period, self.measure, self.definition

    @property
    def guidance_date(self) -> str:
        """The day on which guidance was given, as YYYY-MM-DD; empty for what is no guidance."""
        match = GIVEN.search(self.definition)
        return match[1] if match else ""


class Facts:
    """A table of facts, found by company and measure. Of two definitions of a figure the one that stands first counts.

    `own` is the text of a user's file, empty for the shipped table.
    """

    def __init__(self, rows: Iterable[Fact] | Callable[[], Iterable[Fact]], own: str = "") -> None:
        self._rows, self.own = rows if callable(rows) else tuple(rows), own

    @cached_property
    def rows(self) -> tuple[Fact, ...]:
        """The facts; those of a function are read when the first of them is needed."""
        return tuple(self._rows()) if callable(self._rows) else self._rows

    @cached_property
    def _by_measure(self) -> dict[tuple[str, str], list[Fact]]:
        found: dict[tuple[str, str], list[Fact]] = {}
        for row in self.rows:
            found.setdefault((row.company, row.measure), []).append(row)
        return found

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, company: str, measure: str) -> list[Fact]:
        """Return what is on file of a company's measure, in the order of the table."""
        return self._by_measure.get((company, measure), [])

    def one(self, company: str, period: str, measure: str, definition: str | None = None) -> Fact | None:
        """Return a figure, in a definition or in the one that counts, or None where there is a gap."""
        for row in self.of(company, measure):
            if row.period == period and definition in (None, row.definition):
                return row
        return None

    def years(self, company: str, measure: str = "capex_purchases") -> list[int]:
        """Return the fiscal years for which a company's measure is on file, the oldest first."""
        return sorted({int(r.period[2:]) for r in self.of(company, measure) if r.period.startswith("FY")})

    def companies(self) -> list[str]:
        """Return the tickers, in the order of the table."""
        return list(dict.fromkeys(company for company, _ in self._by_measure))


def load_facts(overlay: TableLike | None = None) -> Facts:
    """Return the shipped facts, with a user's file or DataFrame of the same columns over them: same key replaces, others are added.

    Without a file, the environment variable XL_AICOST_FACTS may name one, so that functions in cells use it too.
    Raises DataError, which names file, row and column, for what cannot be used.
    """
    if overlay is None and (named := os.environ.get(FACTS_VARIABLE)):
        overlay = Path(named)
    if overlay is None:
        return _shipped()
    return facts_from_text(overlay.name if isinstance(overlay, Path) else title_of(overlay), read_text(overlay))


@cache
def facts_from_text(name: str, text: str) -> Facts:
    """Return the shipped facts with the rows of a CSV text over them. Raises DataError as `load_facts` does."""
    shipped, own = {f.key: f for f in _shipped()}, _read(parse_table(name, text, COLUMNS))
    # an added row stands before the shipped ones, so that its definition is the one that counts
    return Facts({**{k: f for k, f in own.items() if k not in shipped}, **shipped, **own}.values(), text)


@cache
def _shipped() -> Facts:
    return Facts(_shipped_rows)  # a function with a name, so that a process of a batch can be given it


def _shipped_rows() -> Iterable[Fact]:
    return _read(read_table(HERE / "facts.csv", COLUMNS)).values()


def _read(rows: Iterable[TableRow]) -> dict[tuple[str, str, str, str], Fact]:
    by_key: dict[tuple[str, str, str, str], Fact] = {}
    for row in rows:
        fact = _fact(row)
        if fact.key in by_key:
            raise row.error("measure", f"{' '.join(fact.key[:3])} appears twice in the file, in one definition")
        by_key[fact.key] = fact
    return by_key


def _fact(row: TableRow) -> Fact:
    company, measure = row.text("company"), row.one_of("measure", frozenset(UNITS))
    if not re.fullmatch(r"[A-Z][A-Z0-9.]{0,9}", company):
        raise row.error("company", f"{company!r} is not a ticker: capital letters and digits, as in META")
    unit = row.one_of("unit", frozenset([UNITS[measure]]))
    period, end = row.text("period"), row.date_in("period_end")
    if not _fits(period, end):
        example = "FY2025, Q2-2026, H1-2026, TTM-2026-06, GUIDE-2026 or 2026-05"
        raise row.error("period", f"{period!r} is not a period that ends on {end}: write {example}")
    fact = Fact(
        company,
        period,
        end,
        measure,
        row.number_in("value"),
        unit,
        row.text("definition"),
        row.one_of("kind", KINDS),
        row.text("source"),
        row.text("note", needed=False),
    )
    if fact.source not in load_sources() and not fact.source.startswith("https://"):
        raise row.error("source", f"{fact.source!r} is neither an id in sources.csv nor an https address")
    guided = measure in GUIDED
    if guided != (fact.kind == "guidance") or guided != bool(fact.guidance_date):
        raise row.error(
            "kind",
            "guidance needs the kind 'guidance' and a definition with 'given YYYY-MM-DD'; other measures have neither",
        )
    return fact


def _fits(period: str, end: date) -> bool:
    """Say whether a label names a period that ends on a day; a quarter is the calendar quarter in which it ends."""
    match = PERIOD.fullmatch(period)
    if not match:
        return False
    fiscal, quarter, quarter_year, half, half_year, trailing, guided, month = match.groups()
    if quarter:
        return (int(quarter_year), int(quarter)) == (end.year, (end.month + 2) // 3)
    if half:
        return int(half_year) == end.year
    if fiscal or guided:
        return int(fiscal or guided) == end.year
    return (trailing or month) == f"{end:%Y-%m}"


def quarters_of(year: Fact, facts: Facts) -> list[Fact]:
    """Return the quarters on file that make up a fiscal year, in the year's definition, the first one first."""
    quarters = [
        f
        for f in facts.of(year.company, year.measure)
        if f.period.startswith("Q")
        and f.definition == year.definition
        and 0 <= (year.period_end - f.period_end).days < 330
    ]
    return sorted(quarters, key=lambda f: f.period_end)


def trailing(fact: Fact, facts: Facts) -> float | None:
    """Return the four quarters that end with a trailing figure added up, or None where they are not all on file."""
    quarters = quarters_of(fact, facts)
    return sum(f.value for f in quarters) if len(quarters) == 4 else None


def facts(overlay: str | TableLike | None = None) -> pd.DataFrame:
    """Return the facts as a table, one row a figure, with a user's file or DataFrame over them.

    >>> table = facts()
    >>> meta = table[(table.company == "META") & (table.period == "FY2025") & (table.measure == "revenue")]
    >>> float(meta.value.iloc[0])
    200966000000.0
    """
    import pandas as pd

    rows = load_facts(Path(overlay) if isinstance(overlay, str) else overlay)
    return pd.DataFrame([asdict(f) for f in rows], columns=list(COLUMNS))


def as_row(fact: Fact) -> dict[str, str]:
    """Return a fact as a row of the table; a whole number is written without decimals."""
    return {c: f"{fact.value:.15g}" if c == "value" else str(getattr(fact, c)) for c in COLUMNS}
