"""What a company's published figures give the model for a fiscal year: each input with its period, definition and kind.

A figure that is not on file is n/a: never another company's, and never an assumption in its place. Only pay, the life
of hardware and finance leases have a stand-in, which says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from xl_aicost.assumptions.facts import Fact, Facts, load_facts
from xl_aicost.assumptions.loader import Assumption, load_assumptions
from xl_aicost.errors import InputError, UnknownNameError

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
}
FLOWS = {  # inputs that are a measure of the year
    "company_revenue": "revenue",
    "operating_cash_flow": "operating_cash_flow",
    "capex_purchases": "capex_purchases",
    "dividends": "dividends",
    "acquisitions": "acquisitions",
    "securities_net": "securities_net",
    "share_based_compensation": "share_based_compensation",
    "cloud_revenue": "cloud_revenue",
    "free_cash_flow": "free_cash_flow",
    "restructuring_charge": "restructuring_charge",
}


@dataclass(frozen=True)
class Figure:
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


def missing(period: str, what: str) -> Figure:
    """Return the figure that is not on file."""
    return Figure(math.nan, math.nan, math.nan, period, what, "n/a", "", "not on file")


def company_id(name: str, facts: Facts | None = None) -> str:
    """Return a company's ticker for a ticker or a name in any case, or raise UnknownNameError."""
    tickers = (facts or load_facts()).companies()
    wanted = name.strip().lower()
    for ticker in tickers:
        if wanted in (ticker.lower(), NAMES.get(ticker, ticker).lower()):
            return ticker
    raise UnknownNameError("company", name, [*tickers, *(NAMES[t] for t in tickers if t in NAMES)])


def fact(company: str, year: int, measure: str, definition: str | None = None) -> Fact | None:
    """Return a published figure of a fiscal year, or None where there is a gap."""
    return load_facts().one(company, f"FY{year}", measure, definition)


def years_of(company: str, measure: str = "capex_purchases") -> list[int]:
    """Return the fiscal years for which a company's figure, or an announcement, is on file."""
    table = load_facts()
    if measure != "layoffs_announced":
        return table.years(company, measure)
    return [y for y in years_on_file(company) if _announced(company, _year_end(company, y, table), table)]


def yearly(company: str, year: int, measure: str) -> Figure:
    """Return a measure of a fiscal year on file: announcements added up, anything else as published, or n/a."""
    table = load_facts()
    if measure != "layoffs_announced" or year not in years_on_file(company):
        return of_fact(fact(company, year, measure), f"FY{year}", measure)
    return _announced(company, _year_end(company, year, table), table) or missing(f"FY{year}", measure)


def years_on_file(company: str, facts: Facts | None = None) -> list[int]:
    """Return the fiscal years that `company_figures` takes: those filed, and one that is guided and not yet filed."""
    table = facts or load_facts()
    filed = table.years(company)
    guided = {g.period_end.year for g in _newest_guidance(company, table) if not filed or g.period_end.year > filed[-1]}
    return filed + sorted(guided)


def company_figures(company: str, year: int | None = None, facts: Facts | None = None) -> dict[str, Figure]:
    """Return each input that a company-year gives, by the input's id; n/a where nothing is on file.

    A fiscal year on file gives what was filed. One that is guided only gives guidance at its midpoint with low and high
    as range, cuts announced so far, and the newest trailing twelve months of the rest. `headcount` is the people
    before the cut of the year, the corporate ones where a company's cuts are among those. `year` is the last filed by
    default. Raises UnknownNameError for a company and InputError for a year that is neither on file nor guided.
    """
    table = facts or load_facts()
    ticker = company_id(company, table)
    years = years_on_file(ticker, table)
    if not years:
        raise InputError(f"{ticker} has no capital spending on file")
    filed = table.years(ticker) or years
    year = filed[-1] if year is None else year
    if year not in years:
        raise InputError(f"{ticker} has no capex for {year}; years on file: {', '.join(map(str, years))}")
    found = _filed(ticker, year, table) if year in filed else _guided(ticker, year, table)
    return found | _people(ticker, year, table, _year_end(ticker, year, table))


def spending_before(company: str, year: int, facts: Facts | None = None) -> dict[int, Figure]:
    """Return capital spending of the fiscal years on file before a year, the oldest first: what is already in use."""
    table = facts or load_facts()
    ticker = company_id(company, table)
    return {y: _spending(ticker, f"FY{y}", table)["ai_spend"] for y in table.years(ticker) if y < year}


