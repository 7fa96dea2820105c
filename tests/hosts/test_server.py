"""The table of calls over HTTP against the real xlwings Server, started as `xl-aicost serve` starts it."""

from decimal import Decimal

import pytest

from tests.hosts.table import calls
from tests.hosts.test_plain import matches
from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.errors import InputError
from xl_aicost.hosts.serve import is_loopback, settings

# Excel.ErrorCellValueType, as Microsoft lists it
CODES = {"Blocked": "#BLOCKED!", "Busy": "#BUSY!", "Calc": "#CALC!", "Connect": "#CONNECT!", "Div0": "#DIV/0!"}
CODES |= {"External": "#EXTERNAL!", "Field": "#FIELD!", "GettingData": "#GETTING_DATA", "Name": "#NAME?"}
CODES |= {"NotAvailable": "#N/A", "Null": "#NULL!", "Num": "#NUM!", "Python": "#PYTHON!", "Ref": "#REF!"}
CODES |= {"Spill": "#SPILL!", "Unknown": "#UNKNOWN!", "Value": "#VALUE!"}


def as_excel_sends(value):
    """Return an argument as Office.js sends it: rows of cells, errors and currency as objects, null for one left out."""
    if value is None:
        return None
    return [[sent(c) for c in row] for row in (value if isinstance(value, list) else [[value]])]


def sent(cell):
    if isinstance(cell, Decimal):
        return {"type": "FormattedNumber", "basicValue": float(cell), "numberFormat": "$#,##0.00"}
    return {"type": "Error", "basicValue": cell} if cell in CODES.values() else cell


def received(rows):
    """Return the cells of a result: errors as their codes, numbers without their format."""
    cell = lambda c: CODES[c["errorType"]] if c["type"] == "Error" else c["basicValue"]  # noqa: E731
    rows = [[cell(c) if isinstance(c, dict) else c for c in row] for row in rows]
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


def ask(client, function, arguments, runtime="1.4"):
    given = [as_excel_sends(a) for a in arguments]
    given += [None] * (len(CATALOGUE[function].arguments) - len(given))
    body = {"client": "Office.js", "func_name": function, "args": given, "caller_address": "[Book1.xlsx]Sheet1!A1"}
    body |= {"session_id": "s", "culture_info_name": "en-US", "date_format": "m/d/yyyy", "content_language": "en-US"}
    body |= {"version": "any", "runtime": runtime}
    headers = {"Authorization": "", "Auth-Provider": ""}
    return client.post("/xlwings/custom-functions-call", json=body, headers=headers)


def shown(reply):
    """Return what the cell shows. A problem with a message is #VALUE! in Excel; the message begins with the code."""
    if reply.status_code == 400:
        return reply.text.split(" ", 1)[0]
    assert reply.status_code == 200, reply.text
    return received(reply.json()["result"])


def test_every_call_of_the_table(server):
    wrong = []
    for call in calls():
        found = shown(ask(server, call.function, call.arguments))
        if not matches(found, call.expected):
            wrong.append((call.function, str(call.arguments)[:80], str(found)[:80], str(call.expected)[:80]))
    assert wrong == []


def test_excel_is_told_names_help_and_arguments(server):
    found = {f["name"]: f for f in server.get("/xlwings/custom-functions-meta.json").json()["functions"]}
    assert set(found) == set(CATALOGUE)
    for name, function in CATALOGUE.items():
        assert found[name]["description"] == function.wizard
        told = [(p["name"], p["description"], p["optional"]) for p in found[name].get("parameters", [])]
        assert told == [(a.name, a.help, True) for a in function.arguments]
    manifest = server.get("/manifest").text
    assert "Namespace" not in manifest


def test_a_result_carries_its_unit_as_number_format(server):
    formatted = lambda value, text: {"type": "FormattedNumber", "basicValue": value, "numberFormat": text}  # noqa: E731
    assert ask(server, "AI_GPU_CAPEX", (2,)).json()["result"] == [[formatted(60_000.0, '"USD" #,##0')]]
    assert ask(server, "LAYOFF_COVERAGE", ()).json()["result"][0][0]["numberFormat"] == "0.0%"
    assert ask(server, "AI_CLUSTER_MW", ()).json()["result"][0][0]["numberFormat"] == '#,##0.0" MW"'
    cells = ask(server, "AI_GPU_CAPEX", ([[1], ["x"]],)).json()["result"]
    assert cells == [[formatted(30_000.0, '"USD" #,##0')], [{"type": "Error", "errorType": "Value"}]]


