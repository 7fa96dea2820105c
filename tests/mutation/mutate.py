"""Small faults put into our own code, one at a time, to see which test notices.

A mutant is a module with one change: an operator, a comparison, a number, a condition, `and` or `or`. The tests that
reach its line run, the quick ones first, in a forked process that imports the changed text in place of the file.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.abc
import importlib.util
import json
import os
import resource
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.mutation.reach import Recorder, record_of

ROOT = Path(__file__).parents[2]
SEED, SAMPLE, CPU_SECONDS = 2026, 400, 60
DEF = ast.FunctionDef | ast.AsyncFunctionDef
ROOMS: dict[str, tuple[str, ...]] = {  # by the beginning of a module's path: the tests that are to notice
    "model/": ("tests/model",),
    "formula/": ("tests/formula", "tests/test_graph.py", "tests/test_kernel.py", "tests/model/test_timeline.py"),
    "graph": ("tests/test_graph.py", "tests/model/test_worked_example.py"),
    "engine/": ("tests/engine",),
    "catalogue/": ("tests/catalogue", "tests/hosts/test_plain.py"),
    "simulate/": ("tests/simulate/test_simulate.py", "tests/simulate/test_bounds.py"),
    "workbook/sheets/": tuple(
        f"tests/workbook/test_{n}.py"
        for n in ("ready_made", "workbook", "sensitivity", "simulation_page", "pages", "edges")
    ),
    "audit/": ("tests/audit", "tests/review/test_faults.py", "tests/review/test_compare.py"),
    "review/": ("tests/review", "tests/hosts/test_attach.py"),
}
ALONE = "workbook/sheets/"  # tests of it that start LibreOffice or a browser judge only what no other test reaches
OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change of a module: its path in the package, the line, and the number of the change in the module."""

    module: str
    line: int
    number: int
    what: str
    column: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the mutant as long as its line has the same text."""
        text = (ROOT / "xl_aicost" / self.module).read_text(encoding="utf-8").splitlines()[self.line - 1]
        return self.module, text.strip(), self.what

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.what} ({self.number})"


class _Changer(ast.NodeTransformer):
    """Counts the places that can be changed, and changes one."""

    def __init__(self, wanted: int | None = None) -> None:
        self.wanted, self.found = wanted, list[tuple[int, str, int]]()

    def _here(self, node: ast.AST, what: str) -> bool:
        self.found.append((getattr(node, "lineno", 0), what, getattr(node, "col_offset", 0)))
        return len(self.found) - 1 == self.wanted

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.AnnAssign):  # annotations mean nothing at run time
            node.value = self.visit(node.value) if node.value else None
            return node
        if isinstance(node, DEF):
            node.body = [self.visit(n) for n in node.body]
            for group in (node.args.defaults, node.args.kw_defaults):
                group[:] = [self.visit(d) if d is not None else None for d in group]
            return node
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            return node
        return super().visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        other = OPERATORS.get(type(node.op))
        text = isinstance(node.left, ast.Constant | ast.JoinedStr) and not isinstance(
            getattr(node.left, "value", 0), int | float
        )
        if other and not text and self._here(node, f"{type(node.op).__name__} to {other.__name__}"):
            node.op = other()
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        for at, op in enumerate(node.ops):
            other = OPERATORS.get(type(op))
            if other and self._here(node, f"{type(op).__name__} to {other.__name__}"):
                node.ops[at] = other()
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        other = OPERATORS[type(node.op)]
        if self._here(node, f"{type(node.op).__name__} to {other.__name__}"):
            node.op = other()
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.USub | ast.Not) and self._here(node, f"no {type(node.op).__name__}"):
            return node.operand
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        if self._here(node, "the other branch"):
            node.body, node.orelse = node.orelse, node.body
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if self._here(node, "the opposite condition"):
            node.test = ast.UnaryOp(ast.Not(), node.test)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if type(node.value) in (int, float) and self._here(node, f"{node.value} to {node.value + 1}"):
            return ast.copy_location(ast.Constant(node.value + 1), node)
        if type(node.value) is bool and self._here(node, f"{node.value} to {not node.value}"):
            return ast.copy_location(ast.Constant(not node.value), node)
        return node


def mutants() -> list[Mutant]:
    """Return every mutant of the rooms."""
    found = []
    for path in sorted((ROOT / "xl_aicost").rglob("*.py")):
        module = path.relative_to(ROOT / "xl_aicost").as_posix()
        if any(module.startswith(r) for r in ROOMS):
            changer = _Changer()
            changer.visit(ast.parse(path.read_text(encoding="utf-8")))
            found += [Mutant(module, line, n, what, at) for n, (line, what, at) in enumerate(changer.found)]
    return found


def sample(count: int = SAMPLE) -> list[Mutant]:
    """Return the sample: mutants by a hash of what they are, so that an edit elsewhere changes nothing."""
    return sorted(mutants(), key=lambda m: hashlib.sha256(f"{SEED} {m.key} {m.column}".encode()).digest())[:count]


def room_of(module: str) -> str:
    """Return the room of a module."""
    (room,) = (r for r in ROOMS if module.startswith(r))
    return room


def judges_of(room: str) -> list[str]:
    """Return the files of tests that are to notice a fault of a room; its own doctests are the first."""
    folders = [ROOT / judge for judge in ROOMS[room]]
    files = [f for path in folders for f in (sorted(path.rglob("test_*.py")) if path.is_dir() else [path])]
    return [
        f"xl_aicost/{room}".removesuffix("/") + ".py" * (room[-1] != "/"),
        *(str(f.relative_to(ROOT)) for f in files),
    ]


@functools.cache
def reached(room: str) -> dict[str, tuple[float, dict[str, list[int]], bool]]:
    """Return the tests of a room, each with its seconds, the lines that it runs by module, and whether it starts programs."""
    tests = {}
    for judge in judges_of(room):
        path = record_of(room, judge)
        if not path.exists() and _forked([judge], Recorder(room, path)) not in (0, 5):
            path.unlink(missing_ok=True)
            raise RuntimeError(f"{judge} fails without any mutant")
        tests |= json.loads(path.read_text())
    return tests


def tests_of(mutant: Mutant) -> list[str]:
    """Return the tests that can notice a mutant, the quick ones first: all of the room for what stands outside of functions."""
    tree = ast.parse((ROOT / "xl_aicost" / mutant.module).read_text(encoding="utf-8"))
    around = [n for n in ast.walk(tree) if getattr(n, "lineno", mutant.line + 1) <= mutant.line <= n.end_lineno]
    judges = reached(room_of(mutant.module))
    if any(isinstance(n, ast.Lambda) or (isinstance(n, DEF) and n.body[0].lineno <= mutant.line) for n in around):
        here = [n for n in around if isinstance(n, ast.stmt | ast.Lambda)][-1]
        within = getattr(here, "body", None)
        last = max(here.lineno, within[0].lineno - 1) if isinstance(within, list) else here.end_lineno
        lines = set(range(here.lineno, last + 1))
        judges = {test: of for test, of in judges.items() if lines & set(of[1].get(mutant.module, ()))}
    if mutant.module.startswith(ALONE):
        judges = {test: of for test, of in judges.items() if not of[2]} or judges
    return sorted(judges, key=lambda test: judges[test][0])


class _Instead(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Gives the mutant's text for its module: a finder, its loader, and the plugin of pytest that puts it in place."""

    def __init__(self, mutant: Mutant) -> None:
        self.path = ROOT / "xl_aicost" / mutant.module
        self.name = "xl_aicost." + mutant.module.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        tree = _Changer(mutant.number).visit(ast.parse(self.path.read_text(encoding="utf-8")))
        self.code = compile(ast.fix_missing_locations(tree), str(self.path), "exec")

    def begin(self):  # conftest.py imports the package before pytest asks its plugins
        sys.meta_path.insert(0, self)

    def pytest_configure(self, config):  # before pytest's own, which reads what stands on its command line itself
        sys.meta_path.remove(self)
        self.begin()

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        package = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(name, self.path, loader=self, submodule_search_locations=package)

    def get_code(self, fullname):
        return self.code

    def get_source(self, fullname):
        return self.path.read_text(encoding="utf-8")

    def exec_module(self, module):
        exec(self.code, module.__dict__)


