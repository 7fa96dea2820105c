"""The Feed sheet: numbers as texts, titles of pictures and their data, for the pages that readers see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.xlsx.cells import put, put_text

SHEET = "Feed"
FORMAT = re.compile(r"(\+?)(\$?)(#,##)?0(?:\.(0+))?(,*)([%x]?)")
LARGE = ((999_500_000, 1e9, 1, "bn"), (9_950_000, 1e6, 0, "m"), (999_500, 1e6, 1, "m"), (9_995, 1e3, 0, "k"))
AMOUNT, SIZE = "$", "|$|"  # the format of money whose size decides on its unit, and of its size without a sign


@dataclass(frozen=True)
class Table:
    """A table on the Feed: a head row, its rows, the first column with their names."""

    head: int
    count: int

    def column(self, place: int) -> str:
        """Return the cells of a column without its head; 0 has the names."""
        letter = get_column_letter(1 + place)
        return f"{SHEET}!${letter}${self.head + 1}:${letter}${self.head + self.count}"

    def name(self, place: int) -> str:
        """Return the cell of a column's head."""
        return f"{SHEET}!${get_column_letter(1 + place)}${self.head}"

    def at(self, row: int, place: int) -> str:
        """Return a cell: `row` 0 is the first below the head, -1 the last."""
        return f"{SHEET}!${get_column_letter(1 + place)}${self.head + 1 + row % self.count}"


class Feed:
    """The Feed sheet as it grows, row by row."""

    def __init__(self, ws: Worksheet, sign: str) -> None:
        self.ws, self.sign, self.row = ws, sign, 5
        self._texts: dict[tuple[str, str, str], str] = {}
        self._formats: dict[tuple[str, str], int] = {}

    @property
    def first_row(self) -> int:
        """The row in which the next table has its first row below the head."""
        return self.row + 3

    def put(self, what: str, value: object, style: str = "Calculation", number_format: str | None = None) -> str:
        """Write a value beside what it is, in a row of its own; return its cell."""
        put_text(self.ws, f"A{self.row}", what, "Label")
        put(self.ws, f"B{self.row}", value, style, number_format)
        self.row += 1
        return f"{SHEET}!$B${self.row - 1}"

    def text(self, what: str, number: str, number_format: str, sign: str = "") -> str:
        """Return the cell that holds a number as a text, n/a where it is none; it is written once.

        Money has the readers' sign, or one that is given.
        """
        sign = sign or self.sign
        key = number, number_format, sign
        if key not in self._texts:
            value = self.put(what, f"={number}")
            at = value.partition("!")[2].replace("$", "")
            column = get_column_letter(
                3 + self._formats.setdefault((number_format, sign), len(self._formats))
            )  # its rows have one formula
            put(
                self.ws,
                f"{column}{at[1:]}",
                f'=IF(ISNUMBER({at}),{self._spelled(at, number_format, sign)},"n/a")',
                "Calculation",
            )
            self._texts[key] = f"{SHEET}!${column}${at[1:]}"
        return self._texts[key]

    def table(self, title: str, heads: Sequence[str], rows: Iterable[Sequence[object]], number_format: str) -> Table:
        """Write the data of a picture; a cell without a value stays out, so that it is a gap."""
        put_text(self.ws, f"A{self.row + 1}", title, "Status")
        head = self.row + 2
        every = [heads, *rows]
        for r, cells in enumerate(every, head):
            for c, value in enumerate(cells, 1):
                if value is not None:
                    style = "Column head" if r == head else "Label" if c == 1 else "Calculation"
                    put(
                        self.ws,
                        f"{get_column_letter(c)}{r}",
                        value,
                        style,
                        number_format if c > 1 and r > head else None,
                    )
        self.row = head + len(every) + 1
        return Table(head, len(every) - 1)

    @staticmethod
    def _spelled(number: str, number_format: str, sign: str) -> str:
        """Return the formula of a number as text; FIXED, unlike TEXT, writes the same in every language of the host."""
        if number_format in (AMOUNT, SIZE):
            size = f"ABS({number})"
            text = f"FIXED({size},IF(OR({size}=0,{size}>=99.5),0,2))"
            for least, unit, places, name in reversed(LARGE):
                text = f'IF({size}>={least},FIXED({size}/{unit:.0f},{places})&"{name}",{text})'
            minus = f'IF({number}<0,"-","")&' if number_format == AMOUNT else ""
            return f'{minus}"{sign}"&{text}'
        match = FORMAT.fullmatch(number_format)
        if match is None:
            raise ValueError(f"{number_format!r} is not a format as 0.0%, #,##0, 0.00, 0.0x, +0% or $")
        signed, money, grouped, digits, thousands, ending = match.groups()
        scaled = number + ("*100" if ending == "%" else "") + (f"/{1000 ** len(thousands)}" if thousands else "")
        plain = "" if grouped else ",1"
        plus = f'IF({number}>0,"+","")&' if signed else ""
        before = f'"{sign}"&' if money else ""
        return f"{plus}{before}FIXED({scaled},{len(digits or '')}{plain})" + (f'&"{ending}"' if ending else "")
