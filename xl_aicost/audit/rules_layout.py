"""Rules about how a workbook reads: labels, direction, links, work done twice. None of them makes a number wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from xl_aicost.audit.findings import Finding, group
from xl_aicost.xlsx.package import Package
from xl_aicost.xlsx.references import ARITHMETIC, address, area, areas, normal, tokens
from xl_aicost.xlsx.sheet import Cell, Sheet

HABIT = 0.7  # the share of formulas that reads upwards where a sheet flows downwards
HERE = ""  # the sheet of a reference that names none
SHORTEST = 12  # characters below which a formula that stands twice is no finding
ROUNDING = {"ROUND", "ROUNDUP", "ROUNDDOWN", "MROUND"}


def layout_rules(package: Package) -> Iterator[Finding]:
    """Yield what makes a workbook hard to read."""
    titles = {s.name.lower() for s in package.sheets}
    for sheet in package.sheets:
        formulas = [c for c in sheet.cells.values() if c.formula is not None]
        for rule, text, cells, fix in (
            ("FOR-11", "rounds on the way", _rounded(formulas), "Round where it is shown"),
            ("FOR-12", "is calculated elsewhere on the sheet already", _twice(formulas), "Refer to the first"),
            (
                "FOR-13",
                "is a link to a link on a third sheet",
                _relayed(package, sheet, formulas),
                "Link to the origin",
            ),
            ("REF-03", "reads further down, on a sheet that flows downwards", _upwards(formulas), "Move it"),
            ("LAB-01", "a row of formulas without a label", _bare(sheet, formulas), "Say what it is, and its unit"),
        ):
            if cells:
                yield Finding("low", rule, sheet.name, group(cells), text, fix, tuple(cells))
        for at, target in sheet.links.items():
            place, mark, _ = target.lstrip("#").rpartition("!")
            if mark and "/" not in place and place.strip("'").replace("''", "'").lower() not in titles:
                text = f"the link goes to {place}, which is not there"
                yield Finding("medium", "STR-04", sheet.name, at, text, "Mend the link")


def _rounded(formulas: list[Cell]) -> list[str]:
    return [
        address(c.row, c.column)
        for c in formulas
        if any(t.kind == "function" and t.text.upper() in ROUNDING for t in tokens(c.formula or ""))
    ]


def _twice(formulas: list[Cell]) -> list[str]:
    seen: set[str] = set()
    found = []
    for c in formulas:
        pieces = tokens(c.formula or "")
        works = any(t.text in ARITHMETIC for t in pieces) and any(t.kind == "ref" for t in pieces)
        if not works or len(c.formula or "") < SHORTEST:
            continue
        text = normal(c.formula or "")
        if text in seen:
            found.append(address(c.row, c.column))
        seen.add(text)
    return found


def _link(cell: Cell | None, home: str) -> tuple[str, int, int] | None:
    """Return the cell of another sheet that a formula is nothing but a link to."""
    pieces = tokens(cell.formula) if cell is not None and cell.formula else ()
    found = area(pieces[0], home) if len(pieces) == 1 and pieces[0].kind == "ref" else None
    if found is None or found.sheet == home or not found.single:
        return None
    return found.sheet, found.top, found.left


def _relayed(package: Package, sheet: Sheet, formulas: list[Cell]) -> list[str]:
    found = []
    for c in formulas:
        first = _link(c, sheet.name)
        there = package.sheet(first[0]) if first else None
        if first and there and _link(there.cells.get((first[1], first[2])), there.name):
            found.append(address(c.row, c.column))
    return found


def _upwards(formulas: list[Cell]) -> list[str]:
    lower, reading = [], 0
    for c in formulas:
        rows = [found.bottom for found in areas(c.formula or "", HERE) if found is not None and found.sheet == HERE]
        reading += bool(rows)
        if rows and max(rows) > c.row:
            lower.append(address(c.row, c.column))
    return lower if len(lower) <= (1 - HABIT) * reading else []


def _bare(sheet: Sheet, formulas: list[Cell]) -> list[str]:
    texts: dict[int, bool] = defaultdict(bool)
    first: dict[int, Cell] = {}
    for c in sheet.cells.values():
        texts[c.row] |= isinstance(c.value, str) and bool(c.value.strip())
    for c in formulas:
        first.setdefault(c.row, c)
    years = {row for row, c in first.items() if c.column == 1}  # a table whose first column is calculated
    return [address(row, c.column) for row, c in first.items() if not texts[row] and row not in years]
