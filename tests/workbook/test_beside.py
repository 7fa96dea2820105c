"""A workbook made out of another one in memory holds what it holds when it is made alone; the other one stays as it was."""

import pytest

from xl_aicost.workbook.build import assemble, assembled_beside

PAIRS = [
    ("cluster", {}, {"settings": {"gpu_unit_price": 33_000, "pue": 1.5}}),
    ("cluster", {"settings": {"gpus": 12_000}}, {"scenario": "glut"}),
    ("company", {"company": "META", "year": 2026}, {"company": "AMZN", "year": 2025}),
    ("company", {"company": "ORCL"}, {"company": "META", "year": 2025, "settings": {"layoff_share": 0.1}}),
    ("company", {}, {"company": "MSFT", "year": 2019}),  # another picture of the history, so that it is made alone
]


def contents(book):
    looks = ("number_format", "style")
    return {
        (ws.title, at): (cell.value, cell.data_type, *(getattr(cell, n, None) for n in looks))
        for ws in book.wb.worksheets
        for at, cell in ws._cells.items()
        if hasattr(cell, "_style") and hasattr(cell, "_hyperlink")
    }


@pytest.mark.parametrize(("template", "first", "second"), PAIRS)
def test_both_hold_what_each_holds_alone(template, first, second):
    wanted = [contents(assemble(template, **arguments)) for arguments in (first, second)]
    before, after = assembled_beside(assemble(template, **first), template, **second)
    assert contents(before) == wanted[0]
    assert contents(after) == wanted[1]
    assert wanted[0] != wanted[1]
    for book, arguments in ((before, first), (after, second)):
        lane = book.layout.lanes[0]
        assert book.lane_inputs(lane) == assemble(template, **arguments).lane_inputs(lane)


@pytest.mark.parametrize(("company", "tested"), [("ORCL", "jobs_released"), ("META", "layoff_coverage_depreciation")])
def test_sensitivity_starts_with_a_result_whose_figures_are_on_file(company, tested):
    book = assemble("company", company=company)
    at = book.wb.defined_names["sensitivity_output"].attr_text.partition("!")[2].replace("$", "")
    assert book.wb["Inputs"][at].value == book.graph.lines[tested].label
