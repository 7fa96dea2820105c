"""Lines over time on arrays: worked examples, and laws that hold for any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xl_aicost.model.timeline import cumulative, irr, lag, present_value, renewals, total, trailing_sum


def test_worked_examples():
    x = np.array([10.0, 20, 0, 0, 0, 0])
    assert cumulative(x).tolist() == [10, 30, 30, 30, 30, 30]
    assert lag(x, 2).tolist() == [0, 0, 10, 20, 0, 0]
    assert trailing_sum(x, 2).tolist() == [10, 30, 20, 0, 0, 0]
    assert renewals(x, 2).tolist() == [0, 0, 10, 20, 10, 20]
    assert total(x).tolist() == [30]
    assert present_value(x, np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])).tolist() == [25]


def test_lives_may_differ_by_scenario():
    x = np.array([[1.0, 0, 0, 0, 0], [1.0, 0, 0, 0, 0]])
    life = np.array([[2.0], [3.0]])
    assert renewals(x, life).tolist() == [[0, 0, 1, 0, 1], [0, 0, 0, 1, 0]]
    assert trailing_sum(x, life).tolist() == [[1, 1, 0, 0, 0], [1, 1, 1, 0, 0]]


@pytest.mark.parametrize(
    ("flows", "rate"),
    [([-100, 110], 0.1), ([-100, 30, 30, 30, 30], 0.0771384729520837), ([-100, 50], -0.5), ([1, 1], float("nan"))],
)
def test_irr(flows, rate):
    assert irr(flows)[0] == pytest.approx(rate, rel=1e-9, nan_ok=True)


rows = st.lists(st.integers(0, 1000), min_size=1, max_size=12).map(lambda r: np.array(r, float))


@given(rows, st.integers(1, 13))
def test_what_is_bought_and_renewed_is_always_in_service(added, life):
    """Renewal at the end of life keeps the whole fleet in service for ever."""
    bought = added + renewals(added, life)
    np.testing.assert_array_equal(trailing_sum(bought, life), cumulative(added))


@given(rows, st.integers(1, 13))
def test_renewals_renew_what_was_bought_one_life_ago(added, life):
    again = renewals(added, life)
    np.testing.assert_array_equal(again, lag(added, life) + lag(again, life))


@given(rows)
def test_a_trailing_sum_over_everything_is_cumulative(x):
    np.testing.assert_array_equal(trailing_sum(x, len(x)), cumulative(x))
    assert total(x)[0] == cumulative(x)[-1]
