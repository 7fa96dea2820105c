"""The catalogue: names that Excel takes, help that fits, LAMBDAs that IronCalc evaluates like numpy."""

import re

import ironcalc
import numpy as np
import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from xl_aicost import evaluate
from xl_aicost.functions import CATALOGUE

CLOSED = [f for f in CATALOGUE.values() if f.closed_form]
EXCEL_4_WORDS = {"RESULT", "RETURN", "VALUE", "ARGUMENT", "CALL", "ERROR", "EVALUATE", "GROUP"}


@pytest.mark.parametrize("function", CATALOGUE.values(), ids=lambda f: f.name)
def test_the_name_is_one_that_every_host_takes(function):
    assert re.fullmatch(r"[A-Z][A-Z_]{2,}", function.name)
    assert function.name not in EXCEL_4_WORDS
    assert len(function.help) <= 255
    assert all(len(a.help) <= 255 and a.meaning for a in function.arguments)


def random_calls(function, rng):
    """Yield twenty calls with the first few arguments given, in the digits that a person would type."""
    for _ in range(20):
        given = {}
        for a in function.arguments[: rng.integers(1, len(function.arguments) + 1)]:
            value = rng.uniform(max(a.least, a.default * 0.5), min(a.most, a.default * 2 or 1))
            whole = a.unit in {"GPUs", "ports", "choice"}
            given[a.name] = float(round(value)) if whole else float(f"{value:.6g}")
        yield given


@pytest.mark.parametrize("function", CLOSED, ids=lambda f: f.name)
def test_lambdas_answer_like_numpy(function, tmp_path):
    """Called with nothing, and with random arguments. One workbook each: LOADED_COST is also a parameter's name."""
    wb = openpyxl.Workbook()
    wb.defined_names[function.name] = DefinedName(function.name, attr_text=function.lambda_text())
    calls = [{}, *random_calls(function, np.random.default_rng(7))]
    for row, given in enumerate(calls, 1):
        wb.active.cell(row, 1).value = f"={function.name}({','.join(f'{v:.15g}' for v in given.values())})"
    wb.save(tmp_path / "lambda.xlsx")
    engine = ironcalc.load_from_xlsx(str(tmp_path / "lambda.xlsx"), "en", "UTC", "en")
    engine.evaluate()
    for row, given in enumerate(calls, 1):
        found = engine.get_cell_value(0, row, 1)
        assert found == pytest.approx(evaluate(function.line, **given), rel=1e-9), given


def test_the_catalogue_is_whole():
    assert len(CATALOGUE) >= 42
    assert len(CLOSED) >= 30


def test_an_argument_left_out_in_the_middle_takes_its_base():
    f = CATALOGUE["LAYOFFS_TO_FUND"]
    assert evaluate(f.line) == pytest.approx(65e9 / 450_000)
    assert f.signature == "LAYOFFS_TO_FUND([ai_spend], [loaded_cost])"
