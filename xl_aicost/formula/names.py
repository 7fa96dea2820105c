"""Names that a spreadsheet takes for something else."""

import re

CELL = re.compile(r"[a-z]{1,3}\d+|r\d*c?\d*|c\d*", re.IGNORECASE)


def is_cell(name: str) -> bool:
    """Return whether Excel reads a name as the address of a cell, in A1 or R1C1 style."""
    return CELL.fullmatch(name) is not None
