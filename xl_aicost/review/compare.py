"""What differs between two workbooks: inputs, choices, formulas, structure, form; results, signs, checks, sign-offs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from xl_aicost.audit.cells import Difference, cells, structure
from xl_aicost.errors import AicostError
from xl_aicost.review.drift import drift
from xl_aicost.review.read import Ours
from xl_aicost.support.numbers import same
from xl_aicost.workbook.layout import LIVE
from xl_aicost.workbook.sheets.checks import FIRST_ROW
from xl_aicost.workbook.sheets.cover import SIGNERS
from xl_aicost.xlsx.package import SECONDS, OverTimeError, Package, open_package
from xl_aicost.xlsx.references import address

MOST_DIFFERENCES = 10_000
KINDS = ("inputs", "choices", "formulas", "values", "structure", "form")


@dataclass
class Comparison:
    """Everything that differs between two files; results, signs, checks and sign-offs for workbooks of ours."""

    old: Package
    new: Package
    differences: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)  # what the time or the size was too much for
    ours: tuple[Ours, Ours] | None = None

    def of(self, kind: str) -> list[Difference]:
        """Return the differences of a kind."""
        return [d for d in self.differences if d.kind == kind]

    @property
    def differs(self) -> bool:
        """Whether anything differs beyond form."""
        return any(d.kind != "form" for d in self.differences)

    @property
    def verdict(self) -> str:
        """different, same, or incomplete where no difference was found in a part of the files."""
        return "different" if self.differs else "incomplete" if self.late else "same"

    @cached_property
    def outputs(self) -> list[dict[str, Any]]:
        """The headline results that both show, as stored, old and new."""
        if not self.ours:
            return []
        before, after = (o.outputs for o in self.ours)
        return [
            {"line": n, "unit": after[n]["unit"], "old": before[n]["value"], "new": after[n]["value"]}
            for n in after
            if n in before and not same(before[n]["value"], after[n]["value"])
        ]

    @cached_property
    def turned(self) -> list[dict[str, Any]]:
        """The results whose sign has turned: what was worth it no longer is, or the reverse."""
        if not self.ours:
            return []
        before, after = (_results(o) for o in self.ours)
        pairs = {n: (before[n], after[n]) for n in after if n in before}
        return [{"line": n, "old": a, "new": b} for n, (a, b) in pairs.items() if a * b < 0 or (a == 0) != (b == 0)]

    @cached_property
    def checks(self) -> list[dict[str, str]]:
        """The checks whose result changed, as stored."""
        before, after = _checks(self.old), _checks(self.new)
        return [
            {"check": n, "old": before.get(n, "none"), "new": after.get(n, "none")}
            for n in dict.fromkeys((*before, *after))
            if before.get(n) != after.get(n)
        ]

    @cached_property
    def sign_offs(self) -> list[dict[str, str]]:
        """The states of sign-off that changed, as stored."""
        before, after = _sign_offs(self.old), _sign_offs(self.new)
        return [{"who": n, "old": before[n], "new": after[n]} for n in after if before.get(n, after[n]) != after[n]]

    def as_dict(self) -> dict[str, Any]:
        """Return everything by name."""
        found: dict[str, Any] = {"verdict": self.verdict}
        found |= {kind: [_plain(d) for d in self.of(kind)] for kind in KINDS}
        found |= {"outputs": self.outputs, "turned": self.turned, "checks": self.checks, "sign_offs": self.sign_offs}
        return found | {"notes": [*self.notes, *self.late]}


def compare(old: Path, new: Path, seconds: float = SECONDS) -> Comparison:
    """Compare two workbooks in so many seconds; `late` says what they were too short for.

    Raises DataError for a file that is no readable xlsx.

    Of two workbooks of ours, what was asked of the builder is compared, and what was changed by hand since; of any
    others, cell by cell, once rows that were inserted or deleted are set aside.
    """
    before = open_package(old, seconds, reading=0.35)
    found = Comparison(before, open_package(new, before.seconds, reading=0.5))
    found.late += [f"{p.path}: not read: {text}" for p in (found.old, found.new) for text in p.left_out]
    try:
        found.ours = _readable(found.old), _readable(found.new)
    except AicostError as error:
        found.notes.append(f"inputs are not compared by name: {error}")
    try:
        for number, difference in enumerate(_differences(found)):
            if number == MOST_DIFFERENCES:
                raise OverTimeError(f"more than {MOST_DIFFERENCES:,} differences")
            found.differences.append(difference)
    except OverTimeError as error:
        found.late.append(f"cells are not compared, or a part of them: {error}")
    return found


def _differences(found: Comparison) -> Iterator[Difference]:
    if found.ours:
        yield from _inputs(*found.ours)
        yield from _requests(*found.ours)
        yield from _by_hand(*found.ours)
    else:
        yield from structure(found.old, found.new)
        yield from cells(found.old, found.new)


def _readable(package: Package) -> Ours:
    """Return a workbook of ours whose inputs and choices can be read. Raises AicostError for any other."""
    ours = Ours(package)
    _ = ours.inputs, ours.choices
    return ours


def _plain(difference: Difference) -> dict[str, Any]:
    return {k: v for k, v in asdict(difference).items() if k != "kind"}


def _inputs(old: Ours, new: Ours) -> Iterator[Difference]:
    for i, row in new.inputs.items():
        for scenario, now in row.items():
            was = old.inputs.get(i, {}).get(scenario)
            if not same(was, now):
                at = address(new.rows[i][0], new.scenario_columns[scenario])
                yield Difference("inputs", "Inputs", at, f"{i}, {scenario}", was, now)
    for name, now in new.choices.items():
        if not same(old.choices.get(name), now):
            place = new.cell_of(name)
            at = address(*place[1:]) if place else ""
            yield Difference("choices", "Control", at, name, old.choices.get(name), now)


def _requests(old: Ours, new: Ours) -> Iterator[Difference]:
    """Yield where the builder was asked for something else: template, horizon, period, own files, version."""
    before, after = ({**o.facts, **o.request} for o in (old, new))
    for key in ("generator", "template", "own_template", "own_assumptions", "years", "periods_per_year", "lambdas"):
        if before.get(key) != after.get(key):
            ends = (str(f.get(key)) for f in (before, after))
            yield Difference("structure", "Provenance", "", key, *(t if len(t) < 60 else f"{t[:57]}..." for t in ends))


def _by_hand(old: Ours, new: Ours) -> Iterator[Difference]:
    """Yield what was changed by hand in one file and not in the other."""
    before, after = ({(f.sheet, f.cell, f.message): f for f in drift(o)} for o in (old, new))
    for key in dict.fromkeys((*before, *after)):
        if (key in before) != (key in after):
            f = before.get(key) or after[key]
            ends = ("by hand", "as built") if key in before else ("as built", "by hand")
            yield Difference(f.kind, f.sheet, f.cell, f.message, *ends)


def _results(ours: Ours) -> dict[str, float]:
    """Return the lines of one value of the live lane, as stored."""
    graph, layout = ours.built.graph, ours.built.layout
    found = {}
    for line in graph.lines:
        value = ours.package.value(LIVE.sheet, layout.rows[line], 4) if line not in graph.series else None
        if isinstance(value, int | float):
            found[line] = float(value)
    return found


def _checks(package: Package) -> dict[str, str]:
    sheet = package.sheet("Checks")
    found = {}
    for row in sorted({r for r, _ in sheet.cells}) if sheet else ():
        name, kind, result = (package.value("Checks", row, c) for c in (1, 3, 7))
        if row >= FIRST_ROW and isinstance(name, str):
            found[name] = "ok" if result == 0 else "ERROR" if kind == "error" else "look"
    return found


def _sign_offs(package: Package) -> dict[str, str]:
    sheet = package.sheet("Cover")
    cells = sheet.cells.values() if sheet else ()
    return {str(c.value): str(package.value("Cover", c.row, 6)) for c in cells if c.column == 1 and c.value in SIGNERS}
