"""One formula of any workbook, calculated from the values that are stored."""

import openpyxl
import pytest

from tests.audit.models import opened
from xl_aicost.engine.single import stored_value
from xl_aicost.xlsx.index import WorkbookIndex


@pytest.fixture(scope="module")
def book():
    wb = openpyxl.Workbook()
    wb.active.title = "P"
    for row in ([5, "word", "=1/0", "=A1"], [7, None, 2.5]):
        wb.active.append(row)
    made = WorkbookIndex(opened(wb))
    made.grids["p"].cells[1, 4].value = None  # not calculated by whoever saved it
    return made


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("IF(TRUE,A1,2)", 5),
        ("IF(false,A1,2)", 2),
        ('B1&" ""and"" "&A1', 'word "and" 5'),
        ("SUM(A1:A2)*C2", 30),
        ("SUMPRODUCT(A1:B2,A1:B2)", 74),
        ("INDEX(A1:B2,2,1)", 7),
        ("B2+1", 1),
        ("C1+1", None),
        ("D1+1", None),
        ("A1/B2", None),
        ("nobody*2", None),
        ("PMT(0.1,5,100)", None),
    ],
)
def test_a_formula_comes_to_what_its_stored_cells_give(book, formula, value):
    assert stored_value(book, book.grids["p"], formula) == value
