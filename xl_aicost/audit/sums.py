"""Rules about what a sum takes in: a cell twice, or a number that is stored as text."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from xl_aicost.audit.findings import Hit
from xl_aicost.audit.ranges import YEARS
from xl_aicost.xlsx.aggregates import aggregates
from xl_aicost.xlsx.index import Grid, Use, WorkbookIndex
from xl_aicost.xlsx.references import ARITHMETIC, Area, address
from xl_aicost.xlsx.sheet import Cell
from xl_aicost.xlsx.text import is_number_text

MOST_SUBTOTALS = 200  # of one sum that are looked at
Terms = list[tuple[int, Area]]  # 1 or -1, and the cells


def double_counts(book: WorkbookIndex) -> Iterator[Hit]:
    """Yield sums that count a cell twice, by itself or through a subtotal."""
    sums = {use.area: terms for use in book.uses if (terms := _terms(book, use))}
    columns: dict[tuple[str, int], list[int]] = defaultdict(list)
    for area in sorted(sums):
        columns[area.sheet, area.left].append(area.top)
    for use in book.uses:
        plus, minus = ([a for sign, a in sums.get(use.area, []) if sign == wanted] for wanted in (1, -1))
        twice = _twice(book, plus, minus)
        if twice is None:
            subtotals = (a for a in _sums_in(book, plus, columns) if a != use.area)
            twice = next((a for a in subtotals if _with_parts(book, a, sums[a], plus, minus)), None)
        if twice is not None:
            what = "and what it sums" if twice in sums and len(plus) == 1 else "twice"
            message = f"={(use.cell.formula or '')[:60]} counts {address(twice.top, twice.left)} {what}"
            fix = "Sum either the subtotals or their parts"
            cause = (use.grid.name, use.cell.relative)
            yield Hit("double-count", "critical", use.grid, use.cell, cause, message, fix)


def _terms(book: WorkbookIndex, use: Use) -> Terms:
    """Return what a formula adds and subtracts, or nothing of one that does anything else."""
    if not use.formula.functions <= {"SUM"} or len(use.formula.pieces) < 3 or use.cell.array:
        return []
    if any(a.operand and b.operand for a, b in pairwise(use.formula.pieces)):
        return []  # two ranges side by side are what they share
    result: Terms = []
    sign, outer = 1, [1]
    for piece in use.formula.pieces:
        if piece.operand:
            result += [(sign * outer[-1], a) for a in book.named(piece, use.grid, use.cell)]
        elif piece.text in ("SUM", "("):
            outer.append(outer[-1] * sign)
        elif piece.text == ")" and len(outer) > 1:
            outer.pop()
        elif piece.kind != "number" and piece.text not in "+-,":
            return []
        sign = -1 if piece.text == "-" else 1
    return result


def _twice(book: WorkbookIndex, plus: Sequence[Area], minus: Sequence[Area]) -> Area | None:
    """Return the first cells with numbers that two areas share."""
    book.spend(len(plus) ** 2 // 2)
    for i, a in enumerate(plus):
        for b in (b for b in plus[:i] if a.meets(b)):
            corners = max(a.top, b.top), max(a.left, b.left), min(a.bottom, b.bottom), min(a.right, b.right)
            shared = Area(a.sheet, *corners)
            if book.count(shared) and not any(shared.meets(m) for m in minus):
                return shared
    return None


def _sums_in(book: WorkbookIndex, plus: Sequence[Area], columns: dict[tuple[str, int], list[int]]) -> Iterator[Area]:
    """Yield the sums that areas hold."""
    for a in plus:
        book.spend(a.right - a.left + 1)
        for column in range(a.left, a.right + 1):
            rows = columns.get((a.sheet, column), [])
            for row in rows[bisect_left(rows, a.top) : bisect_left(rows, a.bottom + 1)][:MOST_SUBTOTALS]:
                book.spend(1)
                yield Area(a.sheet, row, column, row, column)


def _with_parts(book: WorkbookIndex, subtotal: Area, terms: Terms, plus: Sequence[Area], minus: Sequence[Area]) -> bool:
    """Return whether a sum takes in all parts of a subtotal too, and subtracts none of them again."""
    taken = all(sign > 0 and any(p.holds(a) for p in plus) for sign, a in terms)
    again = any(m.meets(a) for m in minus for a in (subtotal, *(a for _, a in terms)))
    return taken and not again and sum(book.count(a) for _, a in terms) > 1


def text_numbers(book: WorkbookIndex) -> Iterator[Hit]:
    """Yield numbers stored as text that a sum leaves out, or that a formula calculates with."""
    texts: dict[str, list[Cell]] = defaultdict(list)
    for grid in book.grids.values():
        texts[grid.name] = [c for c in grid.cells.values() if c.formula is None and is_number_text(c.value)]
    places = {(sheet, c.row, c.column) for sheet, cells in texts.items() for c in cells}
    for use, areas in zip(book.uses, book.areas, strict=True) if places else ():
        book.spend(sum(len(texts[a.sheet]) for a in areas if not a.single))
        if any(a[:3] in places if a.single else any(a.covers(c.row, c.column) for c in texts[a.sheet]) for a in areas):
            yield from _texts_read(book, use, texts)


def _texts_read(book: WorkbookIndex, use: Use, texts: dict[str, list[Cell]]) -> Iterator[Hit]:
    spans = (a for _, arguments in aggregates(use.formula) for a in arguments)
    summed = {first for first, last in spans if last - first == 1}
    for i, piece in enumerate(use.formula.pieces):
        beside = use.formula.pieces[max(0, i - 1) : i] + use.formula.pieces[i + 1 : i + 2]
        calculates = any(p.text in ARITHMETIC for p in beside)
        for area in book.named(piece, use.grid, use.cell) if piece.operand and (i in summed or calculates) else ():
            for cell in texts[area.sheet]:
                grid = book.grids[area.sheet.lower()]
                if area.covers(cell.row, cell.column) and (
                    _among_numbers(grid, area, cell) if i in summed else area.single
                ):
                    effect = "leaves it out" if i in summed else "calculates with it"
                    place = f"{use.grid.name}!{address(use.cell.row, use.cell.column)}"
                    message = f'"{str(cell.value).strip()}" is a number stored as text: {place} {effect}'
                    severity, cause = ("critical" if i in summed else "medium"), (grid.name, i in summed)
                    yield Hit("text-number", severity, grid, cell, cause, message, "Turn the text into a number")


def _among_numbers(grid: Grid, area: Area, cell: Cell) -> bool:
    """Return whether two numbers of an area stand beside a text that is not the year above or before them."""
    down = len(grid.within(1, cell.column, area.top, area.bottom))
    across = len(grid.within(0, cell.row, area.left, area.right))
    first = (cell.row == area.top and down) or (cell.column == area.left and across)
    year = str(cell.value).strip().isdigit() and int(str(cell.value)) in YEARS
    return max(down, across) >= 2 and not (first and year)
