"""The SEC's company facts, as data.sec.gov serves them, read as rows of our table.

A file holds every value of every filing. What counts is found by four rules: of the values of one span the one filed
last (amendments and recasts replace), a fiscal year is a span of a year that ends with the fiscal year (filings hold
trailing years too), a quarter is a span of a quarter or the difference of two spans from the same start, and a measure
is the first of its tags that has the span.
"""

from __future__ import annotations

import csv
import itertools
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from xl_aicost.assumptions.facts import COLUMNS, Fact, Facts, as_row
from xl_aicost.assumptions.table import guarded
from xl_aicost.errors import DataError
from xl_aicost.support.files import destination, replacing

ADDRESS = "https://data.sec.gov/api/xbrl/companyfacts/CIK{:010d}.json"
FORMS = frozenset(["10-K", "10-K/A", "10-Q", "10-Q/A", "8-K"])
SIZE = 200_000_000  # bytes; the largest file that the SEC serves is a fraction of it
FIRST_YEAR = 2019
COMPANIES = {
    1326801: "META",
    1652044: "GOOGL",
    789019: "MSFT",
    1018724: "AMZN",
    1341439: "ORCL",
    320193: "AAPL",
    1108524: "CRM",
    51143: "IBM",
    50863: "INTC",
    858877: "CSCO",
    1769628: "CRWV",
    1045810: "NVDA",
    1318605: "TSLA",
}


@dataclass(frozen=True)
class Concept:
    """A measure: the tags that hold it, the first one first, and what they count."""

    measure: str
    tags: tuple[str, ...]
    definition: str


# fmt: off
CONCEPTS = (
    Concept("revenue", ("Revenues", "RevenueFromContractWithCustomerExcludingAssessedTax"), "total revenue"),
    Concept("operating_cash_flow", ("NetCashProvidedByUsedInOperatingActivities",), "net cash from operating activities"),
    Concept("capex_purchases", ("PaymentsToAcquirePropertyPlantAndEquipment", "PaymentsToAcquireProductiveAssets"), "purchases of property and equipment, gross"),
    Concept("finance_lease_principal", ("FinanceLeasePrincipalPayments",), "principal payments on finance leases"),
    Concept("depreciation", ("Depreciation",), "depreciation of property and equipment"),
    Concept("research_development", ("ResearchAndDevelopmentExpense",), "research and development expense"),
    Concept("operating_income", ("OperatingIncomeLoss",), "income from operations"),
    Concept("net_income", ("NetIncomeLoss",), "net income"),
    Concept("share_based_compensation", ("ShareBasedCompensation",), "expense added back in the cash flow statement"),
    Concept("buybacks", ("PaymentsForRepurchaseOfCommonStock",), "repurchases of shares"),
    Concept("share_settlement_tax", ("PaymentsRelatedToTaxWithholdingForShareBasedCompensation",), "taxes paid on net share settlement of pay"),
    Concept("dividends", ("PaymentsOfDividends", "PaymentsOfDividendsCommonStock"), "dividends paid"),
    Concept("debt_issued", ("ProceedsFromIssuanceOfLongTermDebt", "ProceedsFromIssuanceOfDebt"), "proceeds of long-term debt"),
    Concept("debt_repaid", ("RepaymentsOfLongTermDebt", "RepaymentsOfDebt"), "repayments of long-term debt"),
)
# fmt: on


