"""What a recalculation says: which stored values are stale, and what the headline results lose by a drift."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xl_aicost.audit.findings import Finding, group
from xl_aicost.engine import is_error
from xl_aicost.engine.recalculate import Edit, Place, recalculate
from xl_aicost.errors import AicostError
from xl_aicost.review.read import Ours
from xl_aicost.xlsx.book import Book
from xl_aicost.xlsx.package import Package
from xl_aicost.xlsx.precedents import changing
from xl_aicost.xlsx.references import address

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
MOST_CELLS = 120_000  # beyond it a file is not recalculated
MOST_RESTORED = 20  # drifts whose value at stake is computed
TOLERANCE, SMALLEST = 1e-9, 1e-6  # relative, absolute


@dataclass(frozen=True)
class AtStake:
    """What restoring a drift would change: by headline result, its value now and once restored."""

    sheet: str
    cell: str
    drift: str
    results: dict[str, tuple[Any, Any]]


def check_values(
    package: Package, ours: Ours | None, drifted: Sequence[Finding]
) -> tuple[list[Finding], list[AtStake]]:
    """Return stale values and, for a workbook of ours, what its drifts are worth.

    Raises AicostError where the file is too large or IronCalc cannot recalculate it.
    """
    cells = sum(len(s.cells) for s in package.sheets)
    if package.left_out or cells > MOST_CELLS:
        raise AicostError(f"{cells:,} cells are more than is recalculated")
    restorable = [f for f in drifted if f.kind in ("formulas", "values") and f.cells][:MOST_RESTORED]
    edits = [_restored(ours, f) for f in restorable] if ours else []
    lines = _headline(ours) if ours else {}
    found = recalculate(package.path, edits, list(lines.values()), max(1.0, package.seconds))
    now = {line: found.values.get(place) for line, place in lines.items()}
    at_stake = []
    for f, values in zip(restorable, found.after, strict=False):
        moved = {n: (now[n], v) for n, v in zip(lines, values, strict=True) if _apart(now[n], v)}
        at_stake.append(AtStake(f.sheet, f.cell, f.message, moved))
    return _stale(package, found.values, "high" if ours else "medium"), at_stake


def _headline(ours: Ours) -> dict[str, Place]:
    template = ours.built.template
    places = {n: ours.cell_of(n) for n in dict.fromkeys((*template.headline, *template.summary))}
    return {n: place for n, place in places.items() if place and ours.package.sheet(place[0])}


def _restored(ours: Ours, finding: Finding) -> list[Edit]:
    ws = ours.built.wb[finding.sheet]
    return [(finding.sheet, c.row, c.column, c.value) for c in (ws[at] for at in finding.cells)]


def _stale(package: Package, values: dict[Place, Any], severity: str) -> list[Finding]:
    found = []
    moving = {b.uses[n].area[:3] for b in (Book(package),) for n in changing(b)}
    for sheet in package.sheets:
        cells = []
        for cell in sheet.each():
            row, column = cell.row, cell.column
            now = values.get((sheet.name, row, column))
            if cell.formula is None or cell.value is None or now is None or is_error(now):
                continue
            if (sheet.name, row, column) in moving:
                continue
            if _apart(cell.value, now) and not ("TEXT(" in cell.formula and _rounded_otherwise(cell.value, now)):
                cells.append(address(row, column))
        if cells:
            text = "the stored value is not what the formula comes to"
            fix = "Recalculate and save"
            found.append(Finding(severity, "VAL-03", sheet.name, group(cells), text, fix, tuple(cells)))
    return found


def _rounded_otherwise(old: Any, new: Any) -> bool:
    """Whether two texts differ as IronCalc's TEXT does from Excel's: see EXCUSED in test_workbook_engines.py."""
    texts = str(old), str(new)
    if len({NUMBER.sub("#", t) for t in texts}) > 1:
        return False
    return all(map(_near, *(NUMBER.findall(t) for t in texts)))


def _near(old: str, new: str) -> bool:
    """Whether two numbers differ in the last digit, beyond 15 digits, as 0.0 from 0.99 or in the sign of 0.1."""
    a, b = (int(re.sub("[-,.]", "", n)) for n in (old, new))
    if len(old.lstrip("-")) != len(new.lstrip("-")) or (old[0] != new[0] and "-" in old + new and max(a, b) > 1):
        return False
    return abs(a - b) <= max(1, a // 10**14) or (b == 0 and str(a).strip("0") == "1")


def _apart(old: Any, new: Any) -> bool:
    if isinstance(old, bool) or isinstance(new, bool):
        return bool(old) != bool(new)
    if isinstance(old, int | float) and isinstance(new, int | float):
        return abs(old - new) > max(SMALLEST, TOLERANCE * max(abs(old), abs(new)))
    return str(old or "").strip() != str(new or "").strip()
