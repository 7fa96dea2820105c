"""What another process runs to recalculate a file with IronCalc: a request on standard input, its answer on standard output.

It imports nothing of the project, which would take longer than the calculation.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ironcalc import Model

    from xl_aicost.engine.recalculate import Edit, Place
    from xl_aicost.support.values import CellValue


def limit(seconds: int, memory: int) -> None:
    """Limit the CPU time and the address space of this process, where the system can."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, OSError, ValueError):
        pass


def answer(path: str, edits: list[list[Edit]], places: list[Place]) -> dict[str, object]:
    """Return the value of every cell by sheet, and of some places after each set of edits."""
    model = load(path)
    model.evaluate()
    names = sheets(model)
    values: dict[str, list[tuple[int, int, CellValue]]] = {name: [] for name in names}
    for sheet, row, column in model.get_all_cells():
        values[names[sheet]].append((row, column, model.get_cell_value(sheet, row, column)))
    return {"values": values, "after": [edited(path, each, places) for each in edits]}


def edited(path: str, edits: list[Edit], places: list[Place]) -> list[CellValue]:
    """Return the values of some cells after a set of edits."""
    model = load(path)
    index = {name: i for i, name in enumerate(sheets(model))}
    for sheet, row, column, content in edits:
        put(model, index[sheet], row, column, content)
    model.evaluate()
    return [model.get_cell_value(index[sheet], row, column) for sheet, row, column in places]


def load(path: str) -> Model:
    """Return a file as IronCalc reads it."""
    import ironcalc

    return ironcalc.load_from_xlsx(path, "en", "UTC", "en")


def sheets(model: Model) -> list[str]:
    """Return the names of the sheets."""
    return [p["name"] for p in model.get_worksheets_properties()]


def put(model: Model, sheet: int, row: int, column: int, content: CellValue) -> None:
    """Put a number, a text, a formula with its = or nothing into a cell."""
    if content is None:
        model.clear_cell_contents(sheet, row, column)
    elif isinstance(content, str) and content.startswith("="):
        model.update_cell_with_formula(sheet, row, column, content)
    elif isinstance(content, int | float) and not isinstance(content, bool):
        model.update_cell_with_number(sheet, row, column, float(content))
    else:
        model.update_cell_with_text(sheet, row, column, str(content))


if __name__ == "__main__":
    request = json.load(sys.stdin)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # the engine prints what it does not understand of a file
    limit(request["seconds"], request["memory"])
    with out:
        json.dump(answer(request["path"], request["edits"], request["places"]), out)
