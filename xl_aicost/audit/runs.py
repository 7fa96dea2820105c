"""Rules about a row or column of one formula: another formula within it, or a number that was typed over it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from xl_aicost.audit.findings import Hit, lowered
from xl_aicost.engine.single import stored_value
from xl_aicost.support.numbers import number
from xl_aicost.xlsx.formulas import ParsedFormula, difference
from xl_aicost.xlsx.index import Grid, WorkbookIndex, is_gap
from xl_aicost.xlsx.references import shifted
from xl_aicost.xlsx.sheet import Cell

NUMBER = re.compile(r"(?<![\w.\[\]])\d+(?:\.\d+)?(?![\w.\[\]])")  # in a formula in R1C1 terms
SHORTEST = 3  # copies of a formula around a cell that make a run
CERTAIN, EACH_SIDE = 5, 2  # copies, and copies on each side, that leave little doubt
CHAIN = frozenset(
    ["+", "-", "IF", "(", ")", ",", "<", ">", "=", "<=", ">=", "<>"]
)  # in a formula that goes on from the one before
NEARLY = 5e-3  # a typed number so near to what the formula gives is that, rounded
COPY = "Copy the neighbour's formula here, or say in a note why it differs"
DIFFERENCES = {
    "one": ("critical", "differs in one place from its neighbours' formula"),
    "several": ("high", "differs from its neighbours' formula"),
    "term": ("high", "has a term more or less than its neighbours' formula"),
    "other": ("medium", "is not its neighbours' formula"),
}
Entry = tuple[int, Cell, str]  # place in a line, cell, formula in R1C1 terms or "" of a number


@dataclass(frozen=True)
class Break:
    """A cell within a run or at its end, a neighbour of the run, and how many copies stand before and after."""

    grid: Grid
    axis: int
    line: int
    place: int
    cell: Cell
    model: Cell
    before: int
    after: int
    doubts: int  # the line holds other typed numbers, or this formula again

    def beside(self, lines: int, places: int = 0) -> Cell | None:
        """Return the cell so many lines and places away."""
        return self.grid.at(self.axis, self.line + lines, self.place + places)

    @property
    def expected(self) -> str:
        """The formula of the run as it would stand here."""
        return shifted(self.model.formula or "", self.cell.row - self.model.row, self.cell.column - self.model.column)


def odd_cells(book: WorkbookIndex) -> Iterator[Hit]:
    """Yield the cells that break a run of one formula and should not."""
    breaks = [b for b in _breaks(book) if not _meant(book, b)]
    lines = Counter((b.grid.name, b.axis, b.place) for b in breaks)
    for b in breaks:
        typed = b.cell.formula is None or book.formula(b.cell).constant
        judged = _typed(book, b) if typed else _another(book, b)
        if judged is not None:
            severity, doubts, message = judged
            short = b.before + b.after < CERTAIN or min(b.before, b.after) < EACH_SIDE
            doubts += b.doubts + short + 2 * (lines[b.grid.name, b.axis, b.place] > 2)
            rule = "typed-number" if typed else "odd-formula"
            cause = (b.model.relative, "" if b.axis else (b.grid.name, b.line))
            yield Hit(rule, lowered(severity, doubts), b.grid, b.cell, cause, message, COPY)


def _breaks(book: WorkbookIndex) -> Iterator[Break]:
    for grid in book.grids.values():
        for axis in (0, 1):
            for line, cells in grid.lines(axis):
                for entries in _stretches(book, cells):
                    yield from _odd_ones(grid, axis, line, entries)


def _stretches(book: WorkbookIndex, cells: list[tuple[int, Cell]]) -> Iterator[list[Entry]]:
    """Yield formulas and numbers that stand beside each other; text or two blank cells part them."""
    entries: list[Entry] = []
    last = -9
    for place, cell in cells:
        text = cell.formula is None and not isinstance(cell.value, float)
        if place > last + 2 or (text and not is_gap(cell)):
            yield entries
            entries = []
        last = place
        if not text:
            typed = cell.formula is None or book.formula(cell).constant
            entries.append((place, cell, "" if typed else cell.relative))
    yield entries


def _odd_ones(grid: Grid, axis: int, line: int, entries: list[Entry]) -> Iterator[Break]:
    runs = [list(copies) for _, copies in groupby(entries, key=lambda e: e[2])]
    counts = Counter(e[2] for e in entries)
    constants = len({c.value for _, c, key in entries[1:] if not key})  # the first may be what the others start from
    for before, odd, after in _between(runs):
        near = before[-4:] or after[:4]
        through = (_one_formula(grid, axis, line + step, [*near, *odd]) for step in (-3, -2, -1, 1, 2, 3))
        if (before and after) or sum(through) >= 2:
            model = (before[-1:] or after)[0][1]
            for place, cell, key in odd:
                again = bool(key) and counts[key] > sum(e[2] == key for e in odd)
                data = constants > 1 or (bool(key) and sum(_shape(k) == _shape(key) for k in counts) >= SHORTEST)
                doubts = again + 2 * data
                yield Break(grid, axis, line, place, cell, model, len(before), len(after), doubts)


def _shape(key: str) -> str:
    """Return a formula without its numbers: where a line has many of one shape, the numbers are data."""
    return NUMBER.sub("#", key)


def _between(runs: list[list[Entry]]) -> Iterator[tuple[list[Entry], list[Entry], list[Entry]]]:
    """Yield one or two odd cells with the copies of one formula before and after them, or at one end only."""
    for i, odd in enumerate(runs):
        before, after = runs[i - 1] if i else [], runs[i + 1] if i + 1 < len(runs) else []
        pair = len(odd) == len(after) == 1 and i and i + 2 < len(runs)
        if len(odd) <= 1 + bool(before and after) and _copies(before, after):
            yield before, odd, after
        elif pair and _copies(before, runs[i + 2]):
            yield before, [*odd, *after], runs[i + 2]


def _copies(before: list[Entry], after: list[Entry]) -> bool:
    keys = {e[2] for e in (*before[:1], *after[:1])}
    return len(keys) == 1 and "" not in keys and len(before) + len(after) >= SHORTEST + (not before or not after)


def _one_formula(grid: Grid, axis: int, line: int, entries: list[Entry]) -> bool:
    """Return whether another line holds copies of one formula beside some cells."""
    cells = [grid.at(axis, line, place) for place, _, _ in entries]
    return len({c.relative if c is not None and c.formula is not None else place for place, c in enumerate(cells)}) == 1


def _meant(book: WorkbookIndex, b: Break) -> bool:
    """Return whether a cell breaks a run for a reason."""
    return (
        (b.grid.is_total(b.axis, b.cell) and not b.grid.is_total(b.axis, b.model))
        or (b.cell.formula is not None and _along(book, b, b.cell) >= 2 > _along(book, b, b.model))
        or sum(_reads(book, b, b.beside(0, step)) for step in (-3, -2, -1, 1, 2, 3)) >= 2  # a base or a rate of theirs
        or any(_continues(b, step) for step in (-1, 1))
        or _has_nothing_to_read(book, b)
    )


def _along(book: WorkbookIndex, b: Break, cell: Cell) -> int:
    """Return how many cells of its own line a formula reads."""
    areas = [a for a in book.read(book.formula(cell), b.grid, cell) if a.sheet == b.grid.name]
    if b.axis:
        return sum(a.bottom - a.top + 1 for a in areas if a.left <= b.line <= a.right)
    return sum(a.right - a.left + 1 for a in areas if a.top <= b.line <= a.bottom)


def _reads(book: WorkbookIndex, b: Break, cell: Cell | None) -> bool:
    """Return whether a cell reads the break by itself."""
    if cell is None or cell.formula is None:
        return False
    return b.grid.area(b.cell) in book.read(book.formula(cell), b.grid, cell)


def _continues(b: Break, step: int) -> bool:
    """Return whether a cell across has the same formula, or is a number too in a line that it breaks as well."""
    cell = b.beside(step) or b.beside(2 * step)
    if cell is None or b.cell.formula is not None:
        return cell is not None and cell.formula is not None and cell.relative == b.cell.relative
    broken = any(c is not None and c.formula is not None for c in (b.beside(step, -1), b.beside(step, 1)))
    return cell.formula is None and isinstance(cell.value, float) and broken


def _has_nothing_to_read(book: WorkbookIndex, b: Break) -> bool:
    """Return whether the neighbours' formula would read a blank cell or a text here, or what lies before the run."""
    model = book.formula(b.model)
    for here, there in zip(book.read(model, b.grid, b.cell), book.read(model, b.grid, b.model), strict=False):
        if here.single and here != there:
            step = here.top - b.cell.row if b.axis else here.left - b.cell.column
            if here.sheet == b.grid.name and (step < 0 if not b.before else step > 0 and not b.after):
                return True
            filled = [any(c.formula or isinstance(c.value, float) for c in book.cells(a)) for a in (here, there)]
            if filled == [False, True]:
                return True
    return False


