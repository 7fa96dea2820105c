"""Two workbooks of anybody, cell by cell: which rows came and went, which formulas, values and settings differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from openpyxl.utils.cell import get_column_letter

from xl_aicost.audit.findings import group
from xl_aicost.review.alignment import longest_rising
from xl_aicost.review.moves import Edit, Moved, Moves
from xl_aicost.support.numbers import ROUNDING, same
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


def differences(old: Package, new: Package) -> Iterator[Difference]:
    """Yield how two workbooks differ: sheets, rows and columns that came, went or moved, settings, names, and cells."""
    moves = Moves(old.sheets, new.sheets)
    yield from _sheets(old, new, moves)
    for moved in moves.sheets.values():
        yield from _settings(moved)
        for edit in moved.edits:
            yield Difference("structure", moved.new.name, place_of(edit), *named(edit, moved))
    yield from _names(old, new, moves)
    for setting in ("calcMode", "iterate"):
        if old.calculation.get(setting) != new.calculation.get(setting):
            yield Difference("structure", "", "", setting, old.calculation.get(setting), new.calculation.get(setting))
    for moved in moves.sheets.values():
        _cut_alike(moved.old, moved.new)
    for moved in moves.sheets.values():
        yield from _Pair(old, new, moved, moves).differences()


def changed_results(old: Package, new: Package) -> Iterator[tuple[str, str, CellValue, CellValue]]:
    """Yield the formulas of the new workbook whose stored value is another: place, name of the row, old and new."""
    moves = Moves(old.sheets, new.sheets)
    for moved in moves.sheets.values():
        for cell in moved.old.cells.values():
            at = moved.at(cell.row, cell.column) if cell.formula is not None else None
            there = moved.new.cells.get(at) if at is not None else None
            if there is not None and there.formula is not None and not same(cell.value, there.value, ROUNDING):
                place = f"{moved.new.name}!{address(there.row, there.column)}"
                yield place, name_of(moved.new, there.row), cell.value, there.value


def _sheets(old: Package, new: Package, moves: Moves) -> Iterator[Difference]:
    there = {m.new.name for m in moves.sheets.values()}
    for sheet in old.sheets:
        moved = moves.of(sheet.name)
        if moved is None:
            yield Difference("structure", sheet.name, "", "sheet", "there", "gone")
        elif moved.new.name != sheet.name:
            yield Difference("structure", moved.new.name, "", "name of the sheet", sheet.name, moved.new.name)
    for sheet in new.sheets:
        if sheet.name not in there:
            yield Difference("structure", sheet.name, "", "sheet", "not there", "there")
    for name, now, before in reordered(
        [m.new.name for m in moves.sheets.values()], [s.name for s in new.sheets if s.name in there]
    ):
        yield Difference("structure", name, "", "place among the sheets", before, now)


def reordered(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Yield the names that were moved, as few as explain a new order, with their new and their old place.

    >>> list(reordered(["a", "b", "c", "d"], ["b", "c", "a", "d"]))
    [('a', 3, 1)]
    """
    places = {name: i for i, name in enumerate(new)}
    stayed = {old[i] for i, _ in longest_rising([(i, places[name]) for i, name in enumerate(old)])}
    yield from ((name, places[name] + 1, i + 1) for i, name in enumerate(old) if name not in stayed)


def _settings(moved: Moved) -> Iterator[Difference]:
    a, b = moved.old, moved.new
    whole = a.read_to is None and b.read_to is None
    rows, columns = (
        [now for place in places if (now := line.at(place)) is not None]
        for line, places in zip(moved.lines, (a.hidden_rows, a.hidden_columns), strict=True)
    )
    for what, x, y in (
        ("state of the sheet", a.state, b.state),
        ("protection", a.protected, b.protected),
        ("hidden rows", rows, b.hidden_rows),
        ("hidden columns", columns, b.hidden_columns),
        ("validations", len(a.validations), len(b.validations)),
    ):
        if x != y and (whole or what == "state of the sheet"):
            yield Difference("structure", b.name, "", what, x, y)


