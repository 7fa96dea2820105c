"""A sheet added to a workbook, and cells tinted: everything else stays as it is."""

import re
import zipfile

import openpyxl
import pytest
from lxml import etree

from tests.hostile.files import MAIN, SHEET, parts_of, small, with_rows, zipped
from xl_aicost.errors import DataError
from xl_aicost.xlsx.graft import free_title, graft
from xl_aicost.xlsx.package import open_package

LISTS = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
ROW = '<row r="1"><c r="A1" s="0"><v>1</v></c><c r="B1"><f>A1&amp;"&#10;"</f><v>2</v></c></row><!-- kept -->'
AFTER = '<extLst xmlns:x14="urn:x14"><ext uri="u" x14:a="1"><x14:odd b="&#9;">a &lt; b</x14:odd></ext></extLst>'


def addition():
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active["A1"], book.active["A2"] = "of ours", 0.25
    book.active["A2"].number_format = "0.000%"
    book.active["A1"].font = openpyxl.styles.Font(bold=True, color="FF00FF00")
    return book


def canonical(data):
    return etree.tostring(etree.fromstring(data), method="c14n")


@pytest.fixture
def grafted(tmp_path):
    """Return a function that adds a sheet to a file and tints A1; it returns the parts before and after."""

    def run(data):
        path, out = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
        path.write_bytes(data)
        package = open_package(path)
        graft(package, out, addition(), {}, {package.sheets[0].name: {"A1": "FFAA00", "C9": "FFAA00"}})
        return parts_of(data), parts_of(out.read_bytes())

    return run


def test_parts_that_get_no_entry_are_copied_byte_for_byte(grafted):
    data = zipped(small() | {"xl/media/odd.bin": bytes(range(256)), "xl/theme/theme1.xml": b"<a  b='1'/>"})
    old, new = grafted(data)
    assert {n for n in old if old[n] != new[n]} == {*LISTS, SHEET}
    assert set(new) - set(old) == {"xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"}


def test_what_is_changed_says_the_same_as_before_but_for_the_entries(grafted):
    old, new = grafted(with_rows(ROW, after=AFTER))
    style = re.search(rb'r="A1" s="(\d+)"', new[SHEET])[1]
    assert canonical(new[SHEET].replace(b's="%s"' % style, b's="0"')) == canonical(old[SHEET])
    for part in LISTS:
        root, names = etree.fromstring(new[part]), [e.tag for e in etree.fromstring(old[part])]
        assert [e.tag for e in root if e.tag in names][: len(names)] == names
        assert old[part].count(b"<") < new[part].count(b"<")


def test_the_new_sheet_looks_as_it_was_made_and_the_old_ones_as_they_were(grafted, tmp_path):
    grafted(with_rows(ROW))
    book = openpyxl.load_workbook(tmp_path / "new.xlsx")
    assert book.sheetnames == ["Sheet", "Notes"]
    assert (book["Notes"]["A2"].value, book["Notes"]["A2"].number_format) == (0.25, "0.000%")
    assert (book["Notes"]["A1"].font.b, book["Notes"]["A1"].font.color.rgb) == (True, "FF00FF00")
    assert book["Sheet"]["A1"].fill.fgColor.rgb == "FFFFAA00"
    assert book["Sheet"]["B1"].value == '=A1&"\n"'
    assert book["Sheet"]["C9"].value is None


@pytest.mark.parametrize("own", [b"", b'<sst xmlns="%s" count="9"><si><t>theirs</t></si></sst>' % MAIN.encode()])
def test_texts_of_the_new_sheet_are_put_behind_those_of_the_workbook(grafted, tmp_path, own):
    parts = small()
    if own:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
        entry = f'<Relationship Id="rIdTexts" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
        relations = parts["xl/_rels/workbook.xml.rels"].decode().replace("</Relationships>", entry)
        content = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{content}"/></Types>'
        contents = parts["[Content_Types].xml"].decode().replace("</Types>", override)
        parts |= {
            "xl/_rels/workbook.xml.rels": relations.encode(),
            "[Content_Types].xml": contents.encode(),
            "xl/sharedStrings.xml": own,
            SHEET: parts_of(with_rows('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'))[SHEET],
        }
    _, new = grafted(zipped(parts))
    book = openpyxl.load_workbook(tmp_path / "new.xlsx")
    assert book["Notes"]["A1"].value == "of ours"
    assert book["Sheet"]["A1"].value == ("theirs" if own else 1)
    assert not any(b"inlineStr" in data for data in new.values())


def test_elements_may_have_any_prefix(grafted, tmp_path):
    parts = small()
    for part in (SHEET, "xl/workbook.xml", "xl/styles.xml"):
        text = parts[part].decode().replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
        parts[part] = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", text).encode()
    grafted(zipped(parts))
    assert openpyxl.load_workbook(tmp_path / "new.xlsx").sheetnames == ["Sheet", "Notes"]


def test_a_title_that_is_taken_gets_a_number(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(zipped(small()))
    assert free_title(open_package(tmp_path / "a.xlsx"), "SHEET") == "SHEET 2"


def test_what_cannot_be_added_to_is_said_in_one_line(tmp_path):
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    for data, why in (
        (zipped({n: d.replace(MAIN.encode(), strict.encode()) for n, d in small().items()}), "Strict Open XML"),
        (zipped(small() | {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"/>'.encode()}), "has no fonts"),
    ):
        (tmp_path / "a.xlsx").write_bytes(data)
        with pytest.raises(DataError, match=why) as error:
            graft(open_package(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", addition(), {})
        assert "\n" not in str(error.value)
        assert not (tmp_path / "b.xlsx").exists()


def test_the_copy_is_a_zip_without_doubles(grafted, tmp_path):
    grafted(zipped(small()))
    with zipfile.ZipFile(tmp_path / "new.xlsx") as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == len(set(archive.namelist()))
