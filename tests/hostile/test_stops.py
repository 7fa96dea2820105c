"""Stopped at any moment, out of room, not allowed: the old file or the new one is there whole, and the exit code tells."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from xl_aicost.cli.main import main
from xl_aicost.errors import AicostError
from xl_aicost.review import read
from xl_aicost.support import files
from xl_aicost.workbook.build import build

HEED = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # which shells switch off after &
MAIN = [sys.executable, "-c", HEED + "from xl_aicost.cli.main import main; main()"]
OLD = b"the file as it was"
MOMENTS = 7
COMMANDS = {
    "build": (["build", "company", "--out", "out.xlsx"], "out.xlsx"),
    "build --simulate": (["build", "company", "--out", "out.xlsx", "--simulate", "cluster_npv"], "out.xlsx"),
    "simulate": (["simulate", "layoffs_to_fund", "--draws", "2000000", "--out", "out.parquet"], "out.parquet"),
    "sweep": (["sweep", "grid.csv", "--line", "cluster_capex", "--out", "out.parquet"], "out.parquet"),
    "diff": (["diff", "a.xlsx", "b.xlsx", "--bridge", "layoff_coverage", "--into", "out.xlsx"], "out.xlsx"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with what the commands read."""
    path = tmp_path_factory.mktemp("stops")
    (path / "grid.csv").write_text("gpus\n" + "".join(f"{n}\n" for n in range(1000, 400_000)))
    build("company", path / "a.xlsx")
    build("company", path / "b.xlsx", settings={"gpu_unit_price": 20_000})
    return path


def old(folder, command):
    """Return what stands in the way: for diff a workbook, into which it puts a sheet."""
    return (folder / "b.xlsx").read_bytes() if command == "diff" else OLD


def whole(path, before=OLD):
    """Return whether a file is there in full: the old one, or one that can be read to its end."""
    if path.read_bytes() == before:
        return "old"
    if path.suffix == ".parquet":
        return "new" if parquet.read_table(path).num_rows > 0 else None
    with zipfile.ZipFile(path) as archive:
        return "new" if archive.testzip() is None else None


def leftovers(folder):
    return [p.name for p in folder.iterdir() if p.name.startswith(".")]


def run(folder, arguments, **more):
    return subprocess.run([*MAIN, *arguments], cwd=folder, capture_output=True, text=True, **more)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("command", COMMANDS)
def test_stopped_at_any_moment(folder, command, sent):
    arguments, name = COMMANDS[command]
    out, before = folder / name, old(folder, command)
    out.write_bytes(before)
    begin = time.monotonic()
    assert run(folder, arguments).returncode in (0, 1)
    lasts = time.monotonic() - begin
    assert whole(out) == "new"
    moments = random.Random(f"{command} {sent}")
    seen = set()
    for _ in range(MOMENTS):
        out.write_bytes(before)
        process = subprocess.Popen([*MAIN, *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(lasts * moments.uniform(0.2, 1.0))
        process.send_signal(sent)
        _, errors = process.communicate(timeout=60)
        state = whole(out, before)
        assert state in ("old", "new")
        seen.add(state)
        if sent == signal.SIGINT:
            assert process.returncode in (0, 1, 130, -signal.SIGINT), errors
            if process.returncode == 130:
                assert errors.decode().strip().splitlines()[-1] == "xl-aicost: stopped"
            assert leftovers(folder) == []
    assert "old" in seen
    assert run(folder, arguments).returncode in (0, 1)
    assert whole(out) == "new"
    assert leftovers(folder) == []


def limited():
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_disk_without_room(folder, command):
    arguments, name = COMMANDS[command]
    (folder / name).write_bytes(old(folder, command))
    done = run(folder, arguments, preexec_fn=limited)
    assert done.returncode == 2, done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("xl-aicost: ")
    assert "Traceback" not in done.stderr
    assert whole(folder / name, old(folder, command)) == "old"
    assert leftovers(folder) == []


@pytest.mark.parametrize("command", ["build", "simulate", "sweep", "diff"])
def test_a_folder_that_cannot_be_written_to(folder, command):
    arguments, name = COMMANDS[command]
    arguments = [f"/sys/{name}" if a == name else a for a in arguments]
    done = run(folder, arguments)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "/sys" in done.stderr


def test_a_batch_without_room_says_so_and_goes_on_later(folder):
    (folder / "companies.csv").write_text("name\nA\nB\nC\n")
    done = run(folder, ["batch", "companies.csv", "--out", "many", "--workers", "1"], preexec_fn=limited)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert not list((folder / "many").glob("*.xlsx"))
    assert run(folder, ["batch", "companies.csv", "--out", "many", "--workers", "1"]).returncode == 0
    assert len(list((folder / "many").glob("*.xlsx"))) == 3
    assert leftovers(folder / "many") == []


def test_a_batch_interrupted_goes_on(folder):
    (folder / "lots.csv").write_text("name\n" + "".join(f"Company {n}\n" for n in range(600)))
    command = [*MAIN, "batch", "lots.csv", "--out", "lots", "--workers", "2"]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, start_new_session=True)
    while len(list((folder / "lots").glob("*.xlsx"))) < 3 and process.poll() is None:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does
    process.communicate(timeout=120)
    assert process.returncode in (130, -signal.SIGINT)
    for path in (folder / "lots").glob("*.xlsx"):
        assert whole(path) == "new"
    assert run(folder, command[3:]).returncode == 0
    assert len(list((folder / "lots").glob("*.xlsx"))) == 600
    assert leftovers(folder / "lots") == []


def test_a_file_that_is_open_elsewhere(tmp_path, monkeypatch, capsys):
    """As Windows refuses to replace a file that Excel has open."""

    def refuse(source, target):
        raise PermissionError(13, "Access is denied", str(target))

    monkeypatch.setattr(files.os, "replace", refuse)
    (tmp_path / "out.xlsx").write_bytes(OLD)
    with pytest.raises(AicostError, match=r"out\.xlsx cannot be replaced .* is it open in another program"):
        build("company", tmp_path / "out.xlsx")
    monkeypatch.setattr(sys, "argv", ["xl-aicost", "build", "company", "--out", str(tmp_path / "out.xlsx")])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    assert len([line for line in capsys.readouterr().err.splitlines() if line.startswith("xl-aicost: ")]) == 1
    assert (tmp_path / "out.xlsx").read_bytes() == OLD
    assert leftovers(tmp_path) == []


def test_a_stop_that_openpyxl_takes_for_a_wrong_value_still_stops(monkeypatch):
    def interrupted(*_, **__):
        try:
            raise KeyboardInterrupt
        except BaseException:
            raise TypeError("expected <class 'float'>")  # noqa: B904 (as openpyxl does)

    monkeypatch.setattr(sys.modules["xl_aicost.review.read"], "assemble", interrupted)
    with pytest.raises(KeyboardInterrupt):
        _ = read(Path("workbooks/examples/board.xlsx")).built
