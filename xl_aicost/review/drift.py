"""Drift: what is in the file and is not what the builder wrote, cell by cell, against the workbook built again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TypeAlias

from openpyxl.cell.cell import Cell as BuiltCell
from openpyxl.utils.cell import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.audit.findings import Finding, group
from xl_aicost.review.differences import named, place_of, reordered
from xl_aicost.review.moves import Moved, Moves
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.support.numbers import same
from xl_aicost.support.text import abridged
from xl_aicost.xlsx.cells import is_locked, place
from xl_aicost.xlsx.references import Area, address, areas, normal, tokens
from xl_aicost.xlsx.sheet import Cell

RULE = "GEN-01"
OF_THE_MACHINE = ("values_calculated_by", "file_written_by")  # facts that another machine may have otherwise
AS_IT_STANDS = re.compile(
    r"""\\(.)|"([^"]*)"|([-+() $€£¥])|."""
)  # in a number format: escaped, quoted, or shown without either
RESTORE = "Restore the cell, or build again: see `xl-aicost read`"


Places: TypeAlias = Mapping[str, AbstractSet[tuple[int, int]]]
"""Cells by sheet, as (row, column)."""


def drift(workbook: ReturnedWorkbook, known: Places = MappingProxyType({})) -> list[Finding]:
    """Return how a workbook of ours differs from what was built, inputs and choices aside; `known` cells are not looked at.

    A sheet that was renamed or moved, a row or column that was inserted, deleted or moved is one finding, and what
    still computes the same is none. Of a sheet that was not read to its end, what was read is compared.
    """
    moves = workbook.moves
    findings = [*_sheets(workbook, moves)]
    for ws in workbook.built.wb.worksheets:
        moved = moves.of(ws.title)
        if moved is not None:
            findings += _moved(moved)
            findings += _cells(workbook, ws, moved, known.get(ws.title, frozenset()))
            findings += _settings(ws, moved, moves)
    return [*findings, *_wrong_inputs(workbook), *_workbook(workbook, moves)]


def _wrong_inputs(workbook: ReturnedWorkbook) -> Iterator[Finding]:
    for wrong in workbook.wrong_inputs:
        choice = wrong.cell and not wrong.scenario
        fix = "Choose a value from the list" if choice else "Type a number that the input can take"
        cells = (wrong.cell,) if wrong.cell else ()
        yield Finding("critical", RULE, workbook.inputs_sheet, wrong.cell, wrong.text, fix, cells, "inputs")


def _sheets(workbook: ReturnedWorkbook, moves: Moves) -> Iterator[Finding]:
    there = {m.new.name: m for m in moves.sheets.values()}
    for ws in workbook.built.wb.worksheets:
        moved = moves.of(ws.title)
        if moved is None:
            yield Finding("critical", RULE, ws.title, "", "the sheet is missing", "Build again")
        elif moved.new.name != ws.title:
            text, fix = (
                f"{ws.title} is now called {moved.new.name}",
                "Rename it back, or leave it: all links follow",
            )
            yield Finding("medium", RULE, moved.new.name, "", text, fix)
    order = [s.name for s in workbook.package.sheets if s.name in there]
    for name, now, before in reordered([*there], order):
        text = f"{name} was moved to place {now} of the sheets; it was at {before}"
        yield Finding("low", RULE, name, "", text, "Move it back, or leave it: no result changes")
    for sheet in workbook.package.sheets:
        if sheet.name not in there:
            text = "a sheet that the builder did not write"
            yield Finding("low", RULE, sheet.name, "", text, "Review it by hand")


def _moved(moved: Moved) -> Iterator[Finding]:
    """Yield the rows and columns that were inserted, deleted or moved, each a finding."""
    for edit in moved.edits:
        place = place_of(edit)
        what, old, _ = named(edit, moved)
        name = what.removeprefix(edit.axis).strip()
        more = f" ({name})" if name else ""
        if edit.act == "inserted":
            fix = "Delete it to have the layout as built, or leave it: all formulas read the same cells as before"
            yield Finding(
                "medium",
                RULE,
                moved.new.name,
                place,
                f"{edit.axis} {place.split(':')[0]}{_to(place)} inserted{more}",
                fix,
            )
        elif edit.act == "deleted":
            text = f"{edit.axis} {place.split(':')[0]}{_to(place)} deleted{more}"
            yield Finding(
                "critical", RULE, moved.new.name, place, text, "Undo it, or build again: see `xl-aicost read`"
            )
        else:
            text = f"{old}{more} was moved to {edit.axis} {place.split(':')[0]}"
            yield Finding("medium", RULE, moved.new.name, place, text, "Move it back, or leave it if that is intended")


