"""The catalogue: names that Excel takes, help that fits, LAMBDAs that IronCalc evaluates like numpy."""

import re

import ironcalc
import numpy as np
import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from xl_aicost import evaluate
from xl_aicost.assumptions import load_assumptions
from xl_aicost.functions import CATALOGUE

EXCEL_4_WORDS = {"RESULT", "RETURN", "VALUE", "ARGUMENT", "CALL", "ERROR", "EVALUATE", "GROUP"}


@pytest.mark.parametrize("function", CATALOGUE.values(), ids=lambda f: f.name)
def test_the_name_is_one_that_every_host_takes(function):
    assert re.fullmatch(r"[A-Z][A-Z_]{2,}", function.name)
    assert function.name not in EXCEL_4_WORDS
    assert len(function.help) <= 255
    assert function.arguments


@pytest.fixture(scope="module")
def workbook_of_lambdas(tmp_path_factory):
    """One workbook: a row a function, its LAMBDA called with no argument, then with random ones."""
    rng = np.random.default_rng(7)
    wb = openpyxl.Workbook()
    sheet, calls = wb.active, []
    for f in CATALOGUE.values():
        wb.defined_names[f.name] = DefinedName(f.name, attr_text=f.lambda_text())
        calls.append((f, {}, f"={f.name}()"))
        for _ in range(20):
            given = {}
            for argument in f.arguments[: rng.integers(1, len(f.arguments) + 1)]:
                a = load_assumptions()[argument]
                value = rng.uniform(max(a.min, a.low * 0.5), min(a.max, a.high * 2 or 1))
                whole = a.unit in {"GPUs", "ports", "choice"}
                given[argument] = float(round(value)) if whole else float(f"{value:.6g}")
            calls.append((f, given, f"={f.name}({','.join(f'{v:.15g}' for v in given.values())})"))
    for row, (_, _, text) in enumerate(calls, 1):
        sheet.cell(row, 1).value = text
    path = tmp_path_factory.mktemp("lambdas") / "lambdas.xlsx"
    wb.save(path)
    engine = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    engine.evaluate()
    return [(f, given, engine.get_cell_value(0, row, 1)) for row, (f, given, _) in enumerate(calls, 1)]


@pytest.mark.parametrize("name", CATALOGUE)
def test_lambdas_answer_like_numpy(workbook_of_lambdas, name):
    mine = [(given, found) for f, given, found in workbook_of_lambdas if f.name == name]
    assert len(mine) == 21
    for given, found in mine:
        assert found == pytest.approx(evaluate(CATALOGUE[name].line, **given), rel=1e-9), given


def test_an_argument_left_out_in_the_middle_takes_its_base():
    f = CATALOGUE["LAYOFFS_TO_FUND"]
    assert evaluate(f.line) == pytest.approx(65e9 / 450_000)
    assert f.signature == "LAYOFFS_TO_FUND([ai_spend], [loaded_cost])"
