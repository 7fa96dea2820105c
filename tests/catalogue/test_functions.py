"""The catalogue: names that Excel takes, help that fits, LAMBDAs that IronCalc evaluates like numpy."""

import re
from types import SimpleNamespace

import ironcalc
import numpy as np
import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from tests.hosts.table import calls
from tests.model.worked_example import EXPECTED, INPUTS, MILLION, YEARS
from xl_aicost import evaluate
from xl_aicost.case import Case
from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.hosts.calls import answer
from xl_aicost.hosts.cells import CellProblem

# shipped names stand in people's workbooks: none may go; new ones are added at the end of their chapter
FROZEN = "AI_GPU_CAPEX AI_SWITCH_COUNT AI_NETWORK_CAPEX AI_CLUSTER_MW AI_FACILITY_CAPEX AI_CLUSTER_CAPEX "
FROZEN += "AI_ELECTRICITY_COST AI_MAINTENANCE_COST AI_CLUSTER_OPEX AI_ANNUAL_COST AI_CLUSTER_TCO "
FROZEN += "AI_GPU_HOUR_COST AI_TRAINING_RUN_COST AI_WASTED_COMPUTE AI_MODEL_RELEASE_COST AI_DEPRECIATION "
FROZEN += "AI_REFRESH_SCHEDULE AI_BOOK_VALUE LOADED_COST LAYOFFS_TO_FUND LAYOFF_SAVINGS LAYOFF_SEVERANCE "
FROZEN += "LAYOFF_NET_SAVINGS LAYOFF_COVERAGE LAYOFF_PAYBACK_MONTHS GPUS_PER_ENGINEER OPTION_A_VS_B "
FROZEN += "AI_REVENUE_GAP AI_BREAKEVEN_REVENUE AI_BREAKEVEN_YEAR AI_NPV AI_IRR AI_PAYBACK_YEARS AI_COMPANY "
FROZEN += "AI_INVESTMENT_RATIO AI_CAPEX_PER_EMPLOYEE AI_DANGER_ZONE FRONTIER_CAPITAL AI_ASSUMPTION AI_SOURCE "
FROZEN += "AI_EXPLAIN AI_CLAIMS AI_FUNCTIONS AI_COST_VERSION AI_GET "
CLOSED = [f for f in CATALOGUE.values() if f.closed_form]
EXCEL_4_WORDS = {"RESULT", "RETURN", "VALUE", "ARGUMENT", "CALL", "ERROR", "EVALUATE", "GROUP"}


@pytest.mark.parametrize("function", CATALOGUE.values(), ids=lambda f: f.name)
def test_the_name_is_one_that_every_host_takes(function):
    assert re.fullmatch(r"[A-Z][A-Z_]{2,}", function.name)
    assert function.name not in EXCEL_4_WORDS
    assert len(function.wizard) <= 255
    assert all(len(a.help) <= 255 and a.meaning for a in function.arguments)


def random_calls(function, rng):
    """Yield twenty calls with the first few arguments given, in the digits that a person would type."""
    for _ in range(20):
        given = {}
        for a in function.numbers[: rng.integers(1, len(function.numbers) + 1)]:
            value = rng.uniform(max(a.least, a.default * 0.5), min(a.most, a.default * 2 or 1))
            whole = a.unit in {"GPUs", "ports", "choice"}
            given[a.name] = float(round(value)) if whole else float(f"{value:.6g}")
        yield given


@pytest.mark.parametrize("function", [f for f in CATALOGUE.values() if f.takes_chip], ids=lambda f: f.name)
def test_a_chip_sets_what_an_argument_left_out_takes_and_what_no_argument_names(function):
    for chip in ("h100", "h200", "b200", "gb200", "gb300"):
        expected = np.ravel(Case.of(chip=None if chip == "h100" else chip).evaluate(function.line))
        try:
            found = np.ravel(answer(function.name, *[None] * len(function.numbers), chip))
        except CellProblem:
            found = [np.nan]
        assert found == pytest.approx(expected, nan_ok=True), chip


@pytest.mark.parametrize("function", CLOSED, ids=lambda f: f.name)
def test_lambdas_answer_like_numpy(function, tmp_path):
    """Called with nothing, and with random arguments."""
    wb = openpyxl.Workbook()
    wb.defined_names[function.name] = DefinedName(function.name, attr_text=function.lambda_text())
    calls = [{}, *random_calls(function, np.random.default_rng(7))]
    for row, given in enumerate(calls, 1):
        wb.active.cell(row, 1).value = f"={function.name}({','.join(f'{v:.15g}' for v in given.values())})"
    wb.save(tmp_path / "lambda.xlsx")
    engine = ironcalc.load_from_xlsx(str(tmp_path / "lambda.xlsx"), "en", "UTC", "en")
    engine.evaluate()
    for row, given in enumerate(calls, 1):
        found, expected = engine.get_cell_value(0, row, 1), evaluate(function.line, **given)
        assert found == ("#N/A" if np.isnan(expected) else pytest.approx(expected, rel=1e-9)), given


