"""The options that several commands share, each declared once."""

# no `from __future__ import annotations`: typer would compile each annotation again
import inspect
import math
import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xl_aicost.errors import InputError

if TYPE_CHECKING:
    from xl_aicost.case import Arguments

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def csv_option(*names: str, text: str) -> typer.models.OptionInfo:
    """Return an option that takes a CSV file, read in the number format of --csv-format."""
    option: typer.models.OptionInfo = typer.Option(*names, metavar="CSV", callback=english_csv, help=text)
    return option


def english_csv(context: typer.Context, path: Path | None) -> Path | None:
    """Return a CSV file in English number format: a copy, kept while the command runs, if --csv-format names another."""
    csv_format = context.obj or "english"
    if path is None or csv_format == "english":
        return path
    import tempfile

    from xl_aicost.assumptions.dialect import CsvFormat, in_english

    folder = tempfile.TemporaryDirectory(prefix="xl-aicost-")
    context.call_on_close(folder.cleanup)
    return in_english(path, CsvFormat(csv_format), Path(folder.name))


Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Address of a Dask scheduler to use instead of threads, as tcp://host:8786."),
]
Overlay = Annotated[
    Path | None, csv_option("--assumptions", text="Your own assumptions, by id; they replace the shipped ones.")
]
FactsFile = Annotated[
    Path | None, csv_option("--facts", text="Your own company facts; they add to or replace the shipped ones.")
]


class Period(StrEnum):
    """The length of a period of the time axis."""

    year = "year"
    quarter = "quarter"
    month = "month"


def _case_options(
    *,
    set_: Annotated[list[str], typer.Option("--set", metavar="ID=VALUE", help="Set an input; may be repeated.")] = [],  # noqa: B006 (typer copies it)
    scenario: Annotated[
        str | None,
        typer.Option(help="Scenario: base, glut, article-low, ... (`list scenarios`), or one of the template."),
    ] = None,
    chip: Annotated[
        str | None, typer.Option(help="Hardware: h100 (the base case), h200, b200, gb200 or gb300; `list chips`.")
    ] = None,
    company: Annotated[
        str | None,
        typer.Option(help="Use a company's published figures: META, GOOGL, MSFT, AMZN, ... or one of --facts."),
    ] = None,
    year: Annotated[
        int | None, typer.Option(help="The company's fiscal year; default the last filed. A later year uses guidance.")
    ] = None,
    years: Annotated[
        int | None, typer.Option(min=1, max=30, help="Horizon in years; default 10, or that of the template.")
    ] = None,
    period: Annotated[
        Period | None, typer.Option(help="Length of a period; default a year, or that of the template.")
    ] = None,
    assumptions: Overlay = None,
    facts: FactsFile = None,
) -> "Arguments":
    """Return the arguments of a case."""
    from xl_aicost.case import PERIODS

    return {
        "settings": settings_of(set_),
        "scenario": scenario,
        "chip": chip,
        "company": company,
        "year": year,
        "years": years,
        "periods_per_year": PERIODS[period] if period else None,
        "assumptions": assumptions,
        "facts": facts,
    }


_OPTIONS = inspect.signature(_case_options).parameters
_ARGUMENTS: Callable[..., "Arguments"] = _case_options


def with_case_arguments(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a case; its first parameter receives them as `Arguments`."""
    own = list(inspect.signature(command).parameters.values())[1:]

    @wraps(command)
    def run(**options: object) -> None:
        arguments = _ARGUMENTS(**{name: options.pop(name) for name in _OPTIONS})
        command(arguments, **options)

    parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own] + list(_OPTIONS.values())
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    return run


def with_case(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a case; its first parameter receives the Case, whose notes go to standard error."""

    @wraps(command)
    def run(arguments: "Arguments", **options: object) -> None:
        from xl_aicost.case import Case

        case = Case.of(**arguments)
        if isinstance(line := options.get("line"), str):
            case.check_effect(line, arguments.get("settings") or {})
        print_notes(case.notes)
        command(case, **options)

    return with_case_arguments(run)


def print_notes(notes: Iterable[str]) -> None:
    """Print on standard error what the reader has to know about a case."""
    for note in notes:
        print(note, file=sys.stderr)


def settings_of(pairs: list[str]) -> dict[str, float]:
    """Return inputs by id. Raises InputError for a text that is not ID=VALUE."""
    settings = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        try:
            value = float(text.replace("_", "x"))
        except ValueError:
            value = math.nan
        if not equals or not name or not math.isfinite(value):
            raise InputError(f"--set {pair!r} is not ID=VALUE with a plain number, as in --set gpu_unit_price=27500")
        if name.strip() in settings:
            raise InputError(f"--set {name.strip()} is set twice; give one value")
        settings[name.strip()] = value
    return settings
