"""Calculate the formulas of our workbooks with numpy, for one workbook or for a batch that differs in some constants.

>>> from openpyxl import Workbook
>>> wb = Workbook()
>>> wb.active["A1"], wb.active["A2"] = 4, "=A1^2+1"
>>> Calculation(wb).by_sheet()["Sheet"][2, 1]
17.0
>>> batch = {"Sheet": {(1, 1): [1.0, 2.0, 3.0]}}
>>> Calculation(wb, constants=batch).by_sheet()["Sheet"][2, 1].tolist()
[2.0, 5.0, 10.0]
"""

from xl_aicost.engine.sheets import Calculation
from xl_aicost.engine.values import UnknownFormulaError, is_error

__all__ = ["Calculation", "UnknownFormulaError", "is_error"]
