"""Calculate one formula of any workbook, with the values that are stored in the cells that it reads."""

from __future__ import annotations

import numpy as np

from xl_aicost.engine.parser import compiled, split_operands
from xl_aicost.engine.values import Argument, Range, UnknownFormulaError, is_error
from xl_aicost.xlsx.formulas import ParsedFormula
from xl_aicost.xlsx.index import LARGE, Grid, WorkbookIndex
from xl_aicost.xlsx.sheet import Cell


def stored_value(book: WorkbookIndex, grid: Grid, formula: str) -> object:
    """Return the value of a formula on a sheet for the stored values, or None if the engine cannot calculate it."""
    try:
        structure, operands = split_operands(formula)
        with np.errstate(all="ignore"):
            result = compiled(structure)([_value(book, grid, o) for o in operands])
    except (UnknownFormulaError, ArithmeticError, LookupError, TypeError, ValueError):
        return None
    return result if not isinstance(result, float) or np.isfinite(result) else None


def _value(book: WorkbookIndex, grid: Grid, operand: str) -> Argument:
    """Return the stored value of an operand. Raises UnknownFormulaError for an error, and for what is not calculated."""
    if operand.startswith('"'):
        return operand[1:-1].replace('""', '"')
    if operand.upper() in ("TRUE", "FALSE"):
        return operand.upper() == "TRUE"
    areas = book.read(ParsedFormula(operand, 1, 1), grid, Cell(1, 1, None, None, 0))
    there = book.grid(areas[0]) if len(areas) == 1 and areas[0].size <= LARGE else None
    if there is None:
        raise UnknownFormulaError(operand)
    _, top, left, bottom, right = areas[0]
    book.spend(areas[0].size)
    cells = [there.cells.get((r, c)) for r in range(top, bottom + 1) for c in range(left, right + 1)]
    values = [None if c is None else c.value for c in cells]
    if any(map(is_error, values)) or any(c is not None and c.formula and c.value is None for c in cells):
        raise UnknownFormulaError(operand)
    return values[0] if areas[0].single else Range(values, right - left + 1)
