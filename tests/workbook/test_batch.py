"""One workbook a row: what is in it, what a kill leaves, what a second run does."""

import csv
import os
import signal
import subprocess
import sys
import time
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.engines.test_workbook_engines import random_inputs
from xl_aicost.assumptions import load_assumptions
from xl_aicost.errors import AicostError
from xl_aicost.review.verify import verify
from xl_aicost.support.files import replacing
from xl_aicost.support.parallel import threads
from xl_aicost.workbook import batch as module
from xl_aicost.workbook.batch import batch, manifest
from xl_aicost.workbook.build import build
from xl_aicost.workbook.template import load_template

COUNT = 700
TABLE = """name,company,year,ai_spend,headcount
Meta,META,2025,,
Äcme & "Söns": =1+1,,,2e9,5000
"Plain Ltd",,,1000000000,2500
Nowhere,NOKIA,,,
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("batch")
    table = folder / "companies.csv"
    table.write_text(TABLE.replace('Äcme & "Söns": =1+1', '"Äcme & ""Söns"": =1+1"'), encoding="utf-8")
    assert batch(table, folder / "out", workers=2) == 4
    return table, folder / "out", list(manifest(folder / "out"))


def test_each_row_is_a_workbook_or_an_error(made):
    _, out, entries = made
    assert [e.file for e in entries] == ["000001-meta.xlsx", "000002-cme-s-ns-1-1.xlsx", "000003-plain-ltd.xlsx", ""]
    assert [e.checks for e in entries] == ["OK", "OK", "OK", ""]
    assert "unknown company 'NOKIA'" in entries[3].error
    assert sorted(p.name for p in out.iterdir()) == sorted([e.file for e in entries[:3]] + ["manifest.csv"])
    book = openpyxl.load_workbook(out / entries[1].file, data_only=True)
    assert book.properties.title == 'AI spending against payroll: Äcme & "Söns": =1+1'
    assert book["Answer"]["B2"].value == 'Äcme & "Söns": =1+1'
    assert 2e9 in [cell.value for row in book["Inputs"].iter_rows() for cell in row]


def test_a_workbook_of_a_batch_is_what_its_own_provenance_builds(made):
    _, out, entries = made
    for entry in entries[:3]:
        assert verify(out / entry.file).verdict == "identical"


def test_a_stamped_workbook_has_the_bytes_of_a_full_build(tmp_path):
    """Thirty random rows, blank cells among them, in pieces of several sizes; five each built in full."""
    rng = np.random.default_rng(3)
    table = load_assumptions()
    names = [a.id for a in table.values() if a.unit != "choice"]
    rows = []
    for i in range(30):
        values = random_inputs(rng)
        rows.append([f"Firm {i}", *(repr(values[n]) if rng.random() < 0.5 else "" for n in names)])
    rows[7] = ["Nothing given", *[""] * len(names)]
    companies = tmp_path / "companies.csv"
    companies.write_text("\n".join(",".join(r) for r in [["name", *names], *rows]) + "\n")
    for template in ("company", "board"):
        out = tmp_path / template
        assert batch(companies, out, template=template, workers=3) == len(rows)
        entries = list(manifest(out))
        assert not [e.error for e in entries if e.error]
        for at in (0, 7, 12, 20, 29):
            settings = {n: float(v) for n, v in zip(names, rows[at][1:], strict=True) if v}
            plan = module.titled(load_template(template), rows[at][0], keep_figures=False)
            built = build(plan, tmp_path / "one.xlsx", settings=settings)
            assert built.sha256 == entries[at].sha256, rows[at][0]
            assert (out / entries[at].file).read_bytes() == (tmp_path / "one.xlsx").read_bytes()


def test_rows_of_own_figures_are_stamped_and_not_built_one_by_one(tmp_path, monkeypatch):
    """A full build of a row that could be stamped gives the same bytes, at ten times the cost."""
    companies = tmp_path / "companies.csv"
    companies.write_text(
        "name,headcount,ai_spend,layoff_share,loaded_cost\nA,1000,1e9,,\nB,1000,1e9,0.1,300000\nC,1000,1e9,,3e5\n"
    )
    monkeypatch.setattr(module, "processes", threads)
    monkeypatch.setattr(module, "build", None)  # which would build a row in full
    assert batch(companies, tmp_path / "out", workers=1) == 3
    assert [(e.checks, e.error) for e in manifest(tmp_path / "out")] == [("OK", "")] * 3


def test_a_row_that_cannot_be_stamped_is_built_in_full(tmp_path, monkeypatch):
    """Also one where nothing is spent on AI: what is a share of it is n/a, and no error."""
    companies = tmp_path / "companies.csv"
    companies.write_text("name,ai_spend\nA,1e9\nB,0\n")
    refused = []

    def none_of(work, template, editions):
        refused.extend(e.case.values["ai_spend"] for e in editions)
        return iter([None] * len(editions))

    with monkeypatch.context() as patch:
        patch.setattr(module, "_stamped", none_of)
        patch.setattr(module, "processes", threads)
        batch(companies, tmp_path / "full", workers=1)
    assert sorted(refused) == [0, 1e9]
    batch(companies, tmp_path / "out", workers=1)
    full, stamped = list(manifest(tmp_path / "full")), list(manifest(tmp_path / "out"))
    assert [e.checks for e in full] == ["OK", "OK"]
    assert full == stamped
    plan = module.titled(load_template("company"), "B", keep_figures=False)
    built = build(plan, tmp_path / "one.xlsx", settings={"ai_spend": 0})
    assert (built.sha256, built.checks) == (full[1].sha256, full[1].checks)


def test_a_second_run_builds_only_what_is_missing(made, monkeypatch):
    table, out, entries = made
    built = []
    real = module.build_piece
    monkeypatch.setattr(module, "build_piece", lambda work: built.extend(j.row for j in work.jobs) or real(work))
    monkeypatch.setattr(module, "processes", threads)
    (out / entries[0].file).unlink()
    (out / entries[2].file).write_bytes(b"not what was built")
    (out / ".000009-x.xlsx-abc.aicost-tmp").write_bytes(b"left over")
    with replacing(out / "000001-meta.xlsx") as being_written:
        assert batch(table, out) == 4
        assert [p for p in out.iterdir() if p.name.startswith(".")] == [being_written]
        being_written.write_bytes((out / "000001-meta.xlsx").read_bytes())
    assert list(manifest(out)) == entries
    assert built == [1, 3, 4]


def test_a_million_rows_would_fit(tmp_path, monkeypatch):
    """Nothing is kept of a row once it is built: no list of rows, jobs or entries grows."""
    rows, table, out = 20_000, tmp_path / "companies.csv", tmp_path / "out"
    table.write_text("name\n" + "".join(f"Company {i}\n" for i in range(rows)))
    entry = lambda j: module.ManifestRow(j.row, j.name, "", "", "OK", "", j.request)  # noqa: E731
    monkeypatch.setattr(module, "build_piece", lambda work: [entry(j) for j in work.jobs])
    monkeypatch.setattr(module, "processes", threads)
    tracemalloc.start()
    assert batch(table, out, workers=1) == rows
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(1 for _ in manifest(out)) == rows
    assert peak < 100 * rows


def test_killed_at_any_moment_it_leaves_whole_files_and_goes_on(tmp_path):
    table, out = tmp_path / "companies.csv", tmp_path / "out"
    table.write_text("name,ai_spend\n" + "".join(f"Company {i},{i}e8\n" for i in range(1, COUNT + 1)))
    command = [sys.executable, "-m", "xl_aicost.cli.main", "batch", str(table), "--out", str(out), "--workers", "2"]
    command = [sys.executable, "-c", "from xl_aicost.cli.main import main; main()", *command[3:]]
    process = subprocess.Popen(command, start_new_session=True)
    while len(list(out.glob("*.xlsx"))) < 3 and process.poll() is None:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    whole = list(out.glob("*.xlsx"))
    assert 3 <= len(whole) < COUNT
    for path in whole:
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
    assert subprocess.run(command, capture_output=True).returncode == 0
    with (out / "manifest.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["row"] for r in rows] == [str(i) for i in range(1, COUNT + 1)]
    assert sorted(p.name for p in out.iterdir()) == sorted([r["file"] for r in rows] + ["manifest.csv"])


def test_a_table_that_cannot_be_used_says_where(tmp_path):
    table = tmp_path / "companies.csv"
    for text, words in (
        ("name,ai_spent\nA,1\n", "unknown input 'ai_spent'"),
        ("company\nMETA\n", "no column 'name'"),
        ("name,pue\n,1.2\n", "row 2, column name: is empty"),
        ("name,pue,pue\nA,1.2,1.3\n", "the column 'pue' appears twice"),
    ):
        table.write_text(text)
        with pytest.raises(AicostError, match=words):
            batch(table, tmp_path / "out")
    assert not list(Path(tmp_path / "out").glob("*.xlsx"))


def test_a_bad_number_costs_its_row(tmp_path):
    table, out = tmp_path / "companies.csv", tmp_path / "out"
    bad = ["A,0.5,", 'B,"1,2",', "C,,2024.5"]
    table.write_text("\n".join(["name,pue,year", *bad, "D,1.2,"]) + "\n")
    assert batch(table, out, workers=1) == 4
    errors = [e.error for e in manifest(out)]
    assert "row 2, column pue: pue = 0.5 is out of range" in errors[0]
    assert "row 3, column pue: '1,2' is not a number: write it without thousands separators" in errors[1]
    assert "row 4, column year: 2024.5 is not a year" in errors[2]
    assert errors[3] == ""
    assert [p.name for p in out.glob("*.xlsx")] == ["000004-d.xlsx"]
    table.write_text("\n".join(["name,pue,year", "A,1.25,", *bad[1:], "D,1.2,"]) + "\n")
    batch(table, out, workers=1)
    assert [e.error == "" for e in manifest(out)] == [True, False, False, True]