def test_an_excel_that_knows_no_data_types_gets_numbers_and_text(server):
    assert ask(server, "AI_GPU_CAPEX", ([[1], ["x"]],), runtime="1.3").json()["result"] == [[30_000.0], ["#VALUE!"]]


def test_words_have_drop_downs(server):
    told = server.get("/xlwings/custom-functions-meta.json").json()
    words = {e["id"]: [v["stringValue"] for v in e["values"]] for e in told["enums"]}
    listed = {
        (f["name"], p["name"]): words[p["customEnumId"]]
        for f in told["functions"]
        for p in f["parameters"]
        if "customEnumId" in p
    }
    assert set(listed) == {(f.name, a.name) for f in CATALOGUE.values() for a in f.arguments if a.text}
    assert {"META", "MSFT", "ORCL"} <= set(listed["AI_COMPANY", "company"])
    assert {"capex_purchases", "headcount"} <= set(listed["AI_COMPANY", "measure"])
    assert "book_value" in listed["AI_EXPLAIN", "line"]
    assert "book_value" not in listed["AI_TORNADO", "line"]


def test_the_page_associates_every_function(server):
    script = server.get("/xlwings/custom-functions-code.js").text
    for name in CATALOGUE:
        assert f'CustomFunctions.associate("{name}", {name})' in script
    assert script.count("isCached: true") == len(CATALOGUE)


def test_a_message_reaches_the_cell(server):
    reply = ask(server, "AI_CLUSTER_CAPEX", (-1,))
    assert reply.status_code == 400
    assert reply.text == "#NUM! gpus: -1 is out of range; 0 to 10,000,000 GPUs is accepted"


@pytest.mark.parametrize("name", ["server_functions", "__builtins__", "__import__", "no_such"])
def test_only_functions_of_the_catalogue_can_be_called(server, name):
    body = {"client": "Office.js", "func_name": name, "args": [], "version": "any", "runtime": "1.4"}
    assert server.post("/xlwings/custom-functions-call", json=body).status_code >= 400
    assert shown(ask(server, "AI_GPU_CAPEX", ())) == 300_000_000


def test_a_long_column_is_one_call(server):
    rows = [[float(n)] for n in range(10_000)]
    assert shown(ask(server, "AI_GPU_CAPEX", (rows,)))[-1] == [9999 * 30_000]


KEY = {"XLWINGS_LICENSE_KEY": "noncommercial"}


@pytest.mark.parametrize(
    ("host", "environment", "words"),
    [
        ("127.0.0.1", {}, "XLWINGS_LICENSE_KEY"),
        ("0.0.0.0", KEY, "XLWINGS_AUTH_PROVIDERS"),
        ("example.org", KEY, "XLWINGS_AUTH_PROVIDERS"),
        ("0.0.0.0", KEY | {"XLWINGS_AUTH_PROVIDERS": '["entraid"]'}, "XLWINGS_CORS_ALLOW_ORIGINS"),
        ("::", KEY | {"XLWINGS_AUTH_PROVIDERS": '["x"]', "XLWINGS_CORS_ALLOW_ORIGINS": '["*"]'}, "ALLOW_ORIGINS"),
    ],
)
def test_it_refuses_to_start_open_to_others(host, environment, words):
    with pytest.raises(InputError, match=words):
        settings(host, environment)


def test_it_starts_for_others_behind_a_sign_in():
    environment = KEY | {"XLWINGS_AUTH_PROVIDERS": '["entraid"]', "XLWINGS_CORS_ALLOW_ORIGINS": '["https://a.b"]'}
    assert settings("0.0.0.0", environment)["XLWINGS_CORS_ALLOW_ORIGINS"] == '["https://a.b"]'
    assert settings("127.0.0.1", KEY)["XLWINGS_CORS_ALLOW_ORIGINS"] == "[]"
    assert [is_loopback(h) for h in ("localhost", "::1", "127.0.0.9", "10.0.0.1", "a.b")] == [True] * 3 + [False] * 2
