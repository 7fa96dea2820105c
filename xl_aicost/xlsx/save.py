"""Save a workbook with the value of every formula beside it, LAMBDA names, and the same bytes each time.

openpyxl writes formulas without values, so previews and phones show blanks. These classes extend its writers. Saving
must be the last step: openpyxl drops the values of a file that it loads and saves again.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from openpyxl import Workbook
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.dimensions import SheetDimension
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import Element

from xl_aicost.support.files import replacing
from xl_aicost.xlsx.cell_xml import (
    MAIN,
    MARK,
    BatchCell,
    BatchConstants,
    Key,
    NumberPlaceholder,
    Placeholder,
    PointPlaceholder,
    PropertyPlaceholder,
    Styles,
    TextPlaceholder,
    Texts,
    dimension,
    keys_by_row,
    mark_of,
    rows_of,
)
from xl_aicost.xlsx.cells import style_records
from xl_aicost.xlsx.drawing import Drawing, Mark, cache_values
from xl_aicost.xlsx.parts import packed, zipped
from xl_aicost.xlsx.spelling import in_excels_order, with_prefix

Values: TypeAlias = Mapping[str, Mapping[Key, object]]  # of formulas, by sheet and by (row, column)
Content: TypeAlias = bytes | list[str | Placeholder]
STAMP = dt.datetime(2026, 1, 1)
DYNAMIC = "http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray"
METADATA = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<metadata xmlns="{MAIN}" xmlns:xda="{DYNAMIC}"><metadataTypes count="1"><metadataType name="XLDAPR" \
minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" splitFirst="1" rowColShift="1" \
clearFormats="1" clearComments="1" assign="1" coerce="1" cellMeta="1"/></metadataTypes><futureMetadata name="XLDAPR" \
count="1"><bk><extLst><ext uri="{{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}}"><xda:dynamicArrayProperties fDynamic="1" \
fCollapsed="0"/></ext></extLst></bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata>\
</metadata>"""
RELATION = (
    '<Relationship Id="{0}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{1}" '
    'Target="{0}.xml"/>'
)
CONTENT = '<Override PartName="/xl/{0}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{1}+xml"/>'
SPELLED = {"xl/styles": in_excels_order, "xl/charts/chart": with_prefix, "xl/drawings/drawing": with_prefix}
POINT = re.compile('<c:pt idx="(\\d+)"><c:v>\ue000(chart_\\w+)\ue001</c:v></c:pt>')  # a number in a chart
NO_ROWS = re.compile("<sheetData ?/>|<sheetData></sheetData>")


def save(wb: Workbook, path: Path, values: Values, constants: BatchConstants | None = None) -> bytes:
    """Write a workbook with the values of its formulas to a temporary name, move it into place, and return its bytes."""
    data = archived(parts_of(wb, values, constants))
    write_bytes(path, data)
    return data


def parts_of(wb: Workbook, values: Values, constants: BatchConstants | None = None) -> dict[str, bytes]:
    """Return the parts of a workbook by name, in the order in which they are stored."""
    parts = written(wb, values, constants or BatchConstants())
    return {n: c if isinstance(c, bytes) else "".join(c).encode() for n, c in parts.items()}  # type: ignore[arg-type]


def archived(parts: Mapping[str, bytes]) -> bytes:
    """Return the file that holds some parts."""
    return zipped([packed(n, data) for n, data in parts.items()])


def write_bytes(path: Path, data: bytes, *, tidy: bool = True) -> None:
    """Write a file to a temporary name and move it into place; `tidy` is as in `replacing`."""
    with replacing(path, tidy=tidy) as temporary:
        temporary.write_bytes(data)


def written(wb: Workbook, values: Values, constants: BatchConstants) -> dict[str, Content]:
    """Return the parts of a workbook by name, with placeholders where the rows of a batch differ."""
    writer = _Writer(wb, values, constants)
    writer.save()
    return writer.parts


