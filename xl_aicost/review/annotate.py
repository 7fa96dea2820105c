"""A copy of a workbook with its findings: a sheet that lists them with links, and the cells tinted."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink

from xl_aicost.audit.findings import SEVERITIES, Finding
from xl_aicost.errors import InputError
from xl_aicost.review.audit import Audit
from xl_aicost.review.heading import head
from xl_aicost.workbook.style import add_styles, finish, fit_height, heads, widths
from xl_aicost.workbook.template import load_template
from xl_aicost.xlsx.cells import put_text
from xl_aicost.xlsx.graft import free_title, graft
from xl_aicost.xlsx.package import open_package

HEADS = ("Severity", "Rule", "Sheet", "Cell", "Finding", "What to do", "Done by")
TOP = 8
TINTS = {"critical": "F4B6B6", "high": "F9D3B0", "medium": "FFF0B8", "low": "E4EED9"}


def annotate(result: Audit, out: Path) -> str:
    """Write `out`: the audited workbook with its findings. Returns the name of the sheet that lists them.

    Everything else is copied byte for byte. Raises DataError for a file that cannot be added to, and InputError for an
    `out` that is the audited file itself or has another ending.
    """
    if out.exists() and out.samefile(result.path):
        raise InputError(f"{out} is the audited file: give the copy a name of its own")
    package = open_package(result.path)
    title = free_title(package, "Audit")
    wb = Workbook()
    add_styles(wb, load_template("cluster").brand)
    ws = wb.active
    ws.title = title
    shown = head(package, ws, "Audit")
    put_text(ws, "A4", f"{result.path.name}: {result.verdict}, {len(result.findings)} findings", "Status")
    put_text(ws, "A5", f"Not checked: {'; '.join(result.not_checked)}", "Note")
    ws.merge_cells("A5:G5")
    ws.row_dimensions[5].height = 26
    heads(ws, HEADS, TOP - 1)
    there = {s.name for s in package.sheets}
    for row, f in enumerate(result.findings, TOP):
        for column, text in zip("ABCDEF", (f.severity, f.rule, f.sheet, f.cell, f.message, f.fix), strict=True):
            put_text(ws, f"{column}{row}", text, "Text")
        if f.sheet in there and _cells(f):
            ws[f"D{row}"].hyperlink = Hyperlink(ref=f"D{row}", location=f"'{f.sheet}'!{_cells(f)[0]}")
            ws[f"D{row}"].style = "Go to"
        fit_height(ws, row, (f.message, 74), (f.fix, 40))
    widths(ws, 11, 10, 22, 18, 70, 38, 16)
    finish(ws, f"1:{TOP - 1}", f"A{TOP}")
    tints: dict[str, dict[str, str]] = defaultdict(dict)
    for f in sorted(result.findings, key=lambda f: -SEVERITIES.index(f.severity)):
        for sheet, _, at in (place.rpartition("!") for place in f.places if f.severity in TINTS):
            if re.fullmatch(r"[A-Z]{1,3}[0-9]+", at):
                tints[sheet][at] = TINTS[f.severity]
    graft(package, out, wb, shown, tints)
    return title


def _cells(finding: Finding) -> tuple[str, ...]:
    single = (finding.cell,) if re.fullmatch(r"[A-Z]{1,3}[0-9]+", finding.cell) else ()
    return finding.cells or single
