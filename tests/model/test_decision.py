"""The base case and its sensitivities to the digits of the specification, and what conventions must not move.

The expected numbers were computed outside this code, cohort by cohort and in a spreadsheet.
"""

import numpy as np
import pytest

from xl_aicost.assumptions import load_assumptions
from xl_aicost.case import Case, model

BASE = Case.of().values


def result(line, years=10, periods_per_year=1, **changes):
    return model().evaluate([line], BASE | changes, years, periods_per_year)[line]


@pytest.mark.parametrize(
    ("line", "expected", "digits"),
    [
        ("cluster_npv", -197.372e6, 5e2),
        ("cluster_irr", 0.01738, 5e-6),
        ("payback_years", np.nan, 0),
        ("payback_first_purchase_years", 6.145, 5e-4),
        ("residual_value", 110.671e6, 5e2),
        ("cluster_revenue_value", 996.125e6, 5e2),
        ("cluster_cost_value", 1193.497e6, 5e2),
        ("pay_value_per_job", 3_252_569, 0.5),
        ("payroll_value", 12.0454e9, 5e4),
        ("severance_due", 0.49995e9, 5e3),
        ("option_a_ai_share", 0.90758, 5e-6),
        ("layoffs", 3703.35, 5e-3),
        ("jobs_work_lost", 3070.5, 0.05),
        ("efficiency_jobs", 666.1, 0.05),
        ("depreciation_passes_payroll_year", 4, 0),
        ("ai_revenue_breakeven_year", 7, 0),
        ("breakeven_revenue", 15.5e9, 5e7),
        ("breakeven_revenue_steady", 77.5e9, 5e7),
        ("ai_depreciation", 9.911e9, 5e5),
        ("layoff_coverage_depreciation", 0.168, 5e-4),
    ],
)
def test_base_results(line, expected, digits):
    assert result(line) == pytest.approx(expected, rel=0, abs=digits, nan_ok=True)


HIGH_GAIN = {"ai_adoption": 0.926, "time_saved_share": 0.1, "review_share": 0.15, "realised_share": 1}
HIGH_GAIN |= {"tool_cost_per_user": 360}
FALL = {"rental_price_decline": 0.27, "gpu_price_decline": 0.27}
SENSITIVITIES = [  # B - A in bn, break-even output a job, AI share of A, worth of a dollar of AI and of people
    ({}, (-0.35, 434_188, 0.908, 0.835, 0.865)),
    ({"ai_adoption": 0}, (-2.41, 359_993, 0.908, 0.835, 1.043)),
    ({"work_lost_share": 0.5}, (5.67, 1_093_810, 0.908, 0.835, 0.343)),
    ({"work_lost_share": 0}, (9.64, np.nan, 0.908, 0.835, 0)),
    ({"output_multiple": 0}, (9.64, 434_188, 0.908, 0.835, 0)),
    ({"output_multiple": 2}, (-10.34, 434_188, 0.908, 0.835, 1.730)),
    ({"output_multiple": 3.3}, (-23.32, 434_188, 0.908, 0.835, 2.855)),
    ({"rental_price": 1.70}, (-3.02, 314_093, 0.908, 0.604, 0.865)),
    ({"rental_price": 2.73}, (1.21, 504_397, 0.908, 0.970, 0.865)),
    ({"rental_price": 3.50}, (4.36, 646_663, 0.908, 1.243, 0.865)),
    ({"utilization": 0.9, "power_draw_share": 0.9}, (1.46, 515_755, 0.909, 0.991, 0.865)),
    ({"useful_life": 3}, (-2.66, 330_112, 0.930, 0.635, 0.865)),
    ({"useful_life": 6}, (0.35, 465_694, 0.901, 0.895, 0.865)),
    ({"discount_rate": 0.08}, (0.09, 453_928, 0.903, 0.870, 0.862)),
    ({"discount_rate": 0.12}, (-0.70, 415_915, 0.912, 0.802, 0.868)),
    (FALL, (-4.90, 229_051, 0.887, 0.440, 0.865)),
    ({"attrition_share": 0.5}, (-0.14, 443_589, 0.906, 0.835, 0.847)),
    ({"layoff_share": 0.1}, (-2.87, 391_699, 0.815, 0.835, 0.959)),
    ({"ai_spend": 137.5e9}, (-0.35, 434_188, 0.956, 0.835, 0.865)),
    ({"residual_basis": 2}, (0.41, 468_609, 0.900, 0.901, 0.865)),
    ({"residual_basis": 0}, (-0.68, 419_201, 0.911, 0.806, 0.865)),
    (HIGH_GAIN, (9.64, np.nan, 0.908, 0.835, 0)),
]


