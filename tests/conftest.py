"""What tests share: programs that must be there, the base workbook, engines."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

# a submission is judged on the same examples each time; everyone else draws new ones
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

DATA = Path(__file__).parent / "data"


def require(program: str) -> str:
    """Return the path of a program; without it skip, or fail where everything is required."""
    found = shutil.which(program)
    if not found:
        if os.environ.get("XL_AICOST_REQUIRE_ALL") == "1":
            pytest.fail(f"{program} is not installed and everything is required")
        pytest.skip(f"{program} is not installed")
    return found


@pytest.fixture(scope="session")
def libreoffice():
    """Return a function that recalculates workbooks in LibreOffice: paths in, paths out."""
    soffice = require("soffice")

    def recalculate(paths: list[Path], extensions: Path | None = None) -> list[Path]:
        out = Path(tempfile.mkdtemp(prefix="xl-aicost-"))
        profile = Path(tempfile.mkdtemp(prefix="xl-aicost-profile-"))
        command = [soffice, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to"]
        if extensions:
            command.insert(2, f"-env:BUNDLED_EXTENSIONS=file://{extensions}")
        command += ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        shutil.rmtree(profile)
        return [out / p.name for p in paths]

    return recalculate


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Return the path of the base workbook with its values."""
    from xl_aicost.workbook.build import build

    path = tmp_path_factory.mktemp("built") / "cluster.xlsx"
    assert build("cluster", path).checks == "OK"
    return path
