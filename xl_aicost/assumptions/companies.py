"""What a company's published figures give the model for a fiscal year: each input with its period, definition and kind.

A figure that is not on file is n/a: never another company's, and never an assumption in its place. Only pay, the life
of hardware and finance leases have a stand-in, which says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from xl_aicost.assumptions.facts import Fact, Facts, load_facts
from xl_aicost.assumptions.figures import Figure, company_id, joined, missing, of_fact
from xl_aicost.assumptions.loader import COMPANY_INPUTS
from xl_aicost.assumptions.people import FiscalYear, announced_in, people
from xl_aicost.errors import InputError

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


def fact(company: str, year: int, measure: str, definition: str | None = None) -> Fact | None:
    """Return a published figure of a fiscal year, or None where there is a gap."""
    return load_facts().one(company, f"FY{year}", measure, definition)


def years_of(company: str, measure: str = "capex_purchases") -> list[int]:
    """Return the fiscal years for which a company's figure, or an announcement, is on file."""
    table = load_facts()
    if measure != "layoffs_announced":
        return table.years(company, measure)
    return [y for y in years_on_file(company) if announced_in(company, _days(company, y, table), table)]


def yearly(company: str, year: int, measure: str) -> Figure:
    """Return a measure of a fiscal year on file: announcements added up, anything else as published, or n/a."""
    table = load_facts()
    if measure != "layoffs_announced" or year not in years_on_file(company):
        return of_fact(fact(company, year, measure), f"FY{year}", measure)
    return announced_in(company, _days(company, year, table), table) or missing(f"FY{year}", measure)


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
    return found | people(ticker, _days(ticker, year, table), table)


def spending_before(company: str, year: int, facts: Facts | None = None) -> dict[int, Figure]:
    """Return capital spending of the fiscal years on file before a year, the oldest first: what is already in use."""
    table = facts or load_facts()
    ticker = company_id(company, table)
    return {y: _spending(ticker, f"FY{y}", table)["ai_spend"] for y in table.years(ticker) if y < year}


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
    whole = joined(period, (bought, leased), bought.value + leased.value)
    return {"finance_lease_principal": leased, "ai_spend": whole}


def _buybacks(company: str, period: str, facts: Facts) -> Figure:
    """Return repurchases, with taxes paid on share settlement where they stand apart."""
    bought = of_fact(facts.one(company, period, "buybacks"), period, "buybacks")
    tax = facts.one(company, period, "share_settlement_tax")
    if tax is None:
        return bought
    return joined(period, (bought, of_fact(tax, period, tax.measure)), bought.value + tax.value)


def _debt(company: str, period: str, facts: Facts) -> Figure:
    issued, repaid = (of_fact(facts.one(company, period, m), period, m) for m in ("debt_issued", "debt_repaid"))
    return joined(period, (issued, repaid), issued.value - repaid.value)


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


def _days(company: str, year: int, facts: Facts) -> FiscalYear:
    """Return the days of a fiscal year, which starts where the one before ended or else a year earlier."""
    rows = [*facts.of(company, "capex_purchases"), *_newest_guidance(company, facts)]
    ends = {r.period_end.year: r.period_end for r in rows if r.period[:1] in "FG"}
    return FiscalYear(ends.get(year - 1, ends[year] - timedelta(days=365)), ends[year])


@dataclass(frozen=True)
class CompanyInputs:
    """The model's inputs of a company-year that are on file, and what its capex counts."""

    company: str
    year: int
    values: dict[str, Figure]
    capex_definition: str

    @property
    def missing(self) -> tuple[str, ...]:
        """The inputs for which no figure is on file."""
        return tuple(n for n in COMPANY_INPUTS if n not in self.values)

    @property
    def note(self) -> str:
        """What a reader has to know of these figures, in a line."""
        gaps = f"; not on file, so n/a: {', '.join(self.missing)}" if self.missing else ""
        return f"{self.company} {self.year}: ai_spend is {self.capex_definition}{gaps}"


def company_inputs(company: str, year: int | None = None, facts: Facts | None = None) -> CompanyInputs:
    """Return the inputs of today's model that a company-year gives, by default the last one filed with people.

    AI spending is all capital spending, an upper bound. `headcount` is the one at the end of the year and the cut is a
    share of it, so that the jobs cut are those announced. Raises as `company_figures` does.
    """
    table = facts or load_facts()
    ticker = company_id(company, table)
    years = [y for y in table.years(ticker) if table.one(ticker, f"FY{y}", "headcount")] or table.years(ticker)
    year = year if year is not None or not years else years[-1]
    found = company_figures(ticker, year, table)
    closing, layoffs = found["closing_headcount"], found["layoffs"]
    people = closing if closing.on_file else found["opening_headcount"]
    wanted = {i: found[i] for i in COMPANY_INPUTS if i in found}
    wanted |= {"headcount": people, "prior_headcount": found["opening_headcount"]}
    wanted["layoff_share"] = joined(layoffs.period, (layoffs, people), layoffs.value / people.value)
    fiscal_year = year or int(found["ai_spend"].period[-4:])
    before = spending_before(ticker, fiscal_year, table)
    wanted |= {f"prior_capex_{k}": before[fiscal_year - k] for k in range(1, 7) if fiscal_year - k in before}
    values = {i: f for i, f in wanted.items() if f.on_file}
    return CompanyInputs(ticker, fiscal_year, values, found["ai_spend"].definition)
