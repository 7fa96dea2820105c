"""Rules about what a workbook lets people change, and about the habits that most of its own cells keep."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator

from openpyxl.utils.cell import range_boundaries

from xl_aicost.audit.findings import Finding, group
from xl_aicost.xlsx.package import Package, formula_cells
from xl_aicost.xlsx.references import address, areas
from xl_aicost.xlsx.sheet import Cell, Sheet

HABIT = 0.7  # the share of a workbook's own cells, names or sheets that makes a habit
FEW = 4  # below so many there is no habit
Box = tuple[int, int, int, int]  # left, top, right, bottom


def input_rules(package: Package) -> Iterator[Finding]:
    """Yield what is wrong with inputs, protection, names and headers."""
    yield from _protection(package)
    for sheet in package.sheets:
        yield from _unlocked(package, sheet)
        yield from _hidden_by_format(package, sheet)
    yield from _unread(package)
    yield from _names(package)
    yield from _headers(package)


def _protection(package: Package) -> Iterator[Finding]:
    known = [s for s in package.sheets if s.read_to is None]
    bare = [s for s in known if not s.protected]
    if package.sheets and not known:
        return
    if len(bare) == len(known):
        yield Finding("low", "PRO-01", "", "", "no sheet is protected", "Lock formulas, leave inputs open")
    else:
        for sheet in bare:
            text = "the sheet is not protected and others are"
            yield Finding("medium", "PRO-01", sheet.name, "", text, "Protect it, without a password")
    if sum(s.landscape for s in known) > HABIT * len(known):
        for sheet in known:
            if not sheet.landscape:
                yield Finding("low", "PRN-01", sheet.name, "", "prints upright, others lie", "Set it to landscape")


def _unlocked(package: Package, sheet: Sheet) -> Iterator[Finding]:
    """Yield formulas that anybody may overwrite, and inputs without validation or outside their own."""
    if not sheet.protected:
        return
    cells = [c for c in sheet.cells.values() if not package.style(c).locked]
    formulas = [address(c.row, c.column) for c in cells if c.formula is not None]
    if formulas:
        text = "a formula in a cell that is not locked"
        yield Finding("high", "INP-01", sheet.name, group(formulas), text, "Lock it, or type a number", tuple(formulas))
    rules = [(box, v) for v in sheet.validations for box in _boxes(v.get("sqref", ""))]
    checked = {id(c): [v for box, v in rules if _within(c, box)] for c in cells}
    bare = [address(c.row, c.column) for c in cells if not checked[id(c)]]
    if bare and len(bare) < (1 - HABIT) * len(cells):
        text = "an open cell without validation, where others have it"
        yield Finding("medium", "INP-03", sheet.name, group(bare), text, "Set limits and a prompt", tuple(bare))
    for cell in cells:
        for v in checked[id(cell)]:
            if cell.formula is None and isinstance(cell.value, float) and not _allowed(sheet, cell, v):
                text = f"{cell.value:g} is outside the limits of its own validation"
                yield Finding("high", "INP-04", sheet.name, address(cell.row, cell.column), text, "Correct it")


def _boxes(ranges: str) -> list[Box]:
    try:
        return [range_boundaries(part) for part in ranges.split()]
    except ValueError:
        return []


def _within(cell: Cell, box: Box) -> bool:
    left, top, right, bottom = box
    return left <= cell.column <= right and top <= cell.row <= bottom


def _allowed(sheet: Sheet, cell: Cell, rule: dict[str, str]) -> bool:
    """Return whether a number is what its validation takes; of rules other than limits, True."""
    if (
        not isinstance(cell.value, float)
        or rule.get("type") not in ("decimal", "whole", "date")
        or rule.get("operator", "between") != "between"
    ):
        return True
    ends = []
    for name in ("formula1", "formula2"):
        text = rule.get(name, "")
        try:
            ends.append(float(text))
        except ValueError:
            end = _limit(sheet, cell, rule, text)
            if end is None:
                return True
            ends.append(end)
    return ends[0] <= cell.value <= ends[1]


def _limit(sheet: Sheet, cell: Cell, rule: dict[str, str], text: str) -> float | None:
    """Return the number in the cell that a limit names; it moves with the row unless the row is fixed."""
    found = areas(text, sheet.name)
    if len(found) != 1 or found[0] is None or found[0].sheet != sheet.name:
        return None
    first = min((top for _, top, _, _ in _boxes(rule.get("sqref", ""))), default=cell.row)
    row = found[0].top + (0 if "$" in text.lstrip("$") else cell.row - first)
    limit = sheet.cells.get((row, found[0].left))
    return limit.value if limit is not None and isinstance(limit.value, float) else None


def _hidden_by_format(package: Package, sheet: Sheet) -> Iterator[Finding]:
    cells = [
        address(c.row, c.column)
        for c in sheet.cells.values()
        if c.value is not None and package.style(c).number_format.replace(" ", "") in (";;;", ";;")
    ]
    if cells:
        text = "the number format hides the value"
        yield Finding("medium", "STR-08", sheet.name, group(cells), text, "Show it", tuple(cells))


def _unread(package: Package) -> Iterator[Finding]:
    """Yield open cells with a number that nothing reads."""
    inputs = {
        s.name.lower(): [c for c in s.cells.values() if not package.style(c).locked]
        for s in package.sheets
        if s.protected
    }
    if not any(inputs.values()):
        return
    single: set[tuple[str, int, int]] = set()
    boxes: dict[str, set[Box]] = defaultdict(set)
    texts = [(s.name, c.formula or "") for s, c in formula_cells(package)]
    texts += [("", text) for text in package.names.values()]
    texts += [(s.name, v.get(k, "")) for s in package.sheets for v in s.validations for k in ("formula1", "formula2")]
    for home, text in texts:
        for found in areas(text, home):
            if found and found.single:
                single.add((found.sheet.lower(), found.top, found.left))
            elif found:
                boxes[found.sheet.lower()].add((found.left, found.top, found.right, found.bottom))
    for sheet in package.sheets:
        title = sheet.name.lower()
        open_cells = inputs.get(title, [])
        runs = {column: _runs(boxes[title], column) for column in {c.column for c in open_cells}}
        unread = [
            address(c.row, c.column)
            for c in open_cells
            if isinstance(c.value, float)
            and (title, c.row, c.column) not in single
            and not _in_runs(c.row, runs[c.column])
        ]
        if unread:
            text = "an input that no formula reads"
            yield Finding("medium", "INP-02", sheet.name, group(unread), text, "Use it or take it out", tuple(unread))


def _runs(boxes: set[Box], column: int) -> list[tuple[int, int]]:
    """Return the rows of a column that areas cover, as runs from first to last that do not overlap."""
    found: list[tuple[int, int]] = []
    for top, bottom in sorted((t, b) for left, t, right, b in boxes if left <= column <= right):
        if found and top <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], bottom))
        else:
            found.append((top, bottom))
    return found


def _in_runs(row: int, runs: list[tuple[int, int]]) -> bool:
    at = bisect_right(runs, row, key=lambda run: run[0]) - 1
    return at >= 0 and row <= runs[at][1]


def _names(package: Package) -> Iterator[Finding]:
    """Yield names that point at a row which is not named so, where the others do."""
    texts: dict[tuple[str, int], set[str]] = defaultdict(set)
    on_sheet: dict[str, set[str]] = defaultdict(set)
    for sheet in package.sheets:
        for cell in sheet.cells.values():
            if isinstance(cell.value, str) and cell.formula is None:
                texts[sheet.name, cell.row].add(cell.value)
                on_sheet[sheet.name].add(cell.value)
    told: dict[str, tuple[str, bool]] = {}
    for (scope, name), text in package.names.items():
        found = areas(text, "")
        target = found[0] if len(found) == 1 else None
        if not scope and target and name in on_sheet[target.sheet]:
            told[name] = (text, name in texts[target.sheet, target.top])
    right = sum(ok for _, ok in told.values())
    for name, (text, ok) in told.items():
        if not ok and right >= max(FEW, HABIT * len(told)):
            yield Finding("high", "NAM-02", "", name, f"points at {text}, a row of another id", "Point it back")


def _headers(package: Package) -> Iterator[Finding]:
    """Yield sheets without the header formula that the others show, and a check in it that does not hold."""
    for at in ((2, 1), (3, 1)):
        shown = {s.name: s.cells[at].formula for s in package.sheets if at in s.cells and s.cells[at].formula}
        if len(shown) < max(FEW, HABIT * len(package.sheets)):
            continue
        common, _ = Counter(shown.values()).most_common(1)[0]
        for sheet in package.sheets:
            if shown.get(sheet.name) != common:
                text = "the header does not show what the others show"
                yield Finding("medium", "CHK-01", sheet.name, address(*at), text, "Restore the header")
    target = package.names.get(("", "check_status"), "")
    found = areas(target, "")
    if len(found) == 1 and found[0]:
        value = package.value(found[0].sheet, found[0].top, found[0].left)
        if value not in (None, "OK"):
            text = f"the master check says {value}"
            place = address(found[0].top, found[0].left)
            yield Finding("critical", "CHK-01", found[0].sheet, place, text, "See which check fails")
