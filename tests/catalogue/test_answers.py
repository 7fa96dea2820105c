"""The tables with which functions answer, and the figures that are chosen from those on file."""

import pytest

from xl_aicost.assumptions import load_facts
from xl_aicost.case import Case
from xl_aicost.catalogue import answers
from xl_aicost.catalogue.listing import facts_of
from xl_aicost.errors import InputError
from xl_aicost.simulate import simulate
from xl_aicost.simulate.bounds import bounds


@pytest.mark.parametrize(
    ("words", "case"),
    [
        ("", {}),
        ("glut", {"scenario": "glut"}),
        ("b200", {"chip": "b200"}),
        ("low, b200", {"scenario": "low", "chip": "b200"}),
        ("b200,low", {"scenario": "low", "chip": "b200"}),
    ],
)
def test_an_explanation_is_of_the_line_and_then_of_its_parts(words, case):
    head, *rows = answers.explanation("gpu_capex", "", 0, words)
    assert head == ["Id", "Formula", "Value", "Unit", "Source", "Origin"]
    assert [r[0] for r in rows] == ["gpu_capex", "gpus", "gpu_unit_price"]
    assert [float(r[2]) for r in rows] == [Case.of(**case).evaluate(r[0]) for r in rows]


@pytest.mark.parametrize("words", ["low, high", "h100, b200", "low, h100, b200", "low, glut, h100"])
def test_two_scenarios_or_two_chips_are_refused(words):
    with pytest.raises(InputError, match="is not one scenario, one chip, or both"):
        answers.explanation("gpu_capex", "", 0, words)


def test_an_explanation_takes_company_and_year():
    row = answers.explanation("capex_total", "META", 2025, "")[1]
    assert float(row[2]) == Case.of(company="META", year=2025).evaluate("capex_total")


def test_a_simulation_lists_mean_percentiles_and_drivers():
    found = simulate("layoffs_to_fund", draws=500, seed=4)
    rows = answers.simulation("layoffs_to_fund", 500, 4)
    expected = [
        ["Mean", found.mean, found.mean_error],
        *([f"P{p.level:g}", p.value, p.error] for p in found.percentiles),
    ]
    assert rows[1:9] == [[name, value, "" if error is None else error] for name, value, error in expected]
    assert rows[9:] == [
        ["Input", "Rank regression coefficient", ""],
        *([d.id, d.coefficient, ""] for d in found.drivers),
    ]


def test_the_ends_of_a_line_list_the_inputs_that_make_them_and_no_other():
    found = bounds("cluster_capex")
    rows = answers.bounds("cluster_capex")
    assert rows[1] == ["cluster_capex", found.highest.value, found.lowest.value]
    shown = {name: (high, low) for name, high, low in rows[2:-1]}
    assert shown == {
        i: (found.highest.inputs.get(i, ""), found.lowest.inputs.get(i, ""))
        for i in {**found.highest.inputs, **found.lowest.inputs}
    }
    assert "" in shown["switch_unit_price"]


FACTS = [*load_facts()]


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"company": "META"},
        {"period": "FY2025"},
        {"period": "fy"},
        {"measure": "CAPEX_purchases"},
        {"kind": "filed"},
        {"company": "MSFT", "period": "FY2024", "measure": "capex_purchases"},
    ],
)
def test_figures_on_file_are_chosen_by_company_period_measure_and_kind(chosen):
    expected = [
        f
        for f in FACTS
        if f.company == chosen.get("company", f.company)
        and f.period[: len(chosen.get("period", ""))] == chosen.get("period", "").upper()
        and f.measure == chosen.get("measure", f.measure).lower()
        and f.kind == chosen.get("kind", f.kind)
    ]
    assert expected
    assert facts_of(FACTS, **chosen) == expected


def test_no_figure_on_file_is_said():
    with pytest.raises(InputError, match="no figure on file matches"):
        facts_of(FACTS, company="META", period="FY1999")
