"""The commands that vary inputs: simulate, solve, sweep."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xl_aicost.cli.options import Json, Scheduler, csv_option, english_csv, with_case
from xl_aicost.cli.output import print_json, print_table, progress_bar
from xl_aicost.errors import InputError
from xl_aicost.support.numbers import number

if TYPE_CHECKING:
    from xl_aicost.case import Case
    from xl_aicost.simulate import Simulation, Solution

Line = Annotated[str, typer.Argument(help="A line of one value; see `xl-aicost list lines`.")]
Threads = Annotated[
    int | None, typer.Option(min=1, help="Number of threads; default one per core. Results do not depend on it.")
]
BAR = 40


@with_case
def simulate(
    case: "Case",
    line: Line,
    draws: Annotated[int, typer.Option(min=2, help="Number of draws.")] = 100_000,
    seed: Annotated[
        int, typer.Option(min=0, help="Seed of the random numbers; the same seed gives the same result.")
    ] = 1,
    method: Annotated[str, typer.Option(help="random, latin (hypercube) or sobol.")] = "random",
    distribution: Annotated[
        str, typer.Option(help="triangular, pert, uniform or lognormal, over each input's low, base and high.")
    ] = "triangular",
    distributions: Annotated[
        Path | None, csv_option(text="Distributions by input: columns id, distribution, low, mode, high.")
    ] = None,
    correlations: Annotated[
        Path | None,
        csv_option(text="Rank correlations: columns a, b, rank_correlation; other pairs are independent."),
    ] = None,
    percentiles: Annotated[str, typer.Option(help="Percentiles to report.")] = "5,10,25,50,75,90,95",
    above: Annotated[list[float], typer.Option(help="Report the chance of this value or more; may be repeated.")] = [],  # noqa: B006
    sobol: Annotated[bool, typer.Option("--sobol-indices", help="Add Sobol indices of the inputs.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write all draws to a .parquet or .csv file.")] = None,
    png: Annotated[Path | None, typer.Option(help="Write a chart as a .png file.")] = None,
    threads: Threads = None,
    scheduler: Scheduler = None,
    as_json: Json = False,
) -> None:
    """Vary the inputs over their ranges: percentiles of a line, chances, and the inputs that drive it."""
    from xl_aicost.simulate import simulate as run
    from xl_aicost.simulate import sobol_indices

    if sobol and correlations:
        raise InputError("--sobol-indices needs independent inputs; leave out --correlations")
    if png is not None:
        from xl_aicost.support.files import destination

        destination(png, ".png")
    with progress_bar(draws, "draws") as progress:
        result = run(
            line,
            case,
            draws=draws,
            seed=seed,
            method=method,
            distribution=distribution,
            distributions=distributions,
            correlations=correlations,
            percentiles=_levels(percentiles),
            above=above,
            threads=threads,
            scheduler=scheduler,
            out=out,
            progress=progress,
        )
    indices = sobol_indices(line, case, result.distributions, seed) if sobol else []
    if png is not None:
        from xl_aicost.simulate.picture import draw

        draw(result, png)
    if as_json:
        extra = {"sobol_indices": [vars(i) for i in indices]} if sobol else {}
        above_all = {"above": [{"threshold": t, "share": s} for t, s in result.above.items()]}
        print_json(result.as_dict() | above_all | extra | case.summary)
        return
    _print_simulation(result)
    if indices:
        print_table([{"input": i.id, "alone": i.first, "with interactions": i.total} for i in indices])
    for path in (out, png):
        if path is not None:
            print(path)


def _levels(text: str) -> list[float]:
    try:
        return [float(t) for t in text.split(",")]
    except ValueError:
        raise InputError(f"--percentiles {text!r} is not a list of numbers, as in 10,50,90") from None


def _print_simulation(result: "Simulation") -> None:
    most = max(result.bars)
    for low, count in zip(result.cuts, result.bars, strict=False):
        print(f"{number(low):>20} {'#' * round(BAR * count / most)}")
    print(f"{result.line} [{result.unit}], {result.draws:,} draws, {result.method}, seed {result.seed}")
    error = "n/a" if result.mean_error is None else number(result.mean_error)
    print(f"base {number(result.base)}, mean {number(result.mean)} (standard error {error})")
    if result.without_value:
        print(f"{result.without_value:,} draws have no value and are not included")
    print_table(
        [{"percentile": f"P{p.level:g}", "value": p.value, "standard error": p.error} for p in result.percentiles]
    )
    for threshold, share in result.above.items():
        print(f"chance of {number(threshold)} or more: {share:.1%}")
    print(f"What drives it (rank regression, explains {result.explained:.0%}):")
    print_table([{"input": d.id, "coefficient": d.coefficient} for d in result.drivers[:12]])


@with_case
def solve(
    case: "Case",
    line: Line,
    input_: Annotated[str, typer.Argument(metavar="INPUT", help="The input to find.")],
    target: Annotated[float, typer.Option(help="The value that the line is to reach.")] = 0.0,
    as_json: Json = False,
) -> None:
    """Find the values of an input at which a line reaches a target; exit code 1 if none does.

    Where the line jumps over the target, both sides of the jump are shown: no value of the input gives the target.
    """
    from xl_aicost.simulate import solve as run

    solution = run(line, input_, target, case)
    if as_json:
        print_json(solution.as_dict() | {"values": solution.values} | case.summary)
    else:
        _print_solution(solution, case)
    if not solution.roots:
        raise typer.Exit(1)


def _print_solution(solution: "Solution", case: "Case") -> None:
    name, unit, line = solution.input, solution.unit, solution.line
    for root in solution.roots:
        low, high = number(root.low), number(root.high)
        ends = f"{'above' if root.above else 'from'} {low} {'to below' if root.below else 'to'} {high}"
        print(f"{name} = {low} {unit}" if low == high else f"{name} {ends} {unit}")
    for jump in solution.jumps:
        print(f"at {name} = {number(jump.at)} {unit} {line} jumps from {number(jump.below)} to {number(jump.above)}")
    if not solution.roots:
        item = case.assumptions.rows[name]
        print(
            f"{line} does not reach {number(solution.target)} for any {name} from {item.min:,.15g} to {item.max:,.15g}"
        )


@with_case
def sweep(
    case: "Case",
    grid: Annotated[
        Path,
        typer.Argument(callback=english_csv, help="A .csv or .parquet file; each column is an input, each row a case."),
    ],
    line: Annotated[list[str], typer.Option(help="A line of one value; may be repeated.")],
    out: Annotated[Path, typer.Option(help="The .csv or .parquet file to write.")],
    threads: Threads = None,
    scheduler: Scheduler = None,
) -> None:
    """Evaluate lines for every row of a table of any length."""
    from xl_aicost.simulate import sweep as run

    with progress_bar(None, "rows") as progress:
        result = run(grid, line, out, case, threads=threads, scheduler=scheduler, progress=progress)
    print(f"{out}: {result.rows:,} rows")
