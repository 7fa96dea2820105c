"""How cells look: named styles, number formats by unit, print and protection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.workbook.template import Brand

BLUE, GREEN, GREY, CREAM = "0000FF", "00642D", "595959", "FFF8DC"
MILLIONS = "#,##0.0,,;-#,##0.0,,;0.0"
IN_MILLIONS = ("USD", "USD/year", "USD/run", "USD/MW")
FORMATS = {
    "share": "0.0%",
    "ratio": "#,##0.00",
    "choice": "0",
    "flag": "0",
    "tiers": "0",
    "years": "#,##0.0",
    "months": "#,##0.0",
    "weeks": "#,##0.0",
    "MW": "#,##0.0",
    "USD/kWh": "0.0000",
    "USD/GPU-hour": "#,##0.00",
    "kW/GPU": "0.000",
    "GPUs/job": "#,##0.0",
    "orders of magnitude/year": "0.00",
}


def number_format(unit: str) -> str:
    """Return the number format of a result; large dollars are shown in millions."""
    return MILLIONS if unit in IN_MILLIONS else FORMATS.get(unit, "#,##0")


def shown_unit(unit: str) -> str:
    """Return the unit as the number format shows it."""
    return unit.replace("USD", "USD m", 1) if unit in IN_MILLIONS else unit


def add_styles(wb: Workbook, brand: Brand) -> None:
    """Register the named styles."""
    line = Side(style="thin", color="BFBFBF")
    wrap, centre = Alignment(wrap_text=True, vertical="top"), Alignment(horizontal="center", vertical="center")
    kinds: dict[str, dict[str, Any]] = {
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
        "Year": {"font": {"bold": True, "color": GREEN}, "alignment": Alignment(horizontal="left")},
    }
    for kind, look in kinds.items():
        style = NamedStyle(kind, font=Font(**({"name": brand.font, "size": 10} | look["font"])))
        if "fill" in look:
            style.fill = PatternFill("solid", fgColor=look["fill"])
        style.alignment = look.get("alignment", Alignment(vertical="top"))
        style.border = look.get("border", Border())
        style.protection = Protection(locked=look.get("locked", True))
        wb.add_named_style(style)


def put(ws: Worksheet, at: str, value: Any, kind: str, form: str | None = None) -> Cell:
    """Write a cell in a named style; text that begins with = is a formula."""
    cell: Cell = ws[at]
    cell.value = value
    cell.style = kind
    if form:
        cell.number_format = form
    return cell


def put_text(ws: Worksheet, at: str, text: str, kind: str = "Text") -> Cell:
    """Write text from a data file, which is never taken for a formula."""
    cell = put(ws, at, text, kind)
    if cell.data_type == "f":
        cell.data_type = "s"
    return cell


def heads(ws: Worksheet, texts: Iterable[str], row: int = 5) -> None:
    """Write a table's column heads, from column A on."""
    for i, text in enumerate(texts, 1):
        put(ws, ws.cell(row, i).coordinate, text, "Column head")


def band(ws: Worksheet, row: int, title: str, columns: int) -> None:
    """Write a heading over the width of a table."""
    for i in range(1, columns + 1):
        put(ws, ws.cell(row, i).coordinate, title if i == 1 else None, "Heading")


def link(ws: Worksheet, at: str, text: str, sheet: str) -> None:
    """Write a link to a sheet of this workbook."""
    put(ws, at, text, "Go to")
    ws[at].hyperlink = Hyperlink(ref=at, location=f"'{sheet}'!A1", display=text)


def header(ws: Worksheet, title: str) -> None:
    """Write the title, the way back, and the state of scenario and checks."""
    put(ws, "A1", title, "Title")
    ws.row_dimensions[1].height = 24
    if ws.title != "Cover":
        link(ws, "A2", "Back to Cover", "Cover")
    put(ws, "A3", '="Scenario: "&scenario&"   |   Checks: "&check_status', "Status")


def finish(ws: Worksheet, titles: str, freeze: str | None, pages_wide: int = 1) -> None:
    """Set view, print and protection once all cells are written."""
    ws.sheet_view.showGridLines = False
    ws.freeze_panes = freeze
    ws.print_title_rows = titles
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", 9
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = pages_wide, 0
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.oddFooter.left.text, ws.oddFooter.center.text, ws.oddFooter.right.text = "&F", "&A", "&P of &N"
    ws.page_margins.left = ws.page_margins.right = 0.4
    ws.protection.sheet = True
    ws.protection.formatColumns = ws.protection.formatRows = False  # in the file format, False allows it


def fit_height(ws: Worksheet, row: int, *texts: tuple[str, int]) -> None:
    """Make a row as high as its longest text needs, each given with the characters its column holds."""
    ws.row_dimensions[row].height = 14 * max(-(-len(text) // width) or 1 for text, width in texts)


def page_break(ws: Worksheet, row: int) -> None:
    """Start a printed page below a row."""
    ws.row_breaks.append(Break(id=row))


def widths(ws: Worksheet, *sizes: float) -> None:
    """Set the column widths from A on."""
    for i, size in enumerate(sizes, 1):
        ws.column_dimensions[get_column_letter(i)].width = size
