"""The graph: order, values, shapes, refusals."""

import types

import numpy as np
import pytest

from xl_aicost import evaluate
from xl_aicost.assumptions import load_assumptions, load_scenarios
from xl_aicost.case import Case, model
from xl_aicost.errors import InputError, UnknownNameError
from xl_aicost.formula import name, show
from xl_aicost.graph import Graph
from xl_aicost.model.line import line


def graph_of(**functions):
    module = types.ModuleType("made.chapter")
    for key, function in functions.items():
        function.__module__, function.__name__ = module.__name__, key
        setattr(module, key, line(key, unit="ratio", kind="ratio", source="a test")(function))
    return Graph.of((module,))


def test_lines_come_after_their_precedents():
    seen = set()
    for item in model().lines.values():
        assert all(p in seen or p not in model().lines for p in item.precedents), item.id
        seen.add(item.id)


def test_chapters_stand_together_so_that_a_sheet_flows_downwards():
    chapters = [line.chapter for line in model().lines.values()]
    assert len(set(chapters)) == sum(a != b for a, b in zip([None, *chapters], chapters, strict=False))


def test_the_ids_of_the_interface_exist():
    inputs = "gpus gpus_per_server gpu_unit_price server_unit_cost switch_unit_price switch_radix kw_per_gpu pue "
    inputs += "utilization electricity_price useful_life failed_runs training_run_cost ai_spend ai_revenue headcount "
    inputs += "loaded_cost layoff_share severance_weeks severance_weeks_per_year years_of_service discount_rate "
    inputs += "cost_basis chip_tdp_kw server_mult avg_power_frac ppi_factor_to_2023_12"
    lines = "epoch_training_cost gpu_capex switches network_capex it_mw facility_mw facility_capex cluster_capex "
    lines += "electricity_cost cluster_opex wasted_compute depreciation layoffs_to_fund layoff_savings layoff_coverage "
    lines += "revenue_gap gpu_hour_cost"
    assert set(inputs.split()) <= model().inputs
    assert set(lines.split()) <= set(model().lines)


MAY_NOT_EXIST = {  # what is n/a where there is no rate, no payback, no such year, no gap, no work lost
    "cluster_irr",
    "payback_years",
    "payback_first_purchase_years",
    "people_return_ratio",
    "breakeven_output_multiple",
    "breakeven_output_per_job",
    "depreciation_passes_payroll_year",
    "ai_revenue_breakeven_year",
    "cut_to_gap",
    "cash_freed",
    "distributions_to_gap",
    "cut_closes_gap",
    "stopping_distributions_closes_gap",
}


@pytest.mark.parametrize("scenario", [*load_scenarios(), "low", "high"])
def test_no_scenario_has_an_error_anywhere(scenario):
    found = model().evaluate(list(model().lines), Case.of(scenario=scenario).values, 30)
    assert {n for n, v in found.items() if not np.all(np.isfinite(v))} <= MAY_NOT_EXIST
    assert not any(np.isinf(v).any() for v in found.values())


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="cycle"):
        graph_of(first=lambda second: second, second=lambda first: first)


@pytest.mark.parametrize("bad", ["h100", "gpu8", "npv10", "r", "c", "r1c1"])
def test_a_name_that_is_a_cell_is_refused(bad):
    namespace = {}
    exec(f"def line({bad}): return {bad}", namespace)
    with pytest.raises(ValueError, match="address of a cell"):
        graph_of(line=namespace["line"])


def test_arrays_are_scenarios_and_keep_their_shape():
    prices = np.array([[20_000.0, 30_000], [40_000, 50_000]])
    assert evaluate("gpu_capex", gpu_unit_price=prices).tolist() == (prices * 10_000).tolist()
    assert evaluate("cluster_npv", gpu_unit_price=prices).shape == (2, 2)
    assert evaluate("book_value", gpu_unit_price=prices, years=7).shape == (2, 2, 7)
    assert isinstance(evaluate("cluster_npv"), float)
    assert evaluate("capex_path", years=5).shape == (5,)


def test_each_scenario_of_an_array_equals_the_scenario_alone():
    lives = [1.0, 2.5, 3, 4.5, 5.5, 12]
    together = evaluate("book_value", useful_life=lives, years=12)
    for life, row in zip(lives, together, strict=True):
        np.testing.assert_allclose(row, evaluate("book_value", useful_life=life, years=12), rtol=1e-12)


