"""A user's own assumptions are checked, and each error names file, row and column."""

import re
from urllib.parse import urlsplit

import pytest

from xl_aicost.assumptions import load_assumptions, load_chips, load_claims, load_facts, load_scenarios, load_sources
from xl_aicost.assumptions.benchmarks import load_benchmarks
from xl_aicost.case import model
from xl_aicost.errors import DataError

HEAD = "id,label,unit,low,base,high,min,max,kind,source,note\n"
GOOD = "pue,PUE,ratio,1.1,1.2,1.3,1,3,actual,dcd_pue,\n"


def overlay(tmp_path, text):
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("pue,PUE,furlong,1.1,1.2,1.3,1,3,actual,dcd_pue,", ["mine.csv", "row 2", "column unit", "furlong"]),
        ("pue,PUE,ratio,1.4,1.2,1.3,1,3,actual,dcd_pue,", ["row 2", "column low", "unordered"]),
        ("pue,PUE,ratio,1.1,1.4,1.3,1,3,actual,dcd_pue,", ["row 2", "column high", "unordered"]),
        ("pue,PUE,ratio,1.1,1.2,1.3,1,3,actual,,", ["row 2", "column source", "empty"]),
        ("pue,PUE,ratio,1.1,1.2,1.3,1,3,actual,nowhere,", ["column source", "nowhere"]),
        ("pue,PUE,ratio,1.1,1.2,1.3,1,3,guess,dcd_pue,", ["column kind", "guess", "estimate"]),
        ('pue,PUE,ratio,"1,100",1.2,1.3,1,3,actual,dcd_pue,', ["column low", "1,100", "thousands"]),
        ("pue,PUE,ratio,1,100,1.2,1.3,1,3,actual,dcd_pue,", ["row 2", "more cells than columns", "thousands"]),
        ("pue,PUE,ratio,abc,1.2,1.3,1,3,actual,dcd_pue,", ["column low", "abc", "not a number"]),
        ("pue,PUE,ratio,1.1,,1.3,1,3,actual,dcd_pue,", ["column base", "empty"]),
        ("pue,PUE,ratio,1.1,1.2,1.3,1.15,3,actual,dcd_pue,", ["column low", "limits"]),
        ("h100,GPU,GPUs,1,1,1,0,9,actual,dcd_pue,", ["column id", "cell address"]),
        ("P UE,PUE,ratio,1.1,1.2,1.3,1,3,actual,dcd_pue,", ["column id", "not a name"]),
        ("pue_2,PUE,ratio,1.1,1.2,1.3,1,3,actual,dcd_pue,", ["pue_2", "not an input"]),
        (GOOD + GOOD.strip(), ["row 3", "column id", "twice"]),
    ],
)
def test_what_cannot_be_used_is_refused_where_it_stands(tmp_path, row, words):
    with pytest.raises(DataError) as error:
        load_assumptions(overlay(tmp_path, HEAD + row + "\n"))
    for word in words:
        assert word in str(error.value)


def test_a_missing_column_and_a_missing_file_are_named(tmp_path):
    with pytest.raises(DataError, match="no column 'base'"):
        load_assumptions(overlay(tmp_path, "id,label,unit,low,high\n"))
    with pytest.raises(DataError, match="no such file"):
        load_assumptions(tmp_path / "none.csv")


def test_an_overlay_replaces_by_id_and_leaves_the_rest(tmp_path):
    mine = load_assumptions(overlay(tmp_path, HEAD + GOOD))
    assert mine["pue"].base == 1.2
    assert mine["gpus"] == load_assumptions()["gpus"]


def test_unordered_rows_are_taken_when_they_say_so(tmp_path):
    row = "pue,PUE,ratio,1.3,1.2,1.1,1,3,actual,dcd_pue,unordered: low is the worse case\n"
    assert load_assumptions(overlay(tmp_path, HEAD + row))["pue"].low == 1.3


