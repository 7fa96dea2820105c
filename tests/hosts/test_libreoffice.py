"""The Calc extension: the table of calls as formulas in a spreadsheet program, recalculated by it."""

import os
import re
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula

from tests.conftest import require
from tests.hosts.table import NEW_ERRORS, OLD_ERRORS, calls
from tests.hosts.test_plain import matches
from xl_aicost.errors import InputError
from xl_aicost.hosts.libreoffice import SERVICE, interface, parts, write_extension
from xl_aicost.support.share import share

SDK = Path("/usr/lib/libreoffice/sdk/bin/unoidl-write")
TYPES = Path("/usr/lib/libreoffice/program")
LONGEST = 255  # characters of a text inside a formula


def forced(call):
    """Return why Calc cannot be asked this call, or None."""
    texts = [a for a in call.arguments if isinstance(a, str)]
    if any(len(t) > LONGEST for t in texts):
        return "a text of that length cannot stand in a formula"
    if any(t in NEW_ERRORS for t in texts):
        return "Calc has no such error"
    blocks = [a for a in call.arguments if isinstance(a, list)]
    if any(c in OLD_ERRORS + NEW_ERRORS for b in blocks for row in b for c in row):
        return "Calc does not call an add-in with a range that holds an error: Err:504"
    return None


@pytest.fixture(scope="module")
def extension(tmp_path_factory):
    """Return a folder of bundled extensions that holds ours."""
    folder = tmp_path_factory.mktemp("extensions")
    oxt = write_extension(folder / "aicost.oxt")
    with zipfile.ZipFile(oxt) as archive:
        archive.extractall(folder / "bundled" / "aicost")
    return folder / "bundled"


class Sheet:
    """A workbook in the making: calls as formulas, their ranges as cells of a second sheet."""

    def __init__(self):
        self.book = openpyxl.Workbook()
        self.calls, self.data = self.book.active, self.book.create_sheet("Data")
        self.row, self.data_row = 1, 1

    def text(self, argument):
        """Return an argument as it stands in a formula."""
        if isinstance(argument, list):
            top = self.data_row
            for row in argument:
                for column, cell in enumerate(row, 1):
                    self.data.cell(self.data_row, column).value = cell if cell != "" else None
                self.data_row += 1
            return f"Data!$A${top}:${get_column_letter(len(argument[0]))}${self.data_row - 1}"
        if argument is None or argument == "":
            return ""
        if isinstance(argument, bool):
            return "TRUE" if argument else "FALSE"
        if isinstance(argument, str):
            return argument if argument in OLD_ERRORS else '"' + argument.replace('"', '""') + '"'
        return f"{argument:.15g}"

    def add(self, call):
        """Write a call and return the cells that its answer fills."""
        formula = f"={SERVICE}.{call.function}({','.join(self.text(a) for a in call.arguments)})"
        expected = call.expected if isinstance(call.expected, list) else [[call.expected]]
        last = f"{get_column_letter(len(expected[0]))}{self.row + len(expected) - 1}"
        at = f"A{self.row}"
        self.calls[at] = formula if last == at else ArrayFormula(f"{at}:{last}", formula)
        cells = [[(self.row + r, c + 1) for c in range(len(expected[0]))] for r in range(len(expected))]
        self.row += len(expected)
        return cells


def test_every_call_of_the_table(extension, libreoffice, tmp_path):
    sheet = Sheet()
    asked = [(call, sheet.add(call)) for call in calls() if forced(call) is None]
    assert len(asked) >= 300
    path = tmp_path / "calls.xlsx"
    sheet.book.save(path)
    found = openpyxl.load_workbook(libreoffice([path], extension)[0], data_only=True).worksheets[0]
    wrong = []
    for call, cells in asked:
        rows = [[found.cell(*at).value for at in row] for row in cells]
        shown = rows if isinstance(call.expected, list) else rows[0][0]
        if not matches(shown, call.expected):
            wrong.append((call.function, str(call.arguments)[:60], str(shown)[:80], str(call.expected)[:80]))
    assert wrong == []


