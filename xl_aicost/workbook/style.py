"""The style of sheets: named styles, number formats by unit, print set-up and protection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
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
TYPED, GREEN, CREAM = "0A3FBF", "00642D", "FFF7DB"
INK, MUTED, RULE, HAIRLINE, WHITE = "1B2430", "595F69", "C9D0D9", "E3E7EC", "FFFFFF"
BARS, FLAG = ("BFD3E6", "F2C4AD"), "FEF3EC"  # tints: bars within cells, a cell to look at
CLASS_COLOURS = {  # read, type, workings
    "output": "0B4F8A",
    "check": "0B4F8A",
    "control": "E0A800",
    "input": "E0A800",
    "calculation": "9AA3AF",
    "record": "9AA3AF",
}
MEANINGS = ("AI", "people", "cut", "gain", "overlap")  # of a brand's accents, in their order
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


def colours(brand: Brand) -> dict[str, str]:
    """Return the colour of each meaning, which is the same on every page and in every picture; `ink` is for text."""
    hues = {m: brand.accents[i % len(brand.accents)] for i, m in enumerate(MEANINGS)}
    return {**hues, "ink": INK}


def add_styles(wb: Workbook, brand: Brand) -> None:
    """Register the named styles, and the brand's font as that of the workbook: column widths count its digits."""
    wb._named_styles["Normal"].font = Font(name=brand.font, size=10)
    for name, properties in (_working_styles(brand) | _page_styles(brand)).items():
        style = NamedStyle(name, font=Font(**({"name": brand.font, "size": 10} | properties["font"])))
        if "fill" in properties:
            style.fill = PatternFill("solid", fgColor=properties["fill"])
        style.alignment = properties.get("alignment", Alignment(vertical="top"))
        style.border = properties.get("border", Border())
        style.protection = Protection(locked=properties.get("locked", True))
        wb.add_named_style(style)


def _working_styles(brand: Brand) -> dict[str, Properties]:
    """Return the styles of workings and inputs."""
    line = Side(style="thin", color="BFBFBF")
    wrap, centre = Alignment(wrap_text=True, vertical="top"), Alignment(horizontal="center", vertical="center")
    return {
        "Title": {"font": {"size": 16, "bold": True, "color": brand.dark}},
        "Heading": {
            "font": {"bold": True, "color": WHITE},
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
            "font": {"size": 9, "color": MUTED},
            "alignment": Alignment(horizontal="left", wrap_text=True, vertical="top", indent=1),
        },
        "Input": {"font": {"color": TYPED}, "fill": CREAM, "border": Border(line, line, line, line), "locked": False},
        "Choice": {
            "font": {"color": TYPED, "bold": True},
            "fill": CREAM,
            "border": Border(line, line, line, line),
            "locked": False,
            "alignment": centre,
        },
        "Given": {"font": {"color": TYPED}},
        "Calculation": {"font": {}},
        "Link from a sheet": {"font": {"color": GREEN}},
        "Total": {"font": {"bold": True}, "border": Border(top=line)},
        "Go to": {"font": {"color": brand.dark, "underline": "single"}},
        "Status": {"font": {"bold": True, "color": brand.dark}},
        "Figure": {"font": {"size": 20, "bold": True, "color": brand.dark}, "alignment": centre},
        "Verdict": {"font": {"bold": True}, "alignment": Alignment(horizontal="center", vertical="top")},
        "Caption": {"font": {"italic": True, "color": MUTED}},
        "Figures": {"font": {}, "alignment": Alignment(horizontal="right", vertical="top")},
        "Year": {"font": {"bold": True, "color": GREEN}, "alignment": Alignment(horizontal="left")},
    }


