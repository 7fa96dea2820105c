"""The command `facts`: lists by company, period, measure and kind, and reads the SEC's file against the table."""

import json

import pytest
from typer.testing import CliRunner

from tests.conftest import DATA
from xl_aicost.cli.main import app
from xl_aicost.errors import AicostError

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
        (["--out", "x.csv"], "--out goes with --sec"),
        (["--sec", "none.json"], "no such file"),
    ],
)
def test_an_error_is_one_line_that_says_what_would_do(words, message):
    found = run(*words)
    assert isinstance(found.exception, AicostError)
    assert message in str(found.exception)
    assert "\n" not in str(found.exception)
