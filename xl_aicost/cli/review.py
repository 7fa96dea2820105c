"""The commands for a workbook that came back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xl_aicost.cli.options import Json
from xl_aicost.cli.output import print_json, print_table
from xl_aicost.support.numbers import number

if TYPE_CHECKING:
    from xl_aicost.review.bridge import Bridge
    from xl_aicost.review.compare import Comparison

File = Annotated[Path, typer.Argument(help="An xlsx file.")]
Seconds = Annotated[float, typer.Option(min=1, help="The time it may take; what it was too short for is said.")]


def read(
    file: File,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the CSV that build --assumptions takes.")] = False,
    as_json: Json = False,
) -> None:
    """Read edited inputs back from a workbook that build made."""
    from xl_aicost.review.read import Ours
    from xl_aicost.xlsx.package import open_package

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
    annotate: Annotated[
        Path | None, typer.Option(metavar="COPY", help="Write a copy with the findings listed and the cells tinted.")
    ] = None,
    seconds: Seconds = 7.0,
    everything: Annotated[bool, typer.Option("--all", help="Show all findings, those of low severity too.")] = False,
    as_json: Json = False,
) -> None:
    """Audit any xlsx: drift from the builder, rules of the standards; exit code 1 for findings of medium or above."""
    from xl_aicost.audit.findings import serious
    from xl_aicost.review.audit import audit as audit_file
    from xl_aicost.review.audit import sarif

    result = audit_file(file, seconds)
    if annotate is not None:
        from xl_aicost.review.annotate import annotate as write_copy

        write_copy(result, annotate)
    if as_json or as_sarif:
        print_json(sarif(result) if as_sarif else result.as_dict())
    else:
        from xl_aicost.review.report import report

        print("\n".join(report(result, everything)))
    if serious(result.findings):
        raise typer.Exit(1)


def _print_comparison(found: "Comparison") -> None:
    for d in found.differences:
        place = "!".join(p for p in (d.sheet, d.cell) if p)
        print(f"{d.kind:9} {place} {d.name}: {number(d.old)} -> {number(d.new)}")
    for o in found.outputs:
        print(f"{'result':9} {o['line']} [{o['unit']}]: {number(o['old'])} -> {number(o['new'])}")
    for t in found.turned:
        print(f"{'turned':9} {t['line']}: {number(t['old'])} -> {number(t['new'])}")
    for c in found.checks:
        print(f"{'check':9} {c['check']}: {c['old']} -> {c['new']}")
    for s in found.sign_offs:
        print(f"{'sign-off':9} {s['who']}: {s['old']} -> {s['new']}")
    for note in (*found.notes, *found.late):
        print(f"{'note':9} {note}")
    if found.verdict != "incomplete":
        print("different" if found.differs else "only the form differs" if found.differences else "nothing differs")


def _print_bridge(steps: "Bridge") -> None:
    print(f"\n{steps.output} [{steps.unit}]: {number(steps.old)} -> {number(steps.new)}")
    rows = [
        {
            "step": b.name,
            "from": number(b.old),
            "to": number(b.new),
            "effect": b.effect,
            "alone": b.alone,
            "least": b.low,
            "most": b.high,
            "error": b.error,
        }
        for b in steps.bars
    ]
    rows.append(
        dict.fromkeys(("step", "from", "to", "effect", "alone", "least", "most", "error"))
        | {"step": "change", "effect": steps.total}
    )
    print_table(rows)
    print("Effects are averages over all orders of the changes; they add up to the change.")
    if steps.sampled:
        print("They are sampled from 400 orders; error is one standard error.")


def diff(
    old: Annotated[Path, typer.Argument(help="The xlsx file as it was.")],
    new: Annotated[Path, typer.Argument(help="The xlsx file as it is.")],
    bridge: Annotated[
        str | None, typer.Option(metavar="OUTPUT", help="Share the change of this line among what changed.")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Add the bridge as a sheet; a file that is not there is NEW's copy."),
    ] = None,
    seconds: Seconds = 7.0,
    as_json: Json = False,
) -> None:
    """Show what differs between two workbooks, and bridge a result; exit code 1 if they differ, 2 if that cannot be told."""
    from xl_aicost.errors import InputError
    from xl_aicost.review.bridge import bridge as bridge_of
    from xl_aicost.review.compare import compare

    if into is not None and bridge is None:
        raise InputError("--into needs --bridge OUTPUT: the sheet shows a bridge")
    found = compare(old, new, seconds)
    steps = None
    if bridge is not None:
        if found.ours is None:
            raise InputError(f"--bridge wants two workbooks of xl-aicost; {found.notes[-1]}")
        steps = bridge_of(*found.ours, bridge)
        if into is not None:
            from xl_aicost.review.waterfall import add_waterfall

            brand = found.ours[1].built.template.brand
            add_waterfall(steps, brand, (old.name, new.name), into if into.exists() else new, into)
    if as_json:
        print_json(found.as_dict() | ({"bridge": steps.as_dict()} if steps else {}))
    else:
        _print_comparison(found)
        if steps:
            _print_bridge(steps)
    if found.verdict == "incomplete":
        raise InputError("nothing differs in the part that was compared; more --seconds compare more")
    if found.differs:
        raise typer.Exit(1)


def verify(file: File, as_json: Json = False) -> None:
    """Prove that a workbook is what this version builds from its provenance; exit code 1 if it is not."""
    from xl_aicost.review.verify import verify as verify_file

    found = verify_file(file)
    if as_json:
        print_json(found.as_dict())
    else:
        print(f"{found.verdict}: {found.meaning}")
        print(f"sha256 {found.sha256}, rebuilt {found.sha256_rebuilt}; made by {found.generator}")
        if not found.as_built:
            print(f"{found.drift} drifts, {found.changed_inputs} inputs changed: see audit and read")
    if not found.as_built:
        raise typer.Exit(1)


def render(
    file: File,
    pdf: Annotated[bool, typer.Option("--pdf", help="One PDF (the default).")] = False,
    png: Annotated[bool, typer.Option("--png", help="A picture of each page.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where to; default beside FILE.")] = None,
    as_json: Json = False,
) -> None:
    """Show a workbook as it prints, through LibreOffice; pictures need Poppler's pdftoppm as well."""
    from xl_aicost.errors import InputError
    from xl_aicost.xlsx.render import render as render_file

    if pdf and png:
        raise InputError("--pdf and --png: choose one")
    suffix = ".png" if png else ".pdf"
    target = out or file.with_suffix(suffix)
    if target.suffix.lower() != suffix:
        raise InputError(f"--out {target} does not end in {suffix}")
    pages = render_file(file, target)
    if as_json:
        print_json({"written": [str(p) for p in pages]})
    else:
        print(pages[0] if len(pages) == 1 else f"{pages[0]} to {pages[-1]}: {len(pages)} pages")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (read, audit, diff, verify, render):
        app.command()(command)