def place_of(edit: Edit) -> str:
    """Return the rows or columns of an edit as a place, as 10:12 or C:C."""
    places = (edit.to, edit.to) if edit.act == "moved" else (edit.place, edit.place + edit.length - 1)
    return ":".join(str(p) if edit.axis == "row" else get_column_letter(p) for p in places)


def named(edit: Edit, moved: Moved) -> tuple[str, str, str]:
    """Return what rows or columns are called, and their old and new state."""
    was = edit.place if edit.axis == "row" else get_column_letter(edit.place)
    if edit.act == "inserted":
        text = name_of(moved.new, edit.place) if edit.axis == "row" else ""
        return f"{edit.axis} {text}".strip(), "not there", "inserted"
    text = name_of(moved.old, edit.place) if edit.axis == "row" else ""
    name = f"{edit.axis} {text}".strip()
    return (name, "there", "deleted") if edit.act == "deleted" else (name, f"{edit.axis} {was}", "moved")


def _names(old: Package, new: Package, moves: Moves) -> Iterator[Difference]:
    for key in dict.fromkeys((*old.names, *new.names)):
        was, now = old.names.get(key), new.names.get(key)
        if was != now and not key[1].startswith("_xlnm"):
            if was is not None and now is not None and normal(moves.carried(was, key[0])) == normal(now):
                continue
            yield Difference("structure", key[0], "", f"name {key[1]}", was or "none", now or "none")


def _cut_alike(a: Sheet, b: Sheet) -> None:
    """Leave what was read of both sheets: one may have been read further than the other."""
    ends = [s.read_to for s in (a, b) if s.read_to is not None]
    if ends:
        for sheet in (a, b):
            sheet.cells = {at: cell for at, cell in sheet.cells.items() if at[0] <= min(ends)}


@dataclass(frozen=True)
class _Pair:
    """A sheet in both files."""

    old_file: Package
    new_file: Package
    moved: Moved
    moves: Moves

    def differences(self) -> Iterator[Difference]:
        """Yield what differs in the cells of the sheet."""
        old, new, still = self.moved.old, self.moved.new, self.moved.still
        groups: dict[tuple[str, str, CellValue, CellValue], list[str]] = defaultdict(list)
        known = set()
        for cell in old.cells.values():
            at = (cell.row, cell.column) if still else self.moved.at(cell.row, cell.column)
            if at is not None:
                known.add(at)
                difference = self._difference(cell, new.cells.get(at))
                if difference:
                    groups[difference[0], name_of(new, at[0]), *difference[1:]].append(address(*at))
        for at, cell in new.cells.items():
            if at not in known and _content(cell) is not None and (still or not self.moved.inserted(*at)):
                kind = "formulas" if cell.formula is not None else "values"
                groups[kind, name_of(new, at[0]), None, _content(cell)].append(address(*at))
        for (kind, name, was, now), places in groups.items():
            yield Difference(kind, new.name, group(places), name, was, now, tuple(places))

    def _difference(self, old: Cell, new: Cell | None) -> Changed | None:
        """Return kind, old and new of a cell that differs, or None."""
        was, now = _content(old), _content(new)
        if old.formula is None and (new is None or new.formula is None):
            return self._styled(old, new) if same(was, now) else ("values", was, now)
        if old.formula is not None and new is not None and new.formula is not None:
            carried = self.moves.carried(old.formula, self.moved.old.name)
            if carried == new.formula or normal(carried) == normal(new.formula):
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


def name_of(sheet: Sheet, row: int) -> str:
    """Return what a row is called: its first text."""
    cells = (sheet.cells.get((row, column)) for column in range(1, 6))
    texts = (c.value for c in cells if c and c.formula is None)
    return next((t[:60] for t in texts if isinstance(t, str) and t), "")
