"""Tables that several sheets show: results with all lanes side by side, and lines over time by year."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import LIVE, YEAR_ROW
from xl_aicost.workbook.sheets.calculation import PART_ROW, YEAR_END_ROW
from xl_aicost.workbook.style import fit_height
from xl_aicost.xlsx.cells import put

FIRST_LANE = 3  # column


def title_each(book: Book, ws: Worksheet) -> None:
    """Write the title of the workbook, which may differ by case, over a sheet."""
    book.put_each(ws, "A1", [e.title for e in book.editions], "Title")


def lane_letters(book: Book) -> list[str]:
    """Return the columns of the lanes in a lane table."""
    return [get_column_letter(FIRST_LANE + i) for i in range(len(book.layout.lanes))]


def lane_table(book: Book, ws: Worksheet, top: int, lines: Sequence[str]) -> int:
    """Write lines of one value by their meaning, all lanes side by side; return the row after the last."""
    letters = lane_letters(book)
    for column, text in zip(
        ("A", "B", *letters), ("Result", "Unit", *(x.title for x in book.layout.lanes)), strict=True
    ):
        put(ws, f"{column}{top}", text, "Column head")
    for row, line in enumerate(lines, top + 1):
        label, unit = book.graph.lines[line].label, book.graph.lines[line].unit
        put(ws, f"A{row}", label, "Text")
        fit_height(ws, row, (label, 66))
        put(ws, f"B{row}", book.unit(unit), "Label")
        for column, lane in zip(letters, book.layout.lanes, strict=True):
            kind = "Total" if lane is LIVE else "Link from a sheet"
            put(ws, f"{column}{row}", f"={book.result(lane, line)}", kind, book.form(unit))
    return top + len(lines) + 1


def year_table(book: Book, ws: Worksheet, top: int, lines: Sequence[str]) -> int:
    """Write lines over time of the live lane, years down, whatever the period; return the row after the last.

    Flows are summed over the year; a line named an opening is taken at its first period, any other at its last.
    """
    put(ws, f"A{top}", "Year", "Column head")
    for i, line in enumerate(lines):
        item = book.graph.lines[line]
        put(ws, ws.cell(top, 2 + i).coordinate, f"{item.label} [{book.unit(item.unit)}]", "Column head")
    ws.row_dimensions[top].height = 48
    for year in range(book.layout.years):
        row = top + 1 + year
        put(ws, f"A{row}", "=first_year" if not year else f"=A{row - 1}+1", "Year", "0")
        for i, line in enumerate(lines):
            unit = book.graph.lines[line].unit
            text = f"={book.shown(_of_year(book, line, f'$A{row}'), unit)}"
            put(ws, ws.cell(row, 2 + i).coordinate, text, "Link from a sheet", book.form(unit))
    return top + book.layout.years + 1


def _of_year(book: Book, line: str, year: str) -> str:
    cells = f"{book.layout.row_range(LIVE, line)},{book.layout.time_range(YEAR_ROW)},{year}"
    if book.graph.lines[line].kind == "flow":
        return f"SUMIFS({cells})"
    flag = PART_ROW if "opening" in line else YEAR_END_ROW
    return f"SUMIFS({cells},{book.layout.time_range(flag)},1)"
