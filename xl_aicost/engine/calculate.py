"""Calculate a workbook with our engine; IronCalc calculates cells that contain or depend on errors.

>>> wb = Workbook()
>>> wb.active["A1"], wb.active["A2"], wb.active["A3"] = "=2*3", "=1/0", "=A2+1"
>>> calculate(wb)
{'Sheet': {(1, 1): 6.0, (2, 1): '#DIV/0!', (3, 1): '#DIV/0!'}}
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from xl_aicost.engine.sheets import Calculation, Values
from xl_aicost.engine.values import UnknownFormulaError, Value
from xl_aicost.errors import AicostError
from xl_aicost.xlsx.cells import Workbook, contents
from xl_aicost.xlsx.save import save


def calculate(wb: Workbook, precomputed: Values | None = None) -> dict[str, dict[tuple[int, int], Value]]:
    """Return the value of each formula, by sheet and by (row, column); `precomputed` holds those that numpy gave.

    Raises AicostError where no engine can calculate the workbook.
    """
    try:
        return Calculation(wb, precomputed=precomputed).by_sheet()
    except UnknownFormulaError:
        return Calculation(wb, fallback=by_ironcalc(wb)).by_sheet()


def by_ironcalc(wb: Workbook) -> dict[str, dict[tuple[int, int], Value]]:
    """Return the value of each formula as IronCalc calculates it. Raises AicostError where it fails."""
    import ironcalc  # it takes a while to load, browsers do not have it, and hardly any workbook needs it

    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "draft.xlsx"
        save(wb, draft, {})
        try:
            engine = ironcalc.load_from_xlsx(str(draft), "en", "UTC", "en")
            engine.evaluate()
            values: dict[str, dict[tuple[int, int], Value]] = {name: {} for name in wb.sheetnames}
            for sheet, key, _, is_formula in contents(wb):
                if is_formula:
                    values[sheet][key] = engine.get_cell_value(wb.sheetnames.index(sheet), *key)
            return values
        except BaseException as error:  # ironcalc's panics are not subclasses of Exception
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            raise AicostError(f"IronCalc could not calculate the workbook: {error}") from error
