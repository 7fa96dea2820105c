"""Random calls of every function along every host's way: no error but those that a cell can show, and the same answers."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import math
import os
import struct
import subprocess
import sys
import tempfile
import types
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from tests.hosts.table import OLD_ERRORS
from xl_aicost.catalogue.functions import CATALOGUE, Argument
from xl_aicost.hosts import CellError, CellProblem, answer
from xl_aicost.hosts.addin import write_excel_desktop
from xl_aicost.support.excel_errors import BY_CVERR, EXCEL_ERRORS
from xl_aicost.support.share import share

CODES = [*BY_CVERR.values()]
TEXTS = (
    "",
    " ",
    "x",
    "12",
    "1,5",
    "=1+1",
    "META",
    "meta ",
    "capex",
    "\x00",
    "\u202e",
    "\U0001f600",
    "é" * 300,
    "A" * 40_000,
)
NUMBERS = (0.0, -0.0, 1.0, -1.0, 0.5, 1e-320, 1e300, -1e300, 2**53 + 1.0, 1e15, True, False, 10**30, Decimal("0.01"))
NUMBERS += (Decimal("99999.9999"), Decimal("-1"))
SLOW = {"AI_SIMULATE", "AI_TORNADO", "AI_EXPLAIN", "AI_CLAIMS", "AI_FUNCTIONS"}


def cell(rng: np.random.Generator, argument: Argument) -> Any:
    """Draw a cell: most fit the argument, the others are what else a sheet may hold."""
    kind = rng.random()
    if kind < 0.6 and not argument.text:
        low, high = max(argument.least, -1e12), min(argument.most, 1e12)
        drawn = float(low + (high - low) * rng.random() ** 4)
        return float(round(drawn)) if argument.unit in ("choice", "GPUs") or rng.random() < 0.2 else drawn
    if kind < 0.7:
        return None if rng.random() < 0.5 else ""
    if kind < 0.75 and not argument.text:
        return float(rng.choice([argument.least, argument.most]))
    if kind < 0.85 or argument.text:
        return str(rng.choice(TEXTS))
    if kind < 0.9:
        return CODES[rng.integers(len(CODES))]
    return NUMBERS[rng.integers(len(NUMBERS))]


def argument_of(rng: np.random.Generator, argument: Argument) -> Any:
    """Draw an argument: a cell, a row, a column or a block."""
    kind = rng.random()
    if kind < 0.75:
        return cell(rng, argument)
    height, width = ((1, int(rng.integers(1, 5))), (int(rng.integers(1, 5)), 1), (2, 3))[rng.integers(3)]
    return [[cell(rng, argument) for _ in range(width)] for _ in range(height)]


def calls(rng: np.random.Generator, count: int) -> Iterator[tuple[str, list[Any]]]:
    """Draw calls, every function as often as the others but those that take long."""
    names = list(CATALOGUE)
    for number in range(count):
        name = names[number % len(names)]
        if name in SLOW and rng.random() < 0.9:
            name = "AI_CLUSTER_CAPEX"
        arguments = CATALOGUE[name].arguments
        many = rng.integers(0, len(arguments) + 1)
        yield name, [argument_of(rng, a) for a in arguments[:many]]


def rows(value: Any) -> Any:
    """Return what a cell or a range shows, errors as their codes."""
    grid = value if isinstance(value, list) else [[value]]
    shown = [[c.code if isinstance(c, CellError) else c for c in row] for row in grid]
    return shown[0][0] if len(shown) == len(shown[0]) == 1 else shown


def plain(name: str, arguments: list[Any]) -> Any:
    """Call as a Python program does."""
    errors = lambda v: [[CellError(c) if c in CODES else c for c in r] for r in v] if isinstance(v, list) else v  # noqa: E731
    try:
        return rows(
            answer(name, *(CellError(a) if isinstance(a, str) and a in CODES else errors(a) for a in arguments))
        )
    except CellProblem as problem:
        return problem.error.code


def by_office() -> Callable[[str, list[Any]], Any]:
    """Return the way of xlwings Server and Lite: JSON as Office.js sends it, xlwings' own code, JSON back."""
    os.environ |= {"XLWINGS_ON_SERVER": "true", "XLWINGS_LICENSE_KEY": "noncommercial"}
    import xlwings.server
    from xlwings import XlwingsError

    from tests.hosts.test_server import received, sent
    from xl_aicost.hosts.binder import server_functions

    module = types.ModuleType("fuzzed")
    vars(module).update(server_functions())

    def ask(name: str, arguments: list[Any]) -> Any:
        given = [
            None if a is None else [[sent(c) for c in r] for r in (a if isinstance(a, list) else [[a]])]
            for a in arguments
        ]
        given += [None] * (len(CATALOGUE[name].arguments) - len(given))
        body = {"client": "Office.js", "func_name": name, "args": given, "caller_address": "[B]S!A1", "version": "any"}
        body |= {"culture_info_name": "en-US", "date_format": "m/d/yyyy", "runtime": "1.4"}
        try:
            found = asyncio.run(xlwings.server.custom_functions_call(json.loads(json.dumps(body)), module))
        except XlwingsError as error:
            return str(error).split(" ", 1)[0]
        return received(json.loads(json.dumps(found, allow_nan=False)))

    return ask


