"""Build a workbook from a template: sheets, names, values, one file moved into place."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypedDict, Unpack

from openpyxl import Workbook
from openpyxl.workbook.properties import CalcProperties

from xl_aicost import __version__
from xl_aicost.assumptions import load_assumptions
from xl_aicost.cases import case, model
from xl_aicost.errors import AicostError, InputError
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.calculation import add_lane, add_time
from xl_aicost.workbook.checks import add_checks
from xl_aicost.workbook.evidence import add_claims, add_companies, add_provenance, add_sources
from xl_aicost.workbook.inputs import add_inputs
from xl_aicost.workbook.lambdas import add_functions
from xl_aicost.workbook.layout import LANES, SCENARIO_COLUMNS, Layout
from xl_aicost.workbook.results import CONTENTS, add_cover, add_returns, add_workforce
from xl_aicost.workbook.save import save
from xl_aicost.workbook.style import add_styles, header
from xl_aicost.workbook.template import load_template
from xl_aicost.workbook.values import calculate

COLUMN_OF = dict(zip(("low", "base", "high", "custom", "article-low", "article-high"), SCENARIO_COLUMNS, strict=True))


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
    """What a workbook is built for; the meaning of each is that of `case`, with years and first year of the axis."""

    scenario: str
    company: str | None
    year: int | None
    settings: Mapping[str, float] | None
    years: int | None
    start: int | None
    lambdas: bool
    assumptions: Path | None


def build(
    template: str = "cluster",
    out: str | Path | None = None,
    *,
    progress: Callable[[str], None] = lambda _: None,
    **request: Unpack[Request],
) -> Built:
    """Build a workbook and return what was built.

    A company's figures and settings go into the Custom column, which is then the scenario shown.
    The same arguments give the same bytes. Raises AicostError for what a user can put right.
    """
    path = _target(out, template)
    progress("writing sheets")
    book = assemble(template, **request)
    progress("calculating")
    found = _values(book.wb)
    for sheet, values in book.given.items():
        found[sheet] |= values
    formulas = sum(map(len, found.values()))
    errors = [f"{sheet}!{cell}" for sheet, cells in found.items() for cell, v in cells.items() if _is_error(v)]
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
    template: str = "cluster",
    *,
    scenario: str = "base",
    company: str | None = None,
    year: int | None = None,
    settings: Mapping[str, float] | None = None,
    years: int | None = None,
    start: int | None = None,
    lambdas: bool = False,
    assumptions: Path | None = None,
) -> Book:
    """Return a workbook in memory, formulas without values; the arguments are those of Request."""
    plan = load_template(template)
    table = load_assumptions(assumptions)
    values = case(scenario, company, year, settings, assumptions)
    shown, custom = scenario.lower(), {}
    if company or settings:
        custom = {i: v for i, v in values.items() if v != table[i].base}
        shown = "custom"
    horizon = years or plan.years
    if not 1 <= horizon <= 30:
        raise InputError(f"years = {horizon} is out of range: 1 to 30")
    book = Book(
        wb=Workbook(),
        template=plan,
        graph=model(),
        assumptions=table,
        layout=Layout(model(), table, horizon),
        start=start or plan.start,
        scenario=COLUMN_OF[shown],
        custom=custom,
        facts=_provenance(plan.id, table, shown, custom, horizon, start or plan.start, company, year, lambdas),
    )
    _add_sheets(book, lambdas)
    return book


def _add_sheets(book: Book, lambdas: bool) -> None:
    wb = book.wb
    add_styles(wb, book.template.brand)
    cover = wb.active
    cover.title = "Cover"
    cover.sheet_properties.tabColor = book.template.brand.dark
    header(cover, book.template.title)
    add_inputs(book)
    add_time(book)
    for lane in LANES:
        add_lane(book, lane)
    for add in (add_workforce, add_returns, add_companies, add_claims, add_checks, add_sources, add_provenance):
        add(book)
    if lambdas:
        book.given["Functions"] = add_functions(book)
    add_cover(book)
    wb._sheets = [cover, *(wb[name] for name in CONTENTS if name in wb.sheetnames)]
    wb.calculation = CalcProperties(fullCalcOnLoad=True)
    wb.properties.title, wb.properties.creator = book.template.title, book.template.owner
    wb.properties.language = "en-US"


def _values(wb: Workbook) -> dict[str, dict[tuple[int, int], Any]]:
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "draft.xlsx"
        save(wb, draft, {})
        try:
            return calculate(wb, draft)
        except BaseException as error:  # ironcalc's panics are no Exceptions
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            raise AicostError(f"IronCalc could not calculate the workbook: {error}") from error


def _is_error(value: object) -> bool:
    return isinstance(value, str) and value.startswith("#") and value.rstrip("!?/A0").isupper()


def _provenance(
    template: str,
    table: Mapping[str, object],
    shown: str,
    custom: Mapping[str, float],
    years: int,
    start: int,
    company: str | None,
    year: int | None,
    lambdas: bool,
) -> dict[str, str]:
    inputs = json.dumps({i: str(a) for i, a in table.items()}, sort_keys=True)
    return {
        "generator": f"xl-aicost {__version__}",
        "data": "The publications on the Sources sheet, to September 2026",
        "template": template,
        "scenario": shown,
        "company": f"{company} {year or '(last year on file)'}" if company else "none",
        "custom_inputs": ", ".join(f"{i} = {v:.15g}" for i, v in custom.items()) or "none",
        "years": str(years),
        "first_year": str(start),
        "lambda_names": "yes" if lambdas else "no",
        "hash_of_assumptions": hashlib.sha256(inputs.encode()).hexdigest(),
        "values_calculated_by": f"IronCalc {version('ironcalc')}",
        "file_written_by": f"openpyxl {version('openpyxl')}",
    }
