"""What differs between two workbooks: inputs, choices, formulas, structure, format; results, signs, checks, sign-offs."""

from __future__ import annotations

import filecmp
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from openpyxl.utils import column_index_from_string

from xl_aicost.audit.findings import Finding, group
from xl_aicost.engine.recalculate import recalculate
from xl_aicost.errors import AicostError, IncompleteError
from xl_aicost.review.differences import Difference, changed_results, differences
from xl_aicost.review.drift import drift
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.support.memory import no_collecting
from xl_aicost.support.numbers import same
from xl_aicost.workbook.layout import LIVE
from xl_aicost.workbook.sheets.answer import SHEET as ANSWER
from xl_aicost.workbook.sheets.answer import SIGNERS, STATE
from xl_aicost.workbook.sheets.checks import FIRST_ROW, ID, RESULT, SEVERITIES
from xl_aicost.xlsx.package import Package, formula_cells, open_package
from xl_aicost.xlsx.references import address

MOST_DIFFERENCES = 10_000
KINDS = ("inputs", "choices", "formulas", "values", "structure", "format")


@dataclass
class Comparison:
    """Everything that differs between two files; results, signs, checks and sign-offs for workbooks of ours.

    `incomplete` lists what was not compared.
    """

    old: Package
    new: Package
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    workbooks: tuple[ReturnedWorkbook, ReturnedWorkbook] | None = None  # where both are ours
    without_values: bool = False  # results are not compared: one file holds none, and they cannot be calculated

    def of(self, kind: str) -> list[Difference]:
        """Return the differences of a kind."""
        return [d for d in self.differences if d.kind == kind]

    @property
    def differs(self) -> bool:
        """Whether anything differs beyond number formats."""
        return any(d.kind != "format" for d in self.differences)

    @property
    def verdict(self) -> Literal["different", "incomplete", "same"]:
        """different, same, or incomplete where no difference was found in a part of the files."""
        return "different" if self.differs else "incomplete" if self.incomplete else "same"

    @cached_property
    def outputs(self) -> list[dict[str, object]]:
        """The headline results that both show, as stored, old and new; of workbooks of others all formulas that changed."""
        if self.without_values:
            return []
        if not self.workbooks:
            changed = changed_results(self.old, self.new)
            return [{"line": f"{at} {n}".strip(), "unit": "", "old": a, "new": b} for at, n, a, b in changed]
        before, after = (w.outputs for w in self.workbooks)
        return [
            {"line": line, "unit": new.unit, "old": before[line].value, "new": new.value}
            for line, new in after.items()
            if line in before and not same(before[line].value, new.value)
        ]

    @cached_property
    def changed_signs(self) -> list[dict[str, object]]:
        """The results whose sign changed: what was worth it no longer is, or the reverse."""
        if not self.workbooks or self.without_values:
            return []
        before, after = (_results(w) for w in self.workbooks)
        pairs = {n: (before[n], after[n]) for n in after if n in before}
        return [{"line": n, "old": a, "new": b} for n, (a, b) in pairs.items() if a * b < 0 or (a == 0) != (b == 0)]

    @cached_property
    def checks(self) -> list[dict[str, str]]:
        """The checks whose result changed, as stored."""
        before, after = ({}, {}) if self.without_values else (_checks(self.old), _checks(self.new))
        return [
            {"check": n, "old": before.get(n, "none"), "new": after.get(n, "none")}
            for n in dict.fromkeys((*before, *after))
            if before.get(n) != after.get(n)
        ]

    @cached_property
    def sign_offs(self) -> list[dict[str, str]]:
        """The states of sign-off that changed, as stored."""
        before, after = ({}, {}) if self.without_values else (_sign_offs(self.old), _sign_offs(self.new))
        return [{"who": n, "old": before[n], "new": after[n]} for n in after if before.get(n, after[n]) != after[n]]

    def as_dict(self) -> dict[str, object]:
        """Return everything by name."""
        return {
            "verdict": self.verdict,
            **{kind: [_without_kind(d) for d in self.of(kind)] for kind in KINDS},
            "outputs": self.outputs,
            "changed_signs": self.changed_signs,
            "checks": self.checks,
            "sign_offs": self.sign_offs,
            "notes": self.notes,
            "incomplete": self.incomplete,
        }


