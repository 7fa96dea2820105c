"""What a hostile network may send to the server: each is refused in a line, and everyone else is served meanwhile."""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.hosts.conftest import serving
from tests.hosts.test_server import ask, received, shown
from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.errors import InputError
from xl_aicost.hosts.guard import CALL, SCRIPT, Limits, _depth

BODY = 200_000
GOOD = {
    "client": "Office.js",
    "func_name": "AI_GPU_CAPEX",
    "args": [[[2.0]], [[30_000.0]]],
    "caller_address": "[B]S!A1",
}
GOOD |= {"culture_info_name": "en-US", "date_format": "m/d/yyyy", "version": "any", "runtime": "1.4", "session_id": "s"}
LIMITS = {"XL_AICOST_MAX_BODY": str(BODY), "XL_AICOST_HEADER_SECONDS": "2", "XL_AICOST_BODY_SECONDS": "2"}
HEADERS = ("x-content-type-options", "cache-control", "referrer-policy")


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("limited"), LIMITS) as client:
        yield client


@pytest.fixture(autouse=True)
def still_serves(limited):
    """After whatever was sent, the next client is answered."""
    yield
    assert received(limited.post(CALL, json=GOOD).json()["result"]) == 60_000


def deep(count):
    return b'{"client":"Office.js","func_name":"AI_GPU_CAPEX","args":' + b"[" * count + b"]" * count + b"}"


REFUSED = {
    "too many bytes": ({"content": b"x" * (BODY + 1)}, 413),
    "deep JSON": ({"content": deep(50_000)}, 400),
    "JSON a little too deep": ({"content": deep(40)}, 400),
    "no JSON": ({"content": b"{"}, 400),
    "no object": ({"content": b"[1]"}, 400),
    "a number of many digits": ({"content": b'{"func_name": ' + b"9" * 100_000 + b"}"}, 400),
    "not UTF-8": ({"content": b"\xff\xfe\x00"}, 400),
    "nothing": ({"content": b""}, 400),
    "a form": ({"content": b"a=1", "headers": {"content-type": "application/x-www-form-urlencoded"}}, 415),
    "plain text, as other sites may send": (
        {"content": json.dumps(GOOD), "headers": {"content-type": "text/plain"}},
        415,
    ),
    "no content type": ({"content": json.dumps(GOOD), "headers": {"content-type": ""}}, 415),
    "another site": ({"json": GOOD, "headers": {"origin": "https://evil.example"}}, 403),
    "an origin that is none": ({"json": GOOD, "headers": {"origin": "null"}}, 403),
    "a name that leads here": ({"json": GOOD, "headers": {"host": "evil.example"}}, 421),
}


@pytest.mark.parametrize("what", REFUSED)
def test_requests_that_are_refused(limited, what):
    request, status = REFUSED[what]
    request = {"headers": {"content-type": "application/json"}} | request
    reply = limited.post(CALL, **request)
    assert reply.status_code == status, reply.text
    assert "\n" not in reply.text
    assert len(reply.text) < 100
    assert all(h in reply.headers for h in HEADERS)


@pytest.mark.parametrize(
    "name",
    [
        "server_functions",
        "__class__",
        "__builtins__",
        "__import__",
        "answer",
        "",
        "AI_GPU_CAPEX\n",
        "ai_gpu_capex",
        None,
        1,
        ["x"],
        {},
    ],
)
def test_only_functions_of_the_catalogue_can_be_called(limited, name):
    reply = limited.post(CALL, json=GOOD | {"func_name": name})
    assert (reply.status_code, reply.text) == (404, "there is no such function")


@pytest.mark.parametrize("key", ["func_name", "args", "client", "version", "culture_info_name", "date_format"])
def test_a_call_that_lacks_something(limited, key):
    reply = limited.post(CALL, json={k: v for k, v in GOOD.items() if k != key})
    assert (reply.status_code, reply.text) == (400, f"the call has no {key}")


@pytest.mark.parametrize(
    "arguments", [None, {}, "x", [[]], [[[]]], [[1]], [[[1], [1, 2]]], [None] * 50, [[[{"a": 1}]]], [[[[1]]]]]
)
def test_arguments_that_are_none(limited, arguments):
    reply = limited.post(CALL, json=GOOD | {"args": arguments})
    assert reply.status_code == 400
    assert "\n" not in reply.text


