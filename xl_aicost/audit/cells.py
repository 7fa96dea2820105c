"""Two workbooks of anybody, cell by cell: which rows came and went, which formulas, values and settings differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from xl_aicost.audit.alignment import aligned, carried
from xl_aicost.audit.findings import group
from xl_aicost.support.numbers import same
from xl_aicost.support.values import CellValue
from xl_aicost.xlsx.package import Package, Style
from xl_aicost.xlsx.references import address, normal
from xl_aicost.xlsx.sheet import Cell, Sheet

Changed: TypeAlias = tuple[str, CellValue, CellValue]  # kind of a difference, old and new


@dataclass(frozen=True)
class Difference:
    """A difference, at a cell of the new file or a group of like cells; `kind` is one of those that `diff` lists.

    `cells` are all cells of a group.
    """

    kind: str
    sheet: str
    cell: str
    name: str
    old: object
    new: object
    cells: tuple[str, ...] = ()


def structure(old: Package, new: Package) -> Iterator[Difference]:
    """Yield where sheets, their settings, names or calculation differ."""
    before, after = ({s.name: s for s in p.sheets} for p in (old, new))
    for name in dict.fromkeys((*before, *after)):
        if name not in after or name not in before:
            states = ("there", "gone") if name in before else ("not there", "there")
            yield Difference("structure", name, "", "sheet", *states)
            continue
        a, b = before[name], after[name]
        whole = a.read_to is None and b.read_to is None
        for what, x, y in (
            ("state of the sheet", a.state, b.state),
            ("protection", a.protected, b.protected),
            ("hidden rows", a.hidden_rows, b.hidden_rows),
            ("hidden columns", a.hidden_columns, b.hidden_columns),
            ("validations", len(a.validations), len(b.validations)),
        ):
            if x != y and (whole or what == "state of the sheet"):
                yield Difference("structure", name, "", what, x, y)
    order = [n for n in before if n in after], [n for n in after if n in before]
    if order[0] != order[1]:
        yield Difference("structure", "", "", "order of sheets", ", ".join(order[0]), ", ".join(order[1]))
    for key in dict.fromkeys((*old.names, *new.names)):
        was, now = old.names.get(key), new.names.get(key)
        if was != now and not key[1].startswith("_xlnm"):
            yield Difference("structure", key[0], "", f"name {key[1]}", was or "none", now or "none")
    for setting in ("calcMode", "iterate"):
        if old.calculation.get(setting) != new.calculation.get(setting):
            yield Difference("structure", "", "", setting, old.calculation.get(setting), new.calculation.get(setting))


def cells(old: Package, new: Package) -> Iterator[Difference]:
    """Yield the cells that differ, like ones together, and the rows that came or went."""
    pairs = [(a, b) for a in old.sheets if (b := new.sheet(a.name)) is not None]
    for a, b in pairs:
        _cut_alike(a, b)
    rows = {a.name: aligned(a, b) for a, b in pairs}
    still = all(was == now for moved in rows.values() for was, now in moved.items())
    for a, b in pairs:
        yield from _Pair(old, new, a, b, {} if still else rows, rows[a.name]).differences()


def _cut_alike(a: Sheet, b: Sheet) -> None:
    """Leave what was read of both sheets: one may have been read further than the other."""
    ends = [s.read_to for s in (a, b) if s.read_to is not None]
    if ends:
        for sheet in (a, b):
            sheet.cells = {at: cell for at, cell in sheet.cells.items() if at[0] <= min(ends)}


@dataclass(frozen=True)
class _Pair:
    """A sheet in both files, with the new row of each old row that has one; `carry` has those of all sheets."""

    old_file: Package
    new_file: Package
    old: Sheet
    new: Sheet
    carry: Mapping[str, Mapping[int, int]]
    moved: Mapping[int, int]

    def differences(self) -> Iterator[Difference]:
        """Yield what differs on the sheet."""
        yield from self._rows()
        back = {now: was for was, now in self.moved.items()}
        groups: dict[tuple[str, str, CellValue, CellValue], list[str]] = defaultdict(list)
        for cell in self.old.cells.values():
            row, column = cell.row, cell.column
            if row in self.moved:
                at = self.moved[row], column
                difference = self._difference(cell, self.new.cells.get(at))
                if difference:
                    groups[difference[0], name_of(self.new, at[0]), *difference[1:]].append(address(*at))
        for cell in self.new.cells.values():
            row, column = cell.row, cell.column
            if row in back and (back[row], column) not in self.old.cells and _content(cell) is not None:
                kind = "formulas" if cell.formula is not None else "values"
                groups[kind, name_of(self.new, row), None, _content(cell)].append(address(row, column))
        for (kind, name, was, now), places in groups.items():
            yield Difference(kind, self.new.name, group(places), name, was, now, tuple(places))

    def _rows(self) -> Iterator[Difference]:
        there = set(self.moved.values())
        for sheet, rows, ends in (
            (self.old, _filled(self.old) - self.moved.keys(), ("there", "gone")),
            (self.new, _filled(self.new) - there, ("not there", "there")),
        ):
            for row in sorted(rows):
                yield Difference("structure", sheet.name, f"{row}:{row}", f"row {name_of(sheet, row)}", *ends)

    def _difference(self, old: Cell, new: Cell | None) -> Changed | None:
        """Return kind, old and new of a cell that differs, or None."""
        was, now = _content(old), _content(new)
        if old.formula is None and (new is None or new.formula is None):
            return self._styled(old, new) if same(was, now) else ("values", was, now)
        if old.formula is not None and new is not None and new.formula is not None:
            carried_over = carried(old.formula, self.old.name, self.carry) if self.carry else old.formula
            if carried_over == new.formula or normal(carried_over) == normal(new.formula):
                return self._styled(old, new)
        return "formulas", was, now

    def _styled(self, old: Cell, new: Cell | None) -> Changed | None:
        if new is None:
            return None
        was, now = self.old_file.style(old), self.new_file.style(new)
        if was.locked != now.locked:
            return "structure", _lock(was), _lock(now)
        alike = was.number_format.lower() == now.number_format.lower()
        return None if alike else ("format", was.number_format, now.number_format)


def _content(cell: Cell | None) -> CellValue:
    if cell is None:
        return None
    return cell.value if cell.formula is None else f"={cell.formula}"


def _lock(style: Style) -> str:
    return "locked" if style.locked else "unlocked"


def _filled(sheet: Sheet) -> set[int]:
    return {cell.row for cell in sheet.cells.values() if _content(cell) is not None}


def name_of(sheet: Sheet, row: int) -> str:
    """Return what a row is called: its first text."""
    cells = (sheet.cells.get((row, column)) for column in range(1, 6))
    texts = (c.value for c in cells if c and c.formula is None)
    return next((t[:60] for t in texts if isinstance(t, str) and t), "")
