"""The command as a user types it: every option, and wrong ones."""

import csv
import json
import subprocess
import sys

import openpyxl
import pytest

from xl_aicost import build, evaluate
from xl_aicost.cli import main as cli
from xl_aicost.workbook.sheets.scenario_checks import Check

COMMANDS = ("eval", "explain", "list", "claims", "build")


@pytest.fixture
def run(monkeypatch, capsys):
    """Return a function that runs the command in this process: exit code, standard output, standard error."""

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["xl-aicost", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        output = capsys.readouterr()
        return stop.value.code or 0, output.out, output.err

    return command


def test_eval_prints_value_and_unit(run):
    assert run("eval", "gpu_capex") == (0, "300,000,000 USD\n", "")
    assert run("eval", "gpu_capex", "--set", "gpus=8", "--set", "gpu_unit_price=1e4")[1] == "80,000 USD\n"


def test_eval_as_json(run):
    code, out, _ = run("eval", "cluster_opex", "--scenario", "article-high", "--json")
    assert code == 0
    assert json.loads(out) == {
        "line": "cluster_opex",
        "label": "Running cost (opex)",
        "value": 240e6,
        "unit": "USD/year",
        "scenario": "article-high",
        "model": 2,
    }


def test_eval_of_a_company_says_what_its_capex_counts(run):
    code, out, err = run("eval", "capex_per_employee", "--company", "meta", "--year", "2025", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["value"] == pytest.approx(915_700, abs=50)
    assert found["company"] == "META"
    assert "finance leases" in found["notes"][0]
    assert "finance leases" in err


def test_eval_names_the_figures_that_a_company_lacks(run):
    assert "not on file, so n/a: layoff_share" in run("eval", "ai_spend", "--company", "Alphabet")[2]


def test_eval_over_time_and_where_there_is_no_number(run):
    assert len(json.loads(run("eval", "book_value", "--years", "4", "--json")[1])["value"]) == 4
    assert json.loads(run("eval", "capex_per_gpu", "--set", "gpus=0", "--json")[1])["value"] is None


def test_eval_with_an_overlay(run, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "id,label,unit,low,base,high,min,max,kind,source,note\n"
        "gpu_unit_price,Price,USD/GPU,1,2,3,0,9,contract,https://example.org/quote,ours\n"
    )
    assert run("eval", "gpu_capex", "--assumptions", path)[1] == "20,000 USD\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("eval", "gpu_capx"), "did you mean gpu_capex"),
        (("eval", "gpu_capex", "--set", "gpus"), "--set 'gpus'"),
        (("eval", "gpu_capex", "--set", "gpus=10,000"), "plain number"),
        (("eval", "gpu_capex", "--set", "gpus=nan"), "plain number"),
        (("eval", "gpu_capex", "--set", "gpuz=1"), "did you mean gpus"),
        (("eval", "gpu_capex", "--set", "gpus=-1"), "0 to 10,000,000 GPUs"),
        (
            ("eval", "gpu_capex", "--scenario", "zzz"),
            "unknown scenario 'zzz': use one of base, glut, scarcity, short-life, ai-works, funding-squeeze, article-low, "
            "article-high, low, high\n",
        ),
        (
            ("eval", "gpu_capex", "--company", "Siemens"),
            "unknown company 'Siemens': use one of META, GOOGL, MSFT, AMZN, ORCL, ",
        ),
        (("eval", "gpu_capex", "--company", "META", "--year", "1990"), "years on file"),
        (("eval", "gpu_capex", "--assumptions", "none.csv"), "no such file"),
        (("explain", "gpu_capx"), "did you mean gpu_capex"),
        (("eval", "zzz"), "unknown line 'zzz': see `xl-aicost list lines`\n"),
        (("build", "nothing"), "use one of board, cluster, company, comparison, PATH.toml\n"),
        (("sweep", "none.csv", "--line", "gpu_capex", "--out", "o.csv"), "none.csv: no such file\n"),
        (("build", "cluster", "--out", "book.pdf"), "does not end in .xlsx"),
    ],
)
def test_an_error_is_one_line_that_names_the_fix(run, words, message):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert err.startswith("xl-aicost: ")
    assert err.count("\n") == 1


def test_debug_shows_the_traceback(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["xl-aicost", "eval", "gpu_capx", "--debug"])
    with pytest.raises(Exception, match="gpu_capx"):
        cli.main()


