"""Names that a spreadsheet takes for the address of a cell.

>>> is_cell("h100"), is_cell("gpu_count")
(True, False)
"""

import re

CELL = re.compile(r"[a-z]{1,3}\d+|r\d*c?\d*|c\d*", re.IGNORECASE)


def is_cell(name: str) -> bool:
    """Return whether Excel reads a name as the address of a cell, in A1 or R1C1 style."""
    return CELL.fullmatch(name) is not None
