"""Excel text from numpy code: the expression, the dialects, the printer and rows over time."""

from xl_aicost.formula.expression import Formula, constant, name, number
from xl_aicost.formula.printer import show, show_lambda, show_steps
from xl_aicost.formula.row import Axis, RowCell

__all__ = ["Axis", "Formula", "RowCell", "constant", "name", "number", "show", "show_lambda", "show_steps"]
