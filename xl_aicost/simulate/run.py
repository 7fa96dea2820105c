"""Monte Carlo over the ranges of the assumptions: in chunks, on threads or a cluster, in bounded memory."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xl_aicost import kernel
from xl_aicost.assumptions.table import TableLike
from xl_aicost.case import Case, line_value, model, one_value
from xl_aicost.errors import InputError
from xl_aicost.simulate.distributions import Distribution, uncertain
from xl_aicost.simulate.draws import Draws, rank_correlations
from xl_aicost.simulate.drivers import Driver, rank_regression
from xl_aicost.simulate.sketch import Sketch, bins
from xl_aicost.simulate.spread import Spread
from xl_aicost.simulate.table import Columns, writing
from xl_aicost.support.html import html_table
from xl_aicost.support.numbers import number
from xl_aicost.support.parallel import AHEAD, in_order, silent
from xl_aicost.support.values import Array, Inputs, Integers, Numbers

if TYPE_CHECKING:
    import pandas as pd

LEVELS = (5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0)
BARS = 20
REGRESSION_DRAWS = 1 << 15
GROUP = 16  # most chunks in one task: handing out each chunk alone would cost more than computing it


@dataclass(frozen=True)
class Percentile:
    """A percentile and its standard error, which is None for fewer than 128 draws."""

    level: float
    value: float
    error: float | None


@dataclass(frozen=True)
class Simulation:
    """The spread of a line over its uncertain inputs.

    `without_value` counts the draws in which a cell would show an error; no other figure includes them. `above` gives
    for each threshold the share of draws at or above it. `bars` counts the draws between neighbouring `cuts`.
    """

    line: str
    unit: str
    draws: int
    seed: int
    method: str
    scenario: str
    inputs_hash: str
    base: float
    mean: float
    mean_error: float | None
    standard_deviation: float
    least: float
    most: float
    without_value: int
    percentiles: list[Percentile]
    above: dict[float, float]
    cuts: list[float]
    bars: list[int]
    explained: float
    drivers: list[Driver]
    distributions: list[Distribution]

    def as_dict(self) -> dict[str, object]:
        """Return the fields by name, as numbers, texts and lists."""
        return asdict(self)

    def to_frame(self) -> pd.DataFrame:
        """Return what the simulation found as a table: statistic, value, standard error, unit.

        A chance is the share of draws at or above a threshold. A standard error that is not known is NaN.
        """
        import pandas as pd

        rows = [("base", self.base, None, self.unit), ("mean", self.mean, self.mean_error, self.unit)]
        rows += [("standard deviation", self.standard_deviation, None, self.unit)]
        rows += [("least", self.least, None, self.unit), ("most", self.most, None, self.unit)]
        rows += [(f"P{p.level:g}", p.value, p.error, self.unit) for p in self.percentiles]
        rows += [(f"chance of {t:,.15g} or more", share, None, "share") for t, share in self.above.items()]
        table = pd.DataFrame(rows, columns=["statistic", "value", "standard_error", "unit"])
        return table.astype({"standard_error": float})

    def _repr_html_(self) -> str:
        """Show the result in a notebook."""
        rows = [
            (s, number(v), "" if e != e else number(e), u) for s, v, e, u in self.to_frame().itertuples(index=False)
        ]
        heads = ("", "value", "standard error", "unit")
        return html_table(f"{self.line}: {self.draws:,} draws, {self.method}, seed {self.seed}", heads, rows)


@dataclass(frozen=True)
class Task:
    """What a worker needs to draw and evaluate a chunk."""

    line: str
    values: Mapping[str, float]
    years: int
    periods_per_year: int
    draws: Draws
    levels: tuple[float, ...]
    thresholds: tuple[float, ...]


@dataclass(frozen=True)
class Chunk:
    """The results of one chunk: counts, moments, figures for the errors, and its draws where they are kept.

    The figures are the mean and the percentiles of the chunk if it is a whole one, and those of as many of its first
    draws as the last chunk has if that is a short one.
    """

    count: int
    without_value: int
    mean: float
    squares: float
    least: float
    most: float
    figures: Array | None
    first: Array | None
    above: Integers
    draws: tuple[dict[str, Array], Array] | None  # inputs and values


@dataclass(frozen=True)
class ChunkGroup:
    """Some chunks that one worker computes, and the bins of all their draws.

    Bins are counts, which add up to the same total in any order; so results do not depend on how chunks are grouped.
    """

    chunks: list[Chunk]
    keys: Integers
    counts: Integers


def _value(task: Task, inputs: Inputs) -> Numbers:
    values = {**task.values, **inputs}
    if kernel.many(model(), (task.line,), task.draws.count) and inputs:
        return kernel.evaluate(model(), (task.line,), values, task.years, task.periods_per_year)[task.line]
    return line_value(task.line, values, task.years, task.periods_per_year)


def evaluate_group(work: tuple[Task, range, range]) -> ChunkGroup:
    """Draw and evaluate a task's chunks of the first range; the draws of those in the second are kept."""
    task, indexes, kept = work
    sketch, chunks = Sketch(), []
    for index in indexes:
        inputs = task.draws.inputs(index)
        all_values = np.broadcast_to(_value(task, inputs), (task.draws.size(index),))
        values = all_values[np.isfinite(all_values)]
        sketch.add(*bins(values))
        chunks.append(_chunk(task, values, all_values, inputs if index in kept else None))
    return ChunkGroup(chunks, *sketch.bins())


