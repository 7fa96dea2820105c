"""Simulation, break-even and sweeps: against closed forms, scipy and numpy over all draws."""

import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from xl_aicost import evaluate
from xl_aicost.assumptions import load_assumptions
from xl_aicost.case import Case
from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.cli.main import app
from xl_aicost.errors import AicostError, DataError, InputError, UnknownNameError
from xl_aicost.simulate import Root, simulate, sobol_indices, solve, sweep, tornado
from xl_aicost.simulate.distributions import Distribution, uncertain, with_range
from xl_aicost.simulate.draws import Draws
from xl_aicost.simulate.drivers import rank_regression, tornadoes, widths
from xl_aicost.simulate.sketch import PENDING, Sketch, bins

TABLE = load_assumptions()
SPEND, COST = TABLE["ai_spend"], TABLE["loaded_cost"]
U = np.linspace(0.001, 0.999, 999)


@pytest.mark.parametrize("mode", [2.0, 3.0, 7.0])
def test_shapes_are_those_of_scipy(mode):
    of = {n: Distribution("x", n, 2.0, mode, 7.0).quantile(U) for n in ("triangular", "pert", "uniform", "lognormal")}
    place = (mode - 2) / 5
    assert of["triangular"] == pytest.approx(scipy.stats.triang(place, 2, 5).ppf(U), rel=1e-9)
    assert of["pert"] == pytest.approx(scipy.stats.beta(1 + 4 * place, 5 - 4 * place, 2, 5).ppf(U), rel=1e-9)
    assert of["uniform"] == pytest.approx(scipy.stats.uniform(2, 5).ppf(U))
    assert np.interp([0.05, 0.95], U, of["lognormal"]) == pytest.approx([2, 7], rel=1e-3)


def test_a_lognormal_stays_within_the_limits_of_its_input():
    assert Distribution("x", "lognormal", 0.6, 0.7, 0.9, 0, 1).quantile(np.array([0.5, 0.99999])).tolist()[1] == 1


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=300), st.floats(0, 1))
def test_a_sketch_keeps_percentiles_in_any_order(numbers, level):
    whole, parts = Sketch(), Sketch()
    whole.add(*bins(np.array(numbers)))
    for n in reversed(numbers):
        parts.add(*bins(np.array([n])))
    (found,) = whole.quantiles([level])
    assert parts.quantiles([level]) == [found]
    ordered = np.sort(numbers)
    near = ordered[min(max(int(np.ceil(level * len(ordered))) - 1, 0), len(ordered) - 1)]
    assert abs(found - near) <= 1e-5 * abs(near) + 1e-300


def test_a_sketch_puts_its_bins_together_before_too_many_wait():
    sketch, some, held = Sketch(), bins(np.arange(1.0, 70_001)), []
    for _ in range(20):
        sketch.add(*some)
        assert sketch._held <= PENDING
        held.append(sketch._held)
    assert held[:3] == [70_000, 140_000, 210_000]  # and no sooner
    assert sketch.bins()[1].sum() == 20 * 70_000


@pytest.mark.parametrize(("count", "chunk"), [(100, 64), (5000, 128), (100_000, 2048), (10**6, 8192), (10**9, 8192)])
def test_a_chunk_is_a_thirty_second_of_the_draws_or_less(count, chunk):
    plan = Draws(uncertain("layoffs_to_fund", Case.of(), "triangular"), count, 1)
    assert plan.chunk == chunk
    assert plan.chunks * chunk >= count > (plan.chunks - 1) * chunk


@pytest.mark.parametrize("method", ["random", "latin", "sobol"])
def test_percentiles_are_those_of_all_draws(method, tmp_path):
    out = tmp_path / "draws.parquet"
    found = simulate("option_b_value_advantage", draws=30_001, method=method, out=out, above=[0.0])
    drawn = parquet.read_table(out)
    values = drawn["option_b_value_advantage"].to_numpy()
    assert len(values) == 30_001
    assert drawn.column_names == [d.id for d in found.distributions] + ["option_b_value_advantage"]
    assert [p.level for p in found.percentiles] == [5, 10, 25, 50, 75, 90, 95]
    exact = np.percentile(values, [p.level for p in found.percentiles])
    assert [p.value for p in found.percentiles] == pytest.approx(exact, rel=1e-3)
    assert found.mean == pytest.approx(values.mean(), rel=1e-12)
    assert found.standard_deviation == pytest.approx(values.std(ddof=1), rel=1e-12)
    assert (found.least, found.most) == (values.min(), values.max())
    assert found.above[0.0] == np.mean(values >= 0)
    assert sum(found.bars) == 30_001
    row = {n: drawn[n][777].as_py() for n in drawn.column_names[:-1]}
    assert evaluate("option_b_value_advantage", **row) == pytest.approx(values[777], rel=1e-12)


