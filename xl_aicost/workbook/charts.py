"""Native charts over tables of a sheet: axes shown, nothing smoothed, units in the title."""

from __future__ import annotations

from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.series import SeriesLabel, StrRef
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.workbook.book import Book

LANES_FROM, LANES_TO = 3, 8  # the columns of a lane table


def _dress(book: Book, chart: Any, title: str, unit: str, form: str) -> None:
    chart.title = _title(title, 1100, bold=True)
    chart.y_axis.title, chart.y_axis.number_format = _title(unit, 900), form
    for axis in (chart.x_axis, chart.y_axis):
        axis.txPr = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=_size(800)), endParaRPr=_size(800))])
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.tickLblPos = "low"
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=_thin())
    chart.legend.position = "b"
    chart.width, chart.height = 17.5, 9.5
    for series, colour in zip(chart.series, book.template.brand.accents * 3, strict=False):
        series.graphicalProperties.line.solidFill = colour
        if isinstance(chart, BarChart):
            series.graphicalProperties.solidFill = colour
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


def _thin() -> Any:
    return LineProperties(solidFill="D9D9D9", w=6350)


def _add_rows(chart: Any, ws: Worksheet, head: int, rows: list[int]) -> None:
    for row in rows:
        chart.add_data(
            Reference(ws, min_col=LANES_FROM, max_col=LANES_TO, min_row=row), from_rows=True, titles_from_data=False
        )
        chart.series[-1].tx = SeriesLabel(strRef=StrRef(f"'{ws.title}'!$A${row}"))
    chart.set_categories(Reference(ws, min_col=LANES_FROM, max_col=LANES_TO, min_row=head))


def add_stack(book: Book, ws: Worksheet, at: str, title: str, head: int, count: int) -> None:
    """Add stacked columns, a lane each, of the first rows under a lane table's head."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 60
    _add_rows(chart, ws, head, list(range(head + 1, head + 1 + count)))
    _dress(book, chart, title, "USD m a year", "#,##0,,")
    ws.add_chart(chart, at)


def add_bars(book: Book, ws: Worksheet, at: str, title: str, head: int, rows: list[int]) -> None:
    """Add clustered columns, a lane each, of rows of shares in a lane table."""
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth = "col", "clustered", 60
    _add_rows(chart, ws, head, rows)
    _dress(book, chart, title, "share", "0%")
    ws.add_chart(chart, at)


def add_lines(book: Book, ws: Worksheet, at: str, title: str, head: int, columns: list[int], unit: str) -> None:
    """Add a line for each column of a year table."""
    chart = LineChart()
    last = head + book.layout.years
    for column in columns:
        chart.add_data(Reference(ws, min_col=column, min_row=head, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(ws, min_col=1, min_row=head + 1, max_row=last))
    _dress(book, chart, title, unit, "#,##0,,")
    ws.add_chart(chart, at)
