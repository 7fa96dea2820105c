"""Twenty mutants of the sample die; `make mutants` tries all of it."""

import sys

import pytest

from tests.mutation.mutate import ROOT, dead, mutants, sample
from tests.mutation.survivors import SURVIVORS

QUICK = ("model/", "graph")  # whose tests take a few seconds
FEW = 20


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_twenty_mutants_of_the_sample_are_noticed():
    some = [m for m in sample() if m.module.startswith(QUICK) and m.key not in SURVIVORS][:FEW]
    assert [str(m) for m, noticed in dead(some) if not noticed] == []


def test_each_survivor_is_a_mutant_and_the_page_says_why_it_does_not_matter():
    assert SURVIVORS.keys() <= {m.key for m in mutants()}
    page = (ROOT / "docs" / "mutants.md").read_text(encoding="utf-8").splitlines()
    rows = {key: (f"`{key[0]}`: `{key[1]}`, {key[2]}".replace("|", r"\|"), why) for key, why in SURVIVORS.items()}
    assert [line for line in page if ".py`: `" in line] == [f"| {text} | {why} |" for text, why in rows.values()]
