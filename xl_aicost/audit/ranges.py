"""Rules about the ranges of sums and averages: they stop short of the data, or take in rows that nobody sees."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from xl_aicost.audit.findings import Hit, lowered
from xl_aicost.xlsx.aggregates import TOTALS, Span, aggregated, aggregates
from xl_aicost.xlsx.index import WorkbookIndex, is_gap, is_numeric
from xl_aicost.xlsx.references import Area, address
from xl_aicost.xlsx.sheet import Cell

FEWEST = 3  # numbers of a range, so that a next one can be like them
NEAR = 2  # cells between the last number and a total that stands directly behind the data
LEAVES_OUT = {"SUBTOTAL", "AGGREGATE"}  # hidden or filtered rows, if so asked
MOST_LEFT = 400  # cells that are looked at behind a range
YEARS = range(1900, 2101)


def short_ranges(book: WorkbookIndex) -> Iterator[Hit]:
    """Yield the formulas whose range stops short of the data."""
    lines: dict[tuple[str, int, int], list[Span]] = defaultdict(list)
    for s in aggregated(book):
        lines[s.grid.name, s.axis, s.line].append(s)
    for (name, axis, line), spans in lines.items():
        beside = [o for step in (-1, 1) for o in lines.get((name, axis, line + step), ())]
        for s in spans:
            inside = s.grid.within(axis, line, s.first, s.last)
            book.spend(len(spans) + len(beside))
            for step in (1, -1) if len(inside) >= FEWEST and not _moves(s) else ():
                left_out = _left_out(book, s, inside, step)
                if left_out and not _meant(book, s, left_out[0], spans) and not _of_another_kind(book, s, left_out):
                    whole = min(s.first, *left_out), max(s.last, *left_out)
                    raised = any(o.first <= whole[0] and whole[1] <= o.last and _is_twin(o, s) for o in beside)
                    yield _hit(s, step, left_out, lowered(_severity(s, step, left_out, inside), -raised))


def _hit(s: Span, step: int, left_out: list[int], severity: str) -> Hit:
    cells = s.area(min(left_out), max(left_out))
    ends = ":".join(dict.fromkeys((address(cells.top, cells.left), address(cells.bottom, cells.right))))
    where = ends if s.grid is s.use.grid else f"{s.grid.name}!{ends}"
    count = f"{len(left_out)} {'cell' if len(left_out) == 1 else 'cells'}"
    side = f"stops {count} short of the end" if step > 0 else f"starts {count} after the beginning"
    cause = (s.grid.name * (severity != "low"), s.axis, s.last if step > 0 else s.first, left_out[-1])
    message = f"{s.function} {side} of its data: {where} left out"
    fix = f"Let the range take in {where}, or say why not"
    return Hit("short-range", severity, s.use.grid, s.use.cell, cause, message, fix)


def _is_twin(other: Span, s: Span) -> bool:
    """Return whether two formulas with the same function stand beside each other."""
    here, there = s.use.area, other.use.area
    return other.function == s.function and here.sheet == there.sheet and here[2 - s.axis] == there[2 - s.axis]


def _moves(s: Span) -> bool:
    """Return whether a neighbour along the range aggregates one that has moved on: a window, or a running total."""
    _, row, column, _, _ = s.use.area
    places = [(row - 1, column), (row + 1, column)] if s.axis else [(row, column - 1), (row, column + 1)]
    beside = (s.use.grid.cells.get(at) for at in places)
    return not s.fixed and any(c is not None and c.formula and c.relative == s.use.cell.relative for c in beside)


def _key(cell: Cell | None) -> str:
    return cell.relative if cell is not None and cell.formula is not None else ""


def _left_out(book: WorkbookIndex, s: Span, inside: list[int], step: int) -> list[int]:
    """Return the places of the numbers behind or before a range that are like those in it."""
    keys = {_key(s.cell(p)) for p in (*inside[:50], *inside[-50:])}
    kinds = {bool(k) for k in keys}
    styles = {s.grid.style(c) for p in inside[::step][-FEWEST:] if (c := s.cell(p)) is not None}
    result: list[int] = []
    place, blank = (s.last if step > 0 else s.first) + step, 0
    while len(result) < MOST_LEFT and place > 0 and blank < 2 and place != s.total:
        cell = s.cell(place)
        if cell is None or is_gap(cell):
            if not any(is_numeric(s.cell(place, lines)) for lines in (-2, -1, 1, 2)):
                break
            blank += 1
        elif not is_numeric(cell) or s.grid.style(cell) not in styles or (cell.formula is not None) not in kinds:
            break
        elif len(keys) > 1 or _key(cell) in keys:  # by one formula, if all are
            result.append(place)
            blank = 0
        else:
            break
        place += step
    book.spend(len(result) + 100)
    return result


def _meant(book: WorkbookIndex, s: Span, place: int, spans: Sequence[Span]) -> bool:
    """Return whether the number at a place is left out for a reason."""
    cell, area = s.cell(place), s.area(place, place)
    if cell is None or (s.axis and cell.formula is None and cell.value in YEARS) or s.grid.is_total(s.axis, cell):
        return True
    apart = (o for o in spans if o.last < s.first or s.last < o.first)
    return (
        any(o.use is s.use or o.first <= place <= o.last for o in apart)
        or any(a.holds(area) for a in book.read(s.use.formula, s.use.grid, s.use.cell))
        or any(_totals(book, replace(s, line=s.line + lines), place) for lines in (-2, -1, 0, 1, 2))
        or bool(book.readers(area) & book.readers(s.use.area))
        or (s.total is None and any(_beside(book.uses[n].area, s) for n in book.readers(area)))
    )


def _beside(reader: Area, s: Span) -> bool:
    """Return whether a formula stands in one line with the one that aggregates: a total for what comes next."""
    here, there = s.use.area, reader
    return here.sheet == there.sheet and bool(here[1 + s.axis] == there[1 + s.axis])


def _of_another_kind(book: WorkbookIndex, s: Span, left_out: list[int]) -> bool:
    """Return whether a cell left out is calculated from the aggregate, or by a formula of its own from another one."""
    inside = {_key(s.cell(p)) for p in s.grid.within(s.axis, s.line, s.first, s.last)}
    others = {s.area(p, p) for p in left_out}
    for cell in filter(None, map(s.cell, left_out)):
        read = set(book.read(book.formula(cell), s.grid, cell)) if cell.formula is not None else set()
        if s.use.area in read or (read & others and cell.relative not in inside):
            return True
    return False


def _totals(book: WorkbookIndex, s: Span, place: int) -> bool:
    """Return whether the formula at a place of the line reads several cells of the range, or is a subtotal of one."""
    cell = s.cell(place)
    if cell is None or cell.formula is None:
        return False
    areas, subtotal = book.read(book.formula(cell), s.grid, cell), any(aggregates(book.formula(cell)))
    both = s.area(s.first, s.last - 1), s.area(s.first + 1, s.last)
    whole = s.area(s.first, s.last)
    return any((subtotal and whole.holds(a)) or (not a.single and all(b.meets(a) for b in both)) for a in areas)


def _severity(s: Span, step: int, left_out: list[int], inside: list[int]) -> str:
    keys = {_key(s.cell(p)) for p in left_out}
    if s.total is not None and 0 < (s.total - left_out[-1]) * step <= NEAR + 1 and len(left_out) <= len(inside):
        return "high" if all(c is not None and c.value == 0 for c in map(s.cell, left_out)) else "critical"
    if step < 0:
        return "low"
    alone = len(s.use.formula.calls) == 1 == len(s.use.formula.references) or s.function not in ("SUM", "AVERAGE")
    copies = len(keys) == 1 and "" not in keys and len(left_out) <= 2
    whole = s.axis or (s.function in TOTALS and s.grid.numbers[0][s.line][0] == inside[0])
    return "high" if copies and alone and whole else "medium"


def hidden_rows(book: WorkbookIndex) -> Iterator[Hit]:
    """Yield formulas that aggregate numbers of hidden rows."""
    for s in aggregated(book):
        rows = s.grid.sheet.hidden_rows if s.axis and not s.use.formula.functions & LEAVES_OUT else []
        inside = rows[bisect_left(rows, s.first) : bisect_left(rows, s.last + 1)]
        book.spend(len(inside))
        hidden = next((r for r in inside if is_numeric(s.cell(r))), None)
        if hidden is not None:
            message = f"{s.function} takes in numbers of hidden rows, as row {hidden} of {s.grid.name}"
            fix = "Show the rows, or make sure that they belong in it"
            yield Hit("hidden-rows", "medium", s.use.grid, s.use.cell, "", message, fix)
