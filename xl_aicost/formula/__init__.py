"""Excel text from numpy code: symbols that record what is done with them, the dialects, the printer, rows over time.

>>> import numpy as np
>>> def network_cost(switches, price):
...     return np.where(switches > 0, switches * price, 0.0)
>>> show(network_cost(name("B2"), name("B3")))
'IF(B2>0,B2*B3,0)'
"""

from xl_aicost.formula.expression import Formula, constant, name, number
from xl_aicost.formula.printer import show, show_lambda, show_steps
from xl_aicost.formula.row import Axis, RowCell

__all__ = ["Axis", "Formula", "RowCell", "constant", "name", "number", "show", "show_lambda", "show_steps"]
