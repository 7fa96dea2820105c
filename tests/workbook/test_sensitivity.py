"""The tornado is one: live on its sheet, as a snapshot when the file was made, in a cell and in the library."""

import dataclasses

import pytest

from xl_aicost.assumptions import load_assumptions
from xl_aicost.case import evaluate
from xl_aicost.engine.calculate import calculate
from xl_aicost.simulate import tornado
from xl_aicost.workbook.build import assemble
from xl_aicost.workbook.sheets.sensitivity import STAMP_ROW, TORNADO_ROW
from xl_aicost.workbook.template import load_template

INPUTS = load_assumptions()


def both_tables(line):
    """Return the live table and the snapshot of a line as rows of label, low, high, result at low, result at high."""
    template = dataclasses.replace(load_template("cluster"), sensitivity=(line,), stamped=(line,))
    book = assemble(template)
    values = calculate(book.wb, book.known)["Sensitivity"]
    sheet = book.wb["Sensitivity"]

    def table(first):
        rows = []
        for row in range(first, first + 12):
            cells = [values.get((row, c), sheet.cell(row, c).value) for c in (1, 3, 4, 5, 6)]
            if not isinstance(cells[3], float):
                break
            rows.append(cells)
        return rows

    return table(TORNADO_ROW), table(STAMP_ROW + 3)


@pytest.mark.parametrize("line", ["cluster_capex", "cluster_opex", "layoffs_to_fund", "release_interconnect_share"])
def test_live_table_snapshot_and_library_rank_the_same_inputs(line):
    live, snapshot = both_tables(line)
    swings = [[INPUTS[s.id].label, s.low, s.high, s.at_low, s.at_high] for s in tornado(line)]
    assert swings
    for table in (live, snapshot):
        assert [row[0] for row in table[: len(swings)]] == [row[0] for row in swings]
        for found, expected in zip(table, swings, strict=False):
            assert found[1:] == pytest.approx(expected[1:], rel=1e-12)
        for _, _, _, at_low, at_high in table[len(swings) :]:
            assert at_low == pytest.approx(at_high, rel=1e-10)  # what does not move the line comes last


def test_an_input_that_moves_the_last_digit_alone_ranks_behind_all_that_move_the_line():
    line, days = "release_interconnect_share", INPUTS["run_days"]
    assert evaluate(line, run_days=days.low) != evaluate(line, run_days=days.high)
    moving = len(tornado(line))
    for table in both_tables(line):
        assert days.label not in [row[0] for row in table[:moving]]
