"""The bridge from an old result to a new one: what of the change comes from scenario, horizon, each input and logic.

Blocks are changed in that order, and their sum is the total. Within the inputs each has its Shapley share. What the
two files come to is recalculated from their own formulas; where those are not the model's, the rest is logic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TypeAlias

import numpy as np

from xl_aicost.engine.recalculate import Edit, Place, recalculate
from xl_aicost.errors import AicostError, InputError
from xl_aicost.review.attribution import Share, shares
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.support.numbers import COMPUTED, same
from xl_aicost.support.values import Array, Booleans, Inputs
from xl_aicost.workbook.book import as_typed
from xl_aicost.workbook.layout import LIVE

Horizon: TypeAlias = tuple[int, int]  # years, periods per year


@dataclass(frozen=True)
class BridgeStep:
    """One step of the bridge: its block, what changed, from what to what, and its share of the change.

    `alone`, `low` and `high` are the effect with nothing else changed, and the least and most over the orders in
    which the changes of a block, or the blocks, can be made; None where the other order cannot be computed.
    """

    block: str
    name: str
    old: float | str
    new: float | str
    effect: float
    alone: float | None
    low: float | None
    high: float | None
    error: float = 0.0
    label: str = ""  # of an input


@dataclass(frozen=True)
class Bridge:
    """The bars between two values of an output; they add up to the difference."""

    output: str
    label: str
    unit: str
    old: float
    new: float
    bars: list[BridgeStep]

    @property
    def total(self) -> float:
        """The change to be explained."""
        return self.new - self.old

    @property
    def residual(self) -> float:
        """What the bars leave of it: rounding."""
        return self.total - sum(b.effect for b in self.bars)

    @property
    def sampled(self) -> bool:
        """Whether some shares are sampled and so carry an error."""
        return any(b.error for b in self.bars)

    def as_dict(self) -> dict[str, object]:
        """Return everything by name."""
        return asdict(self) | {"total": self.total, "residual": self.residual, "sampled": self.sampled}


@dataclass(frozen=True)
class _State:
    """What a result depends on, formulas aside."""

    scenario: str
    horizon: Horizon
    inputs: Mapping[str, float]

    @classmethod
    def of(cls, workbook: ReturnedWorkbook, scenario: str | None = None) -> _State:
        shown = scenario or str(workbook.choices["scenario"])
        if shown not in workbook.scenario_columns:
            raise InputError(f"{workbook.package.path}: the scenario shown, {shown!r}, has no column on Inputs")
        layout = workbook.built.layout
        return cls(shown, (layout.years, layout.periods_per_year), workbook.live_inputs(shown))


def bridge(old: ReturnedWorkbook, new: ReturnedWorkbook, output: str) -> Bridge:
    """Return the bridge of an output, as the scenarios shown in both workbooks give it.

    Raises UnknownNameError for an output that is no line, InputError for one that is a level over time or that is not
    finite on the way, and IncompleteError for a file that is past the limits of what is recalculated.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from xl_aicost.review import read
    >>> from xl_aicost.workbook.build import build
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     old, new = Path(folder) / "old.xlsx", Path(folder) / "new.xlsx"
    ...     _ = build("cluster", old), build("cluster", new, settings={"gpu_unit_price": 33_000})
    ...     result = bridge(read(old), read(new), "gpu_capex")
    >>> result.old, result.new, [(bar.name, round(bar.effect)) for bar in result.bars]
    (300000000.0, 330000000.0, [('gpu_unit_price', 30000000)])
    """
    model = _Model(old, output)
    before, after = _State.of(old), _State.of(new)
    in_between = _State(after.scenario, before.horizon, before.inputs)
    if after.scenario in old.scenario_columns:
        in_between = _State.of(old, after.scenario)
    then = _State(after.scenario, after.horizon, in_between.inputs)
    bars = []
    if before.inputs != in_between.inputs:
        bars.append(_scenario_bar(model, before, in_between, after))
    if before.horizon != after.horizon:
        bars.append(_horizon_bar(model, before, in_between, after))
    bars += _input_bars(model, then, after)
    was, now = _in_file(old, output), _in_file(new, output)
    rest = (now - model.value(after)) - (was - model.value(before))
    if not same(rest, 0.0, COMPUTED, scale=max(abs(was), abs(now))):
        other = _logic_first(old, new, output, was)
        low, high = (None, None) if other is None else (min(rest, other), max(rest, other))
        bars.append(BridgeStep("logic", "formulas that are not the model's", "", "", rest, other, low, high))
    return Bridge(output, model.label, model.unit, was, now, bars)


class _Model:
    """The model's value of an output, whatever formulas the files hold."""

    def __init__(self, workbook: ReturnedWorkbook, output: str) -> None:
        self.graph = workbook.built.graph
        line = self.graph.line(output)
        self.output, self.label, self.unit, self.sums = output, line.label, line.unit, line.kind == "flow"
        self.labels = {i: a.label for i, a in workbook.built.assumptions.items()}
        if output in self.graph.series and not self.sums:
            raise InputError(f"{output} is a balance over time: choose a line of one value, or a flow, which is summed")
        self.reads = self.graph.upstream(output)

    def value(self, state: _State) -> float:
        value = float(self.values(state.inputs, state.horizon))
        if not np.isfinite(value):
            raise InputError(
                f"{self.output} has no finite value with the {state.scenario} inputs, so its change cannot be bridged"
            )
        return value

    def values(self, inputs: Inputs, horizon: Horizon) -> Array:
        result = self.graph.evaluate([self.output], inputs, *horizon)[self.output]
        return np.asarray(np.sum(result, axis=-1) if self.sums else result)


