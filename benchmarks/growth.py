"""Cost and memory as draws, rows and companies grow a thousandfold."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Figure, at_most, between, exponent, in_process

DRAWS = [300_000, 3_000_000, 30_000_000, 300_000_000]
ROWS = [10_000, 100_000, 1_000_000, 10_000_000]
COMPANIES = [4, 40, 400, 4_000]
CHUNK = 250_000  # rows of a group in a Parquet file

# Each program defines what one run of a size is; a small one is run several times, for the first pays for memory.
SIMULATE = """
from xl_aicost.simulate import simulate
def run(draws):
    simulate("layoffs_to_fund", draws=draws, threads=1)
"""
SWEEP = """
from pathlib import Path
from xl_aicost.simulate import sweep
folder = Path({folder!r})
def run(rows):
    lines = ["cluster_capex", "layoffs_to_fund"]
    sweep(folder / f"{{rows}}.parquet", lines, folder / "out.parquet", threads={threads})
"""
STAMP = """
from dataclasses import replace
from pathlib import Path
from benchmarks.workbooks import table
from xl_aicost.assumptions import load_facts
from xl_aicost.assumptions.loader import load_table
from xl_aicost.workbook import batch as b
from xl_aicost.workbook.template import load_template
folder = Path({folder!r})
table(folder / "companies.csv", 1300)
plan = load_template("company")
inputs, facts = load_table(None), load_facts()
jobs = list(b._jobs(folder / "companies.csv", plan, inputs, facts))
def run(count):
    for at in range(0, count, b.PIECE):
        rows = range(at, min(at + b.PIECE, count))
        some = [replace(jobs[i % 1300], row=i, file=f"{{i % 1300}}.xlsx") for i in rows]
        b.build_piece(b.BatchTask(plan, inputs, facts, str(folder), tuple(some)))
"""
RUNS = """
import statistics, time
run({smallest})
for size in {sizes}:
    times = []
    while len(times) < {repeats} and sum(times) < 2:
        Path({folder!r}, "out.parquet").unlink(missing_ok=True)
        begin = time.perf_counter()
        run(size)
        times.append(time.perf_counter() - begin)
    answer[str(size)] = statistics.median(times)
"""


def grids(folder: Path, sizes: list[int]) -> None:
    """Write Parquet files of random inputs."""
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


def measured(
    code: str, sizes: list[int], folder: str, smallest: int, threads: int | None = 1, repeats: int = 7
) -> dict[str, float]:
    """Return the seconds that a run of each size takes, and the largest memory."""
    program = "from pathlib import Path\n" + code + RUNS
    return in_process(program.format(sizes=sizes, folder=folder, smallest=smallest, threads=threads, repeats=repeats))


def _growth(what: str, code: str, sizes: list[int], folder: str, smallest: int, runs: int = 1) -> Iterator[Figure]:
    found = measured(code, [smallest, *sizes], folder, smallest)  # the largest comes last, so the memory is its own
    costs = [found[str(s)] for s in sizes]
    times = ", ".join(f"{s:,}: {c:.3g} s" for s, c in zip(sizes, costs, strict=True))
    fixed = found[str(smallest)]
    how = f"one thread; {times}; what a run of {smallest:,} takes, {fixed:.3g} s, is taken off, as are its {what}"
    beyond = exponent([s - smallest for s in sizes], costs, fixed)
    yield between(f"Cost of {what}: exponent over three decades", beyond, 0.95, 1.05, how)
    small, large = (
        statistics.median(measured(code, [s], folder, smallest, repeats=1)["peak"] for _ in range(runs))
        if runs > 1 or s < sizes[-1]
        else found["peak"]
        for s in sizes[-2:]
    )
    how = f"largest memory at {sizes[-2]:,}: {small / 1e6:.0f} MB, at {sizes[-1]:,}: {large / 1e6:.0f} MB"
    yield at_most(f"Memory of {what}, for ten times as many", large / small, 1.1, how)


def figures() -> Iterator[Figure]:
    """Yield what is promised of growth."""
    folder = tempfile.mkdtemp(prefix="xl-aicost-bench-")
    try:
        yield from _growth(
            "draws", SIMULATE, DRAWS, folder, 50_000
        )  # 32,768 are kept for the drivers, which is not more for more
        grids(Path(folder), [1, *ROWS])
        yield from _growth("rows", SWEEP, ROWS, folder, 1, runs=5)
        peak = measured(SWEEP, ROWS[-1:], folder, 1, threads=None)
        how = f"{ROWS[-1]:,} rows on all cores, {peak[str(ROWS[-1])]:.0f} s"
        yield at_most("Memory of a sweep of ten million rows", peak["peak"] / 2**20, 2048, how, "MiB")
        yield from _growth("companies", STAMP, COMPANIES, folder, 1)
    finally:
        shutil.rmtree(folder)
