"""Small workbooks as people have them, each of a kind that was once read or judged wrongly, and what is right."""

import re
import zipfile

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table
from typer.testing import CliRunner

from xl_aicost.assumptions.loader import ASSUMPTION_COLUMNS, load_assumptions
from xl_aicost.cli.main import app
from xl_aicost.errors import DataError
from xl_aicost.review import audit, diff
from xl_aicost.xlsx.package import open_package

TRANSITIONAL = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def saved(folder, sheets, name="book"):
    """Write a workbook of sheets, each a list of rows, and return its path."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / f"{name}.xlsx")
    return folder / f"{name}.xlsx"


def rewritten(path, change, to="changed.xlsx"):
    """Write a file with every XML part changed, and return its path."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(path.with_name(to), "w") as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part).decode()))
    return path.with_name(to)


def found(path, *severities):
    """Return rule, place and severity of each finding of an audit that looked at everything."""
    result = audit(path)
    assert result.incomplete == []
    return [
        (f.severity, f.rule, f.places) for f in result.findings if f.severity in (severities or "critical high medium")
    ]


def strict(text):
    for old, new in TRANSITIONAL.items():
        text = text.replace(old, new)
    return text


def without_addresses(text):
    return re.sub(r'(<(?:row|c)) r="[A-Z0-9]+"', r"\1", text)


@pytest.mark.parametrize("spelling", [strict, without_addresses])
def test_files_as_other_programs_write_them_are_read(tmp_path, spelling):
    path = saved(tmp_path, {"Sheet": [[1, "=A1*2"], ["=#REF!+1"]]})
    assert found(rewritten(path, spelling)) == [("critical", "error", ["Sheet!A2"])]
    clean = saved(tmp_path, {"Sheet": [[1, "=A1*2"], ["=A1+1"]]}, "clean")
    result = audit(rewritten(clean, spelling, "clean2.xlsx"))
    assert (result.verdict, result.looked_at["formulas"], result.incomplete) == ("PASS", 2, [])


