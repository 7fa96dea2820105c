"""The table of calls over HTTP against the real xlwings Server, started as `xl-aicost serve` starts it."""

import os
import re
import subprocess
import sys
from decimal import Decimal
from xml.etree import ElementTree

import httpx
import pytest

from tests.hosts.conftest import serving
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


def test_in_a_table_each_cell_carries_its_own_unit(server):
    rows = ask(server, "AI_EXPLAIN", ("gpu_capex", "META", 2025)).json()["result"]
    assert rows[0] == ["Id", "Formula", "Value", "Unit", "Source", "Origin"]
    formats = {row[0]: (row[2]["basicValue"], row[2]["numberFormat"], row[3], row[5]) for row in rows[1:]}
    assert formats["gpu_capex"] == (300e6, '"USD" #,##0', "USD", "calculated")
    assert formats["gpu_unit_price"] == (30_000, '"USD" #,##0"/GPU"', "USD/GPU", "base case")
    assert rows[1][1] == "gpus*gpu_unit_price"
    for name, given, text in (
        ("AI_GET", ("layoff_coverage",), "0.0%"),
        ("AI_GET", ("depreciation_path",), '"USD" #,##0'),
        ("AI_COMPANY", ("META", "headcount"), '#,##0" jobs"'),
        ("AI_ASSUMPTION", ("pue",), "#,##0.00"),
    ):
        assert ask(server, name, given).json()["result"][0][0]["numberFormat"] == text, name
    spread = ask(server, "AI_SIMULATE", ("layoff_coverage", 1000)).json()["result"]
    assert spread[1][1]["numberFormat"] == "0.0%"
    assert ask(server, "OPTION_A_VS_B", ()).json()["result"][-1][1]["numberFormat"] == '"USD" #,##0'
    old = ask(server, "AI_EXPLAIN", ("gpu_capex",), runtime="1.3").json()["result"]
    assert old[1][2] == 300e6


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


# Microsoft, 'Manually create JSON metadata for custom functions': the keys of each object
TOP = {"allowCustomDataForDataTypeAny", "allowErrorForDataTypeAny", "functions", "enums"}
FUNCTION = {"description", "helpUrl", "id", "name", "options", "parameters", "result"}
OPTIONS = {"requiresAddress", "requiresParameterAddresses", "cancelable", "stream", "volatile"}
PARAMETER = {"customEnumId", "description", "dimensionality", "name", "optional", "repeating", "type"}


def test_the_metadata_keeps_the_rules_of_excel(server):
    told = server.get("/xlwings/custom-functions-meta.json").json()
    assert set(told) <= TOP
    assert (
        len({f["id"] for f in told["functions"]})
        == len({f["name"].lower() for f in told["functions"]})
        == len(CATALOGUE)
    )
    enums = {e["id"]: e for e in told["enums"]}
    assert len(enums) == len(told["enums"])
    for f in told["functions"]:
        assert set(f) <= FUNCTION, f["id"]
        assert set(f["options"]) <= OPTIONS
        assert f["result"] == {"dimensionality": "matrix", "type": "any"}  # which addresses of parameters ask for
        assert re.fullmatch(r"[A-Z][A-Z0-9_.]{2,127}", f["name"])
        assert not re.fullmatch(r"[A-Z]{1,3}\d+|R\d*C\d*", f["name"])
        assert 0 < len(f["description"]) <= 255
        optional = [p["optional"] for p in f["parameters"]]
        assert optional == sorted(optional)  # one that must be given does not follow one that may be left out
        assert len({p["name"].lower() for p in f["parameters"]}) == len(f["parameters"])
        for p in f["parameters"]:
            assert set(p) <= PARAMETER
            assert (p["type"], p["dimensionality"]) == (
                ("string", "scalar") if "customEnumId" in p else ("any", "matrix")
            )
            assert p.get("customEnumId", None) in {None, *enums}
            assert 0 < len(p["description"]) <= 255
    for enum in enums.values():
        names = [v["name"] for v in enum["values"]]
        assert len(set(names)) == len(names) > 0


def test_help_leads_to_the_page_of_the_function(server):
    for f in server.get("/xlwings/custom-functions-meta.json").json()["functions"]:
        address, _, place = f["helpUrl"].partition("#")
        assert address == f"{server.base_url}/static/functions.html"
        assert place == f["name"]
    page = server.get("/static/functions.html").text
    assert all(f'id="{name}"' in page for name in CATALOGUE)


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
ENTRA = {
    "XLWINGS_AUTH_PROVIDERS": '["entraid"]',
    "XLWINGS_AUTH_ENTRAID_CLIENT_ID": "c",
    "XLWINGS_AUTH_ENTRAID_TENANT_ID": "t",
}
TOKEN = {"XLWINGS_AUTH_PROVIDERS": '["custom"]', "XL_AICOST_TOKEN": "x" * 20}
ORIGINS = {"XLWINGS_CORS_ALLOW_ORIGINS": '["https://a.b"]'}


