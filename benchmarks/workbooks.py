"""Workbooks: a full build against XlsxWriter writing the same file, and a batch against building each."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.by_xlsxwriter import recorded, written
from benchmarks.measure import Figure, at_least, at_most, in_process, seconds
from xl_aicost.assumptions import load_assumptions
from xl_aicost.workbook.build import build

TEMPLATE = "cluster"
BATCH, FEW = 1280, 5


def table(path: Path, rows: int) -> None:
    """Write a table of companies, each with six figures of its own."""
    table_ = load_assumptions()
    names = ("ai_spend", "headcount", "loaded_cost", "layoff_share", "gpu_unit_price", "useful_life")
    with path.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("name", *names))
        for i in range(rows):
            share = (i * 0.618033988749895) % 1
            values = [sorted((table_[n].low, table_[n].high)) for n in names]
            lines.writerow((f"Company {i}", *(f"{low + (high - low) * share:.6g}" for low, high in values)))


STAMP = """
import time
from pathlib import Path
from benchmarks.workbooks import FEW, BATCH, table
from xl_aicost.workbook import batch as b
from xl_aicost.workbook.build import build
from xl_aicost.workbook.template import load_template
folder = Path({folder!r})
plan = load_template("company")
jobs = list(b._jobs(folder / "companies.csv", plan, None))
size = b.PIECE
def piece(some): return b.build_piece(b.Work(plan, None, str(folder), tuple(some)))
piece(jobs[:size])
begin = time.perf_counter()
for at in range(size, BATCH, size):
    piece(jobs[at:at + size])
answer["each"] = (time.perf_counter() - begin) / (BATCH - size)
build(plan, folder / "one.xlsx", **jobs[0].arguments)
begin = time.perf_counter()
for job in jobs[:FEW]:
    build(job.of(plan), folder / "one.xlsx", **job.arguments)
answer["built"] = (time.perf_counter() - begin) / FEW
"""


def figures() -> Iterator[Figure]:
    """Yield what is promised of building and of batches."""
    folder = Path(tempfile.mkdtemp(prefix="xl-aicost-bench-"))
    try:
        path = folder / "built.xlsx"
        built = build(TEMPLATE, path)
        record = recorded(path)
        ours, theirs = seconds(
            lambda: build(TEMPLATE, path), lambda: written(record, folder / "theirs.xlsx"), repeats=7
        )
        how = (
            f"{TEMPLATE}: {built.formulas:,} formulas of {record.cells:,} cells, {record.charts} charts, styles, "
            "validations, links and print set-up; XlsxWriter is given every text and value, a build computes them"
        )
        yield at_most("A full build, values included, to XlsxWriter writing the same workbook", ours / theirs, 0.5, how)
        table(folder / "companies.csv", BATCH)
        found = in_process(STAMP.format(folder=str(folder)))
        how = (
            f"company, {BATCH:,} rows of six figures on one core, written to disk; a workbook built alone "
            f"{found['built'] * 1000:.0f} ms, stamped {found['each'] * 1000:.1f} ms"
        )
        yield at_least("Building a workbook alone, to stamping it", found["built"] / found["each"], 10, how)
        yield at_least("Workbooks stamped by one core", 1 / found["each"], 100, how, "a second")
    finally:
        shutil.rmtree(folder)
