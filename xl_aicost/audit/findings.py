"""What a review finds: severity, rule, place, words, and what to do about it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from xl_aicost.xlsx.index import Grid
from xl_aicost.xlsx.sheet import Cell

SEVERITIES = ("critical", "high", "medium", "low", "note")


@dataclass(frozen=True)
class Finding:
    """One finding, at a cell or a group of like cells; `rule` is an id such as short-range or GEN-01.

    `cells` are all cells of a group. `kind` says what a drift is in: formulas, values, structure or form.
    """

    severity: str
    rule: str
    sheet: str
    cell: str
    message: str
    fix: str
    cells: tuple[str, ...] = ()
    kind: str = "structure"

    @property
    def places(self) -> list[str]:
        """All cells, each with its sheet."""
        return [at if "!" in at else f"{self.sheet}!{at}" for at in self.cells or (self.cell,)]

    def as_dict(self) -> dict[str, object]:
        """Return what a reader needs, by name."""
        names = ("severity", "rule", "sheet", "cell", "message", "fix")
        return {n: getattr(self, n) for n in names} | {"count": len(self.places), "cells": self.places}


@dataclass(frozen=True)
class Hit:
    """What a rule says of a cell; hits of one rule and cause become one finding."""

    rule: str
    severity: str
    grid: Grid
    cell: Cell
    cause: Hashable
    message: str
    fix: str


def group(cells: Sequence[str]) -> str:
    """Return like cells as a place: the first, and how many more."""
    return cells[0] if len(cells) == 1 else f"{cells[0]} and {len(cells) - 1} more"


def lowered(severity: str, notches: int) -> str:
    """Return a severity so many notches lower, or higher if negative, between critical and low."""
    return SEVERITIES[min(3, max(0, SEVERITIES.index(severity) + notches))]


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings, the most severe first, those of one severity as they came."""
    return sorted(findings, key=lambda f: SEVERITIES.index(f.severity))


def serious(findings: Iterable[Finding]) -> bool:
    """Return whether any finding is medium or above."""
    return any(f.severity in SEVERITIES[:3] for f in findings)