@pytest.mark.parametrize(
    "script", ["insert_model/..", "__init__", "os", "AicostError", "xw", "..%2f..%2fsecret", "_insert_model"]
)
def test_only_the_one_script_can_be_run(limited, script):
    assert limited.post(f"/xlwings/custom-scripts-call/{script}", json={}).status_code == 404
    assert limited.post(SCRIPT, content=b"{", headers={"content-type": "application/json"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../../etc/passwd",
        "/static/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static//etc/passwd",
        "/static/..\\..\\custom_functions\\__init__.py",
        "/static/%00",
        "/custom_functions/__init__.py",
        "/.env",
        "/docs",
        "/openapi.json",
        "/xlwings/custom-functions-call",
    ],
)
def test_tricks_with_paths(limited, path):
    with socket.create_connection(("127.0.0.1", limited.port), timeout=10) as raw:  # a client would tidy the path up
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{limited.port}\r\nConnection: close\r\n\r\n".encode())
        reply = b"".join(iter(lambda: raw.recv(65_536), b""))
    assert int(reply.split(b" ", 2)[1]) in (400, 404, 405)
    assert b"root:" not in reply
    assert b"import" not in reply


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods(limited, method):
    assert limited.request(method, "/manifest").status_code in (404, 405)


def test_a_page_shows_what_it_is_given_as_text(limited):
    given = dict.fromkeys(("prompt", "title", "buttons", "mode", "callback"), "<script>alert(1)</script>")
    assert "<script>alert(1)" not in limited.get("/xlwings/alert", params=given).text


def test_headers_stand_on_every_answer(limited):
    for path in ("/manifest", "/taskpane", "/static/js/main.js", "/nothing"):
        found = limited.get(path).headers
        assert all(h in found for h in (*HEADERS, "strict-transport-security")), path
        assert "server" not in found
        assert (
            "access-control-allow-origin" not in limited.get(path, headers={"origin": "https://evil.example"}).headers
        )


def hangs_up(port, head):
    """Send a byte now and then; return whether the server ends it."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        try:
            raw.sendall(head)
            raw.settimeout(0.1)
            for _ in range(600):
                raw.sendall(b"x")
                with contextlib.suppress(TimeoutError):
                    if not (got := raw.recv(1000)) or b"408" in got:
                        return True
        except OSError:
            return True
    return False


def test_slow_clients_are_hung_up_on(limited):
    port = limited.port
    body = f"POST {CALL} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{{"
    heads = [b"", b"G", b"POST / HTTP/1.1\r\nHost: a\r\nX: ", body.encode()] * 10
    with ThreadPoolExecutor(len(heads)) as threads:
        slow = [threads.submit(hangs_up, port, head) for head in heads]
        assert limited.post(CALL, json=GOOD).status_code == 200
        assert not all(client.done() for client in slow)  # others are served meanwhile
        assert all(client.result() for client in slow)


def test_a_head_without_end_is_refused(limited):
    with socket.create_connection(("127.0.0.1", limited.port), timeout=10) as raw, contextlib.suppress(OSError):
        raw.sendall(b"GET / HTTP/1.1\r\n" + b"X: " + b"y" * 1_000_000)
        assert raw.recv(100)[9:12] in (b"", b"400", b"431")


def test_five_hundred_calls_at_once(limited):
    async def all_of_them():
        address = f"http://127.0.0.1:{limited.port}"
        limits = httpx.Limits(max_connections=500, max_keepalive_connections=0)
        async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
            bodies = [GOOD | {"args": [[[float(n)]], [[2.0]]]} for n in range(500)]
            return await asyncio.gather(*(client.post(CALL, json=b) for b in bodies))

    replies = asyncio.run(all_of_them())
    assert [received(r.json()["result"]) for r in replies] == [2.0 * n for n in range(500)]


def test_others_are_served_while_long_calls_run(server):
    long = GOOD | {"func_name": "AI_SIMULATE"}
    address = f"{server.base_url}{CALL}"
    line = [["option_b_value_advantage"]]
    with ThreadPoolExecutor(4) as threads:
        bodies = [long | {"args": [line, [[100_000.0]], [[float(seed)]]]} for seed in range(1, 5)]
        calls = [threads.submit(httpx.post, address, json=body, timeout=120) for body in bodies]
        assert server.post(CALL, json=GOOD).status_code == 200
        assert not all(call.done() for call in calls)
        assert all(call.result().status_code == 200 for call in calls)


BLOCKED = """
import asyncio, threading
from xl_aicost.hosts import binder

gate, started = threading.Event(), threading.Semaphore(0)
answer = binder.answer_rows

def answer_rows(name, *arguments):
    if name in binder.LONG:
        started.release()
        gate.wait()
        return [[0.0]]
    return answer(name, *arguments)

