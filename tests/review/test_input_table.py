"""The inputs of a workbook that came back, as a table of pandas."""

import math

import openpyxl
import pytest

from xl_aicost import Case, build, read
from xl_aicost.assumptions import load_assumptions
from xl_aicost.workbook.build import assemble
from xl_aicost.workbook.sheets.control import SELECTOR

COLUMNS = ["input", "label", "value", "unit", "origin", "source", "low", "high"]


def edited(path, cells, shown=None):
    """Edit cells of Inputs, by input and column of the layout, and return what `read` makes of them."""
    layout, book = assemble("cluster").layout, openpyxl.load_workbook(path)
    for (name, column), value in cells.items():
        book["Inputs"][layout.input_at(name, column)] = value
    if shown:
        book["Inputs"][SELECTOR] = shown
    book.save(path)
    return read(path).inputs.set_index("input")


def test_one_row_an_input_with_its_value_unit_origin_and_source(tmp_path):
    table = read(build("cluster", tmp_path / "a.xlsx", settings={"gpus": 5000}).path).inputs
    rows = load_assumptions()
    assert list(table.columns) == COLUMNS
    assert sorted(table.input) == sorted(rows)
    by_input = table.set_index("input")
    assert by_input.loc["gpus", ["value", "unit", "origin"]].tolist() == [5000, rows["gpus"].unit, "your setting"]
    pue = by_input.loc["pue"]
    assert (pue.value, pue.low, pue.high) == (rows["pue"].base, rows["pue"].low, rows["pue"].high)
    assert (pue.origin, pue.source) == ("base case", rows["pue"].source)


def test_what_was_typed_since_has_that_origin_and_no_source(tmp_path):
    path = build("cluster", tmp_path / "a.xlsx", settings={"gpus": 5000}).path
    table = edited(path, {("gpus", "typed"): None, ("pue", "typed"): 1.3, ("failed_runs", "Base"): 12})
    assert table.loc["gpus", ["value", "origin"]].tolist() == [load_assumptions()["gpus"].base, "base case"]
    for name, value in (("pue", 1.3), ("failed_runs", 12)):
        assert table.loc[name, ["value", "origin", "source"]].tolist() == [value, "typed in the workbook", ""]


def test_origins_are_those_of_the_scenario_that_is_shown_now(tmp_path):
    table = edited(build("cluster", tmp_path / "a.xlsx").path, {}, "Short life")
    life = table.loc["useful_life"]
    assert (life.value, life.origin) == (3, "short-life")
    assert life.source != load_assumptions()["useful_life"].source


@pytest.mark.parametrize("shown", [None, "Base"])
def test_a_company_brings_its_figures_along(tmp_path, shown):
    path = build("company", tmp_path / "a.xlsx", company="META", year=2024).path
    if shown:
        book = openpyxl.load_workbook(path)
        book["Inputs"][SELECTOR] = shown
        book.save(path)
    row = read(path).inputs.set_index("input").loc["ai_spend"]
    expected = (
        (load_assumptions()["ai_spend"].base, "base case")
        if shown
        else (Case.of(company="META", year=2024).values["ai_spend"], "META 2024")
    )
    assert math.isclose(row.value, expected[0])
    assert row.origin == expected[1]
