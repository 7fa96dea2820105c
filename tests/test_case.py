"""One case: values, their origins, and what follows from them."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from xl_aicost.assumptions import COMPANY_INPUTS, Facts, load_assumptions, load_facts, load_scenarios
from xl_aicost.assumptions.companies import years_of, years_on_file
from xl_aicost.assumptions.figures import NAMES
from xl_aicost.assumptions.loader import COMPANY_ESTIMATES
from xl_aicost.case import Case, model
from xl_aicost.catalogue.explain import explain
from xl_aicost.errors import InputError, UnknownNameError
from xl_aicost.simulate import simulate, tornado
from xl_aicost.workbook.build import assemble

COMPANY_YEARS = [(company, year) for company in NAMES for year in years_of(company)]
ON_FILE = [(company, year) for company in NAMES for year in years_on_file(company)]


def nodes(tree):
    yield tree
    for below in tree.precedents:
        yield from nodes(below)


@pytest.mark.parametrize(("company", "year"), ON_FILE)
def test_no_input_of_a_company_names_the_source_of_another(company, year):
    case = Case.of(company=company, year=year)
    own = {f.source for f in load_facts() if f.company == company}
    for name in COMPANY_INPUTS:
        origin, value = case.origins[name], case.values[name]
        assert origin.kind == "company", name
        if math.isnan(value):
            assert (origin.source, origin.note) == ("", f"n/a: not on file for {company} {year}"), name
        elif origin.source:
            assert set(origin.source.replace(", ", " and ").split(" and ")) <= own, name
            assert origin.note.startswith(f"{company} {year}")
        else:
            assert (name, value) == ("finance_lease_principal", 0), name  # counted as 0, which its note says
            assert "assumed" in origin.note
    for name in COMPANY_ESTIMATES:
        origin = case.origins[name]
        if math.isnan(case.values[name]):
            assert (name, origin.source, origin.note) == ("loaded_cost", "", f"n/a: not on file for {company} {year}")
        elif origin.kind == "company":
            assert set(origin.source.split(" and ")) <= own, name
        else:
            assert "general assumption" in origin.note or name == "ai_revenue", name


@pytest.mark.parametrize(("company", "year"), ON_FILE)
def test_no_result_of_a_company_uses_a_figure_of_another(company, year):
    lines = list(model().lines)
    case = Case.of(company=company, year=year)
    alone = Facts(f for f in load_facts() if f.company == company)
    moved = {i: replace(a, base=a.base * 0.7 + 3) for i, a in load_assumptions().items() if i in COMPANY_INPUTS}
    table = replace(case.assumptions, rows={**case.assumptions.rows, **moved})
    other = Case.of(company=company, year=year, facts=alone, assumptions=table)
    found, again = (model().evaluate(lines, c.values, c.years, c.periods_per_year) for c in (case, other))
    for line in lines:
        np.testing.assert_array_equal(found[line], again[line], err_msg=line)


def test_a_figure_that_is_not_on_file_makes_what_needs_it_na():
    oracle = Case.of(company="ORCL", year=2026)
    for line in ("distributions", "funding_gap_after_distributions", "change_in_cash_computed"):
        assert math.isnan(oracle.evaluate(line)), line
    assert oracle.evaluate("ai_spend_to_cash_flow") == pytest.approx(1.74, abs=0.005)
    assert math.isnan(Case.of(company="GOOGL", year=2026).evaluate("layoff_coverage"))


def test_amazon_s_payroll_is_that_of_its_corporate_people_and_says_so():
    case = Case.of(company="AMZN", year=2025)
    assert case.evaluate("spend_to_payroll") == pytest.approx(133.376e9 / (350_000 * 275_000))
    assert case.evaluate("capex_per_employee") == pytest.approx(133.376e9 / 1_576_000)
    assert case.evaluate("headcount_growth") == pytest.approx(1_576_000 / 1_556_000 - 1)
    assert "headcount and loaded_cost are those of Amazon's corporate people" in case.notes[0]
    assert "corporate" in case.origins["headcount"].note


def test_a_cut_is_a_share_of_the_people_before_it():
    case = Case.of(company="META", year=2025)
    assert case.values["headcount"] == case.values["prior_headcount"] == 74_067
    assert case.values["closing_headcount"] == 78_865
    assert case.evaluate("layoffs") == pytest.approx(4_200)
    assert case.values["layoff_share"] == pytest.approx(4_200 / 74_067)


def test_a_guided_year_takes_the_middle_of_the_newest_guidance_and_labels_all_it_takes():
    case = Case.of(company="META", year=2026)
    assert case.values["ai_spend"] == 137.5e9
    assert "guidance, 130 to 145 billion, its middle" in case.origins["ai_spend"].note
    assert "given 2026-07-29" in case.origins["ai_spend"].note
    assert case.origins["operating_cash_flow"].note == "META 2026: twelve months to 2026-06"
    assert case.origins["closing_headcount"].note == "META 2026: Q2-2026"
    assert "announced in the fiscal year" in case.origins["layoff_share"].note
    assert case.evaluate("danger_zone") == 1
    assert "cash flow and revenue are of the twelve months to 2026-06" in case.notes[0]


def test_pay_is_the_company_s_own_or_not_on_file_and_a_life_its_own_or_assumed_in_words():
    meta, oracle = Case.of(company="META", year=2025), Case.of(company="ORCL", year=2026)
    assert meta.values["useful_life"] == 5.5
    assert "median employee" in meta.origins["loaded_cost"].note
    assert math.isnan(oracle.values["loaded_cost"])
    assert (oracle.origins["loaded_cost"].kind, oracle.origins["loaded_cost"].source) == ("company", "")
    assert re.search("not on file, so n/a: .*loaded_cost", oracle.notes[0])
    apple = Case.of(company="AAPL", year=2025)
    assert apple.origins["useful_life"].kind == "assumption"
    assert "no policy of Apple is on file: the general assumption" in apple.notes[0]
    assert Case.of(scenario="short-life", company="META").values["useful_life"] == 3


@pytest.mark.parametrize(("company", "year"), COMPANY_YEARS)
def test_what_a_company_filed_never_varies_and_everything_else_with_a_range_does(company, year):
    case = Case.of(company=company, year=year)
    ranged = {i for i, a in load_assumptions().items() if a.low != a.high and a.unit != "choice"}
    for line in ("capex_per_employee", "layoff_coverage", "ai_spend_growth", "spend_to_payroll", "layoffs_to_fund"):
        free = {i for i in model().upstream(line) & ranged if case.origins[i].kind == "assumption"}
        if math.isnan(case.evaluate(line)):
            with pytest.raises(InputError, match=rf"{line} is n/a: .*not on file for {company} {year}"):
                simulate(line, case, draws=2)
        elif not free:
            with pytest.raises(InputError, match="nothing varies"):
                simulate(line, case, draws=2)
        else:
            assert {d.id for d in simulate(line, case, draws=2, threads=1).distributions} == free


def test_a_filed_figure_that_equals_the_base_is_still_filed():
    case = Case.of(company="META", year=2024)
    with pytest.raises(InputError, match=r"nothing varies.*ai_spend, closing_headcount: META 2024"):
        simulate("capex_per_employee", case, draws=2)


def test_an_explanation_names_the_source_of_the_value_that_stands_there():
    case = Case.of(company="AAPL", settings={"loaded_cost": 200_000})
    sources = {n.id: n.cited for n in nodes(explain("layoff_coverage", case))}
    assert sources["headcount"] == f"{case.origins['headcount'].source} ({case.origins['headcount'].note})"
    assert "those of the year's end" in sources["headcount"]
    assert sources["ai_spend"].endswith(f"(AAPL {case.year})")
    assert sources["layoff_share"] == f"n/a: not on file for AAPL {case.year}"
    assert sources["loaded_cost"] == "your setting"


def test_origins_are_told_apart_though_values_are_equal():
    base = load_assumptions()["gpu_unit_price"].base
    typed = Case.of(settings={"gpu_unit_price": base})
    assert typed.origins["gpu_unit_price"].kind == "setting"
    assert typed.overrides == {"gpu_unit_price": base}
    assert Case.of().origins["gpu_unit_price"].kind == "assumption"


@pytest.mark.parametrize("scenario", ["glut", "ai-works", "article-low", "article-high"])
def test_what_a_scenario_sets_is_the_scenario_s(scenario):
    case = Case.of(scenario=scenario)
    story = load_scenarios()[scenario]
    assert case.overrides == story.values
    assert {case.origins[i].note for i in case.overrides} == {scenario}
    assert {i: case.origins[i].source for i in case.overrides} == {s.id: s.source for s in story.settings}
    assert case.notes == ()


def test_a_scenario_is_found_by_its_title_too():
    assert Case.of(scenario="Short life").values == Case.of(scenario="short-life").values
    assert Case.of(scenario="Short life").overrides == {"useful_life": 3}


@pytest.mark.parametrize("end", ["low", "high"])
def test_low_and_high_set_each_range_to_one_end_and_say_that_they_are_no_scenario(end):
    case = Case.of(scenario=end)
    assert case.overrides == {i: getattr(a, end) for i, a in load_assumptions().items() if a.low != a.high}
    assert len(case.notes) == 1
    assert case.notes[0].startswith(f"{end} sets every input to the {end} end of its range: a test of the ranges, no")


def test_a_scenario_that_sets_every_range_leaves_nothing_to_simulate():
    for line in ("layoffs_to_fund", "layoff_coverage"):  # the low end of layoff_share is its base
        with pytest.raises(InputError, match=r"nothing varies.*: low"):
            simulate(line, Case.of(scenario="low"), draws=2)


@pytest.mark.parametrize("years", [0, -1, 2.5, "3"])
def test_a_horizon_is_a_whole_number_of_years(years):
    with pytest.raises(InputError, match="years = "):
        Case.of(years=years)


def test_a_case_is_the_same_for_simulate_and_for_a_workbook_with_a_simulation():
    edition = assemble("company", company="META", year=2024).edition
    assert edition.case.values == Case.of(company="META", year=2024).values
    assert edition.case.overrides.keys() == Case.of(company="META", year=2024).overrides.keys()


def test_periods_are_years_quarters_or_months():
    assert Case.of(years=3, periods_per_year=4).evaluate("capex_path").shape == (12,)
    with pytest.raises(InputError, match="periods_per_year = 2 is not one of 1, 4, 12"):
        Case.of(periods_per_year=2)


def test_a_chip_sets_its_hardware_and_ports_rails_and_racks_follow():
    h100, gb300 = Case.of(), Case.of(chip="GB300 NVL72")
    assert Case.of(chip="h100").values == h100.values
    assert gb300.origins["kw_per_gpu"].kind == "chip"
    assert gb300.origins["kw_per_gpu"].source == "epoch_it_power"
    assert gb300.evaluate("racks") == 139  # 10,000 GPUs in racks of 72
    assert gb300.evaluate("servers") == 2_500  # trays of four GPUs
    assert gb300.evaluate("single_tier_switches") == 4  # rails
    assert gb300.evaluate("network_tiers") == 2  # 144 ports a switch
    assert gb300.evaluate("cluster_capex") > h100.evaluate("cluster_capex")
    with pytest.raises(UnknownNameError, match="unknown chip 'h300': did you mean h200"):
        Case.of(chip="h300")


def test_a_setting_stands_over_a_chip_and_a_chip_over_a_scenario():
    assert Case.of(chip="gb200", settings={"kw_per_gpu": 2}).values["kw_per_gpu"] == 2
    assert Case.of(scenario="glut", chip="gb200").values["gpu_unit_price"] == 36_742


def test_guidance_varies_from_its_low_to_its_high_and_what_was_filed_does_not():
    case = Case.of(company="META", year=2026)
    (spending,) = simulate("capex_total", case, draws=2, threads=1).distributions
    assert (spending.id, spending.low, spending.mode, spending.high) == ("capex_purchases", 130e9, 137.5e9, 145e9)
    assert [s.inputs for s in tornado("ai_spend_growth", case)] == [("ai_spend",)]
    assert tornado("ai_spend_growth", Case.of(company="META", year=2025)) == []
    typed = Case.of(company="META", year=2026, settings={"ai_spend": 140e9})
    assert tornado("ai_spend_growth", typed) == []
