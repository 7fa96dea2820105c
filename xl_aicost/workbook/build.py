"""Build a workbook from a template: sheets, names and values, in a file that is complete or not written at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Unpack

from openpyxl import Workbook
from openpyxl.workbook.properties import CalcProperties

from xl_aicost import __version__
from xl_aicost.assumptions import Assumption, Assumptions
from xl_aicost.case import PERIODS, Arguments, Case, model
from xl_aicost.engine import is_error
from xl_aicost.engine.calculate import calculate
from xl_aicost.errors import InputError
from xl_aicost.model import MODEL_VERSION
from xl_aicost.simulate.distributions import with_range
from xl_aicost.simulate.drivers import tornadoes
from xl_aicost.support.files import destination
from xl_aicost.support.memory import no_collecting
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.edition import Edition
from xl_aicost.workbook.layout import Layout
from xl_aicost.workbook.scenarios import column, select
from xl_aicost.workbook.sheets import ALL, SHEETS, add_sheets
from xl_aicost.workbook.sheets.checks import STATUS
from xl_aicost.workbook.sheets.control import first_result
from xl_aicost.workbook.sheets.functions import add_functions
from xl_aicost.workbook.sheets.history import shape
from xl_aicost.workbook.sheets.simulation import check_simulation
from xl_aicost.workbook.style import add_styles
from xl_aicost.workbook.subject import subject_of
from xl_aicost.workbook.template import COMPANY, Template, load_template, shipped_templates
from xl_aicost.xlsx.save import parts_of, save
from xl_aicost.xlsx.text import single_line

MOST_DECIDING = 5


@dataclass(frozen=True)
class Built:
    """A workbook that was built: its path, number of formulas, status of its checks, hash, and notes on its figures."""

    path: str
    formulas: int
    checks: str
    sha256: str
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self)


@dataclass(frozen=True)
class Options:
    """The options of a build beside its case.

    `start` is the first year; `choices` are values of named cells of the Inputs sheet; `simulate` describes a simulation
    for a sheet of its own: line and date, optionally draws, seed and method.
    """

    start: int
    lambdas: bool = False
    choices: Mapping[str, object] = field(default_factory=dict)
    simulate: Mapping[str, object] | None = None


def build(
    template: str | Template = "cluster",
    out: str | Path | None = None,
    *,
    start: int | None = None,
    lambdas: bool = False,
    choices: Mapping[str, object] | None = None,
    simulate: Mapping[str, object] | None = None,
    progress: Callable[[str], None] = lambda _: None,
    **arguments: Unpack[Arguments],
) -> Built:
    """Build a workbook and return its path, number of formulas and status of its checks.

    A company's figures are a scenario of its name, which is then the one shown; the user's settings are typed values,
    which count on top of it.
    `start` is the first year, `choices` are values of named cells of Inputs, `simulate` adds a sheet with a simulation;
    the other arguments are those of `Case.of`, and the template gives those that are left out.
    The same arguments give the same bytes. Raises AicostError for an error that the user can correct.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     built = build("board", Path(folder, "board.xlsx"), years=5, settings={"gpus": 2000})
    >>> Path(built.path).name, built.checks
    ('board.xlsx', 'OK')
    """
    named = Path(template).stem if isinstance(template, str) else template.id
    path = destination(Path(out) if out is not None else Path(f"{named}.xlsx"), ".xlsx")
    progress("writing sheets")
    with no_collecting():
        book = assemble(template, start=start, lambdas=lambdas, choices=choices, simulate=simulate, **arguments)
        built = write(book, path, progress)
        for ws in book.wb.worksheets:
            ws._cells.clear()  # at once, and not when Python next looks for circles of garbage
        return built


def write(book: Book, path: Path, progress: Callable[[str], None] = lambda _: None, *, edited: bool = False) -> Built:
    """Calculate a workbook, save it with its values, and describe it.

    `edited` means that cells were changed after it was assembled, so that every formula has to be calculated.
    """
    progress("calculating")
    values = calculate(book.wb, {} if edited else book.precomputed)
    formulas = sum(map(len, values.values()))
    readers = {s.name for s in SHEETS if s.kind == "output"}  # where what is missing is shown as n/a
    errors = [
        f"{sheet}!{cell}"
        for sheet, cells in values.items()
        for cell, v in cells.items()
        if type(v) is str and is_error(v) and (v != "#N/A" or sheet in readers)
    ]
    status = f"{len(errors)} error cells, the first {errors[0]}" if errors else str(values["Checks"][STATUS])
    progress("saving")
    data = save(book.wb, path, values, book.constants)
    return Built(str(path), formulas, status, hashlib.sha256(data).hexdigest(), book.edition.case.notes)


def rebuilt_parts(book: Book) -> dict[str, bytes]:
    """Return the parts of the file that a workbook in memory makes, by name."""
    return parts_of(book.wb, calculate(book.wb, book.precomputed), book.constants)


def assemble(
    template: str | Template = "cluster",
    *,
    start: int | None = None,
    lambdas: bool = False,
    choices: Mapping[str, object] | None = None,
    simulate: Mapping[str, object] | None = None,
    **arguments: Unpack[Arguments],
) -> Book:
    """Return a workbook in memory, its formulas without values; the arguments are those of `build`."""
    plan, options = _planned(template, start, lambdas, choices, simulate)
    return assembled(plan, options, [edition_of(plan, options, **arguments)], many=False)


def assembled_beside(
    book: Book,
    template: str | Template = "cluster",
    *,
    start: int | None = None,
    lambdas: bool = False,
    choices: Mapping[str, object] | None = None,
    simulate: Mapping[str, object] | None = None,
    **arguments: Unpack[Arguments],
) -> tuple[Book, Book]:
    """Return a workbook in memory and the one that `assemble` makes of the arguments, sooner where few of their cells differ.

    The template, the horizon, the options and the set of assumptions are those of the first, of which a copy to look at
    is returned.
    """
    plan, options = _planned(template, start, lambdas, choices, simulate)
    edition = edition_of(plan, options, **arguments)
    if kind_of(plan, edition) != kind_of(plan, book.edition):
        return book, assembled(plan, options, [edition], many=False)
    twin = book.twin()
    book.replace_editions([edition])
    return twin, book


def _planned(
    template: str | Template,
    start: int | None,
    lambdas: bool,
    choices: Mapping[str, object] | None,
    simulate: Mapping[str, object] | None,
) -> tuple[Template, Options]:
    plan = template if isinstance(template, Template) else load_template(template)
    options = Options(plan.start if start is None else start, lambdas, choices or {}, simulate)
    if not isinstance(options.start, int) or not 1900 <= options.start <= 2200:
        raise InputError(f"start = {start!r} is not a whole number from 1900 to 2200")
    if simulate:
        check_simulation(dict(simulate))
    return plan, options


def edition_of(template: Template, options: Options, **arguments: Unpack[Arguments]) -> Edition:
    """Return the edition of a workbook: what sets it apart from others of the same template, horizon and assumptions."""
    show = options.choices.get("scenario")
    selection = select(template, None if show is None else str(show), **arguments)
    settings = dict(arguments.get("settings") or {})
    case = selection.case
    request = {
        **{name: arguments.get(name) for name in ("scenario", "chip", "company", "year")},
        "settings": {i: float(v) for i, v in settings.items()},
        "years": case.years,
        "periods_per_year": case.periods_per_year,
        **asdict(options),
    }
    record, subject = _record(template, case, selection.typed, request), subject_of(template, case)
    return Edition(**vars(selection), title=template.title, record=record, subject=subject)


def assembled(template: Template, options: Options, editions: Sequence[Edition], many: bool) -> Book:
    """Return a workbook in memory, for one edition or for many of the same template, horizon and set of assumptions."""
    case = editions[0].case
    rows, names = case.assumptions.rows, template.scenario_names
    first = (COMPANY,) if editions[0].company else ()
    lanes = tuple(n for n in template.lanes if n != COMPANY or first)
    book = Book(
        wb=Workbook(),
        template=template,
        graph=model(),
        assumptions=rows,
        layout=Layout(
            model(), rows, (*first, *names), lanes, case.years, case.periods_per_year, _deciding(template, rows)
        ),
        start=options.start,
        columns={n: column(template, case, n) for n in names},
        editions=editions,
        many=many,
        choices=options.choices,
        simulate=options.simulate,
    )
    _add_sheets(book, options.lambdas)
    return book


def kind_of(template: Template, edition: Edition) -> tuple[object, ...]:
    """Return what editions have in common of which one workbook can be made: they differ in what cells hold alone."""
    tested = first_result(template, edition)
    return bool(edition.company), edition.record_cells, edition.scale, shape(edition), tested


def _deciding(template: Template, rows: Mapping[str, Assumption]) -> tuple[str, ...]:
    """Return the inputs that move the first result of the template most, each over its range, the others at Base."""
    line, base = template.sensitivity[0], {i: a.base for i, a in rows.items()}
    [swings] = tornadoes([line], with_range(rows, line), base, template.years, PERIODS[template.period])[line]
    return tuple(dict.fromkeys(i for s in swings for i in s.inputs))[:MOST_DECIDING]


def _add_sheets(book: Book, lambdas: bool) -> None:
    wb = book.wb
    add_styles(wb, book.template.brand)
    add_sheets(book)
    if lambdas:
        add_functions(book)
    wb.calculation = CalcProperties(fullCalcOnLoad=True)
    wb.properties.creator = single_line(book.template.owner)
    book.by_edition(lambda: setattr(wb.properties, "title", book.text_each("title", [e.title for e in book.editions])))
    wb.properties.subject, wb.properties.keywords = (
        single_line(book.template.purpose),
        "AI infrastructure, capex, headcount, model",
    )
    wb.properties.description = book.edition.record["generator"]
    wb.properties.language = "en-US"


def _record(plan: Template, case: Case, typed: Mapping[str, float], request: Mapping[str, object]) -> dict[str, str]:
    own, table = plan.text != _shipped_text(plan.id), case.assumptions
    return {
        "generator": f"xl-aicost {__version__}",
        "model": f"version {MODEL_VERSION}",
        "data": "The publications on the Sources sheet, to September 2026",
        "template": plan.id,
        "printed": ", ".join(plan.book) or ALL,
        "request": json.dumps(request, ensure_ascii=False),
        "typed_inputs": ", ".join(f"{i} = {v:.15g}" for i, v in typed.items()) or "none",
        "own_assumptions": table.own or "none",
        "own_facts": case.facts.own or "none",
        "own_template": plan.text if own else "none",
        "hash_of_assumptions": _hash(table),
        "values_calculated_by": f"numpy {_version('numpy')}",
        "file_written_by": f"openpyxl {_version('openpyxl')}",
    }


_version = cache(version)
_hashes: dict[int, tuple[Assumptions, str]] = {}


def _hash(table: Assumptions) -> str:
    """Return a hash of the assumptions, calculated once for each set."""
    if id(table) not in _hashes:
        inputs = json.dumps({i: str(a) for i, a in table.rows.items()}, sort_keys=True)
        _hashes[id(table)] = (table, hashlib.sha256(inputs.encode()).hexdigest())
    return _hashes[id(table)][1]


@cache
def _shipped_text(template: str) -> str | None:
    path = shipped_templates().get(template)
    return path.read_text(encoding="utf-8") if path else None
