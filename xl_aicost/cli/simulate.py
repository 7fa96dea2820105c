"""The commands for many cases: simulate, solve, sweep, batch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xl_aicost.cli.options import Company, Overlay, Scenario, Set, Year, Years, company_note, english, settings_of
from xl_aicost.cli.output import Json, plain, print_json, print_table
from xl_aicost.errors import InputError
from xl_aicost.support.numbers import number

if TYPE_CHECKING:
    from xl_aicost.simulate import Simulation

Line = Annotated[str, typer.Argument(help="A line of one value; see `xl-aicost list lines`.")]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads; default one a core. The result is the same.")]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler, as tcp://host:8786, instead of threads.")
]
BAR = 40


def simulate(
    line: Line,
    draws: Annotated[int, typer.Option(min=2, help="Number of draws.")] = 100_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed; the same seed gives the same result.")] = 1,
    method: Annotated[str, typer.Option(help="random, latin (hypercube) or sobol.")] = "random",
    distribution: Annotated[
        str, typer.Option(help="triangular, pert, uniform or lognormal, over each input's low, base and high.")
    ] = "triangular",
    distributions: Annotated[
        Path | None,
        typer.Option(metavar="CSV", callback=english, help="By input: columns id, distribution, low, mode, high."),
    ] = None,
    correlations: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV", callback=english, help="Columns a, b, rank_correlation; other pairs are independent."
        ),
    ] = None,
    percentiles: Annotated[str, typer.Option(help="Percentiles to report.")] = "5,10,25,50,75,90,95",
    above: Annotated[list[float], typer.Option(help="Report the chance of this much or more; may be repeated.")] = [],  # noqa: B006
    sobol: Annotated[bool, typer.Option("--sobol-indices", help="Add Sobol indices of the inputs.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write every draw: a .parquet or .csv file.")] = None,
    png: Annotated[Path | None, typer.Option(help="Write a chart.")] = None,
    set_: Set = [],  # noqa: B006
    scenario: Scenario = "base",
    company: Company = None,
    year: Year = None,
    years: Years = 10,
    assumptions: Overlay = None,
    threads: Threads = None,
    scheduler: Scheduler = None,
    as_json: Json = False,
) -> None:
    """Vary the inputs over their ranges: percentiles of a line, chances, and which inputs drive it."""
    from xl_aicost.assumptions import load_assumptions
    from xl_aicost.case import case
    from xl_aicost.simulate import simulate as run
    from xl_aicost.simulate import sobol_indices

    if sobol and correlations:
        raise InputError("--sobol-indices are defined for independent inputs; leave out --correlations")
    if png is not None:
        from xl_aicost.support.files import destination

        destination(png, ".png")
    company_note(company, year)
    settings = settings_of(set_)
    with _progress(draws, "draws") as progress:
        found = run(
            line,
            draws=draws,
            seed=seed,
            method=method,
            distribution=distribution,
            distributions=distributions,
            correlations=correlations,
            scenario=scenario,
            company=company,
            year=year,
            years=years,
            settings=settings,
            assumptions=assumptions,
            percentiles=_levels(percentiles),
            above=above,
            threads=threads,
            scheduler=scheduler,
            out=out,
            progress=progress,
        )
    values = case(scenario, company, year, settings, load_assumptions(assumptions))
    indices = sobol_indices(line, values, found.distributions, seed, years=years) if sobol else []
    if png is not None:
        from xl_aicost.simulate.picture import draw

        draw(found, png)
    if as_json:
        extra = {"sobol_indices": [vars(i) for i in indices]} if sobol else {}
        shown = found.as_dict() | {"above": [{"threshold": t, "share": s} for t, s in found.above.items()]}
        print_json(plain_tree(shown | extra))
        return
    _show(found)
    if indices:
        print_table([{"input": i.id, "alone": i.first, "with interactions": i.total} for i in indices])
    for path in (out, png):
        if path is not None:
            print(path)


def plain_tree(value: object) -> object:
    """Make a tree of values fit for JSON."""
    if isinstance(value, dict):
        return {k: plain_tree(v) for k, v in value.items()}
    return [plain_tree(v) for v in value] if isinstance(value, list) else plain(value)


def _levels(text: str) -> list[float]:
    try:
        return [float(t) for t in text.split(",")]
    except ValueError:
        raise InputError(f"--percentiles {text!r} is not a list of numbers, as in 10,50,90") from None


def _show(found: "Simulation") -> None:
    most = max(found.bars)
    for low, count in zip(found.cuts, found.bars, strict=False):
        print(f"{number(low):>20} {'#' * round(BAR * count / most)}")
    print(f"{found.line} [{found.unit}], {found.draws:,} draws, {found.method}, seed {found.seed}")
    print(f"base {number(found.base)}, mean {number(found.mean)} (standard error {number(found.mean_error)})")
    if found.without_value:
        print(f"{found.without_value:,} draws have no value and are left out")
    print_table(
        [{"percentile": f"P{p.level:g}", "value": p.value, "standard error": p.error} for p in found.percentiles]
    )
    for threshold, share in found.above.items():
        print(f"chance of {number(threshold)} or more: {share:.1%}")
    print(f"What drives it (rank regression, explains {found.explained:.0%}):")
    print_table([{"input": d.id, "coefficient": d.coefficient} for d in found.drivers[:12]])


@contextmanager
def _progress(total: int | None, what: str) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.completed:,.0f} " + what), BarColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def solve(
    line: Line,
    input_: Annotated[str, typer.Argument(metavar="INPUT", help="The input to find.")],
    target: Annotated[float, typer.Option(help="The value that the line should have.")] = 0.0,
    set_: Set = [],  # noqa: B006
    scenario: Scenario = "base",
    company: Company = None,
    year: Year = None,
    years: Years = 10,
    assumptions: Overlay = None,
    as_json: Json = False,
) -> None:
    """Find the value of an input at which a line reaches a target; exit code 1 if none does."""
    from xl_aicost.assumptions import load_assumptions
    from xl_aicost.case import case, known_input
    from xl_aicost.simulate import solve as run

    table = load_assumptions(assumptions)
    values = case(scenario, company, year, settings_of(set_), table)
    item = known_input(input_, table)
    company_note(company, year)
    found = run(line, item.id, target, values=values, years=years)
    if as_json:
        print_json({"line": line, "target": target, "input": item.id, "unit": item.unit, "values": found})
    for value in found if not as_json else ():
        print(f"{item.id} = {number(value)} {item.unit}")
    if not found:
        if not as_json:
            print(f"{line} does not reach {number(target)} for any {item.id} from {item.min:,.15g} to {item.max:,.15g}")
        raise typer.Exit(1)


def sweep(
    grid: Annotated[
        Path,
        typer.Argument(callback=english, help="A .csv or .parquet file; each column an input, each row a case."),
    ],
    line: Annotated[list[str], typer.Option(help="A line of one value; may be repeated.")],
    out: Annotated[Path, typer.Option(help="The .csv or .parquet file to write.")],
    set_: Set = [],  # noqa: B006
    scenario: Scenario = "base",
    company: Company = None,
    year: Year = None,
    years: Years = 10,
    assumptions: Overlay = None,
    threads: Threads = None,
    scheduler: Scheduler = None,
) -> None:
    """Evaluate lines over every row of a table, however long."""
    from xl_aicost.case import case
    from xl_aicost.simulate import sweep as run

    values = case(scenario, company, year, settings_of(set_), assumptions)
    company_note(company, year)
    with _progress(None, "rows") as progress:
        rows = run(grid, line, out, values=values, years=years, threads=threads, scheduler=scheduler, progress=progress)
    print(f"{out}: {rows:,} rows")


def batch(
    companies: Annotated[
        Path,
        typer.Argument(callback=english, help="A CSV: a column `name`, and inputs by id, or company and year."),
    ],
    out: Annotated[Path, typer.Option(help="The folder to fill; made if it is not there.")],
    template: Annotated[str, typer.Option(help="A template of workbooks/, or a path to your own.")] = "company",
    assumptions: Overlay = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default one a core.")] = None,
    scheduler: Scheduler = None,
) -> None:
    """Build a workbook for each row of a table; run again, it goes on where it stopped; exit code 1 if a row failed."""
    from xl_aicost.workbook.batch import MANIFEST, manifest
    from xl_aicost.workbook.batch import batch as run

    with _progress(None, "workbooks") as progress:
        rows = run(
            companies,
            out,
            template=template,
            assumptions=assumptions,
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


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (simulate, solve, sweep, batch):
        app.command()(command)
