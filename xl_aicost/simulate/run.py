"""Monte Carlo over the ranges of the assumptions, in chunks, on threads or a cluster, in bounded memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from xl_aicost.case import Case, line_value, model
from xl_aicost.errors import InputError
from xl_aicost.simulate.distributions import Distribution, uncertain
from xl_aicost.simulate.draws import Draws, rank_correlations
from xl_aicost.simulate.drivers import Driver, rank_regression
from xl_aicost.simulate.sketch import Sketch, bins
from xl_aicost.support.parallel import AHEAD, in_order, silent

LEVELS = (5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0)
BARS = 20
REGRESSION_DRAWS = 1 << 15
STRETCH = 64  # chunks that a worker does at a time: to hand out each alone would cost more than to do it


@dataclass(frozen=True)
class Percentile:
    """A percentile and its standard error; no error where there is only one chunk."""

    level: float
    value: float
    error: float | None


@dataclass(frozen=True)
class Simulation:
    """The spread of a line over its uncertain inputs.

    `without_value` counts draws in which a cell would show an error; they are left out of everything else. `above` gives
    for each threshold the share of draws at or above it. `bars` counts draws between each two of `cuts`.
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
    mean_error: float
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

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Task:
    """All that a worker needs to draw and evaluate one chunk."""

    line: str
    values: Mapping[str, float]
    years: int
    periods_per_year: int
    draws: Draws
    levels: tuple[float, ...]
    thresholds: tuple[float, ...]


@dataclass(frozen=True)
class Chunk:
    """What is kept of one chunk: counts, moments, its own percentiles, and the draws if they are asked for."""

    count: int
    without_value: int
    mean: float
    squares: float
    least: float
    most: float
    quantiles: Any
    above: Any
    inputs: dict[str, Any] | None
    values: Any


@dataclass(frozen=True)
class Stretch:
    """Some chunks that one worker does, and the bins of all their draws.

    Bins are counts, which add up to the same in any order; so no result depends on how chunks are put together.
    """

    chunks: list[Chunk]
    keys: Any
    counts: Any


def _value(task: Task, inputs: Mapping[str, Any]) -> Any:
    return line_value(task.line, {**task.values, **inputs}, task.years, task.periods_per_year)


def evaluate_stretch(work: tuple[Task, range, range]) -> Stretch:
    """Draw and evaluate some chunks; the last item says of which the draws are kept."""
    task, indexes, kept = work
    sketch, chunks = Sketch(), []
    for index in indexes:
        inputs = task.draws.inputs(index)
        all_values = np.broadcast_to(_value(task, inputs), (task.draws.size(index),))
        values = all_values[np.isfinite(all_values)]
        sketch.add(*bins(values))
        chunks.append(_chunk(task, values, all_values, inputs if index in kept else None))
    return Stretch(chunks, *sketch.bins())


def _chunk(task: Task, values: Any, all_values: Any, inputs: dict[str, Any] | None) -> Chunk:
    mean = float(values.mean()) if len(values) else 0.0
    return Chunk(
        len(values),
        len(all_values) - len(values),
        mean,
        float(np.square(values - mean).sum()),
        float(values.min(initial=np.inf)),
        float(values.max(initial=-np.inf)),
        np.quantile(values, np.asarray(task.levels) / 100) if len(values) else np.full(len(task.levels), np.nan),
        np.array([np.count_nonzero(values >= t) for t in task.thresholds], np.int64),
        inputs,
        all_values if inputs is not None else None,
    )


