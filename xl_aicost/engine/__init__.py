"""What the formulas of our workbooks come to, by numpy, for one case or for many at once."""

from xl_aicost.engine.sheets import Calculation
from xl_aicost.engine.values import UnknownFormulaError, is_error

__all__ = ["Calculation", "UnknownFormulaError", "is_error"]
