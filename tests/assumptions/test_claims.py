"""Claims on two axes: none is tested against itself, and a range that merely overlaps is only partly borne out."""

import math
from datetime import date

import pytest

from xl_aicost.assumptions import load_assumptions, load_claims, load_facts
from xl_aicost.assumptions.companies import company_figures
from xl_aicost.case import model

CLAIMS = load_claims()


def inputs_of(line):
    """Return the inputs that a line or an input rests on."""
    graph = model()
    if line not in graph.lines:
        return {line}
    return set().union(*(inputs_of(p) for p in graph.lines[line].precedents)) if graph.lines[line].precedents else set()


def test_there_are_at_least_forty_claims_and_what_the_article_leaves_out_is_among_them():
    assert len(CLAIMS) >= 40
    wanted = "market_rewards builders_safe poor_planning low_performers all_four_cut until_returns cannot_afford_both"
    assert set(wanted.split()) <= set(CLAIMS)


@pytest.mark.parametrize("name", CLAIMS)
def test_no_evidence_can_be_reached_from_the_articles_own_number(name):
    claim = CLAIMS[name]
    assert not {"article", "model"} & set(claim.sources)
    # how many GPUs the claims are about is no figure that could bear them out
    own = {a.id for a in load_assumptions().values() if a.source == "article"} - {"gpus"}
    for figure in claim.figures:
        kind, _, what = figure.partition(":")
        if kind == "line":
            assert not inputs_of(what) & own, (what, inputs_of(what) & own)


@pytest.mark.parametrize("name", CLAIMS)
def test_each_fact_that_is_named_is_on_file_and_no_newer_than_the_day_of_the_verdict(name):
    claim, facts = CLAIMS[name], load_facts()
    for figure in claim.figures:
        kind, _, what = figure.partition(":")
        assert kind in {"line", "fact"}
        if kind == "fact":
            fact = facts.one(*what.split())
            assert fact is not None, what
            known = date.fromisoformat(fact.guidance_date) if fact.guidance_date else fact.period_end
            assert known <= claim.as_of, what


@pytest.mark.parametrize("name", CLAIMS)
def test_where_both_have_a_range_the_ranges_decide(name):
    claim = CLAIMS[name]
    if claim.by_range:
        assert claim.evidence == claim.by_range
        assert claim.found_low <= claim.found_high
    if claim.evidence == "open":
        assert math.isnan(claim.found_low)


def test_the_verdicts_are_not_all_one():
    found = [c.evidence for c in CLAIMS.values()]
    assert all(found.count(v) >= 4 for v in ("supports", "partly", "contradicts", "open"))


def test_the_thesis_is_judged_by_motive_and_by_magnitude_apart():
    assert CLAIMS["workers_fund_motive"].evidence == "partly"
    assert CLAIMS["workers_fund_magnitude"].evidence == "contradicts"
    saved = value("META 2026-05 layoffs_announced") * company_figures("META", 2026)["loaded_cost"].value
    guided = (value("META GUIDE-2026 capex_guidance_low") + value("META GUIDE-2026 capex_guidance_high")) / 2
    assert round(saved / guided, 2) == 0.03
    assert round(saved / (guided - value("META FY2025 capex_as_guided")), 2) == 0.07


def value(text):
    return load_facts().one(*text.split()).value


def test_ranges_that_are_reckoned_follow_from_the_facts_on_file():
    spending = (
        sum((value(f"{c} GUIDE-2026 capex_guidance_{end}") for c, end in (("META", "low"), ("META", "high"))), 0) / 2
    )
    spending += (value("GOOGL GUIDE-2026 capex_guidance_low") + value("GOOGL GUIDE-2026 capex_guidance_high")) / 2
    spending += value("AMZN GUIDE-2026 capex_guidance_mid") + value("MSFT GUIDE-2026 capex_guidance_mid")
    assert spending == 732.5e9
    least, most = value("MSFT FY2026 openai_revenue"), 25e9 + 30e9
    assert CLAIMS["investment_gap"].found_low == pytest.approx(spending / most, abs=0.05)
    assert CLAIMS["investment_gap"].found_high == pytest.approx(spending / least, abs=0.05)
    assert CLAIMS["revenue_gap"].found_low == pytest.approx(100e9 / most, abs=0.05)
    assert CLAIMS["revenue_gap"].found_high == pytest.approx(100e9 / least, abs=0.1)
    pay = company_figures("META", 2025)["loaded_cost"].value
    assert CLAIMS["options_swap"].found_low == pytest.approx(
        value("META FY2025 free_cash_flow") / (10_000 * pay), abs=0.05
    )
    saved, spent = 4_200 * pay, company_figures("META", 2025)["ai_spend"].value
    assert CLAIMS["cut_pays_spend"].found_high == pytest.approx(saved / spent, abs=0.001)
    assert CLAIMS["cut_pays_depreciation"].found_high == pytest.approx(
        saved / value("META FY2025 depreciation"), abs=0.002
    )
    whole = value("META FY2024 headcount") * pay
    assert CLAIMS["payroll_too_small"].found_low == pytest.approx(spent / whole, abs=0.05)
    share = value("META 2025-02 layoffs_announced") / value("META FY2024 headcount")
    assert CLAIMS["meta_layoffs"].found_low == pytest.approx(share, abs=0.0001)
