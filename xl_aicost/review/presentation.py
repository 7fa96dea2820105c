"""Whether what surrounds the cells of a workbook is as built: charts, conditional formats, widths and print set-up."""

from __future__ import annotations

from collections.abc import Iterator

from xl_aicost.audit.findings import Finding
from xl_aicost.review.moves import Moved, Moves
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.xlsx.package import Package
from xl_aicost.xlsx.references import normal
from xl_aicost.xlsx.sheet import Sheet

RULE = "GEN-01"
NARROWER = 0.5  # of the width as built: numbers may no longer fit
AGAIN = "Build again: see `xl-aicost read`"


def presentation_drift(workbook: ReturnedWorkbook, rebuilt: Package) -> list[Finding]:
    """Return how a workbook differs from the one built, which was read from its file, in what surrounds its cells."""
    moves = workbook.moves
    pairs = ((sheet, moves.of(sheet.name)) for sheet in rebuilt.sheets)
    return [f for sheet, moved in pairs if moved is not None for f in _sheet_drift(sheet, moved, moves)]


def _sheet_drift(built: Sheet, moved: Moved, moves: Moves) -> Iterator[Finding]:
    now = moved.new
    if now.read_to is not None:
        return
    wanted = [_shown(moves, built.name, cells) for cells in built.charts]
    there = [_shown(None, "", cells) for cells in now.charts]
    gone = [cells for cells in wanted if not any(cells <= other for other in there)]
    if gone:
        text = f"{len(gone)} of {len(wanted)} charts are gone or show other cells"
        yield Finding("medium", RULE, now.name, "", text, AGAIN)
    conditions = {normal(text) for _, text in now.conditions}
    missing = [text for _, text in built.conditions if normal(moves.carried(text, built.name)) not in conditions]
    if missing and moves.still:
        text = f"{len(missing)} of {len(built.conditions)} conditional formats are gone or were changed"
        yield Finding("medium", RULE, now.name, "", text, AGAIN)
    if built.headings and not now.headings:
        yield Finding("low", RULE, now.name, "", "the header or footer of its pages is gone", AGAIN)
    if built.landscape != now.landscape:
        kinds = ["landscape" if s.landscape else "portrait" for s in (built, now)]
        yield Finding("low", RULE, now.name, "", f"it prints in {kinds[1]} and was built to print in {kinds[0]}", AGAIN)
    narrow = [c for c, width in built.widths.items() if _width(now, moved, c) < NARROWER * width]
    if narrow:
        yield Finding(
            "low", RULE, now.name, "", f"{len(narrow)} columns are narrower than half of what was built", AGAIN
        )


def _width(sheet: Sheet, moved: Moved, column: int) -> float:
    now = moved.lines[1].at(column)
    return sheet.widths.get(now, 8.43) if now is not None else float("inf")


def _shown(moves: Moves | None, home: str, cells: tuple[str, ...]) -> set[str]:
    """Return the ranges of a chart; single cells are titles, which some programs store as texts."""
    ranges = {c for c in cells if ":" in c}
    return {normal((moves.carried(c, home) if moves else c).replace("$", "")) for c in ranges}
