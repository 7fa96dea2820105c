"""What the formulas of a workbook come to, by IronCalc."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import ironcalc
from openpyxl import Workbook

from xl_aicost.errors import AicostError
from xl_aicost.workbook.save import save


def calculate(wb: Workbook) -> dict[str, dict[tuple[int, int], Any]]:
    """Return the value of each formula, by sheet and (row, column). Raises AicostError where IronCalc fails."""
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "draft.xlsx"
        save(wb, draft, {})
        try:
            return _calculated(wb, draft)
        except BaseException as error:  # ironcalc's panics are no Exceptions
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            raise AicostError(f"IronCalc could not calculate the workbook: {error}") from error


def is_error(value: object) -> bool:
    """Return whether a cell's value is an error, of Excel's or of IronCalc's own."""
    return isinstance(value, str) and value.startswith("#") and value.rstrip("!?/A0").isupper()


def _calculated(wb: Workbook, path: Path) -> dict[str, dict[tuple[int, int], Any]]:
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
