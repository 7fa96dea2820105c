"""The table of calls in headless Chromium: the server's own generated JavaScript over a stand-in for Office.js."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import require
from tests.hosts.table import calls
from tests.hosts.test_plain import matches
from tests.hosts.test_server import as_excel_sends, received
from xl_aicost.catalogue.functions import CATALOGUE

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
    pane.fill("#search", "layoff share")
    found = pane.locator("#function option").all_inner_texts()
    assert "LAYOFF_COVERAGE" in found
    assert len(found) < 10
    pane.fill("#search", "no such thing")
    assert pane.locator("#function option").count() == 0


def test_the_pane_answers_as_a_cell_does_and_inserts_the_formula(pane):
    pane.select_option("#function", "LAYOFFS_TO_FUND")
    pane.fill("#argument-loaded_cost", "500000")
    pane.wait_for_function("document.getElementById('result').textContent === '130,000 jobs'")
    assert pane.inner_text("#formula") == "=LAYOFFS_TO_FUND(,500000)"
    pane.click("#insert")
    assert pane.evaluate("globalThis.inserted") == [["=LAYOFFS_TO_FUND(,500000)"]]
    pane.select_option("#function", "AI_COMPANY")
    pane.fill("#argument-company", "Alphabet")
    pane.fill("#argument-measure", "headcount")
    pane.wait_for_function("document.getElementById('result').textContent.startsWith('190,820')")
    assert pane.inner_text("#formula") == '=AI_COMPANY("Alphabet","headcount")'


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
    pane.select_option("#scenario", "high")
    pane.route("**/custom-scripts-call/insert_model", lambda route: route.fulfill(json={"actions": []}))
    with pane.expect_request("**/custom-scripts-call/insert_model") as asked:
        pane.click("#insert-model")
    assert asked.value.post_data_json["args"] == ["MSFT", "high"]
    pane.unroute("**/custom-scripts-call/insert_model")
