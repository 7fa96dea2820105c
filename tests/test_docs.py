"""What the README says is so."""

import doctest
import re
from pathlib import Path

from typer.testing import CliRunner

from xl_aicost import evaluate
from xl_aicost.assumptions import load_assumptions
from xl_aicost.case import model
from xl_aicost.catalogue.claims import verdicts
from xl_aicost.cli.main import app
from xl_aicost.workbook.build import assemble
from xl_aicost.workbook.sheets.checks import checks

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_examples_in_python_run():
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert result.attempted >= 3
    assert result.failed == 0


def test_the_numbers_are_those_of_the_model():
    assert f"{evaluate('cluster_capex'):,.0f}" in README
    assert f"pays for {evaluate('layoff_coverage'):.1%}" in " ".join(README.split())
    assert f"{evaluate('layoff_coverage_depreciation'):.1%} of its yearly" in " ".join(README.split())
    found = [v.verdict for v in verdicts()]
    counts = f"Of {len(found)} claims, `xl-aicost claims` finds that {found.count('ties')} tie out, "
    counts += f"{found.count('does-not-tie')} do not, and {found.count('judgement')} are for judgement"
    assert counts in " ".join(README.split())
    assert f"**Inputs**: {len(load_assumptions())} assumptions" in README
    assert f"**Checks** ({len(list(checks(assemble('cluster'))))} of them" in README
    assert f"{len(model().lines)} lines in seven chapters over {len(load_assumptions())} sourced" in CHANGES


def test_the_answers_to_the_questions_are_those_of_the_command():
    asked = re.findall(r"^    \$ xl-aicost ((?:simulate|solve) .*)$", README, re.MULTILINE)
    assert len(asked) == 3
    for command in asked:
        said = README.partition(command + "\n")[2].partition("\n\n")[0]
        printed = {" ".join(line.split()) for line in CliRunner().invoke(app, command.split()).output.splitlines()}
        for line in said.splitlines():
            assert " ".join(line.split()) in printed


def test_every_command_and_picture_is_there():
    from typer.main import get_command

    for name in get_command(app).commands:
        assert f"`xl-aicost {name}" in README
    for page in re.findall(r"\]\(((?:docs|udfs)/[^)]+\.md)\)", README):
        assert (ROOT / page).exists(), page
    for picture in re.findall(r"\]\((docs/[^)]+)\)", README):
        assert (ROOT / picture).exists(), picture
    assert not (ROOT / "docs").exists() or all(f"docs/images/{p.name}" in README for p in ROOT.glob("docs/images/*"))


def test_each_guarantee_names_a_test_that_there_is():
    page = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| promise")]
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", row)
        assert named or row.endswith("| the same |"), row
        for file, test in named:
            text = (ROOT / file).read_text(encoding="utf-8")
            assert not test or re.search(rf"^def {test}\(", text, re.MULTILINE), (file, test)
    assert len(rows) > 35


def test_the_reference_of_functions_is_fresh():
    from xl_aicost.hosts.reference import page

    assert (ROOT / "docs" / "functions.md").read_text(encoding="utf-8") == page()
    from xl_aicost.hosts.reference import help_page, pane

    static = ROOT / "udfs" / "excel_server" / "static"
    assert (static / "pane.json").read_text(encoding="utf-8") == pane()
    assert (static / "functions.html").read_text(encoding="utf-8") == help_page()
