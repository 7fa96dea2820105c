"""The table of calls in headless Chromium: the server's own generated JavaScript over a stand-in for Office.js."""

from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import require
from tests.hosts.table import calls
from tests.hosts.test_plain import matches
from tests.hosts.test_server import as_excel_sends, received
from xl_aicost.assumptions import load_scenarios
from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.workbook.build import assemble

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUIET += ["--disable-sync", "--no-first-run", "--disable-quic"]


@pytest.fixture(scope="module")
def page(server):
    """Return the task pane's page in Chromium, with all functions associated."""
    office = (Path(__file__).parent / "office.js").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require("chromium"), args=QUIET)
        found = browser.new_page()
        errors = []
        found.on("pageerror", lambda error: errors.append(str(error)))
        found.route("**/office.js", lambda route: route.fulfill(content_type="text/javascript", body=office))
        found.goto(f"{server.base_url}/taskpane.html")
        found.wait_for_function(f"Object.keys(globalThis.associated || {{}}).length === {len(CATALOGUE)}")
        found.problems = errors
        yield found
        browser.close()


def shown(reply):
    """Return what the cell shows: xlwings throws #VALUE! with our message, which begins with the right code."""
    if isinstance(reply, dict):
        return reply["message"].split(" ", 1)[0] if reply["error"] == "#VALUE!" else reply["error"]
    return received(reply)


def test_every_call_of_the_table(page):
    table = calls()
    asked = [[c.function, [as_excel_sends(a) for a in c.arguments]] for c in table]
    replies = page.evaluate("async (asked) => Promise.all(asked.map(([name, given]) => excelCall(name, given)))", asked)
    wrong = []
    for call, reply in zip(table, replies, strict=True):
        if not matches(shown(reply), call.expected):
            wrong.append((call.function, str(call.arguments)[:80], str(reply)[:120], str(call.expected)[:80]))
    assert wrong == []
    assert page.problems == []


def test_a_message_stands_at_the_cell(page):
    reply = page.evaluate("excelCall('AI_CLUSTER_MW', [1, 1, 0.5])")
    assert reply == {"error": "#VALUE!", "message": "#NUM! pue: 0.5 is out of range; 1 to 3 ratio is accepted"}


@pytest.fixture
def pane(page):
    """Return the task pane as it opens."""
    page.reload()
    page.wait_for_selector("#result:not(:empty)")
    return page


def test_the_pane_lists_the_catalogue_by_chapter(pane):
    assert pane.locator("#function option").count() == len(CATALOGUE)
    assert pane.locator("#function optgroup").count() == len({f.chapter for f in CATALOGUE.values()})
    assert pane.inner_text("#matches") == f"{len(CATALOGUE)} of {len(CATALOGUE)} functions"


@pytest.mark.parametrize(
    ("search", "function"),
    [
        ("layoff share", "LAYOFF_COVERAGE"),
        ("headcount", "AI_CAPEX_PER_EMPLOYEE"),
        ("gpu price", "AI_GPU_CAPEX"),
        ("severance", "LAYOFF_SEVERANCE"),
        ("employees", "LAYOFFS_TO_FUND"),
        ("ROI", "AI_NPV"),
        ("power", "AI_CLUSTER_MW"),
        ("sensitivity", "AI_TORNADO"),
        ("monte carlo", "AI_SIMULATE"),
    ],
)
def test_the_search_finds_words_of_arguments_and_words_that_mean_the_same(pane, search, function):
    pane.fill("#search", search)
    assert function in pane.locator("#function option").all_inner_texts()
    assert pane.locator("#function option").count() < len(CATALOGUE) / 2


def test_a_search_without_a_match_says_so(pane):
    pane.fill("#search", "no such thing")
    assert pane.locator("#function option").count() == 0
    assert pane.inner_text("#matches").startswith("No function matches 'no such thing'. Try ")
    assert not pane.is_visible("#function")
    assert not pane.is_visible("#chosen")
    pane.fill("#search", "payback")
    assert pane.is_visible("#function")
    assert pane.is_visible("#chosen")


def result_is(pane, text):
    pane.wait_for_function("text => document.getElementById('result').textContent === text", arg=text)


def test_the_pane_answers_as_a_cell_does_and_inserts_the_formula(pane):
    pane.select_option("#function", "LAYOFFS_TO_FUND")
    pane.fill("#argument-loaded_cost", "500000")
    result_is(pane, "130,000 jobs")
    assert pane.inner_text("#formula") == "=LAYOFFS_TO_FUND(,500000)"
    pane.click("#insert")
    assert pane.evaluate("globalThis.inserted") == [["=LAYOFFS_TO_FUND(,500000)"]]
    pane.select_option("#function", "AI_COMPANY")
    pane.fill("#argument-company", "Alphabet")
    pane.fill("#argument-measure", "headcount")
    result_is(pane, "190,820 jobs")
    assert pane.inner_text("#formula") == '=AI_COMPANY("Alphabet","headcount")'


