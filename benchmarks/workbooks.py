"""Workbooks: a full build against XlsxWriter writing the same file, and a batch against building each."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.by_xlsxwriter import recorded, written
from benchmarks.measure import Figure, at_least, at_most, in_process, seconds
from xl_aicost import attach
from xl_aicost.assumptions import load_assumptions
from xl_aicost.review import audit, diff, verify
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
import time, zipfile, zlib
from xl_aicost.xlsx.parts import PartTemplate
from pathlib import Path
from benchmarks.workbooks import FEW, BATCH, table
from xl_aicost.assumptions import load_facts
from xl_aicost.assumptions.loader import load_table
from xl_aicost.workbook import batch as b
from xl_aicost.workbook.build import build
from xl_aicost.workbook.template import load_template
folder = Path({folder!r})
plan = load_template("company")
inputs, facts = load_table(None), load_facts()
jobs = list(b._jobs(folder / "companies.csv", plan, inputs, facts))
size = b.PIECE
def piece(some): return b.build_piece(b.BatchTask(plan, inputs, facts, str(folder), tuple(some)))
piece(jobs[:size])
begin = time.perf_counter()
for at in range(size, BATCH, size):
    piece(jobs[at:at + size])
answer["each"] = (time.perf_counter() - begin) / (BATCH - size)
[stamper] = b._stampers.values()
template = {{p.name for p in stamper.parts if isinstance(p, PartTemplate)}}
files = [folder / job.file for job in jobs[-FEW:]]
parts = [[a.read(n) for n in a.namelist() if n in template] for a in map(zipfile.ZipFile, files)]
begin = time.perf_counter()
for _ in range(10):
    for some in parts:
        for data in some:
            zlib.compress(data, 1)
answer["zlib"] = (time.perf_counter() - begin) / (10 * FEW)
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
        yield at_most("A full build, values included, to XlsxWriter writing the same workbook", ours / theirs, 0.4, how)
        how = f"{TEMPLATE}, as above"
        edited = folder / "edited.xlsx"
        shutil.copy(path, edited)
        model = attach(edited)
        model["gpus"] = 12_000
        model.save()
        again = (
            f"{TEMPLATE}, as above; IronCalc reads the file and calculates every formula, which takes four tenths of it"
        )
        for name, function, file, most, detail in (
            ("audit of a workbook as built", audit, path, 0.65, how),
            ("audit of a workbook with a typed value", audit, edited, 1, again),
            ("verify of a workbook as built", verify, path, 0.65, how),
        ):
            ours, theirs = seconds(
                lambda f=function, p=file: f(p), lambda: written(record, folder / "theirs.xlsx"), repeats=5
            )
            yield at_most(f"{name}, to XlsxWriter writing it", ours / theirs, most, detail)
        changed = folder / "changed.xlsx"
        build(TEMPLATE, changed, settings={"gpu_unit_price": 33_000})
        ours, theirs = seconds(lambda: diff(path, changed), lambda: written(record, folder / "theirs.xlsx"), repeats=5)
        yield at_most("diff of two builds, to XlsxWriter writing one", ours / theirs, 0.65, how)
        ours, theirs = seconds(lambda: diff(path, edited), lambda: written(record, folder / "theirs.xlsx"), repeats=5)
        yield at_most("diff with a typed value, to XlsxWriter writing one", ours / theirs, 0.65, how)
        table(folder / "companies.csv", BATCH)
        found = in_process(STAMP.format(folder=str(folder)))
        how = (
            f"company, {BATCH:,} rows of six figures on one core, written to disk; a workbook built alone "
            f"{found['built'] * 1000:.0f} ms, stamped {found['each'] * 1000:.1f} ms; "
            f"compressing the parts that differ alone {found['zlib'] * 1000:.1f} ms"
        )
        yield at_least("Building a workbook alone, to stamping it", found["built"] / found["each"], 10, how)
        yield at_most(
            "Stamping a workbook, to zlib at level 1 over the parts that differ",
            found["each"] / found["zlib"],
            1.5,
            how,
        )
    finally:
        shutil.rmtree(folder)
