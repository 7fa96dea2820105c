"""A company's published figures as inputs of the model; capex is never mixed across definitions."""

from __future__ import annotations

from dataclasses import dataclass

from xl_aicost.assumptions.loader import Fact, load_facts
from xl_aicost.errors import InputError, UnknownNameError

NAMES = {"META": "Meta", "GOOGL": "Alphabet", "MSFT": "Microsoft", "AMZN": "Amazon", "ORCL": "Oracle"}
CASH_CAPEX = "purchases of property and equipment"
LEASE_CAPEX = "purchases and principal payments on finance leases"
INPUT_OF = {"revenue": "company_revenue", "operating_cash_flow": "operating_cash_flow", "headcount": "headcount"}


WANTED = ("ai_spend", *INPUT_OF.values(), "prior_ai_spend", "prior_headcount", "layoff_share")


@dataclass(frozen=True)
class Figure:
    """A company's figure for an input, with its source: an id of sources.csv, or several."""

    value: float
    source: str


@dataclass(frozen=True)
class CompanyFigures:
    """The inputs that a company's figures give for a fiscal year, the definition of its capex, the inputs not on file."""

    company: str
    year: int
    values: dict[str, Figure]
    capex_definition: str

    @property
    def missing(self) -> tuple[str, ...]:
        """The inputs for which no figure is on file."""
        return tuple(n for n in WANTED if n not in self.values)

    @property
    def note(self) -> str:
        """What a reader has to know of these figures, in a line."""
        gaps = f"; not on file, so left as in the scenario: {', '.join(self.missing)}" if self.missing else ""
        return f"{self.company} {self.year}: ai_spend is {self.capex_definition}{gaps}"


def company_id(name: str) -> str:
    """Return a company's ticker for a ticker or a name in any case, or raise UnknownNameError."""
    for ticker, full in NAMES.items():
        if name.strip().lower() in (ticker.lower(), full.lower()):
            return ticker
    raise UnknownNameError("company", name, [*NAMES, *NAMES.values()])


def fact(company: str, year: int, measure: str, definition: str | None = None) -> Fact | None:
    """Return one published figure, or None where there is a gap."""
    for f in load_facts():
        if (f.company, f.year, f.measure) == (company, year, measure) and definition in (None, f.definition):
            return f
    return None


def years_of(company: str, measure: str = "capex") -> list[int]:
    """Return the fiscal years for which a company's figure is on file."""
    return sorted({f.year for f in load_facts() if (f.company, f.measure) == (company, measure)})


def company_figures(company: str, year: int | None = None) -> CompanyFigures:
    """Return the inputs that a company's figures give for a fiscal year, by default the last with capex and people.

    AI spending is all capital spending, an upper bound. Its definition is the widest on file for that year, and
    the year before is taken in the same definition or left out.
    Raises UnknownNameError for a company and InputError for a year without capex.
    """
    ticker = company_id(company)
    years = [y for y in years_of(ticker) if fact(ticker, y, "headcount")] or years_of(ticker)
    year = year if year is not None else years[-1]
    capex = fact(ticker, year, "capex", LEASE_CAPEX) or fact(ticker, year, "capex", CASH_CAPEX)
    if capex is None:
        raise InputError(f"{ticker} has no capex for {year}; years on file: {', '.join(map(str, years_of(ticker)))}")
    facts = {
        "ai_spend": capex,
        **{name: fact(ticker, year, measure) for measure, name in INPUT_OF.items()},
        "prior_ai_spend": fact(ticker, year - 1, "capex", capex.definition),
        "prior_headcount": fact(ticker, year - 1, "headcount"),
    }
    values = {name: Figure(f.value, f.source) for name, f in facts.items() if f is not None}
    cut = fact(ticker, year, "layoffs")
    if cut and "headcount" in values:
        people = values["headcount"]
        sources = " and ".join(dict.fromkeys((cut.source, people.source)))
        values["layoff_share"] = Figure(cut.value / people.value, sources)
    return CompanyFigures(ticker, year, values, capex.definition)