def test_the_result_does_not_depend_on_threads_and_does_on_the_seed():
    one, two = (simulate("cluster_npv", draws=50_000, threads=n).as_dict() for n in (1, 5))
    assert one == two
    assert simulate("cluster_npv", draws=50_000, seed=2).mean != one["mean"]


@pytest.mark.parametrize("draws", [4096, 8193])  # with a last chunk of one draw too
@pytest.mark.parametrize("method", ["random", "latin", "sobol"])
def test_standard_errors_are_within_a_quarter_of_the_spread_over_seeds(method, draws):
    runs = [simulate("layoffs_to_fund", draws=draws, seed=s, method=method) for s in range(100)]
    found = [[(r.mean, r.mean_error), *((p.value, p.error) for p in r.percentiles)] for r in runs]
    values, errors = np.moveaxis(np.array(found, float), -1, 0)
    ratio = np.sqrt(np.mean(errors**2, axis=0)) / np.std(values, axis=0, ddof=1)
    assert ((ratio > 0.75) & (ratio < 1.25)).all(), ratio.round(2).tolist()


def test_standard_errors_of_a_small_share_are_small_too():
    found = simulate("frontier_share_of_cash_flow", draws=4096)
    usual = found.standard_deviation / 64
    assert found.standard_deviation < 0.003
    assert found.mean_error == pytest.approx(usual, rel=0.5)
    assert found.percentiles[3].error == pytest.approx(1.25 * usual, rel=0.5)  # of the median of a bell


def test_two_draws_have_a_standard_deviation(tmp_path):
    found = simulate("layoffs_to_fund", draws=2, out=tmp_path / "draws.parquet")
    values = parquet.read_table(tmp_path / "draws.parquet")["layoffs_to_fund"].to_numpy()
    assert found.standard_deviation == pytest.approx(values.std(ddof=1), rel=1e-12)


def test_fewer_draws_than_two_chunks_have_no_standard_error_but_that_of_random_means():
    for method in ("random", "latin"):
        found = simulate("layoffs_to_fund", draws=100, method=method)
        assert [p.error for p in found.percentiles] == [None] * 7
        assert (found.mean_error is None) == (method == "latin")


def test_the_mean_of_a_quotient_is_its_integral():
    spend = scipy.stats.triang((SPEND.base - SPEND.low) / (SPEND.high - SPEND.low), SPEND.low, SPEND.high - SPEND.low)
    cost = scipy.stats.triang((COST.base - COST.low) / (COST.high - COST.low), COST.low, COST.high - COST.low)
    expected = spend.mean() * cost.expect(lambda x: 1 / x)
    found = simulate("layoffs_to_fund", draws=1 << 17, method="sobol")
    assert found.mean == pytest.approx(expected, rel=1e-5)


def test_inputs_move_together_as_the_file_says(tmp_path):
    pairs, out = tmp_path / "pairs.csv", tmp_path / "draws.parquet"
    pairs.write_text("a,b,rank_correlation\nai_spend,loaded_cost,-0.6\n")
    simulate("layoffs_to_fund", draws=100_000, correlations=pairs, out=out)
    drawn = parquet.read_table(out)
    rho = scipy.stats.spearmanr(drawn["ai_spend"], drawn["loaded_cost"]).statistic
    assert rho == pytest.approx(-0.6, abs=0.01)
    for bad, words in (
        ("ai_spend,gpus,0.5", "'gpus' does not vary here"),
        ("ai_spend,loaded_cost,1.5", "is not between -1 and 1"),
        ("ai_spend,ai_spend,0.5", "is not between -1 and 1"),
    ):
        pairs.write_text(f"a,b,rank_correlation\n{bad}\n")
        with pytest.raises(DataError, match=words):
            simulate("layoffs_to_fund", draws=100, correlations=pairs)
    impossible = "pue,power_draw_share,0.99\npower_draw_share,electricity_price,0.99\npue,electricity_price,-0.99\n"
    pairs.write_text("a,b,rank_correlation\n" + impossible)
    with pytest.raises(InputError, match="these correlations contradict each other"):
        simulate("electricity_cost", draws=100, correlations=pairs)


