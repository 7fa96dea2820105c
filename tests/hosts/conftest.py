"""The real xlwings Server, started as `xl-aicost serve` starts it."""

import os
import socket
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest


@contextmanager
def serving(folder, environment=(), host="127.0.0.1", certificate=None, key=None):
    """Start a server and give a client of it, whose `log` is the path of the server's log."""
    path = Path(folder) / "log.txt"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from xl_aicost.cli.main import main; main()", "serve"]
    command += ["--port", str(port), "--host", host]
    command += ["--certificate", certificate, "--key", key] if certificate else []
    variables = os.environ | {"XLWINGS_LICENSE_KEY": "noncommercial"} | dict(environment)
    with path.open("w") as log:
        process = subprocess.Popen(command, env=variables, stdout=log, stderr=subprocess.STDOUT)
    # the server closes the connection after an error, so none is kept
    trusted = ssl.create_default_context(cafile=certificate) if certificate else False
    transport = httpx.HTTPTransport(verify=trusted, limits=httpx.Limits(max_keepalive_connections=0))
    scheme = "https" if certificate else "http"
    client = httpx.Client(base_url=f"{scheme}://127.0.0.1:{port}", transport=transport, timeout=30)
    client.log, client.port = path, port
    try:
        for _ in range(1200):
            try:
                client.get("/manifest")
                break
            except httpx.TransportError:
                assert process.poll() is None, path.read_text()
                time.sleep(0.1)
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Return a client of a running server."""
    with serving(tmp_path_factory.mktemp("server")) as client:
        yield client
