"""A formula taken apart once for all its copies: what it reads, the functions that it calls, how another differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from openpyxl.utils.cell import column_index_from_string

from xl_aicost.xlsx.references import CELL, LAST_COLUMN, LAST_ROW, Area, Token, tokens

QUOTED = r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')+'!"
STRUCTURED = re.compile(QUOTED + r"|(?P<table>(?:[^\W\d][\w.]*)?\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\](?![\w.\[!]))")
THREE_D = re.compile(QUOTED + r"|(?<![\w.!$])(?P<first>[^\W\d][\w.]*):(?P<last>[^\W\d][\w.]*)!")
PREFIX = re.compile(r"(?:'(?:[^']|'')+'|[^'!:]+)!")
HELD = "xl_structured_"  # stands for a structured reference while the rest is taken apart


class End(NamedTuple):
    """A row or column of a reference: as it stands if a $ fixes it, else from the formula's own on."""

    number: int
    fixed: bool

    def at(self, home: int) -> int:
        """Return the row or column that it names in a formula in another one."""
        return self.number if self.fixed else self.number + home


@dataclass(frozen=True, slots=True)
class Reference:
    """Cells that a formula reads; `sheet` is "" for its own, `last_sheet` the other end of a 3-D reference."""

    sheet: str
    last_sheet: str
    top: End
    left: End
    bottom: End
    right: End
    single: bool
    whole: bool  # rows or columns

    def area(self, home: str, row: int, column: int) -> Area:
        """Return the cells that it names in a formula in a cell."""
        top, left = self.top.at(row), self.left.at(column)
        if self.single:
            return Area(self.sheet or home, top, left, top, left)
        bottom, right = self.bottom.at(row), self.right.at(column)
        return Area(self.sheet or home, min(top, bottom), min(left, right), max(top, bottom), max(left, right))


@dataclass(frozen=True, slots=True)
class Piece:
    """A token of a formula; `reference` for those that name cells by address, which then have no text."""

    kind: str
    text: str
    reference: Reference | None = None

    @property
    def operand(self) -> bool:
        """Whether it names cells, or may."""
        return self.kind in ("ref", "table", "name")


@dataclass(frozen=True)
class Call:
    """A function, and the pieces of each of its arguments: the first, and one after the last."""

    function: str
    arguments: tuple[tuple[int, int], ...]


class ParsedFormula:
    """A formula of a cell; `sheets` has the names of sheets by their lower-case names."""

    def __init__(self, text: str, row: int, column: int, sheets: Mapping[str, str] | None = None) -> None:
        self.pieces = tuple(_pieces(text, row, column, sheets or {}))
        self.functions = frozenset(p.text for p in self.pieces if p.kind == "function")
        self.operands = tuple(p for p in self.pieces if p.operand)
        self.references = tuple(p.reference for p in self.pieces if p.reference is not None)
        # a number written as a formula:
        self.constant = not self.functions and all(p.kind in ("number", "operator", "text") for p in self.pieces)

    @property
    def link(self) -> Reference | None:
        """The one cell that it is nothing but a link to."""
        bare = [p for p in self.pieces if p.text != "+"]
        reference = bare[0].reference if len(bare) == 1 else None
        return reference if reference is not None and reference.single and not reference.last_sheet else None

    @property
    def other_workbook(self) -> str:
        """Another workbook that it reads, as the formula names it, or ""."""
        places = (p.reference.sheet if p.reference else p.text for p in self.pieces if p.kind in ("ref", "name"))
        return next((place for place in places if "[" in place), "")

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """The functions that it calls."""
        return tuple(_calls(self.pieces))


def _pieces(text: str, row: int, column: int, sheets: Mapping[str, str]) -> Iterator[Piece]:
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        if match["table"] is None:
            return match[0]
        held.append(match[0])
        return HELD + str(len(held) - 1)

    if "[" in text:
        text = STRUCTURED.sub(hold, text)
    if "!" in text and ":" in text:
        text = THREE_D.sub(lambda m: f"'{m['first']}:{m['last']}'!" if m["first"] else m[0], text)
    for token in tokens(text):
        reference = _reference(token, row, column, sheets) if token.kind == "ref" else None
        if reference is not None:
            yield Piece("ref", "", reference)
        elif token.text.startswith(HELD):
            yield Piece("table", held[int(token.text.removeprefix(HELD))])
        else:
            name = token.text if token.kind == "text" else token.text.upper()
            yield Piece(token.kind, name.removeprefix("_XLFN.").removeprefix("_XLWS."))


