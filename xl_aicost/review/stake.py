"""What a recalculation says: which stored values are stale, and what the headline results lose by a drift."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xl_aicost.audit.findings import Finding, group
from xl_aicost.engine import is_error
from xl_aicost.engine.plain_copy import reads_elsewhere, reads_spilled
from xl_aicost.engine.recalculate import Edit, Place, recalculate
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.support.numbers import ADDED, COMPUTED, STORED, same
from xl_aicost.support.values import CellValue
from xl_aicost.xlsx.index import WorkbookIndex
from xl_aicost.xlsx.package import Package, formula_cells
from xl_aicost.xlsx.precedents import CALLS_VOLATILE, changing
from xl_aicost.xlsx.references import address, areas, tokens
from xl_aicost.xlsx.sheet import Cell, Sheet

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
MOST_RESTORED = 20  # drifts whose value at stake is computed
MOST_RECALCULATED = 200_000  # formulas, in all these computations
MOST_OPERANDS = 400_000  # cells that are looked up for the numbers which stand behind stale ones
SURE = {"#DIV/0!", "#N/A", "#NUM!", "#REF!"}  # errors that no function gives for want of being known to the engine
DEPTH = 3  # formulas behind a formula whose operands count as its own


@dataclass(frozen=True)
class AtStake:
    """What restoring a drift would change: by headline result, its value now and once restored."""

    sheet: str
    cell: str
    drift: str
    results: dict[str, tuple[CellValue, CellValue]]


@dataclass(frozen=True)
class Checked:
    """Stale values, what drifts are worth, and what could not be checked or computed."""

    stale: list[Finding] = field(default_factory=list)
    at_stake: list[AtStake] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)


def check_values(package: Package, workbook: ReturnedWorkbook | None, drifted: Sequence[Finding]) -> Checked:
    """Compare stored values with a recalculation and, for a workbook of ours, compute what its drifts are worth.

    Raises AicostError where the file is past a limit or IronCalc cannot recalculate it.
    """
    if workbook is None:
        return _compared(package, recalculate(package).values, "medium", ADDED)
    restorable = [f for f in drifted if f.kind in ("formulas", "values") and f.cells and workbook.moves.still]
    formulas = sum(1 for _ in formula_cells(package))
    restored = restorable[: min(MOST_RESTORED, MOST_RECALCULATED // max(formulas, 1))]
    lines = _headline(workbook) if restored else {}
    result = recalculate(package, [_restoring(workbook, f) for f in restored], list(lines.values()))
    now = {line: result.values.get(place) for line, place in lines.items()}
    checked = _compared(package, result.values, "high", STORED)
    for f, values in zip(restored, result.after, strict=True):
        moved = {n: (now[n], v) for n, v in zip(lines, values, strict=True) if not _agree(now[n], v)}
        checked.at_stake.append(AtStake(f.sheet, f.cell, f.message, moved))
    if restorable[len(restored) :]:
        count = len(restorable) - len(restored)
        checked.not_checked.append(f"what restoring {count:,} further changes would do to the results")
    return checked


def headline_moves(
    workbook: ReturnedWorkbook, edits: Sequence[Sequence[Edit]]
) -> list[dict[str, tuple[CellValue, CellValue]]]:
    """Return for each set of edits the headline results that it moves: as the file has them, and after the edits.

    Raises AicostError where the file is past a limit or IronCalc cannot recalculate it.
    """
    if not edits:
        return []
    lines = _headline(workbook)
    result = recalculate(workbook.package, edits, list(lines.values()))
    now = {line: result.values.get(at) for line, at in lines.items()}
    pairs = [zip(lines, values, strict=True) for values in result.after]
    return [{n: (now[n], v) for n, v in moved if not _agree(now[n], v)} for moved in pairs]


def _headline(workbook: ReturnedWorkbook) -> dict[str, Place]:
    places = {n: workbook.cell_of(n) for n in workbook.headline}
    return {n: place for n, place in places.items() if place and workbook.package.sheet(place[0])}


def _restoring(workbook: ReturnedWorkbook, finding: Finding) -> list[Edit]:
    ws = workbook.built.wb[finding.sheet]
    return [(finding.sheet, c.row, c.column, c.value) for c in (ws[at] for at in finding.cells)]


def _compared(package: Package, values: Mapping[Place, CellValue], severity: str, tolerance: float) -> Checked:
    """Return where the stored value of a formula is another than the calculated one, and where none was calculated.

    The tolerance is relative to the largest number behind a formula. A formula without a stored value gets the
    calculated one, for the rules to judge.
    """
    checked, operands = Checked(), Operands(package)
    volatile = _volatile(package)
    for sheet in package.sheets:
        stale, unknown, valueless, unsure = [], [], [], 0
        for cell in sheet.cells.values():
            if cell.formula is None or (sheet.name, cell.row, cell.column) in volatile:
                continue
            now = values.get((sheet.name, cell.row, cell.column))
            if cell.value is None:
                if reads_elsewhere(cell) or cell.formula == "TABLE()":
                    continue
                if now is None or (is_error(now) and now not in SURE):
                    valueless.append(address(cell.row, cell.column))
                else:
                    cell.value = float(now) if type(now) is int else now
                    cell.kind = "e" if is_error(now) else cell.kind
            elif reads_spilled(cell) or ((now is None or is_error(now)) and not is_error(cell.value)):
                unknown.append(address(cell.row, cell.column))
            elif _agree(cell.value, now) or _excused(operands, sheet, cell, now, tolerance):
                continue
            elif package.since_1904:
                unknown.append(address(cell.row, cell.column))  # IronCalc counts dates from 1900
            elif operands.left < 0:
                unsure += 1
            else:
                stale.append(address(cell.row, cell.column))
        if stale:
            text = "the stored value is not the formula's result"
            fix = "Recalculate and save"
            checked.stale.append(Finding(severity, "VAL-03", sheet.name, group(stale), text, fix, tuple(stale)))
        if unknown:
            text = f"stored values of {sheet.name}!{group(unknown)}: the engine cannot calculate these formulas"
            checked.incomplete.append(text)
        if valueless:
            text = f"values of {sheet.name}!{group(valueless)}: none is stored, and the engine cannot calculate them"
            checked.incomplete.append(text)
        if unsure:
            text = f"stored values of {unsure:,} further formulas of {sheet.name} that give another result"
            checked.incomplete.append(f"{text}: whether by rounding")
    return checked


def _volatile(package: Package) -> set[Place]:
    """Return the formulas whose value changes by itself; most workbooks call no such function."""
    texts = {cell.relative for _, cell in formula_cells(package)}.union(package.names.values())
    if not any(map(CALLS_VOLATILE.search, texts)):
        return set()
    index = WorkbookIndex(package)
    return {index.uses[n].area[:3] for n in changing(index)}


def _agree(old: CellValue, new: CellValue) -> bool:
    """Whether two results are the same: numbers to rounding, any errors, texts without spaces around them, blank as no text."""
    if is_error(old) and is_error(new):
        return True
    if isinstance(old, bool) or isinstance(new, bool):
        return bool(old) == bool(new)
    if isinstance(old, int | float) and isinstance(new, int | float):
        return same(old, new, COMPUTED)
    return str(old or "").strip() == str(new or "").strip()


def _excused(operands: Operands, sheet: Sheet, cell: Cell, now: CellValue, tolerance: float) -> bool:
    """Whether a value differs by no more than rounding of what it is made of, or as IronCalc writes TEXT."""
    if isinstance(cell.value, int | float) and isinstance(now, int | float):
        possible = same(cell.value, now, tolerance, operands.largest)
        return possible and same(cell.value, now, tolerance, operands.size(sheet.name, cell, DEPTH))
    return "TEXT(" in (cell.formula or "") and _rounded_otherwise(cell.value, now)


class Operands:
    """The numbers behind formulas, as far as the count of cells that are looked up allows."""

    def __init__(self, package: Package) -> None:
        self.package, self.left = package, MOST_OPERANDS
        numbers = (abs(c.value) for s in package.sheets for c in s.cells.values() if type(c.value) is float)
        self.largest = max(numbers, default=0.0)
        self.sizes: dict[tuple[Place, int], float] = {}

    def size(self, home: str, cell: Cell, depth: int) -> float:
        """Return the size of the largest number that a formula reads, or that the formulas which it reads do."""
        key = (home, cell.row, cell.column), depth
        if key not in self.sizes:
            self.sizes[key] = max(self._sizes(cell.formula or "", home, depth), default=0.0)
        return self.sizes[key]

    def _sizes(self, formula: str, home: str, depth: int) -> Iterator[float]:
        for sheet, row, column in self._places(formula, home):
            self.left -= 1
            if self.left < 0:
                return
            cell = self.package.cell(sheet, row, column)
            if cell is not None and isinstance(cell.value, int | float):
                yield abs(cell.value)
            if cell is not None and cell.formula is not None and depth > 1:
                yield self.size(sheet, cell, depth - 1)

    def _places(self, formula: str, home: str) -> Iterator[Place]:
        names = [self.package.names.get(("", t.text), "") for t in tokens(formula) if t.kind == "name"]
        for cells in (*areas(formula, home), *(a for text in names for a in areas(text, home))):
            if cells is not None:
                for row in range(cells.top, cells.bottom + 1):
                    yield from ((cells.sheet, row, column) for column in range(cells.left, cells.right + 1))


def _rounded_otherwise(old: object, new: object) -> bool:
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
