"""The wheel works alone: one top-level package, its data inside, the command in an empty environment."""

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_has_one_top_level_package_and_no_stray_files(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {n.split("/")[0] for n in names if ".dist-info" not in n} == {"xl_aicost"}
    assert "xl_aicost/_share/workbooks/cluster.toml" in names
    assert "xl_aicost/assumptions/assumptions.csv" in names
    assert "xl_aicost/py.typed" in names
    assert not [n for n in names if "__pycache__" in n or n.endswith(".pyc")]


def test_the_command_runs_from_the_wheel_in_an_empty_environment(wheel, tmp_path):
    venv.create(tmp_path / "empty", with_pip=True)
    scripts = tmp_path / "empty" / ("Scripts" if sys.platform == "win32" else "bin")
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([scripts / "python", "-m", "pip", "install", *quiet, wheel], check=True, cwd=tmp_path)
    run = lambda *words: subprocess.run(  # noqa: E731
        [scripts / "xl-aicost", *words], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert run("eval", "gpu_capex").stdout == "300,000,000 USD\n"
    assert "checks OK" in run("build").stdout
    assert (tmp_path / "cluster.xlsx").stat().st_size > 50_000


def test_the_sdist_has_what_make_workbook_needs(tmp_path):
    """Its Makefile finds every file that it names, and its code builds the workbook alone."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path, filter="data")
    folder = next(p for p in tmp_path.iterdir() if p.is_dir())
    planned = subprocess.run(["make", "-n", "workbook"], cwd=folder, capture_output=True, text=True)
    assert planned.returncode == 0, planned.stderr
    assert {"requirements.lock", "pyproject.toml", "SECURITY.md", "tests", "benchmarks"} <= {
        p.name for p in folder.iterdir()
    }
    assert not list(folder.rglob("node_modules"))
    code = "import sys; from xl_aicost.cli.main import main; sys.argv[1:] = ['build', 'cluster']; main()"
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    built = subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True)
    assert "checks OK" in built.stdout, built.stderr
