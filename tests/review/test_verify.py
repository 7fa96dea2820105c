"""What `verify` compares: stored values, charts, conditional formats, widths and print set-up beside every cell."""

import json
import os
import re
import subprocess
import sys
import zipfile

import pytest

from xl_aicost.review import verify
from xl_aicost.workbook.build import build

WITHOUT_AVX512 = {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("verify") / "company.xlsx"
    build("company", path)
    return path


def changed(made, folder, start, change):
    """Write a copy of which the parts that begin so are changed as text."""
    path = folder / "changed.xlsx"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, change(data.decode()).encode() if part.startswith(start) else data)
    return path


CHANGES = {
    "every stored number": ("xl/worksheets/sheet", r"(</f><v>)[^<]*(?=</v>)", r"\g<1>42"),
    "one chart": ("xl/charts/chart1", r"\$[A-Z]+\$\d+", "$A$1"),
    "the cells of one chart": ("xl/charts/chart1", r"\$[A-Z]+\$\d+:\$[A-Z]+\$\d+", "$A$1:$A$9"),
    "conditional formats": ("xl/worksheets/sheet", r"<conditionalFormatting.*?</conditionalFormatting>", ""),
    "footers": ("xl/worksheets/sheet", r"<headerFooter.*?</headerFooter>", ""),
    "widths": ("xl/worksheets/sheet", r"<cols>.*?</cols>", ""),
    "validations": ("xl/worksheets/sheet", r"<dataValidations.*?</dataValidations>", ""),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_changed_is_different(made, tmp_path, what):
    start, pattern, new = CHANGES[what]
    result = verify(changed(made, tmp_path, start, lambda text: re.sub(pattern, new, text)))
    assert (result.verdict, result.changed_inputs) == ("different", 0)
    assert bool(result.wrong_values) == (what == "every stored number")
    assert any("stored value" in text for text in result.compared)
    assert any("charts" in text and "conditional formats" in text for text in result.compared)


def test_last_digits_are_the_same_numbers(made, tmp_path):
    def last_digit(match):
        number = float(match[2])
        return f"{match[1]}{number * (1 + 3e-15)!r}"

    path = changed(made, tmp_path, "xl/worksheets/sheet", lambda t: re.sub(r"(</f><v>)(\d+\.\d{9,})", last_digit, t))
    result = verify(path)
    assert (result.verdict, result.wrong_values) == ("same numbers", [])
    assert result.last_digits > 0
    assert result.as_built


def test_digits_that_no_spreadsheet_program_keeps_make_no_difference(made, tmp_path):
    """A sixteenth digit is written by some programs, read by none."""
    path = changed(
        made, tmp_path, "xl/worksheets/sheet", lambda t: re.sub(r"(</f><v>[1-9]\.\d{14})(?=<)", r"\g<1>1", t)
    )
    result = verify(path)
    assert (result.verdict, result.last_digits) == ("same", 0)


def test_another_processor_changes_no_verdict(made):
    program = "import json, sys; from pathlib import Path; from xl_aicost.review import audit, verify; "
    program += "path = Path(sys.argv[1]); found = audit(path); "
    program += "print(json.dumps([found.verdict, [f.rule for f in found.findings], verify(path).verdict]))"
    environment = os.environ | WITHOUT_AVX512
    run = subprocess.run(
        [sys.executable, "-c", program, str(made)], env=environment, check=True, capture_output=True, text=True
    )
    audited, rules, verified = json.loads(run.stdout.splitlines()[-1])
    assert audited == "PASS"
    assert "GEN-01" not in rules
    assert verified in ("identical", "same numbers")
