"""Two small sheets compared: what was done to rows and columns is one line, and formulas are read as they stand now."""

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from tests.audit.models import opened
from xl_aicost.review.differences import differences


def compared(old, new, sheets=("P", "P")):
    """Return kind, cell, name, old and new of what differs between two sheets of rows."""
    files = []
    for name, rows in zip(sheets, (old, new), strict=True):
        wb = openpyxl.Workbook()
        wb.active.title = name
        for row in rows:
            wb.active.append(row)
        files.append(opened(wb, calculate=False))
    return [(d.kind, d.cell, d.name, d.old, d.new) for d in differences(*files)]


ITEMS = [["Rent", 5], ["Power", 6], ["Wages", 7], ["Travel", 8]]


def summed(items, reference):
    return [*items, ["All", f"=SUM({reference})"]]


def test_a_deleted_row_is_one_line_and_a_range_ends_before_it():
    assert compared(summed(ITEMS, "B1:B4"), summed(ITEMS[:3], "B1:B3")) == [
        ("structure", "4:4", "row Travel", "there", "deleted")
    ]


def test_a_range_begins_after_a_deleted_row():
    assert compared(summed(ITEMS, "B1:B4"), summed(ITEMS[1:], "B1:B3")) == [
        ("structure", "1:1", "row Rent", "there", "deleted")
    ]


@pytest.mark.parametrize("first", [0, 1, 2])
def test_a_range_all_rows_of_which_are_deleted_is_lost(first):
    left = [*ITEMS[:first], *ITEMS[first + 2 :]]
    assert compared(summed(ITEMS, f"B{first + 1}:B{first + 2}"), summed(left, "#REF!")) == [
        ("structure", f"{first + 1}:{first + 2}", f"row {ITEMS[first][0]}", "there", "deleted")
    ]


def test_a_moved_row_is_one_line():
    moved = [*ITEMS[1:3], ITEMS[0], ITEMS[3]]
    assert compared(ITEMS, moved) == [("structure", "3:3", "row Rent", "row 1", "moved")]


def test_a_cell_of_an_inserted_row_is_no_line_of_its_own_and_one_beside_it_is():
    head = ["Item", "Cost"]
    new = [head, ITEMS[0], ["Tax", 9], [*ITEMS[1], 3], *ITEMS[2:]]
    assert compared([head, *ITEMS], new) == [
        ("structure", "3:3", "row Tax", "not there", "inserted"),
        ("values", "C4", "Power", None, 3.0),
    ]


@pytest.mark.parametrize("gap", [1, 2, 3])
def test_rows_inserted_beside_each_other_are_one_line(gap):
    new = [*ITEMS[:2], *([f"new {n}", n] for n in range(gap)), *ITEMS[2:]]
    assert compared(ITEMS, new) == [("structure", f"3:{2 + gap}", "row new 0", "not there", "inserted")]


@pytest.mark.parametrize("gap", [1, 2])
def test_blank_rows_come_and_go_as_others_do(gap):
    without, place = [ITEMS[0], ITEMS[1]], f"2:{1 + gap}"
    blank = [ITEMS[0], *([[]] * gap), ITEMS[1]]
    assert compared(without, blank) == [("structure", place, "row", "not there", "inserted")]
    assert compared(blank, without) == [("structure", place, "row", "there", "deleted")]


def test_a_name_that_came_or_went_is_a_line_each():
    files = []
    for name in ("old_rate", "new_rate"):
        wb = openpyxl.Workbook()
        wb.active["A1"] = 0.05
        wb.defined_names[name] = DefinedName(name, attr_text="Sheet!$A$1")
        files.append(opened(wb, calculate=False))
    assert [(d.name, d.old, d.new) for d in differences(*files)] == [
        ("name old_rate", "Sheet!$A$1", "none"),
        ("name new_rate", "none", "Sheet!$A$1"),
    ]
