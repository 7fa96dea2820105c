"""Files are written as a whole or not at all, also where there is no flock and an open file can neither be moved nor deleted."""

import os
from pathlib import Path

import pytest

from xl_aicost.errors import AicostError
from xl_aicost.support import files
from xl_aicost.support.files import MARK, clear_leftovers, replacing


@pytest.fixture
def as_on_windows(monkeypatch):
    """No fcntl; a file that this process has open can neither be moved nor deleted."""
    monkeypatch.setattr(files, "fcntl", None)
    replace, unlink = os.replace, Path.unlink

    def is_open(path):
        return str(path) in {os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd") if _there(n)}

    def _there(number):
        return os.path.lexists(f"/proc/self/fd/{number}")

    def move(source, target):
        if is_open(source) or is_open(target):
            raise PermissionError(13, "Access is denied")
        replace(source, target)

    def delete(path, missing_ok=False):
        if is_open(path):
            raise PermissionError(13, "Access is denied")
        unlink(path, missing_ok)

    monkeypatch.setattr(os, "replace", move)
    monkeypatch.setattr(Path, "unlink", delete)


needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="looks at /proc for what is open")


@needs_proc
def test_a_file_is_closed_before_it_is_moved(as_on_windows, tmp_path):
    path = tmp_path / "report.txt"
    with replacing(path) as temporary:
        temporary.write_text("done")
    assert [p.name for p in tmp_path.iterdir()] == ["report.txt"]
    assert path.read_text() == "done"


@needs_proc
def test_a_file_that_another_program_has_open_is_said_and_kept(as_on_windows, tmp_path):
    path = tmp_path / "report.txt"
    path.write_text("before")
    expected = pytest.raises(AicostError, match="is it open in another program")
    with path.open(), expected, replacing(path) as temporary:
        temporary.write_text("after")
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["report.txt"]


@needs_proc
def test_leftovers_go_and_what_is_being_written_stays(as_on_windows, tmp_path):
    left, busy = (tmp_path / f".report.txt-{name}{MARK}" for name in ("left", "busy"))
    left.write_text("")
    with busy.open("w"):
        clear_leftovers(tmp_path, "report.txt")
        assert [p.name for p in tmp_path.iterdir()] == [busy.name]
    clear_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []
