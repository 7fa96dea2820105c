"""Write a file as a whole or not at all.

>>> with tempfile.TemporaryDirectory() as folder:
...     with replacing(Path(folder, "report.txt")) as temporary:
...         _ = temporary.write_text("done")
...     [p.name for p in Path(folder).iterdir()]
['report.txt']
"""

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
except ImportError:  # Windows does not delete a file that is open, which serves as a lock
    fcntl = None  # type: ignore[assignment]

MARK = ".aicost-tmp"


def destination(path: Path, *endings: str) -> Path:
    """Return a path to write to. Raises InputError if it has another ending, is a folder, or its folder does not exist."""
    if path.suffix.lower() not in endings:
        raise InputError(f"{path} does not end in {' or '.join(endings)}")
    if path.is_dir():
        raise InputError(f"{path} is a folder")
    if not path.parent.is_dir():
        raise InputError(f"{path.parent} is not a folder")
    return path


@contextmanager
def replacing(path: Path, *, tidy: bool = True) -> Iterator[Path]:
    """Yield a temporary path beside `path` to write to; at the end it is moved into place, or removed on an error.

    The temporary file is locked, so that `clear_leftovers` can tell it from one that a killed process left. Leftovers
    of the same file are removed first; `tidy=False` skips the search for them, which is slow in large folders.
    """
    if tidy:
        clear_leftovers(path.parent, path.name)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=MARK)
    temporary = Path(name)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        else:
            os.close(handle)  # Windows does not move a file that is open
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
    """Remove temporary files of killed processes from a folder, of one file or of all; files being written stay."""
    for leftover in folder.glob(f".{name if name == '*' else glob.escape(name)}-*{MARK}"):
        with contextlib.suppress(OSError):
            if fcntl is None:
                leftover.unlink()
                continue
            with leftover.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                leftover.unlink()


def is_inside(folder: Path, file: str) -> bool:
    """Return whether a file that another one names is in a folder: it may name no other of this machine."""
    path = (folder / file).resolve()
    return path.is_relative_to(folder.resolve()) and path.is_file()