@pytest.mark.parametrize(("changes", "expected"), SENSITIVITIES, ids=lambda v: str(v)[:40])
def test_sensitivities(changes, expected):
    advantage, breakeven, share, ai, people = expected
    assert result("option_b_value_advantage", **changes) / 1e9 == pytest.approx(advantage, abs=5.01e-3)
    assert result("breakeven_output_per_job", **changes) == pytest.approx(breakeven, abs=0.51, nan_ok=True)
    found = [result(n, **changes) for n in ("option_a_ai_share", "ai_return_ratio", "people_return_ratio")]
    assert found == pytest.approx([share, ai, people], abs=5.01e-4)


@pytest.mark.parametrize(("growth", "passes", "breaks_even"), [(0, 4, 7), (0.3, 3, 15), (0.9, 3, np.nan)])
def test_when_it_bites(growth, passes, breaks_even):
    found = [
        result(n, years=15, ai_spend_growth_rate=growth)
        for n in ("depreciation_passes_payroll_year", "ai_revenue_breakeven_year")
    ]
    assert found == pytest.approx([passes, breaks_even], nan_ok=True)


RIVAL = {  # adoption, time saved, review, realised, cost of a user's tools
    "low": (0.28, 0.028, 0.40, 0.05, 6600),
    "base": (0.75, 0.055, 0.37, 0.5, 2400),
    "high": (0.926, 0.10, 0.15, 1, 360),
}


@pytest.mark.parametrize(("cut", "shares"), [(3600, (0, 0.185, 1)), (8000, (0, 0.089, 0.769))])
def test_what_efficiency_explains_of_the_cuts_of_meta(cut, shares):
    """Opening headcounts of 2025 and 2026."""
    people = 74_067 if cut == 3600 else 78_865
    names = ("ai_adoption", "time_saved_share", "review_share", "realised_share", "tool_cost_per_user")
    for values, share in zip(RIVAL.values(), shares, strict=True):
        changes = dict(zip(names, values, strict=True)) | {"headcount": people, "layoffs": cut}
        assert result("efficiency_share_of_cut", **changes) == pytest.approx(share, abs=2e-3)


META = {"operating_cash_flow": 115.8e9, "capex_purchases": 69.691e9, "finance_lease_principal": 2.524e9}
META |= {"buybacks": 44.648e9, "dividends": 5.324e9, "acquisitions": 1.677e9, "securities_net": 28.385e9}
META |= {"debt_net": 29.906e9, "share_based_compensation": 20.427e9, "loaded_cost": 450_000, "layoffs": 3600}
META |= {"headcount": 78_865}  # the table divides the stock pay of 2025 by the heads at its end
ORACLE = dict.fromkeys(META, np.nan)
ORACLE |= {"operating_cash_flow": 31.98e9, "capex_purchases": 55.663e9, "finance_lease_principal": 0, "layoffs": 21_000}
ORACLE |= {"headcount": 162_000, "loaded_cost": 200_000, "noncash_pay_share": 0.148454}


