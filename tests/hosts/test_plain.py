"""The table of calls in plain Python, and what only Python can send."""

import math
import tracemalloc
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from tests.hosts.table import ARITHMETIC, Call, calls
from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.errors import UnknownNameError
from xl_aicost.hosts import CellError, CellProblem, answer


def shown(value):
    return value.code if isinstance(value, CellError) else value


def ask(call):
    """Return rows of numbers, text and error codes, or one."""
    try:
        found = answer(call.function, *call.arguments)
    except CellProblem as problem:
        return problem.error.code
    return [[shown(c) for c in row] for row in found] if isinstance(found, list) else shown(found)


def matches(found, expected):
    if isinstance(expected, list):
        same = isinstance(found, list) and len(found) == len(expected)
        return same and all(matches(f, e) for f, e in zip(found, expected, strict=True))
    if isinstance(expected, str) or isinstance(found, str | list):
        return found == expected
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-6)


@pytest.mark.parametrize("call", calls(), ids=lambda c: f"{c.function}{str(c.arguments)[:40]}")
def test_every_call_of_the_table(call):
    found = ask(call)
    assert matches(found, call.expected), f"{found} is not {call.expected}"


def test_the_table_is_large_and_covers_every_function():
    table = calls()
    assert len(table) >= 300
    assert {c.function for c in table} >= set(CATALOGUE) - {"AI_CLAIMS", "AI_FUNCTIONS", "AI_COST_VERSION"}
    assert set(ARITHMETIC) == {f.name for f in CATALOGUE.values() if f.line}


@pytest.mark.parametrize("function", CATALOGUE.values(), ids=lambda f: f.name)
def test_called_with_nothing_every_function_answers(function):
    if function.name == "AI_PAYBACK_YEARS":  # in the base case it does not pay back
        assert ask(Call(function.name, (), "")) == "#N/A"
        return
    found = answer(function.name)
    cells = [c for row in found for c in row] if isinstance(found, list) else [found]
    assert cells
    assert not any(isinstance(c, CellError) for c in cells)
    assert (isinstance(found, list)) == (function.spills and cells != [found])


def test_option_a_vs_b_adds_up():
    table = answer("OPTION_A_VS_B", "", "", "", "", "", "", 4)
    assert table[0] == ["Year", "Option A: spending", "Option B: spending", "B less A"]
    assert [row[0] for row in table] == ["Year", 1, 2, 3, 4, "Present value, work included"]
    for row in table[1:]:
        assert row[3] == pytest.approx(row[2] - row[1])
    # the fifth argument is of a time before both options spent the same cash
    assert answer("OPTION_A_VS_B", "", "", "", "", 0.9, "", 4) == table


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (("AI_CLUSTER_CAPEX", -1), ["gpus", "-1", "0 to 10,000,000"]),
        (("AI_CLUSTER_MW", 1, 1, 0.5), ["pue", "0.5", "1 to 3"]),
        (("AI_CLUSTER_CAPEX", "x" * 100_000), ["gpus", "text"]),
        (("AI_COMPANY", "Nokia"), ["Nokia"]),
        (("AI_COMPANY", "META", "capex", 1990), ["1990", "2025"]),
        (("AI_GPU_CAPEX", 1, 2, "h100", 4), ["takes 3 arguments, not 4"]),
        (("AI_GPU_CAPEX", 1, 2, "h1"), ["unknown chip", "h1", "h100"]),
        (("AI_NPV", 1, 1, 1, 1, 0, [[1, 2]]), ["years", "one cell"]),
        (("AI_PAYBACK_YEARS",), ["#N/A there is none", "Payback", "not within the horizon"]),
    ],
)
def test_a_message_names_argument_value_and_range(call, words):
    with pytest.raises(CellProblem) as problem:
        answer(*call)
    assert len(str(problem.value)) < 300
    for word in words:
        assert word in str(problem.value)


def test_what_python_can_send():
    assert answer("ai_gpu_capex", np.array([[1.0, 2.0]])) == [[30_000.0, 60_000.0]]
    assert answer("AI_GPU_CAPEX", (1, 2)) == [[30_000.0, 60_000.0]]
    assert answer("AI_GPU_CAPEX", [[None]]) == 3e8
    assert answer("AI_GPU_CAPEX", []) == answer("AI_GPU_CAPEX", [[]]) == 3e8
    for value, code in [(float("nan"), "#NUM!"), (float("inf"), "#NUM!"), (object(), "#VALUE!"), (1j, "#VALUE!")]:
        assert ask(Call("AI_GPU_CAPEX", (value,), code)) == code
    with pytest.raises(UnknownNameError, match="AI_GPU_CAPEX"):
        answer("AI_GPU_CAPX")


NUMBERS = [getattr(np, kind)(2) for kind in ("int8", "uint8", "int64", "uint64", "float16", "float32", "longdouble")]


@pytest.mark.parametrize("number", [2, 2.0, Decimal(2), Fraction(2), *NUMBERS], ids=lambda n: type(n).__name__)
def test_any_kind_of_number(number):
    assert answer("AI_GPU_CAPEX", number, 10) == 20
    assert answer("AI_GPU_CAPEX", [[number], [""]], 10) == [[20], [100_000]]
    assert answer("AI_GPU_CAPEX", np.array([[number, number]]), 10) == [[20, 20]]


@pytest.mark.parametrize("huge", [10**400, -(10**400), 10**5000, Decimal("1e400"), Decimal("sNaN")], ids=range(5))
def test_a_number_beyond_those_of_excel_is_an_error_in_its_cell(huge):
    with pytest.raises(CellProblem, match="#NUM! gpus"):
        answer("AI_GPU_CAPEX", huge)
    assert [[shown(c) for c in row] for row in answer("AI_GPU_CAPEX", [[1, huge]], 10)] == [[10, "#NUM!"]]
    with pytest.raises(CellProblem, match="#N/A"):
        answer("AI_COMPANY", huge)


def test_one_long_text_does_not_make_a_column_large():
    """As an array each cell would take the room of the longest: 1.3 GB."""
    tracemalloc.start()
    found = answer("AI_GPU_CAPEX", [["x" * 32_767], *([1.0] for _ in range(10_000))])
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()
    assert shown(found[0][0]) == "#VALUE!"
    assert found[1] == [30_000]


def test_a_long_column_is_one_evaluation():
    found = answer("AI_CLUSTER_CAPEX", [[float(n)] for n in range(1000, 21_000)])
    assert len(found) == 20_000
    assert found[9000][0] == answer("AI_CLUSTER_CAPEX", 10_000)
