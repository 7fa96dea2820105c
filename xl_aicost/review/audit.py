"""Audit a workbook: drift from the builder for ours, rules for any; a verdict, and what was not checked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from xl_aicost.audit.findings import Finding, ordered, serious
from xl_aicost.audit.rules import audit_rules
from xl_aicost.errors import AicostError
from xl_aicost.review.drift import drift
from xl_aicost.review.read import Ours
from xl_aicost.review.stake import AtStake, check_values
from xl_aicost.xlsx.package import SECONDS, OverTimeError, formula_cells, open_package
from xl_aicost.xlsx.references import address

NOT_CHECKED = (
    "macros, pivot tables, queries, and what external links bring",
    "whether the inputs are true",
)


@dataclass(frozen=True)
class Audit:
    """The findings, the formulas to read, and what was left out."""

    path: Path
    findings: list[Finding]
    changes: list[dict[str, Any]]
    unique_formulas: list[dict[str, Any]]
    at_stake: list[AtStake]
    not_checked: list[str]
    looked_at: dict[str, int]  # sheets, cells, formulas, and how many of these are different

    @property
    def verdict(self) -> str:
        """PASS, REVIEW where something is medium or above, FAIL where something is critical."""
        if any(f.severity == "critical" for f in self.findings):
            return "FAIL"
        return "REVIEW" if serious(self.findings) else "PASS"

    def as_dict(self) -> dict[str, Any]:
        """Return everything by name."""
        return {
            "verdict": self.verdict,
            "findings": [f.as_dict() for f in self.findings],
            "changes": self.changes,
            "unique_formulas": self.unique_formulas,
            "at_stake": [asdict(s) for s in self.at_stake],
            "not_checked": self.not_checked,
            "looked_at": self.looked_at,
        }


def audit(path: Path, seconds: float = SECONDS) -> Audit:
    """Audit a workbook in so many seconds; `not_checked` says what they were too short for.

    Raises DataError for a file that is no readable xlsx.
    """
    package = open_package(path, seconds)
    rules = audit_rules(package)
    findings: list[Finding] = []
    changes, drifted = [], []
    not_checked = [*NOT_CHECKED, *package.left_out]
    if package.left_out:
        text = f"a part was not looked at: {package.left_out[0]}"
        findings.append(Finding("medium", "GEN-02", "", "", text, "Give it more --seconds, or look at it by hand"))
    ours = None
    try:
        ours = Ours(package)
        drifted = drift(ours)
        changes = [vars(c) for c in ours.changes]
        if not ours.same_version:
            text = f"made by {ours.facts['generator']}; compared with what this version builds"
            findings.append(Finding("note", "GEN-01", "", "", text, ""))
    except OverTimeError as error:
        not_checked.append(f"drift from the builder: {error}")
    except AicostError as error:
        if package.sheet("Provenance") is None:
            not_checked.append("drift from the builder: the workbook is not one of ours")
        else:
            findings.append(
                Finding("high", "GEN-01", "Provenance", "", str(error), "Read it with the version that made it")
            )
    try:
        stale, at_stake = check_values(package, ours, drifted)
        findings += stale
    except AicostError as error:
        at_stake = []
        not_checked.append(f"whether the stored values are what the formulas come to: {error}")
    findings += drifted + rules
    unique: dict[str, dict[str, Any]] = {}
    try:
        for sheet, cell in formula_cells(package):
            at = f"{sheet.name}!{address(cell.row, cell.column)}"
            entry = unique.setdefault(
                cell.relative, {"first": at, "formula": f"={cell.formula}", "value": cell.value, "cells": 0}
            )
            entry["cells"] += 1
    except OverTimeError as error:
        not_checked.append(f"which formulas are unique: {error}")
    looked_at = {
        "sheets": len(package.sheets),
        "cells": sum(len(s.cells) for s in package.sheets),
        "formulas": sum(u["cells"] for u in unique.values()),
        "different formulas": len(unique),
    }
    return Audit(path, ordered(findings), changes, list(unique.values()), at_stake, not_checked, looked_at)


def sarif(result: Audit) -> dict[str, Any]:
    """Return the findings in the Static Analysis Results Interchange Format 2.1.0."""
    levels = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "note": "note"}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "xl-aicost",
                        "rules": [{"id": r} for r in sorted({f.rule for f in result.findings})],
                    }
                },
                "results": [
                    {
                        "ruleId": f.rule,
                        "level": levels[f.severity],
                        "message": {"text": f"{f.message}. {f.fix}"},
                        "locations": [
                            {
                                "physicalLocation": {"artifactLocation": {"uri": result.path.name}},
                                "logicalLocations": [{"fullyQualifiedName": place}],
                            }
                            for place in f.places
                        ],
                    }
                    for f in result.findings
                ],
            }
        ],
    }
