"""One workbook for each row of a table of companies; a batch can be resumed, and a manifest lists its rows."""

from __future__ import annotations

import csv
import hashlib
import heapq
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from itertools import islice
from pathlib import Path
from threading import Lock

from xl_aicost import __version__
from xl_aicost.assumptions import Assumption, Assumptions, Facts, load_facts, load_table
from xl_aicost.assumptions.table import TableLike, TableRow, guarded, read_table, unguarded
from xl_aicost.case import Arguments, check_value, find_input
from xl_aicost.engine import UnknownFormulaError
from xl_aicost.errors import AicostError, DataError, InputError
from xl_aicost.support.files import clear_leftovers, replacing
from xl_aicost.support.memory import no_collecting
from xl_aicost.support.parallel import in_order, processes, silent
from xl_aicost.workbook.build import Options, build, edition_of, kind_of
from xl_aicost.workbook.edition import Edition
from xl_aicost.workbook.stamp import Stamped, Stamper
from xl_aicost.workbook.template import Template, load_template
from xl_aicost.xlsx.save import write_bytes
from xl_aicost.xlsx.text import single_line

MANIFEST = "manifest.csv"
UNFINISHED = "manifest.part.csv"  # the rows that this run has built so far; MANIFEST has those of earlier runs
OWN_FIGURES = re.compile(r"^(?:company|year) = .*\n", re.MULTILINE)
TITLE = re.compile(r"^title = .*$", re.MULTILINE)
SUBJECT = re.compile(r"^subject = .*\n", re.MULTILINE)
LONGEST_NAME = 200
PIECE = 128  # rows that are calculated together


@dataclass(frozen=True)
class ManifestRow:
    """A row of the manifest: the row of the table, its workbook or its error, and a hash of the request."""

    row: int
    name: str
    file: str
    sha256: str
    checks: str
    error: str
    request: str


FIELDS = [f.name for f in fields(ManifestRow)]


@dataclass(frozen=True)
class Job:
    """A row of the table: the request for one workbook."""

    row: int
    name: str
    file: str
    arguments: Arguments
    request: str
    error: str = ""  # a cell that cannot be used

    def of(self, template: Template) -> Template:
        """Return the template with the row's name in its title."""
        return titled(template, self.name, keep_figures=bool(self.arguments.get("company")))


@dataclass(frozen=True)
class BatchTask:
    """Some rows with what a worker needs to build their workbooks."""

    template: Template
    assumptions: Assumptions
    facts: Facts
    folder: str
    jobs: tuple[Job, ...]


