"""Typing into Inputs in LibreOffice, by UNO: what the Answer page says, its figures and its picture follow."""

import pytest

from tests.hosts.basic import run_vba
from xl_aicost.workbook.answer import answer
from xl_aicost.workbook.build import assemble, build
from xl_aicost.workbook.sheets.answer import THREE_BARS, THREE_BARS_TITLE
from xl_aicost.workbook.sheets.control import SELECTOR

MACRO = """
Sub Main
    Dim hidden(0) As New com.sun.star.beans.PropertyValue
    hidden(0).Name = "Hidden"
    hidden(0).Value = True
    doc = StarDesktop.loadComponentFromURL("{url}", "_blank", 0, hidden())
    doc.calculateAll()
    inputs = doc.Sheets.getByName("Inputs")
    Show doc
    inputs.getCellRangeByName("{spending}").setValue(100)
    Show doc
    inputs.getCellRangeByName("{spending}").setString("")
    inputs.getCellRangeByName("{cut}").setValue(0)
    Show doc
    inputs.getCellRangeByName("{cut}").setString("")
    inputs.getCellRangeByName("{selector}").setString("AI works")
    Show doc
    rule = inputs.getCellRangeByName("{spending}").Validation
    Print #1, rule.Type & "|" & rule.ShowErrorMessage & "|" & rule.ErrorAlertStyle & "|" & rule.getFormula1() & "|" & rule.getFormula2() & "|" & rule.ErrorMessage
    inputs.unprotect("")
    inputs.getCellRangeByName("{base}").setString("")
    Print #1, doc.Sheets.getByName("Checks").getCellRangeByName("L12").String & "|" & inputs.getCellRangeByName("{used}").String
    doc.close(True)
End Sub

Sub Show(doc)
    page = doc.Sheets.getByName("Answer")
    feed = doc.Sheets.getByName("Feed")
    Print #1, page.getCellRangeByName("B5").String & "|" & page.getCellRangeByName("B8").String & "|" & feed.getCellRangeByName("B{title}").String & "|" & feed.getCellRangeByName("B{bar}").Value
End Sub
"""
VALIDATION_DECIMAL, STOP = 2, 0  # com.sun.star.sheet.ValidationType.DECIMAL, ValidationAlertStyle.STOP


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    folder = tmp_path_factory.mktemp("typing")
    build("company", folder / "meta.xlsx", years=3)
    book = assemble("company", years=3)
    feed = {str(c.value): c.row for c in book.wb["Feed"]["A"] if c.value}
    at = book.layout.input_at
    macro = MACRO.format(
        url=(folder / "meta.xlsx").as_uri(),
        spending=at("ai_spend", "typed"),
        cut=at("layoff_share", "typed"),
        selector=SELECTOR,
        base=at("pue", "Base"),
        used=at("pue", "used"),
        title=feed[THREE_BARS_TITLE],
        bar=feed[THREE_BARS] + 2,
    )
    return [line.split("|") for line in run_vba(macro, folder)]


@pytest.mark.parametrize(
    ("place", "arguments"),
    [
        (0, {}),
        (1, {"settings": {"ai_spend": 100e9}}),
        (2, {"settings": {"layoff_share": 0}}),
        (3, {"scenario": "ai-works"}),
    ],
    ids=["as built", "more spending", "no cut", "another scenario"],
)
def test_the_answer_figures_title_and_data_of_the_picture_follow(lines, place, arguments):
    wanted = answer("company", years=3, **arguments)
    sentence, figure, title, bar = lines[place]
    assert (sentence, figure, title) == (wanted.answer, wanted.figures[0][1], wanted.picture)
    spending = {1: 100e9, 3: 65e9}.get(place, 72.215e9)
    assert float(bar) == pytest.approx(spending)


def test_a_wrong_value_is_refused_with_the_message_of_its_row(lines):
    kind, shown, style, low, high, message = lines[4]
    assert (kind, shown, style, low, high) == (str(VALIDATION_DECIMAL), "True", str(STOP), "0", "10000")
    assert message == "AI spending (capital spending): from 0 to 10,000 $bn a year."


def test_a_missing_base_is_an_error_and_not_the_old_number(lines):
    assert lines[5] == ["ERROR", "#N/A"]
