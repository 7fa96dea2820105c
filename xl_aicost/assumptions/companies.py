"""What a company's published figures give the model for a fiscal year: each input with its period, definition and kind.

A figure that is not on file is n/a: never another company's, and never an assumption in its place. Only pay, the life
of hardware and finance leases have a stand-in, which says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from xl_aicost.assumptions.facts import Fact, Facts, load_facts
from xl_aicost.assumptions.figures import NAMES, CompanyFigure, company_id, joined, missing, of_fact
from xl_aicost.assumptions.loader import COMPANY_ESTIMATES, COMPANY_INPUTS
from xl_aicost.assumptions.people import AFTER, FiscalYear, announced_in, people
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


def fact(company: str, year: int, measure: str, facts: Facts | None = None) -> Fact | None:
    """Return a published figure of a fiscal year, or None where there is a gap."""
    return (facts or load_facts()).one(company, f"FY{year}", measure)


def years_of(company: str, measure: str = "capex_purchases", facts: Facts | None = None) -> list[int]:
    """Return the fiscal years for which a company's figure, or an announcement, is on file."""
    table = facts or load_facts()
    if measure != "layoffs_announced":
        return table.years(company, measure)
    return [y for y in years_on_file(company, table) if announced_in(company, _days(company, y, table), table)]


def yearly(company: str, year: int, measure: str, facts: Facts | None = None) -> CompanyFigure:
    """Return a measure of a fiscal year on file: announcements added up, anything else as published, or n/a."""
    table = facts or load_facts()
    if measure != "layoffs_announced" or year not in years_on_file(company, table):
        return of_fact(fact(company, year, measure, table), f"FY{year}", measure)
    return announced_in(company, _days(company, year, table), table) or missing(f"FY{year}", measure)


def years_on_file(company: str, facts: Facts | None = None) -> list[int]:
    """Return the fiscal years that `company_figures` takes: those filed, and one that is guided and not yet filed."""
    table = facts or load_facts()
    filed = table.years(company)
    guided = {g.period_end.year for g in _newest_guidance(company, table) if not filed or g.period_end.year > filed[-1]}
    return filed + sorted(guided)


def company_figures(company: str, year: int | None = None, facts: Facts | None = None) -> dict[str, CompanyFigure]:
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
    figures = _filed(ticker, year, table) if year in filed else _guided(ticker, year, table)
    return figures | people(ticker, _days(ticker, year, table), table)


def cost_of_a_job(company: str, year: int, facts: Facts | None = None) -> CompanyFigure:
    """Return what `company_figures` gives for the cost of a job in a fiscal year on file."""
    table = facts or load_facts()
    return people(company, _days(company, year, table), table)["loaded_cost"]


def spending_before(company: str, year: int, facts: Facts | None = None) -> dict[int, CompanyFigure]:
    """Return capital spending of the fiscal years on file before a year, the oldest first: what is already in use."""
    table = facts or load_facts()
    ticker = company_id(company, table)
    return {y: _spending(ticker, f"FY{y}", table)["ai_spend"] for y in table.years(ticker) if y < year}


def _filed(company: str, year: int, facts: Facts) -> dict[str, CompanyFigure]:
    period = f"FY{year}"
    figures = {i: of_fact(facts.one(company, period, m), period, m) for i, m in FLOWS.items()}
    figures |= _spending(company, period, facts)
    figures |= {"buybacks": _buybacks(company, period, facts), "debt_net": _debt(company, period, facts)}
    figures["prior_ai_spend"] = _prior_spending(company, year, figures["ai_spend"], facts)
    return figures


def _guided(company: str, year: int, facts: Facts) -> dict[str, CompanyFigure]:
    period = f"FY{year}"
    newest = {m: _newest_trailing(company, m, facts) for m in {*FLOWS.values(), "buybacks"}}
    figures = {i: of_fact(newest[m], period, m) for i, m in FLOWS.items()}
    figures |= {"buybacks": of_fact(newest["buybacks"], period, "buybacks"), "debt_net": missing(period, "debt_net")}
    spending = _guidance(company, year, facts)
    figures |= {"ai_spend": spending, "capex_purchases": spending, "free_cash_flow": missing(period, "free_cash_flow")}
    inside = "included in the guidance" if "lease" in spending.definition else "not in the guidance and counted as 0"
    figures["finance_lease_principal"] = replace(spending, value=0.0, low=0.0, high=0.0, definition=f"leases: {inside}")
    before = facts.one(company, f"FY{year - 1}", "capex_as_guided")
    figures["prior_ai_spend"] = of_fact(before, f"FY{year - 1}", "capital spending as it is guided")
    return figures


