"""Files as other programs write them: parts, addresses, dates, names and values that Excel itself would write otherwise."""

import re
import zipfile

import pytest

from tests.review.test_cases import found, rewritten, saved
from xl_aicost.errors import DataError
from xl_aicost.review import audit
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