@pytest.mark.parametrize(
    ("host", "environment", "words"),
    [
        ("127.0.0.1", {}, "XLWINGS_LICENSE_KEY is not set"),
        ("0.0.0.0", KEY, "XLWINGS_AUTH_PROVIDERS must name"),
        ("example.org", KEY, "XLWINGS_AUTH_PROVIDERS must name"),
        ("0.0.0.0", KEY | ENTRA, "XLWINGS_CORS_ALLOW_ORIGINS must list"),
        ("::", KEY | ENTRA | {"XLWINGS_CORS_ALLOW_ORIGINS": '["*"]'}, "XLWINGS_CORS_ALLOW_ORIGINS must list"),
        ("127.0.0.1", KEY | {"XLWINGS_AUTH_PROVIDERS": '["okta"]'}, "'okta' is not one of custom, entraid"),
        (
            "127.0.0.1",
            KEY | {"XLWINGS_AUTH_PROVIDERS": "entraid"},
            r"'entraid' is not a list of texts in JSON, as in \[",
        ),
        ("127.0.0.1", KEY | {"XLWINGS_CORS_ALLOW_ORIGINS": "[1]"}, "is not a list of texts"),
        ("127.0.0.1", KEY | ENTRA | {"XLWINGS_AUTH_ENTRAID_TENANT_ID": ""}, "needs XLWINGS_AUTH_ENTRAID_TENANT_ID"),
        ("127.0.0.1", KEY | TOKEN | {"XL_AICOST_TOKEN": "short"}, "XL_AICOST_TOKEN is shorter than 20"),
        ("127.0.0.1", KEY | {"XLWINGS_AUTH_PROVIDERS": '["custom"]'}, "needs XL_AICOST_TOKEN"),
        ("127.0.0.1", KEY | TOKEN | {"XL_AICOST_TOKEN": "   "}, "needs XL_AICOST_TOKEN"),
        ("127.0.0.1", KEY | TOKEN | {"XL_AICOST_TOKEN": f"{'x' * 20} short"}, "XL_AICOST_TOKEN is shorter than 20"),
        (
            "127.0.0.1",
            KEY | {"XLWINGS_AUTH_REQUIRED_ROLES": "Finance"},
            "XLWINGS_AUTH_REQUIRED_ROLES = 'Finance' is not a list",
        ),
        (
            "127.0.0.1",
            KEY | {"XLWINGS_HOSTNAME": "https://a.b"},
            "XLWINGS_HOSTNAME = 'https://a.b' is not a name such as",
        ),
        (
            "127.0.0.1",
            KEY | {"XLWINGS_CORS_ALLOW_ORIGINS": '["https://a.b/"]'},
            "'https://a.b/' is not an origin such as",
        ),
    ],
)
def test_it_refuses_to_start_as_it_is_set_up(host, environment, words):
    with pytest.raises(InputError, match=words):
        settings(host, environment)


@pytest.mark.parametrize("sign_in", [ENTRA, TOKEN])
def test_it_starts_for_others_behind_a_sign_in(sign_in):
    assert settings("0.0.0.0", KEY | ORIGINS | sign_in)["XLWINGS_CORS_ALLOW_ORIGINS"] == '["https://a.b"]'
    assert settings("127.0.0.1", KEY)["XLWINGS_CORS_ALLOW_ORIGINS"] == "[]"
    empty = {"XLWINGS_CORS_ALLOW_ORIGINS": "", "XLWINGS_AUTH_PROVIDERS": "", "XLWINGS_AUTH_REQUIRED_ROLES": ""}
    assert {settings("127.0.0.1", KEY | empty)[name] for name in empty} == {"[]"}  # xlwings Server reads lists only
    assert [is_loopback(h) for h in ("localhost", "::1", "127.0.0.9", "10.0.0.1", "a.b")] == [True] * 3 + [False] * 2


@pytest.mark.parametrize(
    ("words", "environment", "message"),
    [
        ((), {"XLWINGS_LICENSE_KEY": "wrong-key"}, "XLWINGS_LICENSE_KEY: Invalid xlwings license key"),
        (("--certificate", "none.pem", "--key", "none.pem"), KEY, "--certificate none.pem is not a file"),
        (("--certificate", "{file}"), KEY, "--key is missing: --certificate and --key go together"),
        (("--certificate", "{file}", "--key", "{file}"), KEY, "are not a certificate and its key in PEM"),
        (
            ("--certificate", "{locked}", "--key", "{locked}"),
            KEY,
            "locked.pem has a pass phrase: give a key without one",
        ),
        ((), KEY | {"XLWINGS_ENVIRONMENT": "live"}, "XLWINGS_ENVIRONMENT = 'live' is refused (input should be 'dev', "),
        ((), KEY | {"XLWINGS_CUSTOM_HEADERS": "x"}, "XLWINGS_CUSTOM_HEADERS is not JSON, as a list or an object"),
        (("--port", "{taken}"), KEY, "cannot listen on 127.0.0.1 port {taken}: Address already in use"),
        (("--host", "192.0.2.1"), KEY | ORIGINS | TOKEN, "cannot listen on 192.0.2.1 port 8000: Cannot assign"),
    ],
)
def test_what_is_wrong_is_one_line(words, environment, message, tmp_path, server):
    (tmp_path / "file.pem").write_text("no certificate")
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-passout", "pass:secret", "-subj", "/CN=localhost"]
    locked = subprocess.run([*make, "-keyout", "-"], check=True, capture_output=True, text=True).stdout
    (tmp_path / "locked.pem").write_text(locked)
    known = {"file": tmp_path / "file.pem", "taken": server.port, "locked": tmp_path / "locked.pem"}
    program = "from xl_aicost.cli.main import main; main()"
    command = [sys.executable, "-c", program, "serve", *(w.format(**known) for w in words)]
    run = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1, run.stderr
    assert message.format(**known) in run.stderr


