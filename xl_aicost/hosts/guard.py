"""Protects xlwings Server from the network: limits on requests, and only functions of the catalogue can be called.

`application` is what `xl-aicost serve` runs. Each refusal is one line of text with its own status code.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, fields
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.errors import InputError

Scope: TypeAlias = MutableMapping[str, Any]  # as ASGI has it
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Server: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

PREFIX = "XL_AICOST_"
CALL, SCRIPT = "/xlwings/custom-functions-call", "/xlwings/custom-scripts-call/insert_model"
KEYS = ("func_name", "args", "client", "version", "culture_info_name", "date_format")
CELLS = {float, int, str, bool, type(None), dict}
DEEPEST = 32  # nested brackets; a call needs six
HEADERS = {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store, max-age=0",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True)
class Limits:
    """Limits on what a client sends; each is a variable of the environment, as XL_AICOST_MAX_BODY."""

    max_body: int = 20_000_000  # bytes of a request
    max_calls: int = 1_000  # requests answered at the same time
    header_seconds: int = 10  # time for the headers of a request to arrive
    body_seconds: int = 30  # time for its body to arrive
    log_values: int = 0  # 1: the log may contain cell values

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Limits:
        """Read the limits from an environment. Raises InputError for a value that is not a whole number."""
        limits = {}
        for f in fields(cls):
            text = environment.get(f"{PREFIX}{f.name.upper()}")
            if text is None:
                continue
            if not re.fullmatch(r"\d{1,12}", text):
                raise InputError(f"{PREFIX}{f.name.upper()} = {text!r} is not a whole number such as {f.default}")
            limits[f.name] = int(text)
        return cls(**limits)


class _Refused(Exception):  # noqa: N818 (an answer, not an error of ours)
    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class Guard:
    """An ASGI application that passes valid requests on to another and refuses the rest."""

    def __init__(self, app: Server, limits: Limits, hosts: set[str], origins: set[str]) -> None:
        """Guard `app`; `hosts` are the host names that requests may use, any if empty."""
        self.app, self.limits, self.hosts, self.origins = app, limits, hosts, origins
        self.open_requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        self.open_requests += 1
        try:
            await self.app(scope, await self._checked(scope, receive), send)
        except _Refused as refused:
            await _answer(send, refused.status, refused.text)
        finally:
            self.open_requests -= 1

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        if self.open_requests > self.limits.max_calls:
            raise _Refused(503, f"more than {self.limits.max_calls:,} requests at the same time; try again")
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        host = headers.get("host", "")
        if self.hosts and urlsplit(f"//{host}").hostname not in self.hosts:
            raise _Refused(421, "this host name is not served here")
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            return receive
        if scope["method"] != "POST" or scope["path"] not in (CALL, SCRIPT):
            raise _Refused(404, "not found")
        origin = headers.get("origin")
        if origin and origin not in self.origins and urlsplit(origin).netloc != host:
            raise _Refused(403, "calls from this origin are not allowed")
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise _Refused(415, "a call must be application/json")
        body = await self._body(headers, receive)
        _check_call(body, scope["path"])
        return _replaying(body, receive)

    async def _body(self, headers: Mapping[str, str], receive: Receive) -> bytes:
        most = self.limits.max_body
        if int(headers.get("content-length", "0") or 0) > most:
            raise _Refused(413, f"a request may have at most {most:,} bytes")
        pieces, size = [], 0
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _Refused(400, "the request is incomplete")
                    pieces.append(message.get("body", b""))
                    size += len(pieces[-1])
                    if size > most:
                        raise _Refused(413, f"a request may have at most {most:,} bytes")
                    if not message.get("more_body"):
                        return b"".join(pieces)
        except TimeoutError:
            raise _Refused(408, f"the request took longer than {self.limits.body_seconds} seconds to arrive") from None


def _check_call(body: bytes, path: str) -> None:
    """Refuse a body that does not call a function of the catalogue with valid arguments."""
    if _depth(body) > DEEPEST:
        raise _Refused(400, f"brackets are nested more than {DEEPEST} deep")
    try:
        call = json.loads(body)
    except (ValueError, RecursionError):
        raise _Refused(400, "the request is not JSON") from None
    if not isinstance(call, dict):
        raise _Refused(400, "the request is not a JSON object")
    if path != CALL:
        return
    missing = [k for k in KEYS if k not in call]
    if missing:
        raise _Refused(400, f"the call has no {missing[0]}")
    name, arguments = call["func_name"], call["args"]
    if not isinstance(name, str) or name not in CATALOGUE:
        raise _Refused(404, "there is no such function")
    if not isinstance(arguments, list) or len(arguments) > len(CATALOGUE[name].arguments):
        raise _Refused(400, f"{name} takes {len(CATALOGUE[name].arguments)} arguments in a list")
    for argument in arguments:
        if not _is_block([[argument]] if not isinstance(argument, list) else argument):
            raise _Refused(400, "an argument must be a cell, or rows of the same number of cells")


def _is_block(rows: list[object]) -> bool:
    """Return whether a value is rows of cells: numbers, texts, blanks, or objects of Office.js."""
    lists = [row for row in rows if isinstance(row, list) and row]
    if not rows or len(lists) < len(rows) or len({len(row) for row in lists}) > 1:
        return False
    cells = [cell for row in lists for cell in row]
    return {type(cell) for cell in cells} <= CELLS and all("type" in cell for cell in cells if isinstance(cell, dict))


def _depth(body: bytes) -> int:
    """Return how deeply brackets are nested; those inside texts do not count."""
    import numpy as np

    marks = np.frombuffer(QUOTED.sub(b"", body), np.uint8)
    steps = np.isin(marks, list(b"[{")).astype(np.int64) - np.isin(marks, list(b"]}"))
    return int(np.cumsum(steps).max(initial=0))


def _replaying(body: bytes, receive: Receive) -> Receive:
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def replay() -> Message:
        return next(messages, None) or await receive()

    return replay


async def _answer(send: Send, status: int, text: str) -> None:
    data = text.encode()
    headers = HEADERS | {"content-length": str(len(data)), "connection": "close"}
    pairs = [(k.encode(), v.encode()) for k, v in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": data})


class NoValues(logging.Filter):
    """Keep cell values out of a log: the type of an error is logged, never its text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record in place and let it through."""
        if isinstance(record.msg, BaseException):
            record.msg, record.args = f"{type(record.msg).__name__} (its text is left out)", ()
            record.exc_info = None
        elif "caller address" in str(record.msg):
            record.msg, record.args = "a caller address could not be read", ()
        return True


def application(hosts: set[str], limits: Limits, origins: set[str]) -> Guard:
    """Return xlwings Server behind the guard; it reads its settings from the environment."""
    from xlwings_server.main import main_app

    if not limits.log_values:
        for name in ("xlwings_server.main", "xlwings_server.routers.xlwings"):
            logging.getLogger(name).addFilter(NoValues())
    return Guard(main_app, limits, hosts, origins)


def patient(seconds: int) -> type:
    """Return uvicorn's protocol that closes a connection if no request arrives within some seconds."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    class Patient(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
        _due: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self._wait()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.cycle is not None and not self.cycle.response_complete:
                self._stop_waiting()
            elif self._due is None:
                self._wait()

        def connection_lost(self, error: Exception | None) -> None:
            self._stop_waiting()
            super().connection_lost(error)

        def _wait(self) -> None:
            self._due = self.loop.call_later(seconds, self.transport.close)

        def _stop_waiting(self) -> None:
            if self._due is not None:
                self._due.cancel()
                self._due = None

    return Patient
