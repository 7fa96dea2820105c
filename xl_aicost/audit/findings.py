"""What a review finds: severity, rule, place, words, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SEVERITIES = ("critical", "high", "medium", "low", "note")


@dataclass(frozen=True)
class Finding:
    """One finding, at a cell or a group of like cells; `rule` is an id such as FOR-01 or GEN-01.

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

    def as_dict(self) -> dict[str, str]:
        """Return what a reader needs, by name."""
        names = ("severity", "rule", "sheet", "cell", "message", "fix")
        return {n: getattr(self, n) for n in names}


def group(cells: Sequence[str]) -> str:
    """Return like cells as a place: the first, and how many more."""
    return cells[0] if len(cells) == 1 else f"{cells[0]} and {len(cells) - 1} more"


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings, the most severe first."""
    return sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.rule, f.sheet, f.cell))


def serious(findings: Iterable[Finding]) -> bool:
    """Return whether any finding is medium or above."""
    return any(f.severity in SEVERITIES[:3] for f in findings)
