"""Lines over time on arrays: worked examples, and laws that hold for any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xl_aicost.formula import scalar
from xl_aicost.model import timeline
from xl_aicost.model.timeline import cumulative, dated, irr, lag, peak, present_value, renewals, total, trailing_sum


def test_worked_examples():
    x = np.array([10.0, 20, 0, 0, 0, 0])
    assert cumulative(x).tolist() == [10, 30, 30, 30, 30, 30]
    assert lag(x, 2).tolist() == [0, 0, 10, 20, 0, 0]
    assert trailing_sum(x, 2).tolist() == [10, 30, 20, 0, 0, 0]
    assert renewals(x, 2, 0).tolist() == [0, 0, 10, 20, 10, 20]
    assert renewals(x, 2, 0.5).tolist() == [0, 0, 5, 15, 12.5, 10]
    assert peak(x).tolist() == [20]
    assert dated(x, x * 2, x * 3).tolist() == [20, 80, 80, 0, 0, 0, 0]
    assert total(x).tolist() == [30]
    assert present_value(x, np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])).tolist() == [25]


def test_lives_may_differ_by_scenario():
    x = np.array([[1.0, 0, 0, 0, 0], [1.0, 0, 0, 0, 0]])
    life = np.array([[2.0], [3.0]])
    assert renewals(x, life, 0).tolist() == [[0, 0, 1, 0, 1], [0, 0, 0, 1, 0]]
    assert trailing_sum(x, life).tolist() == [[1, 1, 0, 0, 0], [1, 1, 1, 0, 0]]


def test_flows_at_dates_may_differ_by_scenario():
    found = dated([[-300.0, 0], [0, 0]], [[100.0, 120], [10, 20]], [[0, 50.0], [0, 5]])
    assert found.tolist() == [[-250, 110, 110], [5, 15, 15]]


@pytest.mark.parametrize(
    ("flows", "rate"),
    [([-100, 110], 0.1), ([-100, 30, 30, 30, 30], 0.0771384729520837), ([-100, 50], -0.5), ([1, 1], float("nan"))],
)
def test_irr(flows, rate):
    assert irr(flows)[0] == pytest.approx(rate, rel=1e-9, nan_ok=True)


@pytest.mark.parametrize(("guess", "rate"), [(0, 0.1), (0.11, 0.1), (0.19, 0.2), (0.3, 0.2)])
def test_of_two_rates_it_is_the_one_near_the_guess(guess, rate):
    """-100 + 230 / g - 132 / g^2 is nothing at g = 1.1 and at g = 1.2."""
    assert irr([-100, 230, -132], guess)[0] == pytest.approx(rate, rel=1e-9)
    assert timeline.rate_of_return([-100, 230, -132], guess, -0.5)[0] == pytest.approx(rate, rel=1e-9)


@pytest.mark.parametrize(("flows", "none"), [([0.5, 0.5], True), ([-0.5, -0.5], True), ([-0.5, 0.8], False)])
def test_flows_of_one_sign_are_known_to_have_no_rate(flows, none):
    """So that no rate is looked for, however small they are."""
    assert timeline._none_above(np.array(flows)[:, None], np.ones(1)).tolist() == [none]


rows = st.lists(st.integers(0, 1000), min_size=1, max_size=12).map(lambda r: np.array(r, float))


parts = st.sampled_from([0.0, 0.25, 0.5, 0.875])


@given(rows, st.integers(1, 13), parts)
def test_what_is_bought_and_renewed_is_always_in_service(added, whole, part):
    """Renewal at the end of life keeps the whole fleet in service for ever."""
    bought = added + renewals(added, whole, part)
    np.testing.assert_allclose(trailing_sum(bought, whole) + part * lag(bought, whole), cumulative(added))


@given(rows, st.integers(1, 13), parts)
def test_renewals_renew_what_was_bought_one_life_ago(added, whole, part):
    again = renewals(added, whole, part)
    bought = added + again
    np.testing.assert_allclose(again, (1 - part) * lag(bought, whole) + part * lag(bought, whole + 1))


@given(rows, rows, rows)
def test_dating_moves_flows_and_loses_none(start, during, end):
    count = min(len(start), len(during), len(end))
    x = [row[:count] for row in (start, during, end)]
    found = dated(*x)
    assert found.shape == (count + 1,)
    assert found.sum() == sum(row.sum() for row in x)
    assert found[0] == x[0][0] + x[1][0] / 2
    assert found[-1] == x[1][-1] / 2 + x[2][-1]


@given(rows)
def test_a_trailing_sum_over_everything_is_cumulative(x):
    np.testing.assert_array_equal(trailing_sum(x, len(x)), cumulative(x))
    assert total(x)[0] == cumulative(x)[-1]


def test_rates_of_return_are_roots_of_the_polynomial():
    """Money out first and in later has one rate: the one root above 0 that numpy finds. Below the floor, the floor."""
    rng, floor = np.random.default_rng(5), -0.15
    flows = rng.uniform(0, 60, (400, 8))
    flows[:, 0] = -rng.uniform(20, 600, 400)
    rates = [float(max(r.real for r in np.roots(f) if abs(r.imag) < 1e-9 and r.real > 0)) - 1 for f in flows]
    expected = np.maximum(rates, floor)
    assert 50 < np.sum(expected == floor) < 350
    assert timeline.rate_of_return(flows, 1 / 12, floor)[:, 0] == pytest.approx(expected, abs=1e-9)
    with np.errstate(all="ignore"):
        assert [scalar.rate_of_return(f, 8, 1 / 12, floor) for f in flows] == pytest.approx(expected, abs=1e-9)
        halved = [scalar.halved(f, 8) - 1 for f in flows]
    assert np.maximum(np.nan_to_num(halved, nan=floor), floor) == pytest.approx(expected, abs=1e-9)


def test_flows_without_a_rate_above_the_floor_are_known_without_a_search():
    """By the signs of the polynomial at the floor: all alike, there is no root beyond it. A missing flow proves nothing."""
    for flows, proven in (([5, 1, 2], True), ([-5, 1, 2], True), ([-5, 9, 2], False), ([5, np.nan, 2], False)):
        assert scalar.none_above(np.array(flows, float), 3, 0.85) == proven


SEVERAL = [
    [50, -166, -90, 68.5, 84.7, -12.8],
    [110, -519.899, -57.245, 1800.7, -1233.798, 0],
    [-190, 30, -1370.926, 0, -850.566, -170, 1666.288],
    [-60, 20, 700.152, 70, 200, 209.167, -60, -125.979],
    [47.36, -133.519, 63.742, -3.058, 48.467, 160.036, -228.086, 26.095],
    [10, -1171.85, 0, -736.259, -2010.458, -20, 70, -246.249, 90, 130],
]


@pytest.mark.parametrize("flows", SEVERAL)
def test_of_several_rates_one_above_the_floor_is_found_however_large(flows):
    """Where Newton's method goes astray from the guess, and with a rate of 11,619%: numpy finds the same root."""
    flows, floor = np.array(flows, float), -0.15
    rates = [r.real - 1 for r in np.roots(flows) if abs(r.imag) < 1e-9 and r.real - 1 > floor]
    with np.errstate(all="ignore"):
        found = timeline.rate_of_return(flows, 0.08, floor)[0]
        assert scalar.rate_of_return(flows, len(flows), 0.08, floor) == pytest.approx(found, rel=1e-9)
    assert min(abs(found - rate) for rate in rates) < 1e-9 * max(1, found)
