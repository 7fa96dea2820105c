"""The command xl-aicost. Heavy modules are imported by the command that needs them."""

# no `from __future__ import annotations`: typer would compile each annotation again, a tenth of what starting takes
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from xl_aicost import __version__
from xl_aicost.cli import facts as cli_facts
from xl_aicost.cli import review as cli_review
from xl_aicost.cli import simulate as cli_simulate
from xl_aicost.cli.options import Company, Overlay, Scenario, Set, Year, Years, company_note, settings_of
from xl_aicost.cli.output import Json, plain, print_json, print_table
from xl_aicost.errors import AicostError, InputError
from xl_aicost.support.numbers import number

STOPPED = 130  # exit code of what Ctrl-C has ended

app = typer.Typer(
    help="What AI infrastructure costs, and how many jobs it would take to pay for it.",
    add_completion=False,
    pretty_exceptions_enable=False,
)

SHOWN = {"id", "chapter", "unit", "summary", "label", "low", "base", "high", "kind", "signature", "help", "company"}
SHOWN |= {"period", "measure", "value", "definition", "title", "publisher", "date", "claim", "model_low", "model_high"}
SHOWN |= {"verdict", "explanation"}


class Listing(StrEnum):
    """What `list` can show."""

    lines = "lines"
    assumptions = "assumptions"
    functions = "functions"
    companies = "companies"
    sources = "sources"