def batch(
    companies: TableLike,
    out: Path,
    *,
    template: str = "company",
    assumptions: TableLike | None = None,
    facts: TableLike | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Callable[[int], None] = silent,
) -> int:
    r"""Build a workbook for each row of a CSV file or a DataFrame into a folder, and return the number of rows; `manifest` lists them.

    The column `name` is the title of the workbook; every other column is an input by id, or `company` and `year` for
    published figures, with a user's file of `facts` over the shipped ones; an empty cell keeps the base case. A row that cannot be
    built is listed with its error.
    If interrupted, run the same command again to resume: it builds the workbooks that are missing, or whose request has
    changed. `scheduler` is a Dask scheduler whose workers share the folder. Rows are read one by one, so memory does not
    grow with their number.
    Raises DataError for a row without a name or a column that is not an input.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     table = Path(folder, "companies.csv")
    ...     _ = table.write_text("name,company,headcount\nMeta,META,\nA Plant,,2500\n")
    ...     count = batch(table, Path(folder, "out"), workers=1)
    ...     print(count, *((entry.file, entry.checks) for entry in manifest(Path(folder, "out"))))
    2 ('000001-meta.xlsx', 'OK') ('000002-a-plant.xlsx', 'OK')
    """
    plan, table = load_template(template), load_facts(facts)
    inputs = load_table(assumptions, plan.overlay_scenarios)
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is not a folder")
    rows = sum(
        1 for _ in _jobs(companies, plan, inputs, table)
    )  # before anything is built: a wrong row stops the batch here
    out.mkdir(parents=True, exist_ok=True)
    clear_leftovers(out)
    kept = _write_manifest(out, _still_good(out, _jobs(companies, plan, inputs, table)))
    (out / UNFINISHED).unlink(missing_ok=True)
    done = kept
    size = max(1, min(PIECE, (rows - kept) // (workers or os.cpu_count() or 1)))
    waiting = _waiting(out, _jobs(companies, plan, inputs, table))
    folder = str(out.resolve())
    pieces = (BatchTask(plan, inputs, table, folder, tuple(some)) for some in _pieces(waiting, size))
    with (out / UNFINISHED).open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(FIELDS)
        for entries in in_order(build_piece, pieces, workers, scheduler, processes):
            lines.writerows(_cells(e) for e in entries)
            file.flush()
            done += len(entries)
            progress(done)
    _write_manifest(out, manifest(out))
    (out / UNFINISHED).unlink()
    clear_leftovers(out)  # of workers of a cluster that died
    return rows


def manifest(out: Path) -> Iterator[ManifestRow]:
    """Yield the entries of a folder's manifest in the order of the rows, also of a batch that was interrupted."""
    return heapq.merge(*(_read_manifest(out / n) for n in (MANIFEST, UNFINISHED)), key=lambda e: e.row)


def _pieces(jobs: Iterator[Job], size: int) -> Iterator[list[Job]]:
    while some := list(islice(jobs, size)):
        yield some


def _waiting(out: Path, jobs: Iterator[Job]) -> Iterator[Job]:
    """Yield the jobs that have no entry yet."""
    return (job for job, entry in _with_entries(jobs, _read_manifest(out / MANIFEST)) if entry is None)


def _with_entries(jobs: Iterator[Job], entries: Iterator[ManifestRow]) -> Iterator[tuple[Job, ManifestRow | None]]:
    """Yield each job with its entry, or None; jobs and entries come in the order of rows."""
    entry = next(entries, None)
    for job in jobs:
        while entry is not None and entry.row < job.row:
            entry = next(entries, None)
        yield job, entry if entry is not None and entry.row == job.row else None


STAMPERS = 8  # most that a process keeps
_one_at_a_time = Lock()  # the threads of a cluster's worker share the stampers
_stampers: dict[object, Stamper] = {}


def build_piece(work: BatchTask) -> list[ManifestRow]:
    """Build the workbooks of some rows; an error that the user can correct goes into the entry of its row."""
    with _one_at_a_time, no_collecting():
        return _built(work)


def _built(work: BatchTask) -> list[ManifestRow]:
    entries: dict[int, ManifestRow] = {}
    editions: dict[int, Edition] = {}
    for job in work.jobs:
        if job.error:
            entries[job.row] = ManifestRow(job.row, job.name, "", "", "", job.error, job.request)
            continue
        try:
            arguments: Arguments = {**job.arguments, "assumptions": work.assumptions, "facts": work.facts}
            editions[job.row] = edition_of(job.of(work.template), Options(work.template.start), **arguments)
        except AicostError as error:
            entries[job.row] = ManifestRow(job.row, job.name, "", "", "", str(error), job.request)
    kinds = {row: kind_of(work.template, edition) for row, edition in editions.items()}
    for kind in set(kinds.values()):
        jobs = [j for j in work.jobs if kinds.get(j.row) == kind]
        workbooks = _stamped(work, jobs[0].of(work.template), [editions[j.row] for j in jobs])
        for job, stamped in zip(jobs, workbooks, strict=True):
            entries[job.row] = _entry(work, job, stamped)
    return [entries[j.row] for j in work.jobs]


def _stamped(work: BatchTask, template: Template, editions: list[Edition]) -> Iterator[Stamped | None]:
    key = (work.template.text, work.assumptions.own, work.facts.own, kind_of(work.template, editions[0]))
    if key in _stampers:
        stamped = list(_stampers[key].stamp(editions))
        if any(stamped):
            return iter(stamped)
    if len(_stampers) >= STAMPERS:
        _stampers.clear()
    try:  # anew where there is none, or its places do not hold what these editions put there
        _stampers[key] = Stamper(template, Options(template.start), editions)
    except UnknownFormulaError:
        return iter([None] * len(editions))
    return _stampers[key].stamp(editions)


def _entry(work: BatchTask, job: Job, stamped: Stamped | None) -> ManifestRow:
    """Write a workbook, with a build of its own if it could not be stamped, and return its entry."""
    path = Path(work.folder) / job.file
    if stamped is not None:
        write_bytes(path, stamped.data, tidy=False)
        digest = hashlib.sha256(stamped.data).hexdigest()
        return ManifestRow(job.row, job.name, job.file, digest, stamped.checks, "", job.request)
    arguments: Arguments = {**job.arguments, "assumptions": work.assumptions, "facts": work.facts}
    try:
        built = build(job.of(work.template), path, **arguments)
    except AicostError as error:
        return ManifestRow(job.row, job.name, "", "", "", str(error), job.request)
    return ManifestRow(job.row, job.name, job.file, built.sha256, built.checks, "", job.request)


def _jobs(companies: TableLike, plan: Template, inputs: Assumptions, facts: Facts) -> Iterator[Job]:
    common = hashlib.sha256(json.dumps([__version__, plan.text, inputs.own, facts.own]).encode()).hexdigest()
    before = 1 if isinstance(companies, Path) else -1  # of the first row: a file has its heads in row 1
    for row in read_table(companies, ("name",)):
        name = _name(row.text("name"))
        items = [find_input(c, inputs.rows) for c in row.cells if c not in ("name", "company", "year")]
        settings, year, problem = {}, None, ""
        try:
            settings = {i.id: _value(row, i) for i in items if row.text(i.id, needed=False)}
            year = _year(row)
        except DataError as error:
            problem = str(error)
        ticker = row.text("company", needed=False) or None
        arguments: Arguments = {"company": ticker, "year": year, "settings": settings}
        fingerprint = json.dumps([common, name, settings, ticker, year, *filter(None, [problem])], sort_keys=True)
        request = hashlib.sha256(fingerprint.encode()).hexdigest()
        safe = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:40] or "company"
        number = row.number - before
        yield Job(number, name, f"{number:06d}-{safe}.xlsx", arguments, request, problem)


def _value(row: TableRow, item: Assumption) -> float:
    try:
        return check_value(item, row.number_in(item.id))
    except InputError as error:
        raise row.error(item.id, str(error)) from None


def _name(text: str) -> str:
    """Return a company's name as the title of its workbook, with a note if it is shortened."""
    name = single_line(text)
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}... [shortened: {len(name):,} characters]"


