"""Company facts: list them, and read a file of the SEC against them."""

# no `from __future__ import annotations`: typer would compile each annotation again, a tenth of what starting takes
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xl_aicost.cli.options import FactsFile, Json
from xl_aicost.cli.output import print_json, print_table
from xl_aicost.errors import InputError

if TYPE_CHECKING:
    from xl_aicost.assumptions import Fact


class Kind(StrEnum):
    """How a figure came to be known."""

    filed = "filed"
    quoted = "quoted"
    derived = "derived"
    estimate = "estimate"
    guidance = "guidance"


def facts(
    company: Annotated[str | None, typer.Option(help="A ticker or name, as in META.")] = None,
    period: Annotated[str | None, typer.Option(help="A period, or how it begins: FY2025, FY, Q2-2026, GUIDE.")] = None,
    measure: Annotated[str | None, typer.Option(help="A measure, as in capex_purchases.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Show one kind only.")] = None,
    own: FactsFile = None,
    sec: Annotated[
        Path | None, typer.Option("--sec", metavar="JSON", help="Compare a company-facts file of the SEC.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="With --sec: write new and changed figures to a file for --facts."),
    ] = None,
    as_json: Json = False,
) -> None:
    """List published company figures, or compare a company-facts file of the SEC with them.

    Nothing is downloaded. The SEC's file of Meta is https://data.sec.gov/api/xbrl/companyfacts/CIK0001326801.json; that of
    another company has its own ten-digit number.
    """
    from xl_aicost.assumptions import load_facts

    if sec is not None:
        _compare(sec, company, out, own, as_json)
        return
    if out is not None:
        raise InputError("--out needs --sec: it writes the figures that the SEC's file adds or changes")
    from xl_aicost.catalogue.listing import facts_of

    rows = facts_of(load_facts(own), _ticker(company, own), period, measure, kind)
    if as_json:
        print_json([_as_row(f) for f in rows])
        return
    print_table([_shown(f) for f in rows])


def _ticker(company: str | None, own: Path | None) -> str | None:
    from xl_aicost.assumptions import load_facts
    from xl_aicost.assumptions.figures import company_id

    return company_id(company, load_facts(own)) if company else None


def _as_row(fact: "Fact") -> dict[str, object]:
    from dataclasses import asdict

    return asdict(fact) | {"period_end": str(fact.period_end)}


def _shown(fact: "Fact") -> dict[str, object]:
    shown = ("company", "period", "measure", "value", "unit", "definition", "kind", "source")
    return {c: getattr(fact, c) for c in shown}


def _compare(sec: Path, company: str | None, out: Path | None, own: Path | None, as_json: bool) -> None:
    from xl_aicost.assumptions import load_facts
    from xl_aicost.assumptions.sec import compared, read_sec, write_overlay

    changes = compared(read_sec(sec, company), load_facts(own))
    if as_json:
        before = {id(c): c.before.value if c.before else None for c in changes}
        print_json([_as_row(c.fact) | {"status": c.status, "on_file": before[id(c)]} for c in changes])
    else:
        rows = [
            {
                "company": c.fact.company,
                "period": c.fact.period,
                "measure": c.fact.measure,
                "on file": c.before.value if c.before else None,
                "in the file": c.fact.value,
                "status": c.status,
            }
            for c in changes
            if c.status != "same"
        ]
        if rows:
            print_table(rows)
        same = sum(c.status == "same" for c in changes)
        changed = sum(c.status == "changed" for c in changes)
        print(f"{len(changes)} figures: {same} as on file, {changed} changed, {len(changes) - same - changed} new")
    if out is not None:
        count = write_overlay(changes, out)
        print(f"{out}: {count} rows; use it with --facts {out}")
