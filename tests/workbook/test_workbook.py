"""The built workbook: alive, complete, named, the same bytes each time."""

import hashlib
import re
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.formula.translate import Translator

from xl_aicost import build
from xl_aicost.assumptions import load_assumptions, load_claims
from xl_aicost.case import Case, model
from xl_aicost.catalogue.claims import verdicts
from xl_aicost.errors import AicostError, InputError, UnknownNameError
from xl_aicost.support.share import share
from xl_aicost.workbook.build import assemble
from xl_aicost.workbook.sheets.claims import VERDICTS
from xl_aicost.workbook.sheets.control import SELECTOR
from xl_aicost.workbook.template import COMPANY, load_template

ROOT = Path(__file__).parents[2]
SHEETS = [
    "Answer",
    "Cluster",
    "Options",
    "Afford",
    "Returns",
    "Sensitivity",
    "Companies",
    "Inputs",
    "Claims",
]
SHEETS += ["Sources", "Checks", "About", "Feed", "Time", "Calc_Live", "Calc_Base", "Calc_Glut", "Calc_Scarcity"]
SHEETS += ["Calc_AIWorks", "Calc_ArticleLow", "Calc_ArticleHigh"]
SHEETS += ["Calc_Options", "Calc_Sensitivity", "Benchmark", "As_built", "Provenance"]


@pytest.fixture(scope="module")
def texts(built):
    return openpyxl.load_workbook(built)


@pytest.fixture(scope="module")
def values(built):
    return openpyxl.load_workbook(built, data_only=True)


def formulas(workbook):
    return [(ws.title, c) for ws in workbook for row in ws.iter_rows() for c in row if c.data_type == "f"]


def test_the_sheets_stand_in_the_order_of_the_contents(texts):
    assert texts.sheetnames == SHEETS
    links = [c.hyperlink.location for row in texts["About"].iter_rows(min_row=7) for c in row if c.hyperlink]
    assert links == [f"'{s}'!A1" for s in SHEETS]


def test_every_formula_carries_its_value_and_none_is_an_error(texts, values):
    found = formulas(texts)
    assert len(found) > 4000
    for sheet, cell in found:
        value = values[sheet][cell.coordinate].value
        assert value is not None, f"{sheet}!{cell.coordinate}"
        missing = value == "#N/A" and sheet.startswith(("Calc_", "As_built", "Checks", "Feed"))  # what does not exist
        assert missing or not str(value).startswith("#"), f"{sheet}!{cell.coordinate}"


def test_values_are_those_of_numpy(values):
    layout = assemble("cluster").layout
    for lane, scenario in zip(
        layout.lanes[1:], ("base", "glut", "scarcity", "ai-works", "article-low", "article-high"), strict=True
    ):
        found = model().evaluate(list(model().lines), Case.of(scenario=scenario).values, layout.years)
        for line, expected in found.items():
            if line not in model().series:
                cell = values[lane.sheet].cell(layout.rows[line], 4).value
                assert cell == ("#N/A" if np.isnan(expected) else pytest.approx(expected, rel=1e-12)), line


def test_names_are_the_ids(texts, values):
    names, layout = texts.defined_names, assemble("cluster").layout
    for i, a in load_assumptions().items():
        sheet, at = names[i].attr_text.split("!")
        row = int(at.rsplit("$", 1)[1])
        assert texts[sheet][f"{layout.input_column('id')}{row}"].value == i
        assert values[sheet][at.replace("$", "")].value == pytest.approx(a.base, rel=1e-15)
    for line in load_template("cluster").headline:
        sheet, at = names[line].attr_text.split("!")
        assert texts[sheet].cell(int(at.rsplit("$", 1)[1]), layout.id_column).value == line
    assert {"cluster_capex", "cluster_opex", "layoffs_to_fund", "scenario", "check_errors"} <= set(names)


def test_inputs_are_limited_prompted_and_linked_to_their_source(texts):
    sheet, layout = texts["Inputs"], assemble("cluster").layout
    rules = {str(v.sqref): v for v in sheet.data_validations.dataValidation}
    assert rules[SELECTOR].formula1 == "${}$8:${}$8".format(*layout.scenario_range)
    for i, row in layout.input_rows.items():
        rule = rules[f"D{row}"]
        assert rule.prompt
        assert rule.error
        choice = load_assumptions()[i].unit == "choice"
        assert rule.type == ("list" if choice else "decimal")
        goal = sheet[f"{layout.input_columns['source']}{row}"].hyperlink.location
        assert texts["Sources"][goal.replace("Sources!B", "I")].value == load_assumptions()[i].source