def _year(row: TableRow) -> int | None:
    if not row.text("year", needed=False):
        return None
    value = row.number_in("year")
    if value != int(value):
        raise row.error("year", f"{value:g} is not a year")
    return int(value)


def titled(plan: Template, name: str, *, keep_figures: bool) -> Template:
    """Return the template with a row's name in its title and as its subject, and without the template's own company unless the row has one."""
    title = f"{plan.title.partition(':')[0]}: {name}"
    lines = "\n".join(f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in (("title", title), ("subject", name)))
    text = TITLE.sub(lambda _: lines, SUBJECT.sub("", plan.text), count=1)
    if keep_figures:
        return replace(plan, title=title, subject=name, text=text)
    text = OWN_FIGURES.sub("", text)
    return replace(plan, title=title, subject=name, text=text, company=None, year=None)


def _still_good(out: Path, jobs: Iterator[Job]) -> Iterator[ManifestRow]:
    """Yield the entries of an earlier run that are still right: the same request, and the file is unchanged."""
    for job, entry in _with_entries(jobs, manifest(out)):
        if entry is not None and entry.request == job.request and not entry.error:
            file = out / entry.file
            if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == entry.sha256:
                yield entry


def _read_manifest(path: Path) -> Iterator[ManifestRow]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        for cells in csv.DictReader(file):
            values = [cells.get(n) for n in FIELDS]
            if None in cells or None in values or len(cells["request"]) != hashlib.sha256().digest_size * 2:
                continue  # a line that an interrupted run did not finish
            if not cells["row"].isdigit():
                raise DataError(f"{path} is not a manifest of a batch; choose another folder")
            yield ManifestRow(int(cells["row"]), *(unguarded(str(v)) for v in values[1:]))


def _cells(entry: ManifestRow) -> list[str]:
    return [guarded(str(v)) for v in asdict(entry).values()]


def _write_manifest(out: Path, entries: Iterator[ManifestRow]) -> int:
    """Write the manifest and return how many rows it lists."""
    count = 0
    with replacing(out / MANIFEST) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(FIELDS)
        for entry in entries:
            lines.writerow(_cells(entry))
            count += 1
    return count
