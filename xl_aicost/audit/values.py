"""Rules about stored values: where an error begins, and keys that a look-up of the nearest one wants sorted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from operator import gt, lt
from typing import Any

from xl_aicost.audit.findings import Hit
from xl_aicost.engine import is_error
from xl_aicost.xlsx.formulas import Call, ParsedFormula
from xl_aicost.xlsx.index import LARGE, WorkbookIndex, is_gap
from xl_aicost.xlsx.references import Area, address
from xl_aicost.xlsx.text import folded

HIGH = ("#VALUE!", "#NUM!", "#NAME?", "#NULL!", "#SPILL!", "#CALC!")
NEW = {"LET", "LAMBDA", "FILTER", "SORT", "SORTBY", "UNIQUE", "SEQUENCE", "XLOOKUP", "XMATCH", "TEXTSPLIT", "VSTACK"}
LIVE = {"NA", "_FV", "FIELDVALUE", "STOCKHISTORY", "WEBSERVICE", "RTD"}  # whose errors are meant, or pass by themselves
MOST_KEYS = 100_000
LAST_KEY = 1e14  # a number larger than any key asks for the last one, whatever the order
NEAREST_UNLESS = {"VLOOKUP": 3, "HLOOKUP": 3, "MATCH": 2, "LOOKUP": 9}  # the argument that says otherwise


def root_errors(book: WorkbookIndex) -> Iterator[Hit]:
    """Yield the formulas in which an error begins."""
    errors = {g.name: {at for at, c in g.cells.items() if is_error(c.value)} for g in book.grids.values()}
    homes: dict[tuple[str, str], str] = {}  # of a formula that stands on several sheets, the first
    lambdas = {n.lower() for (_, n), text in book.package.names.items() if "LAMBDA(" in text.upper()}
    for use, areas in zip(book.uses, book.areas, strict=True):
        kind = str(use.cell.value) if is_error(use.cell.value) else ""
        lost = _lost(book, use.formula)
        if not lost and (not kind or any(_holds(book, a, errors.get(a.sheet, set())) for a in areas)):
            continue
        kind = "#REF!" if lost else kind
        effect = "refers to what no longer exists" if lost else f"comes to {kind}, and nothing that it reads does"
        named = {p.text.lower() for p in use.formula.pieces if p.kind in ("name", "function")}
        new = "_xlfn." in (use.cell.formula or "") or use.formula.functions & NEW or named & lambdas
        known = (kind == "#NAME?" and new) or use.formula.functions & LIVE
        doubt = kind not in HIGH or _lacks_data(book, areas, kind)
        severity = "critical" if kind == "#REF!" else "low" if known else "medium" if doubt else "high"
        message = f"={(use.cell.formula or '')[:60]} {effect}"
        fix = "Correct the formula or what it reads"
        cause = ("" if known else homes.setdefault((kind, use.cell.relative), use.grid.name), kind)
        yield Hit("error", severity, use.grid, use.cell, cause, message, fix)


def _lacks_data(book: WorkbookIndex, areas: list[Area], kind: str) -> bool:
    """Return whether an error comes of data that are not there yet: no number at all, or a text that says so."""
    gaps = (c.formula is None and c.kind != "e" and is_gap(c) for a in areas if a.single for c in book.cells(a))
    blank = bool(areas) and not any(map(book.count, areas))
    return blank if kind == "#NUM!" else kind == "#VALUE!" and any(gaps)


def _lost(book: WorkbookIndex, formula: ParsedFormula) -> bool:
    """Return whether a formula names a cell or sheet that there is not."""
    sheets = (r.sheet.lower() for r in formula.references if r.sheet and "[" not in r.sheet)
    lost = any(p.kind == "error" and p.text == "#REF!" for p in formula.pieces)
    return lost or any(s not in book.grids for s in sheets)


def _holds(book: WorkbookIndex, area: Area, errors: set[tuple[int, int]]) -> bool:
    """Return whether one of the errors of a sheet stands in an area."""
    if area.size <= LARGE:
        return bool(errors) and any(is_error(c.value) for c in book.cells(area))
    book.spend(len(errors))
    return any(area.covers(*at) for at in errors)


def unsorted_keys(book: WorkbookIndex) -> Iterator[Hit]:
    """Yield look-ups of the nearest key among keys that are not sorted."""
    known: dict[tuple[Area, bool], Area | None] = {}  # the first key that is out of order
    for use in book.uses:
        for call in use.formula.calls if use.formula.functions & NEAREST_UNLESS.keys() else ():
            falling = _order(use.formula, call)
            first, last = call.arguments[1] if falling is not None else (0, 0)
            areas = book.named(use.formula.pieces[first], use.grid, use.cell) if last - first == 1 else []
            if len(areas) == 1 and falling is not None and not _asks_for_last(use.formula, call):
                keys = _keys(areas[0], call.function), falling
                if keys not in known:
                    known[keys] = _out_of_order(book, *keys)
                at = known[keys]
                if at is not None:
                    where = f"{at.sheet}!{address(at.top, at.left)}"
                    message = f"{call.function} looks for the nearest key, and {where} is out of order"
                    fix = "Sort the keys, or ask for an exact match"
                    cause = (use.grid.name, keys[0].sheet, call.function)
                    yield Hit("unsorted-keys", "critical", use.grid, use.cell, cause, message, fix)


def _order(formula: ParsedFormula, call: Call) -> bool | None:
    """Return whether a look-up wants falling keys, or rising ones (False), or neither (None)."""
    place = NEAREST_UNLESS.get(call.function, 0)
    if not place or len(call.arguments) < 2:
        return None
    if place >= len(call.arguments):
        return False
    first, last = call.arguments[place]
    mode = "".join(p.text for p in formula.pieces[first:last]).removesuffix(")")  # of TRUE(), as LibreOffice writes it
    return {"1": False, "TRUE": False, "-1": True}.get(mode)


def _asks_for_last(formula: ParsedFormula, call: Call) -> bool:
    first, last = call.arguments[0]
    wanted = formula.pieces[first] if last - first == 1 else None
    if wanted is None or wanted.kind not in ("number", "text"):
        return False
    return wanted.text.lower().startswith('"zz') if wanted.kind == "text" else float(wanted.text) >= LAST_KEY


def _keys(table: Area, function: str) -> Area:
    """Return the keys of a table: its first row or column, of LOOKUP that of its longer side."""
    if function == "HLOOKUP" or (function == "LOOKUP" and table.right - table.left > table.bottom - table.top):
        return table._replace(bottom=table.top)
    return table if function == "MATCH" else table._replace(right=table.left)


def _out_of_order(book: WorkbookIndex, keys: Area, falling: bool) -> Area | None:
    """Return the first key that is out of order among keys of its type."""
    grid = book.grid(keys)
    if grid is None or keys.size > MOST_KEYS:
        return None
    book.spend(keys.size)
    places = ((r, c) for r in range(keys.top, keys.bottom + 1) for c in range(keys.left, keys.right + 1))
    cells = [c for at in places if (c := grid.at(0, *at)) is not None and not is_error(c.value)]
    kinds: dict[type, list[tuple[tuple[Any, ...], Area]]] = defaultdict(list)
    for c in cells:
        value = folded(c.value) if isinstance(c.value, str) else (c.value,)
        kinds[type(c.value)].append((value, grid.area(c)))
    texts = kinds[str][1:]  # the first may be a heading
    pairs = pairwise(kinds[float] if len(kinds[float]) > len(texts) else texts)
    return next((at for (a, _), (b, at) in pairs if all(map(lt if falling else gt, a, b))), None)
