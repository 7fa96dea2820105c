"""How fast the hosts answer: 100,000 rows in one call through the real xlwings Server.

(a) a function that returns its raw argument, (b) AI_CLUSTER_CAPEX, (c) the same with xlwings' default numpy conversion.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from benchmarks.measure import Figure, at_most

ROWS = 100_000
FUNCTIONS = """
import numpy as np
import xlwings as xw
from xl_aicost import evaluate
from xl_aicost.hosts.binder import server_functions

globals().update(server_functions())


@xw.func
@xw.arg("x", "raw")
@xw.ret("raw")
def RAW(x):
    return x


@xw.func
@xw.arg("gpus", np.array, ndim=2)
def DEFAULT(gpus):
    return evaluate("cluster_capex", gpus=gpus)
"""


def start(project: Path) -> tuple[subprocess.Popen, str]:
    (project / "custom_functions").mkdir()
    (project / "custom_functions" / "__init__.py").write_text(FUNCTIONS)
    (project / "custom_scripts").mkdir()
    (project / "custom_scripts" / "__init__.py").write_text("")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "XLWINGS_ON_SERVER": "true",
        "XLWINGS_LICENSE_KEY": "noncommercial",
        "XLWINGS_ENVIRONMENT": "prod",
        "XLWINGS_ENABLE_SOCKETIO": "false",
        "XLWINGS_PROJECT_DIR": str(project),
    }
    command = [sys.executable, "-m", "uvicorn", "xlwings_server.main:main_app", "--port", str(port), "--no-access-log"]
    log = (project / "log.txt").open("w")
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=project)
    return process, f"http://127.0.0.1:{port}"


def seconds(client: httpx.Client, function: str, count: int) -> float:
    arguments = [[[float(n)] for n in range(1000, 1000 + ROWS)]] + [None] * (count - 1)
    body = {"client": "Office.js", "func_name": function, "args": arguments, "caller_address": "[B]S!A1"}
    body |= {"culture_info_name": "en-US", "date_format": "m/d/yyyy", "version": "any", "runtime": "1.4"}
    text = json.dumps(body)
    headers = {"Content-Type": "application/json", "Authorization": "", "Auth-Provider": ""}
    begin = time.perf_counter()
    reply = client.post("/xlwings/custom-functions-call", content=text, headers=headers)
    found = time.perf_counter() - begin
    assert reply.status_code == 200, reply.text[:300]
    assert len(reply.content) > 5 * ROWS
    return found


def import_seconds(statement: str) -> float:
    code = f"import time; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
    runs = [float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(7)]
    return statistics.median(runs)


def figures() -> Iterator[Figure]:
    """Yield what is promised of the hosts' speed."""
    with tempfile.TemporaryDirectory() as folder:
        process, address = start(Path(folder))
        try:
            with httpx.Client(base_url=address, timeout=120) as client:  # one: to make it takes as long as our function
                for _ in range(200):
                    try:
                        client.get("/manifest")
                        break
                    except httpx.TransportError:
                        time.sleep(0.1)
                calls = {"RAW": 1, "AI_CLUSTER_CAPEX": 6, "DEFAULT": 1}  # with their numbers of arguments, in turns
                runs = [[seconds(client, name, count) for name, count in calls.items()] for _ in range(7)]
            raw, ours, default = map(statistics.median, zip(*runs, strict=True))
        finally:
            process.terminate()
            process.wait()
    how = f"{ROWS:,} rows in one call through xlwings Server"
    yield at_most("AI_CLUSTER_CAPEX, to a function that returns its argument", ours / raw, 2, how)
    yield at_most("AI_CLUSTER_CAPEX, to the same with xlwings' default conversion", ours / default, 0.1, how)
    binder = import_seconds("import xl_aicost.hosts.binder")
    ratio = binder / import_seconds("import xlwings")
    yield at_most("Importing the functions of a host, to importing xlwings", ratio, 0.5, "median of seven processes")
