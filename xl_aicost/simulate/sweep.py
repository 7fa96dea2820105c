"""Evaluate lines for every row of a table of inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xl_aicost.assumptions import Assumption
from xl_aicost.case import Case, accepted, find_input, model, one_value, refusal
from xl_aicost.errors import InputError
from xl_aicost.simulate.table import Columns, batches, columns_of, first_row, writing
from xl_aicost.support.parallel import in_order, silent

PIECE = 8192  # rows that fit into the processor's cache


@dataclass(frozen=True)
class Work:
    """A batch of rows with what a worker needs to evaluate it."""

    lines: tuple[str, ...]
    case: Case
    columns: Columns


def evaluate_batch(work: Work) -> Columns:
    """Return the batch with a column for each line; a result that a cell would show as an error is left empty."""
    rows = len(next(iter(work.columns.values())))
    columns = {line: np.empty(rows) for line in work.lines}
    for start in range(0, rows, PIECE):
        here = slice(start, min(start + PIECE, rows))
        inputs = {n: c[here] for n, c in work.columns.items()}
        results = model().evaluate(
            list(work.lines), {**work.case.values, **inputs}, work.case.years, work.case.periods_per_year
        )
        for line in work.lines:
            columns[line][here] = results[line]
    for column in columns.values():
        column[~np.isfinite(column)] = np.nan
    return work.columns | columns


def sweep(
    grid: Path,
    lines: Sequence[str],
    out: Path,
    case: Case | None = None,
    *,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Callable[[int], None] = silent,
) -> int:
    r"""Write a table with the lines of each row of a grid, and return the number of rows.

    Each column of `grid`, a CSV or Parquet file, is an input; the case gives the other inputs. Rows are streamed, so
    memory does not grow with their number. `out` is complete at the end, or not written at all.
    Raises UnknownNameError, InputError and DataError that name column, row and value.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     grid, out = Path(folder, "grid.csv"), Path(folder, "out.csv")
    ...     _ = grid.write_text("gpus\n10000\n20000\n")
    ...     print(sweep(grid, ["gpu_capex"], out), "rows:", *out.read_text().split())
    2 rows: "gpus","gpu_capex" 10000,300000000 20000,600000000
    """
    case = case or Case.of()
    names = columns_of(grid)
    items = [find_input(n, case.assumptions.rows) for n in names]
    checked = tuple(map(one_value, lines))
    if not checked:
        raise InputError("no line to evaluate; name at least one with --line")
    done = 0
    with writing(out) as write:
        work = (Work(checked, case, c) for c in _checked(grid, items))
        for columns in in_order(evaluate_batch, work, threads, scheduler):
            write(columns)
            done += len(columns[lines[0]])
            progress(done)
        if not done:
            raise InputError(f"{grid.name} has no rows")
    return done


def _checked(grid: Path, items: Sequence[Assumption]) -> Iterator[Columns]:
    row = first_row(grid)
    for columns in batches(grid):
        for item in items:
            column = columns[item.id]
            if not (good := accepted(item, column)).all():
                at = int(np.argmin(good))
                raise InputError(f"{grid.name}, row {row + at}, column {item.id}: {refusal(item, float(column[at]))}")
        yield columns
        row += len(columns[items[0].id])
