"""Audit a workbook: drift from the builder for ours, rules for any; a verdict, and what was not checked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from xl_aicost.audit.findings import Finding, ordered, serious
from xl_aicost.audit.rules import audit_rules
from xl_aicost.audit.values import root_errors
from xl_aicost.engine import is_error
from xl_aicost.errors import AicostError, IncompleteError
from xl_aicost.review.accepted import not_accepted
from xl_aicost.review.drift import drift
from xl_aicost.review.read import InputChange, ReturnedWorkbook
from xl_aicost.review.stake import AtStake, check_values
from xl_aicost.support.memory import no_collecting
from xl_aicost.support.values import CellValue
from xl_aicost.xlsx.package import Package, formula_cells, open_package
from xl_aicost.xlsx.references import address
from xl_aicost.xlsx.sheet import Sheet

NOT_CHECKED = (
    "macros, pivot tables, queries, data tables, and what external links bring",
    "whether the inputs are true",
)
SHOWN = 3  # of what was not checked, in a sentence


@dataclass(frozen=True)
class UniqueFormula:
    """A formula that many cells may hold, each in its own place: the first of them, and how many there are."""

    first: str
    formula: str
    value: CellValue
    cells: int


@dataclass
class Audit:
    """The findings, the formulas to read, what is at stake, and what was not checked.

    `incomplete` lists what should have been checked and was not, `not_checked` what no audit checks.
    """

    path: Path
    findings: list[Finding] = field(default_factory=list)
    changes: list[InputChange] = field(default_factory=list)
    unique_formulas: list[UniqueFormula] = field(default_factory=list)
    at_stake: list[AtStake] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=lambda: [*NOT_CHECKED])
    looked_at: dict[str, int] = field(default_factory=dict)  # sheets, cells, formulas, and how many of these differ
    identical: bool = False  # every byte is as this version builds it, so that there is nothing to find
    inputs_alone: bool = False  # nothing but inputs differs from what this version builds

    @property
    def verdict(self) -> Literal["PASS", "REVIEW", "FAIL", "INCOMPLETE"]:
        """FAIL where something is critical; else INCOMPLETE where a part was not checked; REVIEW from medium on."""
        if any(f.severity == "critical" for f in self.findings):
            return "FAIL"
        if self.incomplete:
            return "INCOMPLETE"
        return "REVIEW" if serious(self.findings) else "PASS"

    def as_dict(self) -> dict[str, object]:
        """Return everything by name."""
        return {
            "verdict": self.verdict,
            "identical": self.identical,
            "inputs_alone": self.inputs_alone,
            "findings": [f.as_dict() for f in self.findings],
            "changes": [asdict(c) for c in self.changes],
            "unique_formulas": [asdict(u) for u in self.unique_formulas],
            "at_stake": [asdict(s) for s in self.at_stake],
            "incomplete": self.incomplete,
            "not_checked": self.not_checked,
            "looked_at": self.looked_at,
        }

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Do a step of the audit; where it cannot be done, note it as incomplete."""
        try:
            yield
        except AicostError as error:
            self.incomplete.append(f"{name}: {error}")


def audit(path: Path, seconds: float | None = None) -> Audit:
    """Audit a workbook.

    How much of a file is looked at does not depend on the machine, unless `seconds` sets a time limit; what was not
    looked at is listed in `incomplete`, and then the verdict is never PASS. Raises DataError for a file that is no
    readable xlsx.

    >>> import tempfile
    >>> from openpyxl import Workbook
    >>> book = Workbook()
    >>> book.active["A1"] = "=1/0+#REF!"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     book.save(Path(folder) / "plan.xlsx")
    ...     result = audit(Path(folder) / "plan.xlsx")
    >>> result.verdict, result.findings[0].cell, result.findings[0].severity
    ('FAIL', 'A1', 'critical')
    """
    with no_collecting():
        package = open_package(path, seconds)
        result = Audit(path, incomplete=[*package.left_out])
        workbook = _returned(package, result)
        result.identical = workbook is not None and _identical(workbook)
        if not result.identical:
            _find(package, workbook, result)
        with result.step("the list of unique formulas"):
            package.deadline.check()
            result.unique_formulas += _unique_formulas(package)
        result.looked_at = {
            "sheets": len(package.sheets),
            "cells": sum(len(s.cells) for s in package.sheets),
            "formulas": sum(u.cells for u in result.unique_formulas),
            "different formulas": len(result.unique_formulas),
        }
        if result.incomplete:
            text = f"Audit incomplete: {in_short(result.incomplete)}"
            result.findings.append(Finding("medium", "GEN-02", "", "", text, "Check these parts by hand"))
        result.findings = ordered(result.findings)
        return result