@pytest.mark.parametrize("function", CLOSED, ids=lambda f: f.name)
def test_lambdas_take_a_column(function, tmp_path):
    """MIN and MAX would collapse a range to one number; elementwise they are spelled with IF."""
    first = function.arguments[0]
    column = [first.default * k for k in (0.5, 0.75, 1)]
    column = [float(round(v)) for v in column] if first.unit in {"GPUs", "choice"} else column
    wb = openpyxl.Workbook()
    wb.defined_names[function.name] = DefinedName(function.name, attr_text=function.lambda_text())
    for row, value in enumerate(column, 1):
        wb.active.cell(row, 3).value = value
    wb.active["A1"] = f"=SUM({function.name}(C1:C3))"
    wb.save(tmp_path / "column.xlsx")
    engine = ironcalc.load_from_xlsx(str(tmp_path / "column.xlsx"), "en", "UTC", "en")
    engine.evaluate()
    expected = np.sum(evaluate(function.line, **{first.name: column}))
    assert engine.get_cell_value(0, 1, 1) == pytest.approx(expected, rel=1e-9)


def test_lambdas_answer_the_table_of_calls(tmp_path):
    """The table that all hosts share. A LAMBDA knows no limits and no words, so only its numbers are asked for."""
    wb, asked = openpyxl.Workbook(), []
    for f in CLOSED:
        wb.defined_names[f.name] = DefinedName(f.name, attr_text=f.lambda_text())
    for call in calls():
        numbers = all(a == "" or (isinstance(a, int | float) and not isinstance(a, bool)) for a in call.arguments)
        if call.function in wb.defined_names and numbers and isinstance(call.expected, int | float):
            asked.append(call)
            texts = ["ZZ1" if a == "" else f"{a:.15g}" for a in call.arguments]  # a cell that is blank
            wb.active.cell(len(asked), 1).value = f"={call.function}({','.join(texts)})"
    wb.save(tmp_path / "table.xlsx")
    engine = ironcalc.load_from_xlsx(str(tmp_path / "table.xlsx"), "en", "UTC", "en")
    engine.evaluate()
    assert len(asked) > 150
    for row, call in enumerate(asked, 1):
        assert engine.get_cell_value(0, row, 1) == pytest.approx(call.expected, rel=1e-9, abs=1e-6), call


def test_no_shipped_name_is_gone():
    assert set(FROZEN.split()) <= set(CATALOGUE)


def test_the_catalogue_is_whole():
    assert len(CATALOGUE) >= 42
    assert len(CLOSED) >= 30


def test_an_argument_left_out_in_the_middle_takes_its_base():
    f = CATALOGUE["LAYOFFS_TO_FUND"]
    assert evaluate(f.line) == pytest.approx(65e9 / 450_000)
    assert f.signature == "LAYOFFS_TO_FUND([ai_spend], [loaded_cost])"


FOLLOWING = {"layoffs": 500.0, "years": float(YEARS)}  # arguments that are no inputs of the example


@pytest.mark.parametrize("function", [f for f in CATALOGUE.values() if f.line in EXPECTED], ids=lambda f: f.name)
def test_functions_give_the_numbers_of_the_worked_example(function, monkeypatch):
    """What a function does not take as an argument stands at the example's value too."""
    example = Case.of(settings=INPUTS)
    monkeypatch.setattr("xl_aicost.catalogue.functions.base_case", lambda *_: example)
    arguments = [(INPUTS | FOLLOWING).get(a.name, example.values.get(a.name)) for a in function.numbers]
    found = np.ravel(np.asarray(answer(function.name, *arguments), float))
    scale = MILLION if function.unit.startswith("USD") else 1
    np.testing.assert_allclose(found / scale, np.ravel(EXPECTED[function.line]), rtol=2e-6, atol=5.1e-4)


def test_options_of_the_worked_example(monkeypatch):
    example = Case.of(settings=INPUTS)
    monkeypatch.setattr("xl_aicost.catalogue.answers.Case", SimpleNamespace(of=lambda: example))
    rows = answer("OPTION_A_VS_B", 600e6, 0.1, 5000, 200_000, None, 0.1, 3)
    assert [x / MILLION for x in rows[-1][1:]] == pytest.approx([361.187, 349.999, -11.187], abs=5.1e-4)


def test_a_function_without_an_answer_says_that_there_is_none():
    """A rent of nothing earns no rate; the message says what there is none of."""
    with pytest.raises(CellProblem) as caught:
        answer("AI_IRR", 10_000, 0)
    assert caught.value.error.code == "#N/A"
    assert "there is none" in caught.value.error.message
