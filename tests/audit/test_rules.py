"""Rules for anybody's workbook: faults put into clean models are named at their cell, and clean models stay silent."""

import pytest

from tests.audit.injected import INJECTED
from tests.audit.models import MODELS, opened
from xl_aicost.audit.rules import audit_rules

FEWEST_FOUND = 35  # of 47: what needs meaning, such as a sign wrong in a whole row, no rule about shapes can see


def named(package):
    """Return the places that findings name, low ones left out."""
    return {p if "!" in p else f"{f.sheet}!{p}" for f in audit_rules(package) if f.severity != "low" for p in f.places}


def is_named(fault):
    wb = MODELS[fault.model]()
    fault.change(wb)
    return bool(named(opened(wb)) & set(fault.cells))


@pytest.mark.parametrize("model", MODELS)
def test_a_clean_model_has_no_finding_above_low(model):
    assert not named(opened(MODELS[model]()))


@pytest.mark.parametrize("fault", [f for f in INJECTED if f.always], ids=lambda f: f.id)
def test_a_fault_that_must_be_found_is_named_at_its_cell(fault):
    assert is_named(fault)


def test_three_quarters_of_all_injected_faults_are_named_at_their_cell():
    assert len(INJECTED) == 47
    assert sum(map(is_named, INJECTED)) >= FEWEST_FOUND