def _to(place: str) -> str:
    first, _, last = place.partition(":")
    return f" to {last}" if last != first else ""


def _cells(
    workbook: ReturnedWorkbook, ws: Worksheet, moved: Moved, known: AbstractSet[tuple[int, int]]
) -> Iterator[Finding]:
    groups: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    title, scales, sheet, still, compared = ws.title, _Scales(ws), moved.new, moved.still, set(known)
    for at, built in ws._cells.items():
        if at in known:
            continue
        now = at if still else moved.at(*at)
        if now is None:
            continue
        compared.add(now)
        if title == "Provenance" and _built_value(ws, at[0], 1) in OF_THE_MACHINE:
            continue
        if sheet.read_to is not None and now[0] > sheet.read_to:
            continue
        severity, problem, kind = _problem(workbook, title, built, sheet.cells.get(now), scales)
        if problem:
            groups[severity, _line(workbook, ws, built), problem, kind].append(address(*now))
    if others := sheet.cells.keys() - compared:
        last_row, last_column = ws.max_row, ws.max_column
        for at, cell in sheet.cells.items():
            if at in others and (cell.formula is not None or cell.value is not None) and not moved.inserted(*at):
                severity = "high" if at[0] <= last_row and at[1] <= last_column else "medium"
                kind = "formulas" if cell.formula is not None else "values"
                groups[severity, "", "a cell that the builder did not write", kind].append(address(*at))
    for (severity, line, problem, kind), cells in groups.items():
        message = f"{line}: {problem}" if line else problem
        yield Finding(severity, RULE, sheet.name, group(cells), message, RESTORE, tuple(cells), kind)


def _built_value(ws: Worksheet, row: int, column: int) -> object:
    """Return the content of a cell without creating the cell, as openpyxl's own access does."""
    cell = ws._cells.get((row, column))
    return None if cell is None else cell.value


class _Scales:
    """The largest number of each row: one that is computed when a workbook is built stands beside what it is made of."""

    def __init__(self, ws: Worksheet) -> None:
        self._ws = ws

    def of(self, row: int) -> float:
        return self._by_row.get(row, 0.0)

    @cached_property
    def _by_row(self) -> dict[int, float]:
        scales: dict[int, float] = defaultdict(float)
        for (row, _), cell in self._ws._cells.items():
            if isinstance(cell.value, int | float):
                scales[row] = max(scales[row], abs(cell.value))
        return scales


def _problem(
    workbook: ReturnedWorkbook, title: str, built: BuiltCell, cell: Cell | None, scales: _Scales
) -> tuple[str, str, str]:
    """Return severity, problem and kind of what differs at a cell; no problem is ""."""
    package = workbook.package
    kind = "formulas" if built.data_type == "f" else "values"
    if not is_locked(built):
        formula = cell is not None and cell.formula is not None and title != "Inputs"
        return "high", "a formula stands in an input" if formula else "", "formulas"
    if problem := _difference(workbook.moves, title, built, cell, scales):
        if built.data_type == "s" and cell is not None and cell.formula is None:
            return "medium", problem, kind
        return "critical" if kind == "formulas" else "high", problem, kind
    if cell is None or built._value is None:
        return "", "", kind
    style, number_format = package.style(cell), built.number_format
    if not style.locked and package.styles:
        return "high", "the cell is no longer locked", "structure"
    alike = style.number_format == number_format or _plain_format(style.number_format) == _plain_format(number_format)
    if not alike and not (number_format == "General" and _is_of_what_it_reads(workbook, title, cell)):
        return "medium", f"the number format is {style.number_format!r} instead of {number_format!r}", "format"
    return "", "", kind