def test_every_input_of_the_model_has_an_assumption_and_every_assumption_is_read():
    assert set(load_assumptions()) == model().inputs
    assert len(load_assumptions()) >= 60


def test_every_source_named_is_on_file_and_every_source_is_used():
    used = {a.source for a in load_assumptions().values()} | {f.source for f in load_facts()}
    used |= {s for c in load_claims().values() for s in c.sources} | {b.source for b in load_benchmarks()}
    used |= {s.source for some in (load_scenarios(), load_chips()) for one in some.values() for s in one.settings}
    assert used <= set(load_sources())
    reserve = {
        "aiinframap_power",
        "legitlads_power",
        "uptime_2025",
    }  # the worked examples of tests/model/test_published.py
    reserve |= {"bick_adoption"}  # the low or high of an input, named in its note
    assert set(load_sources()) - used <= reserve


def test_an_assumption_without_a_source_says_why():
    for a in load_assumptions().values():
        if a.source == "model":
            assert a.kind == "assumption"
            assert a.note or a.id in {"wage_growth", "discount_rate"}, a.id


def test_scenarios_set_inputs_that_exist_inside_their_limits():
    table = load_assumptions()
    for story in load_scenarios().values():
        for name, value in story.values.items():
            assert table[name].min <= value <= table[name].max


def test_each_chip_has_price_server_power_size_rent_each_with_date_and_source():
    chips = load_chips()
    assert list(chips) == ["h100", "h200", "b200", "gb200", "gb300"]
    needed = {"gpu_unit_price", "server_unit_cost", "kw_per_gpu", "gpus_per_server", "gpus_per_rack", "rental_price"}
    for chip in chips.values():
        assert needed <= set(chip.values), chip.id
        assert all(re.match(r"20\d\d", s.note) for s in chip.settings), chip.id
        assert all(s.source != "model" or s.id == "gpus_per_rack" for s in chip.settings), chip.id


def test_the_base_case_is_the_h100_of_the_article():
    assert load_chips()["h100"].values == {i: load_assumptions()[i].base for i in load_chips()["h100"].values}


def test_no_figure_that_a_result_rests_on_has_a_bare_domain_for_a_source():
    used = {a.source for a in load_assumptions().values()} | {f.source for f in load_facts()}
    used |= {s for c in load_claims().values() for s in c.sources}
    used |= {s.source for some in (load_scenarios(), load_chips()) for one in some.values() for s in one.settings}
    named = [load_sources()[s] for s in used - {"article", "model"} if s in load_sources()]
    bare = [s.id for s in named if not urlsplit(s.url).path.strip("/")]
    assert bare == []
    assert len(named) > 120


def test_each_story_is_told_in_a_line_sets_something_and_says_why():
    first, *others = load_scenarios().values()
    assert (first.id, first.settings) == ("base", ())
    assert [s.title for s in others[:5]] == ["Glut", "Scarcity", "Short life", "AI works", "Funding squeeze"]
    for story in others:
        assert story.settings, story.id
        assert len(story.difference) > 20, story.id
        assert all(s.source != "model" or s.note for s in story.settings), story.id


def test_no_story_but_the_articles_own_leaves_the_range_of_an_input():
    table = load_assumptions()
    for story in load_scenarios().values():
        for name, value in story.values.items():
            ends = sorted((table[name].low, table[name].base, table[name].high))
            own = name in {"debt_net", "gpu_unit_price"} or story.id.startswith("article")
            assert own or ends[0] <= value <= ends[-1], (story.id, name)


def test_the_price_of_gpus_and_of_their_hours_move_together():
    for story in load_scenarios().values():
        assert story.values.get("gpu_price_decline") == story.values.get("rental_price_decline")
    glut, scarcity = (load_scenarios()[s].values for s in ("glut", "scarcity"))
    base = load_assumptions()
    for name in ("gpu_unit_price", "rental_price", "utilization"):
        assert glut[name] < base[name].base < scarcity[name]
