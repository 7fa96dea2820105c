"""The functions in spreadsheets: one catalogue, bound to each host that can call Python.

Cells come in as a host sends them and go out as it takes them; an argument left out or blank takes its default, and a bad
cell becomes an Excel error in its place. `calls` answers, `binder` serves xlwings (desktop, Server, Lite), `libreoffice`
writes the Calc extension, `serve` and `guard` run the server, `insert` puts the whole model into an open workbook.

>>> from xl_aicost.hosts import answer
>>> answer("AI_GPU_CAPEX", 10_000)
300000000.0
>>> [[getattr(cell, "code", cell) for cell in row] for row in answer("AI_GPU_CAPEX", [[1], ["many"]], 25_000)]
[[25000.0], ['#VALUE!']]
"""

from xl_aicost.hosts.calls import answer
from xl_aicost.hosts.cells import CellError, CellProblem

__all__ = ["CellError", "CellProblem", "answer"]
