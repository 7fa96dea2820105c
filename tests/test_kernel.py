"""The compiled kernel says what the graph says, and is kept on disk; without numba nothing changes."""

import inspect

import numpy as np
import pytest

from tests.engines.test_workbook_engines import random_inputs
from xl_aicost import kernel
from xl_aicost.case import Case, model
from xl_aicost.formula import scalar
from xl_aicost.formula.kernel import KernelLine, program
from xl_aicost.model import timeline
from xl_aicost.model.missing import when
from xl_aicost.simulate import simulate
from xl_aicost.support import compiled

GRAPH = model()
EVERY = tuple(GRAPH.lines)
SCENARIOS = 400


def scenarios():
    """Draw every input for each scenario; one figure in thirty is n/a."""
    rng = np.random.default_rng(8)
    drawn = [random_inputs(rng) for _ in range(SCENARIOS)]
    values = {i: np.array([d[i] for d in drawn]) for i in drawn[0]}
    for i in values:
        if rng.random() < 0.2:
            values[i][rng.random(SCENARIOS) < 0.15] = np.nan
    return values | {"pue": 1.3}


@pytest.mark.parametrize(("years", "periods_per_year"), [(10, 1), (4, 4), (30, 1)])
def test_every_line_has_the_value_that_the_graph_has(years, periods_per_year):
    pytest.importorskip("numba")
    values = scenarios()
    ours = kernel.evaluate(GRAPH, EVERY, values, years, periods_per_year)
    theirs = GRAPH.evaluate(list(EVERY), values, years, periods_per_year)
    compared = 0
    for line in EVERY:
        a, b = np.broadcast_arrays(np.asarray(theirs[line], float), np.asarray(ours[line], float))
        finite = np.isfinite(a)
        assert (finite == np.isfinite(b)).all(), line
        scale = np.max(np.abs(a), initial=1.0, where=finite)
        assert np.abs(a - b)[finite].max(initial=0.0) <= 1e-10 * scale, line  # where a margin is next to nothing
        compared += int(finite.sum())
    assert compared > 100 * SCENARIOS


def by_kernel(function, at_dates, over_time, x, n):
    """Return a line that looks at the path x, its double and a number, by the text of its kernel run as plain Python."""

    def path(period, *values):
        return sum((when(period, "=", k, v, 0.0) for k, v in enumerate(values[1:], 1)), values[0])

    inputs = ["none", *(f"x{k}" for k in range(len(x))), "n"]
    lines = [
        KernelLine("path", path, ("period", *inputs[:-1]), True, False),
        KernelLine("double", lambda path: 2 * path, ("path",), True, False),
        KernelLine("line", function, ("path", "double", "n"), over_time, at_dates),
    ]
    names: dict[str, object] = {}
    exec(f"{inspect.getsource(scalar)}\n\n{program(lines, inputs, ['line'])}", names)
    arrays = [np.array([v]) for v in (0.0, *x, n)]
    single, series, places = np.full((1, 1), np.nan), np.full((1, len(x) + 1), np.nan), [0] * len(arrays)
    with np.errstate(all="ignore"):
        names["kernel"](len(x), 1.0, arrays, places, 1, single, series)
    return series[0, : len(x) + at_dates] if over_time else single[0]


HELPERS = {
    "cumulative": lambda x, y, n: timeline.cumulative(x),
    "lag": lambda x, y, n: timeline.lag(x, n),
    "trailing_sum": lambda x, y, n: timeline.trailing_sum(x, n),
    "renewals": lambda x, y, n: timeline.renewals(x, n, 0.25),
    "total": lambda x, y, n: timeline.total(x),
    "peak": lambda x, y, n: timeline.peak(x),
    "present_value": lambda x, y, n: timeline.present_value(x, y),
    "dated": lambda x, y, n: timeline.dated(x, y, x),
    "rate_of_return": lambda x, y, n: timeline.rate_of_return(x, 0.1, -0.15),
}


@pytest.mark.parametrize("n", [1.0, 2.0, 2.5, 7.0, np.nan])
@pytest.mark.parametrize("path", [[3.0, -1, 4, 1, 5, 9], [-3.0, np.nan, 4, 2, 0, 1], [-5.0, -4, -1, -6, -2, -3]])
@pytest.mark.parametrize("helper", HELPERS)
def test_the_helpers_of_one_scenario_say_what_those_of_arrays_say(helper, path, n):
    function, over_time = HELPERS[helper], helper in ("cumulative", "lag", "trailing_sum", "renewals", "dated")
    with np.errstate(all="ignore"):
        expected = function(np.array(path), 2 * np.array(path), n)
    found = by_kernel(function, helper == "dated", over_time, path, n)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_numbers_of_one_scenario():
    assert scalar.power(-2.0, 3.0) == -8
    assert scalar.power(2.0, -2.0) == 0.25
    assert scalar.power(2.0, 0.5) == 2**0.5
    assert np.isnan(scalar.power(np.nan, 0.0))
    assert scalar.least(np.nan, 1.0) != scalar.least(np.nan, 1.0)


def test_flows_at_dates_and_sums_of_one_scenario_by_hand():
    x = [3.0, -1, 4, 1]
    assert by_kernel(HELPERS["cumulative"], False, True, x, 1).tolist() == [3, 2, 6, 7]
    assert by_kernel(HELPERS["total"], False, False, x, 1) == 7
    assert by_kernel(HELPERS["peak"], False, False, x, 1) == 4
    assert by_kernel(HELPERS["dated"], True, True, x, 1).tolist() == [6, 4, 6, 10, 2]
    assert by_kernel(HELPERS["present_value"], False, False, x, 1) == 54


@pytest.mark.parametrize("flows", [[-100.0, 60, 60], [-100.0, 230, -132], [-100.0, 50, 20], [1.0, 2, 3], [-1.0, 3, -3]])
def test_rates_of_return_of_one_scenario_are_those_of_arrays(flows):
    with np.errstate(all="ignore"):
        one = scalar.rate_of_return(np.array(flows), len(flows), 0.08, -0.15)
        assert one == pytest.approx(timeline.rate_of_return(np.array(flows), 0.08, -0.15)[0], rel=1e-12)


def test_what_is_compiled_is_found_again(tmp_path, monkeypatch):
    pytest.importorskip("numba")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    text = inspect.getsource(scalar) + "\n\ndef double(x):\n    return 2.0 * power(x, 1.0)\n"
    for _ in range(2):
        compiled.compiled.cache_clear()
        found = compiled.compiled(text, "double")
        assert found(21.0) == 42
    assert sum(found.stats.cache_hits.values()) == 1
    assert len(list((tmp_path / "xl-aicost").glob("*.py"))) == 1


def test_without_numba_and_for_few_scenarios_the_graph_answers(monkeypatch):
    assert not kernel.many(GRAPH, ("cluster_npv",), 100_000)
    assert not kernel.many(GRAPH, ("gpu_capex",), 10**9)
    monkeypatch.setattr(kernel, "available", lambda: False)
    assert not kernel.many(GRAPH, ("cluster_npv",), 10**9)


def test_a_simulation_has_the_same_results_by_the_kernel(monkeypatch):
    pytest.importorskip("numba")
    by_graph = simulate("breakeven_revenue_steady", Case.of(), draws=2000)
    used = []
    monkeypatch.setattr(kernel, "many", lambda *of: used.append(of) or True)
    by_kernel = simulate("breakeven_revenue_steady", Case.of(), draws=2000)
    assert used
    assert by_kernel.mean == pytest.approx(by_graph.mean, rel=1e-12)
    assert by_kernel.inputs_hash == by_graph.inputs_hash