def simulate(
    line: str,
    case: Case | None = None,
    *,
    draws: int = 100_000,
    seed: int = 1,
    method: str = "random",
    distribution: str = "triangular",
    distributions: Path | None = None,
    correlations: Path | None = None,
    percentiles: Iterable[float] = LEVELS,
    above: Iterable[float] = (),
    threads: int | None = None,
    scheduler: str | None = None,
    out: Path | None = None,
    progress: Callable[[int], None] = silent,
) -> Simulation:
    """Return the spread of a line of one value when the assumptions of a case vary over their ranges.

    What the case's scenario, company or user sets stays as it is. `method` is random, latin or sobol. The result
    depends on the seed and not on threads or cluster. `out` is a Parquet file that takes every draw. `progress` is told
    how many draws are done.
    Raises UnknownNameError, InputError and DataError for what cannot be simulated, MissingLibraryError if the extra
    `scale` is needed and not installed.

    >>> result = simulate("layoffs_to_fund", Case.of(company="META", year=2025), draws=1000)
    >>> [d.id for d in result.distributions]
    ['loaded_cost']
    """
    case = case or Case.of()
    if model().line(line).id in model().series:
        raise InputError(f"{line} has a value for each period; a simulation takes a line of one value, as cluster_npv")
    varied = uncertain(line, case, distribution, distributions)
    correlation = rank_correlations(correlations, varied) if correlations else None
    levels = tuple(percentiles)
    if wrong := [x for x in levels if not 0 < x < 100]:
        raise InputError(f"percentile {wrong[0]:g} is out of range: above 0 and below 100")
    plan = Draws(varied, draws, seed, method, correlation)
    task = Task(line, case.values, case.years, case.periods_per_year, plan, levels, tuple(above))
    total = _Total(task)
    size = 1 if out is not None else max(1, min(STRETCH, plan.chunks // (4 * AHEAD)))
    kept = range(plan.chunks if out is not None else -(-REGRESSION_DRAWS // plan.chunk))
    stretches = (range(i, min(i + size, plan.chunks)) for i in range(0, plan.chunks, size))
    results = in_order(evaluate_stretch, ((task, s, kept) for s in stretches), threads, scheduler)
    if out is not None:
        from xl_aicost.simulate.table import writing

        with writing(out) as write:
            for stretch in results:
                for chunk in stretch.chunks:
                    write({**(chunk.inputs or {}), line: chunk.values})
                progress(total.add(stretch))
    else:
        for stretch in results:
            progress(total.add(stretch))
    return total.result(case.scenario, _hash(task))


def _hash(task: Task) -> str:
    """Return a fingerprint of everything that the result depends on but draws and seed."""
    wanted, plan = model().upstream(task.line), task.draws
    shown: list[Any] = [{k: v for k, v in task.values.items() if k in wanted}, task.years, task.periods_per_year]
    shown += [[asdict(d) for d in plan.distributions], None if plan.correlation is None else plan.correlation.tolist()]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


class _Total:
    """The chunks so far, added up in their order."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.sketch = Sketch()
        self.count = self.without_value = self.done = self.chunks = 0
        self.mean = self.squares = 0.0
        self.least, self.most = np.inf, -np.inf
        self.above = np.zeros(len(task.thresholds), np.int64)
        self.quantile_mean = np.zeros(len(task.levels))
        self.quantile_squares = np.zeros(len(task.levels))
        self.sample: list[tuple[dict[str, Any], Any]] = []

    def add(self, stretch: Stretch) -> int:
        """Add the next stretch and return how many draws are done."""
        self.sketch.add(stretch.keys, stretch.counts)
        for chunk in stretch.chunks:
            self._add_chunk(chunk)
        return self.done

    def _add_chunk(self, chunk: Chunk) -> None:
        if chunk.inputs is not None and self.chunks * self.task.draws.chunk < REGRESSION_DRAWS:
            self.sample.append((chunk.inputs, chunk.values))
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
            step = chunk.quantiles - self.quantile_mean
            self.quantile_mean += step / self.chunks
            self.quantile_squares += step * (chunk.quantiles - self.quantile_mean)

    def result(self, scenario: str, inputs_hash: str) -> Simulation:
        """Return what was found, or raise InputError if no draw gave a value."""
        task = self.task
        if not self.count:
            raise InputError(f"{task.line} has no value in any of {self.done:,} draws")
        found = np.clip(self.sketch.quantiles(np.asarray(task.levels) / 100), self.least, self.most)
        many = self.chunks > 1
        errors = np.sqrt(self.quantile_squares / max(self.chunks - 1, 1) / self.chunks)
        spread = float(np.sqrt(self.squares / max(self.count - 1, 1)))
        cuts = np.linspace(self.least, self.most, BARS + 1) if self.most > self.least else np.array([self.least] * 2)
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
            mean_error=spread / self.count**0.5,
            standard_deviation=spread,
            least=self.least,
            most=self.most,
            without_value=self.without_value,
            percentiles=[
                Percentile(level, float(v), float(e) if many else None)
                for level, v, e in zip(task.levels, found, errors, strict=True)
            ],
            above={t: int(n) / self.count for t, n in zip(task.thresholds, self.above, strict=True)},
            cuts=[float(c) for c in cuts],
            bars=[int(n) for n in self.sketch.histogram(inside)],
            explained=explained,
            drivers=drivers,
            distributions=list(varied),
        )
