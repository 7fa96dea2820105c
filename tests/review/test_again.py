"""What `read` says to build a workbook again: the command with what was chosen, and the inputs as they are now."""

import shlex
from itertools import pairwise

import pytest

from xl_aicost.assumptions import load_assumptions
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.workbook.build import assemble
from xl_aicost.workbook.sheets.control import chosen
from xl_aicost.xlsx.package import open_package
from xl_aicost.xlsx.save import save


@pytest.fixture
def returned(tmp_path):
    """Return a function that builds a workbook, types into cells of Inputs, and reads it back."""

    def returned(**cells):
        book = assemble("cluster")
        for at, value in cells.items():
            book.wb["Inputs"][at] = value
        save(book.wb, tmp_path / "plan.xlsx", {})
        return ReturnedWorkbook(open_package(tmp_path / "plan.xlsx"))

    return returned


def test_the_command_names_the_choices_that_were_made_and_no_others(returned):
    def choices(workbook):
        words = shlex.split(workbook.command())
        return [after for word, after in pairwise(words) if word == "--choose"]

    cells = chosen(assemble("cluster"))
    assert choices(returned()) == []
    assert choices(returned(**{cells["one_life"]: 4, cells["first_year"]: 2030})) == ["one_life=4"]


def test_an_edited_range_is_carried_over_with_what_it_was(returned, tmp_path):
    layout, was = assemble("cluster").layout, load_assumptions()["pue"]
    workbook = returned(**{layout.input_at("pue", "low"): 1.02, layout.input_at("pue", "high"): 1.9})
    (tmp_path / "inputs.csv").write_text(workbook.overlay(), encoding="utf-8")
    [line] = (tmp_path / "inputs.csv").read_text(encoding="utf-8").splitlines()[1:]
    now = load_assumptions(tmp_path / "inputs.csv")["pue"]
    assert (now.low, now.base, now.high) == (1.02, was.base, 1.9)
    assert f"it was {was.low:.15g}, {was.base:.15g}, {was.high:.15g}" in line
