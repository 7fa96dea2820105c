"""Where the sheets, rows and columns of an old workbook are in a new one, and its formulas as they read there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from xl_aicost.review.alignment import pairs
from xl_aicost.xlsx.references import CELL, Token, skeleton, tokens
from xl_aicost.xlsx.sheet import Sheet

ALIKE = 0.5  # the share of its rows by which a sheet of another name is known
LONGEST = 80  # characters of a text by which a row is known
AXES = ("row", "column")
PLAIN = re.compile(r"[^\W\d][\w.]*")


class Edit(NamedTuple):
    """What was done to a sheet: the axis is row or column, the act inserted, deleted or moved, at places of the new one.

    Of what was deleted, `place` is that in the old sheet. `length` are how many beside each other.
    """

    axis: str
    act: str
    place: int
    length: int
    to: int = 0


class _Line:
    """Rows or columns: which of the new ones each old one is."""

    def __init__(self, old: Mapping[int, str], new: Mapping[int, str]) -> None:
        before, after = list(old), list(new)
        self.places = {before[i]: after[j] for i, j in pairs(list(old.values()), list(new.values()))}
        self.edits: list[tuple[str, int, int]] = []  # act, place and count
        self.moved: list[tuple[int, int]] = []
        self.gone, self.come = set[int](), set[int]()
        if any(a != b for a, b in self.places.items()) or len(old) != len(new):
            self._compare(old, new)
        self.known = sorted(self.places)

    def _compare(self, old: Mapping[int, str], new: Mapping[int, str]) -> None:
        there = set(self.places.values())
        for (a, b), (c, d) in pairwise([(0, 0), *sorted(self.places.items())]):
            left = [r for r in range(a + 1, c) if r in old]
            added = [r for r in range(b + 1, d) if r in new and r not in there]
            more = (d - b) - (c - a)
            if more > 0:
                places = sorted([*added, *(r for r in range(b + 1, d) if r not in added)][:more])
                self.come.update(places)
            elif more < 0:
                places = sorted([*left, *(r for r in range(a + 1, c) if r not in left)][:-more])
                self.gone.update(places)
        for row in sorted(self.gone):
            same = [r for r in self.come if row in old and new.get(r) == old[row]]
            if same:
                self.places[row] = same[0]
                self.moved.append((row, same[0]))
                self.come.discard(same[0])
                self.gone.discard(row)

    def at(self, place: int) -> int | None:
        """Return the new place of an old one, or None of one that was deleted."""
        now = self.places.get(place)
        if now is not None or place in self.gone:
            return now
        index = bisect_right(self.known, place) - 1
        return place if index < 0 else self.places[self.known[index]] + place - self.known[index]

    @cached_property
    def still(self) -> bool:
        """Whether every place is where it was."""
        return not (self.gone or self.come or self.moved) and all(a == b for a, b in self.places.items())

    def edit(self, axis: str) -> Iterator[Edit]:
        """Yield what was done, places beside each other together."""
        for act, places in (("inserted", self.come), ("deleted", self.gone)):
            for first, count in _together(sorted(places)):
                yield Edit(axis, act, first, count)
        yield from (Edit(axis, "moved", was, 1, now) for was, now in self.moved)


def _together(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for i, place in enumerate(places):
        if i + 1 == len(places) or places[i + 1] != place + 1:
            yield places[start], i + 1 - start
            start = i + 1


@dataclass(frozen=True)
class Moved:
    """A sheet of the old workbook in the new one."""

    old: Sheet
    new: Sheet
    lines: tuple[_Line, _Line]  # rows and columns

    def at(self, row: int, column: int) -> tuple[int, int] | None:
        """Return the new place of a cell, or None of one whose row or column was deleted."""
        places = self.lines[0].at(row), self.lines[1].at(column)
        return None if places[0] is None or places[1] is None else (places[0], places[1])

    @cached_property
    def still(self) -> bool:
        """Whether the sheet has its name, and every row and column is where it was."""
        return self.old.name == self.new.name and all(line.still for line in self.lines)

    @property
    def edits(self) -> list[Edit]:
        """What was done to its rows and columns."""
        return [e for axis, line in zip(AXES, self.lines, strict=True) for e in line.edit(axis)]

    def inserted(self, row: int, column: int) -> bool:
        """Return whether a cell of the new sheet stands in a row or column that was inserted."""
        return row in self.lines[0].come or column in self.lines[1].come


class Moves:
    """Where everything of an old workbook is in a new one."""

    def __init__(self, old: Sequence[Sheet], new: Sequence[Sheet]) -> None:
        before, after = ({s.name: _keys(s) for s in sheets} for sheets in (old, new))
        by_name = {s.name: s for s in new}
        names = {s.name: s.name for s in old if s.name in by_name}
        names |= _renamed(before, after, names)
        self.sheets: dict[str, Moved] = {}
        for sheet in old:
            if sheet.name in names:
                there = by_name[names[sheet.name]]
                lines = (_Line(before[sheet.name][i], after[there.name][i]) for i in (0, 1))
                self.sheets[sheet.name] = Moved(sheet, there, (next(lines), next(lines)))
        self.still = all(m.still for m in self.sheets.values())

    @classmethod
    def none(cls, old: Sequence[Sheet], new: Sequence[Sheet]) -> Moves:
        """Return what is known of workbooks with the same sheets, each row and column in its place."""
        moves, by_name = cls((), ()), {s.name: s for s in new}
        moves.sheets = {s.name: Moved(s, by_name[s.name], (_Line({}, {}), _Line({}, {}))) for s in old}
        return moves

    def of(self, sheet: str) -> Moved | None:
        """Return where a sheet of the old workbook is, or None of one that is gone."""
        return self.sheets.get(sheet)

    def carried(self, formula: str, home: str) -> str:
        """Return an old formula of a sheet as it reads once everything is where it is in the new workbook."""
        if self.still:
            return formula
        return "".join(
            self._carried(t, home) if t.kind in ("ref", "name") else f"{t.text}{'(' * (t.kind == 'function')}"
            for t in tokens(formula)
        )

    def _carried(self, token: Token, home: str) -> str:
        moved = self.sheets.get(token.sheet or home)
        if moved is None or moved.still:
            return token.text
        text = token.text
        if token.sheet:
            body = text[text.rindex("!") + 1 :] if text.count("!") == 1 else None
            if body is None:
                return text
            name = moved.new.name
            text = f"{name if PLAIN.fullmatch(name) else _quoted(name)}!{body}"
        if token.kind == "name":
            return text
        corners = [m for m in CELL.finditer(text) if m[2]]
        ends = [_corner(moved, _place(m), _place(corners[-1 - i]), m) for i, m in enumerate(corners)]
        for match, end in reversed([*zip(corners, ends, strict=True)]):
            if end is None:
                return "#REF!"
            text = f"{text[: match.start()]}{end}{text[match.end() :]}"
        return text


def _quoted(name: str) -> str:
    doubled = name.replace("'", "''")
    return f"'{doubled}'"


def _place(match: re.Match[str]) -> tuple[int, int]:
    column = 0
    for letter in match[2].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[4]), column


def _corner(moved: Moved, here: tuple[int, int], other: tuple[int, int], match: re.Match[str]) -> str | None:
    """Return the new address of a corner of a range; where it was deleted, the next place towards the other corner."""
    corner = []
    for line, place, end in zip(moved.lines, here, other, strict=True):
        now = line.at(place)
        while now is None and place != end:
            place += 1 if end > place else -1
            now = line.at(place)
        if now is None:
            return None
        corner.append(now)
    letters, number = "", corner[1]
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{match[1]}{letters}{match[3]}{corner[0]}"


def _keys(sheet: Sheet) -> tuple[dict[int, str], dict[int, str]]:
    """Return what each row and each column is known by: its texts, or else its formulas without what they refer to."""
    texts: tuple[dict[int, list[str]], dict[int, list[str]]] = (defaultdict(list), defaultdict(list))
    formulas: tuple[dict[int, set[str]], dict[int, set[str]]] = (defaultdict(set), defaultdict(set))
    for _, cell in sorted(sheet.cells.items()):
        if cell.formula is not None:
            shape = skeleton(cell.formula)
            formulas[0][cell.row].add(shape)
            formulas[1][cell.column].add(shape)
        elif isinstance(cell.value, str):
            texts[0][cell.row].append(cell.value[:LONGEST])
            texts[1][cell.column].append(cell.value[:LONGEST])
        elif cell.value is not None:
            formulas[0][cell.row].add("0")
            formulas[1][cell.column].add("0")
    rows, columns = (
        {i: "|".join(t.get(i) or sorted(f[i])) for i in sorted(t.keys() | f.keys())}
        for t, f in zip(texts, formulas, strict=True)
    )
    return rows, columns


Keys = tuple[dict[int, str], dict[int, str]]


def _renamed(before: Mapping[str, Keys], after: Mapping[str, Keys], names: Mapping[str, str]) -> dict[str, str]:
    """Return the new name of each sheet that is known by its rows under another name."""
    renamed: dict[str, str] = {}
    free = [n for n in after if n not in names]
    for name, (rows, _) in before.items():
        shared = {n: len({*rows.values()} & {*after[n][0].values()}) for n in free if n not in renamed.values()}
        best = max(shared, key=lambda n: shared[n], default=None)
        if name not in names and best is not None and shared[best] > ALIKE * len({*rows.values()}):
            renamed[name] = best
    return renamed
