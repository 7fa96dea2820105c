"""The worked example by pocket calculator, in numpy; the same through a workbook's rows stands in tests/engines."""

import numpy as np
import pytest

from tests.model.worked_example import EXPECTED, INPUTS, MILLION, YEARS
from xl_aicost.case import Case, model

CASE = Case.of().values | INPUTS


def result(line, **changes):
    return model().evaluate([line], CASE | changes, YEARS)[line]


def scale(line):
    return MILLION if model().lines[line].unit.startswith("USD") else 1


@pytest.mark.parametrize("line", EXPECTED)
def test_every_number_of_the_worked_example(line):
    expected = np.asarray(EXPECTED[line], float)
    found = np.asarray(result(line)) / scale(line)
    np.testing.assert_allclose(found, np.broadcast_to(expected, found.shape), rtol=2e-6, atol=5.1e-4)
    assert expected.ndim == found.ndim


def test_the_net_present_value_by_dates_is_the_same():
    factor = result("date_factor")
    assert factor == pytest.approx([1, 0.909091, 0.826446, 0.751315], abs=1e-6)
    assert np.sum(result("cluster_dated_flow") * factor) == pytest.approx(result("cluster_npv"), rel=1e-12)


def test_the_net_present_value_at_the_rate_of_return_is_nothing():
    assert abs(result("cluster_npv", discount_rate=result("cluster_irr"))) < 1e-6 * result("cluster_capex")


def test_with_a_margin_of_120_it_never_pays_back():
    rent = 160e6 / 70.08e6
    assert result("cumulative_cash_flow", rental_price=rent) / MILLION == pytest.approx([-180, -60, -140])
    assert np.isnan(result("payback_years", rental_price=rent))


def test_both_options_spend_the_same_present_cash():
    a = result("option_a_ai_share") * result("programme_cost_value") + result("payroll_value")
    b = result("programme_cost_value") + result("severance_due")
    assert a / MILLION == pytest.approx(904.027, abs=5e-4)
    assert a == pytest.approx(b, rel=1e-12)


def test_the_difference_of_the_options_has_a_closed_form():
    work = 1.5 * result("lost_work_value")
    closed = result("cut_value") * result("ai_return_ratio") - work
    assert (work / MILLION, closed / MILLION) == pytest.approx((338.802, -11.187), abs=6e-4)
    assert closed == pytest.approx(result("option_b_value_advantage"), rel=1e-9)


def test_one_depreciation():
    share = result("it_capex") / result("cluster_capex")
    by_shares = 600e6 * (share / 2 + (1 - share) / 10)
    assert result("ai_depreciation") == pytest.approx(by_shares, rel=1e-12)
