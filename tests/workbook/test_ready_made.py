"""The ready-made workbooks are what build makes now, in what they compute and in how they look."""

import re
import zipfile
from pathlib import Path

import pytest

from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.review.verify import verify
from xl_aicost.workbook.template import shipped_templates
from xl_aicost.xlsx.package import open_package

EXAMPLES = sorted((Path(__file__).parents[2] / "workbooks" / "examples").glob("*.xlsx"))
NUMBERS = re.compile(
    rb"(<(?:c:)?v>)-?\d[^<]*"
)  # which `verify` compares, since another machine may round them otherwise


def test_each_template_has_a_ready_made_workbook():
    assert {p.stem for p in EXAMPLES} == set(shipped_templates())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_the_ready_made_workbooks_are_current(path):
    assert verify(path).as_built, f"{path.name} is not what build makes now: run `make examples`"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_a_ready_made_workbook_looks_as_build_makes_it(path):
    """Widths, heights, styles, pictures and print set-up, byte for byte."""
    built = ReturnedWorkbook(open_package(path)).rebuilt
    with zipfile.ZipFile(path) as archive:
        stored = {name: archive.read(name) for name in archive.namelist()}
    assert list(stored) == list(built)
    different = [n for n in built if NUMBERS.sub(rb"\1", built[n]) != NUMBERS.sub(rb"\1", stored[n])]
    assert different == [], f"{path.name} is not what build makes now: run `make examples`"
