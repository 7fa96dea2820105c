"""Evaluate lines for every row of a table of inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xl_aicost import kernel
from xl_aicost.assumptions import Assumption
from xl_aicost.assumptions.table import TableLike, title_of
from xl_aicost.case import Case, accepted, find_input, model, one_value, refusal
from xl_aicost.errors import InputError
from xl_aicost.graph import Graph
from xl_aicost.simulate.table import Columns, batches, columns_of, first_row, rows_about, writing
from xl_aicost.support.html import html_table
from xl_aicost.support.parallel import in_order, silent

if TYPE_CHECKING:
    import pandas as pd

PIECE = 8192  # rows that fit into the processor's cache


@dataclass(frozen=True)
class SweepTask:
    """A batch of rows with what a worker needs to evaluate it."""

    lines: tuple[str, ...]
    case: Case
    columns: Columns
    rows: int  # of the whole table, about


def evaluate_batch(work: SweepTask) -> Columns:
    """Return the batch with a column for each line; a result that a cell would show as an error is left empty."""
    rows = len(next(iter(work.columns.values())))
    columns = {line: np.empty(rows) for line in work.lines}
    evaluate = kernel.evaluate if kernel.many(model(), work.lines, work.rows) else Graph.evaluate
    for start in range(0, rows, PIECE):
        here = slice(start, min(start + PIECE, rows))
        inputs = {n: c[here] for n, c in work.columns.items()}
        results = evaluate(
            model(), work.lines, {**work.case.values, **inputs}, work.case.years, work.case.periods_per_year
        )
        for line in work.lines:
            columns[line][here] = results[line]
    for column in columns.values():
        column[~np.isfinite(column)] = np.nan
    return work.columns | columns


@dataclass(frozen=True)
class Sweep:
    """The result of a sweep: its number of rows, and the file that has them, or their columns where there is none."""

    rows: int
    out: Path | None
    columns: Columns

    def to_frame(self) -> pd.DataFrame:
        """Return the inputs and lines of all rows as a table, from the file if there is one."""
        import pandas as pd

        if self.out is None:
            return pd.DataFrame(self.columns)
        return pd.read_csv(self.out) if self.out.suffix.lower() == ".csv" else pd.read_parquet(self.out)

    def _repr_html_(self) -> str:
        """Show the result in a notebook: the rows, or the file that has them."""
        if self.out is None:
            return str(self.to_frame()._repr_html_())
        return html_table(f"{self.rows:,} rows", ("file",), [(str(self.out),)])


def sweep(
    grid: TableLike,
    lines: Sequence[str],
    out: Path | None = None,
    case: Case | None = None,
    *,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Callable[[int], None] = silent,
) -> Sweep:
    r"""Evaluate lines for each row of a table of inputs.

    Each column of `grid`, a CSV or Parquet file or a DataFrame, is an input; the case gives the other inputs. With `out`
    rows are streamed into that file, so memory does not grow with their number; it is complete at the end, or not
    written at all. Without it the result holds them.
    Raises UnknownNameError, InputError and DataError that name column, row and value.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     grid, out = Path(folder, "grid.csv"), Path(folder, "out.csv")
    ...     _ = grid.write_text("gpus\n10000\n20000\n")
    ...     print(sweep(grid, ["gpu_capex"], out).rows, "rows:", *out.read_text().split())
    2 rows: "gpus","gpu_capex" 10000,300000000 20000,600000000
    >>> import pandas as pd
    >>> sweep(pd.DataFrame({"gpus": [10_000, 20_000]}), ["gpu_capex"]).to_frame().gpu_capex.tolist()
    [300000000.0, 600000000.0]
    """
    case = case or Case.of()
    names = columns_of(grid)
    items = [find_input(n, case.assumptions.rows) for n in names]
    checked = tuple(map(one_value, lines))
    if not checked:
        raise InputError("no line to evaluate; name at least one with --line")
    done, kept, rows = 0, _Kept(), rows_about(grid)
    with writing(out) if out is not None else nullcontext(kept.add) as write:
        work = (SweepTask(checked, case, c, rows) for c in _checked(grid, items))
        for columns in in_order(evaluate_batch, work, threads, scheduler):
            write(columns)
            done += len(columns[lines[0]])
            progress(done)
        if not done:
            raise InputError(f"{title_of(grid)} has no rows")
    return Sweep(done, out, kept.columns())


class _Kept:
    """Batches of rows in memory."""

    def __init__(self) -> None:
        self.batches: list[Columns] = []

    def add(self, columns: Columns) -> None:
        """Add the next rows."""
        self.batches.append(columns)

    def columns(self) -> Columns:
        """Return the columns of all rows."""
        return {n: np.concatenate([b[n] for b in self.batches]) for n in (self.batches[0] if self.batches else ())}


def _checked(grid: TableLike, items: Sequence[Assumption]) -> Iterator[Columns]:
    row = first_row(grid)
    for columns in batches(grid):
        for item in items:
            column = columns[item.id]
            if not (good := accepted(item, column)).all():
                at = int(np.argmin(good))
                raise InputError(
                    f"{title_of(grid)}, row {row + at}, column {item.id}: {refusal(item, float(column[at]))}"
                )
        yield columns
        row += len(columns[items[0].id])
