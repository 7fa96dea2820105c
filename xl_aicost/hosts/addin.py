"""Write what a host needs into a folder of the user's."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from xl_aicost.errors import InputError
from xl_aicost.support.share import share

WORKBOOK = "aicost_functions"


def write_excel_desktop(folder: Path) -> list[Path]:
    """Write the folder for desktop Excel on Windows: xlwings' own workbook, the module, the page with the clicks.

    The folder must be new or empty; it appears whole or not at all.
    """
    if not folder.parent.is_dir():
        raise InputError(f"{folder.parent} is not a folder")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is not a folder")
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty: give a new folder")
    import xlwings

    source = share("udfs") / "excel_desktop"
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        quickstart = Path(xlwings.__file__).parent / "quickstart.xlsm"
        shutil.copyfile(quickstart, draft / f"{WORKBOOK}.xlsm")
        for name in (f"{WORKBOOK}.py", "README.md"):
            shutil.copyfile(source / name, draft / name)
        draft.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        os.replace(draft, folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return sorted(folder.iterdir())
