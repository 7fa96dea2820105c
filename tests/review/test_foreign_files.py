"""Files as other programs write them: parts, addresses, dates, names and values that Excel itself would write otherwise."""

import re
import zipfile

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from tests.review.test_cases import found, rewritten, saved
from xl_aicost.engine.recalculate import recalculate
from xl_aicost.errors import DataError
from xl_aicost.review import audit, diff
from xl_aicost.workbook.build import build
from xl_aicost.xlsx.package import open_package

FAULT = [[1, "=A1*2"], ["=#REF!+1"]]


def renamed(path, change, old, new):
    """Write a file whose parts have other names, and whose relations may name them in another way."""
    with zipfile.ZipFile(path) as a, zipfile.ZipFile(path.with_name("renamed.xlsx"), "w") as b:
        for part in a.namelist():
            data = a.read(part).decode()
            b.writestr(change(part), data.replace(old, new) if part.endswith(".rels") else data)
    return path.with_name("renamed.xlsx")


def with_cells(path, cells, properties=""):
    """Write a file whose first sheet holds these rows as XML."""

    def change(text):
        text = re.sub("<sheetData>.*</sheetData>", lambda _: f"<sheetData>{cells}</sheetData>", text, flags=re.DOTALL)
        return re.sub("<workbookPr ?/>", f"<workbookPr {properties}/>", text)

    return rewritten(path, change)


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (lambda part: part.replace("worksheets/sheet", "Worksheets/Sheet"), "", ""),
        (lambda part: part.replace("sheet1", "my sheet"), "sheet1.xml", "my%20sheet.xml"),
        (lambda part: part, "/xl/worksheets", "./worksheets"),
    ],
)
def test_a_part_is_found_however_its_name_is_spelled(tmp_path, change, old, new):
    path = renamed(saved(tmp_path, {"Sheet": FAULT}), change, old, new)
    assert found(path) == [("critical", "error", ["Sheet!A2"])]
    assert audit(path).looked_at["formulas"] == 2


def test_a_file_without_styles_is_calculated_all_the_same(tmp_path):
    path = saved(tmp_path, {"Sheet": [[1, "=A1*2"]]})
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "bare.xlsx", "w") as new:
        for part in old.namelist():
            if "styles" not in part and "theme" not in part:
                text = old.read(part).decode()
                new.writestr(part, re.sub(r"<(Relationship|Override) [^>]*(styles|theme)[^>]*/>", "", text))
    result = audit(tmp_path / "bare.xlsx")
    assert (result.verdict, result.incomplete) == ("PASS", [])


def test_a_date_may_be_stored_as_text_and_counted_from_1904(tmp_path):
    path = saved(tmp_path, {"Sheet": [["x"]]})
    row = '<row r="1"><c r="A1" t="d"><v>2024-01-01</v></c><c r="B1"><f>{}</f><v>{}</v></c></row>'
    dated = with_cells(path, row.format("A1+1", 45293))
    assert open_package(dated).sheets[0].cells[1, 1].value == 45292
    assert audit(dated).verdict == "PASS"
    stale = with_cells(path, row.format("A1+1", 45999))
    assert found(stale) == [("medium", "VAL-03", ["Sheet!B1"])]
    from_1904 = with_cells(path, row.format("YEAR(A1)", 2024), 'date1904="1"')
    assert open_package(from_1904).sheets[0].cells[1, 1].value == 45292 - 1462
    assert audit(from_1904).verdict == "INCOMPLETE"


def test_a_cell_that_is_there_twice_is_refused(tmp_path):
    path = saved(tmp_path, {"Sheet": [["x"]]})
    path = with_cells(path, '<row r="1"><c r="A1"><f>#REF!</f></c></row><row r="1"><c r="A1"><v>5</v></c></row>')
    with pytest.raises(DataError, match="the cell A1 of Sheet is there twice"):
        audit(path)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=A1/0", "REVIEW"),
        ('=VLOOKUP("x",A1:A1,1,FALSE)', "REVIEW"),
        ("=Missing*2", "INCOMPLETE"),
        ("=UNHEARD_OF(A1)", "INCOMPLETE"),
        ("=A1*2", "PASS"),
        ('=IF(A1>0,"","x")', "PASS"),
        ("='[Plan.xlsx]Costs'!A1", "PASS"),
    ],
)
def test_a_formula_without_a_stored_value_is_calculated_before_it_is_judged(tmp_path, formula, expected):
    assert audit(saved(tmp_path, {"Sheet": [[1, formula]]})).verdict == expected


