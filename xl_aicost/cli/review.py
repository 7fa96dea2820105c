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
    from xl_aicost.review.gate import NotAllowed
    from xl_aicost.review.upgrade import Upgrade

MOST_RESULTS = 20  # lines of a comparison
File = Annotated[Path, typer.Argument(help="An xlsx file.")]
Seconds = Annotated[
    float | None, typer.Option(min=1, help="Time limit in seconds. Parts that were not checked are listed.")
]


def read(
    file: File,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the CSV that build --assumptions takes.")] = False,
    as_json: Json = False,
) -> None:
    """Read edited inputs back from a workbook that build made."""
    from xl_aicost.review import read as read_file

    workbook = read_file(file)
    if as_json:
        print_json(workbook.as_dict())
    elif as_csv:
        print(workbook.overlay(), end="")
    else:
        for c in workbook.changes:
            print(f"{c.id}{f', {c.scenario}' if c.scenario else ''}: {number(c.old)} -> {number(c.new)}")
        print(f"Inputs and choices that differ from the build: {len(workbook.changes)}. To build with them:")
        print(f"xl-aicost read {file} --csv > inputs.csv && {workbook.command()}")


def audit(
    file: File,
    as_sarif: Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0.")] = False,
    annotate: Annotated[
        Path | None, typer.Option(metavar="COPY", help="Write a copy with the findings listed and the cells tinted.")
    ] = None,
    seconds: Seconds = None,
    everything: Annotated[bool, typer.Option("--all", help="Show all findings, those of low severity too.")] = False,
    as_json: Json = False,
) -> None:
    """Audit any xlsx against modelling rules, and a workbook of ours also against its original build.

    Exit code 1 for findings of medium or above, 2 if a part was not checked.
    """
    from xl_aicost.audit.findings import serious
    from xl_aicost.errors import IncompleteError
    from xl_aicost.review import audit as audit_file
    from xl_aicost.review.audit import in_short, sarif

    result = audit_file(file, seconds)
    if annotate is not None:
        from xl_aicost.review.annotate import annotate as write_copy

        write_copy(result, annotate)
    if as_json or as_sarif:
        print_json(sarif(result) if as_sarif else result.as_dict())
    else:
        from xl_aicost.review.report import report

        print("\n".join(report(result, everything)))
    if result.verdict == "INCOMPLETE":
        raise IncompleteError(f"{file}: audit incomplete: {in_short(result.incomplete)}")
    if serious(result.findings):
        raise typer.Exit(1)


def _print_comparison(result: "Comparison") -> None:
    for d in result.differences:
        place = "!".join(p for p in (d.sheet, d.cell) if p)
        print(f"{d.kind:9} {place} {d.name}: {number(d.old)} -> {number(d.new)}")
    for o in result.outputs[:MOST_RESULTS]:
        unit = f" [{o['unit']}]" if o["unit"] else ""
        print(f"{'result':9} {o['line']}{unit}: {number(o['old'])} -> {number(o['new'])}")
    if result.outputs[MOST_RESULTS:]:
        print(f"{'result':9} and {len(result.outputs) - MOST_RESULTS:,} more: --json lists them")
    for s in result.changed_signs:
        print(f"{'sign':9} {s['line']} changed sign: {number(s['old'])} -> {number(s['new'])}")
    for c in result.checks:
        print(f"{'check':9} {c['check']}: {c['old']} -> {c['new']}")
    for state in result.sign_offs:
        print(f"{'sign-off':9} {state['who']}: {state['old']} -> {state['new']}")
    for note in (*result.notes, *result.incomplete):
        print(f"{'note':9} {note}")
    if result.differs or not result.incomplete:
        formats = "only number formats differ" if result.differences else "nothing differs"
        print("different" if result.differs else formats)


def _print_moved(moved: "list[NotAllowed]") -> None:
    for m in moved:
        d = m.difference
        print(f"not allowed {'!'.join(p for p in (d.sheet, d.cell) if p)} {d.name}: {number(d.old)} -> {number(d.new)}")
        if m.costs is not None:
            moves = [f"{n} {number(without)} -> {number(now)}" for n, (now, without) in m.costs.items()]
            print(f"            it moves {', '.join(moves) or 'no headline result'}")
    print(f"Differences that are not allowed: {len(moved):,}" if moved else "nothing differs but what is allowed")


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
        str | None, typer.Option(metavar="OUTPUT", help="Explain the change of this line, input by input.")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Add the bridge to this file as a sheet; a new file starts as a copy of NEW."
        ),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT",
            help="What may differ: inputs, choices, a sheet, or a range such as 'Inputs!F8:F20'. Anything else fails.",
        ),
    ] = None,
    seconds: Seconds = None,
    as_json: Json = False,
) -> None:
    """Show what differs between two workbooks, and bridge a result.

    Exit code 1 if they differ (with --allow: if anything else differs), 2 if a part was not compared.
    """
    from xl_aicost.errors import IncompleteError, InputError
    from xl_aicost.review import bridge as bridge_of
    from xl_aicost.review import diff as diff_files
    from xl_aicost.review import not_allowed
    from xl_aicost.support.files import destination

    if into is not None and bridge is None:
        raise InputError("--into needs --bridge OUTPUT: the sheet shows a bridge")
    if into is not None:
        destination(into, new.suffix.lower())
    result = diff_files(old, new, seconds)
    steps = None
    if bridge is not None:
        if result.workbooks is None:
            raise InputError(f"--bridge needs two different workbooks of xl-aicost; {result.notes[-1]}")
        steps = bridge_of(*result.workbooks, bridge)
        if into is not None:
            from xl_aicost.review.waterfall import add_waterfall

            brand = result.workbooks[1].built.template.brand
            add_waterfall(steps, brand, (old.name, new.name), into if into.exists() else new, into)
    moved = None if allow is None else not_allowed(result, allow)
    if as_json:
        more: dict[str, object] = {"bridge": steps.as_dict()} if steps else {}
        more |= {} if moved is None else {"not_allowed": [m.as_dict() for m in moved]}
        print_json(result.as_dict() | more)
    else:
        _print_comparison(result)
        if moved is not None:
            _print_moved(moved)
        if steps:
            _print_bridge(steps)
    differs = result.differs if moved is None else bool(moved)
    if result.incomplete and not differs:
        what = "nothing differs" if moved is None else "nothing else differs"
        raise IncompleteError(f"{what} in what was compared, but a part was not: {result.incomplete[0]}")
    if differs:
        raise typer.Exit(1)