@dataclass(frozen=True)
class FiledValue:
    """One value of a filing: the span it covers, in which form and when it was filed."""

    start: date
    end: date
    value: float
    filed: str
    form: str
    accession: str

    @property
    def days(self) -> int:
        """Days of the span."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True)
class FactChange:
    """A figure of the file against the table: the same, changed, or new."""

    fact: Fact
    before: Fact | None

    @property
    def status(self) -> str:
        """Same, changed or new."""
        if self.before is None:
            return "new"
        return "same" if self.before.value == self.fact.value else "changed"


def read_sec(path: Path, company: str | None = None) -> list[Fact]:
    """Return the yearly and quarterly figures of a company-facts file since fiscal 2019, in the order of CONCEPTS.

    `company` is the ticker for a company that is not among the known ones. Raises DataError for what is no such file.
    """
    content = _content(path)
    number = content.get("cik")
    if not str(number).isdigit():
        raise DataError(f"{path.name}: not a company-facts file of the SEC (no 'cik' in it)")
    ticker = company or COMPANIES.get(int(str(number)))
    if ticker is None:
        raise DataError(f"{path.name}: no ticker is known for the company with CIK {number}; name it with --company")
    concepts = _mapping(_mapping(content.get("facts"), path).get("us-gaap"), path)
    filed: list[Fact] = []
    for concept in CONCEPTS:
        filed += _facts(ticker.upper(), concept, _spans(concepts, concept, path))
    if not filed:
        raise DataError(f"{path.name}: has none of the expected figures, such as {CONCEPTS[1].tags[0]}")
    return [replace(f, source=ADDRESS.format(int(str(number)))) for f in filed]


def _content(path: Path) -> Mapping[str, object]:
    try:
        if path.stat().st_size > SIZE:
            raise DataError(f"{path.name}: larger than a company-facts file can be ({SIZE:,} bytes)")
        return _mapping(json.loads(path.read_text(encoding="utf-8")), path)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; it is at {ADDRESS.format(1326801)} for Meta") from None
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{path.name}: cannot be read as JSON ({type(error).__name__})") from None


def _mapping(value: object, path: Path) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise DataError(f"{path.name}: not a company-facts file of the SEC (no 'facts' with 'us-gaap' in it)")
    return value


def _spans(concepts: Mapping[str, object], concept: Concept, path: Path) -> dict[tuple[date, date], FiledValue]:
    """Return the last filed entry of each span; of several tags the first that has the span."""
    spans: dict[tuple[date, date], FiledValue] = {}
    for tag in reversed(concept.tags):
        entries: dict[tuple[date, date], FiledValue] = {}
        for entry in _entries(concepts.get(tag), path):
            before = entries.get((entry.start, entry.end))
            if before is None or (entry.filed, entry.accession) >= (before.filed, before.accession):
                entries[entry.start, entry.end] = entry
        spans |= entries
    return spans


def _entries(tag: object, path: Path) -> Iterator[FiledValue]:
    if tag is None:
        return
    rows = _mapping(_mapping(tag, path).get("units"), path).get("USD", [])
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict) or row.get("form") not in FORMS or "start" not in row:
            continue
        try:
            start, end = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
            value = float(row["val"])
        except (KeyError, TypeError, ValueError):
            raise DataError(f"{path.name}: an entry without start, end or val: {str(row)[:60]}") from None
        yield FiledValue(start, end, value, str(row.get("filed")), str(row["form"]), str(row.get("accn")))


def _facts(company: str, concept: Concept, spans: dict[tuple[date, date], FiledValue]) -> list[Fact]:
    years = _fiscal_years(spans)
    quarters = {e.end: _fact(company, concept, "Q", e) for e in spans.values() if 80 <= e.days <= 100}
    for start in {e.start for e in spans.values()}:
        chain = sorted((e for e in spans.values() if e.start == start), key=lambda e: e.end)
        for shorter, longer in itertools.pairwise(chain):
            if 80 <= (longer.end - shorter.end).days <= 100 and longer.end not in quarters:
                rest = replace(longer, value=longer.value - shorter.value)
                quarters[longer.end] = replace(
                    _fact(company, concept, "Q", rest), kind="derived", note=_cut(longer, shorter)
                )
    rows = [_fact(company, concept, "FY", e) for e in years] + list(quarters.values())
    return sorted(
        (r for r in rows if r.period_end.year >= FIRST_YEAR), key=lambda r: (r.period[0] != "F", r.period_end)
    )


def _cut(longer: FiledValue, shorter: FiledValue) -> str:
    return f"difference of {longer.days} and {shorter.days} days; filing {longer.accession}"


def _fiscal_years(spans: dict[tuple[date, date], FiledValue]) -> list[FiledValue]:
    """Return the spans of a year that end with the fiscal year: the month in which most annual reports end one."""
    years = [e for e in spans.values() if 350 <= e.days <= 380]
    ends = Counter(e.end.month for e in years if e.form.startswith("10-K"))
    if not ends:
        return []
    month = ends.most_common(1)[0][0]
    return sorted((e for e in years if (e.end.month - month) % 12 in (0, 1, 11)), key=lambda e: e.end)


def _fact(company: str, concept: Concept, label: str, entry: FiledValue) -> Fact:
    period = f"FY{entry.end.year}" if label == "FY" else f"Q{(entry.end.month + 2) // 3}-{entry.end.year}"
    note = f"filing {entry.accession}, {entry.form} of {entry.filed}"
    return Fact(company, period, entry.end, concept.measure, entry.value, "USD", concept.definition, "filed", "", note)


def compared(filed: list[Fact], table: Facts) -> list[FactChange]:
    """Return each figure of a file beside the one on file, in the definition that the table uses for the company."""
    changes = []
    for fact in filed:
        before = table.one(fact.company, fact.period, fact.measure)
        used = before or next(iter(table.of(fact.company, fact.measure)), None)
        fact = replace(fact, definition=used.definition if used else fact.definition)
        changes.append(FactChange(fact, before))
    return changes


def write_overlay(changes: list[FactChange], path: Path) -> int:
    """Write what is new or changed as a file that --facts takes; return how many rows it has."""
    rows = [as_row(c.fact) for c in changes if c.status != "same"]
    with replacing(destination(path, ".csv")) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({c: guarded(v) for c, v in row.items()} for row in rows)
    return len(rows)