def test_tables_words_and_sums(extension, libreoffice, tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = f"={SERVICE}.AI_COST_VERSION()"
    book.active["A2"] = ArrayFormula("A2:I3", f"={SERVICE}.AI_CLAIMS()")
    book.active["A5"] = f"=SUM({SERVICE}.AI_BOOK_VALUE(10000,30000,5,25,3))"
    book.active["A6"] = f"=IFERROR({SERVICE}.AI_GPU_CAPEX(-1),42)"
    book.save(tmp_path / "words.xlsx")
    found = openpyxl.load_workbook(libreoffice([tmp_path / "words.xlsx"], extension)[0], data_only=True).active
    from xl_aicost import __version__
    from xl_aicost.hosts import answer

    assert found["A1"].value.startswith(f"{__version__} (model ")
    assert [c.value for c in found[2]][:9] == answer("AI_CLAIMS")[0]
    assert found["A5"].value == pytest.approx(sum(row[0] for row in answer("AI_BOOK_VALUE")[:3]))
    assert found["A6"].value == 42


def test_the_extension_installs_as_its_page_says_and_then_answers(tmp_path):
    """Installing must not import the add-in: its interface is known to LibreOffice only afterwards."""
    extension, (cache, profile) = write_extension(tmp_path / "aicost.oxt"), (tmp_path / "cache", tmp_path / "profile")
    cache.mkdir()
    folders = [f"-env:UNO_SHARED_PACKAGES_CACHE=file://{cache}", f"-env:UserInstallation=file://{profile}"]
    for again in ([], ["--force"]):
        command = [require("unopkg"), "add", "--shared", *again, *folders, extension]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
    book = openpyxl.Workbook()
    book.active["A1"] = f"={SERVICE}.AI_CLUSTER_CAPEX(10000)"
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "numpy.py").write_text("raise ModuleNotFoundError('numpy')")
    command = [require("soffice"), *folders, "--headless", "--convert-to", "csv", "--outdir", tmp_path]
    for added, shown in (({}, "621001085"), ({"PYTHONPATH": str(tmp_path / "without")}, "Err:504")):
        environment = os.environ | added
        subprocess.run([*command, tmp_path / "a.xlsx"], check=True, capture_output=True, timeout=120, env=environment)
        assert (tmp_path / "a.csv").read_text().strip() == shown  # the page says what is seen without numpy


def test_the_interface_is_that_of_the_catalogue(tmp_path):
    """The compiled interface ships in the repository; the compiler of LibreOffice's SDK proves it fresh."""
    folder = share("udfs") / "libreoffice"
    assert (folder / "functions.idl").read_text() == interface()
    if not SDK.exists():
        require("unoidl-write")
    out = tmp_path / "functions.rdb"
    idl = folder / "functions.idl"
    subprocess.run([SDK, TYPES / "types.rdb", TYPES / "types/offapi.rdb", idl, out], check=True)
    assert out.read_bytes() == (folder / "functions.rdb").read_bytes()


def test_the_extension_carries_what_answers_and_no_more():
    found = parts()
    assert "pythonpath/xl_aicost/model/hardware.py" in found
    assert "pythonpath/xl_aicost/assumptions/assumptions.csv" in found
    assert not [p for p in found if "workbook" in p or "cli" in p]
    for name, data in found.items():
        if name.endswith(".py"):
            found_outside = re.findall(
                rb"^(?:import|from) (pandas|openpyxl|xlwings|ironcalc|typer)", data, re.MULTILINE
            )
            assert not found_outside, name


def test_it_is_the_same_file_each_time_and_refuses_other_names(tmp_path):
    first, second = (write_extension(tmp_path / n).read_bytes() for n in ("a.oxt", "b.oxt"))
    assert first == second
    with pytest.raises(InputError, match=r"\.oxt"):
        write_extension(tmp_path / "a.zip")
    with pytest.raises(InputError, match="not a folder"):
        write_extension(tmp_path / "none" / "a.oxt")
    assert {p.name for p in tmp_path.iterdir()} == {"a.oxt", "b.oxt"}
