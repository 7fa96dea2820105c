"""The tornado is one: live on its sheet, as a snapshot when the file was made, in a cell and in the library."""

import dataclasses

import pytest

from xl_aicost.assumptions import load_assumptions
from xl_aicost.assumptions.loader import load_table
from xl_aicost.case import evaluate
from xl_aicost.engine.calculate import calculate
from xl_aicost.simulate import tornado
from xl_aicost.workbook.build import assemble
from xl_aicost.workbook.sheets.control import chosen, first_result
from xl_aicost.workbook.sheets.sensitivity import PICTURE
from xl_aicost.workbook.template import load_template

INPUTS = load_assumptions()


def both_tables(line):
    """Return the live table and the snapshot of a line as rows of label, result at low, result at high."""
    template = dataclasses.replace(load_template("cluster"), sensitivity=(line,), stamped=(line,))
    book = assemble(template)
    values = calculate(book.wb, book.precomputed)
    page = book.wb["Sensitivity"]
    rows = [[values["Sensitivity"].get((PICTURE + k, c)) for c in (7, 10, 11)] for k in range(1, 11)]
    stamped = next(r for r in range(1, 60) if page.cell(r, 2).value == book.graph.lines[line].label)
    snapshot = [[page.cell(stamped + k, c).value for c in (2, 5, 6)] for k in range(1, 6)]
    return [r for r in rows if isinstance(r[1], float)], snapshot


@pytest.mark.parametrize(
    ("line", "factor"),
    [("cluster_capex", 1e-6), ("cluster_opex", 1e-6), ("layoffs_to_fund", 1), ("release_interconnect_share", 100)],
)
def test_live_table_snapshot_and_library_rank_the_same_inputs(line, factor):
    """The live table shows the strongest inputs in the unit of the page, and none that does not move the line."""
    live, snapshot = both_tables(line)
    swings = [[INPUTS[s.id].label, s.at_low, s.at_high] for s in tornado(line)]
    assert swings
    for table, unit in ((live, factor), (snapshot, 1)):
        wanted = swings[: len(table)]
        assert [row[0] for row in table[: len(wanted)]] == [row[0] for row in wanted]
        for found, expected in zip(table, wanted, strict=False):
            assert found[1:] == pytest.approx([unit * v for v in expected[1:]], rel=1e-12)
    assert len(live) == min(len(swings), 10)


def test_an_input_that_leaves_the_result_without_a_value_at_one_end_comes_first():
    """With no GPU-hour sold there is no cost of one; at the other end the cost is what the library says."""
    table = load_table(None)
    rows = table.rows | {"utilization": dataclasses.replace(INPUTS["utilization"], low=0.0)}
    template = dataclasses.replace(
        load_template("cluster"), sensitivity=("gpu_hour_cost",), stamped=("gpu_hour_cost", "payback_years")
    )
    book = assemble(template, assumptions=dataclasses.replace(table, rows=rows))
    values, page = calculate(book.wb, book.precomputed)["Sensitivity"], book.wb["Sensitivity"]
    at_high = evaluate("gpu_hour_cost", utilization=0.9)
    live = [values[PICTURE + 1, column] for column in (7, 10, 11)]
    assert live == [INPUTS["utilization"].label, "n/a", pytest.approx(at_high, rel=1e-12)]
    [head] = [r for r in range(1, 60) if page.cell(r, 2).value == book.graph.lines["gpu_hour_cost"].label]
    assert [page.cell(head + 1, c).value for c in (2, 5, 6)] == [*live[:2], pytest.approx(at_high, rel=1e-12)]
    ends = [[page.cell(head + k, c).value for c in (10, 11)] for k in range(1, 6)]
    assert all(sum(isinstance(v, float) for v in pair) == 1 and "n/a" in pair for pair in ends), ends


