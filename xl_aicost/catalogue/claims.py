"""The article's claims against the model: what ties out, what does not, what no number can decide."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from xl_aicost.assumptions import Claim, load_claims
from xl_aicost.case import Case

TOLERANCE = 0.005


@dataclass(frozen=True)
class Verdict:
    """A claim, the stated range, the model's range, and whether they agree."""

    id: str
    claim: str
    low: float | None
    high: float | None
    model_low: float
    model_high: float
    verdict: str
    explanation: str
    source: str

    def as_dict(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self)


def verdicts() -> list[Verdict]:
    """Return the verdict on each claim."""
    return [_verdict(claim) for claim in load_claims()]


def _verdict(claim: Claim) -> Verdict:
    ends = sorted(
        float(Case.of(scenario=scenario, settings=settings).evaluate(claim.line))
        for scenario, settings in (
            (claim.low_scenario, claim.low_set),
            (claim.high_scenario, claim.high_set),
        )
    )
    word = judge(claim.test, claim.low, claim.high, ends[0], ends[1])
    return Verdict(
        claim.id, claim.claim, claim.low, claim.high, ends[0], ends[1], word, claim.explanation, claim.source
    )


def judge(test: str, low: float | None, high: float | None, model_low: float, model_high: float) -> str:
    """Return 'ties', 'does-not-tie' or 'judgement'.

    'equal' asks that both ends agree within 0.5%, 'overlap' that the two ranges share a point.
    """
    if test == "judgement" or low is None or high is None:
        return "judgement"
    if test == "equal":
        ties = abs(model_low - low) <= TOLERANCE * low and abs(model_high - high) <= TOLERANCE * high
    else:
        ties = model_low <= high and low <= model_high
    return "ties" if ties else "does-not-tie"
