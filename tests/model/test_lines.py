"""What a line says of itself: label, unit, kind and source are there, known and true, with or without docstrings."""

import subprocess
import sys

import numpy as np
import pytest

from xl_aicost.assumptions import load_assumptions
from xl_aicost.case import Case, model
from xl_aicost.model import MODEL_VERSION
from xl_aicost.model.line import KINDS, LONGEST_LABEL, UNITS, line
from xl_aicost.review.upgrade import WHY

LINES = model().lines.values()
COUNTED = {"GPUs", "GPU-hours", "jobs", "periods", "ports", "racks", "servers", "switches", "tiers"}


@pytest.mark.parametrize("item", LINES, ids=lambda x: x.id)
def test_a_line_says_what_it_is_in_which_unit_and_from_where(item):
    assert 0 < len(item.label) <= LONGEST_LABEL
    assert item.unit in UNITS
    assert item.kind in KINDS
    assert item.source
    assert len(f"{item.label}. {item.help} [{item.unit}]") <= 255, "the function wizard shows 255 characters"


def test_no_two_rows_have_the_same_label():
    labels = [x.label.lower() for x in (*LINES, *load_assumptions().values())]
    assert sorted(labels) == sorted(set(labels))
    assert max(map(len, labels)) <= LONGEST_LABEL


@pytest.mark.parametrize("item", LINES, ids=lambda x: x.id)
def test_the_kind_goes_with_the_unit(item):
    assert (item.kind == "flag") == (item.unit == "flag")
    assert item.kind == "ratio" or item.unit not in ("share", "ratio")
    assert item.kind != "count" or item.unit in COUNTED


SERIES = [x for x in LINES if x.id in model().series - model().dates and x.kind != "flag"]


@pytest.mark.parametrize("item", SERIES, ids=lambda x: x.id)
def test_a_flow_adds_up_over_the_quarters_of_a_year_and_nothing_else_does(item):
    inputs = Case.of().values | {"residual_basis": 2.0, "prior_capex_1": 1e9}
    by_year, by_quarter = (float(np.sum(model().evaluate([item.id], inputs, 10, n)[item.id])) for n in (1, 4))
    assert by_year, "nothing to compare: change the inputs of this test"
    assert (0.5 < by_quarter / by_year < 2) == (item.kind == "flow")


def test_flows_are_lines_over_time():
    assert model().series >= {x.id for x in LINES if x.kind == "flow"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"label": ""}, "0 characters; 1 to 60"),
        ({"label": "x" * 61}, "61 characters; 1 to 60"),
        ({"unit": "dollars"}, "unit 'dollars' of 'GPUs' is not one of GPU-hours, "),
        ({"kind": "stock"}, "kind 'stock' of 'GPUs' is not one of count, flag, flow, level, ratio"),
        ({"source": ""}, "'GPUs' has no source"),
    ],
)
def test_a_line_that_does_not_say_what_it_is_is_refused(changed, words):
    with pytest.raises(ValueError, match=words):
        line(**{"label": "GPUs", "unit": "GPUs", "kind": "count", "source": "definition"} | changed)


WITHOUT_DOCSTRINGS = """
import sys
from xl_aicost import evaluate
from xl_aicost.case import model
from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.cli.main import app
from xl_aicost.workbook.build import build
assert not model().lines["gpus_added"].function.__doc__
assert evaluate("gpu_capex", gpus=10) == 300_000
assert all(f.help for f in CATALOGUE.values())
app(["list", "lines"], standalone_mode=False)
print(build("board", sys.argv[1], years=2).checks)
"""


def test_nothing_depends_on_docstrings(tmp_path):
    command = [sys.executable, "-OO", "-c", WITHOUT_DOCSTRINGS, str(tmp_path / "small.xlsx")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "Cost to build (capex)" in done.stdout
    assert done.stdout.endswith("OK\n")


def test_the_version_of_the_model_is_the_last_one_that_is_explained():
    assert max(WHY) == MODEL_VERSION
