"""Drift: what is in the file and is not what the builder wrote, cell by cell, against the workbook built again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from openpyxl.cell.cell import Cell as BuiltCell
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.audit.findings import Finding, group
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.support.numbers import same
from xl_aicost.xlsx.package import Package
from xl_aicost.xlsx.references import address, normal
from xl_aicost.xlsx.sheet import Cell, Sheet

RULE = "GEN-01"
OF_THE_MACHINE = ("values_calculated_by", "file_written_by")  # facts that another machine may have otherwise
RESTORE = "Restore the cell, or build again: see `xl-aicost read`"


def drift(workbook: ReturnedWorkbook) -> list[Finding]:
    """Return how a workbook of ours differs from what was built, inputs and choices aside.

    Of a sheet that was not read to its end, what was read is compared.
    """
    package, built = workbook.package, workbook.built.wb
    findings = []
    for ws in built.worksheets:
        sheet = package.sheet(ws.title)
        if sheet is None:
            findings.append(Finding("critical", RULE, ws.title, "", "the sheet is missing", "Build again"))
        else:
            findings += _cells(workbook, ws, sheet)
            findings += _settings(ws, sheet)
    titles = {ws.title for ws in built.worksheets}
    for sheet in package.sheets:
        if sheet.name not in titles:
            text = "a sheet that the builder did not write"
            findings.append(Finding("low", RULE, sheet.name, "", text, "Review it by hand"))
    return [*findings, *_workbook(workbook)]


def _cells(workbook: ReturnedWorkbook, ws: Worksheet, sheet: Sheet) -> Iterator[Finding]:
    groups: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    scales = _scales(ws)
    for at, built in ws._cells.items():
        if ws.title == "Provenance" and _built_value(ws, at[0], 1) in OF_THE_MACHINE:
            continue
        if sheet.read_to is not None and at[0] > sheet.read_to:
            continue
        severity, problem, kind = _problem(workbook.package, built, sheet.cells.get(at), scales.get(at[0], 0.0))
        if problem:
            groups[severity, _line(workbook, ws, built), problem, kind].append(address(*at))
    last_row, last_column = ws.max_row, ws.max_column
    for at, cell in sheet.cells.items():
        if at not in ws._cells and (cell.formula is not None or cell.value is not None):
            severity = "high" if at[0] <= last_row and at[1] <= last_column else "medium"
            kind = "formulas" if cell.formula is not None else "values"
            groups[severity, "", "a cell that the builder did not write", kind].append(address(*at))
    for (severity, line, problem, kind), cells in groups.items():
        message = f"{line}: {problem}" if line else problem
        yield Finding(severity, RULE, sheet.name, group(cells), message, RESTORE, tuple(cells), kind)


def _built_value(ws: Worksheet, row: int, column: int) -> object:
    """Return what stands in a cell; openpyxl's own way makes a cell where there is none."""
    cell = ws._cells.get((row, column))
    return None if cell is None else cell.value


def _scales(ws: Worksheet) -> dict[int, float]:
    """Return the largest number of each row: one that is computed when a workbook is built stands beside what it is made of."""
    scales: dict[int, float] = defaultdict(float)
    for (row, _), cell in ws._cells.items():
        if isinstance(cell.value, int | float):
            scales[row] = max(scales[row], abs(cell.value))
    return scales


def _problem(package: Package, built: BuiltCell, cell: Cell | None, scale: float) -> tuple[str, str, str]:
    """Return severity, problem and kind of what differs at a cell; no problem is ""."""
    kind = "formulas" if built.data_type == "f" else "values"
    if built.has_style and built.protection.locked is False:
        formula = cell is not None and cell.formula is not None
        return "high", "a formula stands in an input" if formula else "", "formulas"
    if problem := _difference(built, cell, scale):
        if built.data_type == "s" and cell is not None and cell.formula is None:
            return "medium", problem, kind
        return "critical" if kind == "formulas" else "high", problem, kind
    if cell is None or built.value is None:
        return "", "", kind
    style = package.style(cell)
    if not style.locked and package.styles:
        return "high", "the cell is no longer locked", "structure"
    if _plain_format(style.number_format) != _plain_format(built.number_format):
        return "medium", f"the number format is {style.number_format!r} instead of {built.number_format!r}", "format"
    return "", "", kind


def _difference(built: BuiltCell, cell: Cell | None, scale: float) -> str:
    """Return in words how a cell that is no input differs, or ""."""
    value, now = built.value, cell.value if cell is not None else None
    if built.data_type == "f":
        formula = str(value)[1:]
        if cell is None or cell.formula is None:
            return f"={formula} is gone" if now is None else f"={formula} was replaced by {now!r}"
        alike = cell.formula == formula or normal(cell.formula) == normal(formula)
        return "" if alike else f"={formula} became ={cell.formula}"
    if cell is not None and cell.formula is not None:
        return f"{value!r} became ={cell.formula}"
    if value is None:
        return "" if now in (None, "") else f"an empty cell now holds {now!r}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "" if same(value, now, scale=scale) else f"{value:.15g} became {now!r}"
    alike = str(now or "").replace("\r\n", "\n").strip() == str(value).strip()
    return "" if alike else f"{str(value)[:40]!r} became {str(now)[:40]!r}"


