"""Change the values of cells of a stored workbook, without touching anything else of it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import unescape

from lxml import etree
from openpyxl.utils import get_column_letter

from xl_aicost.errors import DataError
from xl_aicost.support.excel_errors import FILE_ERRORS
from xl_aicost.support.files import destination, replacing
from xl_aicost.support.values import CellValue
from xl_aicost.xlsx.cell_xml import MAIN, Key, number_repr
from xl_aicost.xlsx.package import Package
from xl_aicost.xlsx.text import cell_text, xml_text

ROW, CELL, FORMULA, VALUE, INLINE, TEXT = (f"{{{MAIN}}}{n}" for n in ("row", "c", "f", "v", "is", "t"))


def rewrite(package: Package, out: Path, cells: Mapping[str, Mapping[Key, CellValue]]) -> None:
    """Write `out`: the workbook with other values in some cells, by sheet; a formula stays, and its stored value changes.

    Raises InputError for an `out` without the ending of the workbook, DataError for a cell that is not in the file.
    """
    parts = {s.part: cells[s.name] for s in package.sheets if cells.get(s.name)}
    with zipfile.ZipFile(package.path) as archive:
        infos = [(info, archive.read(info)) for info in archive.infolist()]
    changed = [(i, _rewritten(d, parts[i.filename]) if i.filename in parts else d) for i, d in infos]
    with (
        replacing(destination(out, package.path.suffix.lower())) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for info, data in changed:
            target.writestr(info, data)


def _rewritten(data: bytes, values: Mapping[Key, CellValue]) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    root = etree.fromstring(data, parser)
    wanted = {f"{get_column_letter(column)}{row}": value for (row, column), value in values.items()}
    for cell in root.iter(CELL):
        if cell.get("r") in wanted:
            _put(cell, wanted.pop(cell.get("r")))
    if wanted:
        raise DataError(f"the cell {next(iter(wanted))} is not in the file")
    tree = root.getroottree()
    written: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=tree.docinfo.standalone)
    return written


def _put(cell: etree._Element, value: CellValue) -> None:
    """Put a value into a cell; the formula and the style stay."""
    for old in (*cell.findall(VALUE), *cell.findall(INLINE)):
        cell.remove(old)
    cell.attrib.pop("t", None)
    if value is None:
        return
    if isinstance(value, str) and cell.find(FORMULA) is None:
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, INLINE), TEXT)
        text.text = unescape(xml_text(cell_text(value)))
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return
    if isinstance(value, bool | str):
        cell.set("t", "b" if isinstance(value, bool) else "e" if value in FILE_ERRORS else "str")
    stored = etree.SubElement(cell, VALUE)
    stored.text = unescape(xml_text(value)) if isinstance(value, str) else number_repr(value)