def _is_of_what_it_reads(workbook: ReturnedWorkbook, title: str, cell: Cell) -> bool:
    """Whether a formula is shown in the format of a cell that it reads, as LibreOffice shows one without its own."""
    package, moved = workbook.package, workbook.moves.of(title)
    shown, home = package.style(cell).number_format, moved.new.name if moved else title
    for token in tokens(cell.formula or ""):
        text = package.names.get(("", token.text), "") if token.kind == "name" else token.text
        for area in areas(text, home):
            read = package.cell(area.sheet, area.top, area.left) if area is not None else None
            if read is not None and package.style(read).number_format == shown:
                return True
    return False


def _difference(moves: Moves, title: str, built: BuiltCell, cell: Cell | None, scales: _Scales) -> str:
    """Return in words how a cell that is no input differs, or ""."""
    value, now = built._value, cell.value if cell is not None else None
    if built.data_type == "f":
        formula = moves.carried(str(value)[1:], title)
        if cell is None or cell.formula is None:
            return f"={formula} is gone" if now is None else f"={formula} was replaced by {now!r}"
        alike = cell.formula == formula or normal(cell.formula) == normal(formula)
        return "" if alike else f"={formula} became ={cell.formula}"
    if cell is not None and cell.formula is not None:
        return f"{value!r} became ={cell.formula}"
    if value is None:
        return "" if now in (None, "") else f"an empty cell now holds {now!r}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        alike = value == now or same(value, now, scale=scales.of(built.row))
        return "" if alike else f"{value:.15g} became {now!r}"
    alike = str(now or "").replace("\r\n", "\n").strip() == str(value).strip()
    return "" if alike else f"{str(value)[:40]!r} became {str(now)[:40]!r}"


@lru_cache(maxsize=4096)
def _plain_format(number_format: str) -> str:
    r"""Return a number format as programs agree on it: what is shown as it stands escaped letter by letter, codes in small letters.

    >>> _plain_format('"$"#,##0,,"m"') == _plain_format(r"\$#,##0,,\m") != _plain_format("$#,##0,,m")
    True
    """
    return AS_IT_STANDS.sub(
        lambda m: "".join(f"\\{c}" for c in m[m.lastindex]) if m.lastindex else m[0].lower(), number_format
    )


def _line(workbook: ReturnedWorkbook, ws: Worksheet, built: BuiltCell) -> str:
    if ws.title.startswith("Calc_") and ws.title != "Calc_Sensitivity":
        return str(_built_value(ws, built.row, workbook.built.layout.id_column) or "")
    if ws.title == "Inputs":
        return str(_built_value(ws, built.row, place(workbook.built.layout.input_columns["id"] + "1")[1]) or "")
    if ws.title == "Checks":
        return abridged(str(_built_value(ws, built.row, 2) or ""), 60)
    for column in (3, 1, 2):
        text = _built_value(ws, built.row, column)
        if isinstance(text, str) and not text.startswith("=") and len(text) < 60 and built.column != column:
            return text
    return ""


def _settings(ws: Worksheet, moved: Moved, moves: Moves) -> Iterator[Finding]:
    sheet = moved.new

    def finding(severity: str, cell: str, message: str, fix: str) -> Finding:
        return Finding(severity, RULE, sheet.name, cell, message, fix)

    if sheet.state != "visible":
        yield finding("high", "", f"the sheet is {sheet.state}", "Show it")
    meant = {moved.lines[0].at(r) for r, d in ws.row_dimensions.items() if d.hidden}
    hidden = [str(r) for r in sheet.hidden_rows if r not in meant]
    if hidden:
        yield finding("high", f"rows {', '.join(hidden[:5])}", "rows are hidden", "Show them")
    meant = {moved.lines[1].at(c) for c in _hidden_columns(ws)}
    columns = [get_column_letter(c) for c in sheet.hidden_columns if c not in meant]
    if columns:
        yield finding("high", f"columns {', '.join(columns[:5])}", "columns are hidden", "Show them")
    if sheet.read_to is not None:
        return  # the settings below stand behind the cells
    if not sheet.protected:
        yield finding("medium", "", "the sheet is no longer protected", "Review > Protect sheet, without a password")
    if changed := [*_changed_validations(ws, moved, moves)]:
        text = (
            "its validation is gone or was changed"
            if len(changed) == 1
            else "their validations are gone or were changed"
        )
        yield Finding("medium", RULE, sheet.name, group(changed), text, "Build again", tuple(changed))
    for at, now, expected in _changed_links(ws, moved, moves):
        text = f"the link goes to {now!r} instead of {expected!r}"
        yield finding("medium" if now else "low", at, text, RESTORE)


