"""The article's claims: enough of them, each judged from numbers, those that fail explained."""

import pytest

from xl_aicost.catalogue.claims import judge, verdicts

FAIL = {"electricity", "wasted_compute", "failed_runs", "investment_gap", "cut_pays_spend", "danger_zone"}
TIE = {"hardware_alone", "operations_sum", "run_cost", "frontier_capital", "revenue_gap", "meta_layoffs"}


def test_there_are_enough_claims_and_each_says_why():
    found = verdicts()
    assert len(found) >= 25
    assert all(len(v.explanation) > 30 for v in found)


def test_what_is_known_to_fail_fails_and_what_ties_ties():
    by_id = {v.id: v.verdict for v in verdicts()}
    assert {i for i in FAIL if by_id[i] != "does-not-tie"} == set()
    assert {i for i in TIE if by_id[i] != "ties"} == set()


def test_the_wasted_compute_of_the_article_needs_a_thousand_million_at_its_high_end():
    claim = next(v for v in verdicts() if v.id == "wasted_compute")
    assert (claim.low, claim.high, claim.model_low, claim.model_high) == (100e6, 500e6, 100e6, 1000e6)


@pytest.mark.parametrize(
    ("test", "stated", "found", "verdict"),
    [
        ("equal", (10, 20), (10, 20), "ties"),
        ("equal", (10, 20), (10.04, 20.09), "ties"),
        ("equal", (10, 20), (10, 21), "does-not-tie"),
        ("overlap", (10, 20), (20, 30), "ties"),
        ("overlap", (10, 20), (5, 40), "ties"),
        ("overlap", (10, 20), (21, 30), "does-not-tie"),
        ("overlap", (10, 20), (1, 9), "does-not-tie"),
        ("judgement", (10, 20), (10, 20), "judgement"),
        ("equal", (None, None), (1, 2), "judgement"),
    ],
)
def test_verdicts(test, stated, found, verdict):
    assert judge(test, *stated, *found) == verdict
