"""The table of docs/scaling.md: how many rows a second a core does here, and how many bytes one takes on disk.

python -m benchmarks.scaling
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.growth import STAMP, grids, measured
from xl_aicost.simulate import simulate, sweep

DRAWS, ROWS, COMPANIES = 10_000_000, 4_000_000, 2_600
LINES = ("layoffs_to_fund", "cluster_capex", "cluster_npv", "option_b_value_advantage")


def timed(function: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    function()
    return time.perf_counter() - begin


def show(what: str, per_second: float, size: str) -> None:
    print(f"| {what} | {float(f'{per_second:.2g}'):,.0f} | {size} |", flush=True)


def main() -> None:
    """Measure and print."""
    print("| what | a second a core | bytes on disk |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.parquet"
        for line in LINES:
            taken = timed(lambda line=line: simulate(line, draws=DRAWS, threads=1))
            simulate(line, draws=1_000_000, out=out)
            inputs = len(simulate(line, draws=2).distributions)
            show(f"draws of `{line}`, {inputs} inputs", DRAWS / taken, f"{out.stat().st_size / 1e6:.0f} a draw")
        grids(Path(folder), [ROWS])
        grid = Path(folder) / f"{ROWS}.parquet"
        taken = timed(lambda: sweep(grid, list(LINES), out, threads=1))
        show("rows of a sweep, 3 inputs, 4 lines", ROWS / taken, f"{out.stat().st_size / ROWS:.0f} a row")
        found = measured(STAMP, [COMPANIES], folder, 1)[str(COMPANIES)]
        files = [p.stat().st_size for p in Path(folder).glob("*.xlsx")]
        show("workbooks of a batch, template `company`", COMPANIES / found, f"{sum(files) / len(files):,.0f} each")


if __name__ == "__main__":
    main()
