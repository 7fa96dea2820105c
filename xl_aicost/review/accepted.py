"""Values in cells for inputs that Excel would have refused: pasted, or written by a program that asks no validation."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.audit.findings import Finding
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.support.numbers import number
from xl_aicost.support.values import CellValue
from xl_aicost.xlsx.cells import place
from xl_aicost.xlsx.references import address

RULE = "GEN-01"


def not_accepted(workbook: ReturnedWorkbook) -> Iterator[Finding]:
    """Yield the numbers and choices on Inputs that the validation of their cell, as it was built, does not let in."""
    ws, wrong = workbook.built.wb["Inputs"], {w.cell for w in workbook.wrong_inputs}
    for v in ws.data_validations.dataValidation:
        for at in (at for cells in v.sqref.ranges for row in cells.rows for at in row):
            built, now = ws._cells.get(at), workbook.place("Inputs", *at)
            cell = workbook.package.cell(*now) if now else None
            if now is None or cell is None or cell.value is None or cell.formula is not None:
                continue
            where = address(*now[1:])
            if where in wrong or (built is not None and built.value == cell.value) or _lets_in(ws, v, cell.value):
                continue
            text = f"{number(cell.value)} is typed, and the cell does not take it. {(v.error or '').rstrip('.')}"
            yield Finding("high", RULE, now[0], where, text, "Type a value that the cell takes", (where,), "inputs")


def _lets_in(ws: Worksheet, rule: DataValidation, value: CellValue) -> bool:
    if rule.type == "list":
        offered = _choices(ws, rule.formula1)
        return any(t.startswith("=") for t in offered) or _shown(value) in offered
    if not isinstance(value, int | float) or not float(rule.formula1) <= value <= float(rule.formula2):
        return False
    return rule.type != "whole" or value == round(value)


def _choices(ws: Worksheet, text: str) -> set[str]:
    """Return what a list offers: texts with commas between them, or cells."""
    if text.startswith('"'):
        return {*map(_shown, text.strip('"').split(","))}
    sheet, _, cells = text.replace("$", "").rpartition("!")
    source = ws.parent[sheet] if sheet else ws
    (top, left), (bottom, right) = map(place, cells.split(":"))
    offered = (source._cells.get((r, c)) for r in range(top, bottom + 1) for c in range(left, right + 1))
    return {_shown(c.value) for c in offered if c is not None}


def _shown(value: CellValue) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value).casefold()