def test_a_row_over_time_has_one_formula(texts):
    sheet, layout = texts["Calc_Base"], assemble("cluster").layout
    for line in model().series:
        row = layout.rows[line]
        first = sheet.cell(row, 7)
        for column in layout.periods():
            moved = Translator(first.value, first.coordinate).translate_formula(f"{column}{row}")
            assert sheet[f"{column}{row}"].value == moved, line


def test_lanes_differ_in_their_lane_number_alone(texts):
    base, layout = texts["Calc_Base"], assemble("cluster").layout
    inputs = {f"D{layout.rows[i]}" for i in layout.input_rows}  # the live lane reads what is used now
    for lane in layout.lanes:
        sheet = texts[lane.sheet]
        different = {
            c.coordinate for row in sheet.iter_rows(min_row=2) for c in row if c.value != base[c.coordinate].value
        }
        assert different - (inputs if lane.column is None else set()) in (set(), {"D2"})


def test_only_functions_that_every_spreadsheet_has(texts):
    known = "ABS AND CHAR CHOOSE COUNT COUNTIF FIXED IF INDEX INT IRR ISNA ISNUMBER LEN LN MATCH MAX MIN NA OR RANK"
    known += " ROUND SUM SUMIFS SUMPRODUCT TEXT"
    used = {f for _, c in formulas(texts) for f in re.findall(r"([A-Z][A-Z0-9.]*)\(", c.value)}
    assert used <= set(known.split())


def test_no_number_hides_in_a_calculation(texts):
    """Constants are the whitelist of financial modelling, and definitions: 52 weeks, 8,766 hours, powers of 10."""
    allowed = {"0", "1", "2", "12", "24", "1000", "8760", "52", "8766", "10"}
    allowed |= {"3", "4", "5", "6"}  # the years by which the six cohorts before the first period are older
    for sheet, cell in formulas(texts):
        if sheet.startswith("Calc_"):
            bare = re.sub(r'"[^"]*"|\$?[A-Z]{1,3}\$?\d+', "", cell.value)
            assert set(re.findall(r"(?<![\w.])\d+\.?\d*", bare)) <= allowed, f"{sheet}!{cell.coordinate} {cell.value}"


def test_claims_on_the_sheet_are_those_of_the_command(values):
    sheet, by_id = values["Claims"], {v.id: v for v in verdicts()}
    rows = [r for r in range(8, sheet.max_row + 1) if sheet[f"O{r}"].value]
    assert {sheet[f"O{r}"].value for r in rows} == set(load_claims()) == set(by_id)
    for r in rows:
        verdict = by_id[sheet[f"O{r}"].value]
        assert sheet[f"E{r}"].value == verdict.adds_up.replace("n/a", "-"), verdict.id
        assert sheet[f"G{r}"].value == VERDICTS[verdict.evidence], verdict.id
    counts = Counter(v.evidence for v in by_id.values())
    assert sheet["B5"].value.startswith(f"Of {len(by_id)} claims, independent evidence supports {counts['supports']}, ")


def test_checks_hold_and_can_fail(values):
    assert values["Checks"]["L12"].value == "OK"
    book = assemble("cluster")
    row = book.layout.rows["cluster_opex"]
    book.wb["Calc_Scarcity"][f"D{row}"] = 1
    from xl_aicost.engine.calculate import calculate

    found = calculate(book.wb)
    assert found["Checks"][(12, 12)] == "ERROR"
    assert found["Time"][(3, 1)].endswith("ERROR")


@pytest.mark.parametrize("chosen", [None, " ", "No such story"])
def test_without_a_scenario_of_the_workbook_the_checks_fail(chosen):
    from xl_aicost.engine.calculate import calculate

    book = assemble("cluster")
    sheet, _, at = book.wb.defined_names["scenario"].attr_text.partition("!")
    book.wb[sheet][at.replace("$", "")].value = chosen
    found = calculate(book.wb)
    assert found["Checks"][(12, 12)] == "ERROR"
    assert found["Time"][(3, 1)].endswith("ERROR")


