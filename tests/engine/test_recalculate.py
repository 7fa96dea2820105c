"""Workbooks of others recalculated in a process of their own: what IronCalc cannot read is rewritten, too much is refused."""

import io
import json
import os
import runpy
import sys

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from xl_aicost.engine import recalculate as module
from xl_aicost.engine.recalculate import recalculate
from xl_aicost.errors import AicostError, IncompleteError
from xl_aicost.xlsx.package import open_package


def saved(path, rows, **sheets):
    """Return a workbook of rows as it is read back; further sheets by name."""
    wb = openpyxl.Workbook()
    wb.active.title = "P"
    for ws, lines in ((wb.active, rows), *((wb.create_sheet(name), lines) for name, lines in sheets.items())):
        for line in lines:
            ws.append(line)
    if rows[0][0] == "Sold":
        wb.active.add_table(Table(displayName="Fair", ref="A1:B3"))
    wb.save(path)
    return open_package(path)


@pytest.mark.parametrize(
    ("formula", "read"),
    [
        ("A1+B2", 1),
        ("SUM(A1:A9)", 9),
        ("SUM(A1:I1)", 9),
        ("SUM(B2:D4)", 9),
        ("SUM(A1:A3)+SUM(C1:C3)", 6),
        ("SUMPRODUCT(A1:A9*A1:E1)", 45),
        ("SUM(A:A)", 3),
        ("SUM(A:A)+SUM(B1:B2)", 5),
    ],
)
def test_how_many_cells_a_formula_may_read(tmp_path, monkeypatch, formula, read):
    package = saved(tmp_path / "a.xlsx", [[1, 2, f"={formula}"]])
    monkeypatch.setattr(module, "MOST_READ", read)
    recalculate(package)
    monkeypatch.setattr(module, "MOST_READ", read - 1)
    with pytest.raises(IncompleteError, match=f"read more than {read - 1} cells"):
        recalculate(package)


SALES = [["Sold", "Price"], [5, 2.5], [6, 4]]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("SUM(Fair[Sold])", 11),
        ('SUM(Fair[Sold])&"[1]"', "11[1]"),
        ("SUM((A2:A3,B2:B3))", 17.5),
        ("SUM(Q:S!A1)", 60),
        ("SUM('Q:S'!A1:A2)+A2", 71),
        ("SUM(S:Q!A1)", 60),
        ("SUM(P!A2:A3)", 11),
    ],
)
def test_what_ironcalc_cannot_read_is_calculated_from_plain_ranges(tmp_path, formula, value):
    more = {"Q": [[10], [1]], "R": [[20], [2]], "S": [[30], [3]]}
    rows = [*SALES, [f"={formula}", "=A2*B2", True, "word", "#N/A"]]
    found = recalculate(saved(tmp_path / "a.xlsx", rows, **more)).values
    assert [found.get(("P", 4, column)) for column in range(1, 6)] == [value, 12.5, True, "word", "#N/A"]
    assert found["S", 2, 1] == 3


def test_a_formula_that_reads_another_workbook_keeps_its_value_and_others_are_calculated(tmp_path):
    package = saved(tmp_path / "a.xlsx", [["=[1]Plan!A1*2", "=A1+1"], ["='[old.xlsx]Plan'!A1", "=A2+1"]])
    for at, value in (((1, 1), 40.0), ((2, 1), 50.0)):
        package.sheets[0].cells[at].value = value
    assert recalculate(package).values == {
        ("P", 1, 1): 40, ("P", 1, 2): 41, ("P", 2, 1): 50, ("P", 2, 2): 51,
    }  # fmt: skip


def test_edits_are_made_beside_each_other_and_not_after_each_other(tmp_path):
    package = saved(tmp_path / "a.xlsx", [[2, 3, "=A1*B1"]])
    edits = [[("P", 1, 1, 10.0)], [("P", 1, 2, "=A1+5")], [("P", 1, 1, None)], [("P", 1, 3, "none")]]
    assert recalculate(package, edits, [("P", 1, 3)]).after == [[30], [14], [0], ["none"]]


def test_what_ironcalc_says_last_is_the_reason(tmp_path, monkeypatch):
    program = tmp_path / "program.py"
    program.write_text("import sys\nsys.exit('first\\n' + 'why ' * 100)")
    monkeypatch.setattr(module, "PROGRAM", program)
    with pytest.raises(AicostError) as failed:
        recalculate(saved(tmp_path / "a.xlsx", [[1]]))
    assert str(failed.value) == f"IronCalc cannot recalculate the workbook ({('why ' * 100)[:160]})"


def test_the_program_answers_alone_on_its_standard_output(tmp_path, monkeypatch, capfd):
    pytest.importorskip("resource")
    saved(tmp_path / "a.xlsx", [[2, "=A1*3"]])
    request = {"path": str(tmp_path / "a.xlsx"), "edits": [], "places": [], "seconds": 5, "memory": 10**9}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(request)))
    monkeypatch.setattr("resource.setrlimit", lambda *limits: None)
    monkeypatch.delitem(sys.modules, "xl_aicost.engine.ironcalc_process", raising=False)  # runpy warns of it
    kept = os.dup(1)
    try:
        runpy.run_module("xl_aicost.engine.ironcalc_process", run_name="__main__")
        os.write(1, b"what the engine prints")
    finally:
        os.dup2(kept, 1)
        os.close(kept)
    said = capfd.readouterr()
    assert json.loads(said.out) == {"values": {"P": [[1, 1, 2.0], [1, 2, 6.0]]}, "after": []}
    assert said.err == "what the engine prints"
