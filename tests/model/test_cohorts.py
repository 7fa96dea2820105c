"""The rows of the model against a computation cohort by cohort, on the input sets that are kept for checking."""

import numpy as np
import pytest

from tests.model.cohorts import results
from tests.model.input_sets import AXES, CHANGES, SETS
from xl_aicost.case import model

BEFORE_TIME = ["it_capex", "facility_capex", "cluster_opex", "cluster_capex"]


@pytest.mark.parametrize(("years", "periods_per_year"), AXES)
@pytest.mark.parametrize("inputs", SETS[:5], ids=list(CHANGES)[:5])  # the sixth has no GPUs
def test_rows_give_what_cohorts_give(years, periods_per_year, inputs):
    v = inputs | model().evaluate(BEFORE_TIME, inputs, years, periods_per_year)
    for line, expected in results(v, years, periods_per_year).items():
        found = model().evaluate([line], inputs, years, periods_per_year)[line]
        size = 1 if line in ("payback_years", "gpus_in_service") else v["cluster_capex"]
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-10 * size, err_msg=line)
