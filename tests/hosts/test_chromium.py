"""The table of calls in headless Chromium: the server's own generated JavaScript over a stand-in for Office.js."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import require
from tests.hosts.table import calls
from tests.hosts.test_plain import matches
from tests.hosts.test_server import CODES, as_excel_sends
from xl_aicost.functions import CATALOGUE

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
    rows = [[CODES[c["errorType"]] if isinstance(c, dict) else c for c in row] for row in reply]
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


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
