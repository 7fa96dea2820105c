"""The model in pandas and in notebooks: tidy tables out, DataFrames in, results that show themselves."""

import math
import pickle
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

import xl_aicost
from xl_aicost import Case, evaluate, explain, facts, frame
from xl_aicost.assumptions import load_assumptions
from xl_aicost.case import model
from xl_aicost.errors import AicostError, InputError, UnknownNameError
from xl_aicost.review.verify import verify
from xl_aicost.simulate import simulate, sweep
from xl_aicost.workbook.batch import batch, manifest

CASES = [Case.of(years=3), Case.of(company="ORCL", year=2025, years=3)]


def test_every_line_is_in_a_frame_as_often_as_it_has_values():
    case = Case.of(years=2, periods_per_year=4)
    table = frame(model().lines, case)
    assert list(table.columns) == ["line", "period", "scenario", "value", "unit"]
    counts = table.groupby("line").size()
    assert {n for n, c in counts.items() if c == 8} == model().series - model().dates
    assert {n for n, c in counts.items() if c == 9} == model().dates
    assert (table.period.isna() == ~table.line.isin(model().series)).all()
    assert set(table[table.line == "cluster_dated_flow"].period) == set(range(9))
    for line, rows in table.groupby("line"):
        value = case.evaluate(line)
        assert rows.value.iloc[-1] == (value if isinstance(value, float) else value[-1]) or rows.value.isna().iloc[-1]


def test_cases_are_told_apart_by_name():
    table = frame(["cluster_capex", "free_cash_flow"], CASES)
    assert table.pivot(index="line", columns="scenario", values="value").loc["free_cash_flow", "ORCL 2025"] == -394e6
    assert frame("pue", {"a": CASES[0], "b": CASES[0]}).scenario.tolist() == ["a", "b"]
    with pytest.raises(InputError, match="two cases are called 'base'"):
        frame("pue", [Case.of(), Case.of()])
    with pytest.raises(UnknownNameError, match="cluster_capex"):
        frame("cluster_capx")


def test_what_is_not_on_file_is_nan():
    gaps = [i for i, v in Case.of(company="AAPL").values.items() if math.isnan(v)]
    assert gaps
    assert frame(gaps, Case.of(company="AAPL")).value.isna().all()


def test_facts_and_claims_are_tables():
    assert {"company", "period", "measure", "value", "unit", "kind", "source"} <= set(facts().columns)
    assert len(xl_aicost.claims()) >= 35


def test_a_frame_goes_into_a_sweep_and_another_comes_out(tmp_path):
    grid = pd.DataFrame({"gpus": [1000, 2000], "pue": [Decimal("1.1"), 1.2]})
    table = sweep(grid, ["cluster_capex", "facility_mw"]).to_frame()
    assert list(table.columns) == ["gpus", "pue", "cluster_capex", "facility_mw"]
    assert table.cluster_capex.tolist() == [
        evaluate("cluster_capex", gpus=n, pue=p) for n, p in ((1000, 1.1), (2000, 1.2))
    ]
    for name in ("out.csv", "out.parquet"):
        written = sweep(grid, ["cluster_capex", "facility_mw"], tmp_path / name)
        assert written.rows == 2
        pd.testing.assert_frame_equal(written.to_frame(), table, check_dtype=False)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"gpus": [1, -1]}, "DataFrame, row 1, column gpus: -1 is out of range"),
        ({"gpus": [1, "many"]}, "DataFrame, row 1, column gpus: 'many' is not a number"),
        ({"gpus": [None, 1]}, "DataFrame, row 0, column gpus: is empty"),
        ({"gpu": [1]}, "unknown input 'gpu'"),
        ({"gpus": []}, "DataFrame has no rows"),
    ],
)
def test_a_wrong_cell_of_a_frame_is_named(columns, said):
    with pytest.raises(AicostError) as error:
        sweep(pd.DataFrame(columns), ["cluster_capex"])
    assert said in str(error.value)


def test_a_frame_goes_into_a_batch(tmp_path):
    rows = {"name": ["Ours", "Meta"], "company": [None, "META"], "year": [float("nan"), 2025], "headcount": [900, None]}
    table = pd.DataFrame(rows)
    assert batch(table, tmp_path, workers=1) == 2
    assert [(e.row, e.file, e.error) for e in manifest(tmp_path)] == [
        (1, "000001-ours.xlsx", ""),
        (2, "000002-meta.xlsx", ""),
    ]
    batch(table.assign(headcount=["x", 1]), tmp_path / "wrong", workers=1)
    errors = [e.error for e in manifest(tmp_path / "wrong")]
    assert errors[0].startswith("DataFrame, row 0, column headcount: 'x' is not a number")
    assert errors[1] == ""