@pytest.mark.parametrize(
    ("words", "helps"),
    [
        (("eval",), "xl-aicost eval --help"),
        (("eval", "x", "--nope"), "xl-aicost eval --help"),
        (("list", "nothing"), "xl-aicost list --help"),
        (("build", "--years", "99"), "xl-aicost build --help"),
        (("nope",), "xl-aicost --help"),
        (("eval", "pue", "--csv-format"), "requires an argument. (see `xl-aicost --help`)"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(run, words, helps):
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert helps in err


def test_a_workbook_whose_checks_fail_is_written_and_told_by_the_exit_code(run, tmp_path, monkeypatch):
    """No input makes a check fail, so one is put in that does."""
    wrong = Check("two_is_three", "Two is three", "error", "2", "3", "Checks")
    monkeypatch.setattr("xl_aicost.workbook.sheets.checks.scenario_checks", lambda book, lane: [wrong])
    code, out, _ = run("build", "board", "--out", tmp_path / "wrong.xlsx")
    assert code == 1
    assert "checks ERROR" in out
    assert (tmp_path / "wrong.xlsx").exists()


def test_explain_shows_the_tree(run):
    code, out, _ = run("explain", "network_capex")
    assert code == 0
    for part in ("switches*switch_unit_price", "23,450,000 USD", "switch_radix", "fat-tree geometry", "[", "├──")[:4]:
        assert part in out
    tree = json.loads(run("explain", "book_value_opening", "--json")[1])
    assert tree["formula"] == "lag(book_value,1)".replace(",", ", ")
    assert tree["precedents"][0]["id"] == "book_value"
    assert len(tree["value"]) == 10


@pytest.mark.parametrize(
    ("what", "least", "key"),
    [
        ("lines", 60, "unit"),
        ("assumptions", 60, "source"),
        ("functions", 10, "signature"),
        ("companies", 100, "definition"),
        ("sources", 40, "url"),
    ],
)
def test_lists(run, what, least, key):
    rows = json.loads(run("list", what, "--json")[1])
    assert len(rows) >= least
    assert all(key in row for row in rows)
    code, out, _ = run("list", what)
    assert code == 0
    assert len(out.splitlines()) > least


def test_lists_show_brackets_as_they_are(run):
    assert "[gpu_unit_price]" in run("list", "functions")[1]


def test_claims(run):
    rows = json.loads(run("claims", "--json")[1])
    keys = {
        "id",
        "claim",
        "unit",
        "low",
        "high",
        "adds_up",
        "sum",
        "comes_to_low",
        "comes_to_high",
        "evidence",
        "as_of",
    }
    keys |= {"found_low", "found_high", "sources", "explanation", "model"}
    assert {row["model"] for row in rows} == {2}
    assert all(set(row) == keys for row in rows)
    assert {row["adds_up"] for row in rows} == {"yes", "partly", "no", "n/a"}
    assert {row["evidence"] for row in rows} == {"supports", "partly", "contradicts", "open"}
    assert all(row["as_of"] and row["sources"] for row in rows)
    assert f"{len(rows)} claims" in run("claims")[1]


def test_build_writes_a_workbook_and_says_so(run, tmp_path):
    out = tmp_path / "book.xlsx"
    words = ("--set", "gpus=20000", "--years", "5", "--start", "2027", "--lambdas", "--json")
    code, text, _ = run("build", "cluster", "--out", out, *words)
    assert code == 0
    assert json.loads(text)["checks"] == "OK"
    book = openpyxl.load_workbook(out, data_only=True)
    assert book["Calc_Live"][
        book.defined_names["cluster_capex"].attr_text.partition("!")[2].replace("$", "")
    ].value == pytest.approx(evaluate("cluster_capex", gpus=20_000))
    assert "AI_CLUSTER_CAPEX" in book.defined_names


def test_build_without_a_name_writes_beside_the_user(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, text, _ = run("build")
    assert code == 0
    assert text.startswith("cluster.xlsx: ")
    assert (tmp_path / "cluster.xlsx").exists()


def test_help_names_every_command_and_version_is_printed(run):
    code, out, _ = run("--help")
    assert code == 0
    assert all(command in out for command in COMMANDS)
    assert run("--version")[1].startswith("xl-aicost ")
    for command in COMMANDS:
        assert run(command, "--help")[0] == 0


@pytest.mark.parametrize("statement", ["import xl_aicost", "import xl_aicost.cli.main"])
def test_importing_stays_quick_by_importing_little(statement):
    heavy = "{'numpy', 'pandas', 'openpyxl', 'ironcalc', 'xlwings', 'rich.table'} & set(sys.modules)"
    code = f"import sys; {statement}; found = {heavy}; sys.exit(str(found) if found else 0)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_the_shipped_tables_are_plain_csv():
    from xl_aicost.assumptions.loader import HERE

    for path in HERE.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert len({len(r) for r in rows}) == 1, path.name


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "company.xlsx"
    build("company", path, years=3)
    return path


@pytest.mark.parametrize(
    ("words", "ending"),
    [
        (("build", "--out"), ".xlsx"),
        (("audit", "SMALL", "--annotate"), ".xlsx"),
        (("diff", "SMALL", "SMALL", "--bridge", "layoffs_to_fund", "--into"), ".xlsx"),
        (("render", "SMALL", "--out"), ".pdf"),
        (("simulate", "layoffs_to_fund", "--draws", "100", "--out"), ".csv or .parquet"),
        (("simulate", "layoffs_to_fund", "--draws", "100", "--png"), ".png"),
        (("sweep", "GRID", "--line", "gpu_capex", "--out"), ".csv or .parquet"),
        (("addin", "libreoffice"), ".oxt"),
    ],
)
def test_where_a_file_cannot_go(run, tmp_path, small, words, ending):
    grid = tmp_path / "grid.csv"
    grid.write_text("gpus\n100\n")
    words = [{"SMALL": small, "GRID": grid}.get(w, w) for w in words]
    first = ending.split()[0]
    (tmp_path / f"folder{first}").mkdir()
    before = sorted(tmp_path.rglob("*"))
    for target, message in (
        (tmp_path / "x.docx", f"does not end in {ending}"),
        (tmp_path / "none" / f"x{first}", f"{tmp_path / 'none'} is not a folder"),
        (tmp_path / f"folder{first}", "is a folder"),
    ):
        code, _, err = run(*words, target)
        assert (code, err.count("\n")) == (2, 1), err
        assert message in err
    assert sorted(tmp_path.rglob("*")) == before


def test_where_a_folder_cannot_go(run, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("name\nA\n")
    for words in (("batch", table, "--out", table), ("addin", "excel-desktop", table)):
        assert run(*words)[::2] == (2, f"xl-aicost: {table} is not a folder\n")
    assert run("addin", "excel-desktop", tmp_path / "a" / "b")[2] == f"xl-aicost: {tmp_path / 'a'} is not a folder\n"


def test_the_audited_file_is_not_written_over(run, small):
    before = small.read_bytes()
    code, _, err = run("audit", small, "--annotate", small)
    assert (code, "a name of its own" in err) == (2, True)
    assert small.read_bytes() == before