@pytest.mark.parametrize(
    ("company", "line", "expected", "digits"),
    [
        (META, "capex_total", 72.215e9, 1),
        (META, "free_cash_flow", 43.585e9, 1),
        (META, "distributions", 49.972e9, 1),
        (META, "funding_gap", 0, 0),
        (META, "funding_gap_after_distributions", 6.387e9, 1),
        (META, "noncash_pay_share", 0.576, 5e-4),
        (META, "cash_cost_per_job", 190_988, 0.5),
        (META, "cut_cash_saving", 0.688e9, 5e5),
        (META, "layoff_savings", 1.620e9, 1),
        (META, "cut_cash_first_year", -0.142e9, 5e5),
        (META, "cut_to_distributions", 0.014, 5e-4),
        (META, "cut_to_gap", np.nan, 0),
        (META, "jobs_to_close_gap", 0, 0),
        (META, "jobs_to_close_gap_after_distributions", 33_442, 0.5),
        (META, "change_in_cash_computed", -6.543e9, 1e3),
        (META, "affords_ai_and_people", 1, 0),
        (META, "affords_distributions_too", 0, 0),
        (META, "cut_closes_gap", np.nan, 0),
        (ORACLE, "free_cash_flow", -23.683e9, 1),
        (ORACLE, "distributions", np.nan, 0),
        (ORACLE, "funding_gap", 23.683e9, 1),
        (ORACLE, "funding_gap_after_distributions", np.nan, 0),
        (ORACLE, "cash_cost_per_job", 170_309, 0.5),
        (ORACLE, "cut_cash_saving", 3.576e9, 5e5),
        (ORACLE, "cut_to_gap", 0.15, 5e-3),
        (ORACLE, "cut_to_distributions", np.nan, 0),
        (ORACLE, "jobs_to_close_gap", 139_059, 1),
        (ORACLE, "affords_ai_and_people", 0, 0),
        (ORACLE, "affords_distributions_too", np.nan, 0),
        (ORACLE, "cut_closes_gap", 0, 0),
        (ORACLE, "stopping_distributions_closes_gap", np.nan, 0),
        (ORACLE, "change_in_cash_computed", np.nan, 0),
    ],
)
def test_affordability_of_two_companies(company, line, expected, digits):
    assert result(line, **company) == pytest.approx(expected, rel=0, abs=digits, nan_ok=True)


HORIZONS = range(6, 21)
OTHER_CASES = [
    {},
    {"useful_life": 3},
    {"useful_life": 5.5, "build_years": 3},
    FALL,
    {"rental_price": 3.5, "discount_rate": 0.08},
    {"utilization": 0.6, "wage_growth": 0.05, "opex_growth": 0.03},
]


@pytest.mark.parametrize("changes", OTHER_CASES, ids=str)
@pytest.mark.parametrize("periods_per_year", [4, 12])
def test_quarters_and_months_give_the_answers_of_years(changes, periods_per_year):
    def found(line, n):
        return result(line, periods_per_year=n, **changes)

    def apart(line):
        return abs(found(line, periods_per_year) - found(line, 1))

    assert apart("cluster_npv") < 0.005 * result("cluster_capex", **changes)
    assert apart("option_b_value_advantage") < 0.005 * result("payroll_value", **changes)
    rates = [found("cluster_irr", n) for n in (1, periods_per_year)]
    assert np.isnan(rates).all() or abs(rates[1] - rates[0]) < 0.003


def test_the_base_case_is_nearer_still():
    for n in (4, 12):
        assert abs(result("cluster_npv", periods_per_year=n) - result("cluster_npv")) < 0.001 * result("cluster_capex")
        apart = abs(result("option_b_value_advantage", periods_per_year=n) - result("option_b_value_advantage"))
        assert apart < 0.0005 * result("payroll_value")
        assert abs(result("cluster_irr", periods_per_year=n) - result("cluster_irr")) < 2e-5


def test_the_horizon_does_not_decide():
    values = np.array([result("cluster_npv", years=n) for n in HORIZONS])
    steps = np.diff(values)
    assert np.abs(np.diff(steps)).max() < 0.02 * result("cluster_capex")
    assert len(set(np.sign(steps))) == 1
    breakeven = np.array([result("breakeven_output_per_job", years=n) for n in HORIZONS])
    assert np.abs(breakeven / breakeven.mean() - 1).max() < 0.05
    assert (round(breakeven.min(), -3), round(breakeven.max(), -3)) == (418_000, 445_000)


@pytest.mark.parametrize("line", ["cluster_npv", "residual_value", "ai_depreciation_path", "gpus_in_service"])
@pytest.mark.parametrize("periods_per_year", [1, 4])
def test_no_life_makes_a_jump(line, periods_per_year):
    lives = np.linspace(3, 11, 97)  # whole lives, halves and what lies between
    lower, upper = (
        result(line, years=12, periods_per_year=periods_per_year, useful_life=lives + step) for step in (-1e-6, 1e-6)
    )
    size = {"gpus_in_service": 10_000, "ai_depreciation_path": 65e9}.get(line, result("cluster_capex"))
    assert np.abs(upper - lower).max() < 2e-5 * size


