"""A verdict does not depend on the clock; what is past a limit is incomplete: exit code 2, listed, and never PASS."""

import json
import time

import pytest

from tests.hostile.files import formulas, with_rows, with_strings
from xl_aicost.audit import rules
from xl_aicost.cli.main import main
from xl_aicost.engine import recalculate
from xl_aicost.errors import DataError, IncompleteError
from xl_aicost.review import audit, compare, diff, read, verify
from xl_aicost.workbook.build import build
from xl_aicost.xlsx import index
from xl_aicost.xlsx.limits import Count
from xl_aicost.xlsx.package import open_package

LIMITS = {
    "cells": 1_000,
    "formulas": 500,
    "formula_characters": 5_000,
    "text_characters": 1_000,
    "elements": 5_000,
    "tree_bytes": 10_000,
}
SLOW = "SUMPRODUCT((ROW(B2:B99999)*COLUMN(B2:Z2))*(ROW(B2:B99999)&gt;COLUMN(B2:Z2)))"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("limits") / "company.xlsx"
    build("company", path)
    return path


@pytest.fixture(scope="module")
def again(made):
    """The same workbook in other bytes: with a comment at the end of the zip file."""
    path = made.with_name("again.xlsx")
    path.write_bytes(made.read_bytes()[:-2] + b"\1\0 ")
    return path


