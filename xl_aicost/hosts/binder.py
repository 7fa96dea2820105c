"""Turn the catalogue into functions that xlwings registers, for classic xlwings, Server and Lite alike.

A host module keeps the functions under their Excel names: `globals().update(server_functions())`.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from xl_aicost.catalogue.functions import CATALOGUE, Function
from xl_aicost.hosts.calls import answer
from xl_aicost.hosts.cells import CellError, CellProblem, numbers_of

# what Excel's object model hands over for an error in a cell
COM_ERRORS = {
    -2146826281: "#DIV/0!",
    -2146826246: "#N/A",
    -2146826259: "#NAME?",
    -2146826288: "#NULL!",
    -2146826252: "#NUM!",
    -2146826265: "#REF!",
    -2146826273: "#VALUE!",
}
# how Office.js calls an error that a function returns
OFFICE_ERRORS = {
    "#DIV/0!": "Div0",
    "#N/A": "NotAvailable",
    "#NAME?": "Name",
    "#NULL!": "Null",
    "#NUM!": "Num",
    "#REF!": "Ref",
    "#VALUE!": "Value",
}
DOC_LIMIT = 255  # characters that the function wizard shows
CATEGORY = "AI cost"


def server_functions(threads: bool = False) -> dict[str, Callable[..., Any]]:
    """Return the functions for xlwings Server and Lite; xlwings must have been told that it is there.

    With `threads` each call has one, so that others are answered meanwhile; in Lite there are none.
    """
    return {f.name: _bind(f, _ask_office, {"cache": True}, threads) for f in CATALOGUE.values()}


def desktop_functions(module: str) -> dict[str, Callable[..., Any]]:
    """Return the functions for classic xlwings; `module` is the name of the file that keeps them."""
    found = {f.name: _bind(f, _ask_com, {"category": CATEGORY}) for f in CATALOGUE.values()}
    for function in found.values():
        function.__module__ = module
    return found


def _bind(
    function: Function, ask: Callable[..., Any], options: dict[str, Any], threads: bool = False
) -> Callable[..., Any]:
    import xlwings

    def at_once(*arguments: Any) -> Any:
        return ask(function.name, *arguments)

    async def in_a_thread(*arguments: Any) -> Any:
        return await asyncio.to_thread(at_once, *arguments)

    call: Callable[..., Any] = in_a_thread if threads else at_once
    call.__name__ = call.__qualname__ = function.name
    call.__doc__ = function.wizard[:DOC_LIMIT]
    call.__annotations__ = {}
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(a.name, kind, default=None) for a in function.arguments]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    bound: Callable[..., Any] = xlwings.ret("raw")(call)
    for a in function.arguments:
        bound = xlwings.arg(a.name, "raw", doc=a.help[:DOC_LIMIT])(bound)
    result: Callable[..., Any] = xlwings.func(**options)(bound)  # last: the others reset its options
    return result


def _map(value: Any, cell: Callable[[Any], Any]) -> Any:
    """Apply a reading of cells to one cell or to rows of cells; numbers need none."""
    value = numbers_of(value)
    if isinstance(value, list | tuple):
        rows = [value] if value and not isinstance(value[0], list | tuple) else value
        return [[cell(c) for c in row] for row in rows]
    return value if isinstance(value, np.ndarray) else cell(value)


def _office_cell(value: Any) -> Any:
    """Read a cell as Office.js sends it: errors and formatted numbers are objects."""
    if not isinstance(value, dict):
        return value
    basic = value.get("basicValue", "")
    return CellError(str(basic) or "#VALUE!") if value.get("type") == "Error" else basic


def _office_error(error: CellError) -> dict[str, str]:
    return {"type": "Error", "errorType": OFFICE_ERRORS[error.code]}


def _ask_office(name: str, *arguments: Any) -> Any:
    """Answer for Office.js: rows of cells; a problem with a message is shown as #VALUE! with that message."""
    import xlwings

    try:
        found = answer(name, *(_map(a, _office_cell) for a in arguments), shown=_office_error)
    except CellProblem as problem:
        if problem.error.message:
            raise xlwings.XlwingsError(str(problem)) from None
        found = _office_error(problem.error)
    return found if isinstance(found, list) else [[found]]


def _com_cell(value: Any) -> Any:
    """Read a cell as Excel's object model hands it over: errors are numbers."""
    return CellError(COM_ERRORS[value]) if type(value) in (int, float) and value in COM_ERRORS else value


def _com_argument(value: Any) -> Any:
    """Read an argument; errors among numbers make it a matter of cells again."""
    found = _map(value, _com_cell)
    if isinstance(found, np.ndarray) and np.isin(found, list(COM_ERRORS)).any():
        return [[_com_cell(c) for c in row] for row in found.tolist()]
    return found


def _ask_com(name: str, *arguments: Any) -> Any:
    """Answer for the object model, which can return no error: its code stands in the cell as text."""
    try:
        found = answer(name, *map(_com_argument, arguments), shown=lambda error: error.code)
    except CellProblem as problem:
        found = str(problem)
    return found if isinstance(found, list) else [[found]]
