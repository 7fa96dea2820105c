"""Write a file whole or not at all."""

from __future__ import annotations

import contextlib
import glob
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xl_aicost.errors import AicostError, InputError

try:
    import fcntl
except ImportError:  # Windows refuses to delete a file that is open, which does as well
    fcntl = None  # type: ignore[assignment]

MARK = ".aicost-tmp"


def destination(path: Path, *endings: str) -> Path:
    """Return a path to write to. Raises InputError where it has none of the endings, is a folder, or has no folder."""
    if path.suffix.lower() not in endings:
        raise InputError(f"{path} does not end in {' or '.join(endings)}")
    if path.is_dir():
        raise InputError(f"{path} is a folder")
    if not path.parent.is_dir():
        raise InputError(f"{path.parent} is not a folder")
    return path


@contextmanager
def replacing(path: Path, *, tidy: bool = True) -> Iterator[Path]:
    """Give a temporary name beside `path` to write to; move it into place at the end, or remove it on any error.

    It is locked meanwhile, so that `clear_leftovers` knows it from what a killed process left of writing the same
    file, which goes first; without `tidy` it stays, for to look for it takes long in a folder of very many files.
    """
    if tidy:
        clear_leftovers(path.parent, path.name)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=MARK)
    temporary = Path(name)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        else:
            os.close(handle)  # Windows moves no file that is open
        yield temporary
        temporary.chmod(0o644)
        try:
            os.replace(temporary, path)
        except PermissionError as error:
            raise AicostError(f"{path} cannot be replaced ({error.strerror}): is it open in another program?") from None
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    finally:
        if fcntl is not None:
            os.close(handle)


def clear_leftovers(folder: Path, name: str = "*") -> None:
    """Remove what killed processes left of writing a file of a folder, or any; what is being written stays."""
    for leftover in folder.glob(f".{name if name == '*' else glob.escape(name)}-*{MARK}"):
        with contextlib.suppress(OSError):
            if fcntl is None:
                leftover.unlink()
                continue
            with leftover.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                leftover.unlink()
