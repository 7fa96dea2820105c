"""Build a workbook from a template: sheets, names, values, one file moved into place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypedDict, Unpack

from openpyxl import Workbook
from openpyxl.workbook.properties import CalcProperties

from xl_aicost import __version__
from xl_aicost.assumptions import Table, load_scenarios, load_table
from xl_aicost.assumptions.companies import company_inputs
from xl_aicost.cases import case, check_value, known_input, model
from xl_aicost.errors import InputError, UnknownNameError
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import Layout
from xl_aicost.workbook.save import save
from xl_aicost.workbook.sheets import add_sheets
from xl_aicost.workbook.sheets.functions import add_functions
from xl_aicost.workbook.style import add_styles
from xl_aicost.workbook.template import FIRST_SCENARIOS, PERIODS, Template, load_template, shipped_templates
from xl_aicost.workbook.values import calculate, is_error


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

    `choices` are values of named cells of the Control sheet.
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
    path = _target(out, template if isinstance(template, str) else template.id)
    progress("writing sheets")
    book = assemble(template, **request)
    return write(book, path, progress)


def write(book: Book, path: Path, progress: Callable[[str], None] = lambda _: None) -> Built:
    """Calculate a workbook, save it with its values, and return what was built."""
    progress("calculating")
    found = calculate(book.wb)
    for sheet, values in book.given.items():
        found[sheet] |= values
    formulas = sum(map(len, found.values()))
    errors = [f"{sheet}!{cell}" for sheet, cells in found.items() for cell, v in cells.items() if is_error(v)]
    status = found["Checks"][(4, 7)] if not errors else f"{len(errors)} error cells, the first {errors[0]}"
    progress("saving")
    save(book.wb, path, found)
    return Built(str(path), formulas, status, hashlib.sha256(path.read_bytes()).hexdigest())


def _target(out: str | Path | None, template: str) -> Path:
    path = Path(out) if out is not None else Path(f"{Path(template).stem}.xlsx")
    if path.suffix.lower() != ".xlsx":
        raise InputError(f"{path} does not end in .xlsx, the one format that is written")
    if not path.parent.is_dir():
        raise InputError(f"{path.parent} is not a folder")
    return path


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
) -> Book:
    """Return a workbook in memory, formulas without values; the arguments are those of Request."""
    plan = template if isinstance(template, Template) else load_template(template)
    table = _table(plan, assumptions)
    horizon, first, each = years or plan.years, start or plan.start, period or plan.period
    if not 1 <= horizon <= 30:
        raise InputError(f"years = {horizon} is out of range: 1 to 30")
    if each not in PERIODS:
        raise InputError(f"period = {each!r} is not one of {', '.join(PERIODS)}")
    columns = _columns(plan, table)
    shown = _scenario(plan, scenario)
    if company or settings:
        start_from = plan.scenario if company and not scenario else shown
        own = {i: v for i, v in columns[start_from].items() if start_from == "Custom" or v != table.rows[i].base}
        if company:
            own |= company_inputs(company, year).values
        for name, value in (settings or {}).items():
            own[name] = check_value(known_input(name, table.rows), value)
        columns["Custom"] = own
        shown = "Custom"
    request = {
        "scenario": scenario,
        "company": company,
        "year": year,
        "settings": dict(settings or {}),
        "years": horizon,
        "start": first,
        "period": each,
        "lambdas": lambdas,
        "choices": dict(choices or {}),
    }
    book = Book(
        wb=Workbook(),
        template=plan,
        graph=model(),
        assumptions=table.rows,
        layout=Layout(model(), table.rows, plan.scenario_names, plan.lanes, horizon, PERIODS[each]),
        start=first,
        shown=shown,
        columns=columns,
        choices=dict(choices or {}),
        facts=_provenance(plan, table, columns["Custom"], request),
    )
    _add_sheets(book, lambdas)
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


def _columns(plan: Template, table: Table) -> dict[str, dict[str, float]]:
    """Return what stands in each scenario's column of the Inputs sheet."""
    columns: dict[str, dict[str, float]] = {
        n: {i: float(getattr(a, n.lower())) for i, a in table.rows.items()} for n in FIRST_SCENARIOS[:3]
    }
    columns["Custom"] = dict(company_inputs(plan.company, plan.year).values) if plan.company else {}
    for s in plan.scenarios:
        values = case(s.case, s.company, s.year, s.settings, table.rows)
        columns[s.name] = dict(load_scenarios().get(s.case, {}))
        columns[s.name] |= {i: v for i, v in values.items() if v != table.rows[i].base}
    for scenario, given in table.columns.items():
        kept = {i: v for i, v in columns[scenario].items() if i not in given}
        columns[scenario] = kept | {i: v for i, v in given.items() if v is not None}
    return columns


def _add_sheets(book: Book, lambdas: bool) -> None:
    wb = book.wb
    add_styles(wb, book.template.brand)
    add_sheets(book)
    if lambdas:
        book.given["Functions"] = add_functions(book)
    wb.calculation = CalcProperties(fullCalcOnLoad=True)
    wb.properties.title, wb.properties.creator = book.template.title, book.template.owner
    wb.properties.subject, wb.properties.keywords = book.template.purpose, "AI infrastructure, capex, headcount, model"
    wb.properties.description = book.facts["generator"]
    wb.properties.language = "en-US"


def _provenance(
    plan: Template, table: Table, custom: Mapping[str, float], request: Mapping[str, object]
) -> dict[str, str]:
    inputs = json.dumps({i: str(a) for i, a in table.rows.items()}, sort_keys=True)
    own = plan.text != _shipped_text(plan.id)
    return {
        "generator": f"xl-aicost {__version__}",
        "data": "The publications on the Sources sheet, to September 2026",
        "template": plan.id,
        "request": json.dumps(request, ensure_ascii=False),
        "custom_inputs": ", ".join(f"{i} = {v:.15g}" for i, v in custom.items()) or "none",
        "own_assumptions": table.own or "none",
        "own_template": plan.text if own else "none",
        "hash_of_assumptions": hashlib.sha256(inputs.encode()).hexdigest(),
        "values_calculated_by": f"IronCalc {version('ironcalc')}",
        "file_written_by": f"openpyxl {version('openpyxl')}",
    }


def _shipped_text(template: str) -> str | None:
    path = shipped_templates().get(template)
    return path.read_text(encoding="utf-8") if path else None
