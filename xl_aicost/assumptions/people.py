"""A company's people in a fiscal year: heads before and after, cuts announced and pay; and the life of its servers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from xl_aicost.assumptions.facts import Fact, Facts
from xl_aicost.assumptions.figures import NAMES, CompanyFigure, joined, missing, of_fact
from xl_aicost.assumptions.loader import Assumption, load_assumptions

AFTER = "those of the year's end, since none before is on file"


@dataclass(frozen=True)
class FiscalYear:
    """The days after the end of one fiscal year up to the end of the next."""

    before: date
    end: date

    def holds(self, day: date) -> bool:
        """Say whether a day is in the year."""
        return self.before < day <= self.end


def people(company: str, days: FiscalYear, facts: Facts) -> dict[str, CompanyFigure]:
    """Return heads, cuts and pay of a fiscal year, by the id of the input; n/a for a gap."""
    year = days.end.year
    period, before = f"FY{year}", f"FY{year - 1}"
    opening = of_fact(facts.one(company, before, "headcount"), before, "headcount")
    closing = _closing(company, period, days, facts)
    layoffs = _layoffs(company, period, days, facts)
    people = _corporate(company, period, days, facts) if facts.of(company, "corporate_headcount") else opening
    if not people.on_file and not layoffs.on_file:
        people = replace(closing, definition=f"{closing.definition}: {AFTER}") if closing.on_file else people
    share = layoffs.value / people.value
    return {
        "headcount": people,
        "opening_headcount": opening,
        "closing_headcount": closing,
        "layoffs": layoffs,
        "layoff_share": joined(period, (layoffs, people), share),
        "annual_compensation": of_fact(_median_pay(company, year, facts), period, "median_employee_pay"),
        "loaded_cost": _pay(company, year, facts, (opening, closing), load_assumptions()),
        "useful_life": _life(company, year, facts, load_assumptions()["useful_life"]),
        "ai_revenue": of_fact(_last(company, "ai_run_rate", days, facts), period, "ai_run_rate"),
    }


def _closing(company: str, period: str, days: FiscalYear, facts: Facts) -> CompanyFigure:
    """Return the people at the end of a fiscal year, or at its last quarter on file."""
    within = [r for r in facts.of(company, "headcount") if days.holds(r.period_end)]
    newest = max(within, key=lambda r: r.period_end, default=None)
    return of_fact(facts.one(company, period, "headcount") or newest, period, "headcount")


def _corporate(company: str, period: str, days: FiscalYear, facts: Facts) -> CompanyFigure:
    """Return the corporate people as they were counted last in the year before the first cut of a fiscal year."""
    cuts = [r.period_end for r in _cuts(company, days, facts)]
    before = min(cuts, default=days.before)
    rows = [r for r in facts.of(company, "corporate_headcount") if 0 <= (before - r.period_end).days < 365]
    return of_fact(max(rows, key=lambda r: r.period_end, default=None), period, "corporate_headcount")


def _layoffs(company: str, period: str, days: FiscalYear, facts: Facts) -> CompanyFigure:
    """Return the cuts announced within a fiscal year, or a net change of headcount that is on file as such."""
    announced = announced_in(company, days, facts)
    if announced is not None:
        return announced
    change = of_fact(facts.one(company, period, "headcount_net_change"), period, "layoffs_announced")
    return replace(change, value=-change.value, low=-change.value, high=-change.value)


def announced_in(company: str, days: FiscalYear, facts: Facts) -> CompanyFigure | None:
    """Return the cuts announced within a fiscal year, in the definition that counts, or None."""
    rows = _cuts(company, days, facts)
    if not rows:
        return None
    total = sum(r.value for r in rows)
    kind = "derived" if len(rows) > 1 else rows[0].kind
    note = "; ".join(f"{r.value:,.0f} on {r.period_end}" for r in rows)
    last = max(rows, key=lambda r: r.period_end)
    what = f"announced in the fiscal year up to {last.period_end}"
    return CompanyFigure(total, total, total, f"FY{days.end.year}", what, kind, last.source, note)


def _cuts(company: str, days: FiscalYear, facts: Facts) -> list[Fact]:
    every = facts.of(company, "layoffs_announced")
    return [r for r in every if r.definition == every[0].definition and days.holds(r.period_end)]


def _last(company: str, measure: str, days: FiscalYear, facts: Facts) -> Fact | None:
    rows = [r for r in facts.of(company, measure) if days.holds(r.period_end)]
    return max(rows, key=lambda r: r.period_end, default=None)


def _median_pay(company: str, year: int, facts: Facts) -> Fact | None:
    rows = [r for r in facts.of(company, "median_employee_pay") if r.period_end.year <= year]
    return max(rows, key=lambda r: r.period_end, default=None)


def _pay(
    company: str,
    year: int,
    facts: Facts,
    people: tuple[CompanyFigure, CompanyFigure],
    assumed: Mapping[str, Assumption],
) -> CompanyFigure:
    """Return the cost of a job: filed pay over average heads, corporate pay, or median pay with load; else n/a."""
    period = f"FY{year}"
    whole = of_fact(facts.one(company, period, "employee_compensation"), period, "employee_compensation")
    heads = sum(p.value for p in people) / 2
    if whole.on_file and not math.isnan(heads):
        return joined(period, (whole, *people), whole.value / heads)
    corporate = [r for r in facts.of(company, "corporate_pay") if r.period_end.year <= year]
    if corporate:
        row, values = corporate[0], [r.value for r in corporate]
        middle = (min(values) + max(values)) / 2
        what = row.definition.removesuffix(", low end").removesuffix(", high end")
        return CompanyFigure(middle, min(values), max(values), row.period, what, row.kind, row.source, row.note)
    median, load = _median_pay(company, year, facts), assumed["benefits_load"]
    if median is not None:
        low, value, high = (median.value * (1 + x) for x in (load.low, load.base, load.high))
        what = f"{median.definition}, with the employer's load of {load.base:.0%}"
        note = f"pay of {median.period}; the load is an assumption"
        return CompanyFigure(value, low, high, median.period, what, "estimate", median.source, note)
    return missing(period, "what a job costs")


def _life(company: str, year: int, facts: Facts, assumed: Assumption) -> CompanyFigure:
    """Return the company's own life of servers, as its policy was in a year, or the assumption."""
    rows = [r for r in facts.of(company, "useful_life_servers") if r.period_end.year <= year]
    if rows:
        return of_fact(max(rows, key=lambda r: r.period_end), "", "")
    why = f"no policy of {NAMES.get(company, company)} is on file: the general assumption"
    return CompanyFigure(
        assumed.base, assumed.low, assumed.high, f"FY{year}", assumed.label, "assumption", assumed.source, why
    )
