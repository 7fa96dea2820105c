"""When a stored value is out of date, and when it differs by rounding or by the way in which IronCalc writes a text."""

import pytest

from tests.hostile.files import with_rows
from xl_aicost.review import audit
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.review.stake import check_values
from xl_aicost.workbook.build import build
from xl_aicost.xlsx.cells import place
from xl_aicost.xlsx.package import open_package


def stale(tmp_path, *cells):
    """Return the cells of a workbook whose stored values an audit calls out of date: each is formula and stored value."""
    rows = ""
    for number, (formula, value) in enumerate(cells, 1):
        kind, inner = (' t="str"' if isinstance(value, str) else ""), f"<f>{formula}</f>" if formula else ""
        rows += f'<row r="{number}"><c r="A{number}"{kind}>{inner}<v>{value}</v></c></row>'
    (tmp_path / "plan.xlsx").write_bytes(with_rows(rows))
    found = audit(tmp_path / "plan.xlsx")
    assert found.incomplete == []
    return [at for f in found.findings if f.rule == "VAL-03" for at in f.cells]


@pytest.mark.parametrize(
    ("formula", "stored"),
    [("7", "1.0"), ("5", "-5.0"), ("7", "7.2"), ("7", "70"), ("7", "7.0 m")],
)
def test_a_text_of_another_number_is_out_of_date(tmp_path, formula, stored):
    assert stale(tmp_path, (f'TEXT({formula},"0.0")', stored)) == ["A1"]


@pytest.mark.parametrize(
    ("formula", "stored"),
    [("2.5", "2.5"), ("2.45", "2.5"), ("0.4", "0.5"), ("0.0099", "0.1"), ("0", "1.0"), ("0", "10")],
)
def test_a_text_that_differs_in_its_last_digit_or_from_nothing_is_not(tmp_path, formula, stored):
    """IronCalc rounds a half as binary has it, and shows as nothing what the others round up to one."""
    places = "0" if "." not in stored else "0.0"
    shown = (
        f'TEXT({formula},"{places}{"0" * (len(stored) - len(places))}")' if formula == "0" else f'TEXT({formula},"0.0")'
    )
    assert stale(tmp_path, (shown, stored)) == []


def test_a_text_that_no_text_function_made_has_to_be_equal(tmp_path):
    assert stale(tmp_path, ('IF(TRUE,"up 7.1","")', "up 7.2")) == ["A1"]


def test_a_small_difference_of_large_numbers_is_rounding_three_formulas_on(tmp_path):
    """What is left of numbers near a billion has the digits that they leave, not its own."""
    large = (None, 1_000_000_000.0), ("A1-999999999", 1.0)
    assert stale(tmp_path, *large, ("A2*3", 3.0005)) == []
    assert stale(tmp_path, (None, 4.0), ("A1-3", 1.0), ("A2*3", 3.0005)) == ["A3"]
    assert stale(tmp_path, *large, ("A2*3", 3.5)) == ["A3"]


def test_a_share_or_a_verdict_on_large_numbers_is_no_rounding(tmp_path):
    large = (None, 4_700_000_000.0), (None, 72_215_000_000.0)
    assert stale(tmp_path, *large, ("A1/A2", 0.5), ("IF(ABS(A1-A2)>A1,1,0)", 0.0)) == ["A3", "A4"]


@pytest.mark.parametrize(("sheet", "at", "forged"), [("Answer", "F29", 0.066), ("Checks", "G8", 1.0)])
def test_a_forged_value_of_ours_is_found_though_billions_stand_behind_it(tmp_path, sheet, at, forged):
    path = tmp_path / "company.xlsx"
    build("company", path)
    package = open_package(path)
    package.sheet(sheet).cells[place(at)].value = forged
    [finding] = check_values(package, ReturnedWorkbook(package), []).stale
    assert (finding.severity, finding.sheet, finding.cells) == ("high", sheet, (at,))