def test_company_ratios_leave_gaps_as_gaps(values):
    sheet = list(values["Companies"].iter_rows(min_row=7, values_only=True))
    heads = {text: place for place, text in enumerate(sheet[0]) if text}
    rows = {(r[1], r[2]): r for r in sheet[1:]}

    def figure(company, year, head):
        return rows[company, year][heads[head]]

    assert figure("Meta", 2025, "Capex, on the year before") == pytest.approx(69.691 / 37.256 - 1)
    assert figure("Meta", 2025, "Headcount, on the year before") == pytest.approx(78865 / 74067 - 1)
    assert figure("Meta", 2025, "Danger zone*") == "no"
    assert figure("Meta", 2025, "Jobs cut, announced") == 4200  # 3,600 in February and 600 in October
    assert figure("Oracle", 2026, "Danger zone*").endswith("yes")  # headcount fell, capex grew
    assert figure("Oracle", 2026, "Capex / revenue") == pytest.approx(55.663 / 67.357)
    own_pay = 417_400 * 1.33
    assert figure("Meta", 2025, "The cut pays for, own pay") == pytest.approx(4200 * own_pay / 69.691e9)
    assert figure("Oracle", 2026, "The cut pays for, own pay") == "n/a"  # no other company's pay stands in
    assert figure("Meta", 2019, "Capex, on the year before") == "n/a"
    assert figure("Oracle", 2020, "Headcount") == "n/a"


def test_the_same_arguments_give_the_same_bytes(built, tmp_path):
    again = build("cluster", tmp_path / "again.xlsx")
    assert hashlib.sha256(built.read_bytes()).hexdigest() == again.sha256


def test_a_company_is_a_scenario_and_settings_are_typed_on_top(tmp_path):
    path = tmp_path / "meta.xlsx"
    assert build("cluster", path, company="META", year=2025, settings={"pue": 1.3}).checks == "OK"
    book = openpyxl.load_workbook(path, data_only=True)
    layout, sheet = assemble("cluster", company="META").layout, book["Inputs"]
    assert sheet[SELECTOR].value == sheet[f"{layout.input_column(COMPANY)}8"].value == "Meta 2025"
    for name, what, value in (
        ("pue", "typed", 1.3),
        ("pue", "used", 1.3),
        ("pue", "Base", 1.15),
        ("ai_spend", COMPANY, 72.215),
        ("ai_spend", "used", 72.215),
        ("ai_spend", "base_units", 72.215e9),
        ("gpus", COMPANY, None),
    ):
        assert sheet[layout.input_at(name, what)].value == value, (name, what)
    assert "pue = 1.3" in str([c.value for c in book["Provenance"]["B"]])


@pytest.mark.parametrize(
    ("scenario", "column"), [("glut", "Glut"), ("article-high", "Article high"), ("low", "All low ends")]
)
def test_a_scenario_is_the_one_shown(tmp_path, scenario, column):
    build("cluster", tmp_path / "s.xlsx", scenario=scenario, years=3, start=2030)
    book = openpyxl.load_workbook(tmp_path / "s.xlsx", data_only=True)
    assert book["Inputs"][SELECTOR].value == column
    assert [c.value for c in book["Time"][6]][6:9] == [2030, 2031, 2032]


def test_charts_have_axes_titles_and_nothing_smoothed(built):
    with zipfile.ZipFile(built) as archive:
        charts = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/charts/chart")]
    assert len(charts) > 10
    for chart in charts:
        assert '<smooth val="1"' not in chart.replace("c:", "")
        assert chart.count("delete val=") == 2
        assert "numCache>" in chart, "values for viewers that do not calculate"


def test_without_lambdas_nothing_is_newer_than_excel_2010(built):
    with zipfile.ZipFile(built) as archive:
        assert "xl/metadata.xml" not in archive.namelist()
        assert b"_xlfn" not in archive.read("xl/workbook.xml")


