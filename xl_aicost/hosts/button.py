"""A button on the first sheet of xlwings' own workbook, which has the macro but nothing to click."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

SHEET, DRAWING = "xl/worksheets/sheet1.xml", "xl/drawings/drawing1.xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
DRAWN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
EPOCH = (1980, 1, 1, 0, 0, 0)  # of the parts that xlwings' workbook has
CONTENT = "application/vnd.openxmlformats-officedocument.drawing+xml"
MACRO = "[0]!SampleCall"  # of xlwings' workbook: RunPython "import aicost_functions; aicost_functions.main()"
SHAPE = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" \
xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:from><xdr:col>0</xdr:col>\
<xdr:colOff>95250</xdr:colOff><xdr:row>0</xdr:row><xdr:rowOff>95250</xdr:rowOff></xdr:from><xdr:to><xdr:col>3</xdr:col>\
<xdr:colOff>0</xdr:colOff><xdr:row>3</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:sp macro="{MACRO}" textlink="">\
<xdr:nvSpPr><xdr:cNvPr id="2" name="Refresh model" descr="Button: writes the model anew with your typed inputs and reads \
the results back"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="95250" y="95250"/><a:ext cx="2514600" \
cy="495300"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="1F3864"/>\
</a:solidFill><a:ln><a:noFill/></a:ln></xdr:spPr><xdr:txBody><a:bodyPr anchor="ctr"/><a:lstStyle/><a:p>\
<a:pPr algn="ctr"/><a:r><a:rPr lang="en-US" sz="1100" b="1"><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>\
</a:rPr><a:t>Refresh model and read back</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/></xdr:twoCellAnchor>\
</xdr:wsDr>"""
RELATION = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{DRAWN}" Target="../drawings/drawing1.xml"/></Relationships>"""


def with_button(workbook: Path) -> bytes:
    """Return xlwings' workbook with a button that runs its macro."""
    out = io.BytesIO()
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == SHEET:
                data = data.replace(b"</worksheet>", b'<drawing r:id="rId1"/></worksheet>')
            elif info.filename == "[Content_Types].xml":
                entry = f'<Override PartName="/{DRAWING}" ContentType="{CONTENT}"/></Types>'
                data = data.replace(b"</Types>", entry.encode())
            target.writestr(info, data)
        for name, text in (("xl/worksheets/_rels/sheet1.xml.rels", RELATION), (DRAWING, SHAPE)):
            added = zipfile.ZipInfo(name, EPOCH)
            added.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(added, text)
    return out.getvalue()
