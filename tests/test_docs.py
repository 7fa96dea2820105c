"""What the README says is so."""

import doctest
import re
import shlex
import shutil
import tomllib
from pathlib import Path

from typer.main import get_command
from typer.testing import CliRunner

from tests.pictures import PICTURES
from xl_aicost import evaluate
from xl_aicost.assumptions import load_assumptions
from xl_aicost.catalogue import claims, scenarios
from xl_aicost.catalogue.claims import counted, verdicts
from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.cli.main import COMMANDS, app
from xl_aicost.workbook.build import assemble
from xl_aicost.workbook.sheets.checks import checks

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "xl_aicost"
ROOMS = {p.stem for p in PACKAGE.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()} - {"__init__"}
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("udfs/**/*.md")]


def test_the_examples_in_python_run():
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert result.attempted >= 3
    assert result.failed == 0


def test_the_numbers_are_those_of_the_model():
    assert f"{evaluate('cluster_capex'):,.0f}" in README
    assert f"pays for {evaluate('layoff_coverage'):.1%}" in " ".join(README.split())
    assert f"{evaluate('layoff_coverage_depreciation'):.1%} of its yearly" in " ".join(README.split())
    counts = counted(verdicts()).replace(" claims:", " claims,")
    assert f"Of {counts}" in " ".join(README.split())
    assert f"**Inputs**: {len(load_assumptions())} inputs" in README
    assert f"**Checks** ({len(list(checks(assemble('cluster'))))} of them" in README


def test_the_functions_are_counted_right():
    closed = sum(f.closed_form for f in CATALOGUE.values())
    for page, text in {
        "README.md": f"one of {len(CATALOGUE)} functions",
        "udfs/README.md": f"all {len(CATALOGUE)} functions. LAMBDA names have the {closed} functions",
        "docs/deploy.md": f"brings {closed} functions as LAMBDA names",
    }.items():
        assert text in (ROOT / page).read_text(encoding="utf-8"), page


def commands(page):
    """Yield each command that a page shows, and the lines that it shows of its output."""
    shown = None
    for line in page.splitlines():
        if match := re.match(r"    (?:\$ )?xl-aicost (.*?)(?: +# .*)?$", line):
            shown = []
            yield shlex.split(match[1]), shown
        elif shown is not None and line.startswith("    "):
            shown.append(" ".join(line.split()))
        else:
            shown = None


def test_every_command_of_the_readme_runs_and_prints_what_is_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    head, *rows = (PACKAGE / "assumptions" / "assumptions.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "mine.csv").write_text("\n".join([head, *(r for r in rows if r.startswith("pue,"))]), encoding="utf-8")
    (tmp_path / "path" / "to").mkdir(parents=True)
    shutil.copy(ROOT / "workbooks" / "cluster.toml", tmp_path / "path" / "to" / "mine.toml")
    shutil.copy(ROOT / "workbooks" / "my_company.csv", tmp_path)
    ran = [*commands(README)]
    for words, shown in ran:
        result = CliRunner().invoke(app, words)
        assert result.exit_code == (1 if words[0] == "diff" else 0), (words, result.output)
        printed = {" ".join(line.split()) for line in result.output.splitlines()}
        assert [line for line in shown if line not in printed] == [], words
    assert len(ran) > 15
    assert sum(len(shown) for _, shown in ran) > 10


def test_the_readme_has_every_command():
    for name in COMMANDS:
        assert re.search(rf"^\| `xl-aicost {name}[ `]", README, re.MULTILINE), name


def test_every_picture_is_shown_and_every_picture_shown_is_there():
    pages = {ROOT / "README.md": README} | {p: p.read_text(encoding="utf-8") for p in ROOT.glob("docs/*.md")}
    shown = {
        (page.parent / name).resolve()
        for page, text in pages.items()
        for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)
    }
    assert shown == set((ROOT / "docs" / "images").iterdir())


def test_make_pictures_makes_the_ten_pages_and_readme_begins_with_the_answer():
    made = {f"{sheet.lower()}.png" for sheet in PICTURES}
    assert len(made) == 10
    assert made <= {p.name for p in (ROOT / "docs" / "images").iterdir()}
    assert re.search(r"!\[[^]]+\]\(([^)]+)\)", README)[1] == "docs/images/answer.png"


