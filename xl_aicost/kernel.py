"""Lines of a graph as one compiled function: for many scenarios, where the extra `fast` is installed.

>>> from xl_aicost.model import CHAPTERS
>>> text = program_of(Graph.of(CHAPTERS), ("gpu_capex",))
>>> text.splitlines()[-2:]
['        v_gpu_capex = v_gpus * v_gpu_unit_price', '        single[0, i] = v_gpu_capex']
"""

from __future__ import annotations

import inspect
from functools import cache

import numpy as np

from xl_aicost.formula import scalar
from xl_aicost.formula.kernel import KernelLine, program
from xl_aicost.graph import Graph
from xl_aicost.support.compiled import available, compiled
from xl_aicost.support.values import Array, Inputs, Numbers

WORTH_IT = 1_000_000  # scenarios from which on compiling, some seconds at the first time, pays
ODD = 24  # numbers between rows: rows at a power of two from each other would push each other out of the cache


def many(graph: Graph, names: tuple[str, ...], scenarios: int) -> bool:
    """Return whether the kernel should evaluate lines: many scenarios, numba installed, and lines over time."""
    return scenarios >= WORTH_IT and any(graph.uses_time(n) for n in names) and available()


@cache
def program_of(graph: Graph, names: tuple[str, ...]) -> str:
    """Return the text of the function that calculates some lines."""
    order, inputs = graph.plan(names)
    lines = [
        KernelLine(n, graph.lines[n].function, graph.lines[n].precedents, n in graph.series, n in graph.dates)
        for n in order
    ]
    return program(lines, inputs, names)


def evaluate(
    graph: Graph, names: tuple[str, ...], values: Inputs, years: int, periods_per_year: int = 1
) -> dict[str, Numbers]:
    """Return the values of some lines, as `Graph.evaluate` does; inputs are numbers, or arrays of one axis."""
    function = compiled(f"{inspect.getsource(scalar)}\n\n{program_of(graph, names)}", "kernel")
    inputs = graph.plan(names)[1]
    arrays = tuple(np.ascontiguousarray(np.atleast_1d(np.asarray(values[i], float))) for i in inputs)
    scenarios, periods = max(map(len, arrays), default=1), years * periods_per_year
    rows = [n for n in names if n in graph.series]
    single: Array = np.empty((len(names) - len(rows), scenarios + ODD))
    series: Array = np.empty((len(rows), scenarios * (periods + 1) + ODD))
    places = np.array([int(len(g) > 1) for g in arrays])
    function(periods, float(periods_per_year), arrays, places, scenarios, single, series)
    results: dict[str, Numbers] = dict(zip((n for n in names if n not in rows), single[:, :scenarios], strict=True))
    by_row = series[:, : scenarios * (periods + 1)].reshape(len(rows), scenarios, periods + 1)
    results |= {n: by_row[k, :, : periods + (n in graph.dates)] for k, n in enumerate(rows)}
    return results