def _spending(company: str, period: str, facts: Facts) -> dict[str, CompanyFigure]:
    """Return purchases, lease principal and their sum; leases that are not on file count as 0 and say so."""
    bought = of_fact(facts.one(company, period, "capex_purchases"), period, "capex_purchases")
    leased = of_fact(facts.one(company, period, "finance_lease_principal"), period, "finance_lease_principal")
    if not leased.on_file:
        note = "finance leases are not on file and count as 0: capital spending is understated"
        zero = CompanyFigure(0.0, 0.0, 0.0, period, "leases not on file", "assumption", "", note)
        whole = replace(bought, definition=f"{bought.definition}; leases not on file", note=note)
        return {"finance_lease_principal": zero, "ai_spend": whole if bought.on_file else bought}
    whole = joined(period, (bought, leased), bought.value + leased.value)
    return {"finance_lease_principal": leased, "ai_spend": whole}


def _buybacks(company: str, period: str, facts: Facts) -> CompanyFigure:
    """Return repurchases, with taxes paid on share settlement where they stand apart."""
    bought = of_fact(facts.one(company, period, "buybacks"), period, "buybacks")
    tax = facts.one(company, period, "share_settlement_tax")
    if tax is None:
        return bought
    return joined(period, (bought, of_fact(tax, period, tax.measure)), bought.value + tax.value)


def _debt(company: str, period: str, facts: Facts) -> CompanyFigure:
    issued, repaid = (of_fact(facts.one(company, period, m), period, m) for m in ("debt_issued", "debt_repaid"))
    return joined(period, (issued, repaid), issued.value - repaid.value)


def _prior_spending(company: str, year: int, spending: CompanyFigure, facts: Facts) -> CompanyFigure:
    """Return capital spending a year earlier in the same definition, or n/a."""
    before = _spending(company, f"FY{year - 1}", facts)["ai_spend"]
    same = before.on_file and before.definition == spending.definition
    return before if same else missing(f"FY{year - 1}", f"in the definition of the year: {spending.definition}")


def _newest_guidance(company: str, facts: Facts) -> list[Fact]:
    """Return the guidance given last for each fiscal year to come: low and high, or one figure."""
    by_end: dict[date, list[Fact]] = {}
    for measure in ("capex_guidance_low", "capex_guidance_mid", "capex_guidance_high"):
        for row in facts.of(company, measure):
            by_end.setdefault(row.period_end, []).append(row)
    ends = {f.period_end for f in facts.of(company, "capex_purchases") if f.period.startswith("FY")}
    months = {e.month for e in ends}
    newest = []
    for end, rows in by_end.items():
        if not months or end.month in months:
            newest_date = max(r.guidance_date for r in rows)
            newest += [r for r in rows if r.guidance_date == newest_date]
    return newest


def _guidance(company: str, year: int, facts: Facts) -> CompanyFigure:
    rows = [g for g in _newest_guidance(company, facts) if g.period_end.year == year]
    if not rows:
        raise InputError(f"{company} has not guided its capital spending of {year}")
    values = [r.value for r in rows]
    row = rows[0]
    middle = (min(values) + max(values)) / 2
    return CompanyFigure(middle, min(values), max(values), row.period, row.definition, row.kind, row.source, row.note)


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
class CompanyYear:
    """What a company-year gives to each input that is a company's, by input; n/a for what is not on file."""

    company: str
    year: int
    figures: dict[str, CompanyFigure]

    @property
    def name(self) -> str:
        """The company and the fiscal year."""
        return f"{self.company} {self.year}"

    @property
    def note(self) -> str:
        """What a reader has to know of these figures, in a line."""
        figures, spending = self.figures, self.figures["ai_spend"]
        guided = spending.kind == "guidance"
        said = [f"{self.name}: ai_spend is {told(spending, self.year) if guided else spending.definition}"]
        if counts_corporate(figures):
            who = NAMES.get(self.company, self.company)
            said.append(f"headcount and loaded_cost are those of {who}'s corporate people")
        if trailing := {f.period.removeprefix("TTM-") for f in figures.values() if f.period.startswith("TTM-")}:
            said.append(f"cash flow and revenue are of the twelve months to {', '.join(sorted(trailing))}")
        if assumed := [f"{i}, {f.note}" for i, f in figures.items() if f.kind == "assumption"]:
            said.append(f"assumed: {'; '.join(assumed)}")
        if gaps := [i for i, f in figures.items() if not f.on_file]:
            said.append(f"not on file, so n/a: {', '.join(gaps)}")
        return "; ".join(said)


