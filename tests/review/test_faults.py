"""Seeded faults: comparing with the build finds each, and the workbook's own checks most that change a value."""

import pytest

from tests.review.faults import FAULTS
from xl_aicost.audit.findings import serious
from xl_aicost.review.drift import drift
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.workbook.build import assemble, write
from xl_aicost.xlsx.package import open_package

# what changes a formula or a value and leaves every check at ok
UNNOTICED_BY_CHECKS = {
    "short total: Live capex_path E": "totals are for readers: nothing is calculated from them",
    "short total: Base opex_path E": "totals are for readers: nothing is calculated from them",
    "short total: AIWorks cluster_cash_flow E": "totals are for readers: nothing is calculated from them",
    "error hidden: Live annual_cost D": "the value stays",
    "error hidden: Base gpu_hour_cost D": "the value stays",
    "moves by itself: Live annual_cost D": "the value stays",
    "cannot be traced: Base annual_cost D": "the value stays",
    "name moved: pue": "names of inputs are for readers and for `read`: lanes read the cells",
    "name moved: utilization": "names of inputs are for readers and for `read`: lanes read the cells",
    "name moved: layoff_share": "names of inputs are for readers and for `read`: lanes read the cells",
    "check switched off: G8": "a check cannot check that it is there",
    "check switched off: G30": "a check cannot check that it is there",
    "tolerance loosened: F8": "a check cannot check its own tolerance",
    "tolerance loosened: F30": "a check cannot check its own tolerance",
    "formula in an input: gpus": "the value could be meant",
    "formula in an input: pue": "the value could be meant",
    "number as text: pue": "Excel converts the text to its number",
    "number as text: utilization": "Excel converts the text to its number",
    "half a choice: rail_optimised": "it is inside its limits",
    "published figure changed: a figure on Feed": "only the source knows",
}


@pytest.fixture(scope="module")
def built():
    return assemble("company")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.id)
def test_a_seeded_fault_is_found(fault, built, tmp_path):
    book = assemble("company")
    fault.change(book)
    written = write(book, tmp_path / "faulty.xlsx", edited=True)
    workbook = ReturnedWorkbook(open_package(tmp_path / "faulty.xlsx"))
    workbook.built = built  # which is the same for all of them
    assert serious(drift(workbook))
    if fault.computes:
        assert (written.checks != "OK") == (fault.id not in UNNOTICED_BY_CHECKS), written.checks


def test_faults_are_many_and_nearly_all_are_seen():
    ids = [f.id for f in FAULTS]
    assert len(set(ids)) == len(ids) >= 60
    assert len({f.kind for f in FAULTS}) >= 15
    computing = [f.id for f in FAULTS if f.computes]
    assert set(UNNOTICED_BY_CHECKS) <= set(computing)
    assert 1 - len(UNNOTICED_BY_CHECKS) / len(computing) >= 0.6