def test_a_renewal_in_the_last_year_is_not_lost():
    """Bought again at the start of year 6: what it is worth at its end counts."""
    found = {n: result("cluster_npv", years=n) for n in (5, 6, 7)}
    capex = result("it_capex_path", years=6)
    assert capex[5] == pytest.approx(capex[0])
    assert result("residual_value", years=6) > 0.8 * 0.8 * capex[5]
    assert abs((found[7] - found[6]) - (found[6] - found[5])) < 0.02 * result("cluster_capex")


@pytest.mark.parametrize("life", [3, 4.25, 5.5, 6, 7.75])
@pytest.mark.parametrize("periods_per_year", [1, 4])
def test_a_broken_life_is_served_and_written_off_in_full(life, periods_per_year):
    settings = {"useful_life": life, "years": 30, "periods_per_year": periods_per_year}
    assert result("gpus_in_service", **settings) == pytest.approx(10_000)
    opening = (
        result("gpus_opening", **settings) + result("gpus_bought", **settings) - result("gpus_retired", **settings)
    )
    assert opening == pytest.approx(result("gpus_in_service", **settings))
    assert (result("book_value", **settings) >= -1e-6).all()


@pytest.mark.parametrize("basis", [0, 1, 2])
def test_two_ways_to_the_net_present_value_agree(basis):
    for changes in OTHER_CASES:
        found = {
            n: result(n, residual_basis=basis, **changes) for n in ("cluster_npv", "cluster_dated_flow", "date_factor")
        }
        assert np.sum(found["cluster_dated_flow"] * found["date_factor"]) == pytest.approx(found["cluster_npv"])
        rate = result("cluster_irr", residual_basis=basis, **changes)
        if not np.isnan(rate):
            at_rate = result("cluster_npv", **(changes | {"residual_basis": basis, "discount_rate": rate}))
            assert abs(at_rate) <= 1e-6 * result("cluster_capex", **changes)


def test_the_size_of_programme_and_cut_moves_no_answer():
    ratios = {"ai_adoption": 0.0}  # with no gain of AI the cut's size does not matter either
    one, other = (result("breakeven_output_per_job", **ratios, layoff_share=s) for s in (0.02, 0.2))
    assert one == pytest.approx(other)
    assert result("breakeven_output_per_job", ai_spend=1e9) == pytest.approx(result("breakeven_output_per_job"))


def test_cohorts_of_the_years_before_depreciate_until_their_life_ends():
    """100 bn a year for ten years: with the six years before given, IT depreciation is steady from the first year on."""
    before = {f"prior_capex_{k}": 100e9 for k in range(1, 7)}
    changes = {"ai_spend": 100e9, **before, "useful_life": 5.5, "facility_life": 6}
    running = result("clusters_running", **changes)
    assert running == pytest.approx(np.full(10, 100e9 * 5.5 / result("cluster_capex")))
    assert result("clusters_housed", **changes) == pytest.approx(np.full(10, 100e9 * 6 / result("cluster_capex")))
    charge = result("ai_depreciation_path", **changes)
    assert charge == pytest.approx(np.full(10, 100e9))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"work_lost_share": 0}, "breakeven_output_per_job"),
        ({"savings_years": 1, "loaded_cost": 1}, "people_return_ratio"),
        ({"rental_price": 0}, "cluster_irr"),
        ({"rental_price": 0}, "payback_years"),
        ({"rental_price": 0}, "payback_first_purchase_years"),
        ({"ai_revenue_growth": 0.001}, "ai_revenue_breakeven_year"),
        ({"loaded_cost": 10_000_000}, "depreciation_passes_payroll_year"),
        ({"layoff_share": 0}, "efficiency_share_of_cut"),
        ({"closing_headcount": np.nan}, "danger_zone"),
        ({"operating_cash_flow": np.nan}, "affords_ai_and_people"),
        ({"headcount": np.nan}, "depreciation_passes_payroll_year"),
    ],
)
def test_what_does_not_exist_is_not_available(changes, line):
    assert np.isnan(result(line, **changes))


ROWS = load_assumptions().values()


@pytest.mark.parametrize("item", ROWS, ids=lambda a: a.id)
def test_at_the_limits_of_an_input_a_result_is_a_number_or_not_available(item):
    """A division by nothing would be an error in the cells of a workbook, and its master check would fail."""
    ends = np.arange(item.min, item.max + 1) if item.unit == "choice" else np.array([item.min, item.max])
    found = model().evaluate(list(model().lines), BASE | {item.id: ends}, 3)
    assert [line for line, values in found.items() if np.isinf(values).any()] == []
