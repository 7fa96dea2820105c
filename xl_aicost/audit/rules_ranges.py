"""Rules about cells beside each other: rows and columns of one formula, twin sheets, sums, what formulas read."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from xl_aicost.audit.findings import Finding, group
from xl_aicost.xlsx.package import Package, formula_cells
from xl_aicost.xlsx.references import ARITHMETIC, Area, Token, address, area, tokens
from xl_aicost.xlsx.sheet import Cell, Sheet

RUN = 4  # cells of one formula side by side that make a timeline
NEIGHBOURS = 3  # like cells above and below that make one between them a stranger
TWIN_SIZE, TWIN_SHARE = 30, 0.8  # formulas that a sheet has, and the share that is the same on its twin
PEERS, PEER_SHARE = 4, 0.7  # totals of a column, and the share that agrees
MOST_SUMMED = 2_000  # cells
NUMERIC = re.compile(r"-?\d+(,\d{3})*(\.\d+)?%?")
Twins = list[Sheet]


def range_rules(package: Package) -> Iterator[Finding]:
    """Yield what is wrong between cells."""
    for sheet in package.sheets:
        yield from _rows(sheet)
        yield from _columns(sheet)
        yield from _totals(sheet)
    for twins in _twins(package):
        yield from _strangers(twins)
        yield from _crossings(twins)
    yield from _what_is_read(package)


def _rows(sheet: Sheet) -> Iterator[Finding]:
    """Yield where a row of one formula is interrupted by another, by a number or by nothing."""
    rows: dict[int, list[Cell]] = defaultdict(list)
    for cell in sheet.cells.values():
        rows[cell.row].append(cell)
    for row, cells in rows.items():
        cells.sort(key=lambda c: c.column)
        texts = [c.relative if c.formula else None for c in cells]
        counts = Counter(t for t in texts if t)
        if not counts:
            continue
        common, count = counts.most_common(1)[0]
        if count < RUN:
            continue
        inside = [i for i, t in enumerate(texts) if t == common]
        for i in range(inside[0], inside[-1] + 2):
            if i >= len(cells) or texts[i] == common or (i > 0 and cells[i].column != cells[i - 1].column + 1):
                continue
            yield from _interruption(sheet, cells[i], i <= inside[-1], address(row, cells[i].column))
        for left, right in pairwise(inside):
            missing = cells[right].column - cells[left].column - 1
            if missing == 1 and right == left + 1:
                at = address(row, cells[left].column + 1)
                yield Finding("high", "ROW-03", sheet.name, at, "a gap in a row of formulas", "Fill the row")


def _interruption(sheet: Sheet, cell: Cell, within: bool, at: str) -> Iterator[Finding]:
    if cell.formula is None and isinstance(cell.value, float):
        text = f"the number {cell.value:g} among formulas"
        yield Finding("critical", "ROW-02", sheet.name, at, text, "Restore the formula")
    elif cell.formula is not None and within and len(tokens(cell.formula)) > 1:
        text = f"={cell.formula[:60]} among another formula"
        yield Finding("critical", "ROW-01", sheet.name, at, text, "One formula a row")


def _columns(sheet: Sheet) -> Iterator[Finding]:
    """Yield a cell that differs from the like formulas above and below it."""
    for cell in sheet.cells.values():
        row, column = cell.row, cell.column
        around = [sheet.cells.get((row + step, column)) for step in (*range(-NEIGHBOURS, 0), *range(1, NEIGHBOURS + 1))]
        texts = {c.relative if c and c.formula else None for c in around}
        if len(texts) != 1 or None in texts or cell.relative in texts or not isinstance(cell.value, float):
            continue
        at = address(row, column)
        if cell.formula is not None:
            text = f"={cell.formula[:60]} in a column of another formula"
            yield Finding("critical", "ROW-01", sheet.name, at, text, "One formula a block")
        elif cell.value is not None:
            text = f"{cell.value!r} in a column of formulas"
            yield Finding("critical", "ROW-02", sheet.name, at, text, "Restore the formula")


def _totals(sheet: Sheet) -> Iterator[Finding]:
    """Yield totals along a row that sum other columns than their peers above and below do."""
    columns: dict[int, list[Cell]] = defaultdict(list)
    for cell in sheet.cells.values():
        text = cell.formula or ""
        if text.startswith("SUM(") and text.count("(") == 1 and ":" in text:
            columns[cell.column].append(cell)
    for cells in columns.values():
        common, count = Counter(c.relative for c in cells).most_common(1)[0]
        if len(cells) < PEERS or count < PEER_SHARE * len(cells):
            continue
        for cell in cells:
            if cell.relative != common:
                at, text = address(cell.row, cell.column), f"={cell.formula} sums other cells than its peers"
                yield Finding("critical", "RNG-01", sheet.name, at, text, "Sum the same columns")


def _twins(package: Package) -> list[Twins]:
    """Return groups of sheets that hold nearly the same formulas at the same places, as scenarios do."""
    found: list[Twins] = []
    texts = {
        s.name: {(c.row, c.column): c.relative for c in s.cells.values() if c.formula is not None}
        for s in package.sheets
    }
    for sheet in package.sheets:
        own = texts[sheet.name]
        if len(own) < TWIN_SIZE:
            continue
        for twins in found:
            other = texts[twins[0].name]
            same = sum(other.get(at) == text for at, text in own.items())
            if same >= TWIN_SHARE * max(len(own), len(other)):
                twins.append(sheet)
                break
        else:
            found.append([sheet])
    return [t for t in found if len(t) > 1]


def _strangers(twins: Twins) -> Iterator[Finding]:
    """Yield formulas that most twins share and one has not; of two, which is right cannot be said."""
    places = dict.fromkeys((c.row, c.column) for s in twins for c in s.cells.values() if c.formula is not None)
    for at in places:
        cells = [(s, s.cells.get(at)) for s in twins]
        texts = Counter(c.relative if c and c.formula is not None else "" for _, c in cells)
        common, count = texts.most_common(1)[0]
        if len(texts) == 1 or not common or count <= len(twins) / 2:
            if len(texts) > 1 and "" not in texts:
                names = " and ".join(s.name for s in twins[:3])
                text = f"{names} differ here and nearly nowhere else"
                yield Finding("medium", "LAN-01", twins[0].name, address(*at), text, "See which is right")
            continue
        for sheet, cell in cells:
            now = cell.relative if cell and cell.formula is not None else ""
            if now != common:
                value = cell.value if cell else None
                what = f"={cell.formula[:60]}" if cell and cell.formula else f"{value!r}"
                text = f"{what} where {count} twins of the sheet have another formula"
                yield Finding("critical", "LAN-01", sheet.name, address(*at), text, "Restore the formula")


def _crossings(twins: Twins) -> Iterator[Finding]:
    names = {s.name.lower() for s in twins}
    for sheet in twins:
        cells = [
            address(c.row, c.column)
            for c in sheet.cells.values()
            if c.formula and any(t.sheet.lower() in names - {sheet.name.lower()} for t in tokens(c.formula) if t.sheet)
        ]
        if cells:
            text = "reads another scenario's sheet"
            yield Finding("high", "STR-10", sheet.name, group(cells), text, "Read the same sheet", tuple(cells))


def _what_is_read(package: Package) -> Iterator[Finding]:
    """Yield formulas that read an empty cell, calculate with text, or sum a part of a list."""
    sheets = {s.name.lower(): s for s in package.sheets}
    found: dict[tuple[str, str, str, str, str], list[str]] = defaultdict(list)
    first: dict[tuple[str, str, str, str, str], str] = {}
    for sheet, cell in formula_cells(package):
        pieces = tokens(cell.formula or "")
        if _minds_gaps(pieces):
            continue
        right = sheet.cells.get((cell.row, cell.column + 1))
        first_of_row = right is not None and right.relative == cell.relative
        for i, token in enumerate(pieces):
            reached = area(token, sheet.name) if token.kind == "ref" else None
            there = sheets.get(reached.sheet.lower()) if reached else None
            if reached is None or there is None:
                continue
            if reached.single:
                before_it = first_of_row and there is sheet and reached.left < cell.column
                problem = _operand(package, there, reached, [p.text for p in pieces[max(i - 1, 0) : i + 2]])
                problem = None if before_it and problem and problem[1] == "REF-01" else problem
            else:
                summed = i > 0 and pieces[i - 1].text.upper() in ("SUM", "(") and token.text.count("$") % 2 == 0
                problem = _summed(there, reached, cell) if summed and not _in_a_run(sheet, cell) else None
            if problem:
                severity, rule, text, fix, place = problem
                key = (severity, rule, sheet.name, text, fix)
                found[key].append(address(cell.row, cell.column))
                first.setdefault(key, place)
    for key, cells in found.items():
        severity, rule, title, text, fix = key
        yield Finding(severity, rule, title, group(cells), f"{text}: {first[key]}", fix, tuple(cells))


def _minds_gaps(pieces: Sequence[Token]) -> bool:
    """Return whether a formula itself asks if a cell is empty or a number."""
    asks = {"COUNT", "COUNTA", "COUNTBLANK", "ISNUMBER", "ISBLANK", "ISTEXT", "N", "SUMPRODUCT"}
    return any(t.text == '""' or (t.kind == "function" and t.text.upper() in asks) for t in pieces)


def _in_a_run(sheet: Sheet, cell: Cell) -> bool:
    """Return whether a neighbour holds the same formula: sums over a moving window leave cells out on purpose."""
    steps = ((-1, 0), (1, 0), (0, -1), (0, 1))
    around = (sheet.cells.get((cell.row + down, cell.column + right)) for down, right in steps)
    return any(c is not None and c.formula is not None and c.relative == cell.relative for c in around)


Problem = tuple[str, str, str, str, str]  # severity, rule, text, fix, the cell that it is about


def _operand(package: Package, sheet: Sheet, at: Area, around: Sequence[str]) -> Problem | None:
    cell = sheet.cells.get((at.top, at.left))
    arithmetic = any(t in ARITHMETIC for t in around)
    place = f"{sheet.name}!{address(at.top, at.left)}"
    if cell is None or (cell.formula is None and cell.value is None):
        if cell is not None and not package.style(cell).locked:
            return None
        return ("high", "REF-01", "reads a cell that is empty", "Point it at the right cell", place)
    if arithmetic and isinstance(cell.value, str) and NUMERIC.fullmatch(cell.value.strip()):
        return ("high", "REF-02", "calculates with a number stored as text", "Type it as a number", place)
    return None


def _summed(sheet: Sheet, at: Area, home: Cell) -> Problem | None:
    """Return the problem of a sum that leaves out a number just beside its range."""
    if at.left == at.right and at.bottom > at.top:
        ends = [(at.top - 1, at.left), (at.bottom + 1, at.left)]
    elif at.top == at.bottom and at.right > at.left:
        ends = [(at.top, at.left - 1), (at.top, at.right + 1)]
    else:
        return None
    for end in ends:
        cell = sheet.cells.get(end)
        if cell is not None and cell is not home and isinstance(cell.value, float) and _all_like(sheet, at, cell):
            place = f"{sheet.name}!{address(*end)}"
            return ("high", "RNG-02", "the sum leaves out a cell like what it sums", "Sum the whole list", place)
    return None


def _all_like(sheet: Sheet, at: Area, cell: Cell) -> bool:
    """Return whether an area holds nothing but copies of a cell's formula, or of a number nothing but numbers.

    No of a very large area, for each formula may sum one.
    """
    if (at.bottom - at.top + 1) * (at.right - at.left + 1) > MOST_SUMMED:
        return False
    places = ((r, c) for r in range(at.top, at.bottom + 1) for c in range(at.left, at.right + 1))
    inside = (c for place in places if (c := sheet.cells.get(place)) is not None)
    first = next(inside, None)
    return first is not None and all(_likeness(c) == _likeness(cell) for c in (first, *inside))


def _likeness(cell: Cell) -> str:
    return cell.relative if cell.formula else "number"
