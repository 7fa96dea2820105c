"""What ACCESSIBILITY.md says of workbooks."""

import re
import zipfile

import openpyxl
import pytest
from lxml import etree
from openpyxl.cell.cell import MergedCell

from xl_aicost.workbook.template import shipped_templates

TABLES = ("Inputs", "Checks", "Calc_Live")


@pytest.mark.parametrize("template", sorted(shipped_templates()))
def test_a_workbook_can_be_read_aloud(template):
    path = f"workbooks/examples/{template}.xlsx"
    book = openpyxl.load_workbook(path)
    assert book.properties.language == "en-US"
    first = [str(sheet["A1"].value or sheet["B1"].value or sheet["B2"].value or "") for sheet in book]
    assert all(len(text) > 3 for text in first), dict(zip(book.sheetnames, first, strict=True))
    for name in set(TABLES) & set(book.sheetnames):
        sheet = book[name]
        assert sheet.freeze_panes, name
        assert sheet.print_title_rows, name
        below = int(re.sub(r"\D", "", sheet.freeze_panes))
        assert not [m.coord for m in sheet.merged_cells.ranges if m.min_row >= below], name
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if part.startswith("xl/drawings/drawing"):
                for shape in etree.fromstring(archive.read(part)).iter("{*}cNvPr"):
                    assert len(shape.get("descr", "")) > 3, part


@pytest.mark.parametrize("template", sorted(shipped_templates()))
def test_cells_that_one_types_into_are_reached_by_tab_and_have_a_prompt(template):
    book = openpyxl.load_workbook(f"workbooks/examples/{template}.xlsx")
    inputs = book["Inputs"]
    assert inputs.protection.sheet
    cells = (
        c for row in inputs.iter_rows() for c in row if not isinstance(c, MergedCell)
    )  # a merged cell is its first
    open_cells = {c.coordinate for c in cells if not c.protection.locked}
    prompted = {
        f"{c}" for v in inputs.data_validations.dataValidation if v.prompt for area in v.sqref.ranges
        for row in inputs[area.coord if ":" in area.coord else f"{area.coord}:{area.coord}"] for c in (x.coordinate for x in row)
    }  # fmt: skip
    assert len(open_cells) > 50
    assert len(open_cells - prompted) == 0, sorted(open_cells - prompted)[:10]