def _another(book: WorkbookIndex, b: Break) -> tuple[str, int, str] | None:
    odd, model = book.formula(b.cell), book.formula(b.model)
    if book.reading(odd, b.grid, b.cell) == book.reading(model, b.grid, b.cell):
        return None
    severity, words = DIFFERENCES[difference(odd, model)]
    doubts = 2 * (_repeats(model, b.axis) or _starts_anew(book, b, odd, model)) + _elsewhere(odd, model)
    doubts += _near(b.cell.value, stored_value(book, b.grid, b.expected))
    return severity, doubts, f"={_short(b.cell.formula)} {words}; that would be ={_short(b.expected)}"


def _typed(book: WorkbookIndex, b: Break) -> tuple[str, int, str] | None:
    typed, value = b.cell.value, stored_value(book, b.grid, b.expected)
    same = _near(typed, value)
    if not same and any(_turned_round(book, b, step) for step in range(-4, 5) if step):
        return None
    model = book.formula(b.model)
    doubts = 3 * same + 2 * (typed == 0) + (model.link is not None) + 2 * _repeats(model, b.axis)
    gives = f", which gives {number(value)}" if value is not None and not same else ""
    message = f"the number {number(typed)} stands where its neighbours have ={_short(b.expected)}{gives}"
    return "critical", doubts, message


