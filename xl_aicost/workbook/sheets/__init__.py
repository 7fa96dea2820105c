"""The sheets of a workbook, one module each; `SHEETS` is their order, their class and what they are for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from xl_aicost.errors import DataError
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.feed import SHEET as FEED
from xl_aicost.workbook.layout import LIVE
from xl_aicost.workbook.sheets.about import add_about
from xl_aicost.workbook.sheets.afford import add_afford
from xl_aicost.workbook.sheets.answer import SHEET as ANSWER
from xl_aicost.workbook.sheets.answer import add_answer
from xl_aicost.workbook.sheets.as_built import add_as_built
from xl_aicost.workbook.sheets.benchmark import add_benchmark
from xl_aicost.workbook.sheets.calculation import add_lanes, add_time
from xl_aicost.workbook.sheets.cases import SHEET as CASES
from xl_aicost.workbook.sheets.cases import add_cases
from xl_aicost.workbook.sheets.checks import add_checks
from xl_aicost.workbook.sheets.claims import add_claims
from xl_aicost.workbook.sheets.cluster import add_cluster
from xl_aicost.workbook.sheets.companies import add_companies
from xl_aicost.workbook.sheets.compare import add_compare
from xl_aicost.workbook.sheets.inputs import add_inputs
from xl_aicost.workbook.sheets.options import add_options
from xl_aicost.workbook.sheets.returns import add_returns
from xl_aicost.workbook.sheets.sensitivity import add_sensitivity
from xl_aicost.workbook.sheets.simulation import add_simulation
from xl_aicost.workbook.sheets.sources import add_provenance, add_sources
from xl_aicost.workbook.sheets.workings import add_workings
from xl_aicost.workbook.subject import add_subject, finish_feed
from xl_aicost.workbook.template import COMPANY


@dataclass(frozen=True)
class PlannedSheet:
    """A sheet: its class, what it holds, how it is written, and whether a template chooses it."""

    name: str
    kind: str
    purpose: str
    add: Callable[[Book], None]
    optional: bool = False


SIMULATION = "Simulation"  # there if it is asked for
ALL = "all"  # for readers, in the record of what is printed
LANES = "Calc_"  # stands for the sheets of all lanes
SHEETS = (
    PlannedSheet("Compare", "output", "Companies side by side", add_compare, optional=True),
    PlannedSheet(
        ANSWER, "output", "The answer: five figures, two pictures, what would change it, who signed", add_answer
    ),
    PlannedSheet("Cluster", "output", "What a cluster costs and earns, and in which story", add_cluster, optional=True),
    PlannedSheet("Options", "output", "Keep the people or fund AI, on the same cash", add_options, optional=True),
    PlannedSheet(
        "Afford", "output", "Could it pay for both, and does efficiency explain the cut?", add_afford, optional=True
    ),
    PlannedSheet(
        "Returns", "output", "Cash, what is in service and on the books, year by year", add_returns, optional=True
    ),
    PlannedSheet(
        "Sensitivity", "output", "What moves the results: tornado, two-way table", add_sensitivity, optional=True
    ),
    PlannedSheet(SIMULATION, "output", "How far a result spreads: a simulation, as of the build", add_simulation),
    PlannedSheet(
        "Companies", "output", "What companies publish by year, and what follows", add_companies, optional=True
    ),
    PlannedSheet(
        "Inputs", "input", "Every input: your value, the scenarios, its range and source; what is shown", add_inputs
    ),
    PlannedSheet("Claims", "output", "The article's claims against the model", add_claims, optional=True),
    PlannedSheet("Sources", "output", "Where the numbers are from", add_sources),
    PlannedSheet("Checks", "check", "Does the workbook hold together?", add_checks),
    PlannedSheet("About", "output", "What the workbook is, whose it is, and where is what", add_about),
    PlannedSheet(FEED, "calculation", "Texts of numbers and data of pictures, for the pages", finish_feed),
    PlannedSheet("Time", "calculation", "The time axis", add_time),
    PlannedSheet(LANES, "calculation", "The calculation for the scenario", add_lanes),
    PlannedSheet(CASES, "calculation", "The cases of the Options sheet, one below the other", add_cases),
    PlannedSheet("Calc_Sensitivity", "calculation", "The workings of the sensitivity, one case a column", add_workings),
    PlannedSheet("Benchmark", "calculation", "A published total from its published inputs", add_benchmark),
    PlannedSheet("As_built", "record", "Every line when the file was made, and now", add_as_built),
    PlannedSheet("Provenance", "record", "What made this workbook, and from what", add_provenance),
)
CLAIM_LANES = ("Article low", "Article high")


def unprinted(names: Collection[str], printed: str) -> set[str]:
    """Return which sheets of a workbook of ours are no part of its book: workings, and what its record leaves out."""
    own = {s.name: s.kind not in ("calculation", "record", "check") for s in SHEETS}
    chosen = {n for n, reader in own.items() if reader} if printed == ALL else set(printed.split(", "))
    return {n for n in names if n.startswith(LANES) or (n in own and n not in chosen)}


def add_sheets(book: Book) -> None:
    """Write the sheets of a template.

    Raises DataError for a sheet that does not exist or that lacks a lane it reads.
    """
    optional = {s.name for s in SHEETS if s.optional}
    where = f"{book.template.id}.toml, sheets"
    for name in book.template.sheets:
        if name not in optional:
            raise DataError(f"{where}: {name!r} is not one of {', '.join(sorted(optional))}")
    for name in book.template.book:
        if name not in (s.name for s in SHEETS):
            raise DataError(
                f"{book.template.id}.toml, book: {name!r} is not one of {', '.join(s.name for s in SHEETS)}"
            )
    missing = [x for x in CLAIM_LANES if x not in book.template.lanes]
    if "Claims" in book.template.sheets and missing:
        raise DataError(f"{where}: Claims needs the lane {missing[0]!r}")
    chosen = [s for s in SHEETS if not s.optional or s.name in book.template.sheets]
    chosen = [s for s in chosen if s.name != SIMULATION or book.simulate]
    chosen = [s for s in chosen if s.name != CASES or "Options" in book.template.sheets]
    for sheet in chosen:
        if sheet.name == LANES:
            shown = {LIVE.title: "shown", COMPANY: "of the company"}
            book.contents |= {
                x.sheet: (sheet.kind, f"{sheet.purpose} {shown.get(x.title, x.title)}") for x in book.layout.lanes
            }
        else:
            book.contents[sheet.name] = (sheet.kind, sheet.purpose)
    add_subject(book)
    for sheet in chosen:
        sheet.add(book)


__all__ = ["ALL", "SHEETS", "add_sheets", "unprinted"]
