"""Save a workbook with the value of every formula beside it, LAMBDA names, and the same bytes each time.

openpyxl writes formulas without values, so previews, phones and readers show blanks. These writers extend its
own; it must be the last step, since loading with openpyxl and saving again drops the values.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell._writer import _set_attributes, write_cell
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import Element, SubElement

from xl_aicost.files import replacing
from xl_aicost.workbook.drawing import Drawing, cache_values

Values = Mapping[str, Mapping[tuple[int, int], Any]]
ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
EPOCH = (1980, 1, 1, 0, 0, 0)
STAMP = dt.datetime(2026, 1, 1)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DYNAMIC = "http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray"
METADATA = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<metadata xmlns="{MAIN}" xmlns:xda="{DYNAMIC}"><metadataTypes count="1"><metadataType name="XLDAPR" \
minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" splitFirst="1" rowColShift="1" \
clearFormats="1" clearComments="1" assign="1" coerce="1" cellMeta="1"/></metadataTypes><futureMetadata name="XLDAPR" \
count="1"><bk><extLst><ext uri="{{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}}"><xda:dynamicArrayProperties fDynamic="1" \
fCollapsed="0"/></ext></extLst></bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata>\
</metadata>""".encode()
METADATA_RELATION = (
    b'<Relationship Id="rIdMetadata" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'sheetMetadata" Target="metadata.xml"/>'
)
METADATA_TYPE = (
    b'<Override PartName="/xl/metadata.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'spreadsheetml.sheetMetadata+xml"/>'
)


def save(wb: Workbook, path: Path, values: Values) -> None:
    """Write a workbook to a temporary name and move it into place.

    `values` holds, by sheet and (row, column), what each formula comes to.
    """
    if values:
        for ws in wb.worksheets:
            for chart in ws._charts:
                cache_values(chart, lambda s, r, c: values.get(s, {}).get((r, c), wb[s].cell(r, c).value))
    with replacing(path) as temporary, _FixedZip(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        _Writer(wb, archive, values).save()


class _FixedZip(zipfile.ZipFile):
    """A zip whose entries carry no clock and no machine; it adds what dynamic-array cells need."""

    dynamic = False

    def writestr(self, name: Any, data: Any, *_: Any, **__: Any) -> None:  # type: ignore[override]
        path = name if isinstance(name, str) else name.filename
        if self.dynamic and path == "xl/_rels/workbook.xml.rels":
            self._add("xl/metadata.xml", METADATA)
            data = _before(data, b"</Relationships>", METADATA_RELATION)
        if self.dynamic and path == "[Content_Types].xml":
            data = _before(data, b"</Types>", METADATA_TYPE)
        self._add(path, data)

    def _add(self, path: str, data: Any) -> None:
        info = zipfile.ZipInfo(path, EPOCH)
        info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
        super().writestr(info, data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        self.writestr(str(arcname or filename), Path(filename).read_bytes())


def _before(data: Any, mark: bytes, addition: bytes) -> bytes:
    text = data.encode() if isinstance(data, str) else data
    return bytes(text.replace(mark, addition + mark))


class _Writer(ExcelWriter):  # type: ignore[misc]
    def __init__(self, wb: Workbook, archive: zipfile.ZipFile, values: Values) -> None:
        super().__init__(wb, archive)
        self.values = values
        defined = [*wb.defined_names.items(), *(item for ws in wb for item in ws.defined_names.items())]
        names = [n for n, d in defined if str(d.attr_text).startswith("_xlfn.LAMBDA(")]
        self.lambdas = re.compile(rf"\b(?:{'|'.join(names)})\(") if names else None

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = Drawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer = _SheetWriter(ws)
        writer.values = self.values.get(ws.title, {})
        writer.lambdas = self.lambdas
        writer.write()
        self._archive.dynamic |= writer.dynamic
        ws._rels = writer._rels
        self._archive.write(writer.out, ws.path[1:])
        self.manifest.append(ws)
        writer.cleanup()

    def write_data(self) -> None:
        self.workbook.properties.created = self.workbook.properties.modified = STAMP
        super().write_data()


class _SheetWriter(WorksheetWriter):  # type: ignore[misc]
    values: Mapping[tuple[int, int], Any] = {}
    lambdas: re.Pattern[str] | None = None
    dynamic = False

    def write_row(self, xf: Any, row: Any, row_idx: int) -> None:
        attributes = {"r": f"{row_idx}"} | dict(self.ws.row_dimensions.get(row_idx, {}))
        with xf.element("row", attributes):
            for cell in row:
                if cell.data_type == "f":
                    self._write_formula(xf, cell)
                elif cell._value is not None:
                    write_cell(xf, self.ws, cell, cell.has_style)
                elif cell.has_style:  # without the type that openpyxl gives it: IronCalc takes that for a 0
                    xf.write(Element("c", {"r": cell.coordinate, "s": f"{cell.style_id}"}))

    def _write_formula(self, xf: Any, cell: Any) -> None:
        text, attributes = _set_attributes(cell, cell.has_style)
        attributes.pop("t", None)
        kind, value = _stored(self.values.get((cell.row, cell.column)))
        if kind:
            attributes["t"] = kind
        array = {}
        # Excel stores a call of a LAMBDA name as a dynamic array; IronCalc wants the draft, without values, plain
        if self.values and self.lambdas and self.lambdas.search(text):
            self.dynamic, attributes["cm"] = True, "1"
            array = {"t": "array", "ref": cell.coordinate}
        element = Element("c", attributes)
        SubElement(element, "f", array).text = text[1:]
        SubElement(element, "v").text = value
        xf.write(element)


def _stored(value: Any) -> tuple[str | None, str | None]:
    """Return the cell type and the text that a value is stored with."""
    if value is None:
        return None, None
    if isinstance(value, bool):
        return "b", "1" if value else "0"
    if isinstance(value, str):
        return ("e", value) if value in ERRORS else ("str", value)
    return None, repr(float(value))
