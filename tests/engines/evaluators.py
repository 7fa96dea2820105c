"""Independent engines as functions from formulas to values. None shares code with the model."""

import io
import tempfile
from pathlib import Path

import formualizer
import ironcalc
import openpyxl


def by_formualizer(path: Path) -> openpyxl.Workbook:
    """Recalculate a saved workbook and return it with values."""
    result = formualizer.recalculate_xlsx_bytes(path.read_bytes())
    return openpyxl.load_workbook(io.BytesIO(result["bytes"]), data_only=True)


def by_ironcalc(path: Path) -> ironcalc.Model:
    """Recalculate a saved workbook and return IronCalc's model of it."""
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    return model


def sheet_values(cells: dict[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Return what IronCalc and formualizer make of the formulas among some cells of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    for at, value in cells.items():
        sheet[at] = value
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cells.xlsx"
        book.save(path)
        first = by_ironcalc(path)
        second = by_formualizer(path).active
    wanted = [at for at, value in cells.items() if isinstance(value, str) and value.startswith("=")]
    return (
        {at: first.get_cell_value(0, sheet[at].row, sheet[at].column) for at in wanted},
        {at: second[at].value for at in wanted},
    )


def agrees(found: object, expected: float, rel: float = 1e-9) -> bool:
    """Return whether a cell holds a number, or an error where numpy has none."""
    if expected != expected or expected in (float("inf"), float("-inf")):
        return isinstance(found, str) and found.startswith("#")
    return isinstance(found, int | float) and abs(float(found) - expected) <= rel * max(1.0, abs(expected))
