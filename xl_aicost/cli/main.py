"""The command xl-aicost. Heavy modules are imported by the command that needs them."""

# no `from __future__ import annotations`: typer would compile each annotation again, a tenth of what starting takes
import sys
from typing import Annotated, NoReturn

import typer

from xl_aicost import __version__
from xl_aicost.cli import hosts, model, review, simulate, workbook
from xl_aicost.errors import AicostError, InputError

STOPPED = 130  # exit code of what Ctrl-C has ended

app = typer.Typer(
    help="What AI infrastructure costs, and how many jobs it would take to pay for it.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
for group in (model, workbook, simulate, review, hosts):
    group.register(app)


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
