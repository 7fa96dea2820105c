"""Random workbooks with random edits: our own engine, numpy, IronCalc, formualizer and LibreOffice on every formula."""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl

from tests.engines.evaluators import by_formualizer, by_ironcalc
from xl_aicost.assumptions.loader import NOT_AVAILABLE
from xl_aicost.case import model
from xl_aicost.engine import is_error
from xl_aicost.engine.calculate import calculate
from xl_aicost.review.stake import _rounded_otherwise
from xl_aicost.workbook.book import as_typed, from_typed
from xl_aicost.workbook.build import assemble
from xl_aicost.workbook.layout import LIVE, TYPED_COLUMN
from xl_aicost.workbook.sheets.calculation import columns_of
from xl_aicost.workbook.sheets.control import SELECTOR
from xl_aicost.xlsx.references import areas
from xl_aicost.xlsx.save import save

TEMPLATES = ("cluster", "company", "comparison", "board")
TICKERS = ("META", "GOOGL", "MSFT", "AMZN", "ORCL")
WHOLE = {"GPUs", "ports", "choice"}
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
COUNTS = ("checks_held", "checks_noted", "check_errors", "check_status", "status")  # names of what sums over the checks
Key = tuple[str, int, int]


@dataclass
class Case:
    """A workbook, what it was made for, what was edited in it, and what our own engine makes of it."""

    seed: int
    request: dict[str, Any]
    edits: dict[str, Any]
    book: Any
    path: Path
    values: dict[str, dict[tuple[int, int], Any]]
    found: list[str] = field(default_factory=list)


def request(rng: np.random.Generator) -> dict[str, Any]:
    """Draw what `build` may be asked for."""
    found: dict[str, Any] = {"template": str(rng.choice(TEMPLATES))}
    found["periods_per_year"] = int(rng.choice([1, 1, 4, 12]))
    found["years"] = int(rng.integers(1, {1: 31, 4: 11, 12: 6}[found["periods_per_year"]]))
    found["start"] = int(rng.integers(1990, 2100))
    if rng.random() < 0.5:
        found["company"] = str(rng.choice(TICKERS))
    return found


def value(rng: np.random.Generator, item: Any) -> float | None:
    """Draw what somebody may type into an input: near its range, at its limits, anywhere inside, or nothing."""
    if item.unit == "choice":
        return float(rng.integers(item.min, item.max + 1))
    kind = rng.random()
    if kind < 0.05:
        return None
    if kind < 0.15:
        return float(rng.choice([item.min, item.max]))
    low, high = sorted((max(item.min, item.low * 0.5), min(item.max, item.high * 1.5 or 1)))
    drawn = rng.uniform(low, high) if kind < 0.9 else item.min + (item.max - item.min) * rng.random() ** 6
    drawn = round(drawn) if item.unit in WHOLE else float(f"{drawn:.6g}")
    return float(min(max(drawn, item.min), item.max))


def made(seed: int, folder: Path) -> Case:
    """Return a random workbook with random edits, saved without values."""
    rng = np.random.default_rng(seed)
    asked = request(rng)
    book = assemble(asked.pop("template"), **asked)
    asked["template"] = book.template.id
    edits: dict[str, Any] = {}
    sheet = book.wb["Inputs"]
    share = rng.choice([0.02, 0.3, 1.0])
    for name, row in book.layout.input_rows.items():
        for column in (TYPED_COLUMN, *book.layout.scenario_columns.values()):
            if rng.random() < share:
                drawn = value(rng, book.assumptions[name])
                if drawn is None and column == book.layout.scenario_columns["Base"]:
                    continue  # Base is what a blank falls back to
                typed = None if drawn is None else as_typed(book.assumptions[name], drawn)
                sheet[f"{column}{row}"] = edits[f"{column}{row}"] = typed
    scenario = str(rng.choice(book.layout.scenarios))
    book.wb["Inputs"][SELECTOR] = book.scenario_title(scenario, book.edition)
    edits["scenario"] = scenario
    path = folder / f"{seed}.xlsx"
    save(book.wb, path, {})
    values = calculate(book.wb)  # IronCalc where a cell is an error
    return Case(seed, asked, edits, book, path, values)


