"""Cells as a host hands them over, and back: numbers, text, blanks, errors, ranges.

An argument left out, and a blank cell, take the argument's default in every host.
"""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from numbers import Real
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from xl_aicost.catalogue.functions import Argument
from xl_aicost.support.excel_errors import EXCEL_ERRORS

Numbers: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = list[list[object]]
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


def block(value: object) -> Rows | Numbers:
    """Return a value as rows of cells: a single value is one cell, a flat list one row, an empty range a blank cell.

    Rows that hold plain numbers alone are an array, converted in one step.

    >>> block([1, 2])
    array([[1., 2.]])
    >>> block((("x", None),))
    [['x', None]]
    """
    if isinstance(value, np.ndarray):
        if value.dtype.kind in "fiu" and value.ndim <= 2 and value.size:
            return np.atleast_2d(value).astype(float, copy=False)
        value = value.tolist()
    if not isinstance(value, list | tuple):
        return [[value]]
    nested = any(issubclass(kind, list | tuple) for kind in set(map(type, value)))
    rows = [*map(_row, value)] if nested else [list(value)]
    return _numbers(rows) if any(rows) else [[None]]


def _row(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return list(value) if isinstance(value, tuple) else [value]


def _numbers(rows: Rows) -> Rows | Numbers:
    """Return rows of plain numbers as an array, others as they are."""
    width, alike = len(rows[0]), len(set(map(len, rows))) == 1
    if alike and set(map(type, chain.from_iterable(rows))) <= {float, int}:
        with contextlib.suppress(OverflowError):  # an integer beyond a float's range
            return np.fromiter(chain.from_iterable(rows), float, len(rows) * width).reshape(-1, width)
    return rows


def is_blank(cell: object) -> bool:
    """Return whether a cell is empty; some hosts say None, others an empty text."""
    return cell is None or (isinstance(cell, str) and cell == "")


def read(cell: object, argument: Argument) -> float | CellError:
    """Return a cell as a number within the argument's limits, or the error that the result has to show.

    Any kind of number is taken: float, int, Decimal (cells in a currency format), numpy's, true and false.
    """
    if isinstance(cell, CellError):
        return cell
    if is_blank(cell):
        return float(argument.default)
    if isinstance(cell, str):
        if cell in EXCEL_ERRORS:
            return CellError(cell)
        return CellError("#VALUE!", f"{argument.name}: {_short(cell)} is text; a number is needed, {_range(argument)}")
    if isinstance(cell, Real | Decimal | np.bool_):
        return _within(_float(cell), argument)
    return CellError(
        "#VALUE!", f"{argument.name}: {type(cell).__name__} is not a number; {_range(argument)} is accepted"
    )


def _float(number: Real | Decimal | np.bool_) -> float:
    """Return any number as a float; a number beyond a float's range is infinite."""
    try:
        return float(number)
    except OverflowError:
        return math.inf
    except ValueError:  # a signalling NaN of decimal
        return math.nan


def _within(number: float, argument: Argument) -> float | CellError:
    if math.isnan(number):
        return CellError("#NUM!", f"{argument.name}: not a number; {_range(argument)} is accepted")
    if not (math.isfinite(number) and argument.least <= number <= argument.most):
        shown = f"{number:.15g}" if math.isfinite(number) else "a number beyond 1e308"
        return CellError("#NUM!", f"{argument.name}: {shown} is out of range; {_range(argument)} is accepted")
    if argument.unit == "choice" and number != int(number):
        return CellError("#NUM!", f"{argument.name}: {number:.15g} is not one of the choices; {argument.meaning}")
    return number


def read_text(cell: object, argument: Argument) -> str | CellError:
    """Return a cell as text, or the error that the result has to show."""
    if isinstance(cell, CellError):
        return cell
    if is_blank(cell):
        return str(argument.default)
    if isinstance(cell, str):
        return CellError(cell) if cell in EXCEL_ERRORS else cell
    if isinstance(cell, bool | np.bool_):
        return str(bool(cell)).upper()
    if isinstance(cell, Real | Decimal):  # as Excel turns a number into text
        return f"{_float(cell):.15g}"
    return CellError("#VALUE!", f"{argument.name}: {type(cell).__name__} is not text; {argument.meaning} is needed")


def error_of(number: float, meaning: str) -> CellError:
    """Return the error that Excel shows where a result is no number; `meaning` says what does not exist."""
    return CellError("#N/A", f"there is none: {meaning}") if np.isnan(number) else CellError("#DIV/0!")


def _range(argument: Argument) -> str:
    return f"{argument.least:,.16g} to {argument.most:,.16g} {argument.unit}".strip()


def _short(text: str) -> str:
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "...")