def _identical(workbook: ReturnedWorkbook) -> bool:
    try:
        return not workbook.changes and workbook.identical  # to build all parts takes longer than to read the inputs
    except AicostError:
        return False  # which `_drift` says


def _find(package: Package, workbook: ReturnedWorkbook | None, result: Audit) -> None:
    """Find what differs from what was built, values that are out of date, and what the rules say."""
    drifted = _drift(workbook, result) if workbook else []
    result.findings += drifted
    result.inputs_alone = workbook is not None and not result.incomplete and all(f.severity == "note" for f in drifted)
    if workbook is not None and result.changes:
        result.findings += not_accepted(workbook)
    with result.step("whether the stored values are up to date"):
        package.deadline.check()
        checked = check_values(package, workbook, drifted)
        result.findings += checked.stale
        result.at_stake += checked.at_stake
        result.incomplete += checked.incomplete
        result.not_checked += checked.not_checked
    if result.inputs_alone and not any(_has_error(sheet) for sheet in package.sheets):
        return  # all formulas are the builder's
    before = len(package.left_out)
    result.findings += audit_rules(package, [root_errors] if result.inputs_alone else ())
    result.incomplete += package.left_out[before:]


def _has_error(sheet: Sheet) -> bool:
    """Return whether a cell has an error other than #N/A, by which the builder's own formulas say that there is no value."""
    return any(is_error(cell.value) and cell.value != "#N/A" for cell in sheet.cells.values())


def in_short(parts: list[str]) -> str:
    """Return what was not done as a sentence shows it: the first few parts, and how many more there are."""
    more = f"; and {len(parts) - SHOWN:,} more" if len(parts) > SHOWN else ""
    return "; ".join(parts[:SHOWN]) + more


def _returned(package: Package, result: Audit) -> ReturnedWorkbook | None:
    """Return the workbook as one of ours, or None."""
    try:
        return ReturnedWorkbook(package)
    except IncompleteError as error:
        result.incomplete.append(f"drift from the builder: {error}")
    except AicostError:
        result.not_checked.append("drift from the builder: the workbook was not made by xl-aicost")
    return None


def _drift(workbook: ReturnedWorkbook, result: Audit) -> list[Finding]:
    """Return how a workbook of ours differs from what was built; where that cannot be built, a finding that says so."""
    try:
        drifted = drift(workbook)
    except AicostError as error:
        result.incomplete.append("drift from the builder: this version cannot build the workbook again")
        return [Finding("high", "GEN-01", "Provenance", "", str(error), "Use the version that made it")]
    try:
        result.changes += workbook.changes
    except AicostError as error:
        if not workbook.wrong_inputs:
            drifted.append(Finding("high", "GEN-01", "", "", str(error), "Choose a value from the list"))
    if not workbook.same_version:
        text = f"made by {workbook.facts['generator']}; compared with what this version builds"
        drifted.append(Finding("note", "GEN-01", "", "", text, ""))
    return drifted


def _unique_formulas(package: Package) -> list[UniqueFormula]:
    """Return the formulas that are to be read, each once."""
    first: dict[str, UniqueFormula] = {}
    cells: dict[str, int] = {}
    for sheet, cell in formula_cells(package):
        key = cell.relative
        if key not in first:
            at = f"{sheet.name}!{address(cell.row, cell.column)}"
            first[key] = UniqueFormula(at, f"={cell.formula}", cell.value, 1)
        cells[key] = cells.get(key, 0) + 1
    return [UniqueFormula(u.first, u.formula, u.value, cells[key]) for key, u in first.items()]


def sarif(result: Audit) -> dict[str, object]:
    """Return the findings in the Static Analysis Results Interchange Format 2.1.0."""
    rules = [{"id": r} for r in sorted({f.rule for f in result.findings})]
    run = {
        "tool": {"driver": {"name": "xl-aicost", "rules": rules}},
        "invocations": [{"executionSuccessful": not result.incomplete}],
        "results": [_sarif_result(result.path.name, f) for f in result.findings],
    }
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "note": "note"}


def _sarif_result(file: str, finding: Finding) -> dict[str, object]:
    place = {"physicalLocation": {"artifactLocation": {"uri": quote(file)}}}
    return {
        "ruleId": finding.rule,
        "level": LEVELS[finding.severity],
        "message": {"text": ". ".join(filter(None, (finding.message, finding.fix)))},
        "locations": [place | {"logicalLocations": [{"fullyQualifiedName": n}]} for n in _named(finding)] or [place],
    }


def _named(finding: Finding) -> list[str]:
    """Return the places of a finding as names: cells, else its sheet or what has none, and nothing for the whole file."""
    if finding.sheet:
        return finding.places if finding.cell else [finding.sheet]
    return [*filter(None, finding.cells or (finding.cell,))]