def _scenario_bar(model: _Model, before: _State, in_between: _State, after: _State) -> BridgeStep:
    """Return the bar of another scenario shown; its other end is the effect if it came last."""
    effect = model.value(in_between) - model.value(before)
    undone = _moved(before.inputs, in_between.inputs, after.inputs)
    last = model.value(after) - model.value(_State(before.scenario, after.horizon, undone))
    was, now = before.scenario, in_between.scenario
    return BridgeStep("scenario", "scenario", was, now, effect, effect, min(effect, last), max(effect, last))


def _horizon_bar(model: _Model, before: _State, in_between: _State, after: _State) -> BridgeStep:
    """Return the bar of another horizon or period; its other ends are the effects alone and if it came last."""

    def effect(state: _State) -> float:
        longer, shorter = (_State(state.scenario, s.horizon, state.inputs) for s in (after, before))
        return model.value(longer) - model.value(shorter)

    effects = [effect(s) for s in (in_between, before, after)]
    was, now = (f"{s.horizon[0]} years, {s.horizon[1]} periods each" for s in (before, after))
    return BridgeStep("horizon", "horizon", was, now, effects[0], effects[1], min(effects), max(effects))


def _moved(start: Mapping[str, float], end: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Return the inputs as they are after, but for those that the scenario alone had moved."""
    return {i: start.get(i, v) if same(end.get(i, v), v) else v for i, v in after.items()}


def _input_bars(model: _Model, start: _State, after: _State) -> list[BridgeStep]:
    changed = [i for i, v in after.inputs.items() if not same(start.inputs.get(i, v), v)]
    moving = [i for i in changed if i in model.reads]
    was = np.array([start.inputs[i] for i in moving])
    now = np.array([after.inputs[i] for i in moving])

    def value(made: Booleans) -> Array:
        mixed = np.where(made, now, was)
        inputs = dict(after.inputs) | {i: mixed[:, k] for k, i in enumerate(moving)}
        results = np.broadcast_to(model.values(inputs, after.horizon), (len(made),))
        finite = np.isfinite(results)
        if not finite.all():
            names = ", ".join(i for i, on in zip(moving, made[np.argmin(finite)], strict=True) if on)
            raise InputError(f"{model.output} is not finite once {names or 'nothing'} changed: no bridge leads over it")
        return results

    def bar(s: Share) -> BridgeStep:
        was, now = start.inputs[s.name], after.inputs[s.name]
        return BridgeStep("inputs", s.name, was, now, s.share, s.alone, s.low, s.high, s.error, model.labels[s.name])

    return sorted(map(bar, shares(moving, value)), key=lambda b: -abs(b.effect))


def _place(workbook: ReturnedWorkbook, output: str) -> Place:
    """Return where the scenario shown is calculated in the file: the value of an output, or the total of a flow."""
    flow = workbook.built.graph.lines[output].kind == "flow"
    return LIVE.sheet, workbook.built.layout.rows[output], 5 if flow else 4


def _in_file(workbook: ReturnedWorkbook, output: str) -> float:
    return _finite(workbook, output, recalculate(workbook.package).values.get(_place(workbook, output)))


def _finite(workbook: ReturnedWorkbook, output: str, value: object) -> float:
    if not isinstance(value, int | float) or not np.isfinite(value):
        raise InputError(f"{workbook.package.path}: {output} is {value!r}; a bridge needs a number")
    return float(value)


def _logic_first(old: ReturnedWorkbook, new: ReturnedWorkbook, output: str, was: float) -> float | None:
    """Return the effect of the new formulas with the old inputs, or None where these do not fit into the new file."""
    layouts = old.built.layout, new.built.layout
    if layouts[0].scenarios != layouts[1].scenarios or layouts[0].count != layouts[1].count:
        return None
    edits: list[Edit] = []
    for i, (row, _) in new.rows.items():
        item = new.built.assumptions[i]
        for scenario, column in new.input_columns.items():
            before = old.input_values.get(i, {}).get(scenario)
            if not same(before, new.input_values[i][scenario]):
                edits.append(("Inputs", row, column, None if before is None else as_typed(item, before)))
    at = new.cell_of("scenario")
    if at:
        edits.append((*at, old.choices["scenario"]))
    try:
        [[value]] = recalculate(new.package, [edits], [_place(new, output)]).after
        return _finite(new, output, value) - was
    except AicostError:
        return None
