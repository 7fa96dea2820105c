"""Build a workbook from a template: sheets, names, values, one file moved into place."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypedDict, Unpack

from openpyxl import Workbook
from openpyxl.workbook.properties import CalcProperties

from xl_aicost import __version__
from xl_aicost.assumptions import Table, load_scenarios, load_table
from xl_aicost.assumptions.companies import company_inputs
from xl_aicost.case import case, check_value, known_input, model
from xl_aicost.engine import is_error
from xl_aicost.engine.calculate import calculate
from xl_aicost.errors import InputError, UnknownNameError
from xl_aicost.support.files import destination
from xl_aicost.workbook.book import CUSTOM, Book, Case
from xl_aicost.workbook.layout import Layout
from xl_aicost.workbook.sheets import add_sheets
from xl_aicost.workbook.sheets.functions import add_functions
from xl_aicost.workbook.sheets.simulation import check_asked
from xl_aicost.workbook.style import add_styles
from xl_aicost.workbook.template import FIRST_SCENARIOS, PERIODS, Template, load_template, shipped_templates
from xl_aicost.xlsx.save import save
from xl_aicost.xlsx.text import plain


@dataclass(frozen=True)
class Built:
    """What was built: where it is, how many formulas it has, whether its checks hold, and its hash."""

    path: str
    formulas: int
    checks: str
    sha256: str

    def as_dict(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self)


class Request(TypedDict, total=False):
    """What a workbook is built for: that of `case`, with horizon, first year and period ("year", "quarter", "month").

    `choices` are values of named cells of the Control sheet. `simulate` adds a sheet with a simulation: line and date, and
    if wanted draws, seed and method.
    """

    scenario: str | None
    company: str | None
    year: int | None
    settings: Mapping[str, float] | None
    years: int | None
    start: int | None
    period: str | None
    lambdas: bool
    assumptions: Path | Table | None
    choices: Mapping[str, object] | None
    simulate: Mapping[str, object] | None


def build(
    template: str | Template = "cluster",
    out: str | Path | None = None,
    *,
    progress: Callable[[str], None] = lambda _: None,
    **request: Unpack[Request],
) -> Built:
    """Build a workbook and return what was built.

    A company's figures and settings go into the Custom column, which is then the scenario shown.
    The same arguments give the same bytes. Raises AicostError for what a user can put right.
    """
    named = Path(template).stem if isinstance(template, str) else template.id
    path = destination(Path(out) if out is not None else Path(f"{named}.xlsx"), ".xlsx")
    progress("writing sheets")
    with no_collecting():
        book = assemble(template, **request)
        return write(book, path, progress)


def write(book: Book, path: Path, progress: Callable[[str], None] = lambda _: None, *, edited: bool = False) -> Built:
    """Calculate a workbook, save it with its values, and return what was built.

    `edited` says that cells were changed after it was assembled, so that every formula is to be calculated.
    """
    progress("calculating")
    found = calculate(book.wb, {} if edited else book.known)
    formulas = sum(map(len, found.values()))
    errors = [f"{sheet}!{cell}" for sheet, cells in found.items() for cell, v in cells.items() if is_error(v)]
    status = found["Checks"][(4, 7)] if not errors else f"{len(errors)} error cells, the first {errors[0]}"
    progress("saving")
    data = save(book.wb, path, found)
    return Built(str(path), formulas, status, hashlib.sha256(data).hexdigest())


@contextmanager
def no_collecting() -> Iterator[None]:
    """Keep Python from looking for circles of garbage while many objects are made that all stay."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def assemble(
    template: str | Template = "cluster",
    *,
    scenario: str | None = None,
    company: str | None = None,
    year: int | None = None,
    settings: Mapping[str, float] | None = None,
    years: int | None = None,
    start: int | None = None,
    period: str | None = None,
    lambdas: bool = False,
    assumptions: Path | Table | None = None,
    choices: Mapping[str, object] | None = None,
    simulate: Mapping[str, object] | None = None,
) -> Book:
    """Return a workbook in memory, formulas without values; the arguments are those of Request."""
    plan = template if isinstance(template, Template) else load_template(template)
    table = _table(plan, assumptions)
    horizon = plan.years if years is None else years
    first = plan.start if start is None else start
    each = plan.period if period is None else period
    for name, number, least, most in (("years", horizon, 1, 30), ("start", first, 1900, 2200)):
        if not isinstance(number, int) or not least <= number <= most:
            raise InputError(f"{name} = {number!r} is not a whole number from {least} to {most}")
    if each not in PERIODS:
        raise InputError(f"period = {each!r} is not one of {', '.join(PERIODS)}")
    asked = Asked(plan, scenario, company, year, settings or {}, horizon, first, each, lambdas, choices or {}, simulate)
    if simulate:
        check_asked(dict(simulate))
    return assembled(asked, table, [case_of(asked, table)], many=False)


@dataclass(frozen=True)
class Asked:
    """What a workbook is asked for, its defaults filled in."""

    plan: Template
    scenario: str | None
    company: str | None
    year: int | None
    settings: Mapping[str, float]
    years: int
    start: int
    period: str
    lambdas: bool = False
    choices: Mapping[str, object] = field(default_factory=dict)
    simulate: Mapping[str, object] | None = None

    def request(self) -> dict[str, object]:
        """Return what Provenance keeps of it."""
        found = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "plan"}
        found["simulate"] = dict(self.simulate) if self.simulate else None
        return found | {"settings": {i: float(v) for i, v in self.settings.items()}, "choices": dict(self.choices)}


