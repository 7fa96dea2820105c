"""Run VBA in LibreOffice's Basic, which understands it."""

import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

from tests.conftest import require

MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">{}
</script:module>
"""
RUN = """Sub Run
    Open "{}" For Output As #1
    On Error GoTo failed
    Main
failed:
    If Err Then Print #1, "failed: " & Err.Description
    Close #1
End Sub
"""


def run_vba(code: str, folder: Path) -> list[str]:
    """Run the Sub Main of a module and return the lines that it wrote with `Print #1`."""
    out = folder / "out.txt"
    run = RUN.format(out)
    _soffice(folder)  # the first start makes the profile, with a module of no content
    module = folder / "profile" / "user" / "basic" / "Standard" / "Module1.xba"
    module.write_text(MODULE.format(escape(f"Option VBASupport 1\n{run}{code}")))
    _soffice(folder, "macro:///Standard.Module1.Run")
    return out.read_text().splitlines()


def _soffice(folder: Path, *words: str) -> None:
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    stop = [] if words else ["--terminate_after_init"]
    subprocess.run([require("soffice"), profile, "--headless", "--norestore", *stop, *words], check=True, timeout=120)
