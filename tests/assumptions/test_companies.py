"""What a company-year gives the model: its own figures, each labelled for what it is, and n/a for the rest."""

import math

import pytest

from tests.conftest import DATA
from xl_aicost.assumptions import load_facts
from xl_aicost.assumptions.companies import company_figures, spending_before, years_on_file
from xl_aicost.assumptions.figures import company_id
from xl_aicost.errors import InputError, UnknownNameError

YEARS = [(c, y) for c in load_facts().companies() for y in years_on_file(c)]
STAND_INS = {"loaded_cost", "useful_life", "finance_lease_principal"}  # what may be assumed, and says so


def billions(figures, *names):
    return tuple(round(figures[n].value / 1e9, 3) for n in names)


def test_meta_2025_gives_the_inputs_of_the_published_table():
    found = company_figures("META", 2025)
    assert billions(found, "operating_cash_flow", "ai_spend", "free_cash_flow") == (115.8, 72.215, 43.585)
    assert found["buybacks"].value + found["dividends"].value == pytest.approx(49.972e9)
    gap = found["buybacks"].value + found["dividends"].value - found["free_cash_flow"].value
    assert gap == pytest.approx(6.387e9)
    change = -gap - sum(found[n].value for n in ("acquisitions", "securities_net")) + found["debt_net"].value
    assert change == pytest.approx(-6.543e9)  # cash as the flows on file leave it
    assert found["share_based_compensation"].value == 20.427e9
    assert found["headcount"].value == 74_067  # before the cut
    assert found["closing_headcount"].value == 78_865
    assert found["useful_life"].value == 5.5


def test_oracle_2026_gives_the_inputs_of_the_published_table():
    found = company_figures("ORCL", 2026)
    assert billions(found, "operating_cash_flow", "ai_spend", "capex_purchases") == (31.977, 55.663, 55.663)
    assert found["free_cash_flow"].value == pytest.approx(-23.686e9)
    assert found["ai_spend"].value / found["operating_cash_flow"].value == pytest.approx(1.74, abs=0.005)
    assert found["ai_spend"].value / found["company_revenue"].value == pytest.approx(0.83, abs=0.005)
    assert found["layoffs"].value == 21_000
    assert "no announced round" in found["layoffs"].definition
    assert found["layoff_share"].value == pytest.approx(21 / 162)
    assert found["share_based_compensation"].value == pytest.approx(4.81e9, rel=0.001)


def test_oracle_2026_lacks_what_is_not_on_file():
    found = company_figures("ORCL", 2026)
    assert math.isnan(found["buybacks"].value)
    assert found["buybacks"].kind == "n/a"
    assert "leases not on file" in found["ai_spend"].definition
    assert found["finance_lease_principal"].kind == "assumption"


@pytest.mark.parametrize(("company", "year"), YEARS)
def test_no_figure_is_another_companys(company, year):
    facts = load_facts()
    mine = {f.source for f in facts if f.company == company}
    values = {f.value for f in facts if f.company == company}
    for name, figure in company_figures(company, year).items():
        if figure.kind == "n/a":
            assert math.isnan(figure.value), name
        elif figure.kind == "assumption":
            assert name in STAND_INS
            assert figure.note, name
        elif figure.kind in {"filed", "quoted"}:
            assert figure.value in values, name
            assert figure.source in mine, name
        else:
            assert set(figure.source.split(" and ")) <= mine, name
        assert figure.definition, name


@pytest.mark.parametrize(("company", "year"), YEARS)
def test_a_figure_of_a_year_is_not_from_a_later_one(company, year):
    for name, figure in company_figures(company, year).items():
        if figure.period.startswith("FY"):
            assert int(figure.period[2:]) <= year, name


def test_a_guided_year_takes_guidance_cuts_so_far_and_trailing_flows_each_labelled():
    found = company_figures("META", 2026)
    spending = found["ai_spend"]
    assert (spending.value, spending.low, spending.high) == (137.5e9, 130e9, 145e9)
    assert (spending.kind, spending.period) == ("guidance", "GUIDE-2026")
    assert "2026-07-29" in spending.definition
    assert found["prior_ai_spend"].value == 72.215e9
    assert (found["company_revenue"].period, found["company_revenue"].kind) == ("TTM-2026-06", "derived")
    assert found["operating_cash_flow"].value == pytest.approx(130.301e9)
    assert found["layoffs"].value >= 8_000
    assert found["headcount"].value == 78_865
    assert (found["closing_headcount"].value, found["closing_headcount"].period) == (75_472, "Q2-2026")
    assert found["buybacks"].kind == "n/a"


@pytest.mark.parametrize(
    ("company", "low", "high", "given"),
    [
        ("GOOGL", 195e9, 205e9, "2026-07-22"),
        ("AMZN", 220e9, 220e9, "2026-07-30"),
        ("META", 130e9, 145e9, "2026-07-29"),
    ],
)
def test_the_newest_guidance_counts(company, low, high, given):
    spending = company_figures(company, 2026)["ai_spend"]
    assert (spending.low, spending.high) == (low, high)
    assert given in spending.definition