def verify(file: File, as_json: Json = False) -> None:
    """Prove that a workbook is what this version builds from its provenance.

    Exit code 1 if it is not, 2 if a part was not compared.
    """
    from xl_aicost.errors import IncompleteError
    from xl_aicost.review import verify as verify_file

    result = verify_file(file)
    if as_json:
        print_json(result.as_dict())
    else:
        print(f"{result.verdict}: {result.meaning}")
        print(f"sha256 {result.sha256}, rebuilt {result.sha256_rebuilt}; made by {result.generator}")
        print(f"Compared: {'; '.join(result.compared)}")
        if result.wrong_values:
            first = ", ".join(result.wrong_values[:5])
            print(f"{len(result.wrong_values):,} stored values are not the formulas' results: {first}")
        for part in result.incomplete if result.verdict == "different" else ():
            print(f"Not compared: {part}")
        if not result.as_built:
            print(f"Drifts: {result.drift}, inputs changed: {result.changed_inputs}; see audit and read")
    if result.verdict == "incomplete":
        raise IncompleteError(f"{file}: not compared in full: {result.incomplete[0]}")
    if not result.as_built:
        raise typer.Exit(1)


def upgrade(
    old: Annotated[Path, typer.Argument(help="A workbook of an older version.")],
    out: Annotated[Path, typer.Option(help="The workbook to write.")],
    as_json: Json = False,
) -> None:
    """Rebuild a workbook of an older version, and show what its inputs changed and what the new version changed.

    Exit code 1 if an input of the old workbook was not carried over.
    """
    from xl_aicost.review.upgrade import upgrade as upgrade_file

    result = upgrade_file(old, out)
    if as_json:
        print_json(result.as_dict())
    else:
        _print_upgrade(result, old)
    if result.not_carried:
        raise typer.Exit(1)


def _print_upgrade(result: "Upgrade", old: Path) -> None:
    carried = ", ".join(f"{n} {number(v)}" for n, v in result.inputs.items()) or "none had been changed"
    print(f"{result.path}: {old.name} of {result.old_version} built anew by {result.new_version}")
    print(f"Inputs carried over: {carried}")
    for line in (*result.not_carried, *result.sign_offs):
        print(f"note      {line}")
    print_table(
        [
            {
                "result": s.line,
                "as made": number(s.built),
                "by its inputs": number(s.by_inputs),
                "in the file": number(s.old),
                "by the new version": number(s.by_version),
                "now": number(s.new),
                "sign": "changed" if s.changed_sign else "",
            }
            for s in result.steps
        ]
    )
    if result.why:
        print(result.why)


def render(
    file: File,
    every: Annotated[bool, typer.Option("--all", help="Also print the workings, after the readers' sheets.")] = False,
    png: Annotated[bool, typer.Option("--png", help="Write a picture of each page into a folder instead.")] = False,
    paper: Annotated[str, typer.Option(help="A4 or Letter.")] = "A4",
    out: Annotated[Path | None, typer.Option(help="The PDF, or the folder for pictures; default beside FILE.")] = None,
    as_json: Json = False,
) -> None:
    """Print the readers' sheets of a workbook as one PDF. Needs LibreOffice; pictures also need Poppler.

    If xl-aicost did not build the workbook, every visible sheet is printed.
    """
    from rich.console import Console
    from rich.status import Status

    from xl_aicost.errors import InputError
    from xl_aicost.review.read import ReturnedWorkbook
    from xl_aicost.workbook.sheets import ALL, unprinted
    from xl_aicost.xlsx.package import open_package
    from xl_aicost.xlsx.render import render as render_file

    target = out or (file.with_name(f"{file.stem}-pages") if png else file.with_suffix(".pdf"))
    package = open_package(file)
    try:
        printed = ReturnedWorkbook(package).facts.get("printed", ALL)
        hidden = set() if every else unprinted([s.name for s in package.sheets], printed)
    except InputError:
        hidden = set()
    with Status("starting", console=Console(stderr=True)) as status:
        pages = render_file(
            file,
            target,
            pictures=png,
            hidden=hidden,
            paper=paper,
            progress=status.update,
        )
    if as_json:
        print_json({"written": [str(p) for p in pages]})
    else:
        print(f"{target}: {len(pages)} pages" if png else target)
