"""Save a workbook with the value of every formula beside it, LAMBDA names, and the same bytes each time.

openpyxl writes formulas without values, so previews, phones and readers show blanks. These writers extend its
own; it must be the last step, since loading with openpyxl and saving again drops the values.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import Workbook
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import Element

from xl_aicost.support.files import replacing
from xl_aicost.xlsx.cell_xml import MARK, Constants, Key, NumberPlace, Styles, TextPlace, mark_of, rows_of
from xl_aicost.xlsx.cells import looks_of
from xl_aicost.xlsx.drawing import Drawing, Mark, cache_values
from xl_aicost.xlsx.parts import packed, zipped

Values = Mapping[str, Mapping[Key, Any]]
STAMP = dt.datetime(2026, 1, 1)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DYNAMIC = "http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray"
METADATA = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<metadata xmlns="{MAIN}" xmlns:xda="{DYNAMIC}"><metadataTypes count="1"><metadataType name="XLDAPR" \
minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" splitFirst="1" rowColShift="1" \
clearFormats="1" clearComments="1" assign="1" coerce="1" cellMeta="1"/></metadataTypes><futureMetadata name="XLDAPR" \
count="1"><bk><extLst><ext uri="{{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}}"><xda:dynamicArrayProperties fDynamic="1" \
fCollapsed="0"/></ext></extLst></bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata>\
</metadata>"""
METADATA_RELATION = (
    '<Relationship Id="rIdMetadata" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'sheetMetadata" Target="metadata.xml"/>'
)
METADATA_TYPE = (
    '<Override PartName="/xl/metadata.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheetMetadata+xml"/>'
)
NO_ROWS = re.compile("<sheetData ?/>|<sheetData></sheetData>")


def save(wb: Workbook, path: Path, values: Values) -> bytes:
    """Write a workbook to a temporary name and move it into place; return its bytes.

    `values` holds, by sheet and (row, column), what each formula comes to.
    """
    parts = written(wb, values, Constants())
    data = zipped([packed(n, b"".join(p.encode() if isinstance(p, str) else p for p in ps)) for n, ps in parts.items()])
    write_bytes(path, data)
    return data


def write_bytes(path: Path, data: bytes, *, tidy: bool = True) -> None:
    """Write a file to a temporary name and move it into place; `tidy` is as in `replacing`."""
    with replacing(path, tidy=tidy) as temporary:
        temporary.write_bytes(data)


def written(wb: Workbook, values: Values, constants: Constants) -> dict[str, list[Any]]:
    """Return the parts of a workbook by name, each as texts and the places between them that differ by case."""
    writer = _Writer(wb, values, constants)
    writer.save()
    return writer.parts


class _Writer(ExcelWriter):  # type: ignore[misc]
    """openpyxl's writer, which also stands for the archive that it writes to."""

    def __init__(self, wb: Workbook, values: Values, constants: Constants) -> None:
        super().__init__(wb, self)
        self.values, self.constants, self.styles = values, constants, Styles(wb)
        self.styles.number(looks_of(wb))
        self.parts: dict[str, list[Any]] = {}
        self.places: dict[str, Any] = {}  # of charts, by their marks
        defined = [*wb.defined_names.items(), *(item for ws in wb for item in ws.defined_names.items())]
        names = [n for n, d in defined if str(d.attr_text).startswith("_xlfn.LAMBDA(")]
        self.lambdas = re.compile(rf"\b(?:{'|'.join(names)})\(") if values and names else None

    def writestr(self, name: str, data: str | bytes) -> None:
        if isinstance(data, bytes) and not name.endswith((".xml", ".rels")):
            self.parts[name] = [data]
            return
        text = data.decode() if isinstance(data, bytes) else data
        if self.lambdas and name == "xl/_rels/workbook.xml.rels":
            self.parts["xl/metadata.xml"] = [METADATA]
            text = text.replace("</Relationships>", METADATA_RELATION + "</Relationships>")
        if self.lambdas and name == "[Content_Types].xml":
            text = text.replace("</Types>", METADATA_TYPE + "</Types>")
        pieces = MARK.split(text)
        self.parts[name] = [self._place(p) if i % 2 else p for i, p in enumerate(pieces)]

    def _place(self, mark: str) -> Any:
        return self.places[mark] if mark in self.places else TextPlace("", mark)

    def namelist(self) -> list[str]:
        return list(self.parts)

    def close(self) -> None:
        """Do what an archive does at its end: nothing is left to do."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = Drawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer = _SheetWriter(ws, io.BytesIO())
        values, constants = self.values.get(ws.title, {}), self.constants.cells.get(ws.title, {})
        rows = rows_of(ws, values, constants, self.styles, self.lambdas)
        writer.write()
        ws._rels = writer._rels
        head, tail = NO_ROWS.split(writer.out.getvalue().decode(), maxsplit=1)
        self.parts[ws.path[1:]] = [head, "<sheetData>", *rows, "</sheetData>", tail]
        self.manifest.append(ws)

    def _write_charts(self) -> None:
        for chart in self._charts if self.values else ():
            cache_values(chart, self._shown)
        super()._write_charts()

    def _shown(self, sheet: str, row: int, column: int) -> Any:
        """Return what a chart shows of a cell: its value, or a mark where that differs by case."""
        found = self.values.get(sheet, {}).get((row, column), self.workbook[sheet].cell(row, column).value)
        if not isinstance(found, np.ndarray):
            return found
        number = found.dtype == float
        name = f"chart_{len(self.places)}"
        self.places[name] = (NumberPlace if number else TextPlace)(sheet, (row, column))
        return Mark(mark_of(name), number)

    def write_data(self) -> None:
        self.workbook.properties.created = self.workbook.properties.modified = STAMP
        super().write_data()


class _SheetWriter(WorksheetWriter):  # type: ignore[misc]
    """openpyxl's writer of a sheet, which leaves out the rows."""

    def write_rows(self) -> None:
        self.xf.send(Element("sheetData"))