def of_fact(row: Fact | None, period: str, what: str) -> Figure:
    """Return a fact as a figure, or the figure that is not on file."""
    if row is None:
        return missing(period, what)
    return Figure(row.value, row.value, row.value, row.period, row.definition, row.kind, row.source, row.note)


def _filed(company: str, year: int, facts: Facts) -> dict[str, Figure]:
    period = f"FY{year}"
    found = {i: of_fact(facts.one(company, period, m), period, m) for i, m in FLOWS.items()}
    found |= _spending(company, period, facts)
    found |= {"buybacks": _buybacks(company, period, facts), "debt_net": _debt(company, period, facts)}
    found["prior_ai_spend"] = _prior_spending(company, year, found["ai_spend"], facts)
    return found


def _guided(company: str, year: int, facts: Facts) -> dict[str, Figure]:
    period = f"FY{year}"
    newest = {m: _newest_trailing(company, m, facts) for m in {*FLOWS.values(), "buybacks"}}
    found = {i: of_fact(newest[m], period, m) for i, m in FLOWS.items()}
    found |= {"buybacks": of_fact(newest["buybacks"], period, "buybacks"), "debt_net": missing(period, "debt_net")}
    spending = _guidance(company, year, facts)
    found |= {"ai_spend": spending, "capex_purchases": spending, "free_cash_flow": missing(period, "free_cash_flow")}
    inside = "included in the guidance" if "lease" in spending.definition else "not in the guidance and counted as 0"
    found["finance_lease_principal"] = replace(spending, value=0.0, low=0.0, high=0.0, definition=f"leases: {inside}")
    before = facts.one(company, f"FY{year - 1}", "capex_as_guided")
    found["prior_ai_spend"] = of_fact(before, f"FY{year - 1}", "capital spending as it is guided")
    return found


def _spending(company: str, period: str, facts: Facts) -> dict[str, Figure]:
    """Return purchases, lease principal and their sum; leases that are not on file count as 0 and say so."""
    bought = of_fact(facts.one(company, period, "capex_purchases"), period, "capex_purchases")
    leased = of_fact(facts.one(company, period, "finance_lease_principal"), period, "finance_lease_principal")
    if not leased.on_file:
        note = "finance leases are not on file and count as 0: capital spending is understated"
        zero = Figure(0.0, 0.0, 0.0, period, "leases not on file", "assumption", "", note)
        whole = replace(bought, definition=f"{bought.definition}; leases not on file", note=note)
        return {"finance_lease_principal": zero, "ai_spend": whole if bought.on_file else bought}
    whole = _joined(period, (bought, leased), bought.value + leased.value)
    return {"finance_lease_principal": leased, "ai_spend": whole}


def _joined(period: str, parts: Iterable[Figure], value: float) -> Figure:
    """Return a figure that is reckoned from others; n/a if one of them is."""
    parts = tuple(parts)
    gap = next((p for p in parts if not p.on_file), None)
    if gap is not None:
        return missing(period, gap.definition)
    what = " and ".join(dict.fromkeys(p.definition for p in parts))
    sources = ", ".join(dict.fromkeys(p.source for p in parts))
    return Figure(value, value, value, period, what, "derived", sources)


def _buybacks(company: str, period: str, facts: Facts) -> Figure:
    """Return repurchases, with taxes paid on share settlement where they stand apart."""
    bought = of_fact(facts.one(company, period, "buybacks"), period, "buybacks")
    tax = facts.one(company, period, "share_settlement_tax")
    if tax is None:
        return bought
    return _joined(period, (bought, of_fact(tax, period, tax.measure)), bought.value + tax.value)


def _debt(company: str, period: str, facts: Facts) -> Figure:
    issued, repaid = (of_fact(facts.one(company, period, m), period, m) for m in ("debt_issued", "debt_repaid"))
    return _joined(period, (issued, repaid), issued.value - repaid.value)


def _prior_spending(company: str, year: int, spending: Figure, facts: Facts) -> Figure:
    """Return capital spending a year earlier in the same definition, or n/a."""
    before = _spending(company, f"FY{year - 1}", facts)["ai_spend"]
    same = before.on_file and before.definition == spending.definition
    return before if same else missing(f"FY{year - 1}", f"in the definition of the year: {spending.definition}")