async def main():
    binder.answer_rows = answer_rows
    functions = binder.server_functions(threads=True)
    long = [asyncio.create_task(functions["AI_SIMULATE"](n)) for n in range(40)]
    long += [asyncio.create_task(functions["AI_TORNADO"](n)) for n in range(40)]
    for _ in range(binder.LONG_AT_ONCE):
        await asyncio.to_thread(started.acquire)
    for n in range(100):
        assert (await functions["AI_GPU_CAPEX"](n)).rows == [[n * 30_000]]
    print(sum(task.done() for task in long))
    gate.set()
    await asyncio.gather(*long)
    print(len(long))

asyncio.run(main())
"""


def test_eighty_long_calls_that_never_end_hold_nobody_up():
    environment = os.environ | {"XLWINGS_ON_SERVER": "true", "XLWINGS_LICENSE_KEY": "noncommercial"}
    run = subprocess.run([sys.executable, "-c", BLOCKED], env=environment, capture_output=True, text=True, timeout=300)
    assert run.stdout.split() == ["0", "80"], run.stderr[-2000:]


def test_an_integer_of_many_digits_is_an_error_in_its_cell(limited):
    for digits in (400, 4000):
        body = json.dumps(GOOD | {"args": [[["HUGE"]], [[1.0]]]}).replace('"HUGE"', "9" * digits)
        reply = limited.post(CALL, content=body, headers={"content-type": "application/json"})
        assert reply.status_code == 400
        assert reply.text.startswith("#NUM! gpus: a number beyond 1e308 is out of range")
        body = body.replace("]]", "], [1]]", 1)
        reply = limited.post(CALL, content=body, headers={"content-type": "application/json"})
        assert received(reply.json()["result"]) == [["#NUM!"], [1.0]]


def test_the_log_holds_no_cell_values(limited, tmp_path):
    secret = 123_454_321.5
    for value in (-secret, "Project Nightingale", secret):
        reply = limited.post(CALL, json=GOOD | {"args": [[[value]], [[1.0]]], "caller_address": "Nightingale"})
        assert reply.status_code in (200, 400)
    limited.post(CALL, json=GOOD | {"func_name": "Nightingale"})
    text = limited.log.read_text()
    assert "XlwingsError (its text is left out)" in text
    assert "12345432" not in text
    assert "Nightingale" not in text
    with serving(tmp_path, {"XL_AICOST_LOG_VALUES": "1"}) as told:
        assert told.post(CALL, json=GOOD | {"args": [[[-secret]], [[1.0]]]}).status_code == 400
        assert "-123454321.5" in told.log.read_text()


TOKEN = "a-secret-of-some-length"
SIGNED = {
    "XLWINGS_AUTH_PROVIDERS": '["custom"]',
    "XL_AICOST_TOKEN": TOKEN,
    "XLWINGS_CORS_ALLOW_ORIGINS": '["https://a.example"]',
}


def test_credentials(tmp_path):
    with serving(tmp_path, SIGNED, host="0.0.0.0") as client:
        for given in ("", "x", "test-token", TOKEN + "x", TOKEN[:-1], "Bearer", "é".encode()):
            reply = client.post(CALL, json=GOOD, headers={"Authorization": given})
            assert reply.status_code in (401, 403), given
        assert client.post(CALL, json=GOOD).status_code == 401
        assert received(client.post(CALL, json=GOOD, headers={"Authorization": TOKEN}).json()["result"]) == 60_000
        headers = {"Authorization": TOKEN, "origin": "https://a.example"}
        assert client.post(CALL, json=GOOD, headers=headers).status_code == 200
        assert client.post(CALL, json=GOOD, headers=headers | {"origin": "https://b.example"}).status_code == 403
        assert TOKEN not in client.log.read_text()


def test_while_a_token_is_changed_the_old_one_and_the_new_one_count(tmp_path):
    new = "another-secret-of-some-length"
    with serving(tmp_path, SIGNED | {"XL_AICOST_TOKEN": f"{new} {TOKEN}"}, host="0.0.0.0") as client:
        status = {
            t: client.post(CALL, json=GOOD, headers={"Authorization": t}).status_code
            for t in (new, TOKEN, "", f"{new} {TOKEN}")
        }
    assert [*status.values()] == [200, 200, 401, 401]


def test_limits_are_read_and_checked():
    assert Limits.of({"XL_AICOST_MAX_CALLS": "3"}).max_calls == 3
    for text in ("", "x", "-1", "1.5", "1e9"):
        with pytest.raises(InputError, match="XL_AICOST_MAX_BODY"):
            Limits.of({"XL_AICOST_MAX_BODY": text})


def test_brackets_in_texts_do_not_count():
    assert _depth(b'[[{"a": "[[[[[\\"[[["}]]') == 3
    assert _depth(b"") == 0
    assert _depth(b"]]]][") == 0


def test_every_function_can_still_be_called(limited):
    for name in CATALOGUE:
        assert not isinstance(shown(ask(limited, name, ())), dict)
