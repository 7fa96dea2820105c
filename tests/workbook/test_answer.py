"""The Answer page as text and as HTML: the words of the workbook, in one file without a network."""

import json
import re
import subprocess

import openpyxl
import pytest

from tests.conftest import require
from xl_aicost.cli.main import app
from xl_aicost.workbook.answer import answer, as_html, in_terminal
from xl_aicost.workbook.build import build


@pytest.fixture(scope="module")
def found():
    return answer(company="META", year=2026)


def test_the_sentence_is_that_of_the_workbook(found, tmp_path):
    build("company", tmp_path / "meta.xlsx", company="META", year=2026)
    page = openpyxl.load_workbook(tmp_path / "meta.xlsx", data_only=True)["Answer"]
    assert (found.title, found.question, found.answer) == tuple(page[at].value for at in ("B2", "B3", "B5"))
    for (label, value, note), column in zip(found.figures, "BDFHJ", strict=True):
        assert (label, value, note) == tuple(page[f"{column}{row}"].value for row in (7, 8, 9))


def test_the_terminal_shows_answer_figures_and_bars(found):
    text = in_terminal(found)
    assert found.answer in text
    assert all(value in text for _, value, _ in found.figures)
    lengths = [line.count("█") for line in text.splitlines() if "█" in line or "▌" in line]
    shares = [bar.share for bar in found.bars]
    assert len(lengths) == 3
    assert lengths == sorted(lengths, reverse=True)
    assert shares == sorted(shares, reverse=True)


def test_what_is_not_on_file_is_said(tmp_path):
    text = in_terminal(answer(company="ORCL", year=2020))
    assert "n/a" in text


def test_the_page_needs_no_network_and_opens_in_chromium(found, tmp_path):
    path = tmp_path / "answer.html"
    path.write_text(as_html(found), encoding="utf-8")
    assert not re.search(r"""(?:src|href)=|url\(|@import|<script""", path.read_text(encoding="utf-8"))
    words = [
        require("chromium"),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    words += ["--dump-dom", path.as_uri()]
    shown = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout
    assert found.answer in shown
    assert shown.count("<rect") == 3


def test_the_command_prints_writes_and_refuses(tmp_path):
    from typer.testing import CliRunner

    run = CliRunner().invoke
    asked = json.loads(run(app, ["answer", "--json"]).stdout)
    assert asked["answer"].startswith("No. AI spending of $72.2bn")
    assert [b["name"] for b in asked["bars"]] == ["AI spending", "Whole payroll", "Saved by the cut"]
    assert "does not end in .html" in str(run(app, ["answer", "--html", str(tmp_path / "a.txt")]).exception)


def test_a_payroll_of_corporate_people_is_called_so():
    found = answer(company="AMZN", year=2026)
    assert "times Amazon's corporate payroll" in found.answer
    assert found.figures[1][0] == "Corporate payroll, a year"
    assert found.figures[4][2].endswith("of the corporate workforce")
    assert found.bars[1].name == "Corporate payroll"
    assert "whole payroll" not in in_terminal(found)
    assert found.limits[-1].startswith("People, payroll and pay are those of Amazon's corporate employees")


def test_periods_that_differ_are_said(found, tmp_path):
    assert found.limits[-1].endswith("Cash flow and revenue are of the twelve months to June 2026.")
    assert "the middle of $130 to 145 billion" in found.limits[-1]
    build("company", tmp_path / "meta.xlsx", company="META", year=2026)
    page = openpyxl.load_workbook(tmp_path / "meta.xlsx", data_only=True)["Afford"]
    heads = [c.value for row in page.iter_rows() for c in row if str(c.value).startswith("Sources and uses")]
    assert heads == ["Sources and uses of cash, twelve months to June 2026; AI spending of 2026 as guided"]
    filed = answer(company="META", year=2024)
    assert not any("twelve months" in limit or "guided" in limit for limit in filed.limits)


@pytest.mark.parametrize("template", ["cluster", "company", "comparison", "board"])
def test_the_count_of_signatures_covers_those_who_sign(template, tmp_path):
    build(template, tmp_path / "model.xlsx")
    page = openpyxl.load_workbook(tmp_path / "model.xlsx")["Answer"]
    signers = [c.row for c in page["B"] if c.value in ("Prepared by", "Reviewed by", "Approved by")]
    counted = [re.search(r"COUNT\((H\d+:H\d+)\)=0", str(c.value)) for c in page["H"]]
    assert len(signers) == 3
    assert [m[1] for m in counted if m] == [f"H{signers[0]}:H{signers[-1]}"]
