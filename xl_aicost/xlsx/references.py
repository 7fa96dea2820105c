"""Formulas taken apart: tokens, references, and the same formula in R1C1 terms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from openpyxl.utils.cell import column_index_from_string, get_column_letter

from xl_aicost.support.excel_errors import EXCEL_ERRORS

# fmt: off
TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")"""
    rf"""|(?P<error>{"|".join(map(re.escape, EXCEL_ERRORS))})"""
    r"""|(?P<ref>(?:(?P<sheet>'(?:[^']|'')+'|\[?[\w.\[\]]{1,255})!)?(?:\#REF!|\$?[A-Za-z]{1,3}\$?\d{1,7}(?::(?:(?:'(?:[^']|'')+'|[\w.]{1,255})!)?\$?[A-Za-z]{1,3}\$?\d{1,7})?\#?|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?\d{1,7}:\$?\d{1,7})(?![\w(.!]))"""
    r"""|(?P<function>[A-Za-z_][\w.]*)\("""
    r"""|(?P<number>\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)"""
    r"""|(?P<name>(?:(?:'(?:[^']|'')+'|[\w.\[\]]{1,255})!)?[A-Za-z_\\][\w.\\]*)"""
    r"""|(?P<space>\s+)"""
    r"""|(?P<operator><=|>=|<>|[-+*/^&=<>%,;:(){}@])"""
    r"""|(?P<unclosed>["'].*)"""  # which is no formula; without it each quote would be looked after to the end
    r"""|(?P<other>.)""",
    re.DOTALL,
)
# fmt: on
SHORT = 150  # characters of a formula whose tokens are kept: long ones would fill the memory
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
ARITHMETIC = frozenset("+-*/^")
CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a formula: its kind, as the groups of TOKEN, its text, and the sheet that a reference names."""

    kind: str
    text: str
    sheet: str = ""


class Area(NamedTuple):
    """Cells that a reference covers, all ends included."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def single(self) -> bool:
        """Whether it is one cell."""
        return (self.top, self.left) == (self.bottom, self.right)


def tokens(formula: str) -> tuple[Token, ...]:
    """Return the tokens of a formula, spaces left out."""
    return _short(formula) if len(formula) <= SHORT else _tokens(formula)


@lru_cache(maxsize=30_000)
def _short(formula: str) -> tuple[Token, ...]:
    return _tokens(formula)


def _tokens(formula: str) -> tuple[Token, ...]:
    found = []
    for match in TOKEN.finditer(formula):
        kind = match.lastgroup or "other"
        if match["ref"] is not None:
            kind = "ref"
        if kind != "space":
            found.append(Token(kind, match[kind], _unquoted(match["sheet"] or "")))
    return tuple(found)


def _unquoted(sheet: str) -> str:
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet


def area(token: Token, home: str) -> Area | None:
    """Return the cells of a reference, or None for whole rows, whole columns and #REF!."""
    found = _corners(token.text)
    return None if found is None else Area(token.sheet or home, *found)


@lru_cache(maxsize=50_000)
def _corners(text: str) -> tuple[int, int, int, int] | None:
    body = text.rpartition("!")[2] if ":" not in text else text
    ends = CELL.findall(body.split("!")[-1] if ":" not in body else re.sub(r"(?:'(?:[^']|'')+'|[\w.\[\]]+)!", "", body))
    if not ends:
        return None
    rows = [int(e[3]) for e in ends]
    columns = [column_index_from_string(e[1].upper()) for e in ends if len(e[1]) <= 3]
    if max(rows) > LAST_ROW or max(columns) > LAST_COLUMN:
        return None
    return min(rows), min(columns), max(rows), max(columns)


def areas(formula: str, home: str) -> list[Area | None]:
    """Return the cells of each reference of a formula."""
    return [area(t, home) for t in tokens(formula) if t.kind == "ref"]


def relative(formula: str, row: int, column: int) -> str:
    """Return a formula in R1C1 terms, so that copies of one formula are equal."""

    def moved(match: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, number = match.groups()
        at_column, at_row = column_index_from_string(letters.upper()), int(number)
        r = f"R{at_row}" if fixed_row else f"R[{at_row - row}]"
        c = f"C{at_column}" if fixed_column else f"C[{at_column - column}]"
        return r + c

    parts = (t if t.kind in ("ref", "text") else Token(t.kind, t.text.upper()) for t in tokens(formula))
    return "".join(in_references(t, moved) for t in parts)


def shifted(formula: str, down: int, right: int) -> str:
    """Return a formula as it reads when copied so many rows down and columns to the right; #REF! beyond the sheet."""

    def moved(match: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, number = match.groups()
        column = column_index_from_string(letters.upper()) + (0 if fixed_column else right)
        row = int(number) + (0 if fixed_row else down)
        if not (1 <= column <= LAST_COLUMN and 1 <= row <= LAST_ROW):
            return "#REF!"
        return f"{fixed_column}{get_column_letter(column)}{fixed_row}{row}"

    return "".join(in_references(t, moved) for t in tokens(formula))


def in_references(token: Token, change: Callable[[re.Match[str]], str]) -> str:
    """Return the text of a token, each cell of a reference changed."""
    if token.kind != "ref":
        return token.text + ("(" if token.kind == "function" else "")
    sheet, mark, body = token.text.rpartition("!")
    return f"{sheet}{mark}{CELL.sub(change, body)}"


def normal(formula: str) -> str:
    """Return a formula as programs agree on it: no spaces, functions in capitals, no needless quotes."""
    parts = []
    for token in tokens(formula):
        if token.kind == "ref":
            sheet, mark, body = token.text.rpartition("!")
            bare = sheet[1:-1] if re.fullmatch(r"'[A-Za-z_]\w*'", sheet) else sheet
            parts.append(f"{bare}{mark}{body.upper()}")
        elif token.kind == "function":
            parts.append(token.text.upper() + "(")
        elif token.kind == "number":
            parts.append(f"{float(token.text):.15g}")
        else:
            parts.append(token.text)
    return "".join(parts)


def address(row: int, column: int) -> str:
    """Return a cell's address, as B7."""
    return f"{get_column_letter(column)}{row}"
