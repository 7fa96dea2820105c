"""What is installed is pinned with hashes and listed; at run time nothing is fetched."""

import json
import os
import re
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def locked():
    """Return the version of each distribution that the lock names, and the hashes of its files."""
    found = {}
    for block in re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text()):
        requirement = Requirement(re.split(r"\s*\\\n", block.strip())[0])
        [pin] = requirement.specifier
        assert pin.operator == "=="
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", block)
        found.setdefault(canonicalize_name(requirement.name), []).append((pin.version, hashes))
    return found


def test_everything_that_the_project_asks_for_is_locked_with_hashes():
    found = locked()
    assert all(hashes for pins in found.values() for _, hashes in pins)
    asked = [*PROJECT["dependencies"], *(r for extra in PROJECT["optional-dependencies"].values() for r in extra)]
    for text in asked:
        requirement = Requirement(text)
        pins = found[canonicalize_name(requirement.name)]
        assert any(requirement.specifier.contains(version, prereleases=True) for version, _ in pins), text
    assert not re.search(
        r"https?://|file:|^-|@ ", (ROOT / "requirements.lock").read_text().replace("    --hash", ""), re.M
    )


def test_what_is_installed_here_is_what_is_locked():
    found = locked()
    from importlib.metadata import distribution

    for text in PROJECT["dependencies"]:
        name = Requirement(text).name
        assert distribution(name).version in [v for v, _ in found[canonicalize_name(name)]], name


def test_the_pipeline_installs_from_the_lock():
    makefile = (ROOT / "Makefile").read_text()
    assert "--require-hashes -r requirements.lock" in makefile
    assert "make test" in (ROOT / ".ci" / "run").read_text()


def test_the_bill_of_materials_lists_what_a_user_gets():
    bill = json.loads((ROOT / "bom.cdx.json").read_text())
    assert bill["bomFormat"] == "CycloneDX"
    listed = {canonicalize_name(c["name"]): c["version"] for c in bill["components"]}
    for text in PROJECT["dependencies"]:
        assert canonicalize_name(Requirement(text).name) in listed
    found = locked()
    for name, version in listed.items():
        assert version in [v for v, _ in found[name]], name
    assert all(c["purl"].startswith("pkg:pypi/") for c in bill["components"])
    assert sum(bool(c.get("licenses")) for c in bill["components"]) >= len(listed) - 1
    assert "/tmp" not in json.dumps(bill)


PROGRAM = textwrap.dedent(
    """
    import json, os, socket, subprocess, sys, tempfile, time, urllib.request
    from pathlib import Path
    from xl_aicost.workbook.build import build
    from xl_aicost.review.audit import audit

    folder = Path(tempfile.mkdtemp())
    assert build("cluster", folder / "book.xlsx").checks == "OK"
    assert audit(folder / "book.xlsx").verdict == "PASS"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from xl_aicost.cli.main import main; main()", "serve", "--port", str(port)]
    log = (folder / "log.txt").open("w")
    server = subprocess.Popen(command, env=os.environ | {"XLWINGS_LICENSE_KEY": "noncommercial"}, stdout=log, stderr=log)
    body = {"client": "Office.js", "func_name": "AI_GPU_CAPEX", "args": [[[2.0]], [[30000.0]]], "version": "any",
            "culture_info_name": "en-US", "date_format": "m/d/yyyy", "runtime": "1.4", "caller_address": "[B]S!A1"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/xlwings/custom-functions-call", json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
    try:
        for _ in range(150):
            try:
                reply = urllib.request.urlopen(request, timeout=10).read()
                break
            except OSError:
                assert server.poll() is None, (folder / "log.txt").read_text()
                time.sleep(0.1)
        assert json.loads(reply)["result"][0][0]["basicValue"] == 60000.0
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/taskpane", timeout=10) as page:
            assert b"AI cost" in page.read()
    finally:
        server.terminate()
        server.wait()
    print("served", (folder / "log.txt").read_text().count("reached for"))
    """
)
HOOK = textwrap.dedent(
    """
    import sys

    def refuse(event, arguments):
        if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
            target = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]
            host = target[0] if isinstance(target, tuple) else target
            if isinstance(target, tuple | str) and host not in ("127.0.0.1", "::1", "localhost", None, ""):
                print("reached for", event, target, file=sys.stderr, flush=True)
                raise OSError(101, "the network is cut")

    sys.addaudithook(refuse)
    """
)


def test_with_the_network_refused_a_workbook_is_built_and_a_call_served(tmp_path):
    """Every process that takes part refuses to connect to, or to look up, anything but this machine."""
    (tmp_path / "sitecustomize.py").write_text(HOOK)
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    reach = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=2)"
    refused = subprocess.run([sys.executable, "-c", reach], env=environment, capture_output=True, text=True)
    assert "the network is cut" in refused.stderr
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "served 0", done.stderr[-2000:]
    assert "reached for" not in done.stderr


def test_with_the_network_cut_by_the_system(tmp_path):
    """The same in a network of its own, which has nothing but a loopback: what no hook of Python sees is cut as well."""
    if sys.platform != "linux" or subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode:
        pytest.skip("this system lets nobody cut a network")
    up = f"""
import fcntl, socket, struct
with socket.socket() as s:
    fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", 0x41))
    s.settimeout(2)
    assert s.connect_ex(("192.0.2.1", 80)) == 101
{PROGRAM}"""
    done = subprocess.run(["unshare", "-rn", sys.executable, "-c", up], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "served 0", done.stderr[-2000:]


def test_the_page_of_licences_lists_the_bill_of_materials():
    listed = json.loads((ROOT / "bom.cdx.json").read_text())["components"]
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| (\S+) \| (\S+) \| [^|]+ \|$", page, re.MULTILINE)) - {("package", "version")}
    assert rows - {("---", "---")} == {(c["name"], c["version"]) for c in listed}