def diff(old: Path, new: Path, seconds: float | None = None) -> Comparison:
    """Compare two workbooks.

    Files of the same bytes are not read. Of two workbooks of ours, what was asked of the builder is compared, and what was changed by hand since; of any
    others, cell by cell, once rows that were inserted or deleted are set aside. How much is compared does not depend
    on the machine, unless `seconds` sets a time limit; `incomplete` lists what was not. Raises DataError for a file
    that is no readable xlsx.

    >>> import tempfile
    >>> from openpyxl import Workbook
    >>> book = Workbook()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     old, new = Path(folder) / "old.xlsx", Path(folder) / "new.xlsx"
    ...     book.active["A1"], book.active["B1"] = "Revenue", 100
    ...     book.save(old)
    ...     book.active["B1"] = 120
    ...     book.save(new)
    ...     result = diff(old, new)
    >>> result.verdict, [(d.cell, d.name, d.old, d.new) for d in result.differences]
    ('different', [('B1', 'Revenue', 100.0, 120.0)])
    """
    if _identical(old, new):
        unread = (Package(path, [], {}, {}, [], []) for path in (old, new))
        return Comparison(next(unread), next(unread), notes=["the files are identical, byte for byte"])
    with no_collecting():
        before = open_package(old, None if seconds is None else seconds / 2)
        spare = before.deadline.seconds_left
        left = None if seconds is None or spare is None else seconds / 2 + spare
        result = Comparison(before, open_package(new, left))
        result.incomplete += [f"{p.path}: not read: {text}" for p in (result.old, result.new) for text in p.left_out]
        for package in (result.old, result.new):
            result.notes += _calculated(package, result)
        try:
            result.workbooks = _both(result.old, result.new)
        except AicostError as error:
            result.notes.append(f"inputs are not compared by name: {error}")
        try:
            for difference in _differences(result):
                result.new.deadline.check()
                if len(result.differences) == MOST_DIFFERENCES:
                    raise IncompleteError(f"more than {MOST_DIFFERENCES:,} differences; the rest is not listed")
                result.differences.append(difference)
        except IncompleteError as error:
            result.incomplete.append(f"cells are not compared, or only a part of them: {error}")
        return result


def _calculated(package: Package, result: Comparison) -> Iterator[str]:
    """Calculate the values of a file that holds none, and yield a line that says so, or that they are not compared."""
    formulas = [(sheet, cell) for sheet, cell in formula_cells(package)]
    if not formulas or any(cell.value is not None for _, cell in formulas):
        return
    try:
        values = recalculate(package).values
    except AicostError as error:
        result.without_values = True
        yield f"{package.path} holds no values of its formulas, so results are not compared: {error}"
        return
    for sheet, cell in formulas:
        cell.value = values.get((sheet.name, cell.row, cell.column))
    yield f"{package.path} holds no values of its formulas: they were calculated to compare results"


def _identical(old: Path, new: Path) -> bool:
    try:
        return filecmp.cmp(old, new, shallow=False)
    except OSError:
        return False  # reading says what is wrong


def _differences(comparison: Comparison) -> Iterator[Difference]:
    comparison.new.deadline.check()
    if comparison.workbooks:
        inputs = list(_inputs(*comparison.workbooks))
        yield from inputs
        yield from _requests(*comparison.workbooks)
        yield from _by_hand(*comparison.workbooks, {(d.sheet, d.cell) for d in inputs})
    else:
        yield from differences(comparison.old, comparison.new)


def _both(old: Package, new: Package) -> tuple[ReturnedWorkbook, ReturnedWorkbook]:
    """Return two workbooks of ours whose inputs and choices can be read. Raises AicostError for any others."""
    before, after = ReturnedWorkbook(old), ReturnedWorkbook(new)
    after.build_beside(before)
    for workbook in (before, after):
        _ = workbook.input_values, workbook.choices
    return before, after


def _without_kind(difference: Difference) -> dict[str, object]:
    return {k: v for k, v in asdict(difference).items() if k != "kind"}


def _inputs(old: ReturnedWorkbook, new: ReturnedWorkbook) -> Iterator[Difference]:
    for i, row in new.input_values.items():
        for scenario, now in row.items():
            was = old.input_values.get(i, {}).get(scenario)
            if not same(was, now):
                at = address(new.rows[i][0], new.input_columns[scenario])
                yield Difference("inputs", new.inputs_sheet, at, f"{i}, {scenario}", was, now, (at,))
    for name, choice in new.choices.items():
        if not same(old.choices.get(name), choice):
            place = new.cell_of(name)
            at = address(*place[1:]) if place else ""
            cells = (at,) if at else ()
            sheet = place[0] if place else "Inputs"
            yield Difference("choices", sheet, at, name, old.choices.get(name), choice, cells)


