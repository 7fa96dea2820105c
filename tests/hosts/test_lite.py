"""The module for xlwings Lite through the calls that Lite makes, in ordinary Python: Pyodide has no numpy here."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.hosts.table import Call, calls
from tests.hosts.test_plain import ask, matches
from tests.hosts.test_server import as_excel_sends, received
from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.support.share import share

PYODIDE = """
import _thread, subprocess, sys, threading

def refuse(*_, **__):
    raise RuntimeError("not in a browser")

sys.modules["_multiprocessing"] = sys.modules["multiprocessing"] = None
threading._start_new_thread = _thread.start_new_thread = refuse
subprocess.Popen.__init__ = refuse
"""
PROGRAM = """
import asyncio, json, sys
import main, xlwings.server
from xlwings import XlwingsError

async def ask(name, given):
    body = {"client": "Office.js", "func_name": name, "args": given, "caller_address": "[B]S!A1", "version": "any",
            "culture_info_name": "en-US", "date_format": "m/d/yyyy", "runtime": "1.4"}
    try:
        return await xlwings.server.custom_functions_call(body, main)
    except XlwingsError as error:
        return str(error)

asked = json.load(sys.stdin)
names = [f["name"] for f in xlwings.server.custom_functions_meta(main)["functions"]]
print(json.dumps({"names": names, "replies": [asyncio.run(ask(*a)) for a in asked]}))
"""


IMPORTED_BEFORE = """
import os
told = [os.environ.pop(n) for n in ("XLWINGS_ON_SERVER", "XLWINGS_LICENSE_KEY")]
import xlwings
os.environ["XLWINGS_ON_SERVER"], os.environ["XLWINGS_LICENSE_KEY"] = told
assert not hasattr(xlwings.func(lambda: 1), "__xlfunc__")
"""


def answers_of(asked, before=PYODIDE):
    """Return names and replies of the module for Lite, where there are no threads and no processes, as in Pyodide."""
    folders = [str(share("udfs") / "excel_lite"), str(Path(__file__).parents[2])]
    environment = {"XLWINGS_ON_SERVER": "true", "XLWINGS_LICENSE_KEY": "noncommercial", "PYTHONPATH": ":".join(folders)}
    program = [sys.executable, "-c", before + PROGRAM]
    result = subprocess.run(program, input=json.dumps(asked), env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr[-2000:]
    return json.loads(result.stdout)


def padded(function, arguments):
    missing = len(CATALOGUE[function].arguments) - len(arguments)
    return function, [*map(as_excel_sends, arguments), *[None] * missing]


def shown(reply):
    if isinstance(reply, str):
        return reply.split(" ", 1)[0]
    return received(reply)


def test_every_call_of_the_table():
    table = calls()
    found = answers_of([padded(c.function, c.arguments) for c in table])
    assert set(found["names"]) == set(CATALOGUE)
    wrong = []
    for call, reply in zip(table, found["replies"], strict=True):
        if not matches(shown(reply), call.expected):
            wrong.append((call.function, str(call.arguments)[:60], str(reply)[:80], str(call.expected)[:80]))
    assert wrong == []


def test_every_function_answers_in_the_browser_what_it_answers_elsewhere():
    """Also those that simulate, which use threads elsewhere."""
    found = answers_of([padded(name, ()) for name in CATALOGUE])
    for name, reply in zip(CATALOGUE, found["replies"], strict=True):
        assert shown(reply) == ask(Call(name, (), None)), name


def test_an_xlwings_that_was_imported_before_its_settings_does_not_matter():
    """What `xlwings` itself offers then registers nothing: `import xlwings` of another module must not decide."""
    found = answers_of([padded("AI_GPU_CAPEX", (2,)), padded("AI_GPU_CAPEX", ("x",))], IMPORTED_BEFORE)
    assert set(found["names"]) == set(CATALOGUE)
    assert [shown(reply) for reply in found["replies"]] == [60_000, "#VALUE!"]


def test_what_has_no_build_for_the_browser_is_left_out_there():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert next(d for d in project["project"]["dependencies"] if d.startswith("ironcalc")).endswith("!= 'emscripten'")
