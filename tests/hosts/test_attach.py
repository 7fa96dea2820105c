"""A workbook driven from Python: a file, an openpyxl workbook, a workbook open in Excel."""

import math
import shutil
import zipfile

import numpy as np
import openpyxl
import pytest

from tests.engines.evaluators import by_ironcalc
from tests.hosts.excel import Book
from xl_aicost import attach, build
from xl_aicost.case import Case, model
from xl_aicost.errors import DataError, InputError, UnknownNameError
from xl_aicost.review.audit import audit
from xl_aicost.review.read import read
from xl_aicost.workbook.build import assemble

TYPED = {"gpus": 12_000, "pue": 1.3, "utilization": 0.6}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    path = tmp_path_factory.mktemp("attach") / "cluster.xlsx"
    build("cluster", path)
    return path


@pytest.fixture
def path(built, tmp_path):
    return shutil.copy(built, tmp_path / "ours.xlsx")


@pytest.fixture(scope="module")
def edited(built):
    """Return a workbook in which some inputs were typed, and its path after saving."""
    path = shutil.copy(built, built.parent / "edited.xlsx")
    m = attach(path)
    m.scenario = "base"
    for name, value in TYPED.items():
        m[name] = value
    m.save()
    return m, path


def test_every_line_reads_what_numpy_computes(edited):
    m, _ = edited
    case = Case.of(settings=TYPED)
    for line in model().lines:
        found, wanted = (np.atleast_1d(v).tolist() for v in (m[line], case.evaluate(line)))
        assert len(found) == len(wanted) or len(set(wanted)) == 1, line
        for a, b in zip(found, wanted, strict=False):
            assert math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) or (math.isnan(a) and not math.isfinite(b)), line
    assert {i: m[i] for i in TYPED} == TYPED == m.typed


def test_the_file_holds_the_typed_inputs_and_the_values_of_its_formulas(edited, built):
    _, path = edited
    back = read(path)
    assert {c.id: c.new for c in back.changes if c.scenario} == TYPED
    assert audit(path).verdict == "PASS"
    engine, wb = by_ironcalc(path), openpyxl.load_workbook(path, data_only=True)
    for ws, name in enumerate(wb.sheetnames):
        for row in wb[name].iter_rows():
            for cell in row:
                if isinstance(cell.value, float):
                    found = engine.get_cell_value(ws, cell.row, cell.column)
                    assert math.isclose(found, cell.value, rel_tol=1e-9, abs_tol=1e-6), (name, cell.coordinate)
    with zipfile.ZipFile(built) as old, zipfile.ZipFile(path) as new:
        assert old.namelist() == new.namelist()
        same = [n for n in old.namelist() if old.read(n) == new.read(n)]
        assert all(n.startswith("xl/worksheets/") for n in set(old.namelist()) - set(same))
        formulas = [openpyxl.load_workbook(p) for p in (built, path)]
    for ws in formulas[0]:
        other = formulas[1][ws.title]
        assert not [
            c for row in ws.iter_rows() for c in row if c.data_type == "f" and other[c.coordinate].value != c.value
        ]


def test_a_file_is_not_written_before_it_is_saved(path):
    before = path.read_bytes()
    m = attach(str(path))
    assert m["cluster_capex"] == Case.of().evaluate("cluster_capex")
    m["gpus"] = 20_000
    assert m["gpu_capex"] == 600e6
    m["gpus"] = None
    assert m["gpu_capex"] == 300e6
    assert path.read_bytes() == before
    m.save(path.with_name("other.xlsx"))
    assert path.read_bytes() == before


def test_a_file_without_values_is_calculated(path):
    """openpyxl keeps formulas and drops what they gave, so what it typed counts only once they are calculated."""
    book = openpyxl.load_workbook(path)
    book["Inputs"][assemble("cluster").layout.input_at("gpus", "typed")] = 12_000
    book.save(path)
    m = attach(path)
    assert m["cluster_capex"] == pytest.approx(Case.of(settings={"gpus": 12_000}).evaluate("cluster_capex"))
    m.save()
    assert read(path).outputs["cluster_capex"].value == pytest.approx(m["cluster_capex"])


def test_an_openpyxl_workbook(path, tmp_path):
    wb = openpyxl.load_workbook(path)
    m = attach(wb)
    m["gpus"] = 20_000
    assert m["cluster_capex"] == Case.of(settings={"gpus": 20_000}).evaluate("cluster_capex")
    assert 20_000 in [c.value for row in wb["Inputs"].iter_rows() for c in row]
    with pytest.raises(InputError, match="give save a path"):
        m.save()
    m.save(tmp_path / "saved.xlsx")
    assert attach(tmp_path / "saved.xlsx")["cluster_capex"] == m["cluster_capex"]


def test_a_workbook_open_in_excel(path):
    book = Book(openpyxl.load_workbook(path))
    m = attach(book)
    m["gpus"] = 20_000
    assert m["cluster_capex"] == Case.of(settings={"gpus": 20_000}).evaluate("cluster_capex")
    assert math.isnan(m["payback_years"])
    assert book.calculated == 1
    assert m.typed == {"gpus": 20_000}


@pytest.mark.parametrize(
    ("act", "kind", "said"),
    [
        (lambda m: m["cluster_capx"], UnknownNameError, "cluster_capex"),
        (lambda m: m.__setitem__("gpu", 1), UnknownNameError, "gpus"),
        (lambda m: m.__setitem__("cluster_capex", 1), InputError, "is a line, which the model calculates"),
        (lambda m: m.__setitem__("pue", 0.5), InputError, "pue = 0.5 is out of range: 1 to 3"),
        (lambda m: m.__setitem__("pue", "=1+1"), InputError, "pue = '=1\\+1' is not a number"),
        (lambda m: setattr(m, "scenario", "Gluut"), UnknownNameError, "scenario"),
    ],
)
def test_what_is_not_accepted_is_one_line(built, act, kind, said):
    with pytest.raises(kind, match=said) as error:
        act(attach(built))
    assert "\n" not in str(error.value)


def test_a_formula_is_never_overwritten(path):
    wb = openpyxl.load_workbook(path)
    m = attach(wb)
    sheet, row, column = m._typed_cell("gpus")
    wb[sheet].cell(row, column).value = "=6000*2"
    with pytest.raises(InputError, match="gpus: its cell for a typed value holds a formula"):
        m["gpus"] = 5
    assert wb[sheet].cell(row, column).value == "=6000*2"


def test_rows_that_moved_are_noticed(path):
    wb = openpyxl.load_workbook(path)
    wb["Calc_Live"].insert_rows(8)
    with pytest.raises(InputError, match="rows were inserted"):
        attach(wb)["cluster_capex"]


def test_what_is_not_ours_is_told(tmp_path):
    wb = openpyxl.Workbook()
    wb.save(tmp_path / "other.xlsx")
    for book in (wb, tmp_path / "other.xlsx"):
        with pytest.raises(InputError, match="not made by xl-aicost"):
            attach(book)
    with pytest.raises(InputError, match="int is not a workbook"):
        attach(3)
    (tmp_path / "text.xlsx").write_text("x")
    with pytest.raises(DataError, match="text"):
        attach(tmp_path / "text.xlsx")


def test_the_layout_is_that_of_the_workbook_and_not_of_the_template(tmp_path):
    build("cluster", tmp_path / "q.xlsx", years=3, periods_per_year=4)
    assert len(attach(tmp_path / "q.xlsx")["book_value"]) == 12
    assert assemble("cluster").layout.count == 10
