"""Cell values as a host hands them over, and back: numbers, words, blanks, errors, ranges.

One meaning everywhere: an argument left out, and a blank cell, take the argument's default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from xl_aicost.catalogue.functions import Argument

ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA")
SHOWN = 40  # characters of a wrong value that a message repeats


@dataclass(frozen=True)
class CellError:
    """An Excel error as a value: it passes through a calculation as itself."""

    code: str
    message: str = ""


class CellProblem(Exception):  # noqa: N818 (a problem of the call, shown as an Excel error)
    """A call that cannot be answered: the Excel error to show, with a message that names argument, value and range."""

    def __init__(self, error: CellError) -> None:
        super().__init__(f"{error.code} {error.message}".strip())
        self.error = error


def numbers_of(value: Any) -> Any:
    """Return rows that hold plain numbers alone as an array, in one step; anything else as it is."""
    if isinstance(value, list | tuple) and value:
        try:
            array = np.array(value)
        except ValueError:  # rows of several lengths
            return value
        if array.dtype.kind in "fi" and array.ndim in (1, 2):
            return np.atleast_2d(array).astype(float, copy=False)
    return value


def block(value: Any) -> Any:
    """Return a value as rows of cells: a single value is one cell, a flat list one row; numbers as an array."""
    value = numbers_of(value)
    if isinstance(value, np.ndarray):
        return np.atleast_2d(value) if value.dtype.kind == "f" else block(value.tolist())
    if not isinstance(value, list | tuple):
        return [[value]]
    if not value or not isinstance(value[0], list | tuple):
        return [list(value)]
    return [list(row) for row in value]


def is_blank(cell: Any) -> bool:
    """Return whether a cell is empty, however a host says so."""
    return cell is None or (isinstance(cell, str) and cell == "")


def read(cell: Any, argument: Argument) -> float | CellError:
    """Return a cell as a number inside the argument's limits, or the error that the result has to show."""
    if isinstance(cell, CellError):
        return cell
    if is_blank(cell):
        return float(argument.default)
    if isinstance(cell, str):
        if cell in ERRORS:
            return CellError(cell)
        return CellError("#VALUE!", f"{argument.name}: {_short(cell)} is text; a number is needed, {_range(argument)}")
    if isinstance(cell, bool | int | float | np.generic):
        number = float(cell)
        if np.isnan(number):
            return CellError("#NUM!", f"{argument.name}: not a number; {_range(argument)} is accepted")
        if not argument.least <= number <= argument.most:
            return CellError("#NUM!", f"{argument.name}: {number:.15g} is out of range; {_range(argument)} is accepted")
        if argument.unit == "choice" and number != int(number):
            return CellError("#NUM!", f"{argument.name}: {number:.15g} is no choice; {argument.meaning}")
        return number
    return CellError("#VALUE!", f"{argument.name}: {type(cell).__name__} is no number; {_range(argument)} is accepted")


def read_text(cell: Any, argument: Argument) -> str | CellError:
    """Return a cell as words, or the error that the result has to show."""
    if isinstance(cell, CellError):
        return cell
    if is_blank(cell):
        return str(argument.default)
    if isinstance(cell, str):
        return CellError(cell) if cell in ERRORS else cell
    return CellError("#VALUE!", f"{argument.name}: {cell!r} is no text; {argument.meaning} is needed")


def error_of(number: float, meaning: str) -> CellError:
    """Return the error that Excel shows where a result is no number; `meaning` says what does not exist."""
    return CellError("#N/A", f"there is none: {meaning}") if np.isnan(number) else CellError("#DIV/0!")


def _range(argument: Argument) -> str:
    return f"{argument.least:,.15g} to {argument.most:,.15g} {argument.unit}".strip()


def _short(text: str) -> str:
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "...")
