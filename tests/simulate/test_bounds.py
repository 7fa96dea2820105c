"""Highest and lowest: what they find is never beaten by a corner that chance picks."""

import itertools

import numpy as np
import pytest

from xl_aicost.assumptions import load_assumptions, moving_together
from xl_aicost.case import Case
from xl_aicost.errors import InputError, UnknownNameError
from xl_aicost.simulate import bounds

FEW = ["cluster_capex", "gpu_hour_cost", "worker_runway_months", "efficiency_jobs"]
MANY = ["option_b_value_advantage", "cluster_npv", "people_return_ratio", "ai_return_ratio"]


def corners(line, choose):
    """Return the line's values at corners of its inputs' ranges; `choose` gives low (0) or high (1) by input."""
    found = bounds(line)
    rows = load_assumptions()
    groups = moving_together([i for i in rows if i in found.highest.inputs or i in found.lowest.inputs])
    picks = choose(len(groups))
    inputs = {i: np.where(picks[:, k], rows[i].high, rows[i].low) for k, group in enumerate(groups) for i in group}
    return found, Case.of().evaluate(line, inputs)


@pytest.mark.parametrize("line", FEW)
def test_where_all_corners_can_be_tried_none_is_better(line):
    found, values = corners(line, lambda n: np.array(list(itertools.product([0, 1], repeat=n))))
    assert found.highest.value >= values.max() * (1 - 1e-9)
    assert found.lowest.value <= values.min() * (1 + 1e-9)


@pytest.mark.parametrize("line", MANY)
def test_no_random_corner_is_better(line):
    found, values = corners(line, lambda n: np.random.default_rng(5).integers(0, 2, (20_000, n)))
    assert found.highest.value >= np.nanmax(values)
    assert found.lowest.value <= np.nanmin(values)


def test_one_pass_is_not_enough():
    """The options' difference: at the corner three inputs turn round. Published with the specification of the search."""
    found = bounds("option_b_value_advantage")
    assert found.lowest.value == pytest.approx(-61e9, abs=0.5e9)
    assert set(found.lowest.flipped) == {"loaded_cost", "wage_growth", "discount_rate"}
    assert found.lowest.inputs["output_multiple"] == 3.3


def test_prices_fall_together():
    inputs = bounds("option_b_value_advantage").lowest.inputs
    assert inputs["gpu_price_decline"] == inputs["rental_price_decline"] == 0.27


def test_facts_sizes_and_choices_stay():
    found = bounds("layoff_coverage")
    assert set(found.highest.inputs) | set(found.lowest.inputs) == {"loaded_cost"}
    assert not {"gpus", "residual_basis"} & set(bounds("cluster_npv").highest.inputs)


def test_what_is_set_stays_set():
    case = Case.of(settings={"gpu_unit_price": 28_000})
    assert "gpu_unit_price" not in bounds("cluster_capex", case).highest.inputs


def test_an_end_without_a_value_is_passed_over():
    found = bounds("payback_years")  # in the base case it does not pay back
    assert np.isnan(found.value)
    assert 1 < found.lowest.value < found.highest.value <= 10
    assert bounds("cluster_irr").lowest.value >= -0.1
    _, values = corners("payback_years", lambda n: np.random.default_rng(5).integers(0, 2, (20_000, n)))
    assert found.highest.value > 0.99 * np.nanmax(values)


@pytest.mark.parametrize(
    ("line", "error", "words"),
    [
        ("no_such", UnknownNameError, "no_such"),
        ("book_value", InputError, "a value for each period"),
        ("distributions", InputError, "nothing varies"),
    ],
)
def test_a_line_that_has_no_ends_is_refused(line, error, words):
    with pytest.raises(error, match=words):
        bounds(line)
