"""`xl-aicost mcp` through the official client, over standard input and output."""

import asyncio
import json
import math
import os
import re
import subprocess
import sys

import openpyxl
import pytest
from mcp import Client, StdioServerParameters

from xl_aicost.case import Case
from xl_aicost.catalogue.claims import verdicts
from xl_aicost.support.share import share

PROGRAM = [sys.executable, "-c", "from xl_aicost.cli.main import main; main()", "mcp"]


def talk(folder, conversation):
    """Start the server for a folder, hold a conversation with it, and return what that returns."""

    async def main():
        command = StdioServerParameters(command=PROGRAM[0], args=[*PROGRAM[1:], str(folder)], env=dict(os.environ))
        async with Client(command) as client:
            return await conversation(client)

    return asyncio.run(main())


def ask(folder, *calls):
    """Return the results of some calls."""

    async def conversation(client):
        return [await client.call_tool(name, arguments) for name, arguments in calls]

    return talk(folder, conversation)


def text_of(result):
    assert [c.type for c in result.content] == ["text"]
    return result.content[0].text


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a workbook that the server built, and a link to a file outside."""
    around = tmp_path_factory.mktemp("mcp")
    path = around / "files"
    path.mkdir()
    (around / "secret.xlsx").write_text("secret")
    (path / "link.xlsx").symlink_to(around / "secret.xlsx")
    (built,) = ask(path, ("build", {"file": "base.xlsx", "case": {"settings": {"gpus": 12_000}}}))
    assert built.structured_content["checks"] == "OK"
    return path


def test_every_tool_has_help_a_schema_and_says_whether_it_writes(tmp_path):
    tools = {t.name: t for t in talk(tmp_path, lambda client: client.list_tools()).tools}
    reading = ["list_items", "evaluate", "explain", "claims", "facts", "read", "audit", "diff"]
    assert set(tools) == {*reading, "build", "edit"}
    for name, tool in tools.items():
        assert 20 < len(tool.description) < 200
        assert tool.annotations.read_only_hint == (name in reading)
        assert tool.annotations.open_world_hint is False
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema
        assert "tell" not in tool.input_schema["properties"]
        assert "self" not in tool.input_schema["properties"]


def test_what_assistants_are_told_is_so(tmp_path):
    """The tools and arguments that SKILL.md names exist, and the pages that llms.txt and README name."""
    folder = share("udfs") / "assistant"
    skill, tools = (
        (folder / "SKILL.md").read_text(encoding="utf-8"),
        talk(tmp_path, lambda client: client.list_tools()).tools,
    )
    known = {t.name: set(t.input_schema["properties"]) for t in tools}
    for name, arguments in re.findall(r"`(\w+)\((.*?)\)", skill):
        assert set(re.findall(r"(\w+)=", arguments)) <= known[name], name
    assert re.search(r"has ten tools", skill)
    assert len(known) == 10
    for page in ("llms.txt", "README.md", "SKILL.md"):
        for link in re.findall(r"\]\(([^)]+)\)", (folder / page).read_text(encoding="utf-8")):
            assert (folder / link).exists(), link


def test_results_are_text_and_the_same_as_structured_data(tmp_path):
    case = {"company": "META", "year": 2024, "settings": {"loaded_cost": 500_000}}
    (result,) = ask(tmp_path, ("evaluate", {"lines": ["layoff_coverage", "headcount"], "case": case}))
    data = result.structured_content
    expected = Case.of(**case)
    assert math.isnan(expected.evaluate("layoff_coverage"))  # Meta announced no cut in 2024
    assert [v["value"] for v in data["values"]] == [None, 67_317]
    assert (data["company"], data["year"]) == ("META", 2024)
    text = text_of(result)
    assert "year: 2024" in text
    assert "line: headcount; label: " in text
    assert "value: 67,317; unit: jobs" in text
    assert "value: n/a; unit: share" in text


def test_what_is_asked_is_answered(tmp_path):
    listed, explained, claims, facts = ask(
        tmp_path,
        ("list_items", {"what": "assumptions", "search": "gpu price"}),
        ("explain", {"line": "network_capex", "depth": 1}),
        ("claims", {}),
        ("facts", {"company": "Alphabet", "measure": "headcount"}),
    )
    assert "gpu_unit_price" in [i["id"] for i in listed.structured_content["items"]]
    tree = explained.structured_content
    assert tree["formula"] == "switches*switch_unit_price"
    assert [p["id"] for p in tree["precedents"]] == ["switches", "switch_unit_price"]
    assert all("precedents" not in p for p in tree["precedents"])
    assert len(claims.structured_content["claims"]) == len(verdicts())
    rows = facts.structured_content["facts"]
    assert {(r["company"], r["measure"]) for r in rows} == {("GOOGL", "headcount")}
    assert {r["source"] for r in rows} == set(facts.structured_content["sources"])


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("evaluate", {"lines": ["cluster_capx"]}, "unknown line 'cluster_capx': did you mean cluster_capex"),
        ("evaluate", {"lines": ["pue"], "case": {"scenario": "best"}}, "unknown scenario 'best'"),
        ("evaluate", {"lines": ["pue"], "case": {"compny": "META"}}, "case.compny: there is no such argument"),
        ("evaluate", {"lines": ["pue"], "case": {"settings": {"pue": 0.5}}}, "pue = 0.5 is out of range: 1 to 3 ratio"),
        ("evaluate", {"line": "pue"}, "lines: is missing; line: there is no such argument"),
        ("evaluate", {"lines": 5}, "lines: 5 is refused (input should be a valid list)"),
        ("list_items", {"what": "everything"}, "what: 'everything' is refused (input should be 'lines'"),
        ("facts", {"measure": "profit"}, "no figure on file matches that company, period, measure and kind"),
        ("facts", {"company": "Nokia"}, "unknown company 'Nokia'"),
        ("read", {"file": "none.xlsx"}, "there is no file 'none.xlsx'; there are "),
        ("read", {"file": "/etc/passwd"}, "'/etc/passwd' is not a file of the folder"),
        ("audit", {"file": "../secret.xlsx"}, "'../secret.xlsx' is not a file of the folder"),
        ("audit", {"file": "link.xlsx"}, "'link.xlsx' is not a file of the folder"),
        ("build", {"file": "../out.xlsx"}, "'../out.xlsx' is not a file of the folder"),
        ("build", {"file": "out.csv"}, "does not end in .xlsx"),
        ("build", {"file": "base.xlsx"}, "base.xlsx exists: give another name, or allow to replace it"),
        ("diff", {"old": "base.xlsx", "new": "other.xlsx"}, "there is no file 'other.xlsx'"),
        ("diff", {"old": "base.xlsx", "new": "base.xlsx", "allow": ["macros"]}, "--allow 'macros' is neither a sheet"),
        ("edit", {"file": "base.xlsx", "inputs": {"pue": 9}}, "pue = 9 is out of range: 1 to 3 ratio"),
        ("edit", {"file": "base.xlsx", "inputs": {"cluster_capex": 9}}, "is a line, which the model calculates"),
        ("edit", {"file": "base.xlsx", "inputs": {"pue": "=1+1"}}, "inputs.pue: '=1+1' is refused"),
        ("edit", {"file": "base.xlsx", "scenario": "best"}, "unknown scenario 'best'"),
        ("edit", {"file": "base.xlsx", "save_as": "../x.xlsx"}, "'../x.xlsx' is not a file of the folder"),
        ("edit", {"file": "base.xlsx", "save_as": "link.xlsx"}, "'link.xlsx' is not a file of the folder"),
    ],
)
def test_a_wrong_question_is_an_error_of_one_line(folder, tool, arguments, message):
    before = sorted(p.name for p in folder.parent.rglob("*"))
    (result,) = ask(folder, (tool, arguments))
    assert result.is_error
    assert message in text_of(result)
    assert "\n" not in text_of(result)
    assert "Traceback" not in text_of(result)
    assert sorted(p.name for p in folder.parent.rglob("*")) == before


def test_an_input_is_edited_and_what_else_changed_is_refused(folder):
    """Evaluate, build, edit an input, compare with --allow inputs; then a formula is overwritten by other means."""
    evaluated, edited, read, compared = ask(
        folder,
        ("evaluate", {"lines": ["gpu_capex"], "case": {"settings": {"gpus": 15_000}}}),
        ("edit", {"file": "base.xlsx", "inputs": {"gpus": 15_000}, "save_as": "edited.xlsx"}),
        ("read", {"file": "edited.xlsx"}),
        ("diff", {"old": "base.xlsx", "new": "edited.xlsx", "bridge": "gpu_capex", "allow": ["inputs"]}),
    )
    assert {"input": "gpus", "value": 15_000, "unit": "GPUs"} in edited.structured_content["typed"]
    results = {r["line"]: r["value"] for r in edited.structured_content["results"]}
    assert results["cluster_capex"] == pytest.approx(Case.of(settings={"gpus": 15_000}).evaluate("cluster_capex"))
    assert [(c["id"], c["new"]) for c in read.structured_content["changes"]] == [("gpus", 15_000)]
    data = compared.structured_content
    assert not compared.is_error
    assert data["verdict"] == "different"
    assert "not_allowed" not in data
    assert data["bridge"]["new"] == pytest.approx(evaluated.structured_content["values"][0]["value"])
    assert data["bridge"]["new"] - data["bridge"]["old"] == pytest.approx(3_000 * 30_000)
    book = openpyxl.load_workbook(folder / "edited.xlsx")
    sheet = book["Calc_Live"]
    formula = next(c for row in sheet.iter_rows(min_row=8) for c in row if c.data_type == "f")
    formula.value = 1
    book.save(folder / "hardcoded.xlsx")
    refused, audit = ask(
        folder,
        ("diff", {"old": "base.xlsx", "new": "hardcoded.xlsx", "allow": ["inputs"]}),
        ("audit", {"file": "hardcoded.xlsx"}),
    )
    place = f"Calc_Live!{formula.coordinate}"
    assert refused.is_error
    assert f"{place} (formulas)" in refused.structured_content["refused"]
    assert text_of(refused).startswith("refused: ")
    assert {m["kind"] for m in refused.structured_content["not_allowed"]} >= {"formulas"}
    assert "inputs" not in {m["kind"] for m in refused.structured_content["not_allowed"]}
    found = [f"{f['sheet']}!{f['cell']}" for f in audit.structured_content["findings"] if f["severity"] == "critical"]
    assert place in found


def test_a_file_without_values_is_said_and_calculated(folder):
    """openpyxl keeps formulas and drops what they gave."""
    openpyxl.load_workbook(folder / "base.xlsx").save(folder / "without.xlsx")
    before, edited, after, stored = ask(
        folder,
        ("read", {"file": "without.xlsx"}),
        ("edit", {"file": "without.xlsx", "save_as": "with.xlsx"}),
        ("read", {"file": "with.xlsx"}),
        ("read", {"file": "base.xlsx"}),
    )
    assert "without.xlsx holds no values of its formulas: edit without inputs calculates them" in text_of(before)
    assert not edited.is_error
    for read in (after, stored):
        assert "notes" not in read.structured_content
    outputs, built = after.structured_content["outputs"], stored.structured_content["outputs"]
    assert outputs["cluster_capex"]["value"] == pytest.approx(built["cluster_capex"]["value"])


def test_progress_is_told(tmp_path):
    told = []

    async def conversation(client):
        async def progress(done, total, message):
            told.append((done, message))

        return await client.call_tool("build", {"file": "a.xlsx"}, progress_callback=progress)

    assert not talk(tmp_path, conversation).is_error
    assert [done for done, _ in told] == [*range(1, len(told) + 1)]
    assert {"writing sheets", "calculating", "saving"} <= {message for _, message in told}


def test_a_long_answer_is_cut_and_says_so(tmp_path):
    (result,) = ask(tmp_path, ("list_items", {"what": "companies"}))
    items, count = result.structured_content["items"], result.structured_content["count"]
    assert len(items) == min(count, 201)
    assert len(json.dumps(items)) < 100_000


def test_nothing_but_the_protocol_is_printed(folder):
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize"}
    hello["params"] = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call"}
    call["params"] = {"name": "audit", "arguments": {"file": "base.xlsx"}}
    lines = [hello, {"jsonrpc": "2.0", "method": "notifications/initialized"}, call]
    process = subprocess.Popen(
        [*PROGRAM, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    for line in lines:
        process.stdin.write(json.dumps(line) + "\n")
    process.stdin.flush()
    replies = [json.loads(process.stdout.readline())]
    while replies[-1].get("id") != 2:
        replies.append(json.loads(process.stdout.readline()))
    rest, errors = process.communicate()
    assert rest == ""
    assert errors == ""
    assert "xl-aicost" in json.dumps(replies[0])


def test_without_a_folder_it_does_not_start(tmp_path):
    run = subprocess.run([*PROGRAM, str(tmp_path / "none")], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (2, f"xl-aicost: {tmp_path / 'none'} is not a folder\n")


def test_without_the_extra_it_says_how_to_install_it(tmp_path):
    program = "import sys; sys.modules['mcp'] = None\nfrom xl_aicost.cli.main import main; main()"
    run = subprocess.run([sys.executable, "-c", program, "mcp", str(tmp_path)], capture_output=True, text=True)
    assert run.returncode == 2
    assert run.stderr == 'xl-aicost: mcp needs the library mcp: pip install "xl-aicost[mcp]"\n'