def test_what_reads_another_workbook_without_stored_values_is_not_known(tmp_path):
    result = audit(saved(tmp_path, {"Sheet": [["='[Plan.xlsx]Costs'!A1", "=1/A1"]]}))
    assert (result.verdict, [f.rule for f in result.findings if f.rule == "error"]) == ("INCOMPLETE", [])


def test_a_name_may_stand_for_a_number_a_formula_or_a_cell_of_one_sheet(tmp_path):
    book = openpyxl.Workbook()
    names = {
        "Rate": "0.2",
        "Vat": "Rate-0.01",
        "Firm": '"ACME"',
        "Two": "Sheet!$A$1,Sheet!$A$2",
        "Tomorrow": "TODAY()+1",
    }
    for name, text in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=text)
    book.active.title = "Sheet"
    book.active.defined_names["Own"] = DefinedName("Own", attr_text="Sheet!$A$1")
    formulas = ["=A1*Rate", "=A1*Vat", '="Firm: "&Firm', "=SUM(Two)", "=Sheet!Own*2", "=Tomorrow"]
    for row, formula in enumerate(formulas, 1):
        book.active.append([row, formula])
    book.save(tmp_path / "names.xlsx")
    values = iter(["<v>0.2</v>", "<v>0.19</v>", "<v>Firm: ACME</v>", "<v>3</v>", "<v>2</v>", "<v>45000</v>"])
    text = lambda t: re.sub("<v ?/>|<v></v>", lambda _: next(values), t).replace('"B3"', '"B3" t="str"')  # noqa: E731
    result = audit(rewritten(tmp_path / "names.xlsx", text))
    assert (result.verdict, result.incomplete) == ("PASS", [])
    assert [(f.rule, f.places) for f in result.findings] == [("volatile", ["Sheet!B6"])]


def test_a_column_of_a_table_may_have_brackets_in_its_name(tmp_path):
    from openpyxl.worksheet.table import Table

    book = openpyxl.Workbook()
    for row in (["Kind [old]", "Qty #"], ["a", 1], ["b", 2], ["c", 4]):
        book.active.append(row)
    book.active["D1"], book.active["D2"] = "=COUNTIF(Costs[Kind '[old']],\"a\")", "=SUM(Costs[Qty '#])"
    book.active.add_table(Table(displayName="Costs", ref="A1:B4"))
    book.save(tmp_path / "table.xlsx")
    values = iter(["<v>1</v>", "<v>7</v>"])
    result = audit(rewritten(tmp_path / "table.xlsx", lambda t: re.sub("<v ?/>|<v></v>", lambda _: next(values), t)))
    assert (result.verdict, result.findings) == ("PASS", [])


def test_what_a_formula_spills_is_not_taken_for_out_of_date(tmp_path):
    path = saved(tmp_path, {"Sheet": [[1, "=SUM(_xlfn.ANCHORARRAY(A1))"]]})
    result = audit(rewritten(path, lambda t: re.sub("<v ?/>|<v></v>", "<v>45</v>", t)))
    assert ([f.rule for f in result.findings], result.verdict) == (["GEN-02"], "INCOMPLETE")


@pytest.mark.parametrize("blank", ['<c r="A1" s="0" t="n"></c>', '<c r="A1" t="n"/>', '<c r="A1"><v></v></c>'])
def test_a_blank_that_is_stored_as_a_number_is_no_0(tmp_path, blank):
    """As openpyxl writes each blank cell that has a style; IronCalc takes it for a 0."""
    row = f'<row r="1">{blank}<c r="B1"><f>IF(ISNUMBER(A1),1/A1,7)</f><v></v></c></row>'
    path = with_cells(saved(tmp_path, {"Sheet": [["x"]]}), row)
    assert recalculate(open_package(path)).values["Sheet", 1, 2] == 7
    assert (audit(path).verdict, audit(path).findings) == ("PASS", [])


def test_a_workbook_that_openpyxl_saved_again_passes_with_the_same_results(tmp_path):
    build("company", tmp_path / "company.xlsx")
    openpyxl.load_workbook(tmp_path / "company.xlsx").save(tmp_path / "again.xlsx")
    assert audit(tmp_path / "again.xlsx").verdict == "PASS"
    compared = diff(tmp_path / "company.xlsx", tmp_path / "again.xlsx")
    assert (compared.verdict, compared.outputs, compared.checks) == ("same", [], [])
