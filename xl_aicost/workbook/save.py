"""Save a workbook with the value of every formula beside it, LAMBDA names, and the same bytes each time.

openpyxl writes formulas without values, so previews, phones and readers show blanks. These writers extend its
own; it must be the last step, since loading with openpyxl and saving again drops the values.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell._writer import _set_attributes, write_cell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import Element, SubElement

Values = Mapping[str, Mapping[tuple[int, int], Any]]
ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
EPOCH = (1980, 1, 1, 0, 0, 0)
STAMP = dt.datetime(2026, 1, 1)


def save(wb: Workbook, path: Path, values: Values) -> None:
    """Write a workbook to a temporary name and move it into place.

    `values` holds, by sheet and (row, column), what each formula comes to.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent or Path(), prefix=f".{path.stem}-", suffix=".tmp")
    os.close(handle)
    try:
        with _FixedZip(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            _Writer(wb, archive, values).save()
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


class _FixedZip(zipfile.ZipFile):
    """A zip whose entries carry no clock and no machine."""

    def writestr(self, name: Any, data: Any, *_: Any, **__: Any) -> None:  # type: ignore[override]
        info = zipfile.ZipInfo(name if isinstance(name, str) else name.filename, EPOCH)
        info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
        super().writestr(info, data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        self.writestr(str(arcname or filename), Path(filename).read_bytes())


class _Writer(ExcelWriter):  # type: ignore[misc]
    def __init__(self, wb: Workbook, archive: zipfile.ZipFile, values: Values) -> None:
        super().__init__(wb, archive)
        self.values = values

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer = _SheetWriter(ws)
        writer.values = self.values.get(ws.title, {})
        writer.write()
        ws._rels = writer._rels
        self._archive.write(writer.out, ws.path[1:])
        self.manifest.append(ws)
        writer.cleanup()

    def write_data(self) -> None:
        self.workbook.properties.created = self.workbook.properties.modified = STAMP
        super().write_data()


class _SheetWriter(WorksheetWriter):  # type: ignore[misc]
    values: Mapping[tuple[int, int], Any] = {}

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
        element = Element("c", attributes)
        SubElement(element, "f").text = text[1:]
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