def _choices(pairs: list[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise InputError(f"--choose {pair!r} is not NAME=VALUE, as in --choose one_life=6")
        try:
            found[name] = float(text)
        except ValueError:
            found[name] = text
    return found


@app.command("eval")
def eval_(
    line: Annotated[str, typer.Argument(help="A line of the model; see `xl-aicost list lines`.")],
    set_: Set = [],  # noqa: B006 (typer copies it)
    scenario: Scenario = "base",
    company: Company = None,
    year: Year = None,
    years: Years = 10,
    assumptions: Overlay = None,
    as_json: Json = False,
) -> None:
    """Print the value and unit of a line."""
    from xl_aicost.assumptions import load_assumptions
    from xl_aicost.case import case, line_value, model

    value = plain(line_value(line, case(scenario, company, year, settings_of(set_), assumptions), years))
    graph = model()
    unit = graph.lines[line].unit if line in graph.lines else load_assumptions(assumptions)[line].unit
    note = company_note(company, year)
    if as_json:
        print_json({"line": line, "value": value, "unit": unit, "scenario": scenario} | note)
    else:
        print(f"{number(value)} {unit}")


@app.command()
def explain(
    line: Annotated[str, typer.Argument(help="A line of the model; see `xl-aicost list lines`.")],
    set_: Set = [],  # noqa: B006
    scenario: Scenario = "base",
    company: Company = None,
    year: Year = None,
    assumptions: Overlay = None,
    as_json: Json = False,
) -> None:
    """Show what a line is made from: formulas, values, units and sources, as a tree."""
    from xl_aicost.catalogue.explain import Explanation
    from xl_aicost.catalogue.explain import explain as explain_line

    tree = explain_line(
        line,
        scenario=scenario,
        company=company,
        year=year,
        settings=settings_of(set_),
        assumptions=assumptions,
    )
    company_note(company, year)
    if as_json:
        print_json(_plain_tree(tree.as_dict()))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.tree import Tree

    seen: set[str] = set()

    def label(node: Explanation) -> str:
        value = node.value[0] if isinstance(node.value, list) else node.value
        first = " in year 1" if isinstance(node.value, list) else ""
        text = f"[bold]{node.id}[/bold] = {number(plain(value))} {escape(node.unit)}{first}"
        if node.formula:
            text += f"\n  [cyan]= {escape(node.formula)}[/cyan]"
        return text + f"\n  [dim]{escape(node.source)}[/dim]"

    def grow(branch: Tree, node: Explanation) -> None:
        for below in node.precedents:
            if below.id in seen and below.precedents:
                branch.add(f"[bold]{below.id}[/bold] (above)")
                continue
            seen.add(below.id)
            grow(branch.add(label(below)), below)

    root = Tree(label(tree))
    grow(root, tree)
    Console(width=None if sys.stdout.isatty() else 160).print(root)


def _plain_tree(node: dict[str, Any]) -> dict[str, Any]:
    below = [_plain_tree(p) for p in node["precedents"]]
    return node | {"value": plain(node["value"]), "precedents": below}


@app.command("list")
def list_(
    what: Annotated[Listing, typer.Argument(help="lines, assumptions, functions, companies or sources")],
    assumptions: Overlay = None,
    as_json: Json = False,
) -> None:
    """List lines, assumptions, functions, companies or sources."""
    from dataclasses import asdict

    from xl_aicost import assumptions as data
    from xl_aicost.case import model
    from xl_aicost.catalogue.functions import CATALOGUE

    rows: list[dict[str, Any]]
    if what is Listing.lines:
        rows = [
            {"id": x.id, "chapter": x.chapter, "unit": x.unit, "summary": x.summary, "source": x.source}
            for x in model().lines.values()
        ]
    elif what is Listing.assumptions:
        rows = [asdict(a) for a in data.load_assumptions(assumptions).values()]
    elif what is Listing.functions:
        rows = [{"name": f.name, "signature": f.signature, "unit": f.unit, "help": f.help} for f in CATALOGUE.values()]
    elif what is Listing.companies:
        rows = [asdict(f) | {"period_end": str(f.period_end)} for f in data.load_facts()]
    else:
        rows = [asdict(s) for s in data.load_sources().values()]
    if as_json:
        print_json(rows)
        return
    _print_rows(rows)


def _print_rows(rows: list[dict[str, Any]]) -> None:
    print_table([{k: v for k, v in row.items() if k in SHOWN} for row in rows])


@app.command()
def claims(as_json: Json = False) -> None:
    """Test the article's claims against the model."""
    from xl_aicost.catalogue.claims import verdicts

    rows = [v.as_dict() for v in verdicts()]
    if as_json:
        print_json(rows)
        return
    _print_rows(rows)
    ties = sum(r["verdict"] == "ties" for r in rows)
    fails = sum(r["verdict"] == "does-not-tie" for r in rows)
    print(f"{len(rows)} claims: {ties} tie out, {fails} do not, {len(rows) - ties - fails} are for judgement")


class Period(StrEnum):
    """How long a period of the time axis is."""

    year = "year"
    quarter = "quarter"
    month = "month"


@app.command()
def build(
    template: Annotated[str, typer.Argument(help="A template of workbooks/, or a path to your own.")] = "cluster",
    out: Annotated[Path | None, typer.Option(help="The workbook to write; default TEMPLATE.xlsx here.")] = None,
    set_: Set = [],  # noqa: B006
    scenario: Annotated[str | None, typer.Option(help="The scenario shown; default the template's.")] = None,
    company: Company = None,
    year: Year = None,
    years: Annotated[int | None, typer.Option(min=1, max=30, help="Years; default the template's.")] = None,
    start: Annotated[int | None, typer.Option(min=1900, max=2200, help="First year; default the template's.")] = None,
    period: Annotated[Period | None, typer.Option(help="Length of a period; default the template's.")] = None,
    lambdas: Annotated[bool, typer.Option("--lambdas", help="Add the functions as LAMBDA names (Excel 365).")] = False,
    assumptions: Overlay = None,
    choose: Annotated[
        list[str],
        typer.Option("--choose", metavar="NAME=VALUE", help="Set a cell of Control by its name; may be repeated."),
    ] = [],  # noqa: B006
    simulate: Annotated[
        str | None, typer.Option(metavar="LINE", help="Add a sheet with a simulation of a line of one value.")
    ] = None,
    draws: Annotated[int, typer.Option(min=2, max=1_000_000, help="Draws of --simulate.")] = 100_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of --simulate.")] = 1,
    as_json: Json = False,
) -> None:
    """Build a workbook of live formulas with their values in place; exit code 1 if its checks fail."""
    from datetime import date

    from rich.console import Console
    from rich.status import Status

    from xl_aicost.workbook.build import build as build_workbook

    note = company_note(company, year)
    with Status("starting", console=Console(stderr=True)) as status:
        result = build_workbook(
            template,
            out,
            scenario=scenario,
            company=company,
            year=year,
            settings=settings_of(set_),
            years=years,
            start=start,
            period=period and period.value,
            lambdas=lambdas,
            assumptions=assumptions,
            choices=_choices(choose),
            simulate={"line": simulate, "draws": draws, "seed": seed, "date": f"{date.today()}"} if simulate else None,
            progress=status.update,
        )
    if as_json:
        print_json(result.as_dict() | note)
    else:
        print(f"{result.path}: {result.formulas:,} formulas with their values, checks {result.checks}")
    if result.checks != "OK":
        raise typer.Exit(1)


class Host(StrEnum):
    """Hosts that need a folder of files."""

    excel_desktop = "excel-desktop"
    libreoffice = "libreoffice"


@app.command()
def addin(
    host: Annotated[Host, typer.Argument(help="excel-desktop (Windows, classic xlwings) or libreoffice.")],
    target: Annotated[Path, typer.Argument(help="A new folder; for libreoffice a file that ends in .oxt.")],
) -> None:
    """Write the files that a spreadsheet host loads."""
    if host is Host.libreoffice:
        from xl_aicost.hosts.libreoffice import write_extension

        print(write_extension(target))
        return
    from xl_aicost.hosts.addin import write_excel_desktop

    for path in write_excel_desktop(target):
        print(path)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    certificate: Annotated[Path | None, typer.Option(help="TLS certificate (PEM); Excel asks for https.")] = None,
    key: Annotated[Path | None, typer.Option(help="The certificate's private key (PEM).")] = None,
) -> None:
    """Serve the functions to Excel on Windows, Mac and web (xlwings Server)."""
    from xl_aicost.hosts.serve import serve as serve_functions

    serve_functions(host, port, certificate, key)


cli_simulate.register(app)
cli_review.register(app)
cli_facts.register(app)


@app.callback(invoke_without_command=True)
def top(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    csv_format: Annotated[
        str, typer.Option("--csv-format", help="How CSV files given are written: english, german or french; anywhere.")
    ] = "english",
    _debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error; may stand anywhere.")
    ] = False,
) -> None:
    """Read the options that stand before a command; `main` puts them there, and reads --debug."""
    if csv_format != "english":
        from xl_aicost.assumptions.dialect import CsvFormat

        if csv_format not in list(CsvFormat):
            raise InputError(f"--csv-format {csv_format!r} is not one of {', '.join(CsvFormat)}")
    context.obj = csv_format
    if version:
        print(f"xl-aicost {__version__}")
    elif context.invoked_subcommand is None:
        print(context.get_help())


