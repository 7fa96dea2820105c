"""What the formulas of a file come to, by IronCalc, in a process of its own that has limits of time and memory.

A foreign file may make the engine panic, run away or eat memory; that must not take the audit with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xl_aicost.errors import AicostError

SECONDS = 8.0
MEMORY = 450_000_000  # bytes of address space; not enforced on Windows
Place = tuple[str, int, int]  # sheet, row, column
Edit = tuple[str, int, int, Any]  # what to put there: a number, a text, a formula with its =, or None
PROGRAM = "from xl_aicost.engine.recalculate import _serve; _serve()"


@dataclass(frozen=True)
class Recalculated:
    """The value of each cell, and of the places asked for after each set of edits."""

    values: dict[Place, Any]
    after: list[list[Any]]


def recalculate(
    path: Path, edits: Sequence[Sequence[Edit]] = (), places: Sequence[Place] = (), seconds: float = SECONDS
) -> Recalculated:
    """Recalculate a file as it is, and once more for each set of edits. Raises AicostError where that fails."""
    request = json.dumps({"path": str(path), "edits": edits, "places": places})
    try:
        run = subprocess.run(  # noqa: S603 (our own program, nothing of the file on its command line)
            [sys.executable, "-c", PROGRAM], input=request, capture_output=True, encoding="utf-8", timeout=seconds
        )
    except subprocess.TimeoutExpired:
        raise AicostError(f"{path}: not recalculated within {seconds:.0f} seconds") from None
    if run.returncode != 0:
        words = run.stderr.strip().splitlines()
        raise AicostError(f"{path}: IronCalc cannot recalculate it ({words[-1][:160] if words else 'it stopped'})")
    answer = json.loads(run.stdout)
    return Recalculated({(s, r, c): v for s, r, c, v in answer["values"]}, answer["after"])


def _serve() -> None:
    """Answer a request on standard input; this is what the other process runs."""
    request = json.load(sys.stdin)
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # the engine prints what it does not understand of a file
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, OSError, ValueError):
        pass  # no such limit on this system
    model = _load(request["path"])
    names = _sheets(model)
    values = [[names[s], r, c, model.get_cell_value(s, r, c)] for s, r, c in model.get_all_cells()]
    after = []
    for edits in request["edits"]:
        model = _load(request["path"])
        index = {name: i for i, name in enumerate(_sheets(model))}
        for sheet, row, column, content in edits:
            _put(model, index[sheet], row, column, content)
        model.evaluate()
        after.append([model.get_cell_value(index[s], r, c) for s, r, c in request["places"]])
    with answer:
        json.dump({"values": values, "after": after}, answer)


def _load(path: str) -> Any:
    import ironcalc

    model = ironcalc.load_from_xlsx(path, "en", "UTC", "en")
    model.evaluate()
    return model


def _sheets(model: Any) -> list[str]:
    return [p["name"] for p in model.get_worksheets_properties()]


def _put(model: Any, sheet: int, row: int, column: int, content: Any) -> None:
    if content is None:
        model.clear_cell_contents(sheet, row, column)
    elif isinstance(content, str) and content.startswith("="):
        model.update_cell_with_formula(sheet, row, column, content)
    elif isinstance(content, int | float) and not isinstance(content, bool):
        model.update_cell_with_number(sheet, row, column, float(content))
    else:
        model.update_cell_with_text(sheet, row, column, str(content))
