"""Which tests of a room run which of its lines, for how long, and whether they start other programs.

Recorded once, and kept in the system's folder for scratch files.
"""

from __future__ import annotations

import functools
import hashlib
import json
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = f"{ROOT / 'xl_aicost'}/"
MOST_CALLS = 1000  # of a function by one test; later ones are taken to run all that is left of its lines


class Recorder:
    """A plugin of pytest that notes seconds, lines and other programs by test, shared fixtures that it asks for included."""

    def __init__(self, room: str, path: Path) -> None:
        self.beginning, self.path = PACKAGE + room, path
        self.found: dict[str, tuple[float, set[tuple[str, int]]]] = {}
        self.needs: dict[str, list[str]] = {}
        self.collecting = ExitStack()
        self.under_way, self.starters = list[str](), set[str]()

    def begin(self) -> None:
        sys.addaudithook(lambda event, _: self.starters.update(self.under_way if event == "subprocess.Popen" else ()))
        self.collecting.enter_context(self._noted("collection"))

    def pytest_collection_finish(self):
        self.collecting.close()

    @contextmanager
    def _noted(self, key: str) -> Iterator[None]:
        lines, left, calls, start, before = set(), {}, Counter(), time.perf_counter(), sys.gettrace()

        def at_call(frame, event, arg):
            code = frame.f_code
            if not code.co_filename.startswith(self.beginning):
                return None
            if id(code) not in left:  # its hash is one of all that it holds
                left[id(code)] = {line for _, _, line in code.co_lines() if line}
            calls[id(code)] += 1
            if calls[id(code)] > MOST_CALLS:
                lines.update((code.co_filename.removeprefix(PACKAGE), line) for line in left[id(code)])
                left[id(code)].clear()
            return at_line(frame, event, arg) if left[id(code)] else None

        def at_line(frame, event, arg):
            left[id(frame.f_code)].discard(frame.f_lineno)
            lines.add((frame.f_code.co_filename.removeprefix(PACKAGE), frame.f_lineno))
            return at_line if left[id(frame.f_code)] else None

        sys.settrace(at_call)
        threading.settrace(at_call)
        self.under_way.append(key)
        try:
            yield
        finally:
            self.under_way.remove(key)
            sys.settrace(before)
            threading.settrace(before)
            self.found[key] = time.perf_counter() - start, lines

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        with self._noted(f"fixture {fixturedef.argname}"):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        for name, module in [*sys.modules.items()]:  # tables as they are read run nothing of a room
            for kept in vars(module).values() if name.startswith("xl_aicost") and ".assumptions" not in name else ():
                if isinstance(kept, functools._lru_cache_wrapper):
                    kept.cache_clear()  # what an earlier test has left there is run again
        self.needs[item.nodeid] = [item.nodeid, "collection", *(f"fixture {name}" for name in item.fixturenames)]
        with self._noted(item.nodeid):
            return (yield)

    def pytest_sessionfinish(self):
        tests = {}
        for test, keys in self.needs.items():
            parts, lines = [self.found[key] for key in keys if key in self.found], defaultdict(list)
            for module, line in set().union(*(some for _, some in parts)):
                lines[module].append(line)
            tests[test] = sum(seconds for seconds, _ in parts), lines, not self.starters.isdisjoint(keys)
        self.path.write_text(json.dumps(tests))


def record_of(room: str, judge: str) -> Path:
    """Return where the record of a file of tests is kept, named after the package, the file and what tests share."""
    shared = [
        p for p in (ROOT / "tests").rglob("*.py") if not p.name.startswith("test_") and p.parent.name != "mutation"
    ]
    digest = hashlib.sha256(f"{room} {judge}".encode())
    for path in sorted([*(ROOT / "xl_aicost").rglob("*.py"), *shared, *ROOT.glob(judge)]):
        digest.update(str(path).encode() + (path.read_bytes() if path.is_file() else b""))
    return Path(tempfile.gettempdir()) / f"xl-aicost-mutants-{digest.hexdigest()[:16]}.json"
