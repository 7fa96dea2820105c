"""The full model for many scenarios: against the same lines by hand, and against a spreadsheet engine."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl.utils import column_index_from_string

from benchmarks.measure import Figure, at_least, at_most, in_process, seconds
from benchmarks.plain_numpy import YEARS, full_model
from xl_aicost import kernel
from xl_aicost.assumptions import load_assumptions
from xl_aicost.case import Case, model
from xl_aicost.workbook.book import as_typed
from xl_aicost.workbook.layout import TYPED_COLUMN

SCENARIOS, CHUNK, THREADS = 1_000_000, 8_192, 2
FEW = 20  # scenarios that a spreadsheet engine evaluates


def inputs(chunk: int) -> dict[str, Any]:
    """Return a chunk of scenarios: each input that has a range spread evenly over it."""
    rng = np.random.default_rng(chunk)
    found: dict[str, Any] = dict(Case.of().values)
    for a in load_assumptions().values():
        low, high = sorted((a.low, a.high))
        if a.unit != "choice" and low < high:
            found[a.id] = rng.uniform(low, high, CHUNK)
    return found


def by_graph(chunk: int) -> float:
    """Evaluate a chunk by the graph, every line."""
    found = model().evaluate(list(model().lines), inputs(chunk), YEARS)
    return sum(float(np.nansum(v)) for v in found.values())


def by_hand(chunk: int) -> float:
    """Evaluate a chunk by the function written by hand."""
    columns = {k: v[:, None] if np.ndim(v) else v for k, v in inputs(chunk).items()}
    with np.errstate(all="ignore"):
        found = full_model(columns)
    return sum(float(np.nansum(v)) for v in found.values())


SINGLE = tuple(n for n in model().lines if n not in model().series)


def by_kernel(given: dict[str, Any]) -> None:
    """Evaluate every line of one value by the compiled kernel."""
    kernel.evaluate(model(), SINGLE, given, YEARS)


def by_hand_alone(given: dict[str, Any]) -> None:
    """Evaluate every line by the function written by hand, inputs drawn before."""
    with np.errstate(all="ignore"):
        full_model({k: v[:, None] if np.ndim(v) else v for k, v in given.items()})


def many(one: Callable[[int], float], scenarios: int = SCENARIOS) -> None:
    """Evaluate scenarios in chunks on threads."""
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in threads.map(one, range(scenarios // CHUNK)):
            pass


def workbook(template: str) -> tuple[Any, bytes]:
    """Return the workbook of a template that shows the custom scenario, and its file without values."""
    from xl_aicost.workbook.build import assemble
    from xl_aicost.xlsx.save import save

    book = assemble(template, settings={"gpus": 10_000})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.xlsx"
        save(book.wb, path, {})
        return book, path.read_bytes()


def per_scenario_by_ironcalc(book: Any, data: bytes) -> float:
    """Return the seconds that IronCalc takes to change every input of a workbook and evaluate it again."""
    import ironcalc

    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(data)
        file.flush()
        engine = ironcalc.load_from_xlsx(file.name, "en", "UTC", "en")
    engine.evaluate()
    sheet = book.wb.sheetnames.index("Inputs")
    column = column_index_from_string(TYPED_COLUMN)
    live, row = book.wb.sheetnames.index("Calc_Live"), book.layout.rows["layoffs_to_fund"]
    rng = np.random.default_rng(1)
    results = set()
    begin = time.perf_counter()
    for _ in range(FEW):
        for a in book.assumptions.values():
            low, high = sorted((a.low, a.high))
            engine.update_cell_with_number(
                sheet, book.layout.input_rows[a.id], column, as_typed(a, float(rng.uniform(low, high)))
            )
        engine.evaluate()
        results.add(engine.get_cell_value(live, row, 4))
    passed = time.perf_counter() - begin
    assert len(results) == FEW, "the engine did not follow the inputs"
    return passed / FEW


def per_scenario_by_formualizer(data: bytes) -> float:
    """Return the seconds that formualizer takes for a workbook, its file included; it keeps no model between edits."""
    import formualizer

    begin = time.perf_counter()
    formualizer.recalculate_xlsx_bytes(data)
    return time.perf_counter() - begin


def figures() -> Iterator[Figure]:
    """Yield what is promised of the model's speed."""
    ours, hand = seconds(lambda: many(by_graph), lambda: many(by_hand), repeats=3)
    lines = len(model().lines)
    how = f"{lines} lines, {SCENARIOS:,} scenarios in chunks of {CHUNK:,} on {THREADS} threads, inputs drawn in both"
    yield at_most("Full model by the graph, to the same lines written by hand in numpy", ours / hand, 1.3, how)
    drawn = inputs(0)
    by_kernel(drawn)  # compiled, and kept on disk
    compiled, hand = seconds(lambda: by_kernel(drawn), lambda: by_hand_alone(drawn), repeats=15)
    how = (
        f"one chunk of {CHUNK:,} scenarios on one thread, inputs drawn before; the kernel gives the {len(SINGLE)} lines of one "
        f"value, {compiled * 1000:.0f} ms, the function by hand keeps all {lines}, {hand * 1000:.0f} ms"
    )
    yield at_most("Full model by the compiled kernel, to the same by hand in numpy", compiled / hand, 0.4, how)
    how = f"{lines} lines, {SCENARIOS:,} scenarios in chunks of {CHUNK:,} on {THREADS} threads, inputs drawn in both"
    each = ours / SCENARIOS
    for template, least in (("cluster", 10_000), ("company", 1_000)):
        book, data = workbook(template)
        engines = {"IronCalc": per_scenario_by_ironcalc(book, data), "formualizer": per_scenario_by_formualizer(data)}
        formulas = sum(c.data_type == "f" for sheet in book.wb for c in sheet._cells.values())
        fastest = min(engines, key=lambda n: engines[n])
        yield at_least(
            f"A scenario in {fastest}, the fastest engine where all inputs change, to a scenario by the graph: {template}",
            engines[fastest] / each,
            least,
            f"the workbook has {formulas:,} formulas, its lanes and sensitivity included; {FEW} sets of "
            f"inputs, extrapolated; {', '.join(f'{n} {s * 1000:.0f} ms' for n, s in engines.items())}, the graph's "
            f"{lines} lines {each * 1e6:.2f} microseconds",
        )
    memory = in_process("from benchmarks.model import by_graph, many\nmany(by_graph)")["peak"] / 1e6
    yield at_most("Memory of the full model, numpy and Python included", memory, 200, how, "MB")
