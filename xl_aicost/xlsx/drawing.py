"""Charts and pictures as they are saved: alternative text, values cached in the chart, a logo without Pillow."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

from openpyxl.chart.data_source import NumData, NumVal, StrData, StrVal
from openpyxl.drawing.graphic import GraphicFrame
from openpyxl.drawing.image import Image
from openpyxl.drawing.picture import PictureFrame
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils.cell import range_to_tuple

from xl_aicost.xlsx.cell_xml import number_text

if TYPE_CHECKING:
    from openpyxl.chart._chart import ChartBase

LOGO_HEIGHT = 40  # pixels
ValueOf: TypeAlias = Callable[[str, int, int], object]  # of a sheet, a row and a column


class Mark(str):
    """The mark in a chart for a value that differs between batch rows, and whether that is a number."""

    number: bool

    def __new__(cls, text: str, number: bool) -> Mark:
        """Make a mark."""
        mark = super().__new__(cls, text)
        mark.number = number
        return mark


class Drawing(SpreadsheetDrawing):  # type: ignore[misc]
    """A sheet's drawing whose charts and pictures carry their alternative text."""

    tagname, __elements__ = SpreadsheetDrawing.tagname, SpreadsheetDrawing.__elements__

    def _chart_frame(self, idx: int) -> GraphicFrame:
        frame = super()._chart_frame(idx)
        text = getattr(self.charts[idx - 1], "description", "")
        frame.nvGraphicFramePr.cNvPr.descr = text
        return frame

    def _picture_frame(self, idx: int) -> PictureFrame:
        frame = super()._picture_frame(idx)
        frame.nvPicPr.cNvPr.descr = "Logo"
        return frame


class Logo(Image):  # type: ignore[misc]
    """A PNG as openpyxl's writer takes a picture; openpyxl's own Image needs Pillow to open it."""

    format = "png"

    def __init__(self, data: bytes, anchor: str) -> None:
        width, height = struct.unpack(">II", data[16:24])
        self.data, self.anchor = data, anchor
        self.width, self.height = width * LOGO_HEIGHT / height, LOGO_HEIGHT
        self._id = 1

    def _data(self) -> bytes:
        return self.data

    @property
    def path(self) -> str:
        """The path of the picture in the package."""
        return f"/xl/media/image{self._id}.png"


def cache_values(chart: ChartBase, value_of: ValueOf) -> None:
    """Store in a chart the title and the values that it shows."""
    if chart.title is not None and chart.title.tx.strRef is not None:
        chart.title.tx.strRef.strCache = _texts(chart.title.tx.strRef.f, value_of)
    for series in chart.series:
        if series.tx is not None and series.tx.strRef is not None:
            series.tx.strRef.strCache = _texts(series.tx.strRef.f, value_of)
        series.val.numRef.numCache = _numbers(series.val.numRef.f, value_of)
        if series.cat is not None:
            reference = series.cat.numRef or series.cat.strRef
            values = _values(reference.f, value_of)
            if all(map(_is_number, values)):
                series.cat.numRef.numCache = _numbers(reference.f, value_of)
            else:
                series.cat.strRef = type(series.cat).strRef.expected_type(f=reference.f)
                series.cat.strRef.strCache, series.cat.numRef = _texts(reference.f, value_of), None


def _values(reference: str, value_of: ValueOf) -> list[object]:
    sheet, (left, top, right, bottom) = range_to_tuple(reference)
    return [value_of(sheet, r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]


def _is_number(value: object) -> TypeGuard[float]:
    return value.number if isinstance(value, Mark) else isinstance(value, int | float)


def _point(index: int, value: float) -> NumVal:
    point = NumVal(idx=index)
    point.__dict__["v"] = value if isinstance(value, Mark) else number_text(value)  # openpyxl would take 16 digits
    return point


def _numbers(reference: str, value_of: ValueOf) -> NumData:
    values = _values(reference, value_of)
    points = [_point(i, v) for i, v in enumerate(values) if _is_number(v)]
    return NumData(formatCode="General", ptCount=len(values), pt=points)


def _texts(reference: str, value_of: ValueOf) -> StrData:
    values = _values(reference, value_of)
    points = [StrVal(idx=i, v=str(v)) for i, v in enumerate(values) if v is not None]
    return StrData(ptCount=len(values), pt=points)