def _changed_validations(ws: Worksheet, moved: Moved, moves: Moves) -> Iterator[str]:
    """Yield the cells whose validation is not there; once rows moved, whatever its limits, which not all programs carry.

    Some programs write equal validations as one, of all their cells.
    """
    present: dict[tuple[str, ...], list[Area]] = defaultdict(list)
    for v in moved.new.validations:
        kind, first, second = (v.get(part, "") for part in ("type", "formula1", "formula2"))
        covered = [a for a in areas(v.get("sqref", "").replace(" ", ","), "") if a is not None]
        present[_validation(kind, first, second)] += covered
        present[kind,] += covered
    for v in ws.data_validations.dataValidation:
        first, second = (moves.carried(text or "", ws.title) for text in (v.formula1, v.formula2))
        where = ",".join(moves.carried(cells, ws.title) for cells in str(v.sqref).split())
        there = present[_validation(v.type, first, second) if moves.still else (str(v.type),)]
        if not all(a is None or _covered(a, there) for a in areas(where, "")):
            yield where.replace(",", " ")


def _covered(cells: Area, areas: list[Area]) -> bool:
    """Whether each of some cells is within an area."""
    rows, columns = range(cells.top, cells.bottom + 1), range(cells.left, cells.right + 1)
    return all(any(a.covers(r, c) for a in areas) for r in rows for c in columns)


def _hidden_columns(ws: Worksheet) -> Iterator[int]:
    for dimension in ws.column_dimensions.values():
        if dimension.hidden:
            first = column_index_from_string(dimension.index)
            yield from range(dimension.min or first, (dimension.max or first) + 1)


def _changed_links(ws: Worksheet, moved: Moved, moves: Moves) -> Iterator[tuple[str, str, str]]:
    """Yield where a link of a cell leads elsewhere: the cell, where it leads now, and where it should."""
    for cell in ws._cells.values():
        link = getattr(cell, "hyperlink", None)  # a merged cell has none
        place = moved.at(cell.row, cell.column) if link is not None else None
        if link is not None and place is not None:
            target = link.location or link.target or ""
            expected = moves.carried(target, ws.title) if link.location else target
            now = moved.new.links.get(address(*place), "")
            if now.lstrip("#").replace("'", "").rstrip("/") not in (
                t.replace("'", "").rstrip("/") for t in (expected, target)
            ):
                yield address(*place), now, expected


def _validation(kind: str | None, first: str, second: str) -> tuple[str, str, str]:
    """Return a validation as programs agree on it."""
    return str(kind), _plain_limit(first), "" if kind == "list" else _plain_limit(second)


def _plain_limit(text: str) -> str:
    try:
        return f"{float(text):.12g}"
    except ValueError:
        return text.replace("$", "").replace(" ", "").replace("'", "").upper()


def _workbook(workbook: ReturnedWorkbook, moves: Moves) -> Iterator[Finding]:
    package, names = workbook.package, workbook.built.wb.defined_names
    for name, defined in names.items():
        now, expected = package.names.get(("", name)), moves.carried(str(defined.attr_text), "")
        if now is None:
            yield Finding("critical", RULE, "", name, "the name is gone", "Define it again or build again")
        elif not expected.startswith("_xlfn") and now.replace("'", "") != expected.replace("'", ""):
            text = f"the name points at {now} instead of {expected}"
            yield Finding("critical", RULE, "", name, text, "Point it back")
    defined_names = {n.lower() for n in names}
    for (scope, name), text in package.names.items():
        if not scope and name.lower() not in defined_names and not name.startswith("_xl"):
            yield Finding("low", RULE, "", name, f"a name that the builder did not define: {text[:60]}", "Review it")
    if package.calculation.get("calcMode") == "manual":
        yield Finding("high", RULE, "", "", "calculation is manual", "Formulas > Calculation options > Automatic")
    if package.calculation.get("iterate") in ("1", "true"):
        yield Finding(
            "high", RULE, "", "", "iterative calculation is on, which hides circular references", "Switch it off"
        )