def by_calc() -> Callable[[str, list[Any]], Any]:
    """Return the way of LibreOffice: its add-in's own code over stand-ins for the modules that Calc brings."""
    stand_ins = {n: types.ModuleType(n) for n in ("unohelper", "org", "org.xlaicost")}
    stand_ins["unohelper"].Base = type("Base", (), {})
    stand_ins["unohelper"].ImplementationHelper = lambda: types.SimpleNamespace(addImplementation=lambda *_: None)
    stand_ins["org.xlaicost"].XFunctions = type("XFunctions", (), {})
    with contextlib.ExitStack() as stack:
        stack.callback(lambda: [sys.modules.pop(n, None) for n in stand_ins])
        sys.modules |= stand_ins
        place = share("udfs") / "libreoffice" / "aicost_addin.py"
        spec = importlib.util.spec_from_file_location("fuzzed_addin", place)
        module = importlib.util.module_from_spec(spec)
        before = list(sys.path)
        spec.loader.exec_module(module)
        sys.path[:] = before
    functions = module.Functions(None)
    codes = {number: code for code, number in module.ERRORS.items()}

    def shown(value: Any) -> Any:
        if isinstance(value, float) and math.isnan(value):
            return codes.get(struct.unpack("<Q", struct.pack("<d", value))[0] & 0xFFFFFFFF, "NaN")
        return value

    def ask(name: str, arguments: list[Any]) -> Any:
        number = lambda c: float(c) if isinstance(c, Decimal) else c  # noqa: E731
        given = [tuple(tuple(map(number, r)) for r in a) if isinstance(a, list) else number(a) for a in arguments]
        found = getattr(functions, name)(*given)
        return rows([[shown(c) for c in row] for row in found])

    return ask


def by_desktop(asked: list[tuple[str, list[Any]]], folder: Path) -> list[Any]:
    """Return what classic xlwings' own code returns for each call, in a process that looks like Windows to it."""
    write_excel_desktop(folder / "addin")
    out = folder / "out.json"
    program = Path(__file__).parents[1] / "hosts" / "windows.py"
    table = [(name, arguments, len(CATALOGUE[name].arguments)) for name, arguments in asked]
    paths = f"{folder / 'addin'}:{Path(__file__).parents[2]}"
    run = subprocess.run(
        [sys.executable, str(program), "aicost_functions", str(out)],
        input=json.dumps(table, default=lambda currency: {"currency": str(currency)}),
        cwd=folder / "addin",
        env={"PYTHONPATH": paths, "HOME": str(folder), "MPLCONFIGDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    if run.returncode:
        raise RuntimeError(run.stderr[-1500:])
    code = lambda c: c.split(" ")[0] if isinstance(c, str) and c.split(" ")[0] in EXCEL_ERRORS else c  # noqa: E731
    return [rows([[code(c) for c in row] for row in found]) for found in json.loads(out.read_text())["results"]]


def by_lite(asked: list[tuple[str, list[Any]]]) -> list[Any]:
    """Return what the module for xlwings Lite answers to each call, without threads and processes, as in Pyodide."""
    from tests.hosts.test_lite import answers_of, padded, shown

    return [shown(reply) for reply in answers_of([padded(*call) for call in asked])["replies"]]


def in_calc(shown: Any) -> Any:
    """Return what Calc shows of a result: it has Excel's old errors alone."""
    if isinstance(shown, list):
        return [[in_calc(c) for c in row] for row in shown]
    return "#VALUE!" if shown in EXCEL_ERRORS and shown not in OLD_ERRORS else shown


def same(a: Any, b: Any) -> bool:
    """Return whether two hosts show the same."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, bool) or isinstance(b, bool) or isinstance(a, str) or isinstance(b, str):
        return a == b
    return a == b or (a is not None and b is not None and math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12))


def run(seed: int, count: int) -> tuple[int, list[str]]:
    """Make random calls along five ways; return how many calls were made and what went wrong."""
    ways = {"plain": plain, "office": by_office(), "calc": by_calc()}
    made, found, kinds = 0, [], Counter()
    asked = list(calls(np.random.default_rng(seed), count))
    with tempfile.TemporaryDirectory() as folder, np.errstate(all="ignore"):
        desktop, lite = by_desktop(asked, Path(folder)), by_lite(asked)
        made += 2 * count
        for (name, arguments), on_desktop, in_lite in zip(asked, desktop, lite, strict=True):
            results = {"lite": in_lite}
            for way, ask in ways.items():
                made += 1
                try:
                    results[way] = ask(name, arguments)
                except Exception as error:
                    found.append(f"{way} {name}{str(arguments)[:200]}: {type(error).__name__}: {str(error)[:200]}")
            results["desktop"] = on_desktop
            expected = {way: results.get("plain") for way in results} | {"calc": in_calc(results.get("plain"))}
            kinds[kind_of(on_desktop)] += 1
            if len(results) == len(ways) + 2 and not all(same(expected[w], r) for w, r in results.items()):
                found.append(f"{name}{str(arguments)[:200]}: { {w: str(r)[:100] for w, r in results.items()} }")
    if min(kinds["number"], kinds["error"], kinds["range"]) < count / 50:
        found.append(f"the calls were not a mixture: {kinds}")
    return made, found


def kind_of(shown: Any) -> str:
    """Return what a result is, so that a run which saw errors alone does not count."""
    return "range" if isinstance(shown, list) else "error" if shown in EXCEL_ERRORS else "number"