def _page_styles(brand: Brand) -> dict[str, Properties]:
    """Return the styles of the pages for readers; a row's style comes for the left, the right and the middle."""
    ink, hair, main = Side("thin", INK), Border(bottom=Side("thin", HAIRLINE)), brand.dark

    def at(horizontal: str, vertical: str = "center", wrap: bool = False) -> Alignment:
        return Alignment(horizontal=horizontal, vertical=vertical, wrap_text=wrap)

    styles: dict[str, Properties] = {
        "Page title": {"font": {"size": 20, "bold": True, "color": INK}, "alignment": at("left", "bottom")},
        "Page status": {"font": {"size": 9, "color": MUTED}, "alignment": at("right", "bottom", wrap=True)},
        "Question": {"font": {"size": 12, "color": MUTED}, "alignment": at("left")},
        "Rule": {"font": {}, "border": Border(top=Side("medium", INK))},
        "Answer": {"font": {"size": 16, "bold": True, "color": main}, "alignment": at("left", wrap=True)},
        "Figure label": {"font": {"color": MUTED}, "alignment": at("left")},
        "Figure note": {"font": {"color": INK}, "alignment": at("left")},
        "Page note": {"font": {"size": 9, "color": MUTED}, "alignment": at("left", wrap=True)},
        "Page caption": {"font": {"size": 9, "color": MUTED}, "alignment": at("left", "top", wrap=True)},
        "Bullet": {"font": {"color": INK}, "alignment": at("left", wrap=True)},
        "Page way back": {"font": {"size": 9, "color": main, "underline": "single"}, "alignment": at("right")},
        "Page link": {"font": {"size": 11, "color": main, "underline": "single"}, "alignment": at("left")},
    }
    for meaning, colour in colours(brand).items():
        styles[f"Figure {meaning}"] = {
            "font": {"size": 26, "bold": True, "color": INK if meaning == "people" else colour},
            "alignment": at("left"),
        }
        styles[f"Rule {meaning}"] = {"font": {}, "border": Border(bottom=Side("thick", colour))}
    for ending, side in {"": "left", " right": "right", " centre": "center"}.items():
        bold = {"bold": True, "color": INK}
        styles |= {
            f"Head{ending}": {
                "font": bold,
                "fill": brand.light,
                "border": Border(bottom=ink),
                "alignment": at(side, wrap=True),
            },
            f"Section{ending}": {
                "font": bold if ending else {**bold, "size": 12},
                "border": Border(bottom=ink),
                "alignment": at(side),
            },
            f"Row{ending}": {"font": {"size": 11, "color": INK}, "border": hair, "alignment": at(side)},
            f"Row strong{ending}": {"font": {"size": 11, **bold}, "border": hair, "alignment": at(side)},
            f"Dense{ending}": {"font": {"color": INK}, "border": hair, "alignment": at(side)},
            f"Dense note{ending}": {
                "font": {"size": 9, "color": MUTED},
                "border": hair,
                "alignment": Alignment(horizontal=side, vertical="center", indent=1),
            },
            f"Dense set off{ending}": {
                "font": {"color": INK},
                "border": hair,
                "alignment": Alignment(horizontal=side, vertical="center", indent=1),
            },
            f"Dense strong set off{ending}": {
                "font": bold,
                "border": hair,
                "alignment": Alignment(horizontal=side, vertical="center", indent=1),
            },
            f"Dense wrapped{ending}": {"font": {"color": INK}, "border": hair, "alignment": at(side, wrap=True)},
            f"Dense strong{ending}": {"font": bold, "border": hair, "alignment": at(side)},
            f"Dense total{ending}": {"font": bold, "border": Border(top=ink, bottom=ink), "alignment": at(side)},
            f"Row note{ending}": {
                "font": {"size": 9, "color": MUTED},
                "border": hair,
                "alignment": at(side, wrap=True),
            },
        }
    return styles


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
    """Write the title, the link back to the Answer, the scenario shown and the status of the checks."""
    put_text(ws, "A1", title, "Title")
    ws.row_dimensions[1].height = 24
    link(ws, "A2", "Back to Answer", "Answer")
    put(ws, "A3", '="Scenario: "&scenario&"   |   Checks: "&check_status', "Status")


def finish(ws: Worksheet, titles: str, freeze: str | None, pages_wide: int = 1, one_page: str | None = None) -> None:
    """Set view, print and protection once all cells are written; `one_page` are the cells to print on a single page."""
    _, _, right, bottom = range_boundaries(ws.calculate_dimension())
    last = _last_row(ws, bottom)
    if one_page is None:
        _add_page_breaks(ws, last)
    ws.freeze_panes = freeze
    ws.print_title_rows = titles
    print_set_up(ws, one_page or f"A1:{get_column_letter(right)}{last}", pages_wide, 1 if one_page else 0)


def print_set_up(ws: Worksheet, area: str, wide: int, high: int) -> None:
    """Set the printed pages (`high` 0 for as many as it takes), and protect the sheet; columns and rows may be sized."""
    ws.print_area = area
    ws.sheet_view.showGridLines = False
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", 9
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = wide, high
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.oddFooter.left.text, ws.oddFooter.right.text = "&8&F  |  &A", "&8Page &P of &N"
    ws.page_margins.left = ws.page_margins.right = 0.4
    ws.page_margins.top, ws.page_margins.bottom = 0.45, 0.55
    ws.page_margins.header = ws.page_margins.footer = 0.25
    ws.print_options.horizontalCentered = True
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


def _last_row(ws: Worksheet, bottom: int) -> int:
    """Return the last row to print, that of the cells or of a chart."""
    charts = [coordinate_to_tuple(c.anchor)[0] + round(c.height * ROWS_A_CM) for c in ws._charts]
    return int(max([bottom, *charts]))


def fit_height(ws: Worksheet, row: int, *texts: tuple[str, int]) -> None:
    """Make a row as high as its longest text needs; each text comes with the number of characters per line."""
    ws.row_dimensions[row].height = 14 * max(-(-len(text) // width) or 1 for text, width in texts)


def choices(
    ws: Worksheet, at: str, options: str, title: str, prompt: str, error: str = "Choose one from the list."
) -> None:
    """Restrict a cell to a list: a range, or texts in quotes with commas between them."""
    rule = DataValidation("list", formula1=options, allow_blank=False, showErrorMessage=True, showInputMessage=True)
    rule.errorTitle = rule.promptTitle = title[:32]
    rule.prompt, rule.error = prompt, error[:255]
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
