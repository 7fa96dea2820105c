"""Parts as Excel spells them: other programs read no more than that, and the schema asks for an order of its own.

>>> in_excels_order('<styleSheet><font><name val="Arial"/><b val="1"/><sz val="10"/></font></styleSheet>')
'<styleSheet><font><b val="1"/><sz val="10"/><name val="Arial"/></font></styleSheet>'
"""

from __future__ import annotations

import re
import uuid

from lxml import etree

from xl_aicost.xlsx.cell_xml import DECLARATION
from xl_aicost.xlsx.xml import local

PREFIXES = {
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing": "xdr",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
}
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"
BARS = re.compile(r'<conditionalFormatting sqref="([^"]*)"><cfRule type="dataBar"[^>]*>.*?</cfRule>')
ENDS = re.compile(r'<cfvo type="num" val="([^"]*)"')
OF_RULE, OF_SHEET = "{B025F937-C7B1-47D3-B67F-A62EFF666E3E}", "{78C0D931-6437-407d-A8EE-F0AAD7539E65}"
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


def with_solid_bars(sheet: str, title: str) -> str:
    """Return the part of a sheet behind its rows, whose bars within cells are solid and start at zero.

    The format of 2007, which openpyxl writes, has a gradient; programs that know the extension of 2010 take that.
    """
    wider: list[str] = []

    def add(match: re.Match[str]) -> str:
        low, high = ENDS.findall(match[0])
        name = f"{{{uuid.uuid5(uuid.NAMESPACE_URL, f'{title}!{match[1]}')}}}".upper()
        ends = "".join(f'<x14:cfvo type="num"><xm:f>{end}</xm:f></x14:cfvo>' for end in (low, high))
        bar = f'<x14:dataBar minLength="0" maxLength="100" gradient="0" axisPosition="none">{ends}</x14:dataBar>'
        rule = f'<x14:cfRule type="dataBar" id="{name}">{bar}</x14:cfRule><xm:sqref>{match[1]}</xm:sqref>'
        wider.append(f'<x14:conditionalFormatting xmlns:xm="{XM}">{rule}</x14:conditionalFormatting>')
        link = f'<extLst><ext xmlns:x14="{X14}" uri="{OF_RULE}"><x14:id>{name}</x14:id></ext></extLst>'
        return match[0].replace("</dataBar>", f"</dataBar>{link}")

    found = BARS.sub(add, sheet)
    if not wider:
        return found
    every = f"<x14:conditionalFormattings>{''.join(wider)}</x14:conditionalFormattings>"
    extension = f'<extLst><ext xmlns:x14="{X14}" uri="{OF_SHEET}">{every}</ext></extLst>'
    return found.replace("</worksheet>", f"{extension}</worksheet>")


def with_prefix(part: str) -> str:
    """Return a drawing or a chart whose elements have the prefixes that Excel writes."""
    source = etree.fromstring(part.encode())
    space = etree.QName(source).namespace
    used = (
        {space}
        | {etree.QName(e).namespace for e in source.iter()}
        | {etree.QName(name).namespace for e in source.iter() for name in e.attrib}
    )
    root = etree.Element(source.tag, source.attrib, {p: n for n, p in PREFIXES.items() if n in used})
    root.extend(source)
    etree.cleanup_namespaces(root, keep_ns_prefixes=list(PREFIXES.values()))
    return DECLARATION + str(etree.tostring(root, encoding=str))