@pytest.mark.parametrize(
    ("typed", "formula", "result"),
    [
        ("10,000", "=AI_GPU_CAPEX(10000)", "300,000,000 USD"),
        ("1,234,567", "=AI_GPU_CAPEX(1234567)", "37,037,010,000 USD"),
        ("1e3", "=AI_GPU_CAPEX(1e3)", "30,000,000 USD"),
        ("50%", "=AI_GPU_CAPEX(50%)", "15,000 USD"),
        (".5", "=AI_GPU_CAPEX(.5)", "15,000 USD"),
        ("B2", "=AI_GPU_CAPEX(B2)", "60,000 USD"),
        ("$B$2", "=AI_GPU_CAPEX($B$2)", "60,000 USD"),
        ("Other!A1:A2", "=AI_GPU_CAPEX(Other!A1:A2)", "fills 2 x 1 cells; the first cell is 30,000 USD"),
        ("'My sheet'!A1", "=AI_GPU_CAPEX('My sheet'!A1)", "90,000 USD"),
        ("C9", "=AI_GPU_CAPEX(C9)", "C9 cannot be read here; the formula reads it once it stands in a cell"),
    ],
)
def test_what_is_typed_is_one_argument(pane, typed, formula, result):
    pane.evaluate(
        "sheets = { Sheet1: { B2: [[2]], $B$2: [[2]] }, Other: { 'A1:A2': [[1], [2]] }, 'My sheet': { A1: [[3]] } }"
    )
    pane.select_option("#function", "AI_GPU_CAPEX")
    pane.fill("#argument-gpus", typed)
    result_is(pane, result)
    assert pane.inner_text("#formula") == formula
    assert pane.is_enabled("#insert")


@pytest.mark.parametrize("typed", ["10,00", "10.000,5", "1,2", "ten", "1 000", "3;4", "A1,B1", "%", "--1"])
def test_what_is_no_number_is_refused_and_not_inserted(pane, typed):
    pane.select_option("#function", "AI_GPU_CAPEX")
    pane.fill("#argument-gpus", typed)
    pane.wait_for_selector("#result.wrong")
    assert pane.inner_text("#result").startswith(
        f"gpus: {typed} is not a number; write 10000, 10,000, 2.5, 5% or a cell"
    )
    assert pane.is_disabled("#insert")
    assert pane.inner_text("#formula") == ""


def test_a_share_is_shown_as_a_percentage(pane):
    pane.select_option("#function", "LAYOFF_COVERAGE")
    pane.fill("#argument-ai_spend", "74,067,000,000")
    pane.fill("#argument-loaded_cost", "1,000,000")
    result_is(pane, "5%")
    pane.fill("#argument-loaded_cost", "")
    pane.fill("#argument-ai_spend", "")
    result_is(pane, "2.564%")


def test_a_line_of_any_case_keeps_its_unit(pane):
    pane.select_option("#function", "AI_GET")
    for name, value in {"line": "free_cash_flow", "company": "META", "year": "2025"}.items():
        pane.fill(f"#argument-{name}", value)
    result_is(pane, "43,585,000,000 USD/year")
    pane.fill("#argument-line", "gpu_hour_cost")
    pane.wait_for_function("document.getElementById('result').textContent.endsWith(' USD/GPU-hour')")
    pane.fill("#argument-line", "book_value")
    pane.wait_for_function(
        "/^fills 10 x 1 cells; the first cell is .* USD$/.test(document.getElementById('result').textContent)"
    )


def test_an_error_in_a_range_shows_its_code(pane):
    pane.evaluate("sheets = { Sheet1: { 'B2:B3': [['x'], [1]] } }")
    pane.select_option("#function", "AI_GPU_CAPEX")
    pane.fill("#argument-gpus", "B2:B3")
    result_is(pane, "fills 2 x 1 cells; the first cell is #VALUE!")


def test_words_are_offered_and_may_be_a_cell(pane):
    pane.evaluate("sheets = { Sheet1: { B2: [['ORCL']] } }")
    pane.select_option("#function", "AI_COMPANY")
    assert "MSFT" in pane.locator("#argument-company-words option").evaluate_all("all => all.map((o) => o.value)")
    pane.fill("#argument-measure", "headcount")
    pane.fill("#argument-company", "=B2")
    result_is(pane, "141,000 jobs")
    assert pane.inner_text("#formula") == '=AI_COMPANY(B2,"headcount")'


