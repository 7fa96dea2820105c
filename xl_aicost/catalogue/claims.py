"""The article's claims on two axes: its own arithmetic, and what figures say that are not its own."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from xl_aicost.assumptions import Claim, load_claims
from xl_aicost.assumptions.claims import ARTICLE
from xl_aicost.case import Case

TOLERANCE = 0.005


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
        """Return the fields by name."""
        return asdict(self)


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
        _known(claim.low),
        _known(claim.high),
        adds_up(claim.low, claim.high, low, high) if low is not None and high is not None else claim.adds_up,
        claim.sum,
        low,
        high,
        claim.evidence,
        f"{claim.as_of}",
        _known(claim.found_low),
        _known(claim.found_high),
        claim.sources,
        claim.explanation,
    )


def comes_to(claim: Claim) -> tuple[float | None, float | None]:
    """Return what the article's own figures come to at its cheap and at its dear end, the lower first."""
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
    agree = sum(abs(found - stated) <= TOLERANCE * stated for stated, found in ((low, sum_low), (high, sum_high)))
    return ("no", "partly", "yes")[agree]


def counted(found: list[Verdict]) -> str:
    """Return in a sentence what the two axes say of the claims."""
    axis = [v.evidence for v in found]
    sums = [v.adds_up for v in found]
    return (
        f"{len(found)} claims: independent evidence supports {axis.count('supports')}, bears out {axis.count('partly')} "
        f"in part, contradicts {axis.count('contradicts')} and leaves {axis.count('open')} open; of the "
        f"{len(sums) - sums.count('n/a')} that state a sum {sums.count('yes')} add up, {sums.count('partly')} in part, "
        f"{sums.count('no')} do not"
    )


def _known(value: float) -> float | None:
    return None if value != value else value