def by_numpy(case: Case) -> Iterator[tuple[Key, float]]:
    """Yield what numpy says of the lines of the live lane, read from the inputs as they stand in the cells."""
    layout, wb = case.book.layout, case.book.wb
    base, shown = layout.scenario_columns["Base"], layout.scenario_columns[case.edits["scenario"]]
    inputs = {}
    for name, row in layout.input_rows.items():
        cells = [wb["Inputs"][f"{column}{row}"].value for column in (TYPED_COLUMN, shown, base)]
        found = next(v for v in cells if v is not None)
        inputs[name] = math.nan if found == NOT_AVAILABLE else from_typed(case.book.assumptions[name], found)
    graph = model()
    results = graph.evaluate(list(graph.lines), inputs, layout.years, layout.periods_per_year)
    for name, result in results.items():
        if name not in layout.rows:
            continue
        if name in graph.series:
            columns = columns_of(case.book, name)
            for column, number in zip(columns, np.broadcast_to(result, len(columns)), strict=True):
                yield (LIVE.sheet, layout.rows[name], column), float(number)
        else:
            yield (LIVE.sheet, layout.rows[name], 4), float(result)


def compared(case: Case, engine: str, get: Callable[[str, int, int], Any]) -> int:
    """Compare an engine with our own on every formula; note what differs and return how many were compared."""
    count = 0
    for sheet, cells in case.values.items():
        for (row, column), ours in cells.items():
            theirs = get(sheet, row, column)
            count += 1
            if not _agree(case, sheet, row, column, ours, theirs, engine):
                if engine == "IronCalc" and _too_small_to_compare(case, sheet, row, column):
                    continue  # see EXCUSED
                if engine == "formualizer" and _past_an_error(case, sheet, row, column):
                    continue  # see EXCUSED
                formula = str(case.book.wb[sheet].cell(row, column).value)[:150]
                case.found.append(f"seed {case.seed} {engine} {sheet}!R{row}C{column} {ours!r} {theirs!r} {formula}")
    return count


def _agree(case: Case, sheet: str, row: int, column: int, ours: Any, theirs: Any, engine: str) -> bool:
    if is_error(ours) or is_error(theirs):
        if engine == "LibreOffice" and is_error(theirs) and _irr(case, sheet, row, column):
            return True  # see EXCUSED
        return is_error(ours) and (is_error(theirs) or engine == "formualizer")  # see EXCUSED
    if ours == NOT_AVAILABLE and engine == "formualizer":
        return True  # see EXCUSED
    if isinstance(ours, str) or isinstance(theirs, str):
        return _same_words(ours or "", theirs or "") or (
            engine == "IronCalc" and isinstance(theirs, str) and _rounded_otherwise(ours, theirs)  # see EXCUSED
        )
    if isinstance(ours, bool) or theirs is None:
        return bool(ours) == bool(theirs)
    gap = abs(ours - theirs)
    return gap <= 1e-9 * max(1.0, abs(ours)) or gap <= 1e-9 * _scale(case, sheet, row, column, 3)


def _same_words(ours: Any, theirs: Any) -> bool:
    """Return whether two texts are the same but for numbers of so many digits that the last are noise."""
    if ours == theirs or not isinstance(ours, str) or not isinstance(theirs, str):
        return ours == theirs
    numbers = [[float(n.replace(",", "")) for n in NUMBER.findall(text)] for text in (ours, theirs)]
    return NUMBER.sub("#", ours) == NUMBER.sub("#", theirs) and bool(np.allclose(*numbers, rtol=1e-9, atol=0))


def _irr(case: Case, sheet: str, row: int, column: int, deep: int = 3) -> bool:
    """Return whether a formula is an IRR, or is made of one."""
    formula = str(case.book.wb[sheet].cell(row, column).value)
    if "IRR(" in formula:
        return True
    places = [a for a in areas(formula[1:], sheet) if a is not None and a.single] if deep else []
    return any(_irr(case, a.sheet, a.top, a.left, deep - 1) for a in places)


