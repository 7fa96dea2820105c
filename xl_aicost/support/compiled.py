"""Functions that numba compiles once and keeps on disk; without numba there are none."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from xl_aicost.support.files import replacing

HEAD = "import functools\n\nimport numba\n\ncompiled = functools.partial(numba.njit, cache=True, nogil=True, error_model='numpy')\n\n"


def available() -> bool:
    """Return whether numba is installed."""
    return importlib.util.find_spec("numba") is not None


@cache
def compiled(text: str, function: str) -> Callable[..., Any]:
    """Return a function of a module that is given as text; every function of it is compiled.

    The compiled code stays in the user's folder for caches, under a name made from the text, so that it is compiled once.
    """
    import numba

    marked = HEAD + text.replace("\ndef ", "\n@compiled\ndef ")
    digest = hashlib.sha256(f"{marked}{numba.__version__}{sys.version}".encode()).hexdigest()[:32]
    path = _folder() / f"kernel_{digest}.py"
    if not path.is_file() or path.read_text(encoding="utf-8") != marked:
        with replacing(path) as temporary:
            temporary.write_text(marked, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None  # noqa: PT018 (a file has both)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # where what was compiled earlier looks for it
    spec.loader.exec_module(module)
    compiled: Callable[..., Any] = getattr(module, function)
    return compiled


def _folder() -> Path:
    """Return the folder for what is compiled; one that lasts as long as the process where none can be written to."""
    base = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "xl-aicost"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="xl-aicost-"))
