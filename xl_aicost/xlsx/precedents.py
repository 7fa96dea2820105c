"""Which formulas read the values of which: what depends on what, without looking at a cell of a range twice."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from xl_aicost.errors import IncompleteError
from xl_aicost.xlsx.index import Use, WorkbookIndex
from xl_aicost.xlsx.references import Area

PLACES_ONLY = {"CELL", "ROW", "COLUMN", "ROWS", "COLUMNS", "OFFSET", "SHEET", "SHEETS", "FORMULATEXT", "AREAS", "INDEX"}
PLACES_ONLY |= {"ISFORMULA", "ISREF"}

VOLATILE = {"NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "INFO"}
CALLS_VOLATILE = re.compile(rf"\b(?:{'|'.join(sorted(VOLATILE))})\s*\(", re.IGNORECASE)


class Precedents:
    """The formulas whose values formulas read, by their numbers in `book.uses`, but those that were taken out."""

    def __init__(self, book: WorkbookIndex) -> None:
        self.book = book
        self.numbers = {(u.grid.name, u.cell.row, u.cell.column): n for n, u in enumerate(book.uses)}
        self.columns: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)  # row and number
        for (sheet, row, column), number in sorted(self.numbers.items()):
            self.columns[sheet, column].append((row, number))
        self.following = {key: list(range(len(column) + 1)) for key, column in self.columns.items()}
        self.places = {n: (key, i) for key, column in self.columns.items() for i, (_, n) in enumerate(column)}

    def take_out(self, number: int) -> None:
        """Let a formula be passed over in ranges from now on."""
        key, place = self.places[number]
        self.following[key][place] = place + 1

    def of(self, number: int) -> Iterator[int]:
        """Yield the formulas that a formula reads the values of."""
        use = self.book.uses[number]
        for area in self._areas(use) if use.formula.functions & PLACES_ONLY else self.book.areas[number]:
            if area.single:
                read = self.numbers.get(area[:3])
                if read is not None:
                    yield read
            else:
                yield from self._within(area)

    def _areas(self, use: Use) -> Iterator[Area]:
        """Yield what a formula reads the value of, where of some it reads the place alone."""
        calls = (c for c in use.formula.calls if c.function in PLACES_ONLY)
        spans = [c.arguments[-1 if c.function == "CELL" else 0] for c in calls]  # the word before it names no place
        for i, piece in enumerate(use.formula.pieces):
            if piece.operand and not any(first <= i < last for first, last in spans):
                yield from self.book.named(piece, use.grid, use.cell)

    def _within(self, area: Area) -> Iterator[int]:
        self.book.spend(area.right - area.left + 1)
        for column in range(area.left, area.right + 1):
            key = area.sheet, column
            rows = self.columns.get(key, [])
            place = self._next(key, bisect_left(rows, (area.top, -1))) if rows else 0
            while place < len(rows) and rows[place][0] <= area.bottom:
                self.book.spend(1)
                yield rows[place][1]
                place = self._next(key, place + 1)

    def _next(self, key: tuple[str, int], place: int) -> int:
        """Return the first place from one on that was not taken out."""
        following = self.following[key]
        while following[place] != place:
            following[place] = following[following[place]]
            place = following[place]
        return place


def circles(book: WorkbookIndex) -> Iterator[list[Use]]:
    """Yield the circles, each once with all formulas that depend on each other, in the order in which they are met.

    Raises IncompleteError past the limit of steps, after those that were met by then.
    """
    search, past = _Circles(book), None
    try:
        search.run()
    except IncompleteError as error:
        past = error
    yield from search.every_circle()
    if past is not None:
        raise past


class _Circles:
    """A search from each formula to what it reads; formulas on the way there that meet again are one circle."""

    def __init__(self, book: WorkbookIndex) -> None:
        self.book, self.precedents = book, Precedents(book)
        self.place: dict[int, int] = {}  # of each formula that is being followed, in `path`
        self.path: list[int] = []
        self.starts: list[int] = []  # where in `path` each circle, or formula in none so far, begins
        self.done: set[int] = set()
        self.circles: list[list[int]] = []
        self.own: set[int] = set()  # formulas that read themselves

    def run(self) -> None:
        """Follow every formula."""
        for number in range(len(self.book.uses)):
            if number not in self.done:
                self._follow(number)

    def every_circle(self) -> Iterator[list[Use]]:
        """Yield the circles, those that are not yet followed to their ends too."""
        ends = [*self.starts[1:], len(self.path)]
        for circle in (*self.circles, *(self.path[a:b] for a, b in zip(self.starts, ends, strict=False))):
            if len(circle) > 1 or circle[0] in self.own:
                yield [self.book.uses[n] for n in circle]

    def _follow(self, start: int) -> None:
        below = [self._enter(start)]
        numbers = [start]
        while below:
            read = next(below[-1], None)
            if read is None:
                below.pop()
                self._leave(numbers.pop())
            elif read in self.place:
                while self.starts[-1] > self.place[read]:
                    self.starts.pop()
                if read == numbers[-1]:
                    self.own.add(read)
            elif read not in self.done:
                numbers.append(read)
                below.append(self._enter(read))

    def _enter(self, number: int) -> Iterator[int]:
        self.place[number] = len(self.path)
        self.starts.append(len(self.path))
        self.path.append(number)
        return self.precedents.of(number)

    def _leave(self, number: int) -> None:
        if self.starts[-1] == self.place[number]:
            circle = self.path[self.starts.pop() :]
            del self.path[-len(circle) :]
            self.circles += [circle] if len(circle) > 1 or number in self.own else []
            for member in circle:
                del self.place[member]
                self.done.add(member)
                self.precedents.take_out(member)


def changing(book: WorkbookIndex) -> list[int]:
    """Return the formulas that change with every calculation, and all that depend on them."""
    names = {name.upper() for (_, name), text in book.package.names.items() if CALLS_VOLATILE.search(text)}
    moving = {"function": VOLATILE, "name": names}
    formulas = ((n, use.formula.pieces) for n, use in enumerate(book.uses))
    reached = dict.fromkeys(n for n, pieces in formulas if any(p.text in moving.get(p.kind, ()) for p in pieces))
    precedents, readers = Precedents(book), defaultdict(list)
    for number in range(len(book.uses)) if reached else ():
        for read in precedents.of(number):
            readers[read].append(number)
    waiting = list(reached)
    while waiting:
        new = [n for n in readers[waiting.pop()] if n not in reached]
        reached |= dict.fromkeys(new)
        waiting += new
    return list(reached)