def _too_small_to_compare(case: Case, sheet: str, row: int, column: int, deep: int = 4) -> bool:
    """Return whether a formula compares numbers next to nothing, or is made of one that does."""
    formula = str(case.book.wb[sheet].cell(row, column).value)
    cells = list(_precedents(formula, sheet)) if formula[:1] == "=" and deep else []
    if re.search("[<>=]", formula[1:]):
        numbers = (case.values[s].get((r, c), case.book.wb[s].cell(r, c).value) for s, r, c in cells)
        if any(isinstance(n, float) and 0 < abs(n) < np.finfo(float).eps for n in numbers):
            return True
    return any(_too_small_to_compare(case, *cell, deep - 1) for cell in cells)


def _past_an_error(case: Case, sheet: str, row: int, column: int, deep: int = 3) -> bool:
    """Return whether a formula is made of an error, which formualizer's SUMIFS leaves out."""
    formula = str(case.book.wb[sheet].cell(row, column).value)
    if formula[:1] != "=" or not deep:
        return False
    if any(re.search(rf"\b{name}\b", formula) for name in COUNTS):
        return any(is_error(v) for v in case.values["Checks"].values())
    cells = list(_precedents(formula, sheet))
    return any(is_error(case.values[s].get((r, c))) for s, r, c in cells) or any(
        _past_an_error(case, *cell, deep - 1) for cell in cells
    )


def _precedents(formula: str, sheet: str) -> Iterator[Key]:
    """Yield the cells that a formula refers to, but those of large ranges."""
    for area in areas(formula[1:], sheet):
        if area is not None and (area.bottom - area.top + 1) * (area.right - area.left + 1) <= 500:
            for row in range(area.top, area.bottom + 1):
                yield from ((area.sheet, row, column) for column in range(area.left, area.right + 1))


def _scale(case: Case, sheet: str, row: int, column: int, deep: int) -> float:
    """Return the largest number that a formula is made of: what a difference of near equals may be off by."""
    cell = case.book.wb[sheet].cell(row, column)
    if cell.data_type != "f":
        return abs(cell.value) if isinstance(cell.value, int | float) else 0.0
    ours = case.values[sheet][row, column]
    largest = abs(ours) if isinstance(ours, int | float) else 0.0
    if deep:
        for precedent in _precedents(str(cell.value), sheet):
            largest = max(largest, _scale(case, *precedent, deep - 1))
    return largest


def run(seeds: list[int], libreoffice: Callable[[list[Path]], list[Path]]) -> tuple[int, list[str]]:
    """Compare a workbook for each seed in all engines; return how many comparisons were made and what differs."""
    count, found = 0, []
    with tempfile.TemporaryDirectory() as folder:
        cases = [made(seed, Path(folder)) for seed in seeds]
        for case, path in zip(cases, libreoffice([c.path for c in cases]), strict=True):
            iron, names = by_ironcalc(case.path), case.book.wb.sheetnames
            formual, office = by_formualizer(case.path), openpyxl.load_workbook(path, data_only=True)
            count += compared(case, "IronCalc", lambda s, r, c, e=iron, n=names: e.get_cell_value(n.index(s), r, c))
            count += compared(case, "formualizer", lambda s, r, c, b=formual: b[s].cell(r, c).value)
            count += compared(case, "LibreOffice", lambda s, r, c, b=office: b[s].cell(r, c).value)
            numbers = dict(by_numpy(case))
            for (sheet, row, column), number in numbers.items():
                ours = case.values[sheet].get((row, column), case.book.wb[sheet].cell(row, column).value)
                count += 1
                right = is_error(ours) if not np.isfinite(number) else not is_error(ours)
                if right and np.isfinite(number):
                    right = _agree(case, sheet, row, column, ours, number, "numpy")
                if not right:
                    case.found.append(f"seed {case.seed} numpy {sheet}!R{row}C{column} {ours!r} {number!r}")
            found += case.found
    return count, found