@pytest.mark.parametrize(
    "request_",
    [
        {"company": "META", "year": 2026},
        {"company": "ORCL", "settings": {"loaded_cost": 200_000}},
        {"scenario": "glut"},
        {"settings": {"ai_spend": 9e10}},
    ],
    ids=lambda r: " ".join(map(str, r.values())),
)
def test_what_a_company_a_scenario_or_you_set_does_not_move_but_for_guidance(request_):
    """Oracle's spending is not tested over Meta's range: the page moves what `simulate` and `tornado` move, to the same results."""
    book = assemble("company", **request_)
    page, case = calculate(book.wb, book.precomputed)["Sensitivity"], book.edition.case
    tested = first_result(book.template, book.edition)
    swings = tornado(tested, case)[:10]
    assert swings
    factor = 100 if book.graph.lines[tested].unit == "share" else 1
    rows = [[page.get((PICTURE + k, c)) for c in (7, 10, 11)] for k in range(1, len(swings) + 1)]
    assert [r[0] for r in rows] == [INPUTS[s.id].label for s in swings]
    for row, swing in zip(rows, swings, strict=True):
        assert row[1:] == pytest.approx([factor * swing.at_low, factor * swing.at_high], rel=1e-12)
    if request_.get("year") == 2026:
        guided = next(s for s in swings if s.id == "ai_spend")
        assert (guided.low, guided.high) == (130e9, 145e9)  # as Meta guided on 29 July 2026


def test_an_input_that_moves_the_last_digit_alone_ranks_behind_all_that_move_the_line():
    line, days = "release_interconnect_share", INPUTS["run_days"]
    assert evaluate(line, run_days=days.low) != evaluate(line, run_days=days.high)
    moving = len(tornado(line))
    for table in both_tables(line):
        assert days.label not in [row[0] for row in table[:moving]]


def test_the_result_to_test_is_chosen_by_its_id_or_by_the_label_that_the_cell_shows():
    line = load_template("cluster").sensitivity[1]
    label = assemble("cluster").graph.lines[line].label
    for choice in (line, label):
        book = assemble("cluster", choices={"sensitivity_output": choice, "company_life": "one life", "one_life": 4})
        cells, inputs = chosen(book), book.wb["Inputs"]
        assert [inputs[cells[n]].value for n in ("sensitivity_output", "company_life", "one_life")] == [
            label,
            "one life",
            4,
        ]


def test_amounts_as_of_the_build_are_in_the_currency_of_the_workbook():
    """What moves results over time, and the highest and lowest found: dollars at 0.8 euros each."""
    template = load_template("cluster")
    euros = dataclasses.replace(
        template, brand=dataclasses.replace(template.brand, currency="EUR", currency_per_usd=0.8)
    )
    books = [assemble(t) for t in (template, euros)]
    pages = [book.wb["Sensitivity"] for book in books]
    texts = {pages[0][f"B{row}"].value: row for row in range(1, 70)}
    strongest = next(
        row for row in range(1, 70) if pages[0][f"B{row}"].value == books[0].graph.lines["cluster_npv"].label
    )
    highest = texts[next(t for t in texts if t and t.startswith("Highest and lowest found"))] + 2
    for row, columns in ((strongest + 1, "EF"), (highest, "FGH")):
        dollars, amounts = ([page[f"{c}{row}"].value for c in columns] for page in pages)
        assert len(set(dollars)) == len(columns)
        assert amounts == pytest.approx([0.8 * v for v in dollars])


def test_the_head_of_a_two_way_table_is_as_wide_as_the_page_with_few_values_too():
    template = load_template("cluster")
    grid = dataclasses.replace(template.grid, across_values=template.grid.across_values[:2])
    page = assemble(dataclasses.replace(template, grid=grid)).wb["Sensitivity"]
    [row] = [r for r in range(1, 70) if str(page[f"B{r}"].value).startswith("Two inputs at once")]
    assert {page[f"{column}{row + 1}"].fill.fgColor.rgb for column in "GHIJK"} == {page[f"B{row + 1}"].fill.fgColor.rgb}
    assert page[f"B{row + 1}"].fill.fill_type == "solid"
