"""The style of sheets: named styles, number formats by unit, print set-up and protection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.catalogue.units import FORMATS as FORMATS
from xl_aicost.workbook.template import Brand
from xl_aicost.xlsx.cells import put, put_row, put_text

ROWS_A_PAGE = 40
ROWS_A_CM = 2.1
BLUE, GREEN, GREY, CREAM = "0000FF", "00642D", "595959", "FFF8DC"
CLASS_COLOURS = {
    "cover": "1F3864",
    "control": "BF9000",
    "input": "BF9000",
    "output": "548235",
    "calculation": "2E75B6",
    "check": "C00000",
    "record": "7F7F7F",
}
LARGE = ("USD", "USD/year", "USD/run", "USD/MW")  # dollars that are shown in millions or the like


class Properties(TypedDict, total=False):
    """What sets a named style apart from the default."""

    font: dict[str, object]
    fill: str
    alignment: Alignment
    border: Border
    locked: bool


def calculation_format(unit: str) -> str:
    """Return the number format of a calculation: large amounts in millions of dollars, whatever unit readers see."""
    return "#,##0.0,,;-#,##0.0,,;0.0" if unit in LARGE else FORMATS.get(unit, "#,##0")


def calculation_unit(unit: str) -> str:
    """Return the unit that fits the number format of a calculation."""
    return unit.replace("USD", "USD m", 1) if unit in LARGE else unit


def add_styles(wb: Workbook, brand: Brand) -> None:
    """Register the named styles."""
    line = Side(style="thin", color="BFBFBF")
    wrap, centre = Alignment(wrap_text=True, vertical="top"), Alignment(horizontal="center", vertical="center")
    styles: dict[str, Properties] = {
        "Title": {"font": {"size": 16, "bold": True, "color": brand.dark}},
        "Heading": {
            "font": {"bold": True, "color": "FFFFFF"},
            "fill": brand.dark,
            "alignment": Alignment(vertical="center"),
        },
        "Column head": {
            "font": {"bold": True, "color": brand.dark},
            "fill": brand.light,
            "alignment": Alignment(wrap_text=True, vertical="center", horizontal="center"),
            "border": Border(bottom=line),
        },
        "Label": {"font": {}},
        "Text": {"font": {}, "alignment": wrap},
        "Lead": {"font": {"size": 13, "color": brand.dark}, "alignment": wrap},
        "Note": {
            "font": {"size": 9, "color": GREY},
            "alignment": Alignment(horizontal="left", wrap_text=True, vertical="top", indent=1),
        },
        "Input": {"font": {"color": BLUE}, "fill": CREAM, "border": Border(line, line, line, line), "locked": False},
        "Choice": {
            "font": {"color": BLUE, "bold": True},
            "fill": CREAM,
            "border": Border(line, line, line, line),
            "locked": False,
            "alignment": centre,
        },
        "Given": {"font": {"color": BLUE}},
        "Calculation": {"font": {}},
        "Link from a sheet": {"font": {"color": GREEN}},
        "Total": {"font": {"bold": True}, "border": Border(top=line)},
        "Go to": {"font": {"color": BLUE, "underline": "single"}},
        "Status": {"font": {"bold": True, "color": brand.dark}},
        "Verdict": {"font": {"bold": True}, "alignment": Alignment(horizontal="center", vertical="top")},
        "Caption": {"font": {"italic": True, "color": GREY}},
        "Figure": {"font": {"size": 20, "bold": True, "color": brand.dark}, "alignment": centre},
        "Figures": {"font": {}, "alignment": Alignment(horizontal="right", vertical="top")},
        "Year": {"font": {"bold": True, "color": GREEN}, "alignment": Alignment(horizontal="left")},
    }
    for name, properties in styles.items():
        style = NamedStyle(name, font=Font(**({"name": brand.font, "size": 10} | properties["font"])))
        if "fill" in properties:
            style.fill = PatternFill("solid", fgColor=properties["fill"])
        style.alignment = properties.get("alignment", Alignment(vertical="top"))
        style.border = properties.get("border", Border())
        style.protection = Protection(locked=properties.get("locked", True))
        wb.add_named_style(style)


def heads(ws: Worksheet, texts: Iterable[str], row: int = 5) -> None:
    """Write a table's column heads, from column A on."""
    put_row(ws, row, 1, texts, "Column head")


