"""Native charts of tables on a sheet: with axes, units and an alternative text; lines are not smoothed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.workbook.book import Book
from xl_aicost.xlsx.cells import put

Chart: TypeAlias = BarChart | LineChart
FIRST_LANE = 3  # the column of the first scenario in a table


@dataclass(frozen=True)
class Rows:
    """Rows of a table with a column per scenario: each row is a series with a short name, the scenarios are categories."""

    head: int
    rows: Sequence[int]
    names: Sequence[str]
    stacked: bool = False


@dataclass(frozen=True)
class Columns:
    """Columns of a table below its head row: each column is a series, the column `names` has the categories.

    `kind` is "lines", "clustered" or "stacked" columns, or "bars", horizontal with the first on top.
    """

    head: int
    count: int
    series: Sequence[int]
    kind: str = "lines"
    names: int = 1


def add_chart(
    book: Book,
    ws: Worksheet,
    at: str,
    data: Rows | Columns,
    title: str,
    unit: str,
    number_format: str,
    description: str,
    height: float = 8.5,
) -> None:
    """Add a chart of a table; `description` is its alternative text."""
    chart = _rows(book, ws, data) if isinstance(data, Rows) else _columns(ws, data)
    dress(chart, book.template.brand.accents, title, unit, number_format)
    chart.width, chart.height = 15.5, height
    chart.description = f"{title}. {description}"
    ws.add_chart(chart, at)


def _rows(book: Book, ws: Worksheet, data: Rows) -> BarChart:
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth = "col", "stacked" if data.stacked else "clustered", 60
    chart.overlap = 100 if data.stacked else None
    last = FIRST_LANE + len(book.layout.lanes) - 1
    for row, text in zip(data.rows, data.names, strict=True):
        cells = Reference(ws, min_col=FIRST_LANE, max_col=last, min_row=row)
        chart.add_data(cells, from_rows=True, titles_from_data=False)
        chart.series[-1].tx = SeriesLabel(v=text)
    chart.set_categories(Reference(ws, min_col=FIRST_LANE, max_col=last, min_row=data.head))
    return chart


def _columns(ws: Worksheet, data: Columns) -> Chart:
    chart = LineChart() if data.kind == "lines" else BarChart()
    if data.kind != "lines":
        chart.type, chart.gapWidth = "bar" if data.kind == "bars" else "col", 40
        chart.grouping, chart.overlap = ("clustered", None) if data.kind == "clustered" else ("stacked", 100)
    last = data.head + data.count
    for column in data.series:
        chart.add_data(Reference(ws, min_col=column, min_row=data.head, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(ws, min_col=data.names, min_row=data.head + 1, max_row=last))
    if data.kind == "bars":
        chart.x_axis.scaling.orientation, chart.y_axis.crosses = "maxMin", "max"
    return chart


def dress(chart: Chart, accents: Sequence[str], title: str, unit: str, number_format: str) -> None:
    """Set the title, the axes and the colours of a chart."""
    chart.title = _title(title, 1100, bold=True)
    chart.y_axis.title, chart.y_axis.number_format = _title(unit, 900), number_format
    for axis in (chart.x_axis, chart.y_axis):
        axis.txPr = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=_size(700)), endParaRPr=_size(700))])
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.tickLblPos = "low"
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9D9D9", w=6350))
    chart.legend.position = "b"
    for series, colour in zip(chart.series, tuple(accents) * 3, strict=False):
        series.graphicalProperties.line.solidFill = colour
        if isinstance(chart, BarChart):
            series.graphicalProperties.solidFill = colour
            series.invertIfNegative = False
        else:
            series.smooth = False
            series.graphicalProperties.line.width = 28_000


def _size(hundredths: int, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=hundredths, b=bold)


def _title(text: str, hundredths: int, bold: bool = False) -> Title:
    size = _size(hundredths, bold)
    title = Title(overlay=False)
    run = RegularTextRun(rPr=size, t=text)
    title.tx = Text(rich=RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=size), r=[run])]))
    return title


def seen(ws: Worksheet, row: int, text: str) -> None:
    """Write the line under a chart that says what there is to see."""
    put(ws, f"A{row}", text, "Caption")
