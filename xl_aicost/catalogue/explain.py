"""Explain a number: its formula, its value, its unit, its source, and the same of what it is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from xl_aicost.assumptions import load_assumptions
from xl_aicost.case import DEFAULT_YEARS, case, model
from xl_aicost.formula import Formula, name, show
from xl_aicost.graph import TIME_AXIS


@dataclass(frozen=True)
class Explanation:
    """One node of the tree of precedents. An input has no formula; `value` of a line over time is a list."""

    id: str
    label: str
    formula: str | None
    value: Any
    unit: str
    source: str
    precedents: tuple[Explanation, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the tree as dictionaries and lists."""
        return asdict(self)


class _Named(Formula):
    """A line by its id; a look over time prints as a call of the helper."""

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Formula:
        if func.__module__.startswith("numpy"):
            return super().__array_function__(func, types, args, kwargs)
        return name(f"{func.__name__}({', '.join(show(a) for a in args)})")


def formula_text(line: str) -> str:
    """Return a line's own formula over the ids of its precedents."""
    graph = model()
    return show(graph.formula(line, {p: _Named("name", p) for p in graph.line(line).precedents}))


def explain(
    line: str,
    *,
    scenario: str = "base",
    company: str | None = None,
    year: int | None = None,
    years: int = DEFAULT_YEARS,
    settings: Mapping[str, float] | None = None,
    assumptions: Path | None = None,
) -> Explanation:
    """Return the tree of a line's precedents with formula, value, unit and source of each.

    Raises UnknownNameError and InputError as `case` does.
    """
    graph = model()
    graph.line(line)
    table = load_assumptions(assumptions)
    values: dict[str, Any] = dict(case(scenario, company, year, settings, assumptions))
    lines = [n for n in graph.lines if n in graph.upstream(line)]
    values |= graph.evaluate(lines, values, years)
    values |= {"period": [*range(1, years + 1)], "periods_per_year": 1.0}

    def node(i: str) -> Explanation:
        if i not in graph.lines:
            item = TIME_AXIS.get(i) or table[i]
            return Explanation(i, item.label, None, values[i], item.unit, item.source, ())
        line = graph.lines[i]
        below = tuple(node(p) for p in line.precedents)
        value = values[i] if isinstance(values[i], float) else values[i].tolist()
        return Explanation(i, line.label, formula_text(i), value, line.unit, line.source, below)

    return node(line)
