"""The results of the scenarios: stories that differ as they are told, inside what the ranges allow."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from xl_aicost.assumptions import COMPANY_INPUTS, load_assumptions, load_scenarios
from xl_aicost.case import Case
from xl_aicost.catalogue.scenarios import QUESTIONS, _shown, picture
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


@pytest.mark.parametrize(
    ("number", "unit", "shown"),
    [
        (float("nan"), "USD", "n/a"),
        (621_001_085, "USD", "621 m"),
        (-1_621_001_085, "USD/year", "-1.6 bn"),
        (999_999, "USD", "999,999"),
        (1.234, "USD/GPU-hour", "1.23"),
        (0.1234, "share", "12.3%"),
        (1234.5, "GPUs", "1,234"),
        (12.345, "years", "12.35"),
    ],
)
def test_numbers_are_shown_short(number, unit, shown):
    assert _shown(number, unit) == shown


def test_the_picture_has_a_bar_and_a_mark_for_each_scenario_drawn_to_scale():
    svg = ElementTree.fromstring(picture())
    tag = "{http://www.w3.org/2000/svg}"
    _, _, width, height = map(float, svg.get("viewBox").split())
    ground, *bars = svg.iter(f"{tag}rect")
    marks, count = [*svg.iter(f"{tag}line")], len(load_scenarios())
    assert (float(ground.get("width")), float(ground.get("height"))) == (width, height)
    assert len(bars) == len(marks) == 2 * count
    named = {t.text: float(t.get("x")) for t in svg.iter(f"{tag}text") if t.get("text-anchor") == "end"}
    assert [*named] == [s.title for s in load_scenarios().values()]
    for k, (bar, mark) in enumerate((("gpu_hour_cost", "rental_price"), ("breakeven_output_per_job", "loaded_cost"))):
        own, begin = slice(k * count, (k + 1) * count), float(bars[k * count].get("x"))
        values = [value(bar, s) for s in load_scenarios()], [value(mark, s) for s in load_scenarios()]
        scale = 330 / max(map(max, values))
        assert [float(b.get("width")) for b in bars[own]] == pytest.approx([v * scale for v in values[0]], abs=0.06)
        ends = [float(m.get("x1")) - begin for m in marks[own]]
        assert ends == pytest.approx([v * scale for v in values[1]], abs=0.06)
        assert begin + 330 <= (float(bars[count].get("x")) if k == 0 else width)
        places = [float(b.get("y")) for b in bars[own]]
        assert [b - a for a, b in pairwise(places)] == [34] * (count - 1)
        assert places[-1] + 34 < height < places[-1] + 2 * 34
    assert max(named.values()) < float(bars[0].get("x"))