def case_of(asked: Asked, table: Table) -> Case:
    """Return what differs between workbooks of one template and one set of assumptions."""
    plan = asked.plan
    shown = _scenario(plan, asked.scenario)
    custom = _column(plan, table, CUSTOM)
    if asked.company or asked.settings:
        start_from = plan.scenario if asked.company and not asked.scenario else shown
        column = _column(plan, table, start_from)
        custom = {i: v for i, v in column.items() if start_from == CUSTOM or v != table.rows[i].base}
        if asked.company:
            custom |= company_inputs(asked.company, asked.year).values
        for name, value in asked.settings.items():
            custom[name] = check_value(known_input(name, table.rows), value)
        shown = CUSTOM
    return Case(plan.title, shown, custom, _provenance(plan, table, custom, asked.request()))


def assembled(asked: Asked, table: Table, cases: Sequence[Case], many: bool) -> Book:
    """Return a workbook in memory for one case, or for many of the same template, horizon and assumptions."""
    plan = asked.plan
    book = Book(
        wb=Workbook(),
        template=plan,
        graph=model(),
        assumptions=table.rows,
        layout=Layout(model(), table.rows, plan.scenario_names, plan.lanes, asked.years, PERIODS[asked.period]),
        start=asked.start,
        columns={n: _column(plan, table, n) for n in plan.scenario_names if n != CUSTOM},
        cases=cases,
        many=many,
        choices=asked.choices,
        simulate=asked.simulate,
    )
    _add_sheets(book, asked.lambdas)
    return book


def _scenario(plan: Template, asked: str | None) -> str:
    """Return the scenario shown: the one asked for, a company's figures where the template has one, or its default."""
    wanted = asked or ("Custom" if plan.company else plan.scenario)
    for name in plan.scenario_names:
        if name.lower() == wanted.lower().replace("-", " "):
            return name
    raise UnknownNameError("scenario", wanted, [n.lower() for n in plan.scenario_names])


def _table(plan: Template, assumptions: Path | Table | None) -> Table:
    """Return the assumptions, with what a user's file gives for the scenarios of the template."""
    if isinstance(assumptions, Table):
        return assumptions
    return load_table(assumptions, plan.overlay_scenarios)


def _column(plan: Template, table: Table, scenario: str) -> dict[str, float]:
    """Return what stands in a scenario's column of the Inputs sheet."""
    found: dict[str, float]
    own = next((s for s in plan.scenarios if s.name == scenario), None)
    if scenario in FIRST_SCENARIOS[:3]:
        found = {i: float(getattr(a, scenario.lower())) for i, a in table.rows.items()}
    elif own is None:
        found = dict(company_inputs(plan.company, plan.year).values) if plan.company else {}
    else:
        values = case(own.case, own.company, own.year, own.settings, table.rows)
        found = dict(load_scenarios().get(own.case, {}))
        found |= {i: v for i, v in values.items() if v != table.rows[i].base}
    given = table.columns.get(scenario, {})
    return {i: v for i, v in found.items() if i not in given} | {i: v for i, v in given.items() if v is not None}


def _add_sheets(book: Book, lambdas: bool) -> None:
    wb = book.wb
    add_styles(wb, book.template.brand)
    add_sheets(book)
    if lambdas:
        add_functions(book)
    wb.calculation = CalcProperties(fullCalcOnLoad=True)
    wb.properties.creator = plain(book.template.owner)
    book.by_case(lambda: setattr(wb.properties, "title", book.text_each("title", [c.title for c in book.cases])))
    wb.properties.subject, wb.properties.keywords = (
        plain(book.template.purpose),
        "AI infrastructure, capex, headcount, model",
    )
    wb.properties.description = book.case.facts["generator"]
    wb.properties.language = "en-US"


def _provenance(
    plan: Template, table: Table, custom: Mapping[str, float], request: Mapping[str, object]
) -> dict[str, str]:
    own = plan.text != _shipped_text(plan.id)
    return {
        "generator": f"xl-aicost {__version__}",
        "data": "The publications on the Sources sheet, to September 2026",
        "template": plan.id,
        "request": json.dumps(request, ensure_ascii=False),
        "custom_inputs": ", ".join(f"{i} = {v:.15g}" for i, v in custom.items()) or "none",
        "own_assumptions": table.own or "none",
        "own_template": plan.text if own else "none",
        "hash_of_assumptions": _hash(table),
        "values_calculated_by": f"numpy {_version('numpy')}",
        "file_written_by": f"openpyxl {_version('openpyxl')}",
    }


_version = cache(version)
_hashes: dict[int, tuple[Table, str]] = {}


def _hash(table: Table) -> str:
    """Return a fingerprint of the assumptions, made once a table."""
    if id(table) not in _hashes:
        inputs = json.dumps({i: str(a) for i, a in table.rows.items()}, sort_keys=True)
        _hashes[id(table)] = (table, hashlib.sha256(inputs.encode()).hexdigest())
    return _hashes[id(table)][1]


@cache
def _shipped_text(template: str) -> str | None:
    path = shipped_templates().get(template)
    return path.read_text(encoding="utf-8") if path else None