def test_a_frame_of_assumptions_goes_into_a_batch_as_its_file_does(tmp_path):
    inputs = pd.DataFrame([asdict(load_assumptions()["pue"])]).assign(base=1.2, low=1.1, high=1.3, source="article")
    inputs.to_csv(tmp_path / "own.csv", index=False)
    rows = pd.DataFrame({"name": ["Ours"]})
    for folder, own in (("a", inputs), ("b", tmp_path / "own.csv"), ("c", None)):
        batch(rows, tmp_path / folder, workers=1, assumptions=own)
        table = xl_aicost.read(tmp_path / folder / "000001-ours.xlsx").inputs.set_index("input")
        assert table.loc["pue", "value"] == (1.15 if own is None else 1.2)


def test_a_simulation_is_a_table():
    found = simulate("layoffs_to_fund", draws=2000, above=[150_000])
    table = found.to_frame().set_index("statistic")
    assert table.loc["mean", "value"] == found.mean
    assert table.loc["P50", "value"] == next(p.value for p in found.percentiles if p.level == 50)
    assert table.loc["chance of 150,000 or more", "value"] == found.above[150_000]
    assert table.standard_error.dtype == float


def test_a_result_shows_itself_in_a_notebook():
    result = evaluate("cluster_capex", gpus=20_000)
    for text in ("Cost to build (capex)", f"{result:,.0f} USD", "it_capex+facility_capex", "definition"):
        assert text in result._repr_html_()
    assert repr(result) == repr(float(result))
    assert pickle.loads(pickle.dumps(result)).unit == "USD"
    tree = explain("gpu_capex", Case.of(settings={"gpu_unit_price": 9000}))._repr_html_()
    for text in ("90,000,000", "gpus*gpu_unit_price", "your setting", "article (base case)"):
        assert text in tree
    assert "P95" in simulate("layoffs_to_fund", draws=2000)._repr_html_()
    assert "<b>" not in evaluate("pue")._repr_html_()


def test_a_sweep_shows_its_rows_or_its_file(tmp_path):
    grid = pd.DataFrame({"gpus": [10_000, 20_000]})
    assert "600000000.0" in sweep(grid, ["gpu_capex"])._repr_html_()
    to_file = sweep(grid, ["gpu_capex"], tmp_path / "a.csv")._repr_html_()
    assert "2 rows" in to_file
    assert "a.csv" in to_file


def test_a_frame_stands_for_a_file_of_assumptions_and_of_facts(tmp_path):
    inputs = pd.DataFrame([asdict(load_assumptions()["pue"])]).assign(base=1.2, low=1.1, high=1.3, source="article")
    case = Case.of(assumptions=inputs)
    assert (case.values["pue"], case.values["gpus"]) == (1.2, 10_000)
    path = xl_aicost.build("board", tmp_path / "own.xlsx", assumptions=inputs, years=3).path
    assert "1.2" in xl_aicost.read(Path(path)).facts["own_assumptions"]
    assert verify(Path(path)).verdict == "identical"
    with pytest.raises(AicostError, match="DataFrame, row 2, column base: 'much' is not a number"):
        Case.of(assumptions=inputs.assign(base="much"))
    own = facts().query("company == 'META' and period == 'FY2025'").assign(company="OURS", note="")
    theirs = Case.of(company="META", year=2025)
    assert Case.of(company="OURS", facts=own).values["ai_spend"] == theirs.values["ai_spend"]
    assert "OURS" in set(facts(own).company)


def test_a_frame_stands_for_distributions_and_correlations():
    shapes = pd.DataFrame(
        {"id": ["gpu_unit_price"], "distribution": ["uniform"], "low": [1], "mode": [2], "high": [3.0]}
    )
    found = simulate("gpu_capex", draws=500, distributions=shapes)
    assert found.least >= 10_000
    assert found.most <= 30_000
    pair = pd.DataFrame({"a": ["ai_spend"], "b": ["loaded_cost"], "rank_correlation": [0.9]})
    tied, free = (simulate("layoffs_to_fund", draws=5000, correlations=c) for c in (pair, None))
    assert tied.standard_deviation < free.standard_deviation
    with pytest.raises(AicostError, match="DataFrame, row 0, column b: 'pue' does not vary here"):
        simulate("layoffs_to_fund", draws=500, correlations=pair.assign(b="pue"))