@pytest.mark.parametrize(
    ("body", "said"), [('{"detail":"The token is wrong"}', "The token is wrong"), ("Busy", "Busy")]
)
def test_a_refusal_of_the_server_is_shown_as_a_sentence(pane, body, said):
    pane.route("**/custom-functions-call", lambda route: route.fulfill(status=401, body=body))
    pane.fill("#argument-gpus", "1")
    result_is(pane, said)
    pane.unroute("**/custom-functions-call")


def test_scenarios_stand_under_their_titles(pane):
    pane.click("#tab-model")
    stories = load_scenarios().values()
    assert pane.locator("#scenario option").all_inner_texts() == [s.title for s in stories]


def test_the_sheets_of_the_model_are_counted(pane):
    pane.click("#tab-model")
    assert f"Adds {len(assemble('cluster').wb.sheetnames)} sheets of live formulas" in pane.inner_text("#model")


def test_every_button_of_the_manifest_works(pane, server):
    manifest = ElementTree.fromstring(server.get("/manifest").text.encode())
    named = [
        e.text for e in manifest.iter("{http://schemas.microsoft.com/office/taskpaneappversionoverrides}FunctionName")
    ]
    assert sorted(named) == ["insert-model", "open-help"]
    done = "(name) => new Promise((done) => ribbon[name]({ completed: () => done(true) }))"
    assert all(pane.evaluate(done, name) for name in named)
    assert pane.evaluate("globalThis.paneOpened")
    assert pane.is_visible("#insert-model")
    assert pane.evaluate("globalThis.opened") == f"{server.base_url}/static/functions.html"
    assert server.get("/static/functions.html").status_code == 200


AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
STATES = {
    "functions": "",
    "a wrong argument": "document.getElementById('argument-gpus').value = 'x'; document.getElementById('argument-gpus').dispatchEvent(new Event('input'))",
    "no match": "document.getElementById('search').value = 'zzz'; document.getElementById('search').dispatchEvent(new Event('input'))",
    "whole model": "document.getElementById('tab-model').click()",
    "sign-in": "document.getElementById('sign-in').hidden = false",
}


@pytest.mark.parametrize("state", STATES)
def test_the_pane_has_no_fault_that_axe_finds(pane, state):
    """Labels, roles, contrast, order of headings: the rules of WCAG 2.2 AA and good practice that a program can check."""
    pane.evaluate(STATES[state])
    pane.wait_for_timeout(300)
    assert faults(pane) == []


def test_the_help_page_has_no_fault_that_axe_finds(page, server):
    other = page.context.browser.new_page()
    other.goto(f"{server.base_url}/static/functions.html")
    assert faults(other) == []
    other.close()


def faults(page):
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert len(found["passes"]) > 10
    return [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found["violations"]]


def test_the_pane_shows_what_is_wrong_with_an_argument(pane):
    pane.select_option("#function", "AI_CLUSTER_MW")
    pane.fill("#argument-pue", "0.5")
    pane.wait_for_selector("#result.wrong")
    assert pane.inner_text("#result") == "#NUM! pue: 0.5 is out of range; 1 to 3 ratio is accepted"


def test_the_pane_works_from_the_keyboard(pane):
    pane.focus("#tab-functions")
    pane.keyboard.press("ArrowRight")
    assert pane.is_visible("#model")
    assert not pane.is_visible("#functions")
    pane.keyboard.press("Tab")
    pane.keyboard.press("ArrowDown")
    assert pane.get_attribute("#insert-model", "xw-args") == '["META","base"]'
    pane.keyboard.press("Tab")
    pane.keyboard.press("Tab")
    assert pane.evaluate("document.activeElement.id") == "insert-model"


def test_every_field_of_the_pane_has_a_label(pane):
    pane.select_option("#function", "AI_CLUSTER_CAPEX")
    unlabelled = "[...document.querySelectorAll('main input, main select')].filter((e) => !e.labels.length).length"
    assert pane.evaluate(unlabelled) == 0


def test_the_button_asks_for_the_model_of_the_chosen_company_and_scenario(pane):
    pane.click("#tab-model")
    pane.select_option("#company", "MSFT")
    pane.select_option("#scenario", "glut")
    pane.route("**/custom-scripts-call/insert_model", lambda route: route.fulfill(json={"actions": []}))
    with pane.expect_request("**/custom-scripts-call/insert_model") as asked:
        pane.click("#insert-model")
    assert asked.value.post_data_json["args"] == ["MSFT", "glut"]
    pane.unroute("**/custom-scripts-call/insert_model")
