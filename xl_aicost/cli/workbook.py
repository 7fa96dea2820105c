"""The commands that write workbooks, and show what their Answer says: build, answer, batch."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xl_aicost.cli.options import FactsFile, Json, Overlay, Scheduler, english_csv, print_notes, with_case_arguments
from xl_aicost.cli.output import print_json, progress_bar
from xl_aicost.errors import InputError

if TYPE_CHECKING:
    from xl_aicost.case import Arguments

TEMPLATE = "A template's name, or the path of your own: a .toml file."


@with_case_arguments
def build(
    arguments: "Arguments",
    template: Annotated[str, typer.Argument(help=TEMPLATE)] = "cluster",
    out: Annotated[
        Path | None, typer.Option(help="The workbook to write; default TEMPLATE.xlsx in this folder.")
    ] = None,
    start: Annotated[
        int | None, typer.Option(min=1900, max=2200, help="First year; default that of the template.")
    ] = None,
    lambdas: Annotated[bool, typer.Option("--lambdas", help="Add the functions as LAMBDA names (Excel 365).")] = False,
    choose: Annotated[
        list[str],
        typer.Option("--choose", metavar="NAME=VALUE", help="Set a choice on Inputs by its name; may be repeated."),
    ] = [],  # noqa: B006
    simulate: Annotated[
        str | None, typer.Option(metavar="LINE", help="Add a sheet that simulates a line of one value.")
    ] = None,
    draws: Annotated[int, typer.Option(min=2, max=1_000_000, help="Number of draws of --simulate.")] = 100_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of --simulate.")] = 1,
    as_json: Json = False,
) -> None:
    """Build a workbook of live formulas, each with its value; exit code 1 if its checks fail."""
    from rich.console import Console
    from rich.status import Status

    from xl_aicost.workbook.build import build as build_workbook

    with Status("starting", console=Console(stderr=True)) as status:
        result = build_workbook(
            template,
            out,
            **arguments,
            start=start,
            lambdas=lambdas,
            choices=_choices(choose),
            simulate={"line": simulate, "draws": draws, "seed": seed, "date": f"{date.today()}"} if simulate else None,
            progress=status.update,
        )
    print_notes(result.notes)
    if as_json:
        print_json(result.as_dict())
    else:
        print(f"{result.path}: {result.formulas:,} formulas with their values, checks {result.checks}")
    if result.checks != "OK":
        raise typer.Exit(1)


@with_case_arguments
def answer(
    arguments: "Arguments",
    template: Annotated[str, typer.Option(help=TEMPLATE)] = "company",
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write one self-contained page of HTML.")] = None,
    as_json: Json = False,
) -> None:
    """Print what the Answer page of a workbook says: the answer, five figures and a picture of bars."""
    from xl_aicost.support.files import destination, replacing
    from xl_aicost.workbook.answer import answer as answer_of
    from xl_aicost.workbook.answer import as_html, in_terminal

    if html is not None:
        destination(html, ".html")
    result = answer_of(template, **arguments)
    print_notes(result.notes)
    if html is not None:
        with replacing(html) as temporary:
            temporary.write_text(as_html(result), encoding="utf-8")
        print(html)
    elif as_json:
        print_json(result.as_dict())
    else:
        print(in_terminal(result))


def batch(
    companies: Annotated[
        Path,
        typer.Argument(
            callback=english_csv, help="A CSV file with a column `name`, and inputs by id, or company and year."
        ),
    ],
    out: Annotated[Path, typer.Option(help="The folder to write to; created if it does not exist.")],
    template: Annotated[str, typer.Option(help=TEMPLATE)] = "company",
    assumptions: Overlay = None,
    facts: FactsFile = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Number of processes; default one per core.")] = None,
    scheduler: Scheduler = None,
) -> None:
    """Build a workbook for each row of a table. If interrupted, run the same command again to resume.

    Exit code 1 if a row failed.
    """
    from xl_aicost.workbook.batch import MANIFEST, manifest
    from xl_aicost.workbook.batch import batch as run

    with progress_bar(None, "workbooks") as progress:
        rows = run(
            companies,
            out,
            template=template,
            assumptions=assumptions,
            facts=facts,
            workers=workers,
            scheduler=scheduler,
            progress=progress,
        )
    bad = 0
    for e in manifest(out):
        if e.error or e.checks != "OK":
            print(f"row {e.row}, {e.name}: {e.error or f'checks {e.checks}'}")
            bad += 1
    print(f"{rows - bad} of {rows} workbooks are in {out}; {MANIFEST} lists them")
    if bad:
        raise typer.Exit(1)


def _choices(pairs: list[str]) -> dict[str, object]:
    choices: dict[str, object] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise InputError(f"--choose {pair!r} is not NAME=VALUE, as in --choose one_life=6")
        try:
            choices[name] = float(text)
        except ValueError:
            choices[name] = text
    return choices
