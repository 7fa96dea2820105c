"""The chart of a bridge between two workbooks: axes, units and colours."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.chart import BarChart
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun


def dress(chart: BarChart, accents: Sequence[str], title: str, unit: str, number_format: str) -> None:
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
        series.graphicalProperties.line.solidFill = series.graphicalProperties.solidFill = colour
        series.invertIfNegative = False


def _size(hundredths: int, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=hundredths, b=bold)


def _title(text: str, hundredths: int, bold: bool = False) -> Title:
    size = _size(hundredths, bold)
    title = Title(overlay=False)
    run = RegularTextRun(rPr=size, t=text)
    title.tx = Text(rich=RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=size), r=[run])]))
    return title
