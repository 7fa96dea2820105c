"""The folder for desktop Excel, and the table of calls through classic xlwings' own code."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.hosts.table import calls
from tests.hosts.test_plain import matches
from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.errors import InputError
from xl_aicost.hosts.addin import write_excel_desktop


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("desktop") / "addin"
    write_excel_desktop(path)
    return path


@pytest.fixture(scope="module")
def windows(folder, tmp_path_factory):
    """Return what xlwings' own code answers, writes and tells the wizard, for the module in the folder."""
    table = [(c.function, c.arguments, len(CATALOGUE[c.function].arguments)) for c in calls()]
    out = tmp_path_factory.mktemp("windows") / "out.json"
    program = Path(__file__).parent / "windows.py"
    result = subprocess.run(
        [sys.executable, str(program), "aicost_functions", str(out)],
        input=json.dumps(table, default=lambda currency: {"currency": str(currency)}),
        cwd=folder,
        env={
            "PYTHONPATH": f"{folder}:{Path(__file__).parents[2]}",
            "HOME": str(folder),
            "MPLCONFIGDIR": str(folder.parent),  # xlwings imports matplotlib where it is installed
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    return json.loads(out.read_text())


def shown(rows):
    """Return the cells as our VBA shows them: a text that begins with the code of an error is that error."""
    code = lambda c: c.split(" ")[0] if isinstance(c, str) and c.startswith("#") else c  # noqa: E731
    rows = [[code(c) for c in row] for row in rows]
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


def test_every_call_of_the_table(windows):
    wrong = []
    for call, found in zip(calls(), windows["results"], strict=True):
        if not matches(shown(found), call.expected):
            wrong.append((call.function, str(call.arguments)[:80], str(found)[:80], str(call.expected)[:80]))
    assert wrong == []


def test_the_vba_has_every_function_with_optional_arguments(windows):
    for name, function in CATALOGUE.items():
        head = re.search(rf"^Function {name}\((.*)\)\s*$", windows["vba"], re.MULTILINE)
        assert head, name
        assert head[1] == ", ".join(f"Optional {a.name}" for a in function.arguments)
        assert f'"aicost_functions", "{name}"' in windows["vba"]


def test_the_wizard_shows_help_category_and_arguments(windows):
    told = {w["Macro"].rpartition("!")[2]: w for w in windows["wizard"]}
    for name, function in CATALOGUE.items():
        assert told[name]["Description"] == function.wizard
        assert told[name]["Category"] == "AI cost"
        if function.arguments:
            assert told[name]["ArgumentDescriptions"] == [a.help for a in function.arguments]


def test_the_folder_holds_workbook_module_and_page(folder):
    assert {p.name for p in folder.iterdir()} == {"aicost_functions.xlsm", "aicost_functions.py", "README.md"}
    with zipfile.ZipFile(folder / "aicost_functions.xlsm") as workbook:
        assert "xl/vbaProject.bin" in workbook.namelist()
    assert (folder / "README.md").read_text().count("\n1. ") == 1


def test_a_folder_in_use_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        write_excel_desktop(tmp_path)
    with pytest.raises(InputError, match="not a folder"):
        write_excel_desktop(tmp_path / "none" / "addin")
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
