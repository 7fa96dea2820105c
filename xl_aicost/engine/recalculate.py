"""Recalculate a stored workbook with IronCalc, in a separate process.

A file of somebody else may make the engine stop or eat memory; that must not take the audit with it. How much it is
given to do is limited beforehand by counts, which are the same on every machine.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from xl_aicost.engine.plain_copy import needs_copy, write_copy
from xl_aicost.errors import AicostError, IncompleteError
from xl_aicost.support.values import CellValue
from xl_aicost.xlsx.package import Package, formula_cells
from xl_aicost.xlsx.references import Token, area, tokens

MOST_CELLS = 400_000
MOST_READ = 20_000_000  # cells that the formulas refer to, each as often as it is referred to
CPU_SECONDS = 5  # only formulas that are worse than they look come near it
MEMORY = 450_000_000  # bytes of address space; not enforced on Windows
UNREADABLE = "WorkbookError"  # what IronCalc calls a file that it does not understand
PROGRAM = Path(__file__).with_name("ironcalc_process.py")
Place: TypeAlias = tuple[str, int, int]  # sheet, row, column
Edit: TypeAlias = tuple[
    str, int, int, CellValue
]  # and what to put there: a number, a text, a formula with its =, or None


@dataclass(frozen=True)
class Recalculated:
    """The value of each cell, and the values of the requested cells after each set of edits."""

    values: dict[Place, CellValue]
    after: list[list[CellValue]]


def recalculate(
    package: Package,
    edits: Sequence[Sequence[Edit]] = (),
    places: Sequence[Place] = (),
) -> Recalculated:
    """Recalculate a workbook as it is, and once more for each set of edits.

    Raises IncompleteError where a limit is in the way, and AicostError where IronCalc fails.
    """
    _check_work(package)
    request = {"path": str(package.path), "edits": edits, "places": places, "seconds": CPU_SECONDS, "memory": MEMORY}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.xlsx"
        run = None if needs_copy(package) else _run(request, package.deadline.seconds_left)
        if run is None or UNREADABLE in run.stderr:
            write_copy(package, copy)
            run = _run(request | {"path": str(copy)}, package.deadline.seconds_left)
    if run.returncode == -getattr(signal, "SIGXCPU", 0):
        raise IncompleteError(f"recalculation takes more than {CPU_SECONDS} seconds of CPU time")
    if run.returncode != 0:
        words = run.stderr.strip().splitlines()
        raise AicostError(f"IronCalc cannot recalculate the workbook ({words[-1][:160] if words else 'it stopped'})")
    answer = json.loads(run.stdout)
    values = {(sheet, row, column): v for sheet, cells in answer["values"].items() for row, column, v in cells}
    return Recalculated(values, answer["after"])


def _run(request: dict[str, object], seconds: float | None) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 (our own program, nothing of the file on its command line)
            [sys.executable, "-P", str(PROGRAM)],
            input=json.dumps(request),
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise IncompleteError("recalculation: the time limit was reached") from None


def _check_work(package: Package) -> None:
    """Raise IncompleteError for a workbook that is too much to recalculate, or was not read in full."""
    if package.left_out:
        raise IncompleteError("a workbook that was not read in full is not recalculated")
    cells = sum(len(s.cells) for s in package.sheets)
    if cells > MOST_CELLS:
        raise IncompleteError(f"{cells:,} cells are above the limit for recalculation ({MOST_CELLS:,})")
    read = 0
    for sheet, cell in formula_cells(package):
        text = cell.formula or ""
        read += _cells_read(package, tokens(text), sheet.name) if ":" in text else 1  # a name, or a cell or some
        if read > MOST_READ:
            raise IncompleteError(f"its formulas read more than {MOST_READ:,} cells, too many to recalculate")


def _cells_read(package: Package, pieces: Sequence[Token], home: str) -> int:
    """Return how many cells a formula reads; ranges of different shapes may be combined, each row with each column."""
    total, tallest, widest = 0, 1, 1
    for token in pieces:
        if token.kind != "ref":
            continue
        cells = area(token, home)
        if cells is None:  # whole rows or columns, of which only the used part is read
            sheet = package.sheet(token.sheet or home)
            total += len(sheet.cells) if sheet else 0
            continue
        height, width = cells.bottom - cells.top + 1, cells.right - cells.left + 1
        total, tallest, widest = total + height * width, max(tallest, height), max(widest, width)
    return max(total, tallest * widest)