def band(ws: Worksheet, row: int, title: str, columns: int) -> None:
    """Write a heading over the width of a table."""
    put_row(ws, row, 1, (title, *[None] * (columns - 1)), "Heading")


def link(ws: Worksheet, at: str, text: str, sheet: str) -> None:
    """Write a link to a sheet of this workbook."""
    put(ws, at, text, "Go to")
    ws[at].hyperlink = Hyperlink(ref=at, location=f"'{sheet}'!A1", display=text)


def header(ws: Worksheet, title: str) -> None:
    """Write the title, the link back to the Cover, the scenario shown and the status of the checks."""
    put_text(ws, "A1", title, "Title")
    ws.row_dimensions[1].height = 24
    if ws.title != "Cover":
        link(ws, "A2", "Back to Cover", "Cover")
    put(ws, "A3", '="Scenario: "&scenario&"   |   Checks: "&check_status', "Status")


def finish(ws: Worksheet, titles: str, freeze: str | None, pages_wide: int = 1, one_page: str | None = None) -> None:
    """Set view, print and protection once all cells are written; `one_page` are the cells to print on a single page."""
    last = _last_row(ws)
    if one_page is None:
        _add_page_breaks(ws, last)
    ws.print_area = one_page or f"A1:{get_column_letter(ws.max_column)}{last}"
    ws.sheet_view.showGridLines = False
    ws.freeze_panes = freeze
    ws.print_title_rows = titles
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", 9
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = pages_wide, 1 if one_page else 0
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.oddFooter.left.text, ws.oddFooter.center.text, ws.oddFooter.right.text = "&F", "&A", "&P of &N"
    ws.page_margins.left = ws.page_margins.right = 0.4
    ws.page_margins.top, ws.page_margins.bottom, ws.page_margins.footer = 0.4, 0.7, 0.3
    ws.protection.sheet = True
    ws.protection.formatColumns = ws.protection.formatRows = False  # in the file format, False allows it


def _add_page_breaks(ws: Worksheet, last: int) -> None:
    """Break the page after 40 rows, or above a chart and its caption that a break would cut."""
    placed = {b.id for b in ws.row_breaks.brk}
    tops = {coordinate_to_tuple(c.anchor)[0] - 2: round(c.height * ROWS_A_CM) for c in ws._charts}
    since = 0
    for row in range(1, last):
        since += 1
        if row in placed:
            since = 0
        elif since == ROWS_A_PAGE or (row in tops and since + tops[row] + 2 > ROWS_A_PAGE):
            page_break(ws, row)
            since = 0


def _last_row(ws: Worksheet) -> int:
    """Return the last row to print, charts included."""
    charts = [coordinate_to_tuple(c.anchor)[0] + round(c.height * ROWS_A_CM) for c in ws._charts]
    return int(max(ws.max_row, *charts, 1))


def fit_height(ws: Worksheet, row: int, *texts: tuple[str, int]) -> None:
    """Make a row as high as its longest text needs; each text comes with the number of characters per line."""
    ws.row_dimensions[row].height = 14 * max(-(-len(text) // width) or 1 for text, width in texts)


def choices(ws: Worksheet, at: str, options: str, title: str, prompt: str) -> None:
    """Restrict a cell to a list: a range, or texts in quotes with commas between them."""
    rule = DataValidation("list", formula1=options, allow_blank=False, showErrorMessage=True, showInputMessage=True)
    rule.errorTitle = rule.promptTitle = title[:32]
    rule.prompt, rule.error = prompt, "Choose one from the list."
    rule.add(at)
    ws.add_data_validation(rule)


def limits(ws: Worksheet, at: str, kind: str, low: object, high: object, title: str, prompt: str) -> None:
    """Restrict a cell to a number (`kind` decimal, whole or date) between two limits."""
    rule = DataValidation(kind, operator="between", formula1=str(low), formula2=str(high), allow_blank=True)
    rule.showErrorMessage = rule.showInputMessage = True
    rule.errorTitle = rule.promptTitle = title[:32]
    rule.prompt = rule.error = prompt[:255]
    rule.add(at)
    ws.add_data_validation(rule)


def page_break(ws: Worksheet, row: int) -> None:
    """Start a printed page below a row."""
    ws.row_breaks.append(Break(id=row))


def widths(ws: Worksheet, *sizes: float) -> None:
    """Set the column widths from A on."""
    for i, size in enumerate(sizes, 1):
        ws.column_dimensions[get_column_letter(i)].width = size
