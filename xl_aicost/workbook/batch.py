"""One workbook for each row of a table of companies: resumable, with a manifest."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from xl_aicost import __version__
from xl_aicost.assumptions import load_assumptions
from xl_aicost.assumptions.table import Row, read_table
from xl_aicost.cases import check_value, known_input
from xl_aicost.errors import AicostError, DataError, InputError
from xl_aicost.files import replacing
from xl_aicost.simulate.parallel import in_order, processes, silent
from xl_aicost.workbook.build import build
from xl_aicost.workbook.template import Template, load_template, read_template

MANIFEST = "manifest.csv"
OWN_FIGURES = re.compile(r"^(?:company|year) = .*\n", re.MULTILINE)
TITLE = re.compile(r"^title = .*$", re.MULTILINE)
LONGEST_NAME = 80


@dataclass(frozen=True)
class Entry:
    """A line of the manifest: the row of the table, what came of it, and a fingerprint of what was asked."""

    row: int
    name: str
    file: str
    sha256: str
    checks: str
    error: str
    request: str


@dataclass(frozen=True)
class Job:
    """A row of the table with all that a worker needs to build its workbook."""

    row: int
    name: str
    file: str
    folder: str
    template: Template
    settings: dict[str, float]
    company: str | None
    year: int | None
    assumptions: Path | None
    request: str


def batch(
    companies: Path,
    out: Path,
    *,
    template: str = "company",
    assumptions: Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Callable[[int], None] = silent,
) -> list[Entry]:
    """Build a workbook for each row of a CSV into a folder, and return the manifest.

    The column `name` titles the workbook; every other column is an input by id, or `company` and `year` for figures on
    file; an empty cell leaves the base case. A row that cannot be built is an entry with its error; the others go on.
    Run again after any stop it builds what is not there yet, or what was asked for differently. `scheduler` is a Dask
    scheduler whose workers share the folder.
    Raises DataError for a table without a name in each row or with a column that is no input.
    """
    out.mkdir(parents=True, exist_ok=True)
    plan = load_template(template)
    jobs = list(_jobs(companies, out.resolve(), plan, assumptions))
    for leftover in out.glob(".[0-9]*-*.tmp"):
        leftover.unlink(missing_ok=True)
    kept = _still_good(out, jobs)
    _write_manifest(out, [kept[j.row] for j in jobs if j.row in kept])
    waiting = [j for j in jobs if j.row not in kept]
    with (out / MANIFEST).open("a", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        for entry in in_order(build_job, waiting, workers, scheduler, processes):
            kept[entry.row] = entry
            lines.writerow(asdict(entry).values())
            file.flush()
            progress(len(kept))
    entries = [kept[j.row] for j in jobs]
    _write_manifest(out, entries)
    return entries


def build_job(job: Job) -> Entry:
    """Build the workbook of a row; an error that a user can put right goes into the entry."""
    try:
        built = build(
            job.template,
            Path(job.folder) / job.file,
            company=job.company,
            year=job.year,
            settings=job.settings,
            assumptions=job.assumptions,
        )
    except AicostError as error:
        return Entry(job.row, job.name, "", "", "", str(error), job.request)
    return Entry(job.row, job.name, job.file, built.sha256, built.checks, "", job.request)


def _jobs(companies: Path, out: Path, plan: Template, assumptions: Path | None) -> Iterator[Job]:
    table = load_assumptions(assumptions)
    own = load_assumptions(assumptions) if assumptions else {}
    for row in read_table(companies, ("name",)):
        name = row.text("name")
        if not name.isprintable() or len(name) > LONGEST_NAME:
            raise row.error("name", f"{name[:40]!r} is not a name of up to {LONGEST_NAME} printable characters")
        settings = {}
        for column in row.cells:
            if column not in ("name", "company", "year") and row.text(column, needed=False):
                item = known_input(column, table)
                try:
                    settings[column] = check_value(item, row.number_in(column))
                except InputError as error:
                    raise row.error(column, str(error)) from None
        ticker = row.text("company", needed=False) or None
        year = _year(row)
        titled = _titled(plan, name, keep_figures=bool(ticker))
        asked = [__version__, titled.text, settings, ticker, year, {i: str(a) for i, a in own.items()}]
        request = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        safe = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:40] or "company"
        file = f"{row.number - 1:06d}-{safe}.xlsx"
        yield Job(row.number - 1, name, file, str(out), titled, settings, ticker, year, assumptions, request)


def _year(row: Row) -> int | None:
    if not row.text("year", needed=False):
        return None
    value = row.number_in("year")
    if value != int(value):
        raise row.error("year", f"{value:g} is not a year")
    return int(value)


def _titled(plan: Template, name: str, keep_figures: bool) -> Template:
    """Return the template with a company's name in its title; without a ticker no figures of another company stay."""
    title = json.dumps(f"{plan.title.partition(':')[0]}: {name}", ensure_ascii=False)
    text = TITLE.sub(lambda _: f"title = {title}", plan.text, count=1)
    return read_template(text if keep_figures else OWN_FIGURES.sub("", text), plan.id, Path(plan.folder))


def _still_good(out: Path, jobs: list[Job]) -> dict[int, Entry]:
    """Return the entries of an earlier run that hold: asked for the same, and the file is there as it was built."""
    asked = {j.row: j.request for j in jobs}
    found = {}
    for entry in _read_manifest(out / MANIFEST):
        file = out / entry.file
        same = asked.get(entry.row) == entry.request and not entry.error and file.is_file()
        if same and hashlib.sha256(file.read_bytes()).hexdigest() == entry.sha256:
            found[entry.row] = entry
    return found


def _read_manifest(path: Path) -> Iterator[Entry]:
    if not path.is_file():
        return
    names = [f.name for f in fields(Entry)]
    with path.open(encoding="utf-8", newline="") as file:
        for cells in csv.DictReader(file):
            values = [cells.get(n) for n in names]
            if None in cells or None in values or len(cells["request"]) != hashlib.sha256().digest_size * 2:
                continue  # a line that a stop cut short
            if not cells["row"].isdigit():
                raise DataError(f"{path}: is not a manifest of batch; choose another folder")
            yield Entry(int(cells["row"]), *(str(v) for v in values[1:]))


def _write_manifest(out: Path, entries: list[Entry]) -> None:
    with replacing(out / MANIFEST) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([f.name for f in fields(Entry)])
        lines.writerows(asdict(e).values() for e in entries)
