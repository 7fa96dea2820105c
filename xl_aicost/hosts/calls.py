"""Answer a call: arguments as cells, broadcast as Excel does, one result a cell."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import numpy as np

from xl_aicost.catalogue.functions import CATALOGUE, Argument, Function
from xl_aicost.errors import AicostError, UnknownNameError
from xl_aicost.hosts.cells import CellError, CellProblem, block, error_of, read, read_text

Cells = list[list[Any]]


def _as_it_is(error: CellError) -> Any:
    return error


def answer(name: str, *arguments: Any, shown: Callable[[CellError], Any] = _as_it_is) -> Any:
    """Return what a function comes to: one cell, or rows of cells for a range or a table.

    An argument is a single value, a flat list (a row) or rows of cells; None and "" take the default.
    Results hold floats, text and CellError, or what `shown` makes of each error in a range. Raises CellProblem
    where the one result is an error, UnknownNameError for a function that is not in the catalogue.
    """
    if name.upper() not in CATALOGUE:
        raise UnknownNameError("function", name, CATALOGUE)
    function = CATALOGUE[name.upper()]
    if len(arguments) > len(function.arguments):
        most = len(function.arguments)
        raise CellProblem(CellError("#VALUE!", f"{function.name} takes {most} arguments, not {len(arguments)}"))
    given = [*arguments, *[None] * (len(function.arguments) - len(arguments))]
    rows = _from_table(function, given) if function.table else _from_line(function, given, shown)
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


def _single(cells: Any, argument: str) -> Any:
    if len(cells) != 1 or len(cells[0]) != 1:
        shape = f"{len(cells)} x {len(cells[0])}"
        raise CellProblem(CellError("#VALUE!", f"{argument}: one cell is needed, not a range of {shape}"))
    return cells.item() if isinstance(cells, np.ndarray) else cells[0][0]


def _from_table(function: Function, given: list[Any]) -> Cells:
    values: list[Any] = []
    for argument, value in zip(function.arguments, given, strict=True):
        cell = _single(block(value), argument.name)
        found = read_text(cell, argument) if argument.text else read(cell, argument)
        if isinstance(found, CellError):
            raise CellProblem(found)
        values.append(found)
    assert function.table is not None
    try:
        return function.table(*values)
    except AicostError as error:
        raise CellProblem(CellError("#N/A", str(error))) from None


def _from_line(function: Function, given: list[Any], shown: Callable[[CellError], Any]) -> Cells:
    blocks = [block(value) for value in given]
    for argument, cells in zip(function.arguments, blocks, strict=True):
        if function.spills or argument.name == "years":
            _single(cells, argument.name)
    height, width = max(map(len, blocks)), max(len(b[0]) for b in blocks)
    errors: dict[tuple[int, int], CellError] = {}
    values = []
    for argument, cells in zip(function.arguments, blocks, strict=True):
        numbers, wrong = _read_block(cells, argument)
        values.append(_reach(numbers, wrong, height, width, float(argument.default), errors))
    if function.spills and errors:
        raise CellProblem(next(iter(errors.values())))
    results = np.asarray(function.evaluate(values), float)
    if function.spills:
        results, height, width = results.reshape(-1, 1), results.size, 1
    shaped = np.broadcast_to(results, (height, width))
    rows = _rows(shaped)
    for r, c in np.argwhere(~np.isfinite(shaped)).tolist():
        errors.setdefault((r, c), error_of(shaped[r, c], function.help))
    if errors and height == width == 1:
        raise CellProblem(errors[0, 0])
    for (r, c), error in errors.items():
        rows[r][c] = shown(error)
    return rows


def _rows(array: Any) -> Cells:
    """Return an array as rows of cells. The collector rests: it would walk the new lists over and over."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        rows: Cells = array.tolist()
        return rows
    finally:
        if collecting:
            gc.enable()


def _read_block(cells: Any, argument: Argument) -> tuple[Any, dict[tuple[int, int], CellError]]:
    """Return a block's numbers, and the errors of the cells that are none; plain numbers are read at once."""
    if isinstance(cells, np.ndarray):
        inside = (cells >= argument.least) & (cells <= argument.most)
        if np.all(inside) and argument.unit != "choice":
            return cells, {}
        cells = cells.tolist()
    width = max(map(len, cells))
    numbers, wrong = np.full((len(cells), width), float(argument.default)), {}
    for r, row in enumerate(cells):
        for c, cell in enumerate(row):
            found = read(cell, argument)
            if isinstance(found, CellError):
                wrong[r, c] = found
            else:
                numbers[r, c] = found
    return numbers, wrong


def _reach(
    numbers: Any,
    wrong: dict[tuple[int, int], CellError],
    height: int,
    width: int,
    default: float,
    errors: dict[tuple[int, int], CellError],
) -> Any:
    """Spread a block over the result's shape, and its errors with it; what it does not reach is #N/A, as in Excel.

    One number stays one number: the model is quicker on it, and `years` has to be one.
    """
    h, w = numbers.shape
    rows, columns = range(height), range(width)
    for (r, c), error in wrong.items():
        for at in ((i, j) for i in (rows if h == 1 else [r]) for j in (columns if w == 1 else [c])):
            errors.setdefault(at, error)
    if 1 < h < height or 1 < w < width:
        for at in ((i, j) for i in rows for j in columns if 1 < h <= i or 1 < w <= j):
            errors.setdefault(at, CellError("#N/A"))
    if h == w == 1:
        return float(numbers[0, 0])
    padding = ((0, height - h if h > 1 else 0), (0, width - w if w > 1 else 0))
    return np.broadcast_to(np.pad(numbers, padding, constant_values=default), (height, width))