def _requests(old: ReturnedWorkbook, new: ReturnedWorkbook) -> Iterator[Difference]:
    """Yield where the requests to the builder differ: template, horizon, period, own files, version."""
    before, after = ({**o.facts, **o.request} for o in (old, new))
    for key in ("generator", "template", "own_template", "own_assumptions", "years", "periods_per_year", "lambdas"):
        if before.get(key) != after.get(key):
            was, now = (t if len(t) < 60 else f"{t[:57]}..." for t in (str(f.get(key)) for f in (before, after)))
            yield Difference("structure", "Provenance", "", key, was, now)


def _by_hand(old: ReturnedWorkbook, new: ReturnedWorkbook, inputs: set[tuple[str, str]]) -> Iterator[Difference]:
    """Yield what was changed by hand in one file and not in the other, but for inputs that are named already."""
    known = _alike(old, new)
    before, after = (
        [(f, at) for f in drift(o, known) for at in f.cells or (f.cell,) if (f.sheet, at) not in inputs]
        for o in (old, new)
    )
    messages = [{(f.sheet, at, f.message) for f, at in drifts} for drifts in (before, after)]
    for drifts, other, ends in (
        (before, messages[1], ("by hand", "as built")),
        (after, messages[0], ("as built", "by hand")),
    ):
        groups: dict[Finding, list[str]] = defaultdict(list)
        for f, at in drifts:
            if (f.sheet, at, f.message) not in other:
                groups[f].append(at)
        for f, places in groups.items():
            cells = tuple(at for at in f.cells if at in set(places))
            yield Difference(f.kind, f.sheet, group(cells) if cells else f.cell, f.message, *ends, cells)


def _alike(old: ReturnedWorkbook, new: ReturnedWorkbook) -> dict[str, set[tuple[int, int]]]:
    """Return the cells, by sheet, that hold the same in both files and were built the same: what drifted there did in both."""
    built = [(w.built.wb._number_formats, w.built.wb._protections, w.package.styles) for w in (old, new)]
    if not (old.moves.still and new.moves.still and built[0] == built[1]):
        return {}
    alike = {}
    for ws in old.built.wb.worksheets:
        before, after = old.package.sheet(ws.title), new.package.sheet(ws.title)
        other = new.built.wb[ws.title]._cells if ws.title in new.built.wb.sheetnames else {}
        if before is not None and after is not None and before.read_to is after.read_to is None:
            alike[ws.title] = {
                at
                for at, was in ws._cells.items()
                if (now := other.get(at)) is not None
                and was._value == now._value
                and was._style == now._style
                and (a := before.cells.get(at)) is not None
                and (b := after.cells.get(at)) is not None
                and a.style == b.style
                and a.formula == b.formula
                and (a.formula is not None or (a.kind, a.value) == (b.kind, b.value))
            }
    return alike


def _results(workbook: ReturnedWorkbook) -> dict[str, float]:
    """Return the lines of one value of the live lane, as stored."""
    graph, layout = workbook.built.graph, workbook.built.layout
    results = {}
    for line in graph.lines:
        value = workbook.package.value(LIVE.sheet, layout.rows[line], 4) if line not in graph.series else None
        if isinstance(value, int | float):
            results[line] = float(value)
    return results


def _checks(package: Package) -> dict[str, str]:
    sheet = package.sheet("Checks")
    results = {}
    for row in sorted({r for r, _ in sheet.cells}) if sheet else ():
        name, severity, result = (package.value("Checks", row, c) for c in (column_index_from_string(ID), 3, RESULT))
        if row >= FIRST_ROW and isinstance(name, str):
            results[name] = "ok" if result == 0 else "ERROR" if severity == SEVERITIES["error"] else "look"
    return results


def _sign_offs(package: Package) -> dict[str, str]:
    sheet, state = package.sheet(ANSWER), column_index_from_string(STATE)
    cells = sheet.cells.values() if sheet else ()
    return {str(c.value): str(package.value(ANSWER, c.row, state)) for c in cells if c.value in SIGNERS}
