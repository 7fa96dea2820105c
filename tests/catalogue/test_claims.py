"""The article's claims on two axes: the sums are the model's, the evidence is not the article's."""

import pytest

from xl_aicost.assumptions import load_claims
from xl_aicost.catalogue.claims import adds_up, counted, danger_zone, page, verdicts

FOUND = {v.id: v for v in verdicts()}
CONTRADICTED = {"electricity", "cut_pays_spend", "payroll_too_small", "ai_revenue", "options_swap", "builders_safe"}
SUPPORTED = {"run_cost", "frontier_capital", "meta_layoffs", "profitable"}


def test_there_are_enough_claims_and_each_says_why():
    assert len(FOUND) >= 40
    assert all(len(v.explanation) > 30 and v.sources and v.as_of >= "2023" for v in FOUND.values())


def test_the_evidence_is_what_is_known():
    assert {i for i in CONTRADICTED if FOUND[i].evidence != "contradicts"} == set()
    assert {i for i in SUPPORTED if FOUND[i].evidence != "supports"} == set()


def test_the_word_on_file_is_what_the_article_s_own_figures_come_to():
    for claim in load_claims().values():
        assert FOUND[claim.id].adds_up == claim.adds_up, claim.id


def test_the_wasted_compute_of_the_article_needs_a_thousand_million_at_its_high_end():
    claim = FOUND["wasted_compute"]
    assert (claim.low, claim.high, claim.comes_to_low, claim.comes_to_high) == (100e6, 500e6, 100e6, 1000e6)
    assert claim.adds_up == "partly"


@pytest.mark.parametrize(
    ("stated", "found", "word"),
    [
        ((10, 20), (10, 20), "yes"),
        ((10, 20), (10.04, 20.09), "yes"),
        ((10, 20), (10, 21), "partly"),
        ((10, 20), (11, 20), "partly"),
        ((10, 20), (12, 18), "no"),
    ],
)
def test_a_sum_adds_up_where_its_ends_agree(stated, found, word):
    assert adds_up(*stated, *found) == word


def test_the_count_names_every_claim_once_on_each_axis():
    found = list(FOUND.values())
    axis = [sum(v.evidence == word for v in found) for word in ("supports", "partly", "contradicts", "open")]
    assert sum(axis) == len(found)
    assert counted(found).startswith(f"{len(found)} claims: independent evidence supports {axis[0]}")


@pytest.mark.parametrize(
    ("company", "year", "begins"),
    [
        ("META", 2025, "no (+84%, +6.5%)"),
        ("META", 2026, "yes (+90%, -4.3%)"),  # guidance of July, people of June
        ("MSFT", 2026, "yes (+78%, -2.2%)"),
        ("ORCL", 2026, "yes (+162%, -13.0%)"),
        ("GOOGL", 2023, "yes (+2%, -4.1%)"),  # purchases alone
        ("GOOGL", 2025, "no (+76%, +4.1%)"),
        ("AMZN", 2025, "no (+57%, +1.3%)"),
        ("AMZN", 2026, ""),  # no headcount of 2026 is on file
    ],
)
def test_the_danger_zone_by_company_and_year(company, year, begins):
    assert danger_zone(company, year).removesuffix(" \\*") == begins


def test_the_page_shows_each_claim_and_a_word_for_each_year_of_a_company():
    text = page()
    for v in FOUND.values():
        assert f"| {v.claim} | {v.adds_up} | {v.sum} | **{v.evidence}** | {v.as_of} |" in text
    assert f"\n{counted(list(FOUND.values()))}.\n" in text
    years = range(2022, 2028)
    for company, name in (("ORCL", "Oracle"), ("META", "Meta")):
        words = (danger_zone(company, y) or "n/a" for y in years)
        assert f"| {name} | {' | '.join(words)} |" in text
    assert "| Apple |" not in text.rpartition("| company |")[2]  # nothing of it can be told