def test_the_address_printed_can_be_reached(tmp_path):
    signed_in = {"XLWINGS_AUTH_PROVIDERS": '["custom"]', "XL_AICOST_TOKEN": "x" * 20} | ORIGINS
    with serving(tmp_path, signed_in, host="0.0.0.0") as client:
        printed = re.search(r"Manifest: (http://\S+)/manifest", client.log.read_text())[1]
        assert "0.0.0.0" not in printed
        assert httpx.get(f"{printed}/manifest").status_code == 200
        assert "Excel accepts add-ins over https only" in client.log.read_text()


def test_behind_a_proxy_the_public_name_is_printed_and_stands_in_the_manifest(tmp_path):
    with serving(tmp_path, {"XLWINGS_HOSTNAME": "excel.example.org"}) as client:
        assert "Manifest: https://excel.example.org/manifest" in client.log.read_text()
        assert "https alone" not in client.log.read_text()
        assert "https://excel.example.org/taskpane.html" in client.get("/manifest").text
        told = client.get("/xlwings/custom-functions-meta.json").json()["functions"][0]
        assert told["helpUrl"].startswith("https://excel.example.org/static/functions.html#")
        assert client.get("/taskpane.html", headers={"Host": "excel.example.org"}).status_code == 200
        assert client.get("/taskpane.html", headers={"Host": "other.example.org"}).status_code == 421


def test_with_a_certificate_it_serves_over_https(tmp_path):
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    make += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    with serving(tmp_path, certificate=certificate, key=key) as client:
        assert shown(ask(client, "AI_GPU_CAPEX", (2,))) == 60_000
        assert (
            f'<SourceLocation DefaultValue="https://127.0.0.1:{client.port}/taskpane.html" />'
            in client.get("/manifest").text
        )
        assert "https alone" not in client.log.read_text()


OFFICE = "{http://schemas.microsoft.com/office/appforoffice/1.1}"
OVERRIDES = "{http://schemas.microsoft.com/office/taskpaneappversionoverrides}"
TYPES = "{http://schemas.microsoft.com/office/officeappbasictypes/1.0}"


def test_the_manifest_is_ours_and_keeps_the_rules_of_office(server):
    text = server.get("/manifest").text
    assert "xlwings.org" not in text
    assert "Hello" not in text
    manifest = ElementTree.fromstring(text.encode())
    assert manifest.findtext(f"{OFFICE}ProviderName") == "xl-aicost"
    assert manifest.find(f"{OFFICE}DisplayName").get("DefaultValue") == "AI cost"
    assert re.fullmatch(r"\d{1,5}(\.\d{1,5}){3}", manifest.findtext(f"{OFFICE}Version"))
    strings = [s for s in manifest.iter() if s.tag.startswith(TYPES) and s.get("id")]
    ids = [s.get("id") for s in strings]
    assert len(set(ids)) == len(ids)
    assert max(map(len, ids)) <= 32
    for s in strings:
        limit = {"String": 250, "Url": 2048, "Image": 2048}[s.tag.removeprefix(TYPES)]
        assert 0 < len(s.get("DefaultValue")) <= limit
    shorts = manifest.find(f".//{TYPES}ShortStrings")
    assert max(len(s.get("DefaultValue")) for s in shorts) <= 125
    assert {e.get("resid") for e in manifest.iter() if e.get("resid")} == set(ids)
    groups = manifest.findall(f".//{OVERRIDES}Group")
    assert [g.find(f"{OVERRIDES}Label").get("resid") for g in groups] == ["Group.Label"]
    labels = [s.get("DefaultValue") for s in shorts]
    assert labels == ["AI cost", "Open pane", "Insert model", "Help"]
    for address in re.findall(r'DefaultValue="(http[^"]+)"', text):
        assert server.get(address).status_code == 200, address


def test_who_runs_the_server_can_stand_in_the_manifest(tmp_path):
    told = {"XLWINGS_PROVIDER_NAME": "Example & Sons", "XLWINGS_SUPPORT_URL": "https://help.example.org/excel"}
    with serving(tmp_path, told) as client:
        manifest = ElementTree.fromstring(client.get("/manifest").text.encode())
    assert manifest.findtext(f"{OFFICE}ProviderName") == "Example & Sons"
    assert manifest.find(f"{OFFICE}SupportUrl").get("DefaultValue") == "https://help.example.org/excel"
