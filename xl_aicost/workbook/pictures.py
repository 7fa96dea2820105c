"""Native charts for readers' pages: a message from a cell as title, direct labels, gaps as gaps, an alternative text.

The traps of the file format that are handled here: a title's cell is shown by its cache in LibreOffice; a missing element
means round corners, and no axes; labels outside a stacked bar make Excel repair the file; without `invertIfNegative`
negative bars are white; a gap is an empty cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import StrRef
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import DataPoint, Marker
from openpyxl.chart.series import Series as Plotted
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RichTextProperties

from xl_aicost.workbook.feed import Table
from xl_aicost.workbook.page import CAPTION, PICTURE, Half, Page
from xl_aicost.workbook.style import HAIRLINE, INK, RULE, colours
from xl_aicost.xlsx.cells import place

Chart: TypeAlias = BarChart | LineChart
Plot: TypeAlias = tuple[float, float, float, float]  # left, top, width, height as shares of the picture
BAR_PLOT = (0.2, 0.15, 0.72, 0.8)  # in half a page, as the next two
STEP_PLOT = (0.03, 0.13, 0.94, 0.66)
YEAR_PLOT = (0.1, 0.2, 0.87, 0.69)
THIN = 9525  # of a line, in English metric units
NO_LABELS = dict.fromkeys(
    ("showVal", "showSerName", "showCatName", "showLegendKey", "showPercent", "showBubbleSize"), False
)


@dataclass(frozen=True)
class Row:
    """A series: the cells of its values and of its name, its colour; a forecast is dotted, in bars an outline."""

    values: str
    name: str
    colour: str
    forecast: bool = False
    label: tuple[int, str] | None = None  # the point at which the name stands, and on which side of it


@dataclass(frozen=True)
class Frame:
    """Where a picture stands (from the top left of one cell to that of another), the cell of its title, and what it shows."""

    top: str
    below: str
    title: str
    description: str
    plot: Plot

    @classmethod
    def of(cls, half: Half, title: str, description: str, plot: Plot) -> Frame:
        """Return the frame of a picture that fills a half of the page."""
        return cls(f"{half.first}{PICTURE}", f"{half.behind}{CAPTION}", title, description, plot)


def bars(page: Page, frame: Frame, table: Table, meanings: Sequence[str]) -> None:
    """Draw one horizontal bar a row of a table with names and numbers, the first on top."""
    hue = colours(page.book.template.brand)
    chart = BarChart()
    chart.type, chart.gapWidth = "bar", 40
    chart.series.append(_shaded(page, table.column(1), [hue[m] for m in meanings]))
    _finish(page, chart, frame, table.column(0))
    chart.y_axis.delete, chart.y_axis.scaling.min = True, 0
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=INK, w=THIN))


def waterfall(page: Page, frame: Frame, table: Table, shades: Sequence[str]) -> None:
    """Draw steps, each a column on an invisible one, above and below zero; columns 3 to 6 of the table are their parts."""
    chart = BarChart()
    chart.type, chart.gapWidth, chart.grouping, chart.overlap = "col", 35, "stacked", 100
    for part in (3, 4, 5, 6):
        series = _shaded(page, table.column(part), shades)
        if part % 2:  # what the step stands on, or hangs from
            series.dPt = []
            series.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
        chart.series.append(series)
    _finish(page, chart, frame, table.column(0))
    chart.y_axis.delete, chart.x_axis.tickLblPos = True, "low"


def _shaded(page: Page, values: str, shades: Sequence[str]) -> Plotted:
    """Return a series of bars with a colour each."""
    series = _series(page, Row(values, "", shades[0]))
    series.invertIfNegative = False
    series.graphicalProperties = _solid(shades[0])
    series.dPt = [DataPoint(idx=i, invertIfNegative=False, spPr=_solid(shade)) for i, shade in enumerate(shades)]
    return series


def sides(
    page: Page, frame: Frame, categories: str, rows: Sequence[Row], number_format: str, legend: bool = True
) -> None:
    """Draw horizontal bars of several series over each other, as to both sides of zero, the first category on top."""
    chart = BarChart()
    chart.type, chart.gapWidth, chart.grouping, chart.overlap = "bar", 35, "clustered", 100
    _columns(page, chart, rows)
    _finish(page, chart, frame, categories, legend)
    chart.x_axis.scaling.orientation, chart.y_axis.crosses, chart.x_axis.tickLblPos = "maxMin", "max", "low"
    chart.y_axis.number_format = number_format
    if number_format == "0%":
        chart.y_axis.majorUnit = 0.5
    _grid(chart)


def columns(page: Page, frame: Frame, categories: str, rows: Sequence[Row], number_format: str) -> None:
    """Draw columns side by side for each category, as yearly cash."""
    chart = BarChart()
    chart.type, chart.gapWidth, chart.overlap = "col", 50, 0
    _columns(page, chart, rows)
    _finish(page, chart, frame, categories, legend=True)
    chart.y_axis.number_format, chart.x_axis.tickLblPos = number_format, "low"
    _grid(chart)


def lines(
    page: Page, frame: Frame, categories: str, rows: Sequence[Row], number_format: str, legend: bool = False
) -> None:
    """Draw lines, each with its name at one of its points or in a legend; an empty cell is a gap."""
    chart = LineChart()
    chart.display_blanks = "gap"
    for row in rows:
        series = _series(page, row)
        dash = "sysDash" if row.forecast else "solid"
        series.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=row.colour, w=31_750, prstDash=dash)
        )
        series.smooth = False
        series.marker = Marker("none") if row.forecast or legend else Marker("circle", 6, spPr=_solid(row.colour))
        if row.label:
            series.dLbls = _label(row, page.book.template.brand.font)
        chart.series.append(series)
    _finish(page, chart, frame, categories, legend)
    chart.y_axis.number_format, chart.x_axis.tickLblPos = number_format, "low"
    _grid(chart)


def _columns(page: Page, chart: BarChart, rows: Sequence[Row]) -> None:
    for row in rows:
        series = _series(page, row)
        series.invertIfNegative = False
        series.graphicalProperties = _solid(row.colour)
        chart.series.append(series)


def _series(page: Page, row: Row) -> Plotted:
    series = Series(Reference(page.ws, range_string=row.values))
    if row.name:
        series.tx = SeriesLabel(strRef=StrRef(f=row.name))
    return series


def _label(row: Row, font: str) -> DataLabelList:
    """Return the direct label of a line: its name, or the value where it is a forecast."""
    assert row.label is not None
    point, side = row.label
    shown = NO_LABELS | {"showVal" if row.forecast else "showSerName": True}
    label = DataLabel(idx=point, dLblPos=side, txPr=_letters(font, 11, True, row.colour), **shown)
    return DataLabelList(dLbl=[label], **NO_LABELS)


def _finish(page: Page, chart: Chart, frame: Frame, categories: str, legend: bool = False) -> None:
    """Set what programs would decide differently, and place the chart on the grid."""
    font = page.book.template.brand.font
    chart.set_categories(Reference(page.ws, range_string=categories))
    chart.roundedCorners = False
    bare = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    chart.graphical_properties = chart.plot_area.graphicalProperties = bare
    chart.legend = _legend(font) if legend else None
    chart.title = Title(
        tx=Text(strRef=StrRef(f=frame.title)),
        overlay=False,
        layout=Layout(ManualLayout(xMode="edge", yMode="edge", x=0.0, y=0.012)),
        txPr=_letters(font, 12, True),
    )
    left, top, width, height = frame.plot
    chart.layout = Layout(
        ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=left, y=top, w=width, h=height)
    )
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete, axis.title, axis.majorTickMark, axis.minorTickMark = False, None, "none", "none"
        axis.txPr = _letters(font, 10 if axis is chart.x_axis else 9)
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=RULE, w=THIN))
    chart.y_axis.majorGridlines = None
    chart.description = frame.description
    corners = (place(frame.top), place(frame.below))
    start, end = (AnchorMarker(col=column - 1, row=row - 1) for row, column in corners)
    chart.anchor = TwoCellAnchor(editAs="twoCell", _from=start, to=end)
    page.ws.add_chart(chart)


def _legend(font: str) -> Legend:
    where = Layout(ManualLayout(xMode="edge", yMode="edge", x=0.08, y=0.085, w=0.8, h=0.07))
    return Legend(legendPos="t", overlay=False, layout=where, txPr=_letters(font, 10, True))


def _grid(chart: Chart) -> None:
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=HAIRLINE, w=6350)))
    chart.y_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))


def _solid(colour: str) -> GraphicalProperties:
    return GraphicalProperties(solidFill=colour, ln=LineProperties(noFill=True))


def _letters(font: str, size: int, bold: bool = False, colour: str = INK) -> RichText:
    letters = CharacterProperties(sz=100 * size, b=bold, solidFill=colour, latin=Font(typeface=font))
    text = Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)
    return RichText(bodyPr=RichTextProperties(), p=[text])
