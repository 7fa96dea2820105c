"""Small faults put into our own code, one at a time, to see which test notices.

A mutant is a module with one change: an operator, a comparison, a number, a condition, `and` or `or`. The tests of the
module run in a forked process that imports the changed text in place of the file, so nothing is written.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.abc
import importlib.util
import os
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SEED, SAMPLE, CPU_SECONDS = 2026, 400, 240
ROOMS: dict[str, tuple[str, ...]] = {  # by the beginning of a module's path: the tests that are to notice
    "model/": ("tests/model/test_oracles.py", "tests/model/test_timeline.py", "tests/model/test_worked_example.py"),
    "formula/": ("tests/formula", "tests/test_graph.py", "tests/test_kernel.py", "tests/model/test_timeline.py"),
    "graph": ("tests/test_graph.py", "tests/model/test_worked_example.py"),
    "engine/": ("tests/engine",),
    "catalogue/": ("tests/catalogue", "tests/hosts/test_plain.py"),
    "simulate/": ("tests/simulate/test_simulate.py", "tests/simulate/test_bounds.py"),
    "workbook/sheets/": ("tests/workbook/test_workbook.py", "tests/workbook/test_sensitivity.py"),
    "audit/": ("tests/audit", "tests/review/test_faults.py"),
    "review/": ("tests/review/test_review.py", "tests/review/test_compare.py"),
}
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
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
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


def judges_of(module: str) -> tuple[str, ...]:
    """Return the tests that are to notice a fault of a module, its own doctests included."""
    (tests,) = (t for beginning, t in ROOMS.items() if module.startswith(beginning))
    return (f"xl_aicost/{module}", *tests)


class _Instead(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Gives the mutant's text for its module: a finder, its loader, and the plugin of pytest that puts it in place."""

    def __init__(self, mutant: Mutant) -> None:
        self.path = ROOT / "xl_aicost" / mutant.module
        self.name = "xl_aicost." + mutant.module.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        tree = _Changer(mutant.number).visit(ast.parse(self.path.read_text(encoding="utf-8")))
        self.code = compile(ast.fix_missing_locations(tree), str(self.path), "exec")

    def pytest_configure(self, config):  # before pytest's own, which reads what stands on its command line itself
        sys.meta_path.remove(self)
        sys.meta_path.insert(0, self)

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


def run(mutant: Mutant | None, tests: tuple[str, ...]) -> int:
    """Run tests with a mutant, or with the code as it is, in a process of its own; return pytest's exit code."""
    child = os.fork()
    if child == 0:
        status = 99
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            import pytest

            for name in [n for n in sys.modules if n.partition(".")[0] in ("xl_aicost", "tests")]:
                del sys.modules[name]  # what was imported before the mutant is not it
            plugins = [] if mutant is None else [_Instead(mutant)]
            arguments = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", *tests]
            sys.meta_path[:0] = plugins  # conftest.py imports the package before pytest asks its plugins
            status = int(pytest.main(arguments, plugins=plugins))
        finally:
            os._exit(status)
    _, state = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(state)


def dead(some: list[Mutant]) -> Iterator[tuple[Mutant, bool]]:
    """Yield each mutant and whether a test noticed; a mutant that never ends is noticed too."""
    for mutant in some:
        yield mutant, run(mutant, judges_of(mutant.module)) != 0
