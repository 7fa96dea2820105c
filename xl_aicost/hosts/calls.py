"""Answer a call: arguments as cells, broadcast as Excel does, one result a cell."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from xl_aicost.catalogue.functions import CATALOGUE, Argument, Function
from xl_aicost.errors import AicostError, UnknownNameError
from xl_aicost.hosts.cells import CellError, CellProblem, Numbers, Rows, block, error_of, read, read_text
from xl_aicost.support.memory import no_collecting

Errors: TypeAlias = dict[tuple[int, int], CellError]  # by row and column


def answer(name: str, *arguments: object) -> object:
    """Return the result of a function: one cell, or a list of rows for a range or a table.

    An argument is a single value, a flat list (a row) or rows of cells; None and "" take the default.
    Results hold floats, text and CellError. Raises CellProblem where the one result is an error,
    UnknownNameError for a function that is not in the catalogue.

    >>> answer("AI_GPU_CAPEX", 2)
    60000.0
    >>> answer("AI_GPU_CAPEX", [[1], ["x"]])[1][0].code
    '#VALUE!'
    """
    rows = answer_rows(name, *arguments)
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


def answer_rows(name: str, *arguments: object) -> Rows:
    """Return what `answer` does, always as rows."""
    if name.upper() not in CATALOGUE:
        raise UnknownNameError("function", name, CATALOGUE)
    function = CATALOGUE[name.upper()]
    if len(arguments) > len(function.arguments):
        most = len(function.arguments)
        raise CellProblem(CellError("#VALUE!", f"{function.name} takes {most} arguments, not {len(arguments)}"))
    blocks = [block(a) for a in [*arguments, *[None] * (len(function.arguments) - len(arguments))]]
    if function.takes_chip:
        *blocks, chip = blocks
        function = _on_chip(function, chip)
    return _from_table(function, blocks) if function.table else _from_line(function, blocks)


def _on_chip(function: Function, cells: Rows | Numbers) -> Function:
    """Return a function with the values of the chip in a cell."""
    argument = function.arguments[-1]
    chip = read_text(_single(cells, argument.name), argument)
    if isinstance(chip, CellError):
        raise CellProblem(chip)
    try:
        return function.on(chip)
    except UnknownNameError as error:
        raise CellProblem(CellError("#N/A", str(error))) from None


def _single(cells: Rows | Numbers, argument: str) -> object:
    if len(cells) != 1 or len(cells[0]) != 1:
        shape = f"{len(cells)} x {len(cells[0])}"
        raise CellProblem(CellError("#VALUE!", f"{argument}: one cell is needed, not a range of {shape}"))
    return cells[0][0]


def _from_table(function: Function, blocks: list[Rows | Numbers]) -> Rows:
    values = []
    for argument, cells in zip(function.arguments, blocks, strict=True):
        cell = _single(cells, argument.name)
        value = read_text(cell, argument) if argument.text else read(cell, argument)
        if isinstance(value, CellError):
            raise CellProblem(value)
        values.append(value)
    assert function.table is not None
    try:
        rows = function.table(*values)
    except AicostError as error:
        raise CellProblem(CellError("#N/A", str(error))) from None
    return [[_or_error(cell, function.help) for cell in row] for row in rows]


def _or_error(cell: object, meaning: str) -> object:
    return error_of(cell, meaning) if isinstance(cell, float) and not np.isfinite(cell) else cell


def _from_line(function: Function, blocks: list[Rows | Numbers]) -> Rows:
    for argument, cells in zip(function.arguments, blocks, strict=True):
        if function.spills or argument.name == "years":
            _single(cells, argument.name)
    height, width = max(map(len, blocks)), max(len(cells[0]) for cells in blocks)
    errors: Errors = {}
    values = []
    for argument, cells in zip(function.arguments, blocks, strict=True):
        numbers, wrong = _read_block(cells, argument)
        values.append(_spread(numbers, wrong, height, width, float(argument.default), errors))
    if function.spills and errors:
        raise CellProblem(next(iter(errors.values())))
    results = np.asarray(function.evaluate(values), float)
    if function.spills:
        results, height, width = results.reshape(-1, 1), results.size, 1
    return _with_errors(np.broadcast_to(results, (height, width)), errors, function.help)


def _with_errors(results: Numbers, errors: Errors, meaning: str) -> Rows:
    """Return results as rows, errors in their cells; `meaning` says what a result is that does not exist."""
    for r, c in np.argwhere(~np.isfinite(results)).tolist():
        errors.setdefault((r, c), error_of(results[r, c], meaning))
    if errors and results.size == 1:
        raise CellProblem(errors[0, 0])
    rows = _rows(results)
    for (r, c), error in errors.items():
        rows[r][c] = error
    return rows


def _rows(array: Numbers) -> Rows:
    """Return an array as rows of cells. Garbage collection pauses while the lists are built."""
    with no_collecting():
        rows: Rows = array.tolist()
        return rows


def _read_block(cells: Rows | Numbers, argument: Argument) -> tuple[Numbers, Errors]:
    """Return a block's numbers, and the errors of the cells that are none; an array is checked at once."""
    if isinstance(cells, np.ndarray):
        inside = (cells >= argument.least) & (cells <= argument.most)
        if np.all(inside) and argument.unit != "choice":
            return cells, {}
        cells = _rows(cells)
    numbers = np.full((len(cells), max(map(len, cells))), float(argument.default))
    errors: Errors = {}
    for r, row in enumerate(cells):
        for c, cell in enumerate(row):
            value = read(cell, argument)
            if isinstance(value, CellError):
                errors[r, c] = value
            else:
                numbers[r, c] = value
    return numbers, errors


def _spread(
    numbers: Numbers, wrong: Errors, height: int, width: int, default: float, errors: Errors
) -> Numbers | float:
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