def test_a_table_with_structured_references_is_clean(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Item", "Qty", "Price", "Cost"], *([["a", "b", "c"][n], n + 1, 2 * n + 2] for n in range(3))):
        sheet.append(row)
    for row in (2, 3, 4):
        sheet[f"D{row}"] = "=Capex[[#This Row],[Qty]]*Capex[[#This Row],[Price]]"
    sheet["F1"], sheet["F2"], sheet["F3"] = (
        "=SUM(Capex[Cost])",
        "=MAX(Capex[[#Data],[Qty]])",
        "=Capex[[#Headers],[Qty]]",
    )
    sheet.add_table(Table(displayName="Capex", ref="A1:D4"))
    book.save(tmp_path / "table.xlsx")
    result = audit(tmp_path / "table.xlsx")
    assert (result.verdict, result.findings, result.incomplete) == ("PASS", [], [])


def test_only_the_link_to_another_workbook_is_worth_a_word(tmp_path):
    months = {name: [["Rent", 10], ["Power", 2]] for name in ("Jan", "Feb", "Mar")}
    rows = [
        ["All", "=SUM(Jan:Mar!B1)"],
        ["Column", "=SUM(Jan!B:B)"],
        ["Row", "=SUM(Jan!1:1)"],
        ["Array", ArrayFormula("B4", "=SUM(Jan!B1:B2*2)")],
        ["Union", "=SUM((Jan!B1,Feb!B1))"],
        ["Elsewhere", "='[Budget 2026.xlsx]Plan'!$B$2*2"],
        ["Text", '="O\'Brien & ""Co"" [x]!A1"'],
    ]
    path = saved(tmp_path, {**months, "Sum": rows})
    assert found(path, "critical", "high", "medium", "low") == [("low", "external-link", ["Sum!B6"])]
    assert audit(path).verdict == "PASS"


def test_what_moves_by_itself_is_named_once_and_is_not_stale(tmp_path):
    path = saved(tmp_path, {"Calc": [["Today", "=TODAY()"], ["Age", "=B1-45000"], ["Draw", "=RAND()"], ["Old", 1]]})
    path = rewritten(path, lambda t: t.replace("<v></v>", "<v>123</v>").replace("<v />", "<v>123</v>"))
    result = audit(path)
    assert result.verdict == "PASS"
    assert [(f.severity, f.rule, f.places) for f in result.findings] == [
        ("low", "volatile", ["Calc!B1", "Calc!B2", "Calc!B3"])
    ]


def test_a_reading_aid_is_no_text(tmp_path):
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>課長</t>{}</is></c></row>'
    path = saved(tmp_path, {"S": [["x"]]})
    for name, aid in (("plain", ""), ("aided", '<rPh sb="0" eb="2"><t>カチョウ</t></rPh>')):
        row = f"<sheetData>{cell.format(aid)}</sheetData>"
        rewritten(path, lambda t, row=row: re.sub("<sheetData>.*</sheetData>", row, t), f"{name}.xlsx")
    assert open_package(tmp_path / "aided.xlsx").sheets[0].cells[1, 1].value == "課長"
    assert diff(tmp_path / "plain.xlsx", tmp_path / "aided.xlsx").verdict == "same"


def test_a_grand_total_of_totals_passes(tmp_path):
    rows = [["Item", "Jan", "Feb", "Mar", "Q1"]]
    rows += [[f"cost {r}", r, r + 1, r + 2, f"=SUM(B{r}:D{r})"] for r in range(2, 9)]
    rows += [["Total", *(f"=SUM({c}2:{c}8)" for c in "BCDE")]]
    assert audit(saved(tmp_path, {"Budget": rows})).verdict == "PASS"


def test_a_number_stored_as_text_in_a_sum_is_found(tmp_path):
    rows = [["Loan", "Amount"], *([f"loan {r}", r * 1000] for r in range(2, 9)), ["Total", "=SUM(B2:B8)"]]
    rows[4][1] = "250000"
    assert found(saved(tmp_path, {"Budget": rows})) == [("critical", "text-number", ["Budget!B5"])]


def test_averages_that_stop_short_alike_are_found_once(tmp_path):
    rows = [["Country", "<30", "30-60", "60-90", ">90", "all"]]
    rows += [[f"c{r}", *(r + k for k in range(5))] for r in range(2, 22)]
    rows += [["Average", *(f"=AVERAGE({c}2:{c}16)" for c in "BCDEF")]]
    places = [f"Budget!{c}22" for c in "BCDEF"]
    assert found(saved(tmp_path, {"Budget": rows})) == [("critical", "short-range", places)]


def test_one_wrong_link_of_a_row_is_found(tmp_path):
    budget = [[name, *range(n, n + 5)] for name, n in (("Revenue", 10), ("EBITDA", 20), ("EBIT", 30))]
    links = [["EBIT", "=Budget!B3", "=Budget!C3", "=Budget!D2", "=Budget!E3", "=Budget!F3"]]
    assert found(saved(tmp_path, {"Budget": budget, "DCF": links})) == [("critical", "wrong-link", ["DCF!D1"])]


def test_columns_of_values_and_shares_in_turn_pass(tmp_path):
    rows = [["Dept", *(x for year in range(2021, 2025) for x in (year, "%"))]]
    for r in range(2, 7):
        rows.append(
            [f"d{r}", *(x for c, v in zip("BDFH", range(4), strict=True) for x in (100 * r + v, f"={c}{r}/{c}$7"))]
        )
    rows += [["Total", *(f"=SUM({c}2:{c}6)" for c in "BCDEFGHI")]]
    assert audit(saved(tmp_path, {"Budget": rows})).verdict == "PASS"


def test_names_that_refer_to_nothing_are_one_low_line(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = 1, "=A1*2"
    for n in range(5):
        book.defined_names[f"_Toc{n}"] = DefinedName(f"_Toc{n}", attr_text="#REF!")
    book.save(tmp_path / "names.xlsx")
    result = audit(tmp_path / "names.xlsx")
    assert result.verdict == "PASS"
    assert [(f.severity, f.rule) for f in result.findings] == [("low", "dead-name")]


PRICE = "gpu_unit_price,GPU purchase price,USD/GPU,25000,30000,40000,0,1000000,estimate,article,a note"
CHOICE = "rail_optimised,Network design,choice,{},{},{},0,1,assumption,cluster_cost_table,a note"


def overlay(folder, *lines):
    path = folder / "own.csv"
    path.write_text("\n".join((",".join(ASSUMPTION_COLUMNS) + lines[0], *lines[1:])) + "\n", encoding="utf-8")
    return path


def test_rows_and_columns_that_excel_leaves_blank_are_skipped(tmp_path):
    blank = "," * (len(ASSUMPTION_COLUMNS) - 1)
    assert load_assumptions(overlay(tmp_path, "", PRICE, blank, blank))["gpu_unit_price"].base == 30_000
    assert load_assumptions(overlay(tmp_path, ",,", f"{PRICE},,", f"{blank},,"))["gpu_unit_price"].base == 30_000
    with pytest.raises(DataError, match=r"own\.csv, row 2: column 13 has a value and no name in row 1"):
        load_assumptions(overlay(tmp_path, ",,", f"{PRICE},,7"))


def test_half_a_choice_is_refused_by_build_and_by_eval(tmp_path):
    path = overlay(tmp_path, "", CHOICE.format(0, 0.5, 1))
    for command in (["eval", "cluster_capex"], ["build", "cluster", "--out", str(tmp_path / "out.xlsx")]):
        result = CliRunner().invoke(app, [*command, "--assumptions", str(path)])
        assert isinstance(result.exception, DataError)
        assert "column base: 0.5 is not one of the choices: whole numbers from 0 to 1" in str(result.exception)