def test_the_functions_sheet_shows_what_the_functions_answer(tmp_path):
    from xl_aicost.catalogue.functions import CATALOGUE
    from xl_aicost.hosts import answer

    build("cluster", tmp_path / "l.xlsx", lambdas=True)
    sheet = openpyxl.load_workbook(tmp_path / "l.xlsx", data_only=True)["Functions"]
    rows = [row for row in sheet.iter_rows(min_row=6, values_only=True) if row[0]]
    assert {row[0] for row in rows} == {f.name for f in CATALOGUE.values() if f.closed_form}
    for name, arguments, _, example, result, _ in rows:
        assert arguments == ", ".join(f"[{a.name}]" for a in CATALOGUE[name].numbers)  # a LAMBDA takes no chip
        first = CATALOGUE[name].arguments[0]
        assert example == CATALOGUE[name].example
        assert result == pytest.approx(answer(name, float(first.example)), rel=1e-9)


def test_lambda_names_are_stored_as_excel_stores_them(tmp_path):
    build("cluster", tmp_path / "l.xlsx", lambdas=True)
    with zipfile.ZipFile(tmp_path / "l.xlsx") as archive:
        workbook = archive.read("xl/workbook.xml").decode()
    found = re.findall(r'<definedName name="([A-Z_]+)"[^>]* comment="([^"]+)"[^>]*>(_xlfn.LAMBDA\([^<]+)<', workbook)
    scoped = re.findall(r'<definedName name="([A-Z_]+)"[^>]*localSheetId', workbook)
    assert scoped == ["LOADED_COST"], "the one function that shares its name with an input"
    assert len(found) >= 10
    for _, comment, text in found:
        assert len(comment) <= 255
        assert len(text) <= 8192
        assert "[" not in text
    with zipfile.ZipFile(tmp_path / "l.xlsx") as archive:
        parts = archive.namelist()
        assert "xl/metadata.xml" in parts
        assert b"/xl/metadata.xml" in archive.read("[Content_Types].xml")
        assert b"metadata.xml" in archive.read("xl/_rels/workbook.xml.rels")
        sheets = [archive.read(n).decode() for n in parts if n.startswith("xl/worksheets/sheet")]
    calls = [
        c for sheet in sheets for c in re.findall(r"<c [^>]*><f[^>]*>[A-Z]+_[A-Z_]+\([^<]*</f><v>[^<]*</v></c>", sheet)
    ]
    assert len(calls) == len(found)
    for call in calls:
        at = re.search(r'r="([A-Z]+\d+)"', call)[1]
        assert 'cm="1"' in call
        assert f'<f t="array" ref="{at}">' in call
    names = re.findall(r'<definedName name="([^_"][^"]*)"', workbook)
    names.remove("LOADED_COST")
    assert len({n.lower() for n in names}) == len(names), "Excel takes names that differ in case only for one"


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"template": "clustr"}, UnknownNameError, "cluster"),
        ({"out": "x.xls"}, InputError, "xlsx"),
        ({"out": "/no/such/folder/x.xlsx"}, InputError, "not a folder"),
        ({"years": 31}, InputError, "1 to 30"),
        ({"years": 0}, InputError, "1 to 30"),
        ({"start": 2300}, InputError, "1900 to 2200"),
        ({"periods_per_year": 52}, InputError, "52 is not one of 1, 4, 12"),
        ({"settings": {"pue": 0.5}}, InputError, "1 to 3"),
        ({"settings": {"pue": "low"}}, InputError, "pue = 'low' is not a number"),
    ],
)
def test_what_cannot_be_built_is_said(arguments, error, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=words):
        build(**arguments)
    assert list(tmp_path.iterdir()) == []