def main() -> None:
    """Run the command; an error that a user can put right is one line on standard error and exit code 2."""
    debug = "--debug" in sys.argv
    sys.argv = _with_first("--csv-format", [a for a in sys.argv if a != "--debug"])
    try:
        code = app(standalone_mode=False)
    except (AicostError, OSError) as error:
        if debug:
            raise
        _stop(str(error))
    except (typer.Abort, KeyboardInterrupt):
        _stop("stopped", STOPPED)
    except Exception as error:
        usage = getattr(error, "format_message", None)  # a wrong option or argument, as typer's parser says it
        if usage is None or debug:
            raise
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "xl-aicost"
        _stop(f"{' '.join(usage().split())} (see `{command} --help`)")
    if code == STOPPED:  # which typer makes of Ctrl-C
        _stop("stopped", STOPPED)
    sys.exit(code if isinstance(code, int) else 0)


def _with_first(option: str, words: list[str]) -> list[str]:
    """Return a command line with an option and its value put before the command."""
    at = next((i for i, w in enumerate(words) if w == option or w.startswith(f"{option}=")), None)
    if at is None:
        return words
    taken = words[at : at + (1 if "=" in words[at] else 2)]
    if taken == [option]:
        return [words[0], option]  # typer says that it needs a value
    return [words[0], *taken, *words[1:at], *words[at + len(taken) :]]


def _stop(message: str, code: int = 2) -> NoReturn:
    if code == STOPPED:
        sys.unraisablehook = lambda _: None  # writers that were left half-way complain when they are taken down
    print(f"xl-aicost: {message}", file=sys.stderr)
    sys.exit(code)
