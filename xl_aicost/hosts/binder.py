"""Turn the catalogue into functions that xlwings registers, for classic xlwings, Server and Lite.

A host module keeps the functions under their Excel names: `globals().update(server_functions())`.
"""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import chain
from types import ModuleType
from typing import TYPE_CHECKING, Literal

import numpy as np

from xl_aicost.catalogue.functions import CATALOGUE, Function
from xl_aicost.catalogue.units import Measured, format_with_unit
from xl_aicost.hosts.calls import answer_rows
from xl_aicost.hosts.cells import CellError, CellProblem, Rows, block
from xl_aicost.hosts.choices import choices
from xl_aicost.hosts.vba import return_errors
from xl_aicost.support.excel_errors import EXCEL_ERRORS, error_of_com
from xl_aicost.support.parallel import threads as thread_pool

if TYPE_CHECKING:
    from xlwings.conversion import Accessor, ConversionContext, Options, Pipeline

Cells = Callable[[object], object]
Bound = Callable[..., object]

DOC_LIMIT = 255  # characters that the function wizard shows
CATEGORY = "AI cost"
HELP_PAGE = "XL_AICOST_HELP_PAGE"  # variable of the environment: address of the page that explains the functions
LONG = frozenset({"AI_SIMULATE", "AI_TORNADO"})  # they take seconds; all others take milliseconds
LONG_AT_ONCE = 2
FORMATTED = 10_000  # cells: formats make a reply six times as long, so a larger result comes without
PLAIN = {float, str}  # cells that are written as they are
DATA_TYPES = 1.4  # version of CustomFunctionsRuntime that takes errors and number formats


@dataclass(frozen=True)
class HostResult:
    """The result of a function, before it is written for a version of Office.js; unit "" where cells have their own."""

    rows: Rows
    unit: str


def server_functions(threads: bool = False) -> dict[str, Bound]:
    """Return the functions for xlwings Server and Lite.

    With `threads` each call has one, so that others are answered meanwhile, and long functions share a few of
    their own. In Lite there are no threads.
    """
    _register_engine()
    long_pool = thread_pool(LONG_AT_ONCE) if threads else None
    return {f.name: _server_function(f, threads, long_pool) for f in CATALOGUE.values()}


def _register_engine() -> None:
    """Make up for an xlwings that was imported before its licence key was set: it left out what writes results."""
    import xlwings
    from xlwings.pro import _xlofficejs

    if "officejs" not in [engine.name for engine in xlwings.engines]:
        xlwings.engines.add(xlwings.Engine(impl=_xlofficejs.engine))


def _server_function(function: Function, threads: bool, long_pool: Executor | None) -> Bound:
    from xlwings import server  # what `xlwings` itself offers depends on the environment in which it was imported

    pool = long_pool if function.name in LONG else None

    def at_once(*arguments: object) -> object:
        return answer_office(function, *arguments)

    async def in_a_thread(*arguments: object) -> object:
        return await asyncio.get_running_loop().run_in_executor(pool, at_once, *arguments)

    call: Bound = in_a_thread if threads else at_once
    call.__annotations__ = _drop_downs(function)
    page = os.environ.get(HELP_PAGE)
    registered = server.func(cache=True, help_url=page and f"{page}#{function.name}")
    return registered(_described(call, function, server, _office_writer()))


def _drop_downs(function: Function) -> dict[str, object]:
    """Return type hints from which xlwings makes the list that Excel shows as one types an argument."""
    words = {a.name: choices(function, a) for a in function.arguments}
    return {name: Literal[listed] for name, listed in words.items() if listed}


def desktop_functions(module: str) -> dict[str, Bound]:
    """Return the functions for classic xlwings; `module` is the name of the file that keeps them."""
    return_errors(module)
    return {f.name: _desktop_function(f, module) for f in CATALOGUE.values()}


def _desktop_function(function: Function, module: str) -> Bound:
    import xlwings

    def call(*arguments: object) -> object:
        return answer_com(function, *arguments)

    call.__module__ = module
    registered = xlwings.func(category=CATEGORY)
    return registered(_described(call, function, xlwings, "raw"))