class _Writer(ExcelWriter):  # type: ignore[misc]
    """openpyxl's writer, which is also the archive that it writes to."""

    def __init__(self, wb: Workbook, values: Values, constants: BatchConstants) -> None:
        super().__init__(wb, self)
        self.values, self.constants, self.styles, self.texts = values, constants, Styles(wb), Texts()
        self.styles.number(style_records(wb))
        self.parts: dict[str, Content] = {}
        self.in_charts: dict[str, Placeholder] = {}  # by their marks
        defined = [*wb.defined_names.items(), *(item for ws in wb for item in ws.defined_names.items())]
        names = [n for n, d in defined if str(d.attr_text).startswith("_xlfn.LAMBDA(")]
        self.lambdas = re.compile(rf"\b(?:{'|'.join(names)})\(") if values and names else None

    def writestr(self, name: str, data: str | bytes) -> None:
        if isinstance(data, bytes) and not name.endswith((".xml", ".rels")):
            self.parts[name] = data
            return
        text = data.decode() if isinstance(data, bytes) else data
        if spelled := SPELLED.get(re.sub(r"\d*\.xml$", "", name)):
            text = spelled(text)
        if name == "xl/_rels/workbook.xml.rels":  # all sheets are written
            self.parts["xl/sharedStrings.xml"] = self.texts.xml()
            if self.lambdas:
                self.parts["xl/metadata.xml"] = [METADATA]
            text = text.replace("</Relationships>", "".join(r for r, _ in self._more()) + "</Relationships>")
        if name == "[Content_Types].xml":
            text = text.replace("</Types>", "".join(t for _, t in self._more()) + "</Types>")
        pieces = MARK.split(POINT.sub(self._whole_point, text))
        self.parts[name] = [
            self.in_charts.get(p) or PropertyPlaceholder(p) if i % 2 else p for i, p in enumerate(pieces)
        ]

    def _more(self) -> list[tuple[str, str]]:
        """Return the relation and the content type of each part that openpyxl does not write."""
        kinds = (("sharedStrings", "sharedStrings"), *([("metadata", "sheetMetadata")] if self.lambdas else ()))
        return [(RELATION.format(part, kind), CONTENT.format(part, kind)) for part, kind in kinds]

    def namelist(self) -> list[str]:
        return list(self.parts)

    def close(self) -> None:
        """Do nothing; openpyxl closes its archive."""

    def write_worksheet(self, ws: Worksheet) -> None:
        ws._hyperlinks = []  # a workbook may be saved twice
        ws._drawing = Drawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        by_row = keys_by_row(ws)
        writer = _SheetWriter(ws, io.BytesIO(), dimension(by_row))
        rows = rows_of(ws, by_row, self.values.get(ws.title, {}), self.constants, self.styles, self.texts, self.lambdas)
        writer.write()
        ws._rels = writer._rels
        head, tail = NO_ROWS.split(writer.out.getvalue().decode(), maxsplit=1)
        self.parts[ws.path[1:]] = [head, "<sheetData>", *rows, "</sheetData>", tail]
        self.manifest.append(ws)

    def _write_charts(self) -> None:
        for chart in self._charts:
            chart.roundedCorners = False
            if self.values:
                cache_values(chart, self._charted)
        super()._write_charts()

    def _charted(self, sheet: str, row: int, column: int) -> object:
        """Return what a chart shows of a cell: its value, or a mark where that differs between batch rows."""
        key, name = (row, column), f"chart_{len(self.in_charts)}"
        constant = self.constants.cells.get(sheet, {}).get(key)
        if isinstance(constant, BatchCell):
            self.in_charts[name] = PointPlaceholder(sheet, key)
            return Mark(mark_of(name), not any(isinstance(v, str) for v in constant))
        values = self.values.get(sheet, {})
        value = values[key] if key in values else self.workbook[sheet].cell(row, column).value
        if not isinstance(value, np.ndarray):
            return value
        is_number = value.dtype == float
        self.in_charts[name] = (NumberPlaceholder if is_number else TextPlaceholder)(sheet, key)
        return Mark(mark_of(name), is_number)

    def _whole_point(self, match: re.Match[str]) -> str:
        """Return the mark that stands for a point as a whole, where an empty cell leaves a gap in some batch rows."""
        constant = self.in_charts[match[2]]
        if not isinstance(constant, PointPlaceholder):
            return match[0]
        self.in_charts[match[2]] = replace(constant, point=match[1])
        return mark_of(match[2])

    def write_data(self) -> None:
        self.workbook.properties.created = self.workbook.properties.modified = STAMP
        super().write_data()


class _SheetWriter(WorksheetWriter):  # type: ignore[misc]
    """openpyxl's writer of a sheet, without the rows; it is told the range of the cells instead of looking at each."""

    def __init__(self, ws: Worksheet, out: io.BytesIO, cells: str) -> None:
        super().__init__(ws, out)
        self.cells = cells

    def write_dimensions(self) -> None:
        self.xf.send(SheetDimension(self.cells).to_tree())

    def write_rows(self) -> None:
        self.xf.send(Element("sheetData"))
