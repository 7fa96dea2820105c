"""A workbook that came back: its inputs read, what was changed by hand found, a clean one left alone."""

import json
import random
import re
import shlex
import shutil
import subprocess
import sys
import zipfile

import openpyxl
import pytest
from typer.testing import CliRunner

from xl_aicost import attach
from xl_aicost.audit.rules import audit_rules
from xl_aicost.cli.main import app
from xl_aicost.errors import DataError, InputError
from xl_aicost.review.annotate import annotate
from xl_aicost.review.audit import audit, sarif
from xl_aicost.review.drift import drift
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.review.report import report
from xl_aicost.workbook.book import as_typed
from xl_aicost.workbook.build import assemble, build, write
from xl_aicost.workbook.sheets.control import SELECTOR, chosen
from xl_aicost.workbook.template import TYPED
from xl_aicost.xlsx.package import open_package
from xl_aicost.xlsx.save import save

TEMPLATES = ["cluster", "company", "comparison", "board"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    for name in TEMPLATES:
        assert build(name, folder / f"{name}.xlsx").checks == "OK"
    return {name: folder / f"{name}.xlsx" for name in TEMPLATES}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_clean_workbook_has_no_finding_above_low(made, name):
    result = audit(made[name])
    assert [f for f in result.findings if f.severity not in ("low", "note")] == []
    assert result.verdict == "PASS"


EDGES = {"gpu_unit_price": 0, "utilization": 0, "layoff_share": 1, "rental_price": 0, "run_days": 0}


@pytest.mark.parametrize(("years", "settings"), [(1, {}), (2, EDGES)])
def test_a_short_horizon_and_the_limits_of_inputs_are_no_findings(tmp_path, years, settings):
    """What does not exist is n/a, not an error; no cell is read that is not there."""
    path = tmp_path / "edge.xlsx"
    assert build("cluster", path, years=years, settings=settings).checks == "OK"
    result = audit(path)
    assert [f for f in result.findings if f.severity not in ("low", "note")] == []
    assert result.verdict == "PASS"
    shown = openpyxl.load_workbook(path, data_only=True)
    readers = [
        shown[s]
        for s in shown.sheetnames
        if s in ("Answer", "Cluster", "Options", "Afford", "Returns", "Sensitivity", "Companies")
    ]
    assert [c.coordinate for ws in readers for row in ws.iter_rows() for c in row if c.data_type == "e"] == []
    assert result.changes == []


def test_a_file_saved_by_libreoffice_has_not_drifted(made, libreoffice):
    for path in libreoffice(list(made.values())):
        result = audit(path)
        assert [f for f in result.findings if f.severity not in ("low", "note")] == []
        assert result.changes == []


def test_edits_are_read_back_and_built_again_without_drift(made, tmp_path, libreoffice):
    edited = tmp_path / "edited.xlsx"
    book = openpyxl.load_workbook(made["cluster"])
    built = assemble("cluster")
    cells = (("pue", "Base", 1.25), ("gpus", "typed", 24_576), ("failed_runs", "Article low", 12))
    for name, what, value in cells:
        book["Inputs"][built.layout.input_at(name, what)] = value
    book["Inputs"][SELECTOR] = "Glut"
    book["Inputs"][chosen(built)["one_life"]] = 4
    book.save(edited)
    ours = ReturnedWorkbook(open_package(libreoffice([edited])[0]))
    found = {(c.id, c.scenario): c.new for c in ours.changes}
    expected = {("pue", "Base"): 1.25, ("gpus", "Your value"): 24_576, ("failed_runs", "Article low"): 12}
    assert found == expected | {("scenario", ""): "Glut", ("one_life", ""): 4}
    overlay = tmp_path / "inputs.csv"
    overlay.write_text(ours.overlay(), encoding="utf-8")
    words = shlex.split(ours.command(str(overlay)))
    again = tmp_path / "again.xlsx"
    run = [sys.executable, "-c", "from xl_aicost.cli.main import main; main()", *words[1:], "--out", str(again)]
    subprocess.run(run, check=True, capture_output=True)
    back = ReturnedWorkbook(open_package(again))
    assert back.input_values == ours.input_values
    assert back.choices == ours.choices
    assert drift(back) == []


def _random_edits(path, template, seed):
    """Edit up to twelve inputs in any scenario and some choices; return what was typed."""
    rng = random.Random(seed)
    built = assemble(template)
    book = openpyxl.load_workbook(path)
    typed = {}
    for i in rng.sample(sorted(built.layout.input_rows), rng.randint(1, 12)):
        item, scenario = built.assumptions[i], rng.choice(["typed", *built.layout.scenarios])
        low, high = sorted((item.low, item.high))
        value = rng.uniform(low, high) if item.unit != "choice" else float(rng.randint(int(item.min), int(item.max)))
        title = TYPED if scenario == "typed" else built.scenario_title(scenario, built.edition)
        book["Inputs"][built.layout.input_at(i, scenario)].value = as_typed(item, value)
        typed[i, title] = value
    shown = built.scenario_title(rng.choice(built.layout.scenarios), built.edition)
    book["Inputs"][SELECTOR] = shown
    book["Inputs"][chosen(built)["first_year"]] = first = rng.randint(2020, 2040)
    book.save(path)
    return typed, {"scenario": shown, "first_year": first}


def test_any_edits_come_back_and_build_again_without_drift(made, tmp_path, libreoffice):
    cases = [(f"{name}{seed}", name, seed) for seed in range(2) for name in TEMPLATES]
    typed = {}
    for case, name, seed in cases:
        path = tmp_path / f"{case}.xlsx"
        path.write_bytes(made[name].read_bytes())
        typed[case] = _random_edits(path, name, seed)
    saved = libreoffice([tmp_path / f"{case}.xlsx" for case, _, _ in cases])
    for (case, _, _), path in zip(cases, saved, strict=True):
        ours = ReturnedWorkbook(open_package(path))
        edits, choices = typed[case]
        for (i, scenario), value in edits.items():
            assert ours.input_values[i][scenario] == pytest.approx(value, rel=1e-14)
        assert {n: ours.choices[n] for n in choices} == choices
        overlay = tmp_path / f"{case}.csv"
        overlay.write_text(ours.overlay(), encoding="utf-8")
        words = shlex.split(ours.command(str(overlay)))[1:]
        again = tmp_path / f"{case}-again.xlsx"
        result = CliRunner().invoke(app, [*words, "--out", str(again)])
        assert result.exit_code in (0, 1), result.output
        back = ReturnedWorkbook(open_package(again))
        assert back.input_values == ours.input_values
        assert back.choices == ours.choices
        assert drift(back) == []


def test_a_formula_or_a_text_in_an_input_is_refused_by_name(tmp_path):
    book = assemble("cluster")
    book.wb["Inputs"][book.layout.input_at("gpus", "Base")] = "=5000*2"
    save(book.wb, tmp_path / "f.xlsx", {})
    with pytest.raises(InputError, match=r"gpus, Base: a formula"):
        _ = ReturnedWorkbook(open_package(tmp_path / "f.xlsx")).input_values


def test_rules_alone_find_faults_in_a_workbook_of_someone_else(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    for column in "BCDEFG":
        sheet[f"{column}1"] = 10
        sheet[f"{column}2"] = f"={column}1*1.19"
    sheet["D2"] = 12
    sheet["A3"], sheet["A4"], sheet["A5"] = "=OFFSET(A1,1,1)", "=#REF!+1", "=A6"
    sheet["A6"], sheet["A7"] = "=A5", "=no_such_name+'Other'!B2"
    sheet["A8"], sheet["A9"] = "=ROUND(B1+C1*D1,0)", "=ROUND(B1+C1*D1,0)"
    book.save(tmp_path / "other.xlsx")
    result = audit(tmp_path / "other.xlsx")
    rules = {f.rule for f in result.findings}
    assert {"circle", "error", "typed-number"} <= rules
    assert result.verdict == "FAIL"
    assert any("not made by xl-aicost" in text for text in result.not_checked)
    report = sarif(result)["runs"][0]["results"]
    assert len(report) == len(result.findings)
    json.dumps(result.as_dict())


def test_a_drift_says_what_the_headline_loses(tmp_path):
    book = assemble("company")
    cell = book.wb["Calc_Live"][f"D{book.layout.rows['layoff_coverage']}"]
    cell.value = f"=({cell.value[1:]})*2"
    write(book, tmp_path / "doubled.xlsx", edited=True)
    [stake] = audit(tmp_path / "doubled.xlsx").at_stake
    now, restored = stake.results["layoff_coverage"]
    assert now == pytest.approx(2 * restored)


def test_where_inputs_alone_were_changed_the_rules_on_formulas_do_not_run(made, tmp_path):
    typed, edited = tmp_path / "typed.xlsx", tmp_path / "edited.xlsx"
    shutil.copy(made["cluster"], typed)
    model = attach(typed)
    model["gpus"] = 12_000
    model.save()
    result = audit(typed)
    assert (result.inputs_alone, result.identical, result.verdict) == (True, False, "PASS")
    assert [f for f in result.findings if f.severity != "note"] == []  # as of the workbook as it was built
    assert [(c.id, c.new) for c in result.changes] == [("gpus", 12_000)]
    assert "every formula is the builder's" in "\n".join(report(result))
    wb = openpyxl.load_workbook(typed)
    wb["Calc_Live"]["D9"] = "=SUM(D7:D8,Inputs!A1:A9999)"
    wb.save(edited)
    result = audit(edited)
    assert (result.inputs_alone, result.verdict) == (False, "FAIL")


def test_no_rule_on_formulas_speaks_of_what_is_as_built(made):
    """It is left out where inputs alone were changed, so it has to have nothing to say there."""
    for path in made.values():
        assert [f for f in audit_rules(open_package(path)) if f.severity in ("critical", "high", "medium")] == []


def test_a_stale_value_is_found(made, tmp_path):
    with zipfile.ZipFile(made["board"]) as old, zipfile.ZipFile(tmp_path / "stale.xlsx", "w") as new:
        for part in old.namelist():
            data = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                start = data.index(b"<v>", data.index(b"Calc_Live")) + 3
                data = data[:start] + b"123456789.0" + data[data.index(b"</v>", start) :]
            new.writestr(part, data)
    stale = [f for f in audit(tmp_path / "stale.xlsx").findings if f.rule == "VAL-03"]
    assert [(f.severity, f.sheet) for f in stale] == [("high", "Answer")]


def test_the_annotated_copy_keeps_everything(tmp_path, libreoffice):
    book = assemble("board")
    book.wb["Calc_Base"]["D8"] = 5.0
    write(book, tmp_path / "faulty.xlsx", edited=True)
    result = audit(tmp_path / "faulty.xlsx")
    annotate(result, tmp_path / "copy.xlsx")
    with zipfile.ZipFile(tmp_path / "faulty.xlsx") as old, zipfile.ZipFile(tmp_path / "copy.xlsx") as new:
        touched = {n for n in old.namelist() if old.read(n) != new.read(n)}
    lists = {
        "[Content_Types].xml",
        "xl/sharedStrings.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
    }
    assert {t for t in touched - lists if not t.startswith("xl/worksheets/")} == set()
    copy = openpyxl.load_workbook(libreoffice([tmp_path / "copy.xlsx"])[0])
    assert copy["Calc_Base"]["D8"].fill.fgColor.rgb == "FFF4B6B6"
    assert copy["Calc_Base"]["D8"].value == 5
    rows = [r for r in copy["Audit"].iter_rows(min_row=8, values_only=True) if r[0]]
    assert len(rows) == len(result.findings)
    plain = openpyxl.load_workbook(tmp_path / "faulty.xlsx")
    looks = [(c.coordinate, c.number_format, c.font.b) for row in plain["Answer"].iter_rows() for c in row]
    back = openpyxl.load_workbook(tmp_path / "copy.xlsx")["Answer"]
    assert looks == [(c.coordinate, c.number_format, c.font.b) for row in back.iter_rows() for c in row]


def test_what_is_no_workbook_is_said_in_one_line(tmp_path):
    for name, data in (("a.xlsx", b""), ("b.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("c.xlsx", b"PK\x03\x04")):
        (tmp_path / name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / "d.xlsx", "w") as archive:
        archive.writestr("hello.txt", "x")
    for path in [*sorted(tmp_path.iterdir()), tmp_path / "none.xlsx"]:
        with pytest.raises(DataError) as error:
            open_package(path)
        assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"},
            r"OpenDocument .* save it",
        ),
        (
            {"_rels/.rels": '<x><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></x>'},
            r"xlsb\); save",
        ),
    ],
)
def test_other_kinds_of_workbooks_are_to_be_saved_as_xlsx(tmp_path, parts, words):
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    with pytest.raises(DataError, match=words):
        open_package(tmp_path / "book.xlsx")


def test_all_formulas_that_depend_on_each_other_are_one_circle(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"], sheet["A3"], sheet["A4"] = "=A2+1", "=A1+A3", "=A2*2", "=A1+A3"
    sheet["C1"], sheet["D1"], sheet["E1"] = "=SUM(C1:D1)", "=C1*2", 5
    book.save(tmp_path / "circle.xlsx")
    [found] = [f for f in audit(tmp_path / "circle.xlsx").findings if f.rule == "circle"]
    assert sorted(found.places) == [f"Sheet!{at}" for at in ("A1", "A2", "A3", "C1", "D1")]


@pytest.mark.skipif(sys.platform != "linux", reason="reads from /proc what memory a file took")
def test_a_file_of_50_megabytes_stays_within_500_mebibytes(tmp_path):
    row = '<row r="{0}"><c r="A{0}"><v>{0}</v></c><c r="B{0}"><f>A{0}*2+{1}</f><v>1</v></c><c r="C{0}" t="inlineStr">'
    row += "<is><t>item {0} of a long list of items</t></is></c></row>"
    book = openpyxl.Workbook()
    book.save(tmp_path / "small.xlsx")
    with zipfile.ZipFile(tmp_path / "small.xlsx") as old, zipfile.ZipFile(tmp_path / "large.xlsx", "w") as new:
        for part in old.namelist():
            text = old.read(part).decode()
            if part.endswith("sheet1.xml"):
                rows = "".join(row.format(n, n % 7) for n in range(1, 380_000))
                text = re.sub(r"<sheetData\s*/>|<sheetData></sheetData>", f"<sheetData>{rows}</sheetData>", text)
            new.writestr(part, text)
    assert (tmp_path / "large.xlsx").stat().st_size > 50_000_000
    # of this process alone: ru_maxrss begins with what the process had that started it
    program = "import atexit, pathlib, sys; from xl_aicost.cli.main import main; "
    program += "status = pathlib.Path('/proc/self/status'); "
    program += (
        "atexit.register(lambda: print(status.read_text().split('VmHWM:')[1].split()[0], file=sys.stderr)); main()"
    )
    run = [sys.executable, "-c", program, "audit", str(tmp_path / "large.xlsx"), "--json"]
    done = subprocess.run(run, capture_output=True, encoding="utf-8")
    assert done.returncode == 2
    assert int(done.stderr.split()[-1]) * 1024 < 500 * 2**20
    report = json.loads(done.stdout)
    assert report["verdict"] == "INCOMPLETE"
    assert "Sheet from row" in report["incomplete"][0]
    assert [f["rule"] for f in report["findings"]] == ["GEN-02"]


def test_entities_are_refused(made, tmp_path):
    with zipfile.ZipFile(made["board"]) as old, zipfile.ZipFile(tmp_path / "e.xlsx", "w") as new:
        for part in old.namelist():
            data = old.read(part)
            mark = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' if part == "xl/workbook.xml" else b""
            new.writestr(part, mark + data)
    with pytest.raises(DataError, match="document type"):
        open_package(tmp_path / "e.xlsx")


def test_a_shared_formula_is_read_at_every_cell(tmp_path):
    wb = openpyxl.Workbook()
    for row in range(1, 5):
        wb.active[f"A{row}"], wb.active[f"B{row}"] = row, f"=$A$1+A{row}"
    wb.save(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as old, zipfile.ZipFile(tmp_path / "shared.xlsx", "w") as new:
        for part in old.namelist():
            text = old.read(part).decode()
            if part.endswith("sheet1.xml"):
                text = text.replace("<f>$A$1+A1</f>", '<f t="shared" ref="B1:B4" si="0">$A$1+A1</f>')
                for row in (2, 3, 4):
                    text = text.replace(f"<f>$A$1+A{row}</f>", '<f t="shared" si="0"/>')
            new.writestr(part, text)
    cells = open_package(tmp_path / "shared.xlsx").sheets[0].cells
    assert [cells[r, 2].formula for r in range(1, 5)] == [f"$A$1+A{r}" for r in range(1, 5)]
