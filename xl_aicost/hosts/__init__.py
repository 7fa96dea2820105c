"""What all spreadsheet hosts share: cell values in, cell values and Excel errors out."""

from xl_aicost.hosts.calls import answer
from xl_aicost.hosts.cells import CellError, CellProblem

__all__ = ["CellError", "CellProblem", "answer"]
