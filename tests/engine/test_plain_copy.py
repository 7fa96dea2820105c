"""Which workbooks IronCalc gets as a plain copy: those with a formula that it does not understand, and no others."""

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from tests.audit.models import opened
from xl_aicost.engine import plain_copy
from xl_aicost.engine.plain_copy import needs_copy


def read(*formulas, **names):
    wb = openpyxl.Workbook()
    wb.active.title = "A"
    wb.create_sheet("B")
    for row, formula in enumerate(formulas, 1):
        wb["A"].cell(row, 1, formula)
    for name, text in names.items():
        wb.defined_names[name] = DefinedName(name, attr_text=text)
    return opened(wb, calculate=False)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=SUM((B1,C1))", True),
        ("=((B1+C1)*2)", False),
        ("=SUM(B1:C1)", False),
        ("=SUM(A:B!C1)", True),
        ("=SUM(B!C1:D1)", False),
        ("=B!C1", False),
        ("=[1]B!C1", True),
        ("=_xlfn.ANCHORARRAY(B1)", True),
        ("=B1", False),
        ('="[" & "B!C1:D1 (("', True),
        ('="B!C1:D1 (("', False),
    ],
)
def test_a_copy_is_for_unions_several_sheets_other_workbooks_and_spilled_cells(formula, expected):
    assert needs_copy(read(formula, "=1+1")) is expected


def test_names_of_formulas_are_spelled_out_up_to_a_number_of_formulas(monkeypatch):
    book = read("=rate*2", "=1+1", rate="1+0.05")
    assert needs_copy(book)
    monkeypatch.setattr(plain_copy, "MOST_FORMULAS", 1)
    assert not needs_copy(book)
    assert not needs_copy(read("=rate*2", rate="B!$C$1"))
