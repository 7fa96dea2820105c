"""The command xl-aicost. Each command imports the modules that it needs, so that the others start quickly."""

# no `from __future__ import annotations`: typer would compile each annotation again, a tenth of the time to start
import io
import sys
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

from xl_aicost import __version__
from xl_aicost.errors import AicostError, InputError

STOPPED = 130  # exit code after Ctrl-C

COMMANDS = {  # the module of each, in the order in which the help lists them
    **dict.fromkeys(["eval", "list", "explain", "claims"], "model"),
    "facts": "facts",
    **dict.fromkeys(["build", "answer", "batch"], "workbook"),
    **dict.fromkeys(["simulate", "solve", "sweep"], "simulate"),
    **dict.fromkeys(["read", "audit", "diff", "verify", "upgrade", "render"], "review"),
    **dict.fromkeys(["addin", "serve"], "hosts"),
    "mcp": "mcp",
}


class Commands(TyperGroup):
    """The commands, each read when it is first asked for: typer takes a millisecond for each."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, or None; after a name that is none, all are there to suggest one."""
        for name in [cmd_name] if cmd_name in COMMANDS else COMMANDS:
            if name not in self.commands:
                functions = vars(import_module(f"xl_aicost.cli.{COMMANDS[name]}"))
                information = CommandInfo(name, cls=TyperCommand, callback=functions.get(f"{name}_") or functions[name])
                self.commands[name] = get_command_from_info(
                    information, pretty_exceptions_short=True, rich_markup_mode="rich"
                )
        return super().get_command(ctx, cmd_name)


app = typer.Typer(
    cls=Commands,
    help="What AI infrastructure costs, and how many jobs it would take to pay for it.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def top(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    csv_format: Annotated[
        str,
        typer.Option(
            "--csv-format", help="Number format of CSV inputs: english (1,234.5), german (1.234,5) or french (1 234,5)."
        ),
    ] = "english",
    _debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Read the options of all commands, which `main` moves to the front; `main` itself reads --debug."""
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
    """Run the command. An error that the user can correct is one line on standard error, with exit code 2."""
    _print_any_character()
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
        if isinstance(error.__context__, KeyboardInterrupt):  # openpyxl takes any exception for a wrong value
            _stop("stopped", STOPPED)
        usage = getattr(error, "format_message", None)  # of a wrong option or argument, in the words of typer's parser
        if usage is None or debug:
            raise
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "xl-aicost"
        _stop(f"{' '.join(usage().split())} (see `{command} --help`)")
    if code == STOPPED:  # typer has handled Ctrl-C
        _stop("stopped", STOPPED)
    sys.exit(code if isinstance(code, int) else 0)


def _print_any_character() -> None:
    """Write UTF-8 into files and pipes, and put ? for what a terminal cannot show: Windows may have either in cp1252."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _with_first(option: str, words: list[str]) -> list[str]:
    """Return a command line with an option and its value moved before the command."""
    at = next((i for i, w in enumerate(words) if w == option or w.startswith(f"{option}=")), None)
    if at is None:
        return words
    taken = words[at : at + (1 if "=" in words[at] else 2)]
    if taken == [option]:
        return [words[0], option]  # typer reports the missing value
    return [words[0], *taken, *words[1:at], *words[at + len(taken) :]]


def _stop(message: str, code: int = 2) -> NoReturn:
    if code == STOPPED:
        sys.unraisablehook = lambda _: None  # writers that were interrupted would complain when they are deleted
    print(f"xl-aicost: {message}", file=sys.stderr)
    sys.exit(code)