def company_year(company: str, year: int | None = None, facts: Facts | None = None) -> CompanyYear:
    """Return the inputs that a company-year gives, by default of the last year filed with people at its end.

    AI spending is all capital spending, an upper bound. Raises as `company_figures` does.
    """
    table = facts or load_facts()
    ticker = company_id(company, table)
    if year is None:
        filed = table.years(ticker)
        with_people = [y for y in filed if table.one(ticker, f"FY{y}", "headcount")]
        year = max(with_people or filed, default=None)
    figures = company_figures(ticker, year, table)
    wanted = {i: figures[i] for i in (*COMPANY_INPUTS, *COMPANY_ESTIMATES) if i in figures}
    if not wanted["ai_revenue"].on_file:
        del wanted["ai_revenue"]  # the article's, which is no company's
    wanted["prior_headcount"] = figures["opening_headcount"]
    fiscal_year = year or years_on_file(ticker, table)[-1]
    before = spending_before(ticker, fiscal_year, table)
    for k in range(1, 7):
        wanted[f"prior_capex_{k}"] = before.get(fiscal_year - k) or missing(f"FY{fiscal_year - k}", "capital spending")
    return CompanyYear(ticker, fiscal_year, wanted)


def counts_corporate(figures: Mapping[str, CompanyFigure]) -> bool:
    """Say whether people, payroll and cut of a company-year are of its corporate employees alone."""
    return "corporate" in figures["headcount"].definition


def trailing_to(figures: Mapping[str, CompanyFigure]) -> str:
    """Return the month to which the twelve months of a company-year's cash flow run, or nothing for a fiscal year.

    >>> trailing_to(company_figures("META", 2026)), trailing_to(company_figures("META", 2025))
    ('June 2026', '')
    """
    period = figures["operating_cash_flow"].period
    return f"{date.fromisoformat(period[4:] + '-01'):%B %Y}" if period.startswith("TTM-") else ""


def caveats(company: str, figures: Mapping[str, CompanyFigure]) -> str:
    """Return what a reader of a company-year's figures has to know of them, in sentences; nothing where they need none.

    >>> caveats("AMZN", company_figures("AMZN", 2025))  # doctest: +ELLIPSIS
    "People, payroll and pay are those of Amazon's corporate employees, ... published $2.53 billion of severance for the year."
    """
    said, who, spending = [], NAMES.get(company, company), figures["ai_spend"]
    if counts_corporate(figures):
        said.append(
            f"People, payroll and pay are those of {who}'s corporate employees, among whom it cuts; all stock pay counts as theirs."
        )
    if spending.kind == "guidance":
        low, high = spending.low / 1e9, spending.high / 1e9
        middle = f", the middle of ${low:g} to {high:g} billion" if low < high else ""
        said.append(f"AI spending is as guided{middle}.")
    if month := trailing_to(figures):
        said.append(f"Cash flow and revenue are of the twelve months to {month}.")
    charge = figures["restructuring_charge"]
    if charge.on_file and not charge.period.startswith("TTM-"):
        said.append(f"{who} published ${charge.value / 1e9:.3g} billion of {charge.definition} for the year.")
    return " ".join(said)


def told(figure: CompanyFigure, year: int) -> str:
    """Return what a figure is where it is not the fiscal year's own: guidance, trailing, another year, an estimate.

    >>> told(company_figures("META", 2026)["operating_cash_flow"], 2026)
    'twelve months to 2026-06'
    """
    period = figure.period
    if figure.kind == "assumption":
        return f"assumed: {figure.note}"
    if figure.kind == "guidance":
        ends = (
            "" if figure.low == figure.high else f", {figure.low / 1e9:g} to {figure.high / 1e9:g} billion, its middle"
        )
        return f"guidance{ends}; {figure.definition}"
    if period.startswith("TTM-"):
        return f"twelve months to {period[4:]}"
    what = figure.definition if figure.kind == "estimate" or "announced" in figure.definition else ""
    what = (
        figure.definition
        if AFTER in figure.definition or "corporate" in figure.definition or "net change" in figure.definition
        else what
    )
    return "; ".join(filter(None, (period if period != f"FY{year}" else "", what)))
