"""Rules about what a cell reads by its label: a link to the row of another name, a heading instead of its numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from xl_aicost.audit.findings import Hit
from xl_aicost.xlsx.index import Grid, Use, WorkbookIndex, is_numeric
from xl_aicost.xlsx.references import Area, address

FEWEST, AGREEING = 2, 2 / 3  # links between two sheets whose labels agree, and their share
SHORTEST = 3  # characters of a label that says something
ASKS = {"IF", "IFS", "ISBLANK", "N", "COUNTA", "IFERROR", "COUNT", "SUM", "AVERAGE", "CHOOSE", "MAX", "MIN"}


def wrong_links(book: WorkbookIndex) -> Iterator[Hit]:
    """Yield links to a row of another label, where the row of their own label is there too."""
    pairs: dict[tuple[str, str], list[tuple[Use, Area, tuple[str, str]]]] = defaultdict(list)
    for use, areas in zip(book.uses, book.areas, strict=True):
        there = book.grid(areas[0]) if use.formula.link is not None and areas else None
        if there is not None and there is not use.grid:
            labels = use.grid.label(use.cell.row, use.cell.column), there.label(areas[0].top, areas[0].left)
            if min(map(len, labels)) >= SHORTEST:
                pairs[use.grid.name, there.name].append((use, areas[0], labels))
    for (_, name), links in pairs.items():
        odd = [k for k in links if _words(k[2][0]) != _words(k[2][1])]
        agree = len(links) - len(odd)
        rows = _rows_by_label(book.grids[name.lower()]) if odd and agree >= max(FEWEST, AGREEING * len(links)) else {}
        for use, area, labels in odd:
            own, other = map(_words, labels)
            wanted = rows.get(own, [])
            if len(wanted) == 1 and wanted[0] != area.top and _apart(book, area, wanted[0]):
                message = f'stands by "{labels[0]}" and reads "{labels[1]}" (row {area.top} of {name})'
                fix = f"Link it to {address(wanted[0], area.left)}, or correct the label"
                says_more = set(own.split()) <= set(other.split()) or set(other.split()) <= set(own.split())
                severity = "medium" if says_more else "critical"
                yield Hit("wrong-link", severity, use.grid, use.cell, (use.grid.name, use.cell.row), message, fix)


def _words(text: str) -> str:
    return re.sub(r"[^\w%]+", " ", text.lower()).strip()


def _rows_by_label(grid: Grid) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for (row, _), cell in grid.cells.items():
        if isinstance(cell.value, str):
            rows[_words(cell.value)].append(row)
    return rows


def _apart(book: WorkbookIndex, target: Area, row: int) -> bool:
    """Return whether two cells hold different numbers, neither is a link to the other, and the one read is no subtotal.

    That is one written beside the last of its rows, whose label says nothing of it.
    """
    grid = book.grids[target.sheet.lower()]
    cells = [grid.cells.get((r, target.left)) for r in (target.top, row)]
    if not all(map(is_numeric, cells)) or len({c.value for c in cells if c is not None} - {None}) == 1:
        return False
    for cell in cells:
        formula = book.formula(cell) if cell is not None and cell.formula is not None else None
        areas = book.read(formula, grid, cell) if formula is not None and cell is not None else []
        if formula is not None and formula.link is not None and areas[0].left == target.left:
            return areas[0].top not in (target.top, row)
        if cell is cells[0] and any(a.top < target.top == a.bottom for a in areas):
            return False
    return True


def empty_cells(book: WorkbookIndex) -> Iterator[Hit]:
    """Yield formulas that calculate with empty cells: of a heading, or all but one of the copies of a formula."""
    copies = Counter(use.cell.relative for use in book.uses)
    reads_of_empty: dict[tuple[Grid, str, int], list[tuple[Use, Area]]] = defaultdict(list)
    for use, areas in zip(book.uses, book.areas, strict=True):
        for i, area in enumerate(areas if not use.formula.functions & ASKS else ()):
            grid = book.grid(area) if area.single else None
            if grid is not None and grid.at(0, area.top, area.left) is None:
                reads_of_empty[grid, use.cell.relative, i].append((use, area))
    for (grid, relative, _), reads in reads_of_empty.items():
        rows = {area.top for _, area in reads}
        heading = _heading(grid, min(rows)) if len(reads) > 1 == len(rows) else ""
        severity, cause, fix = "low", ("", ""), "Point it at a number, or fill the cell"
        if heading:
            severity, cause, fix = "high", (grid.name, relative), "Point it at the row of numbers"
        elif len(reads) > 1 == copies[relative] - len(reads) and all(_fills_others(book, u, a) for u, a in reads):
            fix = "Fix the reference with a $, if all should read the first cell"
            severity, cause = "medium", (grid.name, relative)
        for use, area in reads:
            what = f'the heading "{heading}"' if heading else "an empty cell"
            message = f"calculates with {what}, {grid.name}!{address(area.top, area.left)}"
            yield Hit("empty-cell", severity, use.grid, use.cell, cause, message, fix)


def _fills_others(book: WorkbookIndex, use: Use, empty: Area) -> bool:
    """Return whether a formula reads another cell besides an empty one, and a number in each."""
    others = [a for a in book.read(use.formula, use.grid, use.cell) if a != empty]
    return bool(others) and all(book.count(a) for a in others)


def _heading(grid: Grid, row: int) -> str:
    """Return the text of a row that is a heading: without a number, with numbers below it, and bold or capital.

    A row in capitals that follows numbers is one of them without its own, as COGS.
    """
    cells = [c for column in range(1, grid.columns + 1) if (c := grid.at(0, row, column)) is not None]
    below = any(grid.numbers[0].get(row + step) for step in (1, 2))
    if len(cells) != 1 or not isinstance(cells[0].value, str) or not below:
        return ""
    text = cells[0].value.strip()
    capital = text.isupper() and len(text) > SHORTEST and not grid.numbers[0].get(row - 1)
    return text if grid.style(cells[0]).bold or capital else ""