def _newest_guidance(company: str, facts: Facts) -> list[Fact]:
    """Return the guidance given last for each fiscal year to come: low and high, or one figure."""
    found: dict[date, list[Fact]] = {}
    for measure in ("capex_guidance_low", "capex_guidance_mid", "capex_guidance_high"):
        for row in facts.of(company, measure):
            found.setdefault(row.period_end, []).append(row)
    ends = {f.period_end for f in facts.of(company, "capex_purchases") if f.period.startswith("FY")}
    months = {e.month for e in ends}
    newest = []
    for end, rows in found.items():
        if not months or end.month in months:
            given = max(r.given for r in rows)
            newest += [r for r in rows if r.given == given]
    return newest


def _guidance(company: str, year: int, facts: Facts) -> Figure:
    rows = [g for g in _newest_guidance(company, facts) if g.period_end.year == year]
    if not rows:
        raise InputError(f"{company} has not guided its capital spending of {year}")
    values = [r.value for r in rows]
    row = rows[0]
    middle = (min(values) + max(values)) / 2
    return Figure(middle, min(values), max(values), row.period, row.definition, row.kind, row.source, row.note)


def _newest_trailing(company: str, measure: str, facts: Facts) -> Fact | None:
    rows = [f for f in facts.of(company, measure) if f.period.startswith("TTM-")]
    last = max((f.period_end for f in facts.of(company, measure) if f.period.startswith("FY")), default=date.min)
    return max((f for f in rows if f.period_end > last), key=lambda f: f.period_end, default=None)


def _year_end(company: str, year: int, facts: Facts) -> date:
    rows = [*facts.of(company, "capex_purchases"), *_newest_guidance(company, facts)]
    return next(r.period_end for r in rows if r.period[:1] in "FG" and r.period_end.year == year)


def _people(company: str, year: int, facts: Facts, end: date) -> dict[str, Figure]:
    period, before = f"FY{year}", f"FY{year - 1}"
    opening = of_fact(facts.one(company, before, "headcount"), before, "headcount")
    closing = _closing(company, period, end, facts)
    layoffs = _layoffs(company, period, end, facts)
    people = _corporate(company, period, end, facts) if facts.of(company, "corporate_headcount") else opening
    share = layoffs.value / people.value
    return {
        "headcount": people,
        "opening_headcount": opening,
        "closing_headcount": closing,
        "layoffs": layoffs,
        "layoff_share": _joined(period, (layoffs, people), share),
        "annual_compensation": of_fact(_median_pay(company, year, facts), period, "median_employee_pay"),
        "loaded_cost": _pay(company, year, facts, (opening, closing), load_assumptions()),
        "useful_life": _life(company, year, facts, load_assumptions()["useful_life"]),
        "ai_revenue": of_fact(_last(company, "ai_run_rate", end, facts), period, "ai_run_rate"),
    }


def _closing(company: str, period: str, end: date, facts: Facts) -> Figure:
    """Return the people at the end of a fiscal year, or at its last quarter on file."""
    within = [r for r in facts.of(company, "headcount") if 0 <= (end - r.period_end).days < 365]
    newest = max(within, key=lambda r: r.period_end, default=None)
    return of_fact(facts.one(company, period, "headcount") or newest, period, "headcount")


def _corporate(company: str, period: str, end: date, facts: Facts) -> Figure:
    """Return the corporate people as they were counted last in the year before the first cut of a fiscal year."""
    cuts = [r.period_end for r in _cuts(company, end, facts)]
    before = min(cuts, default=end - timedelta(days=365))
    rows = [r for r in facts.of(company, "corporate_headcount") if 0 <= (before - r.period_end).days < 365]
    return of_fact(max(rows, key=lambda r: r.period_end, default=None), period, "corporate_headcount")


def _layoffs(company: str, period: str, end: date, facts: Facts) -> Figure:
    """Return the cuts announced within a fiscal year, or a net change of headcount that is on file as such."""
    announced = _announced(company, end, facts)
    if announced is not None:
        return announced
    found = of_fact(facts.one(company, period, "headcount_net_change"), period, "layoffs_announced")
    return replace(found, value=-found.value, low=-found.value, high=-found.value)


def _announced(company: str, end: date, facts: Facts) -> Figure | None:
    """Return the cuts announced within a fiscal year, in the definition that counts, or None."""
    rows = _cuts(company, end, facts)
    if not rows:
        return None
    total = sum(r.value for r in rows)
    kind = "derived" if len(rows) > 1 else rows[0].kind
    note = "; ".join(f"{r.value:,.0f} on {r.period_end}" for r in rows)
    last = max(rows, key=lambda r: r.period_end)
    what = f"announced in the fiscal year up to {last.period_end}"
    return Figure(total, total, total, f"FY{end.year}", what, kind, last.source, note)


