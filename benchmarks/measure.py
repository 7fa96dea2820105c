"""How the benchmarks measure: alternately, in processes of their own where memory counts, with the median of several runs."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Figure:
    """A measured figure, what was promised of it, and how it was measured."""

    what: str
    found: float
    promised: str
    holds: bool
    how: str
    unit: str = "times"


def at_most(what: str, found: float, most: float, how: str, unit: str = "times") -> Figure:
    """Return a figure that must not be larger."""
    return Figure(what, found, f"at most {most:,g}", found <= most, how, unit)


def at_least(what: str, found: float, least: float, how: str, unit: str = "times") -> Figure:
    """Return a figure that must not be smaller."""
    return Figure(what, found, f"at least {least:,g}", found >= least, how, unit)


def between(what: str, found: float, least: float, most: float, how: str) -> Figure:
    """Return a figure that must lie between two ends."""
    return Figure(what, found, f"{least:g} to {most:g}", least <= found <= most, how, "")


def seconds(*functions: Callable[[], Any], repeats: int = 5) -> list[float]:
    """Return the median time of each function; they take turns, so that a busy moment hits all."""
    found: list[list[float]] = [[] for _ in functions]
    for _ in range(repeats):
        for place, function in enumerate(functions):
            begin = time.perf_counter()
            function()
            found[place].append(time.perf_counter() - begin)
    return [statistics.median(f) for f in found]


# ru_maxrss would not do: it begins with what the process had before it ran this program
PEAK = """
import json
with open("/proc/self/status") as status:
    answer["peak"] = next(float(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
print(json.dumps(answer))
"""


def in_process(code: str) -> dict[str, float]:
    """Run code in a process of its own and return what it puts into `answer`, and `peak`: its largest memory in bytes.

    It reads what Linux tells of a process.
    """
    program = f"answer = {{}}\n{code}\n{PEAK}"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    if run.returncode:
        raise RuntimeError(run.stderr)
    return dict(json.loads(run.stdout.splitlines()[-1]))


def command_seconds(*commands: list[str], repeats: int = 11) -> list[float]:
    """Return the median time of each command, run in turns; its modules are compiled once, as those of an installed package."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    runs = (lambda c=c: subprocess.run(c, check=True, capture_output=True, env=env) for c in commands)
    return seconds(*runs, repeats=repeats)


def exponent(sizes: list[float], costs: list[float], start: float) -> float:
    """Return the power of the size that the cost beyond a fixed start grows with: least squares on logarithms."""
    import numpy as np

    slope, _ = np.polyfit(np.log(sizes), np.log(np.array(costs) - start), 1)
    return float(slope)
