"""How soon the command answers, to what Python and its libraries take to be imported."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks.measure import Figure, at_most, command_seconds


def figures() -> Iterator[Figure]:
    """Yield what is promised of starting."""
    main = [sys.executable, "-c", "from xl_aicost.cli.main import main; main()"]
    typer, both = [sys.executable, "-c", "import typer"], [sys.executable, "-c", "import numpy, typer"]
    commands = (typer, both, [*main, "--help"], [*main, "eval", "cluster_capex"])
    bare, numbers, shown, evaluated = command_seconds(*commands)
    yield at_most("xl-aicost --help, to python -c 'import typer'", shown / bare, 3, f"{shown:.2f} s to {bare:.2f} s")
    how = f"{evaluated:.2f} s to {numbers:.2f} s"
    yield at_most("xl-aicost eval LINE, to python -c 'import numpy, typer'", evaluated / numbers, 1.5, how)
