"""Options that several commands share."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from xl_aicost.errors import InputError


def english(context: typer.Context, path: Path | None) -> Path | None:
    """Return a CSV file as English programs write it, which lasts as long as the command, if --csv-format asks for it."""
    form = context.obj or "english"
    if path is None or form == "english":
        return path
    import tempfile

    from xl_aicost.assumptions.dialect import CsvFormat, in_english

    folder = tempfile.TemporaryDirectory(prefix="xl-aicost-")
    context.call_on_close(folder.cleanup)
    return in_english(path, CsvFormat(form), Path(folder.name))


Set = Annotated[list[str], typer.Option("--set", metavar="ID=VALUE", help="Set an input; may be repeated.")]
Scenario = Annotated[str, typer.Option(help="low, base, high, article-low or article-high.")]
Company = Annotated[str | None, typer.Option(help="Take a company's figures: META, GOOGL, MSFT, AMZN, ORCL.")]
Year = Annotated[int | None, typer.Option(help="Fiscal year of the company's figures; default the last on file.")]
Years = Annotated[int, typer.Option(min=1, max=30, help="Length of the time axis in years.")]
Overlay = Annotated[
    Path | None,
    typer.Option(
        "--assumptions", metavar="CSV", callback=english, help="Your own assumptions over the shipped ones, by id."
    ),
]


def settings_of(pairs: list[str]) -> dict[str, float]:
    """Return inputs by id, or raise InputError for what is not ID=VALUE."""
    found = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        try:
            value = float(text.replace("_", "x"))
        except ValueError:
            value = math.nan
        if not equals or not name or not math.isfinite(value):
            raise InputError(f"--set {pair!r} is not ID=VALUE with a plain number, as in --set gpu_unit_price=27500")
        found[name.strip()] = value
    return found


def company_note(company: str | None, year: int | None) -> dict[str, Any]:
    """Say on standard error which definition of capex was used and which figures are missing."""
    if company is None:
        return {}
    from xl_aicost.assumptions.companies import company_inputs

    figures = company_inputs(company, year)
    gaps = f"; not on file, so left as in the scenario: {', '.join(figures.missing)}" if figures.missing else ""
    print(f"{figures.company} {figures.year}: ai_spend is {figures.capex_definition}{gaps}", file=sys.stderr)
    return {"company": figures.company, "year": figures.year, "capex_definition": figures.capex_definition}