def test_a_copied_template_builds_and_a_wrong_one_is_explained(tmp_path):
    text = (share("workbooks") / "cluster.toml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.toml"
    mine.write_text(text.replace('"cluster_capex", ', "").replace('dark = "0B4F8A"', 'dark = "7030A0"'))
    assert build(str(mine), tmp_path / "mine.xlsx").checks == "OK"
    mine.write_text(text.replace('"cluster_capex", ', '"cluster_capx", '))
    with pytest.raises(AicostError, match=r"headline.*cluster_capex"):
        build(str(mine), tmp_path / "mine.xlsx")
    mine.write_text(text.replace("years = 10", "yeers = 10"))
    with pytest.raises(AicostError, match="years"):
        build(str(mine), tmp_path / "mine.xlsx")


def test_nothing_is_left_behind_when_saving_fails(tmp_path, monkeypatch):
    from xl_aicost.support import files
    from xl_aicost.xlsx.save import save

    target = tmp_path / "kept.xlsx"
    target.write_bytes(b"the old file")
    monkeypatch.setattr(files.os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        save(openpyxl.Workbook(), target, {})
    assert target.read_bytes() == b"the old file"
    assert list(tmp_path.iterdir()) == [target]


def test_text_from_data_is_never_a_formula():
    from xl_aicost.workbook.style import add_styles
    from xl_aicost.xlsx.cells import put_text

    wb = openpyxl.Workbook()
    add_styles(wb, load_template("cluster").brand)
    for text in ("=1+1", "+1", "-1", "@x", '=HYPERLINK("http://x")'):
        assert put_text(wb.active, "A1", text).data_type == "s"


def test_a_fifth_template_is_a_copy_with_logo_currency_and_unit(tmp_path):
    """As CONTRIBUTING tells an analyst to do it."""
    text = (ROOT / "workbooks" / "company.toml").read_text(encoding="utf-8")
    text = text.replace('title = "', 'title = "Our house: ', 1).replace('company = "META"', 'company = "AMZN"')
    text = text.replace(
        'name = "xl-aicost"\nfont',
        'name = "Our house"\nlogo = "logo.png"\ncurrency = "EUR"\ncurrency_per_usd = 0.86\nfont',
    )
    (tmp_path / "house.toml").write_text(text, encoding="utf-8")
    (tmp_path / "logo.png").write_bytes(picture(60, 20))
    from xl_aicost.review.audit import audit

    assert build(str(tmp_path / "house.toml"), tmp_path / "house.xlsx").checks == "OK"
    assert audit(tmp_path / "house.xlsx").verdict == "PASS"
    (tmp_path / "elsewhere").mkdir()
    moved = (tmp_path / "house.xlsx").rename(tmp_path / "elsewhere" / "house.xlsx")
    assert audit(moved).verdict == "PASS"
    book = openpyxl.load_workbook(moved, data_only=True)
    assert book.properties.title.startswith("Our house: ")
    assert book["Answer"]["B2"].value == "Amazon, fiscal year 2025"
    assert "\N{EURO SIGN}133.4bn" not in book["Answer"]["B5"].value
    assert "\N{EURO SIGN}114.7bn" in book["Answer"]["B5"].value  # 133.4 at 0.86
    with zipfile.ZipFile(moved) as archive:
        assert archive.read("xl/media/image1.png") == picture(60, 20)


def picture(width, height):
    """Return a PNG of one colour."""
    import struct
    import zlib

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x1f\x38\x64" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_a_simulation_is_a_sheet_that_says_what_it_rests_on(tmp_path):
    from xl_aicost.review.verify import verify
    from xl_aicost.simulate import simulate

    asked = {"line": "layoffs_to_fund", "draws": 2000, "seed": 3, "date": "2026-11-25"}
    path = tmp_path / "simulated.xlsx"
    assert build("cluster", path, simulate=asked).checks == "OK"
    found = simulate("layoffs_to_fund", draws=2000, seed=3)
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book["Simulation"]
    cells = {sheet.cell(r, c).value: sheet.cell(r, c + 2 + (c == 2)).value for r in range(27, 60) for c in (2, 8)}
    feed = {book["Feed"].cell(r, 1).value: book["Feed"].cell(r, 2).value for r in range(1, 900)}
    assert (cells["Draws"], cells["Seed"], cells["Date"]) == (2000, 3, "2026-11-25")
    assert found.inputs_hash.startswith(cells["Hash of the inputs and their ranges"])
    assert cells["Mean"] == pytest.approx(found.mean)
    assert cells["P50"] == pytest.approx(found.percentiles[3].value)
    assert feed["Cost of a job, all in"] == pytest.approx(found.drivers[0].coefficient)
    assert "Inputs are still the same." in [c.value for c in sheet["H"]]
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(ROOT / "workbooks" / "examples" / "cluster.xlsx") as plain:
        charts = [sum("charts/chart" in n for n in a.namelist()) for a in (archive, plain)]
    assert charts[0] == charts[1] + 2
    assert verify(path).verdict == "identical"
    with pytest.raises(AicostError, match="line and date are wanted"):
        build("cluster", path, simulate={"line": "layoffs_to_fund"})
    with pytest.raises(AicostError, match="a value for each period"):
        build("cluster", path, simulate=asked | {"line": "book_value"})
