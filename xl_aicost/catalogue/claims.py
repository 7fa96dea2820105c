"""The article's claims on two axes: its own arithmetic, and what figures say that are not its own.

`python -m xl_aicost.catalogue.claims` prints the page of claims.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from xl_aicost.assumptions import Claim, load_claims, load_sources
from xl_aicost.assumptions.claims import ARTICLE
from xl_aicost.assumptions.companies import fact, years_on_file
from xl_aicost.assumptions.figures import NAMES
from xl_aicost.case import Case
from xl_aicost.model import MODEL_VERSION
from xl_aicost.support.text import markdown_table

TOLERANCE = 0.005
HEAD = """# The article's claims

Written by `make reference`; a test keeps it fresh. Each claim stands on two axes. **Adds up**: does the article's
arithmetic follow from its own figures? **Evidence**: what do figures say that are not the article's, as of a day? Where
both have a range, what was found inside the claim's range supports it, what lies apart contradicts it, and ranges that
merely overlap are 'partly'. `xl-aicost claims --json` has the same with ranges and sources.
"""
ZONE = """
## The danger zone by company and year

AI spending up while headcount is down, the article's words. Spending is capital spending in one definition in both years,
headcount is of all employees; a year that is guided and not yet filed takes guidance at its middle and the newest
headcount. \\*: purchases alone, since leases are on file for one of the two years only. n/a: one of the four figures is
not on file.
"""
SHOWN_FROM = 2022


@dataclass(frozen=True)
class Verdict:
    """A claim, its stated range, whether its arithmetic adds up, and what independent figures say as of a day.

    `adds_up` is yes, partly, no or n/a, with the sum in words and, where the model can do it, what the article's own
    figures come to. `evidence` is supports, partly, contradicts or open; a number is None where there is none.
    """

    id: str
    claim: str
    unit: str
    low: float | None
    high: float | None
    adds_up: str
    sum: str
    comes_to_low: float | None
    comes_to_high: float | None
    evidence: str
    as_of: str
    found_low: float | None
    found_high: float | None
    sources: tuple[str, ...]
    explanation: str

    def as_dict(self) -> dict[str, object]:
        """Return the fields by name, and the version of the model."""
        return asdict(self) | {"model": MODEL_VERSION}


def verdicts() -> list[Verdict]:
    """Return the verdict on each claim.

    >>> sorted({verdict.adds_up for verdict in verdicts()})
    ['n/a', 'no', 'partly', 'yes']
    """
    return [_verdict(claim) for claim in load_claims().values()]


def _verdict(claim: Claim) -> Verdict:
    low, high = comes_to(claim)
    return Verdict(
        claim.id,
        claim.claim,
        claim.unit,
        _or_none(claim.low),
        _or_none(claim.high),
        adds_up(claim.low, claim.high, low, high) if low is not None and high is not None else claim.adds_up,
        claim.sum,
        low,
        high,
        claim.evidence,
        f"{claim.as_of}",
        _or_none(claim.found_low),
        _or_none(claim.found_high),
        claim.sources,
        claim.explanation,
    )


def comes_to(claim: Claim) -> tuple[float | None, float | None]:
    """Return the result of the article's own figures at its cheap and at its dear end, the lower first."""
    if not claim.line:
        return None, None
    ends = [
        float(Case.of(scenario=scenario, settings=settings).evaluate(claim.line))
        for scenario, settings in zip(ARTICLE, (claim.low_set, claim.high_set), strict=True)
    ]
    return min(ends), max(ends)


def adds_up(low: float, high: float, sum_low: float, sum_high: float) -> str:
    """Return whether both ends agree within 0.5% (yes), one (partly) or none (no).

    >>> adds_up(100, 500, 100, 1000)
    'partly'
    """
    agree = sum(abs(computed - stated) <= TOLERANCE * stated for stated, computed in ((low, sum_low), (high, sum_high)))
    return ("no", "partly", "yes")[agree]


def counted(claims: list[Verdict]) -> str:
    """Return in a sentence what the two axes say of the claims."""
    axis = [v.evidence for v in claims]
    sums = [v.adds_up for v in claims]
    return (
        f"{len(claims)} claims: independent evidence supports {axis.count('supports')}, bears out {axis.count('partly')} "
        f"in part, contradicts {axis.count('contradicts')} and leaves {axis.count('open')} open; of the "
        f"{len(sums) - sums.count('n/a')} that state a sum {sums.count('yes')} add up, {sums.count('partly')} in part, "
        f"{sums.count('no')} do not"
    )


def page() -> str:
    """Return the page of claims as Markdown, with the danger zone by company and year."""
    claims = verdicts()
    rows = []
    for v in claims:
        links = ", ".join(f"[{load_sources()[s].title}]({load_sources()[s].url})" for s in v.sources)
        rows.append((v.claim, v.adds_up, v.sum, f"**{v.evidence}**", v.as_of, v.explanation, links))
    heads = ("claim", "adds up", "the sum", "evidence", "as of", "what independent figures say", "sources")
    return "\n".join([HEAD, f"{counted(claims)}.\n", markdown_table(heads, rows), ZONE, _zone()]) + "\n"


def _zone() -> str:
    years = range(SHOWN_FROM, max(max(years_on_file(c)) for c in NAMES) + 1)
    rows = []
    for company, name in NAMES.items():
        zone = [danger_zone(company, y) for y in years]
        if any(zone):
            rows.append((name, *(z or "n/a" for z in zone)))
    return markdown_table(("company", *map(str, years)), rows)


def danger_zone(company: str, year: int) -> str:
    """Return yes or no with the growth of spending and of headcount, or nothing where a figure is not on file.

    Where leases are on file for one of the two years only, spending is purchases alone, marked with a star.

    >>> danger_zone("META", 2026)
    'yes (+90%, -4.3%)'
    """
    if year not in years_on_file(company):
        return ""
    case = Case.of(company=company, year=year)
    spending, people = (float(case.evaluate(x)) for x in ("ai_spend_growth", "headcount_growth"))
    star = ""
    bought, before = (fact(company, y, "capex_purchases") for y in (year, year - 1))
    if spending != spending and bought and before and bought.definition == before.definition:
        spending, star = bought.value / before.value - 1, " \\*"
    if spending != spending or people != people:
        return ""
    return f"{'yes' if spending > 0 > people else 'no'} ({spending:+.0%}, {people:+.1%}){star}"


def _or_none(value: float) -> float | None:
    return None if value != value else value


if __name__ == "__main__":
    print(page(), end="")
