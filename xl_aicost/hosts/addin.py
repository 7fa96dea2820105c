"""Write what a host needs into a folder of the user's."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from xl_aicost.errors import InputError
from xl_aicost.hosts.button import with_button
from xl_aicost.support.share import share

WORKBOOK = "aicost_functions"


def write_excel_desktop(folder: Path) -> list[Path]:
    """Write the folder for desktop Excel on Windows: xlwings' own workbook with a button, the module, the page."""
    import xlwings

    quickstart = Path(xlwings.__file__).parent / "quickstart.xlsm"
    source = share("udfs") / "excel_desktop"
    files: dict[str, Path | bytes] = {
        f"{WORKBOOK}.xlsm": with_button(quickstart),
        f"{WORKBOOK}.py": source / f"{WORKBOOK}.py",
        "README.md": source / "README.md",
    }
    return _write_folder(folder, files)


def write_excel_server(folder: Path) -> list[Path]:
    """Write the folder for whoever runs the server: container, proxy, all settings, the page with the steps."""
    return _write_folder(folder, _files_of(share("udfs") / "excel_server" / "deploy"))


def write_excel_lite(folder: Path) -> list[Path]:
    """Write the folder for xlwings Lite: its main.py, its requirements, the page with the steps."""
    return _write_folder(folder, _files_of(share("udfs") / "excel_lite"))


WRITERS: dict[str, Callable[[Path], list[Path]]] = {
    "excel-desktop": write_excel_desktop,
    "excel-server": write_excel_server,
    "excel-lite": write_excel_lite,
}


def _files_of(source: Path) -> dict[str, Path | bytes]:
    return {path.name: path for path in source.iterdir() if path.is_file()}


def _write_folder(folder: Path, files: dict[str, Path | bytes]) -> list[Path]:
    """Write files into a folder that must be new or empty; it appears whole or not at all."""
    if not folder.parent.is_dir():
        raise InputError(f"{folder.parent} is not a folder")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is not a folder")
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty: give a new folder")
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        for name, source in files.items():
            (draft / name).write_bytes(source if isinstance(source, bytes) else source.read_bytes())
        draft.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        os.replace(draft, folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return sorted(folder.iterdir())