def _plain_format(number_format: str) -> str:
    """Return a number format as programs agree on it: without needless escapes and quotes."""
    text = re.sub(r'\\(.)|"([-+() ])"', lambda m: m[1] or m[2], number_format)
    return text.replace("GENERAL", "General").lower()


def _line(workbook: ReturnedWorkbook, ws: Worksheet, built: BuiltCell) -> str:
    if ws.title.startswith("Calc_") and ws.title != "Calc_Sensitivity":
        return str(_built_value(ws, built.row, workbook.built.layout.id_column) or "")
    for column in (4, 3, 1, 2) if ws.title == "Inputs" else (3, 1, 2):
        text = _built_value(ws, built.row, column)
        if isinstance(text, str) and not text.startswith("=") and len(text) < 60 and built.column != column:
            return text
    return ""


def _settings(ws: Worksheet, sheet: Sheet) -> Iterator[Finding]:
    def finding(severity: str, cell: str, message: str, fix: str) -> Finding:
        return Finding(severity, RULE, sheet.name, cell, message, fix)

    if sheet.state != "visible":
        yield finding("high", "", f"the sheet is {sheet.state}", "Show it")
    hidden = [str(r) for r in sheet.hidden_rows if not ws.row_dimensions[r].hidden]
    if hidden:
        yield finding("high", f"rows {', '.join(hidden[:5])}", "rows are hidden", "Show them")
    if sheet.hidden_columns:
        yield finding("high", f"columns {sheet.hidden_columns[:5]}", "columns are hidden", "Show them")
    if sheet.read_to is not None:
        return  # the settings below stand behind the cells
    if not sheet.protected:
        yield finding("medium", "", "the sheet is no longer protected", "Review > Protect sheet, without a password")
    parts = ("sqref", "type", "formula1", "formula2")
    present = {_validation(*(v.get(part, "") for part in parts)) for v in sheet.validations}
    for v in ws.data_validations.dataValidation:
        if _validation(str(v.sqref), v.type, v.formula1 or "", v.formula2 or "") not in present:
            yield finding("medium", str(v.sqref), "its validation is gone or was changed", "Build again")
    for at, now, expected in _changed_links(ws, sheet):
        text = f"the link goes to {now!r} instead of {expected!r}"
        yield finding("medium" if now else "low", at, text, RESTORE)


def _changed_links(ws: Worksheet, sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    """Yield where a link of a cell leads elsewhere: the cell, where it leads now, and where it should."""
    for cell in ws._cells.values():
        link = getattr(cell, "hyperlink", None)  # a merged cell has none
        if link is not None:
            expected, now = link.location or link.target or "", sheet.links.get(cell.coordinate, "")
            if now.lstrip("#").replace("'", "").rstrip("/") != expected.replace("'", "").rstrip("/"):
                yield cell.coordinate, now, expected


def _validation(where: str, kind: str | None, first: str, second: str) -> tuple[str, str, str, str]:
    """Return a validation as programs agree on it."""
    limits = _plain_limit(first), "" if kind == "list" else _plain_limit(second)
    return where.replace("$", ""), str(kind), *limits


def _plain_limit(text: str) -> str:
    try:
        return f"{float(text):.12g}"
    except ValueError:
        return text.replace("$", "").replace(" ", "").replace("'", "").upper()


def _workbook(workbook: ReturnedWorkbook) -> Iterator[Finding]:
    package, names = workbook.package, workbook.built.wb.defined_names
    for name, defined in names.items():
        now, expected = package.names.get(("", name)), str(defined.attr_text)
        if now is None:
            yield Finding("critical", RULE, "", name, "the name is gone", "Define it again or build again")
        elif not expected.startswith("_xlfn") and now.replace("'", "") != expected.replace("'", ""):
            text = f"the name points at {now} instead of {expected}"
            yield Finding("critical", RULE, "", name, text, "Point it back")
    defined_names = {n.lower() for n in names}
    for (scope, name), text in package.names.items():
        if not scope and name.lower() not in defined_names and not name.startswith("_xl"):
            yield Finding("low", RULE, "", name, f"a name that the builder did not define: {text[:60]}", "Review it")
    if package.calculation.get("calcMode") == "manual":
        yield Finding("high", RULE, "", "", "calculation is manual", "Formulas > Calculation options > Automatic")
    if package.calculation.get("iterate") in ("1", "true"):
        yield Finding("high", RULE, "", "", "iterative calculation is on, which hides circles", "Switch it off")
