"""What the formulas of a workbook come to: by our own engine, or by IronCalc where a formula is or meets an error."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from xl_aicost.engine import Calculation, UnknownFormulaError
from xl_aicost.errors import AicostError
from xl_aicost.xlsx.save import save

Values = dict[str, dict[tuple[int, int], Any]]


def calculate(wb: Workbook, known: Mapping[str, Mapping[tuple[int, int], Any]] | None = None) -> Values:
    """Return the value of each formula, by sheet and (row, column); `known` holds those that numpy gave already.

    Raises AicostError where no engine can calculate the workbook.
    """
    try:
        return Calculation(wb, known=known).by_sheet()
    except UnknownFormulaError:
        return Calculation(wb, otherwise=by_ironcalc(wb)).by_sheet()


def by_ironcalc(wb: Workbook) -> Values:
    """Return the value of each formula as IronCalc finds it. Raises AicostError where it fails."""
    import ironcalc

    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "draft.xlsx"
        save(wb, draft, {})
        try:
            engine = ironcalc.load_from_xlsx(str(draft), "en", "UTC", "en")
            engine.evaluate()
            return {
                ws.title: {
                    key: engine.get_cell_value(index, *key) for key, cell in ws._cells.items() if cell.data_type == "f"
                }
                for index, ws in enumerate(wb.worksheets)
            }
        except BaseException as error:  # ironcalc's panics are no Exceptions
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            raise AicostError(f"IronCalc could not calculate the workbook: {error}") from error
