"""Tables of a worksheet, and the cells that a structured reference such as Capex[[#This Row],[Cost]] names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from openpyxl.utils.cell import range_boundaries

from xl_aicost.xlsx.references import Area

WORD = re.compile(r"\[((?:[^\[\]']|'.)*)\]")  # within the brackets of a reference; a name may be blanks
NAMED = re.compile(r"'(.)")  # how a structured reference writes [, ], # and ' within a column's name


@dataclass(frozen=True)
class ExcelTable:
    """A table: its cells, how many of its rows are headings and totals, and the names of its columns."""

    cells: Area
    heads: int
    totals: int
    columns: tuple[str, ...]

    def rows(self, part: str) -> tuple[int, int] | None:
        """Return the first and last row of a part: #Data, #All, #Headers or #Totals; None of one that there is not."""
        top, bottom = self.cells.top, self.cells.bottom
        first, last = top + self.heads, bottom - self.totals
        parts = {"#all": (top, bottom), "#headers": (top, first - 1), "#totals": (last + 1, bottom)}
        rows = parts.get(part.lower(), (first, last))
        return rows if rows[0] <= rows[1] else None


def read_table(root: ElementTree.Element, sheet: str) -> tuple[str, ExcelTable]:
    """Return the name of a table and the table, from the XML of its part. Raises ValueError for a wrong range."""
    left, top, right, bottom = range_boundaries(root.get("ref", ""))
    if None in (left, top, right, bottom):
        raise ValueError(f"a table at {root.get('ref', '')[:40]!r}")
    names = (c.get("name", "") for c in root.iter() if c.tag.endswith("}tableColumn"))
    counts = (int(root.get("headerRowCount", 1)), int(root.get("totalsRowCount", 0)))
    return root.get("displayName", ""), ExcelTable(Area(sheet, top, left, bottom, right), *counts, tuple(names))


def table_area(reference: str, tables: Mapping[str, ExcelTable], home: str, row: int, column: int) -> Area | None:
    """Return the cells of a structured reference in a cell of the sheet `home`, or None where they are not known.

    `tables` are by name in small letters.
    """
    name, _, rest = reference.partition("[")
    table = tables.get(name.lower()) if name else _around(tables, home, row, column)
    if table is None:
        return None
    words = WORD.findall(rest) if "[" in NAMED.sub("", rest) else [rest[:-1].removeprefix("@")]
    this_row = rest.startswith("@") or any(w.lower() == "#this row" for w in words)
    part = next((w for w in words if w.startswith("#") and w.lower() != "#this row"), "#Data")
    names = [NAMED.sub(r"\1", w).lower() for w in words if w and not w.startswith("#")]
    columns = [c.lower() for c in table.columns]
    if any(n not in columns for n in names):
        return None
    places = [columns.index(n) for n in names] or [0, len(columns) - 1]
    rows = (row, row) if this_row else table.rows(part)
    if rows is None:
        return None
    left = table.cells.left
    return Area(table.cells.sheet, rows[0], left + min(places), rows[1], left + max(places))


def _around(tables: Mapping[str, ExcelTable], home: str, row: int, column: int) -> ExcelTable | None:
    """Return the table that a cell stands in."""
    inside = (t for t in tables.values() if t.cells.sheet == home)
    return next((t for t in inside if t.cells.top <= row <= t.cells.bottom and _across(t, column)), None)


def _across(table: ExcelTable, column: int) -> bool:
    return table.cells.left <= column <= table.cells.right