def _figures(values: Array, levels: tuple[float, ...]) -> Array | None:
    """Return the mean and the percentiles of the values that are numbers, or None where there is none."""
    finite = values[np.isfinite(values)]
    return np.array([finite.mean(), *np.percentile(finite, levels, method="inverted_cdf")]) if len(finite) else None


def _chunk(task: Task, values: Array, all_values: Array, inputs: dict[str, Array] | None) -> Chunk:
    whole, short = len(all_values) == task.draws.chunk, task.draws.count % task.draws.chunk
    mean = float(values.mean()) if len(values) else 0.0
    return Chunk(
        len(values),
        len(all_values) - len(values),
        mean,
        float(np.square(values - mean).sum()),
        float(values.min(initial=np.inf)),
        float(values.max(initial=-np.inf)),
        _figures(all_values, task.levels) if whole else None,
        _figures(all_values[:short], task.levels) if whole and short else None,
        np.array([np.count_nonzero(values >= t) for t in task.thresholds], np.int64),
        None if inputs is None else (inputs, all_values),
    )


def simulate(
    line: str,
    case: Case | None = None,
    *,
    draws: int = 100_000,
    seed: int = 1,
    method: str = "random",
    distribution: str = "triangular",
    distributions: TableLike | None = None,
    correlations: TableLike | None = None,
    percentiles: Iterable[float] = LEVELS,
    above: Iterable[float] = (),
    threads: int | None = None,
    scheduler: str | None = None,
    out: Path | None = None,
    progress: Callable[[int], None] = silent,
) -> Simulation:
    """Return the spread of a line of one value when the assumptions of a case vary over their ranges.

    Inputs that the case's scenario, company or user sets do not vary. `method` is random, latin or sobol. The result
    depends on the seed, not on threads or cluster. `out` is a Parquet or CSV file for all draws. `progress` is called
    with the number of draws done.
    Raises UnknownNameError, InputError and DataError for what cannot be simulated, MissingLibraryError if the extra
    `scale` is needed and not installed.

    >>> result = simulate("gpu_capex", Case.of(company="META", year=2025), draws=1000)
    >>> [d.id for d in result.distributions]
    ['gpu_unit_price']
    """
    case = case or Case.of()
    case.check_has_value(one_value(line))
    varied = uncertain(line, case, distribution, distributions)
    correlation = rank_correlations(correlations, varied) if correlations is not None else None
    levels = tuple(percentiles)
    if wrong := [x for x in levels if not 0 < x < 100]:
        raise InputError(f"percentile {wrong[0]:g} is out of range: above 0 and below 100")
    thresholds = tuple(above)
    if wrong := [x for x in thresholds if not math.isfinite(x)]:
        raise InputError(f"above = {wrong[0]:g} is not a number")
    plan = Draws(varied, draws, seed, method, correlation)
    task = Task(line, case.values, case.years, case.periods_per_year, plan, levels, thresholds)
    total = _Total(task)
    size = 1 if out is not None else max(1, min(GROUP, plan.chunks // (4 * AHEAD)))
    kept = range(plan.chunks if out is not None else -(-REGRESSION_DRAWS // plan.chunk))
    indexes = (range(i, min(i + size, plan.chunks)) for i in range(0, plan.chunks, size))
    groups = in_order(evaluate_group, ((task, i, kept) for i in indexes), threads, scheduler)
    with writing(out) if out is not None else nullcontext(_discard) as write:
        for group in groups:
            for chunk in group.chunks:
                if chunk.draws is not None:
                    write({**chunk.draws[0], line: chunk.draws[1]})
            progress(total.add(group))
    return total.result(case.scenario, _hash(task))


def _discard(_: Columns) -> None:
    """Keep no draws."""


def _hash(task: Task) -> str:
    """Return a hash of everything that the result depends on except draws and seed."""
    upstream, plan = model().upstream(task.line), task.draws
    parts = [
        {i: v for i, v in task.values.items() if i in upstream},
        task.years,
        task.periods_per_year,
        [asdict(d) for d in plan.distributions],
        None if plan.correlation is None else plan.correlation.tolist(),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class _Total:
    """The running total over chunks, added in order."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.sketch = Sketch()
        self.count = self.without_value = self.done = self.chunks = 0
        self.mean = self.squares = 0.0
        self.least, self.most = np.inf, -np.inf
        self.above = np.zeros(len(task.thresholds), np.int64)
        self.whole, self.short = Spread(), Spread()
        self.sample: list[tuple[Mapping[str, Array], Array]] = []

    def add(self, group: ChunkGroup) -> int:
        """Add the next chunks and return how many draws are done."""
        self.sketch.add(group.keys, group.counts)
        for chunk in group.chunks:
            self._add_chunk(chunk)
        return self.done

    def _add_chunk(self, chunk: Chunk) -> None:
        if chunk.draws is not None and self.chunks * self.task.draws.chunk < REGRESSION_DRAWS:
            self.sample.append(chunk.draws)
        self.chunks += 1
        self.done += chunk.count + chunk.without_value
        self.without_value += chunk.without_value
        if chunk.count:
            both, gap = self.count + chunk.count, chunk.mean - self.mean
            self.squares += chunk.squares + gap * gap * self.count * chunk.count / both
            self.mean += gap * chunk.count / both
            self.count = both
            self.least, self.most = min(self.least, chunk.least), max(self.most, chunk.most)
            self.above += chunk.above
        self.whole.add(chunk.figures)
        self.short.add(chunk.first)

    def _errors(self) -> list[float | None]:
        """Return the standard errors of the mean and the percentiles; None where there are not two whole chunks.

        Whole chunks are repetitions of each other. How far a short one may be off shows in the first draws of them.
        """
        draws, size = self.task.draws.count, self.task.draws.chunk
        whole, short = self.whole.variance, self.short.variance
        if whole is None:
            return [None] * (1 + len(self.task.levels))
        squares = (draws // size) * size**2 * whole + (0.0 if short is None else (draws % size) ** 2 * short)
        return [float(e) for e in np.sqrt(squares) / draws]

    def result(self, scenario: str, inputs_hash: str) -> Simulation:
        """Return the simulation. Raises InputError if the line has no value in any draw."""
        task = self.task
        if not self.count:
            raise InputError(f"{task.line} has no value in any of {self.done:,} draws")
        quantiles = np.clip(self.sketch.quantiles(np.asarray(task.levels) / 100), self.least, self.most)
        mean_error, *errors = self._errors()
        spread = float(np.sqrt(self.squares / max(self.count - 1, 1)))
        bars = BARS if self.most > self.least else 1
        cuts = np.linspace(self.least, self.most, bars + 1)
        inside = [-np.inf, *cuts[1:-1], np.inf]
        varied = task.draws.distributions
        explained, drivers = rank_regression(self.sample, varied)
        return Simulation(
            line=task.line,
            unit=model().line(task.line).unit,
            draws=task.draws.count,
            seed=task.draws.seed,
            method=task.draws.method,
            scenario=scenario,
            inputs_hash=inputs_hash,
            base=float(_value(task, {})),
            mean=self.mean,
            mean_error=spread / self.count**0.5 if task.draws.method == "random" else mean_error,
            standard_deviation=spread,
            least=self.least,
            most=self.most,
            without_value=self.without_value,
            percentiles=[
                Percentile(level, float(v), e) for level, v, e in zip(task.levels, quantiles, errors, strict=True)
            ],
            above={t: int(self.above[i]) / self.count for i, t in enumerate(task.thresholds)},
            cuts=[float(c) for c in cuts],
            bars=[int(n) for n in self.sketch.histogram(inside)],
            explained=explained,
            drivers=drivers,
            distributions=list(varied),
        )
