"""What the formulas of a saved workbook come to, by IronCalc."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ironcalc
from openpyxl import Workbook


def calculate(wb: Workbook, path: Path) -> dict[str, dict[tuple[int, int], Any]]:
    """Return the value of each formula of the workbook, which must have been saved to `path`."""
    engine = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    engine.evaluate()
    return {
        ws.title: {
            (cell.row, cell.column): engine.get_cell_value(index, cell.row, cell.column)
            for row in ws.iter_rows()
            for cell in row
            if cell.data_type == "f"
        }
        for index, ws in enumerate(wb.worksheets)
    }
