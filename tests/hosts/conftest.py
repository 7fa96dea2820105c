"""The real xlwings Server, started as `xl-aicost serve` starts it."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Return a client of a running server."""
    log = (tmp_path_factory.mktemp("server") / "log.txt").open("w+")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from xl_aicost.cli import main; main()", "serve", "--port", str(port)]
    environment = os.environ | {"XLWINGS_LICENSE_KEY": "noncommercial"}
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    # the server closes the connection after an error, so none is kept
    transport = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=30)
    try:
        for _ in range(150):
            try:
                client.get("/manifest")
                break
            except httpx.TransportError:
                assert process.poll() is None, Path(log.name).read_text()
                time.sleep(0.1)
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(timeout=20)
        log.close()
