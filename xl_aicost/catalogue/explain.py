"""Explain a number: its formula, its value, its unit, its source, and the same of what it is made from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from xl_aicost.case import Case, model
from xl_aicost.formula import Formula, name, show
from xl_aicost.formula.row import OVER_TIME
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
        if func.__name__ not in OVER_TIME:
            return super().__array_function__(func, types, args, kwargs)
        return name(f"{func.__name__}({', '.join(show(a) for a in args)})")


def formula_text(line: str) -> str:
    """Return a line's own formula over the ids of its precedents."""
    graph = model()
    return show(graph.formula(line, {p: _Named("name", p) for p in graph.line(line).precedents}))


def explain(line: str, case: Case | None = None) -> Explanation:
    """Return the tree of a line's precedents with formula, value, unit and source of each.

    The source of an input is that of the value it has in the case. Raises UnknownNameError for a line that does not
    exist.

    >>> tree = explain("network_capex")
    >>> tree.formula, [p.id for p in tree.precedents]
    ('switches*switch_unit_price', ['switches', 'switch_unit_price'])
    """
    case = case or Case.of()
    graph = model()
    upstream = graph.upstream(graph.line(line).id)
    lines = [n for n in graph.lines if n in upstream]
    values: dict[str, Any] = {**case.values}
    values |= graph.evaluate(lines, values, case.years, case.periods_per_year)
    dates = [*range(case.years * case.periods_per_year + 1)]
    values |= {"period": dates[1:], "date": dates, "periods_per_year": float(case.periods_per_year)}

    def node(i: str) -> Explanation:
        if i in graph.lines:
            item = graph.lines[i]
            precedents = tuple(node(p) for p in item.precedents)
            value = values[i] if isinstance(values[i], float) else values[i].tolist()
            return Explanation(i, item.label, formula_text(i), value, item.unit, item.source, precedents)
        if i in TIME_AXIS:
            return Explanation(i, TIME_AXIS[i].label, None, values[i], TIME_AXIS[i].unit, TIME_AXIS[i].source, ())
        row = case.assumptions.rows[i]
        return Explanation(i, row.label, None, values[i], row.unit, str(case.origins[i]), ())

    return node(line)
