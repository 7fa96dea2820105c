"""What stands between the network and xlwings Server: limits, and only calls of the catalogue get through.

`application` is what `xl-aicost serve` runs. Each refusal is one line of text with its own status code.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.errors import InputError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PREFIX = "XL_AICOST_"
CALL, SCRIPT = "/xlwings/custom-functions-call", "/xlwings/custom-scripts-call/insert_model"
KEYS = ("func_name", "args", "client", "version", "culture_info_name", "date_format")
CELLS = {float, int, str, bool, type(None), dict}
DEEPEST = 32  # brackets within brackets; a call needs six
HEADERS = {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store, max-age=0",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True)
class Limits:
    """How much a client may ask for; each is a variable of the environment, as XL_AICOST_MAX_BODY."""

    max_body: int = 20_000_000  # bytes of a request
    max_calls: int = 1_000  # requests under way at once
    header_seconds: int = 10  # until a request's head has come
    body_seconds: int = 30  # until its body has come
    log_values: int = 0  # 1 lets cell values into the log

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Limits:
        """Read the limits from an environment. Raises InputError for what is no number."""
        given = {}
        for f in fields(cls):
            text = environment.get(f"{PREFIX}{f.name.upper()}")
            if text is None:
                continue
            if not re.fullmatch(r"\d{1,12}", text):
                raise InputError(f"{PREFIX}{f.name.upper()} = {text!r} is not a whole number, as {f.default}")
            given[f.name] = int(text)
        return cls(**given)


class _Refused(Exception):  # noqa: N818 (an answer, no error of ours)
    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class Guard:
    """An ASGI application that lets through to another what is in order."""

    def __init__(self, app: Callable[..., Awaitable[None]], limits: Limits, hosts: set[str], origins: set[str]) -> None:
        """Guard `app`; `hosts` are the names that it may be called by, any if there are none."""
        self.app, self.limits, self.hosts, self.origins = app, limits, hosts, origins
        self.under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        self.under_way += 1
        try:
            await self.app(scope, await self._checked(scope, receive), send)
        except _Refused as refused:
            await _answer(send, refused.status, refused.text)
        finally:
            self.under_way -= 1

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        if self.under_way > self.limits.max_calls:
            raise _Refused(503, f"more than {self.limits.max_calls:,} requests are under way; try again")
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        host = headers.get("host", "")
        if self.hosts and urlsplit(f"//{host}").hostname not in self.hosts:
            raise _Refused(421, "this server is not called by that name")
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            return receive
        if scope["method"] != "POST" or scope["path"] not in (CALL, SCRIPT):
            raise _Refused(404, "there is nothing here")
        origin = headers.get("origin")
        if origin and origin not in self.origins and urlsplit(origin).netloc != host:
            raise _Refused(403, "calls from this origin are not allowed")
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise _Refused(415, "a call is application/json")
        body = await self._body(headers, receive)
        _check(body, scope["path"])
        return _replaying(body, receive)

    async def _body(self, headers: Mapping[str, str], receive: Receive) -> bytes:
        most = self.limits.max_body
        if int(headers.get("content-length", "0") or 0) > most:
            raise _Refused(413, f"a request has at most {most:,} bytes")
        pieces, size = [], 0
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _Refused(400, "the request was not finished")
                    pieces.append(message.get("body", b""))
                    size += len(pieces[-1])
                    if size > most:
                        raise _Refused(413, f"a request has at most {most:,} bytes")
                    if not message.get("more_body"):
                        return b"".join(pieces)
        except TimeoutError:
            raise _Refused(408, f"the request did not come within {self.limits.body_seconds} seconds") from None


def _check(body: bytes, path: str) -> None:
    """Refuse what is no call of the catalogue and no request of the script."""
    if _depth(body) > DEEPEST:
        raise _Refused(400, f"brackets stand within brackets more than {DEEPEST} deep")
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        raise _Refused(400, "the request is no JSON") from None
    if not isinstance(asked, dict):
        raise _Refused(400, "the request is no JSON object")
    if path != CALL:
        return
    missing = [k for k in KEYS if k not in asked]
    if missing:
        raise _Refused(400, f"the call has no {missing[0]}")
    name, arguments = asked["func_name"], asked["args"]
    if not isinstance(name, str) or name not in CATALOGUE:
        raise _Refused(404, "there is no such function")
    if not isinstance(arguments, list) or len(arguments) > len(CATALOGUE[name].arguments):
        raise _Refused(400, f"{name} takes {len(CATALOGUE[name].arguments)} arguments in a list")
    for argument in arguments:
        if not _is_block([[argument]] if not isinstance(argument, list) else argument):
            raise _Refused(400, "an argument is a cell, or rows of as many cells each")


def _is_block(rows: list[Any]) -> bool:
    """Return whether something is rows of cells: numbers, texts, nothing, or what Office.js sends for other kinds."""
    if not rows or not all(isinstance(r, list) and r for r in rows) or len({len(r) for r in rows}) > 1:
        return False
    kinds = {type(c) for r in rows for c in r}
    return kinds <= CELLS and (dict not in kinds or all(type(c) is not dict or "type" in c for r in rows for c in r))


def _depth(body: bytes) -> int:
    """Return how many brackets stand within each other, those in texts left out."""
    import numpy as np

    marks = np.frombuffer(QUOTED.sub(b"", body), np.uint8)
    steps = np.isin(marks, list(b"[{")).astype(np.int64) - np.isin(marks, list(b"]}"))
    return int(np.cumsum(steps).max(initial=0))


def _replaying(body: bytes, receive: Receive) -> Receive:
    given = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def replay() -> Message:
        return next(given, None) or await receive()

    return replay


async def _answer(send: Send, status: int, text: str) -> None:
    data = text.encode()
    headers = HEADERS | {"content-length": str(len(data)), "connection": "close"}
    pairs = [(k.encode(), v.encode()) for k, v in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": data})


class NoValues(logging.Filter):
    """Keep what stands in cells out of a log: of an error its kind is told, of a refused argument nothing else."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record in place and let it through."""
        if isinstance(record.msg, BaseException):
            record.msg, record.args = f"{type(record.msg).__name__} (its text is left out)", ()
            record.exc_info = None
        elif "caller address" in str(record.msg):
            record.msg, record.args = "a caller address could not be read", ()
        return True


def application(hosts: set[str], limits: Limits, origins: set[str]) -> Guard:
    """Return xlwings Server behind the guard; its settings must stand in the environment."""
    from xlwings_server.main import main_app

    if not limits.log_values:
        for name in ("xlwings_server.main", "xlwings_server.routers.xlwings"):
            logging.getLogger(name).addFilter(NoValues())
    return Guard(main_app, limits, hosts, origins)


def patient(seconds: int) -> type:
    """Return uvicorn's protocol, which also closes a connection on which no request has come after some seconds."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    class Patient(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
        _due: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
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