def _near(here: object, expected: object) -> bool:
    """Return whether a cell holds what its neighbours' formula would give, or that rounded."""
    return isinstance(here, float) and isinstance(expected, float) and abs(here - expected) <= NEARLY * abs(here)


def _repeats(model: ParsedFormula, axis: int) -> bool:
    """Return whether each cell of a run is the one before it, or that and a fixed number: another one is a new start."""
    if all(r.top.fixed and r.left.fixed for r in model.references):
        return True
    adds = all(p.reference or p.kind == "number" or p.text in CHAIN for p in model.pieces)
    ends = [(r.top, r.left) if axis else (r.left, r.top) for r in set(model.references) if not r.sheet]
    steps = [tuple(0 if end.fixed else abs(end.number) for end in both) for both in ends]  # along the run, and across
    return adds and len(set(model.references)) == 1 and steps[:1] in ([(1, 0)], [(0, 1)], [(2, 0)])


def _starts_anew(book: WorkbookIndex, b: Break, odd: ParsedFormula, model: ParsedFormula) -> bool:
    """Return whether a run goes on from cell to cell, and a number stands here for the one before."""
    before = b.beside(0, -1)
    pairs = zip(odd.pieces, model.pieces, strict=False)
    typed = [there for here, there in pairs if here.kind == "number" and there.operand]
    return before is not None and any(b.grid.area(before) in book.named(p, b.grid, b.cell) for p in typed)


def _elsewhere(odd: ParsedFormula, model: ParsedFormula) -> bool:
    """Return whether both are links, and read cells that share neither row nor column: chosen, not slipped."""
    here, there = odd.link, model.link
    if here is None or there is None:
        return False
    return here.sheet != there.sheet or (here.top != there.top and here.left != there.left)


def _turned_round(book: WorkbookIndex, b: Break, step: int) -> bool:
    """Return whether a cell across is calculated from the number here, and its neighbours are not."""
    cell = b.beside(step)
    beside = (b.beside(step, -1), b.beside(step, 1))
    alone = cell is not None and not any(c is not None and c.formula and c.relative == cell.relative for c in beside)
    return alone and _reads(book, b, cell)


def _short(formula: str | None) -> str:
    text = formula or ""
    return text if len(text) <= 60 else f"{text[:57]}..."