def test_guidance_for_a_calendar_year_is_not_taken_for_a_fiscal_one():
    assert years_on_file("MSFT")[-1] == 2026  # filed to June 2026; the 175 billion are of calendar 2026
    assert company_figures("MSFT", 2026)["ai_spend"].kind == "derived"


def test_microsofts_last_year_is_in_the_danger_zone():
    found = company_figures("MSFT", 2026)
    growth = found["ai_spend"].value / found["prior_ai_spend"].value - 1
    assert growth == pytest.approx(0.78, abs=0.01)
    assert found["closing_headcount"].value / found["opening_headcount"].value - 1 == pytest.approx(-0.022, abs=0.001)
    assert found["layoffs"].value == 9_000


def test_amazons_people_are_its_corporate_ones():
    found = company_figures("AMZN", 2025)
    assert found["headcount"].value == 350_000
    assert "corporate" in found["headcount"].definition
    assert found["layoff_share"].value == pytest.approx(0.04)
    assert found["opening_headcount"].value == 1_556_000


def test_pay_per_job_is_the_companys_own_and_says_what_it_rests_on():
    amazon = company_figures("AMZN", 2025)["loaded_cost"]
    assert (amazon.low, amazon.high, amazon.kind) == (200_000, 350_000, "estimate")
    assert "manager" in amazon.definition
    microsoft = company_figures("MSFT", 2026)["loaded_cost"]
    assert microsoft.value > company_figures("MSFT", 2026)["annual_compensation"].value == 193_744
    assert not company_figures("ORCL", 2026)["loaded_cost"].on_file


def test_filed_pay_over_average_heads_goes_first(tmp_path):
    head = "company,period,period_end,measure,value,unit,definition,kind,source,note\n"
    row = "META,FY2025,2025-12-31,employee_compensation,30e9,USD,compensation expense,filed,https://example.org/r,"
    path = tmp_path / "mine.csv"
    path.write_text(head + row + "\n", encoding="utf-8")
    pay = company_figures("META", 2025, load_facts(path))["loaded_cost"]
    assert pay.value == pytest.approx(30e9 / ((74_067 + 78_865) / 2))


def test_capital_spending_of_the_year_before_is_in_one_definition_or_not_there():
    assert company_figures("META", 2023)["prior_ai_spend"].value == pytest.approx(32.036e9)
    assert not company_figures("META", 2020)["prior_ai_spend"].on_file  # 2019 has no leases on file
    assert "net of sale proceeds" in company_figures("META", 2021)["prior_ai_spend"].definition


def test_spending_of_earlier_years_is_there_for_what_is_already_in_use():
    before = spending_before("MSFT", 2026)
    assert list(before) == list(range(2019, 2026))
    assert before[2025].value == pytest.approx(66.834e9)


def test_a_cut_is_dated_by_the_companys_fiscal_year():
    assert company_figures("MSFT", 2025)["layoffs"].value == 6_000  # May 2025
    assert company_figures("MSFT", 2026)["layoffs"].value == 9_000  # July 2025
    assert not company_figures("GOOGL", 2025)["layoffs"].on_file


def test_people_of_one_fiscal_year_never_stand_for_those_of_the_next():
    found = company_figures("CSCO", 2026)  # a year of 52 weeks, whose end was not on file when this was written
    assert found["opening_headcount"].value == 86_200
    assert math.isnan(found["closing_headcount"].value)
    assert found["layoff_share"].value == pytest.approx(4_000 / 86_200)
    assert company_figures("CSCO", 2025)["layoff_share"].value == pytest.approx(6_300 / 90_400)


def test_names_and_years_that_are_not_on_file_are_refused():
    assert company_id("alphabet") == "GOOGL"
    with pytest.raises(UnknownNameError, match="Nokia"):
        company_figures("Nokia")
    with pytest.raises(InputError, match="years on file: 2019"):
        company_figures("META", 1990)


def test_the_example_file_of_an_own_company_works_like_a_shipped_one():
    facts = load_facts(DATA.parent.parent / "workbooks" / "my_company.csv")
    found = company_figures("house", 2025, facts)
    assert found["ai_spend"].value == 2.1e9
    assert found["layoff_share"].value == pytest.approx(450 / 9_200)
    assert found["loaded_cost"].value == pytest.approx(1.7e9 / ((9_200 + 8_900) / 2))
    assert math.isnan(found["debt_net"].value)
    assert found["useful_life"].kind == "assumption"
    guided = company_figures("HOUSE", 2026, facts)["ai_spend"]
    assert (guided.value, guided.low, guided.high) == (3.0e9, 2.8e9, 3.2e9)
