"""Drift: what is in the file and is not what the builder wrote, cell by cell, against the workbook built again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from openpyxl.cell.cell import Cell as Built

from xl_aicost.audit.findings import Finding, group
from xl_aicost.review.read import Ours
from xl_aicost.xlsx.package import Cell, Package, Sheet
from xl_aicost.xlsx.references import address, normal

RULE = "GEN-01"
OF_THE_MACHINE = ("values_calculated_by", "file_written_by")  # facts that another machine may have otherwise
RESTORE = "Restore the cell, or build again: see `xl-aicost read`"


def drift(ours: Ours) -> list[Finding]:
    """Return how a workbook of ours differs from what was built, inputs and choices aside."""
    package, wb = ours.package, ours.built.wb
    found = []
    for ws in wb.worksheets:
        sheet = package.sheet(ws.title)
        if sheet is None:
            found.append(Finding("critical", RULE, ws.title, "", "the sheet is missing", "Build again"))
            continue
        found += _cells(ours, ws, sheet)
        found += _settings(ws, sheet)
    known = {ws.title for ws in wb.worksheets}
    for sheet in package.sheets:
        if sheet.name not in known:
            found.append(
                Finding("low", RULE, sheet.name, "", "a sheet that the builder did not write", "Review it by hand")
            )
    found += _workbook(ours)
    return found


def _cells(ours: Ours, ws: Any, sheet: Sheet) -> Iterator[Finding]:
    groups: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    expected: dict[tuple[int, int], Built] = {(c.row, c.column): c for row in ws.iter_rows() for c in row}
    for at, built in expected.items():
        cell = sheet.cells.get(at)
        if ws.title == "Provenance" and ws.cell(at[0], 1).value in OF_THE_MACHINE:
            continue
        severity, problem, kind = "", "", "formulas" if built.data_type == "f" else "values"
        if built.has_style and built.protection.locked is False:
            if cell is not None and cell.formula is not None:
                severity, problem, kind = "high", "a formula stands in an input", "formulas"
        elif problem := _difference(built, cell):
            severity = "critical" if built.data_type == "f" else "high"
            if built.data_type == "s" and cell is not None and cell.formula is None:
                severity = "medium"
        elif cell is not None and built.value is not None:
            look = ours.package.look(cell)
            if not look.locked and ours.package.looks:
                severity, problem, kind = "high", "the cell is no longer locked", "structure"
            elif _form(look.format) != _form(built.number_format):
                severity, kind = "medium", "form"
                problem = f"the number format is {look.format!r} instead of {built.number_format!r}"
        if problem:
            groups[severity, _line(ours, ws, built), problem, kind].append(address(*at))
    for cell in sheet.each():
        at = cell.row, cell.column
        if at not in expected and (cell.formula is not None or cell.value is not None):
            kind = "formulas" if cell.formula is not None else "values"
            groups["medium", "", "a cell that the builder did not write", kind].append(address(*at))
    for (severity, line, problem, kind), cells in groups.items():
        message = f"{line}: {problem}" if line else problem
        yield Finding(severity, RULE, sheet.name, group(cells), message, RESTORE, tuple(cells), kind)


def _difference(built: Built, cell: Cell | None) -> str:
    """Return in words how a cell that is no input differs, or ""."""
    value = built.value
    if built.data_type == "f":
        wanted = str(value)[1:]
        if cell is None or cell.formula is None:
            return (
                f"={wanted} was replaced by {cell.value!r}" if cell and cell.value is not None else f"={wanted} is gone"
            )
        if cell.formula != wanted and normal(cell.formula) != normal(wanted):
            return f"={wanted} became ={cell.formula}"
        return ""
    if cell is not None and cell.formula is not None:
        return f"{value!r} became ={cell.formula}"
    now = cell.value if cell is not None else None
    if value is None:
        return "" if now in (None, "") else f"an empty cell now holds {now!r}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        same = isinstance(now, int | float) and abs(now - value) <= 1e-14 * max(abs(value), abs(now))
        return "" if same else f"{value:.15g} became {now!r}"
    return (
        ""
        if str(now or "").replace("\r\n", "\n").strip() == str(value).strip()
        else f"{str(value)[:40]!r} became {str(now)[:40]!r}"
    )


def _form(text: str) -> str:
    return re.sub(r'\\(.)|"([-+() ])"', lambda m: m[1] or m[2], text).replace("GENERAL", "General").lower()


def _line(ours: Ours, ws: Any, built: Built) -> str:
    layout = ours.built.layout
    if ws.title.startswith("Calc_") and ws.title != "Calc_Sensitivity":
        return str(ws.cell(built.row, layout.id_column).value or "")
    for column in (4, 3, 1, 2) if ws.title == "Inputs" else (3, 1, 2):
        text = ws.cell(built.row, column).value
        if isinstance(text, str) and not text.startswith("=") and len(text) < 60 and built.column != column:
            return text
    return ""


def _settings(ws: Any, sheet: Sheet) -> Iterator[Finding]:
    def finding(severity: str, cell: str, message: str, fix: str) -> Finding:
        return Finding(severity, RULE, sheet.name, cell, message, fix)

    if sheet.state != "visible":
        yield finding("high", "", f"the sheet is {sheet.state}", "Show it")
    hidden = [address(r, 1)[1:] for r in sheet.hidden_rows if not ws.row_dimensions[r].hidden]
    if hidden:
        yield finding("high", f"rows {', '.join(hidden[:5])}", "rows are hidden", "Show them")
    if sheet.hidden_columns:
        yield finding("high", f"columns {sheet.hidden_columns[:5]}", "columns are hidden", "Show them")
    if not sheet.protected:
        yield finding("medium", "", "the sheet is no longer protected", "Review > Protect sheet, without a password")
    present = {
        _validation(v.get("sqref", ""), v.get("type", ""), v.get("formula1", ""), v.get("formula2", ""))
        for v in sheet.validations
    }
    for v in ws.data_validations.dataValidation:
        wanted = _validation(str(v.sqref), v.type, v.formula1 or "", v.formula2 or "")
        if wanted not in present:
            yield finding("medium", str(v.sqref), "its validation is gone or was changed", "Build again")
    yield from _links(ws, sheet, finding)


def _links(ws: Any, sheet: Sheet, finding: Any) -> Iterator[Finding]:
    for row in ws.iter_rows():
        for c in row:
            if c.hyperlink is None:
                continue
            wanted = c.hyperlink.location or c.hyperlink.target or ""
            now = sheet.links.get(c.coordinate, "")
            if now.lstrip("#").replace("'", "").rstrip("/") != wanted.replace("'", "").rstrip("/"):
                yield finding(
                    "low" if not now else "medium",
                    c.coordinate,
                    f"the link goes to {now!r} instead of {wanted!r}",
                    RESTORE,
                )


def _validation(where: str, kind: str | None, first: str, second: str) -> tuple[str, str, str, str]:
    def plain(text: str) -> str:
        try:
            return f"{float(text):.12g}"
        except ValueError:
            return text.replace("$", "").replace(" ", "").replace("'", "").upper()

    return where.replace("$", ""), str(kind), plain(first), "" if kind == "list" else plain(second)


def _workbook(ours: Ours) -> Iterator[Finding]:
    package: Package = ours.package
    for name, defined in ours.built.wb.defined_names.items():
        now = package.names.get(("", name))
        if now is None:
            yield Finding("critical", RULE, "", name, "the name is gone", "Define it again or build again")
        elif not str(defined.attr_text).startswith("_xlfn") and now.replace("'", "") != defined.attr_text.replace(
            "'", ""
        ):
            text = f"the name points at {now} instead of {defined.attr_text}"
            yield Finding("critical", RULE, "", name, text, "Point it back")
    known = {n.lower() for n in ours.built.wb.defined_names}
    for (scope, name), text in package.names.items():
        if not scope and name.lower() not in known and not name.startswith("_xl"):
            yield Finding("low", RULE, "", name, f"a name that the builder did not define: {text[:60]}", "Review it")
    if package.calculation.get("calcMode") == "manual":
        yield Finding("high", RULE, "", "", "calculation is manual", "Formulas > Calculation options > Automatic")
    if package.calculation.get("iterate") in ("1", "true"):
        yield Finding("high", RULE, "", "", "iterative calculation is on, which hides circles", "Switch it off")
