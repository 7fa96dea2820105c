"""Every line has an expected value that does not come from this code."""

import numpy as np
import pytest

from tests.model.oracles import ORACLES
from tests.model.worked_example import EXPECTED
from xl_aicost.case import model

LINES = model().lines


def test_every_line_has_an_expected_value_from_outside():
    """In the worked example by pocket calculator, or in plain arithmetic in oracles.py."""
    assert sorted(set(LINES) - set(EXPECTED) - {line for line, _ in ORACLES}) == []
    assert sorted({line for line, _ in ORACLES} - set(LINES)) == []


@pytest.mark.parametrize(("line", "case"), ORACLES, ids=[line for line, _ in ORACLES])
def test_a_line_comes_to_what_arithmetic_says(line, case):
    given, expected = case
    assert set(given) == set(LINES[line].precedents)
    with np.errstate(all="ignore"):
        found = LINES[line].function(*(np.atleast_1d(np.asarray(given[p], float)) for p in LINES[line].precedents))
    np.testing.assert_allclose(
        np.broadcast_to(found, np.shape(np.atleast_1d(expected))), np.atleast_1d(expected), rtol=1e-9, atol=1e-12
    )