def _described(call: Bound, function: Function, decorators: ModuleType, written: type[Accessor] | str) -> Bound:
    """Give a function its name, its signature and the wizard's texts; xlwings reads them from it."""
    call.__name__ = call.__qualname__ = function.name
    call.__doc__ = function.wizard[:DOC_LIMIT]
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(a.name, kind, default=None) for a in function.arguments]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    bound: Bound = decorators.ret(written)(call)
    for a in function.arguments:
        bound = decorators.arg(a.name, "raw", doc=a.help[:DOC_LIMIT])(bound)
    return bound


def _each_cell(value: object, read: Cells) -> object:
    """Apply a reading of cells to a cell or to each cell of a range; an array of numbers needs none."""
    cells = block(value)
    return cells if isinstance(cells, np.ndarray) else [[read(cell) for cell in row] for row in cells]


def _office_cell(value: object) -> object:
    """Read a cell as Office.js sends it: errors and formatted numbers are objects."""
    if not isinstance(value, dict):
        return value
    basic = value.get("basicValue", "")
    return CellError(str(basic) or "#VALUE!") if value.get("type") == "Error" else basic


def answer_office(function: Function, *arguments: object) -> HostResult:
    """Answer for Office.js: a problem with a message is shown as #VALUE! with that message."""
    import xlwings

    try:
        rows = answer_rows(function.name, *(_each_cell(a, _office_cell) for a in arguments))
    except CellProblem as problem:
        if problem.error.message:
            raise xlwings.XlwingsError(str(problem)) from None
        rows = [[problem.error]]
    return HostResult(rows, function.unit)


def _office_writer() -> type[Accessor]:
    """Return what xlwings asks to write a result; only there the version of Office.js is known."""
    from xlwings.conversion import Accessor, Pipeline

    class ResultAccessor(Accessor):
        @classmethod
        def writer(cls, options: Options) -> Pipeline:
            data_types = float(options["runtime"]) >= DATA_TYPES

            def write(context: ConversionContext) -> None:
                context.value = office_rows(context.value, data_types)

            return Pipeline([write])

    return ResultAccessor


def office_rows(result: HostResult, data_types: bool) -> Rows:
    """Return a result as Office.js takes it: errors and numbers with a format are objects, or text and numbers."""
    formats = data_types and len(result.rows) * len(result.rows[0]) <= FORMATTED
    if not formats and set(map(type, chain.from_iterable(result.rows))) <= PLAIN:
        return result.rows

    def written(cell: object) -> object:
        if isinstance(cell, CellError):
            return {"type": "Error", "errorType": EXCEL_ERRORS[cell.code].office} if data_types else cell.code
        unit = cell.unit if isinstance(cell, Measured) else result.unit
        if formats and unit and isinstance(cell, float):
            return {"type": "FormattedNumber", "basicValue": float(cell), "numberFormat": format_with_unit(unit)}
        return float(cell) if isinstance(cell, Measured) else cell

    return [[written(cell) for cell in row] for row in result.rows]


def _com_cell(value: object) -> object:
    """Read a cell as Excel's object model hands it over: errors are numbers."""
    code = error_of_com(value) if isinstance(value, int | float) else None
    return value if code is None else CellError(code)


def _com_argument(value: object) -> object:
    """Read an argument; where a number may be an error, each cell is checked."""
    cells = block(value)
    if isinstance(cells, np.ndarray) and cells.min() > -2e9:
        return cells
    return [[_com_cell(cell) for cell in row] for row in (cells.tolist() if isinstance(cells, np.ndarray) else cells)]


def answer_com(function: Function, *arguments: object) -> Rows:
    """Answer for the object model. An error is its code as text, with its message; our VBA makes it an Excel error."""
    try:
        rows = answer_rows(function.name, *map(_com_argument, arguments))
    except CellProblem as problem:
        return [[str(problem)]]
    return [[_to_com(cell) for cell in row] for row in rows]


def _to_com(cell: object) -> object:
    if isinstance(cell, CellError):
        return cell.code
    return float(cell) if isinstance(cell, float) else cell
