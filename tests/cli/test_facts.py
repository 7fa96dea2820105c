"""The command `facts`: lists by company, period, measure and kind, and reads the SEC's file against the table."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.conftest import DATA
from xl_aicost.cli.main import app
from xl_aicost.errors import AicostError, UnknownNameError

META = str(DATA / "sec" / "CIK0001326801.json")


def run(*words):
    return CliRunner().invoke(app, ["facts", *words])


def test_facts_are_chosen_by_company_period_measure_and_kind():
    rows = json.loads(run("--company", "Meta", "--period", "guide-2026", "--kind", "guidance", "--json").output)
    assert {r["company"] for r in rows} == {"META"}
    assert {r["kind"] for r in rows} == {"guidance"}
    newest = {r["measure"]: r["value"] for r in rows if "2026-07-29" in r["definition"]}
    assert newest == {"capex_guidance_low": 130e9, "capex_guidance_high": 145e9}


def test_a_table_shows_what_each_figure_counts():
    shown = run("--company", "ORCL", "--measure", "capex_purchases", "--period", "FY2026").output
    assert "55,663,000,000" in shown
    assert "gross" in shown
    assert "filed" in shown


def test_an_own_file_stands_beside_the_shipped_one(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "company,period,period_end,measure,value,unit,definition,kind,source,note\n"
        "HOUSE,FY2025,2025-12-31,revenue,5e9,USD,total revenue,filed,https://example.org/r,\n",
        encoding="utf-8",
    )
    rows = json.loads(run("--facts", str(path), "--company", "house", "--json").output)
    assert [(r["measure"], r["value"]) for r in rows] == [("revenue", 5e9)]


def test_the_secs_file_is_shown_against_the_table_and_nothing_is_fetched():
    found = run("--sec", META)
    assert found.exit_code == 0
    assert "as on file, 0 changed, 0 new" in found.output
    assert "https://data.sec.gov/api/xbrl/companyfacts/CIK0001326801.json" in " ".join(run("--help").output.split())


def test_what_the_secs_file_changes_goes_into_a_file_that_facts_takes(tmp_path):
    own, out = tmp_path / "own.csv", tmp_path / "out.csv"
    own.write_text(
        "company,period,period_end,measure,value,unit,definition,kind,source,note\n"
        "META,FY2025,2025-12-31,revenue,1,USD,total revenue,estimate,https://example.org/r,\n",
        encoding="utf-8",
    )
    found = run("--sec", META, "--facts", str(own), "--out", str(out))
    assert "1 changed" in found.output
    rows = json.loads(
        run("--facts", str(out), "--company", "META", "--period", "FY2025", "--measure", "revenue", "--json").output
    )
    assert [(r["value"], r["kind"]) for r in rows] == [(200_966e6, "filed")]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--company", "Siemens"], "unknown company"),
        (["--company", "META", "--period", "FY1999"], "no figure on file"),
        (["--out", "x.csv"], "--out needs --sec"),
        (["--sec", "none.json"], "no such file"),
    ],
)
def test_an_error_is_one_line_that_says_what_would_do(words, message):
    found = run(*words)
    assert isinstance(found.exception, AicostError)
    assert message in str(found.exception)
    assert "\n" not in str(found.exception)


OWN = str(Path(__file__).parents[2] / "workbooks" / "my_company.csv")


def test_figures_of_one_s_own_work_wherever_a_ticker_does(tmp_path, monkeypatch):
    from xl_aicost import evaluate, facts
    from xl_aicost.hosts import answer
    from xl_aicost.review.verify import verify

    def run(*words):
        return CliRunner().invoke(app, words)

    found = run("eval", "ai_spend_to_cash_flow", "--company", "house", "--facts", OWN)
    assert (found.exit_code, found.stdout.split()[0]) == (0, "0.538462")  # 2.1 of 3.9 billion
    assert "HOUSE 2025: ai_spend is purchases of property and equipment, gross; leases not on file" in found.stderr
    assert evaluate("headcount_growth", company="HOUSE", facts=Path(OWN)) == pytest.approx(8_900 / 9_200 - 1)
    assert "HOUSE" in set(facts(OWN).company)
    assert "HOUSE" not in set(facts().company)

    table, folder = tmp_path / "companies.csv", tmp_path / "out"
    table.write_text("name,company,year\nThe house,HOUSE,2025\nMeta,META,2026\n", encoding="utf-8")
    found = run("batch", str(table), "--out", str(folder), "--facts", OWN, "--workers", "1")
    assert (found.exit_code, found.stdout.split()[:3]) == (0, ["2", "of", "2"])
    assert verify(next(folder.glob("*house.xlsx"))).verdict == "identical"

    assert isinstance(run("eval", "ai_spend", "--company", "HOUSE").exception, UnknownNameError)
    monkeypatch.setenv("XL_AICOST_FACTS", OWN)
    assert answer("AI_COMPANY", "HOUSE", "headcount", 2025) == 8_900
    assert answer("AI_GET", "ai_spend", "HOUSE", 2025) == 2.1e9


def test_facts_are_a_table_of_company_period_measure_value_unit_kind_source():
    from xl_aicost import facts

    table = facts()
    assert {"company", "period", "measure", "value", "unit", "kind", "source"} <= set(table.columns)
    assert len(table) >= 1_400
    assert table.value.notna().all()
    assert set(table.kind) == {"filed", "quoted", "derived", "estimate", "guidance"}