def _cuts(company: str, end: date, facts: Facts) -> list[Fact]:
    every = facts.of(company, "layoffs_announced")
    return [r for r in every if r.definition == every[0].definition and 0 <= (end - r.period_end).days < 365]


def _last(company: str, measure: str, end: date, facts: Facts) -> Fact | None:
    rows = [r for r in facts.of(company, measure) if 0 <= (end - r.period_end).days < 365]
    return max(rows, key=lambda r: r.period_end, default=None)


def _median_pay(company: str, year: int, facts: Facts) -> Fact | None:
    rows = [r for r in facts.of(company, "median_employee_pay") if r.period_end.year <= year]
    return max(rows, key=lambda r: r.period_end, default=None)


def _pay(
    company: str, year: int, facts: Facts, people: tuple[Figure, Figure], assumed: Mapping[str, Assumption]
) -> Figure:
    """Return the cost of a job: filed pay over average heads, corporate pay, median pay with load, or the assumption."""
    period = f"FY{year}"
    whole = of_fact(facts.one(company, period, "employee_compensation"), period, "employee_compensation")
    heads = sum(p.value for p in people) / 2
    if whole.on_file and not math.isnan(heads):
        return _joined(period, (whole, *people), whole.value / heads)
    corporate = [r for r in facts.of(company, "corporate_pay") if r.period_end.year <= year]
    if corporate:
        row, values = corporate[0], [r.value for r in corporate]
        middle = (min(values) + max(values)) / 2
        what = row.definition.removesuffix(", low end").removesuffix(", high end")
        return Figure(middle, min(values), max(values), row.period, what, row.kind, row.source, row.note)
    median, load = _median_pay(company, year, facts), assumed["benefits_load"]
    if median is not None:
        low, value, high = (median.value * (1 + x) for x in (load.low, load.base, load.high))
        what = f"{median.definition}, with the employer's load of {load.base:.0%}"
        note = f"pay of {median.period}; the load is an assumption"
        return Figure(value, low, high, median.period, what, "estimate", median.source, note)
    return _assumed(
        assumed["loaded_cost"], period, f"no pay of {NAMES.get(company, company)} is on file: the general assumption"
    )


def _life(company: str, year: int, facts: Facts, assumed: Assumption) -> Figure:
    """Return the company's own life of servers, as its policy was in a year, or the assumption."""
    rows = [r for r in facts.of(company, "useful_life_servers") if r.period_end.year <= year]
    if rows:
        return of_fact(max(rows, key=lambda r: r.period_end), "", "")
    return _assumed(
        assumed, f"FY{year}", f"no policy of {NAMES.get(company, company)} is on file: the general assumption"
    )


def _assumed(item: Assumption, period: str, why: str) -> Figure:
    return Figure(item.base, item.low, item.high, period, item.label, "assumption", item.source, why)


@dataclass(frozen=True)
class CompanyCase:
    """The inputs that a company's figures give, the definition of its capex, and the inputs left as they were."""

    company: str
    year: int
    values: dict[str, float]
    capex_definition: str
    missing: tuple[str, ...]


def company_inputs(company: str, year: int | None = None) -> CompanyCase:
    """Return the inputs that a company's figures give for a fiscal year, by default the last filed with people.

    AI spending is all capital spending, an upper bound. Raises UnknownNameError for a company and InputError for a year
    without capex.
    """
    ticker = company_id(company)
    years = [y for y in years_of(ticker) if fact(ticker, y, "headcount")] or years_of(ticker)
    year = year if year is not None else years[-1]
    found = company_figures(ticker, year)
    closing, layoffs = found["closing_headcount"], found["layoffs"]
    people = closing if closing.on_file else found["opening_headcount"]
    wanted = {i: found[i] for i in ("ai_spend", "company_revenue", "operating_cash_flow", "prior_ai_spend")}
    wanted |= {"headcount": people, "prior_headcount": found["opening_headcount"]}
    wanted["layoff_share"] = _joined(f"FY{year}", (layoffs, people), layoffs.value / people.value)
    values = {i: f.value for i, f in wanted.items() if f.on_file}
    return CompanyCase(ticker, year, values, found["ai_spend"].definition, tuple(i for i in wanted if i not in values))
