"""Parts as Excel spells them: other programs read no more than that, and the schema asks for an order of its own.

>>> in_excels_order('<styleSheet><font><name val="Arial"/><b val="1"/><sz val="10"/></font></styleSheet>')
'<styleSheet><font><b val="1"/><sz val="10"/><name val="Arial"/></font></styleSheet>'
"""

from __future__ import annotations

from lxml import etree

from xl_aicost.xlsx.cell_xml import DECLARATION
from xl_aicost.xlsx.xml import local

PREFIXES = {
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing": "xdr",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
}
FONT = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color"),
    *("name", "family", "charset", "scheme"),
)


def in_excels_order(styles: str) -> str:
    """Return the styles of a workbook with what a font consists of in the order of the schema."""
    root = etree.fromstring(styles.encode())
    for font in root.iter("{*}font"):
        font[:] = sorted(font, key=lambda e: FONT.index(local(e.tag)))
    text: str = etree.tostring(root, encoding=str)
    return text


def with_prefix(part: str) -> str:
    """Return a drawing or a chart whose elements have the prefixes that Excel writes."""
    source = etree.fromstring(part.encode())
    names = {name for e in source.iter() for name in (e.tag, *e.attrib)}
    used = {name[1:].partition("}")[0] for name in names}
    root = etree.Element(source.tag, source.attrib, {p: n for n, p in PREFIXES.items() if n in used})
    root.extend(source)
    etree.cleanup_namespaces(root, keep_ns_prefixes=list(PREFIXES.values()))
    return DECLARATION + str(etree.tostring(root, encoding=str))
