"""The folder for desktop Excel, and the table of calls through classic xlwings' own code."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from tests.hosts.basic import run_vba
from tests.hosts.table import NEW_ERRORS, OLD_ERRORS, calls
from tests.hosts.test_plain import matches
from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.hosts.addin import write_excel_desktop
from xl_aicost.hosts.vba import helpers


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


def test_every_result_passes_through_the_vba_that_makes_errors(windows):
    called = re.findall(r"= (.*)XLPy\.CallUDF", windows["vba"])
    assert called == ["AiCostResult("] * 2 * len(CATALOGUE)
    assert windows["vba"].count("Function AiCostResult(") == 1


CHECK = """
Sub Main
    Dim texts, found, r As Long
    texts = Array({texts})
    For r = LBound(texts) To UBound(texts)
        found = AiCostResult(texts(r))
        Print #1, CStr(found)
    Next r
    Dim block(0 To 1, 0 To 1)
    block(0, 0) = 2.5: block(0, 1) = "#SPILL!": block(1, 0) = "META": block(1, 1) = "#N/A Nokia is not on file"
    found = AiCostResult(block)
    Print #1, CStr(found(0, 0)) & " " & CStr(found(0, 1)) & " " & CStr(found(1, 0)) & " " & CStr(found(1, 1))
End Sub
"""
NUMBERS = (2000, 2007, 2015, 2023, 2029, 2036, 2042, 2043, 2045, 2046, 2047, 2048, 2049, 2050, 2051, 2055)


def test_our_vba_makes_excel_errors(tmp_path):
    """In LibreOffice's Basic, which runs VBA; Debug.Print is Excel's alone, so it prints to the file."""
    codes = (*OLD_ERRORS, *NEW_ERRORS[:-1])  # what VBA calls #EXTERNAL! is not known
    texts = [*codes, "#NUM! gpus: -1 is out of range", "# of jobs", "META", ""]
    code = CHECK.format(texts=", ".join(f'"{t}"' for t in texts)) + helpers().replace("Debug.Print", "Print #1,")
    told, right = ["#NUM! gpus: -1 is out of range"], [f"Error {n}" for n in NUMBERS]
    told += ["Error 2036", "# of jobs", "META", "", "#N/A Nokia is not on file", "2.5 Error 2045 META Error 2042"]
    assert run_vba(code, tmp_path) == right + told


# words of VBA that cannot name a function or an argument
RESERVED = """
addressof and as boolean byref byte byval call case cbool cbyte ccur cdate cdbl cint clng close const csng cstr currency
cvar cverr date debug declare dim do double each else elseif empty end endif enum eqv erase event exit false for friend
function get global gosub goto if imp implements in input integer is let like lock long loop lset me mod new next not
nothing null on open option optional or paramarray preserve print private public put raiseevent redim rem resume return
rset seek select set single static stop string sub tab then to true type typeof until variant wend while with withevents
write xor
"""


def test_the_vba_keeps_the_rules_of_vba(windows):
    lines, reserved = windows["vba"].splitlines(), RESERVED.split()
    assert windows["vba"].isascii()
    assert max(map(len, lines)) <= 1023
    heads = [re.fullmatch(r"(?:Private )?Function (\w+)\((.*?)\)(?: As Variant)?", line) for line in lines]
    names = [head[1] for head in heads if head]
    assert len(names) == len({n.lower() for n in names}) == lines.count("End Function") == len(CATALOGUE) + 2
    assert not [n for n in names if n.lower() in reserved or re.fullmatch(r"[A-Za-z]{1,3}\d+", n)]
    for head in filter(None, heads):
        arguments = [a.split()[1].lower() for a in head[2].split(", ") if a]
        assert len(set(arguments)) == len(arguments) <= 60
        assert not [a for a in arguments if a in reserved or a == head[1].lower()], head[0]


def test_no_text_of_the_wizard_is_cut(windows):
    for told in windows["wizard"]:
        assert len(told["Description"]) < 255, told["Macro"]
        assert all(len(text) < 255 for text in told["ArgumentDescriptions"] or []), told["Macro"]


def test_the_wizard_shows_help_category_and_arguments(windows):
    told = {w["Macro"].rpartition("!")[2]: w for w in windows["wizard"]}
    for name, function in CATALOGUE.items():
        assert told[name]["Description"] == function.wizard
        assert told[name]["Category"] == "AI cost"
        if function.arguments:
            assert told[name]["ArgumentDescriptions"] == [a.help for a in function.arguments]


def test_the_workbook_of_the_folder_brings_its_macros(folder):
    with zipfile.ZipFile(folder / "aicost_functions.xlsm") as workbook:
        assert "xl/vbaProject.bin" in workbook.namelist()


def test_the_workbook_has_a_button_that_runs_the_module_s_main(folder):
    """xlwings' macro imports the module that is called as the workbook and runs its main."""
    with zipfile.ZipFile(folder / "aicost_functions.xlsm") as workbook:
        drawing = ElementTree.fromstring(workbook.read("xl/drawings/drawing1.xml"))
        sheet = ElementTree.fromstring(workbook.read("xl/worksheets/sheet1.xml"))
        assert b"drawing1.xml" in workbook.read("xl/worksheets/_rels/sheet1.xml.rels")
        assert b"/xl/drawings/drawing1.xml" in workbook.read("[Content_Types].xml")
        assert b"SampleCall" in workbook.read("xl/vbaProject.bin")
    assert [e.get("macro") for e in drawing.iter() if e.tag.endswith("}sp")] == ["[0]!SampleCall"]
    assert sheet[-1].tag.endswith("}drawing")
    source = (folder / "aicost_functions.py").read_text(encoding="utf-8")
    assert "def main():" in source
    assert "xlwings.Book.caller()" in source
    assert openpyxl.load_workbook(folder / "aicost_functions.xlsm", keep_vba=True).sheetnames == [
        "Sheet1",
        "_xlwings.conf",
    ]