def test_every_command_and_option_that_a_page_names_is_there():
    group = get_command(app)
    known = {name: group.get_command(None, name) for name in COMMANDS}
    options = {o for c in [group, *known.values()] for p in c.params for o in (*p.opts, *p.secondary_opts)}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for words in re.findall(r"(?:`|^    (?:\$ )?)xl-aicost ([a-z]+)([^`\n#]*)", text, re.MULTILINE):
            named = re.findall(r"(?<!\w)--[a-z][a-z-]*", words[1])
            assert words[0] in known, f"{page.name}: xl-aicost {words[0]}"
            assert [o for o in named if o not in options] == [], f"{page.name}: xl-aicost {' '.join(words)}"
    for option in re.findall(r"(?<!\w)--[a-z][a-z-]*", README):
        assert option in options | {"--help"}, option


def test_contributing_says_where_each_room_grows():
    for room in ROOMS:
        assert re.search(rf"xl_aicost[/.]{room}\b", CONTRIBUTING), room


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


def test_the_pages_of_claims_and_of_scenarios_are_fresh():
    assert scenarios.summary() in README
    assert (ROOT / "docs" / "claims.md").read_text(encoding="utf-8") == claims.page()
    assert (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8") == scenarios.page()
    assert (ROOT / "docs" / "images" / "scenarios.svg").read_text(encoding="utf-8") == scenarios.picture()


def test_the_reference_of_functions_is_fresh():
    from xl_aicost.hosts.reference import page

    assert (ROOT / "docs" / "functions.md").read_text(encoding="utf-8") == page()
    from xl_aicost.hosts.reference import help_page, pane

    static = ROOT / "udfs" / "excel_server" / "static"
    assert (static / "pane.json").read_text(encoding="utf-8") == pane()
    assert (static / "functions.html").read_text(encoding="utf-8") == help_page()


def layers():
    """Return the rank of each room, from the top down, as the contract of the linter has it."""
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in tables["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return {room: rank for rank, layer in enumerate(contract["layers"]) for room in layer.split(" | ")}


def arrows():
    return re.findall(r"^ +(\w+) --> (\w+)$", ARCHITECTURE, re.MULTILINE)


def imports():
    """Return which room imports which, but for the two that every room may import."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for other in re.findall(r"(?:from|import) xl_aicost(?:\.| import )(\w+)", path.read_text(encoding="utf-8")):
            if other in ROOMS - {room, "support", "errors"}:
                found.add((room, other))
    return found


def reached(start):
    found, todo = set(), [start]
    while todo:
        here = todo.pop()
        todo += [b for a, b in arrows() if a == here and b not in found]
        found |= {b for a, b in arrows() if a == here}
    return found


def test_architecture_names_every_room_and_draws_every_import():
    assert set(layers()) == ROOMS
    assert set(re.findall(r"^\| `(\w+)` \|", ARCHITECTURE, re.MULTILINE)) == ROOMS
    assert {room for arrow in arrows() for room in arrow} == ROOMS
    for a, b in arrows():
        assert layers()[a] < layers()[b], f"{a} --> {b} points up"
    for a, b in imports():
        assert b in reached(a), f"{a} imports {b}, which no arrow shows"
    for a, b in arrows():
        assert (a, b) in imports() or b in ("support", "errors"), f"{a} --> {b}, but {a} does not import it"


def test_every_link_leads_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links {target}"


def test_a_link_with_the_name_of_a_function_leads_to_its_file():
    linked = 0
    for page in PAGES:
        for name, target in re.findall(r"\[`([\w.]+)`\]\(([^)]+\.py)\)", page.read_text(encoding="utf-8")):
            text = (page.parent / target).read_text(encoding="utf-8")
            for part in name.split("."):
                assert re.search(rf"^ *(?:def|class) {part}\b|^{part}\b.* = ", text, re.MULTILINE), (
                    f"{name} in {target}"
                )
            linked += 1
    assert linked >= 15


def test_every_path_that_a_page_names_is_there():
    made = ("build", "dist")  # by make, and not kept
    folders = "|".join(p.name for p in ROOT.iterdir() if p.is_dir() and p.name not in made and p.name[0] != ".")
    for page in PAGES:
        for path in re.findall(rf"`((?:{folders})/[\w./-]*)`", page.read_text(encoding="utf-8")):
            assert (ROOT / path).exists(), f"{page.name} names {path}"


def test_every_decision_is_linked_and_has_its_four_parts():
    decisions = sorted(ROOT.glob("docs/decisions/*.md"))
    linked = re.findall(r"^(\d+)\. \[.*\]\(decisions/(.*)\)$", ARCHITECTURE, re.MULTILINE)
    assert [name for _, name in linked] == [p.name for p in decisions]
    for number, name in linked:
        text = (ROOT / "docs" / "decisions" / name).read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. ")
        assert name.startswith(f"{int(number):04}-")
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "What was tried", "Consequences"]