@pytest.fixture
def run(monkeypatch, capsys):
    """Return a function that runs a command and returns its exit code, its output and its errors."""

    def run(*words):
        monkeypatch.setattr("sys.argv", ["xl-aicost", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        return stop.value.code, said.out, said.err

    return run


def hurry(monkeypatch, times):
    """Make every clock of the process run so many times as fast."""
    for name in ("monotonic", "perf_counter", "time"):
        clock = getattr(time, name)
        begin = clock()
        monkeypatch.setattr(time, name, lambda clock=clock, begin=begin: begin + times * (clock() - begin))


def test_a_clock_that_runs_forty_times_too_fast_changes_nothing(made, tmp_path, monkeypatch):
    other = tmp_path / "other.xlsx"
    other.write_bytes(formulas("B1+1", "A1*2", "SUM(A1:A2)+#REF!"))
    before = [audit(path).as_dict() for path in (made, other)], diff(made, other).as_dict(), verify(made).as_dict()
    hurry(monkeypatch, 40)
    assert (
        [audit(path).as_dict() for path in (made, other)],
        diff(made, other).as_dict(),
        verify(made).as_dict(),
    ) == before
    assert before[0][0]["incomplete"] == []
    assert before[0][1]["verdict"] == "FAIL"


@pytest.mark.parametrize("name", LIMITS)
def test_a_file_past_a_limit_of_reading_is_incomplete_everywhere(made, again, run, monkeypatch, name):
    assert set(LIMITS) == set(Count.most)
    monkeypatch.setitem(Count.most, name, LIMITS[name])
    limit = f"more than {LIMITS[name]:,} {name.replace('_', ' ')}"
    code, out, errors = run("audit", made, "--json")
    report = json.loads(out)
    assert (code, report["verdict"]) == (2, "INCOMPLETE")
    assert limit in report["incomplete"][0]
    assert any("Provenance" in text for text in report["incomplete"])
    assert errors.startswith(f"xl-aicost: {made}: audit incomplete: ")
    code, out, errors = run("diff", made, again, "--json")
    assert (code, json.loads(out)["verdict"]) == (2, "incomplete")
    assert limit in json.loads(out)["incomplete"][0]
    for command in ("read", "verify"):
        code, out, errors = run(command, made)
        assert (code, out) == (2, "")
        assert f"{made}: reading stopped before the Provenance sheet: " in errors
        assert limit in errors


def test_a_workbook_of_somebody_else_is_named_as_such(tmp_path, run):
    path = tmp_path / "other.xlsx"
    path.write_bytes(formulas("1+1"))
    for command in ("read", "verify"):
        code, _, errors = run(command, path)
        assert code == 2
        assert f"{path}: not made by xl-aicost" in errors


def test_ours_with_a_formula_that_is_too_long_is_not_read_in_full(made, tmp_path, run):
    import openpyxl

    book = openpyxl.load_workbook(made)
    book.create_sheet("Notes")["A1"] = f"={'1+' * 5_000}1"
    book.save(tmp_path / "long.xlsx")
    for command in ("read", "verify"):
        code, _, errors = run(command, tmp_path / "long.xlsx")
        assert code == 2
        assert "Notes!A1: a formula of 10,001 characters" in errors
    with pytest.raises(IncompleteError):
        read(tmp_path / "long.xlsx")
    assert verify(tmp_path / "long.xlsx").verdict == "incomplete"


def test_texts_that_were_not_read_are_not_taken_for_others(tmp_path, monkeypatch):
    path = tmp_path / "texts.xlsx"
    path.write_bytes(with_strings("".join(f"<si><t>text {i}</t></si>" for i in range(2_000))))
    assert open_package(path).sheets[0].cells[1, 1].value == "text 7"
    monkeypatch.setitem(Count.most, "elements", 1_000)
    package = open_package(path)
    assert package.left_out[0].startswith("texts from number ")


@pytest.mark.parametrize(("name", "limit"), [("MOST_CELLS", 3), ("MOST_READ", 10), ("CPU_SECONDS", 1)])
def test_what_is_too_much_to_recalculate_is_incomplete(tmp_path, run, monkeypatch, name, limit):
    path = tmp_path / "slow.xlsx"
    path.write_bytes(formulas(*[SLOW] * 40))
    monkeypatch.setattr(recalculate, "MOST_READ", 10**9)
    monkeypatch.setattr(recalculate, name, limit)
    code, out, _ = run("audit", path, "--json")
    report = json.loads(out)
    assert (code, report["verdict"]) == (2, "INCOMPLETE")
    assert report["incomplete"][0].startswith("whether the stored values are up to date: ")


@pytest.mark.parametrize(("module", "name"), [(rules, "MOST_FORMULAS"), (index, "MOST_STEPS")])
def test_rules_that_take_too_much_work_are_incomplete(tmp_path, run, monkeypatch, module, name):
    path = tmp_path / "numbers.xlsx"
    path.write_bytes(formulas("SUM(B1:B9)", "SUM(B1:B8)", "SUM(B1:B7)", "SUM(B1:B6)"))
    monkeypatch.setattr(module, name, 2)
    code, out, _ = run("audit", path, "--json")
    report = json.loads(out)
    assert (code, report["verdict"]) == (2, "INCOMPLETE")
    assert any("rule" in text for text in report["incomplete"])


def test_differences_past_the_limit_are_not_listed_and_that_is_said(tmp_path, run, monkeypatch):
    for name, add in (("old", 0), ("new", 1)):
        rows = (f'<row r="{i}"><c r="A{i}"><v>{i + add}</v></c></row>' for i in range(1, 20))
        (tmp_path / f"{name}.xlsx").write_bytes(with_rows("".join(rows)))
    monkeypatch.setattr(compare, "MOST_DIFFERENCES", 5)
    code, out, _ = run("diff", tmp_path / "old.xlsx", tmp_path / "new.xlsx", "--json")
    result = json.loads(out)
    assert (code, result["verdict"], len(result["values"])) == (1, "different", 5)
    assert "more than 5 differences" in result["incomplete"][0]


def test_a_critical_finding_stands_where_a_part_was_not_checked(tmp_path, run, monkeypatch):
    path = tmp_path / "broken.xlsx"
    path.write_bytes(formulas("#REF!+1", "A1"))
    monkeypatch.setattr(recalculate, "MOST_CELLS", 1)
    code, out, _ = run("audit", path, "--json")
    report = json.loads(out)
    assert (code, report["verdict"]) == (1, "FAIL")
    assert report["incomplete"]


def test_a_time_limit_is_kept_where_one_is_asked_for(made, again, run, monkeypatch):
    hurry(monkeypatch, 10_000)
    code, out, _ = run("audit", made, "--seconds", "1", "--json")
    report = json.loads(out)
    assert (code, report["verdict"]) == (2, "INCOMPLETE")
    assert all("the time limit was reached" in text for text in report["incomplete"])
    code, out, _ = run("diff", made, again, "--seconds", "1", "--json")
    assert (code, json.loads(out)["verdict"]) == (2, "incomplete")


def test_files_of_the_same_bytes_are_not_read(tmp_path):
    for name in ("old", "new"):
        (tmp_path / f"{name}.xlsx").write_bytes(b"not looked into")
    result = diff(tmp_path / "old.xlsx", tmp_path / "new.xlsx")
    assert (result.verdict, result.notes) == ("same", ["the files are identical, byte for byte"])
    with pytest.raises(DataError, match="no such file"):
        diff(tmp_path / "none.xlsx", tmp_path / "none.xlsx")
