"""One case: values, their origins, and what follows from them."""

import math

import pytest

from xl_aicost.assumptions import COMPANY_INPUTS, load_assumptions, load_facts, load_scenarios
from xl_aicost.assumptions.companies import years_of
from xl_aicost.assumptions.figures import NAMES
from xl_aicost.case import Case, model
from xl_aicost.catalogue.explain import explain
from xl_aicost.errors import InputError
from xl_aicost.simulate import simulate
from xl_aicost.workbook.build import assemble

COMPANY_YEARS = [(company, year) for company in NAMES for year in years_of(company)]


def nodes(tree):
    yield tree
    for below in tree.precedents:
        yield from nodes(below)


@pytest.mark.parametrize(("company", "year"), COMPANY_YEARS)
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
            assert origin.note == f"{company} {year}"
        else:
            assert (name, value) == ("finance_lease_principal", 0), name  # counted as 0, which its note says


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
    with pytest.raises(InputError, match=r"nothing varies.*headcount, ai_spend: META 2024"):
        simulate("capex_per_employee", case, draws=2)


def test_an_explanation_names_the_source_of_the_value_that_stands_there():
    case = Case.of(company="AAPL", settings={"loaded_cost": 200_000})
    sources = {n.id: n.cited for n in nodes(explain("layoff_coverage", case))}
    assert sources["headcount"] == f"{case.origins['headcount'].source} (AAPL {case.year})"
    assert sources["ai_spend"].endswith(f"(AAPL {case.year})")
    assert sources["layoff_share"] == f"n/a: not on file for AAPL {case.year}"
    assert sources["loaded_cost"] == "your setting"


def test_origins_are_told_apart_though_values_are_equal():
    base = load_assumptions()["gpu_unit_price"].base
    typed = Case.of(settings={"gpu_unit_price": base})
    assert typed.origins["gpu_unit_price"].kind == "setting"
    assert typed.overrides == {"gpu_unit_price": base}
    assert Case.of().origins["gpu_unit_price"].kind == "assumption"


@pytest.mark.parametrize("scenario", ["article-low", "article-high"])
def test_what_a_scenario_sets_is_the_scenario_s(scenario):
    case = Case.of(scenario=scenario)
    assert case.overrides == load_scenarios()[scenario]
    assert {case.origins[i].note for i in case.overrides} == {scenario}


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
