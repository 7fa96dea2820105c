"""Twenty mutants of the sample die; `make mutants` tries all of it."""

import sys

import pytest

from tests.mutation.mutate import dead, judges_of, run, sample
from tests.mutation.survivors import SURVIVORS

QUICK = ("model/", "graph")  # whose tests take a few seconds
FEW = 20


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_twenty_mutants_of_the_sample_are_noticed():
    some = [m for m in sample() if m.module.startswith(QUICK) and m.key not in SURVIVORS][:FEW]
    assert [str(m) for m, noticed in dead(some) if not noticed] == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_without_a_mutant_the_tests_pass():
    assert run(None, judges_of("model/returns.py")) == 0
