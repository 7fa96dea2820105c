"""Cost and memory as draws, rows and companies grow a thousandfold."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Figure, at_most, between, exponent, in_process

DRAWS = [300_000, 3_000_000, 30_000_000, 300_000_000]
ROWS = [10_000, 100_000, 1_000_000, 10_000_000]
COMPANIES = [13, 130, 1_300, 13_000]
CHUNK = 1_000_000

SIMULATE = """
import time
from xl_aicost.simulate import simulate
simulate("layoffs_to_fund", draws=100_000, threads=1)
for draws in {sizes}:
    begin = time.perf_counter()
    simulate("layoffs_to_fund", draws=draws, threads=1)
    answer[str(draws)] = time.perf_counter() - begin
"""
SWEEP = """
import time
from pathlib import Path
from xl_aicost.simulate import sweep
for rows in {sizes}:
    begin = time.perf_counter()
    sweep(Path({folder!r}) / f"{{rows}}.parquet", ["cluster_capex", "layoffs_to_fund"], Path({folder!r}) / "out.parquet", threads=1)
    answer[str(rows)] = time.perf_counter() - begin
"""
STAMP = """
import time
from dataclasses import replace
from pathlib import Path
from benchmarks.workbooks import table
from xl_aicost.workbook import batch as b
from xl_aicost.workbook.template import load_template
folder = Path({folder!r})
table(folder / "companies.csv", 1300)
plan = load_template("company")
jobs = list(b._jobs(folder / "companies.csv", plan, None))
size = b.PIECE
def stamp(count):
    begin = time.perf_counter()
    for at in range(0, count, size):
        some = [replace(jobs[i % 1300], row=i, file=f"{{i % 1300}}.xlsx") for i in range(at, min(at + size, count))]
        b.build_piece(b.Work(plan, None, str(folder), tuple(some)))
    return time.perf_counter() - begin
stamp(size)
for count in {sizes}:
    answer[str(count)] = stamp(count)
"""


def grids(folder: Path, sizes: list[int]) -> None:
    """Write Parquet files of random inputs, a million rows at a time."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(1)
    for rows in sizes:
        writer = None
        for start in range(0, rows, CHUNK):
            count = min(CHUNK, rows - start)
            table = pa.table(
                {
                    "gpus": rng.integers(100, 50_000, count).astype(float),
                    "gpu_unit_price": rng.uniform(20_000, 45_000, count),
                    "ai_spend": rng.uniform(1e9, 1e11, count),
                }
            )
            writer = writer or pq.ParquetWriter(folder / f"{rows}.parquet", table.schema)
            writer.write_table(table)
        if writer:
            writer.close()


def _growth(what: str, code: str, sizes: list[int], folder: str, smallest: int) -> Iterator[Figure]:
    def run(some: list[int]) -> dict[str, float]:
        return in_process(code.format(sizes=some, folder=folder))

    found, start = run(sizes), run([smallest] * 3)
    costs = [found[str(s)] for s in sizes]
    times = ", ".join(f"{s:,}: {c:.3g} s" for s, c in zip(sizes, costs, strict=True))
    fixed = start[str(smallest)]
    how = f"one thread; {times}; a run of {smallest:,} takes {fixed:.3g} s, which is left out as the fixed start"
    yield between(f"Cost of {what}: exponent over three decades", exponent(sizes, costs, fixed), 0.95, 1.05, how)
    small, large = run(sizes[-2:-1])["peak"], run(sizes[-1:])["peak"]
    how = f"largest memory at {sizes[-2]:,}: {small / 1e6:.0f} MB, at {sizes[-1]:,}: {large / 1e6:.0f} MB"
    yield at_most(f"Memory of {what}, for ten times as many", large / small, 1.1, how)


def figures() -> Iterator[Figure]:
    """Yield what is promised of growth."""
    folder = tempfile.mkdtemp(prefix="xl-aicost-bench-")
    try:
        yield from _growth("draws", SIMULATE, DRAWS, folder, 2)
        grids(Path(folder), [1, *ROWS])
        yield from _growth("rows", SWEEP, ROWS, folder, 1)
        peak = in_process(SWEEP.replace(", threads=1", "").format(sizes=ROWS[-1:], folder=folder))
        how = f"{ROWS[-1]:,} rows on all cores, {peak[str(ROWS[-1])]:.0f} s"
        yield at_most("Memory of a sweep of ten million rows", peak["peak"] / 2**20, 2048, how, "MiB")
        yield from _growth("companies", STAMP, COMPANIES, folder, 1)
    finally:
        shutil.rmtree(folder)
