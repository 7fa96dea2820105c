"""The same request gives the same bytes: in other processes, time zones, locales, folders, with other hash seeds."""

import hashlib
import os
import subprocess
import sys

import pytest

from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.review.verify import verify
from xl_aicost.xlsx.package import open_package

PROGRAM = """
import sys
from xl_aicost.workbook.build import build
request = {"settings": {"gpu_unit_price": 27_123.456}, "simulate": {"line": "cluster_npv", "draws": 3000, "date": "2026-11-25"}}
print(build(sys.argv[1], sys.argv[2], **request).sha256)
"""
PLACES = [
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "America/Adak", "LC_ALL": "C", "PYTHONHASHSEED": "4242", "PYTHONUTF8": "0"},
    {
        "TZ": "Asia/Kathmandu",
        "LC_ALL": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    },
]


@pytest.mark.parametrize("template", ["cluster", "company", "comparison", "board"])
def test_the_same_bytes_everywhere(tmp_path, template):
    found = []
    for number, place in enumerate(PLACES):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        out = folder / f"book{number}.xlsx"
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM, template, str(out)],
            env=os.environ | place,
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        assert hashlib.sha256(out.read_bytes()).hexdigest() == run.stdout.strip()
        found.append(run.stdout)
    assert len(set(found)) == 1
    assert verify(out).verdict == "identical"
    facts = ReturnedWorkbook(open_package(out)).facts
    assert facts["generator"].startswith("xl-aicost ")
    assert len(facts["hash_of_assumptions"]) == 64


def test_who_imports_openpyxl_first_makes_no_difference(tmp_path):
    first = "import openpyxl; from xl_aicost.workbook.build import build; print(build('board', {!r}).sha256)"
    last = "from xl_aicost.workbook.build import build; print(build('board', {!r}).sha256)"
    shas = [
        subprocess.run(
            [sys.executable, "-c", program.format(str(tmp_path / "a.xlsx"))], capture_output=True, text=True, check=True
        ).stdout
        for program in (first, last)
    ]
    assert shas[0] == shas[1]