def test_distributions_can_be_given_by_input(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("id,distribution,low,mode,high\nloaded_cost,uniform,100000,100000,200000\n")
    found = simulate("layoffs_to_fund", Case.of(settings={"ai_spend": 1e9}), draws=1000, distributions=own)
    assert [(d.id, d.name) for d in found.distributions] == [("loaded_cost", "uniform")]
    assert 5000 <= found.least < found.most <= 10_000
    with pytest.raises(InputError, match="loaded_cost has one value in this case and a distribution"):
        simulate("layoffs_to_fund", Case.of(settings={"loaded_cost": 1e5}), draws=1000, distributions=own)
    least, most = COST.min, COST.max
    own.write_text(f"id,distribution,low,mode,high\nloaded_cost,uniform,{least},{least},{most}\n")
    case = Case.of(settings={"ai_spend": 1e9})
    (whole,) = simulate("layoffs_to_fund", case, draws=100, distributions=own).distributions
    assert (whole.low, whole.mode, whole.high) == (least, least, most)
    own.write_text("id,distribution,low,mode,high\nloaded_cost,uniform,3,2,1\n")
    with pytest.raises(DataError, match="row 2, column low"):
        simulate("layoffs_to_fund", draws=1000, distributions=own)


def test_what_cannot_be_simulated_says_so():
    with pytest.raises(InputError, match="a value for each period"):
        simulate("book_value")
    with pytest.raises(UnknownNameError, match="unknown line"):
        simulate("layofs_to_fund")
    with pytest.raises(
        InputError, match=r"nothing varies: each input of gpu_capex has one value \(gpu_unit_price: your setting\)"
    ):
        simulate("gpu_capex", Case.of(settings={"gpu_unit_price": 1}))
    with pytest.raises(InputError, match="gpu_unit_price, server_unit_cost, switch_unit_price and 27 more: low"):
        simulate("cluster_npv", Case.of(scenario="low"))
    for above in (float("nan"), float("inf")):
        with pytest.raises(InputError, match=r"above = .* is not a number"):
            simulate("layoffs_to_fund", draws=100, above=[above])
    with pytest.raises(InputError, match="draws = 1"):
        simulate("layoffs_to_fund", draws=1)


def test_drivers_are_ordered_and_signed():
    found = simulate("layoffs_to_fund", draws=20_000)
    assert [d.id for d in found.drivers] == ["loaded_cost", "ai_spend"]
    assert found.drivers[0].coefficient < 0 < found.drivers[1].coefficient
    assert found.explained > 0.95
    indices = sobol_indices("layoffs_to_fund", Case.of(), found.distributions)
    assert [i.id for i in indices] == ["loaded_cost", "ai_spend"]
    for i in indices:  # of a product of independent factors the interaction is small and positive
        assert -0.01 < i.total - i.first < 0.05
    assert sum(i.first for i in indices) == pytest.approx(1, abs=0.03)


def test_what_decides_whether_a_result_exists_moves_it_most_and_what_leaves_it_without_one_does_not():
    """At Base the cluster never pays back within its horizon: only what makes it pay back at one end moves the line."""
    case, wanted = Case.of(), []
    for i, a in case.assumptions.rows.items():
        if a.low != a.high and i not in ("gpu_price_decline", "rental_price_decline"):  # a pair, which moves together
            ends = [case.evaluate("payback_years", {i: v}) for v in (a.low, a.high)]
            wanted += [(i, *ends)] if sum(map(math.isfinite, ends)) == 1 else []
    found = [(s.id, s.at_low, s.at_high) for s in tornado("payback_years")]
    assert len(found) >= 6
    assert [f[0] for f in found] == [w[0] for w in wanted]
    assert np.array_equal([f[1:] for f in found], [w[1:] for w in wanted], equal_nan=True)
    sold = [replace(TABLE["utilization"], low=0.0), TABLE["useful_life"]]
    [[first, second]] = tornadoes(["gpu_hour_cost"], sold, case.values, case.years, 1)["gpu_hour_cost"]
    assert (first.id, second.id) == ("utilization", "useful_life")
    assert math.isnan(first.at_low)


def test_a_tornado_moves_one_input_at_a_time():
    swings = tornado("layoffs_to_fund")
    assert [s.id for s in swings] == ["loaded_cost", "ai_spend"]
    assert swings[0].at_low == evaluate("layoffs_to_fund", loaded_cost=COST.low)
    assert swings[0].at_high == evaluate("layoffs_to_fund", loaded_cost=COST.high)


def test_a_swing_that_is_only_rounding_is_none():
    """The length of a run cancels in the share of its interconnect, but for the last digit."""
    line, days = "release_interconnect_share", TABLE["run_days"]
    ends = [evaluate(line, run_days=x) for x in (days.low, days.high)]
    assert ends[0] != ends[1]
    assert ends[0] == pytest.approx(ends[1], rel=1e-15)
    assert days.id in [a.id for a in with_range(TABLE, line)]
    assert days.id not in [s.id for s in tornado(line)]
    assert days.id not in [row[0] for row in CATALOGUE["AI_TORNADO"].table(line)]
    assert widths(np.array([1.0, 1.0, 0.0, np.nan]), np.array([1 + 1e-12, 1.1, 0.0, 1.0])).tolist() == pytest.approx(
        [0, 0.1, 0, np.nan], nan_ok=True
    )


def test_a_result_that_only_rounding_moves_has_no_drivers():
    generator = np.random.default_rng(1)
    inputs = {"pue": generator.random(500)}
    explained, drivers = rank_regression(
        [(inputs, 1 + 1e-15 * inputs["pue"])], [Distribution("pue", "uniform", 0, 0, 1)]
    )
    assert (explained, [d.coefficient for d in drivers]) == (0, [0])


def test_swings_that_are_equally_wide_keep_the_order_of_the_inputs():
    """In a sum, each of two inputs moves the result by the same amount; the last digit must not decide their order."""
    case, line = Case.of(), "cluster_capex"
    inputs = with_range(TABLE, line)
    for order in (inputs, inputs[::-1]):
        (swings,) = tornadoes([line], order, case.values, case.years, 1)[line]
        assert [s.width for s in swings] == sorted((s.width for s in swings), reverse=True)
        still = [s.id for s in swings if not s.width]
        assert still == [a.id for a in order if a.id in still]


def test_solve_finds_where_a_line_reaches_a_target():
    (price,) = solve("option_b_value_advantage", "gpu_unit_price").values
    scale = abs(evaluate("option_b_value_advantage"))
    assert abs(evaluate("option_b_value_advantage", gpu_unit_price=price)) < 1e-6 * scale
    assert solve("cluster_capex", "gpu_unit_price", 1.0).roots == ()
    assert solve("gpu_capex", "gpu_unit_price").roots == (Root(0, 0),)
    with pytest.raises(InputError, match="does not depend on"):
        solve("gpu_capex", "loaded_cost")
    for target in (float("nan"), float("inf")):
        with pytest.raises(InputError, match=r"target = .* is not a finite number"):
            solve("gpu_capex", "gpu_unit_price", target)


def test_a_jump_over_the_target_is_no_root():
    """The year in which depreciation passes payroll is a whole number: no spending gives four and a half."""
    found = solve("depreciation_passes_payroll_year", "ai_spend", 4.5)
    (jump,) = found.jumps
    assert (found.roots, jump.below, jump.above) == ((), 5, 4)
    ends = [evaluate(found.line, ai_spend=jump.at * (1 + step)) for step in (-1e-12, 1e-12)]
    assert ends == [5, 4]


def test_values_at_which_the_line_is_the_target_are_one_root():
    (root,) = solve("depreciation_passes_payroll_year", "ai_spend", 4).roots
    outside = [evaluate("depreciation_passes_payroll_year", ai_spend=x) for x in (root.low * 0.999, root.high * 1.001)]
    assert outside == [5, 3]
    (root,) = solve("funding_gap", "operating_cash_flow").roots  # no gap from capex on
    assert (root.low, root.high) == (evaluate("capex_total"), TABLE["operating_cash_flow"].max)
    (root,) = solve("jobs_work_lost", "work_lost_share").roots
    assert root.low == TABLE["work_lost_share"].min
    assert root.high == pytest.approx(
        evaluate("ai_productivity_gain") * (1 - TABLE["layoff_share"].base) / TABLE["layoff_share"].base
    )


def test_an_end_at_which_the_line_jumps_is_not_one_of_the_values():
    """Two and a half years of building begin three calendar years, and so do three; two years begin two."""
    found = solve("build_year_count", "build_years", 3)
    assert found.roots == (Root(2.0, 3.0, above=True),)
    assert found.values == [3.0]
    assert [evaluate(found.line, build_years=x) for x in (2.0, 2.0001, 3.0)] == [2, 3, 3]


def test_a_choice_is_tried_at_each_of_its_values():
    target = evaluate("cluster_npv", residual_basis=2)
    found = solve("cluster_npv", "residual_basis", target)
    assert (found.values, found.jumps) == ([2], ())
    assert solve("cluster_npv", "residual_basis").values == []


def test_no_root_stands_where_a_line_has_no_value():
    """Without a margin there is no payback: it goes from 0 years to n/a, never through a number below 0."""
    assert solve("payback_first_purchase_years", "rental_price", -1).roots == ()
    with pytest.raises(InputError, match="is n/a: dividends"):
        solve("distributions", "buybacks", 0, Case.of(company="ORCL", year=2026))


def test_the_break_even_price_grows_with_the_horizon_without_a_large_step_back():
    prices = np.array([solve("cluster_npv", "gpu_unit_price", case=Case.of(years=n)).values for n in range(6, 21)])
    assert prices.shape == (15, 1)
    assert (np.diff(prices[:, 0]) / prices[:-1, 0]).min() > -0.03


def test_a_sweep_is_the_model_row_by_row(tmp_path):
    rows = 150_000
    generator = np.random.default_rng(5)
    gpus, price = generator.integers(1, 50_000, rows), generator.uniform(2e4, 4e4, rows)
    grid = tmp_path / "grid.csv"
    text = "\n".join(f"{g},{p!r}" for g, p in zip(gpus.tolist(), price.tolist(), strict=True))
    grid.write_text("gpus,gpu_unit_price\n" + text)
    outs = [tmp_path / "out.parquet", tmp_path / "out.csv"]
    for out in outs:
        assert sweep(grid, ["cluster_capex", "cluster_npv"], out).rows == rows
    table = parquet.read_table(outs[0])
    assert table.column_names == ["gpus", "gpu_unit_price", "cluster_capex", "cluster_npv"]
    some = generator.integers(0, rows, 200)
    for line in ("cluster_capex", "cluster_npv"):
        expected = evaluate(line, gpus=gpus[some], gpu_unit_price=price[some])
        assert table[line].to_numpy()[some] == pytest.approx(expected, rel=1e-12)
    assert outs[1].read_text().count("\n") == rows + 1
    again, only = tmp_path / "again.parquet", tmp_path / "inputs.parquet"
    parquet.write_table(table.select(["gpus", "gpu_unit_price"]), only)
    sweep(only, ["cluster_capex", "cluster_npv"], again)
    assert parquet.read_table(again).equals(table)


def test_a_row_of_a_table_in_memory_is_counted_from_0_and_of_a_file_as_it_shows_it(tmp_path):
    pytest.importorskip("pandas")
    import pandas as pd

    table = pd.DataFrame({"gpus": [10.0, 20.0, -5.0]})
    table.to_csv(tmp_path / "grid.csv", index=False)
    parquet.write_table(pa.table({"gpus": [10.0, 20.0, -5.0]}), tmp_path / "grid.parquet")
    for grid, row in ((table, 2), (tmp_path / "grid.csv", 4), (tmp_path / "grid.parquet", 3)):
        with pytest.raises(AicostError, match=f"row {row}, column gpus: -5 is out of range"):
            sweep(grid, ["gpu_capex"], tmp_path / "out.csv")


def test_a_sweep_that_fails_leaves_the_old_file(tmp_path):
    grid, out = tmp_path / "grid.csv", tmp_path / "out.csv"
    out.write_text("old")
    for text, words in (
        ("gpus\n10\n-5\n", "row 3, column gpus: -5 is out of range"),
        ("gpus\n10\nmany\n", "is not a number"),
        ("gpus,pue\n10,\n", "row 2, column pue: is empty"),
        ("gpuz\n10\n", "unknown input 'gpuz'"),
        ("cluster_capex\n10\n", "is a line"),
        ("residual_basis\n1.5\n", "column residual_basis: 1.5 is not a choice"),
        ("gpus\n", "no rows|Empty|is not a number"),
    ):
        grid.write_text(text)
        with pytest.raises(AicostError, match=words):
            sweep(grid, ["cluster_capex"], out)
        assert out.read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["grid.csv", "out.csv"]


def test_cells_give_what_the_command_gives():
    rows = CATALOGUE["AI_SIMULATE"].table("layoffs_to_fund", 5000.0, 7.0)
    found = simulate("layoffs_to_fund", draws=5000, seed=7)
    assert rows[1] == ["Mean", found.mean, found.mean_error]
    assert rows[5] == ["P50", found.percentiles[3].value, found.percentiles[3].error]
    assert rows[-1][0] == "ai_spend"
    bars = CATALOGUE["AI_TORNADO"].table("cluster_capex")
    assert bars[1][0] == "gpu_unit_price"
    assert bars[1][3:] == [evaluate("cluster_capex", gpu_unit_price=p) for p in (25_000, 40_000)]


def run(*words):
    return CliRunner().invoke(app, [str(w) for w in words])


def test_the_commands(tmp_path):
    png, out = tmp_path / "chart.png", tmp_path / "draws.csv"
    found = run("simulate", "layoffs_to_fund", "--draws", 2000, "--png", png, "--out", out, "--sobol-indices")
    assert found.exit_code == 0, found.output
    assert "P50" in found.output
    assert "with interactions" in found.output
    assert png.read_bytes()[:4] == b"\x89PNG"
    assert out.read_text().count("\n") == 2001
    assert '"threshold": 1' in run("simulate", "layoff_coverage", "--draws", 500, "--above", 1, "--json").output
    assert "gpu_unit_price = 27,912" in run("solve", "option_b_value_advantage", "gpu_unit_price").output
    jump = run("solve", "depreciation_passes_payroll_year", "ai_spend", "--target", 4.5)
    assert "jumps from 5 to 4" in jump.output
    assert jump.exit_code == 1
    assert "build_years above 2 to 3 years" in run("solve", "build_year_count", "build_years", "--target", 3).output
    for words in (("--set", "loaded_cost=1"), ("--year", 2024), ("--scenario", "low")):
        refused = run("simulate", "gpu_capex", "--draws", 100, *words)
        assert isinstance(refused.exception, InputError), words
    missed = run("solve", "cluster_capex", "gpu_unit_price", "--target", 1)
    assert missed.exit_code == 1
    assert "does not reach 1" in missed.output
    grid = tmp_path / "grid.csv"
    grid.write_text("gpus\n1000\n2000\n")
    assert "2 rows" in run("sweep", grid, "--line", "gpu_capex", "--out", tmp_path / "o.parquet").output


def test_a_sweep_reads_a_decimal_however_late_and_decimals_of_parquet(tmp_path):
    """What the first megabytes hold does not decide what a column is."""
    late = tmp_path / "late.csv"
    late.write_text("gpus\n" + "10000\n" * 1_500_000 + "10000.5\n")
    out = tmp_path / "out.parquet"
    assert sweep(late, ["gpu_capex"], out).rows == 1_500_001
    assert parquet.read_table(out)["gpu_capex"][-1].as_py() == 10_000.5 * 30_000
    exact = tmp_path / "exact.parquet"
    parquet.write_table(pa.table({"pue": pa.array([Decimal("1.25"), Decimal("1.30")], pa.decimal128(5, 2))}), exact)
    sweep(exact, ["facility_mw"], out)
    assert parquet.read_table(out)["pue"].to_pylist() == [1.25, 1.3]


def test_what_stands_twice_is_refused(tmp_path):
    table = tmp_path / "twice.csv"
    table.write_text("gpus,gpus\n1,2\n")
    with pytest.raises(DataError, match="the column 'gpus' appears twice"):
        sweep(table, ["gpu_capex"], tmp_path / "out.csv")
    parquet.write_table(pa.table([[1.0], [2.0]], names=["gpus", "gpus"]), tmp_path / "twice.parquet")
    with pytest.raises(DataError, match="the column 'gpus' appears twice"):
        sweep(tmp_path / "twice.parquet", ["gpu_capex"], tmp_path / "out.csv")
    table.write_text("a,b,rank_correlation\nai_spend,loaded_cost,0.5\nloaded_cost,ai_spend,0.2\n")
    with pytest.raises(DataError, match="row 3, column a: 'loaded_cost' and 'ai_spend' appear twice in the file"):
        simulate("layoffs_to_fund", draws=100, correlations=table)
    row = "ai_spend,uniform,65000000000,66000000000,70000000000\n"
    table.write_text("id,distribution,low,mode,high\n" + row + row)
    with pytest.raises(DataError, match="row 3, column id: 'ai_spend' appears twice in the file"):
        simulate("layoffs_to_fund", draws=100, distributions=table)
    found = CliRunner().invoke(app, ["eval", "gpu_capex", "--set", "gpus=1", "--set", "gpus=2"])
    assert "--set gpus is set twice" in str(found.exception)
