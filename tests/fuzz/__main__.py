"""Fuzz for some time: python -m tests.fuzz [--minutes 60] [--seed N] [workbooks|calls|graphs|guided ...]

Prints what was tried and what went wrong; the exit code is 1 if anything did. What went wrong under `guided` is kept in
tests/fuzz/corpus, and so is what reached new code.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.conftest import recalculated
from tests.fuzz import calls, workbooks
from tests.fuzz.targets import CORPUS, TARGETS

ROOT = Path(__file__).parents[2]
SHARES = {"workbooks": 0.35, "calls": 0.2, "graphs": 0.15, "guided": 0.3}
LARGEST_KEPT = 4000  # bytes of an input that goes into the corpus
Result = tuple[str, list[str]]


def until(seconds: float, one: Callable[[int], tuple[int, list[str]]], seed: int, step: int) -> tuple[int, list[str]]:
    """Do one round after the other until the time is over; return how many cases there were and what went wrong."""
    end, count, found = time.monotonic() + seconds, 0, []
    while time.monotonic() < end and len(found) < 100:
        more, wrong = one(seed)
        count, found, seed = count + more, found + wrong, seed + step
    return count, found


def fuzz_workbooks(seconds: float, seed: int) -> Result:
    count, found = until(seconds, lambda s: workbooks.run(list(range(s, s + 12)), recalculated), seed * 100_000, 12)
    return f"{count:,} values of formulas compared", found


def fuzz_calls(seconds: float, seed: int) -> Result:
    count, found = until(seconds, lambda s: calls.run(s, 5000), seed * 100_000, 1)
    return f"{count:,} calls of functions", found


def fuzz_graphs(seconds: float, seed: int) -> Result:
    """The property tests of expressions and graphs, with ten times the examples, again and again with other seeds."""

    def one(number: int) -> tuple[int, list[str]]:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-n",
            "0",
            f"--hypothesis-seed={number}",
        ]
        command += ["--hypothesis-show-statistics", "tests/engines/test_random_formulas.py"]
        environment = {k: v for k, v in os.environ.items() if k != "CI"} | {"XL_AICOST_EXAMPLES": "10"}
        run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
        made = sum(map(int, re.findall(r"(\d+) passing,", run.stdout)))
        return made, [] if run.returncode == 0 else [f"hypothesis seed {number}: {run.stdout[-3000:]}"]

    count, found = until(seconds, one, seed * 1000, 1)
    return f"{count:,} random expressions and graphs", found


def fuzz_guided(seconds: float, seed: int) -> Result:
    """Each target of targets.py under atheris for its share of the time."""
    runs, found, told = 0, [], []
    for target in TARGETS:
        each = max(5, int(seconds / len(TARGETS)))
        command = [sys.executable, "-m", "tests.fuzz.guided", target, str(each), str(seed)]
        run = subprocess.run(command, capture_output=True, text=True, errors="replace", cwd=ROOT)
        done = re.findall(r"number_of_executed_units: (\d+)", run.stdout + run.stderr)
        reached = re.findall(r"cov: (\d+)", run.stdout + run.stderr)
        runs += int(done[-1]) if done else 0
        told.append(f"{target} {int(done[-1]) if done else 0:,} runs, {reached[-1] if reached else 'no'} edges")
        folder = Path(re.search(r'"artifacts": "(.*?)"', run.stdout)[1])
        found += kept(target, folder)
        if run.returncode and not any(folder.glob("wrong-*")):
            found.append(f"{target}: {run.stderr[-2000:]}")
        shutil.rmtree(folder)
    return f"{runs:,} inputs of readers and loaders ({'; '.join(told)})", found


def kept(target: str, folder: Path) -> list[str]:
    """Move what a run found into the corpus: what went wrong, and small inputs that reached new code."""
    wrong = []
    for path in folder.iterdir():
        if path.name.startswith("wrong-"):
            shutil.copy(path, CORPUS / target / path.name)
            wrong.append(f"{target}: {path.name}: {path.read_bytes()[:200]!r}")
        elif path.stat().st_size <= LARGEST_KEPT:
            shutil.copy(path, CORPUS / target / path.name[:16])
    return wrong


def main() -> None:
    """Read the arguments, fuzz, and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("names", nargs="*", default=[])
    asked = parser.parse_args()
    names = asked.names or list(SHARES)
    total = sum(SHARES[n] for n in names)
    print(f"seed {asked.seed}, {asked.minutes:g} minutes", flush=True)
    wrong = 0
    for name in names:
        begin = time.monotonic()
        told, found = globals()[f"fuzz_{name}"](asked.minutes * 60 * SHARES[name] / total, asked.seed)
        print(f"{name}: {told} in {time.monotonic() - begin:.0f} s, {len(found)} wrong", flush=True)
        for text in found[:20]:
            print(f"  {text}", flush=True)
        wrong += len(found)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
