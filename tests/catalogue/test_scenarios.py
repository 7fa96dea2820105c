"""The results of the scenarios: stories that differ as they are told, inside what the ranges allow."""

import pytest

from xl_aicost.assumptions import COMPANY_INPUTS, load_assumptions, load_scenarios
from xl_aicost.case import Case
from xl_aicost.catalogue.scenarios import QUESTIONS
from xl_aicost.simulate.bounds import bounds, ranged_inputs

STORIES = [s for s in load_scenarios() if not s.startswith("article")]
LINES = [line for lines in QUESTIONS.values() for line in lines]


def value(line, scenario):
    return float(Case.of(scenario=scenario).evaluate(line))


@pytest.mark.parametrize("line", LINES)
def test_no_story_but_the_article_s_lies_outside_what_the_ranges_allow(line):
    if not ranged_inputs(line, load_assumptions()):
        return
    ends = bounds(line)
    for story in STORIES:
        ranged = {i: v for i, v in load_scenarios()[story].values.items() if i not in COMPANY_INPUTS}
        found = float(Case.of(settings=ranged).evaluate(line))
        assert not found < ends.lowest.value * (1 - 1e-12 * (ends.lowest.value > 0)) - 1e-6, story
        assert not found > ends.highest.value + 1e-9 * abs(ends.highest.value), story


def test_each_story_does_what_it_tells():
    assert value("cluster_npv", "glut") < value("cluster_npv", "base") < value("cluster_npv", "scarcity")
    assert value("breakeven_output_per_job", "glut") < value("breakeven_output_per_job", "base")
    assert value("breakeven_output_per_job", "scarcity") > value("breakeven_output_per_job", "base")
    assert value("efficiency_share_of_cut", "ai-works") > 0.5 > value("efficiency_share_of_cut", "base")
    assert value("cluster_capex", "short-life") == value("cluster_capex", "base")
    assert value("cluster_npv", "short-life") < value("cluster_npv", "base")
    issued = load_assumptions()["debt_net"].base
    assert value("change_in_cash_computed", "funding-squeeze") == value("change_in_cash_computed", "base") - issued
    assert value("cluster_npv", "funding-squeeze") < value("cluster_npv", "base")


def test_what_the_article_states_is_what_its_scenarios_come_to():
    for line, ends in {"hardware_capex": (250e6, 400e6), "cluster_opex": (110e6, 240e6)}.items():
        assert (value(line, "article-low"), value(line, "article-high")) == ends
