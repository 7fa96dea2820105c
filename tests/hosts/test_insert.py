"""The whole model put into an open workbook: the real server's actions, replayed and recalculated."""

import types

import numpy as np
import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from tests.engines.evaluators import by_ironcalc
from tests.hosts.excel import Book
from xl_aicost.case import Case, model
from xl_aicost.errors import InputError
from xl_aicost.hosts.attach import attach
from xl_aicost.hosts.insert import REPORT_ROW, insert_model, report
from xl_aicost.workbook.build import assemble
from xl_aicost.workbook.layout import LIVE


@pytest.fixture(scope="module")
def actions(server):
    """Return what the server tells Excel to do with a workbook of one sheet."""
    return ask(server, []).json()["actions"]


def ask(server, arguments):
    sheet = {"name": "Mine", "values": [["kept"]], "pictures": [], "tables": [], "shapes": [], "charts": []}
    body = {
        "client": "Office.js",
        "version": "any",
        "names": [],
        "args": arguments,
        "sheets": [sheet | {"pivottables": []}],
    }
    body["book"] = {"name": "Book1.xlsx", "active_sheet_index": 0, "selection": "A1"}
    return server.post("/xlwings/custom-scripts-call/insert_model", json=body, headers={"Authorization": ""})


def replay(actions):
    """Do in an openpyxl workbook what Excel would do."""
    book = openpyxl.Workbook()
    book.active.title = "Mine"
    book["Mine"]["A1"] = "kept"
    for action in actions:
        kind, arguments = action["func"], action["args"]
        if kind == "addSheet":
            book.create_sheet(arguments[1], arguments[0])
        elif kind == "namesAdd":
            book.defined_names[arguments[0]] = DefinedName(arguments[0], attr_text=arguments[1].lstrip("="))
        elif kind == "setFormula":
            sheet = book.worksheets[action["sheet_position"]]
            for r, row in enumerate(action["values"]):
                for c, value in enumerate(row):
                    if value != "":
                        sheet.cell(action["start_row"] + r + 1, action["start_column"] + c + 1).value = value
    return book


def test_the_inserted_model_computes_what_numpy_does(actions, tmp_path):
    book = replay(actions)
    layout = assemble("cluster").layout
    assert book.sheetnames == ["Mine", *assemble("cluster").wb.sheetnames]
    assert book["Mine"]["A1"].value == "kept"
    book.save(tmp_path / "inserted.xlsx")
    engine = by_ironcalc(tmp_path / "inserted.xlsx")
    found = model().evaluate(list(model().lines), Case.of().values, layout.years)
    position = book.sheetnames.index("Calc_Live")
    for line, expected in found.items():
        if line not in model().series:
            value = engine.get_cell_value(position, layout.rows[line], 4)
            assert value == ("#N/A" if np.isnan(expected) else pytest.approx(expected, rel=1e-9)), line
    assert engine.get_cell_value(book.sheetnames.index("Checks"), 12, 12) == "OK"


def test_formulas_travel_not_values(actions):
    written = [v for a in actions if a["func"] == "setFormula" for row in a["values"] for v in row]
    assert sum(isinstance(v, str) and v.startswith("=") for v in written) > 4000
    assert {"addSheet", "namesAdd", "setFormula", "setNumberFormat"} <= {a["func"] for a in actions}
    assert len(actions) < 6000


def test_a_company_and_a_scenario_can_be_asked_for(server):
    written = [
        v for a in ask(server, ["META", "base"]).json()["actions"] if a["func"] == "setFormula" for v in a["values"]
    ]
    cells = [c for row in written for c in row]
    assert 72.215 in cells
    assert "Meta 2025" in cells
    reply = ask(server, ["Nokia", "base"])
    assert reply.status_code == 400
    assert "Nokia" in reply.text


@pytest.mark.parametrize(
    ("sheets", "names", "words"), [(["inputs"], [], "sheet 'Inputs'"), (["Mine"], ["PUE"], "name 'pue'")]
)
def test_a_book_that_has_ours_already_is_left_alone(sheets, names, words):
    class Untouched(list):
        def add(self, *_):
            raise AssertionError

    named = lambda found: Untouched(types.SimpleNamespace(name=n) for n in found)  # noqa: E731
    book = types.SimpleNamespace(sheets=named(sheets), names=named(names))
    with pytest.raises(InputError, match=words):
        insert_model(book)


def test_the_button_puts_the_model_in_and_reads_it_back():
    """The book is one of our own making, calculated by our engine; Excel's own part is not seen."""
    book = Book()
    book.sheets[0].range("A1:A1").value = "mine"
    report(book)
    assert [s.name for s in book.sheets] == ["Sheet", *assemble("cluster").wb.sheetnames]
    assert shown_by(book)["cluster_capex"] == (pytest.approx(Case.of().evaluate("cluster_capex")), "USD")
    assert book.sheets[0].range("A1:A1").value == "mine"


def test_the_button_refreshes_keeps_what_was_typed_and_repairs_what_was_overwritten():
    book = Book()
    insert_model(book)
    m = attach(book)
    m.scenario, m["gpus"] = "Base", 20_000
    sheet, row = LIVE.sheet, m.built.layout.rows["gpu_capex"]
    book.sheets[sheet].range((row, 4)).value = 5
    assert attach(book)["gpu_capex"] == 5
    book.sheets[0].range((40, 1)).value = "left over"
    report(book)
    found = shown_by(book)
    expected = Case.of(settings={"gpus": 20_000})
    assert found["gpus"] == (20_000, "GPUs")
    assert found["cluster_capex"] == (pytest.approx(expected.evaluate("cluster_capex")), "USD")
    assert found["payback_years"] == ("n/a", "years")
    assert "left over" not in found
    after = attach(book)
    assert (after.scenario, after.typed, after["gpu_capex"]) == ("Base", {"gpus": 20_000}, 600e6)
    assert len(list(book.names)) == len(assemble("cluster").wb.defined_names)


def shown_by(book):
    rows = book.sheets[0].range(f"A{REPORT_ROW}:C60").value
    return {row[0]: tuple(row[1:]) for row in rows if row[0]}
