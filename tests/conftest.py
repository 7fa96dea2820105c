"""What tests share: programs that must be there, the base workbook, engines."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from xl_aicost.workbook.book import as_typed

# a submission is judged on the same examples each time; everyone else draws new ones
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

DATA = Path(__file__).parent / "data"


def type_into(book, name, value, what="typed"):
    """Put a value, in the unit of the model, into an input's cell of a workbook in memory, as a person types it."""
    cell = book.wb["Inputs"][book.layout.input_at(name, what)]
    cell.value = None if value is None else as_typed(book.assumptions[name], value)


def require(program: str) -> str:
    """Return the path of a program; without it skip, or fail where everything is required."""
    found = shutil.which(program)
    if not found:
        if os.environ.get("XL_AICOST_REQUIRE_ALL") == "1":
            pytest.fail(f"{program} is not installed and everything is required")
        pytest.skip(f"{program} is not installed")
    return found


def require_module(name: str) -> Path:
    """Return the folder of an npm package that .ci/run installs; without it skip, or fail where everything is required."""
    found = Path(__file__).parent.parent / ".ci" / "node_modules" / name
    if not found.is_dir():
        if os.environ.get("XL_AICOST_REQUIRE_ALL") == "1":
            pytest.fail(f"{name} is not installed and everything is required: npm ci --prefix .ci")
        pytest.skip(f"{name} is not installed: npm ci --prefix .ci")
    return found


def examples(count: int) -> int:
    """Return how many examples a property test draws: `make fuzz` asks for many times as many."""
    return count * int(os.environ.get("XL_AICOST_EXAMPLES", "1"))


def recalculated(paths: list[Path], out: Path | None = None, extensions: Path | None = None) -> list[Path]:
    """Recalculate workbooks in LibreOffice: paths in, paths out, in the same folder unless another is given."""
    out = out or Path(tempfile.mkdtemp(prefix="recalculated-", dir=paths[0].parent))
    with tempfile.TemporaryDirectory(prefix="xl-aicost-profile-") as profile:
        command = [require("soffice"), f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to"]
        if extensions:
            command.insert(2, f"-env:BUNDLED_EXTENSIONS=file://{extensions}")
        command += ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
    return [out / p.name for p in paths]


@pytest.fixture(scope="session")
def libreoffice():
    """Return a function that recalculates workbooks in LibreOffice: paths in, paths out."""
    require("soffice")

    def recalculate(paths: list[Path], extensions: Path | None = None) -> list[Path]:
        return recalculated(paths, Path(tempfile.mkdtemp(prefix="xl-aicost-")), extensions)

    return recalculate


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Return the path of the base workbook with its values."""
    from xl_aicost.workbook.build import build

    path = tmp_path_factory.mktemp("built") / "cluster.xlsx"
    assert build("cluster", path).checks == "OK"
    return path
