"""The commands for a workbook that came back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xl_aicost.output import Json, number, print_json

File = Annotated[Path, typer.Argument(help="An xlsx file.")]


def read(
    file: File,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the CSV that build --assumptions takes.")] = False,
    as_json: Json = False,
) -> None:
    """Read edited inputs back from a workbook that build made."""
    from xl_aicost.workbook.review.package import open_package
    from xl_aicost.workbook.review.read import Ours

    ours = Ours(open_package(file))
    if as_json:
        print_json(ours.as_dict())
    elif as_csv:
        print(ours.overlay(), end="")
    else:
        for c in ours.changes:
            print(f"{c.id}{f', {c.scenario}' if c.scenario else ''}: {number(c.old)} -> {number(c.new)}")
        print(f"{len(ours.changes)} inputs or choices differ from the build; to build with them:")
        print(f"xl-aicost read {file} --csv > inputs.csv && {ours.command()}")


def audit(
    file: File,
    as_sarif: Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0.")] = False,
    as_json: Json = False,
) -> None:
    """Audit any xlsx: drift from the builder, rules of the standards; exit code 1 for findings of medium or above."""
    from xl_aicost.workbook.review.audit import audit as audit_file
    from xl_aicost.workbook.review.audit import sarif
    from xl_aicost.workbook.review.findings import serious

    result = audit_file(file)
    if as_json or as_sarif:
        print_json(sarif(result) if as_sarif else result.as_dict())
    else:
        for f in result.findings:
            place = "!".join(p for p in (f.sheet, f.cell) if p)
            print(f"{f.severity:9} {f.rule} {place}: {f.message}. {f.fix}")
        print(
            f"{result.verdict}: {len(result.findings)} findings, {len(result.unique_formulas)} unique formulas to read,"
        )
        print(f"{len(result.changes)} inputs changed. Not checked: {'; '.join(result.not_checked)}")
    if serious(result.findings):
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (read, audit):
        app.command()(command)