@pytest.mark.parametrize("life", [1, 2.5, 3, 5.5, 9.9])
def test_assets_are_written_off_to_nothing_over_any_life(life):
    bought = evaluate("it_capex_path", useful_life=life, years=30)[0]
    charged = evaluate("it_depreciation_path", useful_life=life, years=30, gpus_renewed=np.zeros(30))
    assert charged.sum() == pytest.approx(bought)
    assert charged[0] == pytest.approx(bought / life)


def test_a_division_by_nothing_is_no_exception():
    assert np.isinf(Case.of().evaluate("layoffs_to_fund", {"loaded_cost": np.array([0.0])})[0])


def test_a_line_can_be_replaced_by_values():
    assert evaluate("cluster_capex", facility_capex=0) == evaluate("it_capex")


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: evaluate("gpu_capx"), UnknownNameError, "gpu_capex"),
        (lambda: evaluate("gpu_capex", gpu_price=1), UnknownNameError, "gpu_unit_price"),
        (lambda: evaluate("gpu_capex", scenario="best"), UnknownNameError, "scenario"),
        (lambda: evaluate("gpu_capex", company="Nokia"), UnknownNameError, "Nokia"),
        (lambda: evaluate("gpu_capex", company="META", year=1999), InputError, "2025"),
        (lambda: Case.of(settings={"gpus": -1}), InputError, "0 to 10,000,000"),
        (lambda: Case.of(settings={"cost_basis": 1.5}), InputError, "choice"),
        (lambda: Case.of(settings={"gpu_capex": 1}), InputError, "is a line"),
        (lambda: Case.of(settings={"pue": "1.2"}), InputError, "pue = '1.2' is not a number; accepted: 1 to 3 ratio"),
        (lambda: evaluate("gpu_capex", gpus=-1), InputError, "gpus = -1 is out of range: 0 to 10,000,000 GPUs"),
        (lambda: evaluate("gpu_capex", gpus=float("nan")), InputError, "gpus = nan is not a number"),
        (lambda: evaluate("gpu_capex", gpus="12"), InputError, "gpus = '12' is not a number or an array"),
        (lambda: evaluate("gpu_capex", gpus=[1, -1, -2]), InputError, "gpus = -1 is out of range"),
        (lambda: evaluate("gpu_capex", gpus=[1, np.nan]), InputError, "gpus = nan is not a number"),
        (lambda: evaluate("breakeven_year"), UnknownNameError, "no longer used; see ai_revenue_breakeven_year"),
        (lambda: Case.of(settings={"irr_guess": 1}), UnknownNameError, "no longer used; see irr_floor"),
        (lambda: evaluate("gpu_capex", gpus=None), InputError, "gpus = None is not a number or an array"),
        (lambda: evaluate("cluster_capex", gpu_capex=["x"]), InputError, r"gpu_capex = \['x'\] is not a number"),
        (lambda: evaluate("book_value", years=2.5), InputError, "years = 2.5 is not a whole number of 1 or more"),
        (lambda: evaluate("book_value", years=0), InputError, "years = 0 is not a whole number"),
    ],
)
def test_errors_say_what_to_do(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_a_line_prints_over_its_precedents_and_traces_to_its_inputs():
    symbols = {p: name(p) for p in model().inputs}
    assert show(model().formula("network_capex", {"switches": name("D9"), "switch_unit_price": name("D8")})) == "D9*D8"
    assert show(model().trace("facility_mw", symbols)) == "gpus*kw_per_gpu/1000*pue"


def test_tracing_computes_what_depends_on_numbers_alone():
    symbols = dict.fromkeys(model().inputs, 2.0) | {"gpus": name("A1")}
    assert show(model().trace("hardware_capex", symbols)) == "A1*2+A1*2"


@pytest.mark.parametrize("line", ["book_value", "cluster_npv"])
def test_tracing_a_look_over_time_is_refused(line):
    with pytest.raises(TypeError, match="row of its own"):
        model().trace(line, {p: name(p) for p in (*model().inputs, "period", "periods_per_year")})


def test_company_figures_keep_one_definition_of_capex():
    meta = Case.of(company="meta", year=2025)
    assert "ai_spend is purchases of property and equipment, net of sale proceeds and principal" in meta.notes[0]
    assert (meta.values["ai_spend"], meta.values["prior_ai_spend"]) == (72.215e9, 39.225e9)
    oracle = Case.of(company="ORCL", year=2026).values
    assert np.isnan([oracle["buybacks"], oracle["dividends"]]).all()
    # Alphabet 2023 has leases, 2022 only purchases: the year before is left out rather than mixed
    assert np.isnan(Case.of(company="GOOGL", year=2023).values["prior_ai_spend"])


def test_every_assumption_reaches_some_line():
    for i in load_assumptions():
        assert any(i in line.precedents for line in model().lines.values())