def _reference(token: Token, row: int, column: int, sheets: Mapping[str, str]) -> Reference | None:
    """Return the cells of a token, or None of one that is lost (#REF!) or past the edge of a sheet."""
    ends = PREFIX.sub("", token.text).rstrip("#").split(":")
    first, second = _corner(ends[0], row, column), _corner(ends[-1], row, column)
    if first is None or second is None:
        return None
    ends_of_sheets = (token.sheet, "", "") if "[" in token.sheet else token.sheet.partition(":")  # C:\\[plan.xlsx]Sheet
    sheet, _, last_sheet = (sheets.get(s.lower(), s) for s in ends_of_sheets)
    (top, left), (bottom, right) = first, second
    whole = None in first or None in second
    edge, last_row, last_column = End(1, True), End(LAST_ROW, True), End(LAST_COLUMN, True)
    four = top or edge, left or edge, bottom or last_row, right or last_column
    return Reference(sheet, last_sheet, *four, single=first == second and not whole, whole=whole)


def _corner(text: str, row: int, column: int) -> tuple[End | None, End | None] | None:
    """Return row and column of an end of a reference, None for the one that a whole row or column leaves out."""
    match = CELL.fullmatch(text)
    bare, fixed = text.replace("$", ""), text.startswith("$")
    if match and match[2]:
        ends = int(match[4]), column_index_from_string(match[2].upper())
        if not 1 <= ends[0] <= LAST_ROW or ends[1] > LAST_COLUMN:
            return None
        return _end(ends[0], bool(match[3]), row), _end(ends[1], bool(match[1]), column)
    if bare.isdigit():
        return _end(int(bare), fixed, row), None
    if bare.isalpha() and bare.isascii() and len(bare) <= 3:
        return None, _end(column_index_from_string(bare.upper()), fixed, column)
    return None


def _end(number: int, fixed: bool, home: int) -> End:
    return End(number if fixed else number - home, fixed)


def _calls(pieces: tuple[Piece, ...]) -> Iterator[Call]:
    stack: list[tuple[str, list[int]]] = []  # what opens a bracket, and where its arguments begin
    for i, p in enumerate(pieces):
        if p.kind == "function" or p.text in ("(", "{"):
            stack.append((p.text if p.kind == "function" else "", [i + 1]))
        elif p.text in (",", ";") and stack:
            stack[-1][1].append(i + 1)
        elif p.text in (")", "}") and stack:
            function, starts = stack.pop()
            if function:
                ends = [s - 1 for s in starts[1:]] + [i]
                yield Call(function, tuple(zip(starts, ends, strict=True)))


def difference(one: ParsedFormula, other: ParsedFormula) -> Literal["one", "several", "term", "other"]:
    """Return how two formulas differ: in one reference, operator or number, in several, by a term, or altogether.

    >>> difference(ParsedFormula("B1*2", 1, 1), ParsedFormula("B2*3", 2, 1))
    'one'
    """
    a, b = one.pieces, other.pieces
    if len(a) == len(b):
        pairs = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
        if not all(x.kind == y.kind or {x.kind, y.kind} == {"ref", "number"} for x, y in pairs):
            return "other"
        if len(pairs) <= 1 and not any(_elsewhere(x, y) for x, y in pairs):
            return "one"
        return "several" if len(pairs) <= max(1, len(a) // 2) else "other"
    short, long = sorted((a, b), key=len)
    same = (
        [x == y for x, y in zip(short, long, strict=False)],
        [x == y for x, y in zip(short[::-1], long[::-1], strict=False)],
    )
    head, tail = ([*s, False].index(False) for s in same)
    return "term" if head + tail >= len(short) else "other"


def _elsewhere(x: Piece, y: Piece) -> bool:
    """Return whether two pieces are other functions, or read other sheets."""
    return x.kind == "function" or bool(x.reference and y.reference and x.reference.sheet != y.reference.sheet)
