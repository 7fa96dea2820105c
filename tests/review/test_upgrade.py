"""A workbook of version 1 is built anew, and each result says what its inputs moved and what the new version moves."""

import json
from datetime import date

import openpyxl
import pytest
from typer.testing import CliRunner

from xl_aicost.cli.main import app
from xl_aicost.errors import InputError
from xl_aicost.review import read
from xl_aicost.review.upgrade import ResultChange, upgrade
from xl_aicost.workbook.build import build

HEADS = ("No.", "Input", "Unit", "Id", "Low", "Base", "High", "Custom")
ROWS = (
    (1, "GPUs in the cluster", "GPUs", "gpus", 10_000, 10_000, 10_000, None),
    (2, "GPU purchase price", "USD/GPU", "gpu_unit_price", 25_000, 31_000, 40_000, None),
    (3, "Power usage effectiveness", "ratio", "pue", 1.1, "n.a.", 1.3, None),
    (4, "A thing of the past", "USD", "no_longer", 1, 2, 3, None),
)
AS_BUILT = (
    ("Cluster", "USD", "cluster_capex", 500e6, 510e6),
    ("Worth of the cluster", "USD", "cluster_npv", 2e9, 1.9e9),
    ("Something else", "USD", "gone", 1.0, 2.0),
)


def typed(path, cells, sheet="Inputs"):
    """Type into cells of a workbook."""
    book = openpyxl.load_workbook(path)
    for at, value in cells.items():
        book[sheet][at] = value
    book.save(path)


@pytest.fixture
def old(tmp_path):
    """A workbook with the sheets of version 1 that are read."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    cover, control, inputs, built, provenance = map(
        book.create_sheet, ("Cover", "Control", "Inputs", "As_built", "Provenance")
    )
    cover["A37"], cover["B37"] = "Prepared by", "A. Analyst"
    control["B6"], control["B7"] = "Base", 2027
    for column, head in enumerate(HEADS, 1):
        inputs.cell(5, column, head)
    for row, cells in enumerate(ROWS, 8):
        for column, value in enumerate(cells, 1):
            inputs.cell(row, column, value)
    for column, head in enumerate(("Line", "Unit", "Id", "Live, built", "Live, now"), 1):
        built.cell(5, column, head)
    for row, cells in enumerate(AS_BUILT, 7):
        for column, value in enumerate(cells, 1):
            built.cell(row, column, value)
    request = {"scenario": None, "company": None, "year": None, "years": 8, "start": 2026, "period": "year"}
    facts = {"generator": "xl-aicost 0.1.0", "template": "cluster", "request": json.dumps(request)}
    for row, (key, value) in enumerate((facts | {"own_template": "none", "own_assumptions": "none"}).items(), 5):
        provenance.cell(row, 1, key)
        provenance.cell(row, 2, value)
    book.save(tmp_path / "old.xlsx")
    return tmp_path / "old.xlsx"


def test_inputs_are_carried_over_and_the_change_is_parted(old, tmp_path):
    result = upgrade(old, tmp_path / "new.xlsx")
    assert (result.old_version, result.new_version) == ("version 1", "version 2")
    assert result.inputs == {"gpu_unit_price": 31_000}
    assert any("pue (Inputs!F10): 'n.a.' is not a number" in text for text in result.not_carried)
    assert any("no_longer" in text for text in result.not_carried)
    assert result.sign_offs == ["Prepared by: A. Analyst; must sign again, as numbers have changed"]
    new = read(tmp_path / "new.xlsx")
    assert new.choices["first_year"] == 2027
    steps = {s.line: s for s in result.steps}
    assert "gone" not in steps
    for line, step in steps.items():
        assert step.new == new.outputs[line].value
        assert step.by_inputs == step.old - step.built
        assert step.by_version == step.new - step.old
        assert step.changed_sign == (step.new * step.old < 0)
    assert bool(result.why) == any(s.changed_sign for s in result.steps)
    assert steps


def test_the_command_prints_what_moved(old, tmp_path):
    run = CliRunner().invoke(app, ["upgrade", str(old), "--out", str(tmp_path / "new.xlsx")])
    assert run.exit_code == 1, run.output  # some inputs of the old workbook were not carried over
    assert "old.xlsx of version 1 built anew by version 2" in run.stdout
    assert "by the new version" in run.stdout


def test_what_is_of_this_version_or_not_ours_is_refused(tmp_path):
    build("company", tmp_path / "ours.xlsx")
    with pytest.raises(InputError, match="is already of version 2"):
        upgrade(tmp_path / "ours.xlsx", tmp_path / "new.xlsx")
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(InputError, match="not made by xl-aicost"):
        upgrade(tmp_path / "other.xlsx", tmp_path / "new.xlsx")


def test_a_result_changes_its_sign_if_it_had_one_and_has_another():
    for old, new, changed in ((1.0, -1.0, True), (1.0, 2.0, False), (0.0, 0.0, False), (1.0, None, False)):
        assert ResultChange("line", "USD", None, old, new).changed_sign == changed


def test_a_blank_input_is_named_as_blank(old, tmp_path):
    typed(old, {"F8": None})
    assert "gpus (Inputs!F8): is blank, and a blank is no number" in upgrade(old, tmp_path / "new.xlsx").not_carried


def test_what_was_typed_into_the_custom_scenario_shown_is_carried_over(old, tmp_path):
    typed(old, {"B6": "Custom"}, "Control")
    typed(old, {"H8": 12_000})
    assert upgrade(old, tmp_path / "new.xlsx").inputs == {"gpus": 12_000, "gpu_unit_price": 31_000}


def test_what_was_typed_into_a_scenario_that_is_not_shown_is_named(old, tmp_path):
    typed(old, {"H8": 12_000})
    result = upgrade(old, tmp_path / "new.xlsx")
    assert "gpus" not in result.inputs
    assert "gpus (Inputs!H8): typed for Custom, which is not shown; type it again if it is wanted" in result.not_carried


def test_a_date_is_no_number_though_it_is_stored_as_one(old, tmp_path):
    typed(old, {"F8": date(2026, 1, 1)})
    result = upgrade(old, tmp_path / "new.xlsx")
    assert "gpus" not in result.inputs
    assert "gpus (Inputs!F8): a date is not a number" in result.not_carried


def test_the_command_has_every_step_as_json(old, tmp_path):
    run = CliRunner().invoke(app, ["upgrade", str(old), "--out", str(tmp_path / "new.xlsx"), "--json"])
    steps = {step["line"]: step for step in json.loads(run.stdout)["steps"]}
    assert steps["cluster_capex"]["by_inputs"] == 10e6
    assert steps["cluster_npv"]["by_version"] == steps["cluster_npv"]["new"] - 1.9e9