class _Only:
    """A plugin of pytest that runs these tests only, in this order."""

    def __init__(self, tests: list[str]) -> None:
        self.order = {test: at for at, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items):
        items[:] = sorted((i for i in items if i.nodeid in self.order), key=lambda i: self.order[i.nodeid])


def _forked(judges: Iterable[str], *plugins: Any, seconds: int = -1) -> int:
    """Run tests with plugins of pytest in a process of its own; return the exit code, which is 5 if there are none."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            os.environ["CI"] = "1"  # the same examples for each mutant
            sys.dont_write_bytecode, sys.pycache_prefix = False, f"{tempfile.gettempdir()}/xl-aicost-mutants-compiled"
            import pytest

            for name in [n for n in sys.modules if n.partition(".")[0] in ("xl_aicost", "tests")]:
                del sys.modules[name]  # what was imported before the mutant is not it
            plugins[0].begin()
            arguments = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", *judges]
            status = int(pytest.main(arguments, plugins=plugins))
        finally:
            os._exit(status)
    _, state = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(state)


def noticed(mutant: Mutant) -> bool:
    """Whether a test fails; a mutant that never ends is noticed too, one that no test reaches is not."""
    tests, seconds = tests_of(mutant), reached(room_of(mutant.module))
    files = dict.fromkeys(t.partition("::")[0] for t in tests)
    most = CPU_SECONDS + 2 * int(sum(seconds[t][0] for t in tests))
    return bool(tests) and _forked(files, _Instead(mutant), _Only(tests), seconds=most) not in (0, 5)


def dead(some: list[Mutant]) -> Iterator[tuple[Mutant, bool]]:
    """Yield each mutant and whether a test noticed."""
    for mutant in some:
        yield mutant, noticed(mutant)
