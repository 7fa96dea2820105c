"""Explain a number: its formula, value, unit, source and origin, and the same of what it is made from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from xl_aicost.case import Case, Origin, model
from xl_aicost.graph import TIME_AXIS
from xl_aicost.support.html import html_table
from xl_aicost.support.numbers import number

CALCULATED = "calculated"
EXPLAINED = ("", "value", "unit", "formula", "source")


@dataclass(frozen=True, repr=False)
class Explanation:
    """One node of the tree of precedents. An input has no formula; `value` of a line over time is a list.

    `source` is an id of sources.csv, an address, or what a line rests on; `origin` says who gave the value: the base case,
    a scenario, a company's year, your setting, or 'calculated'.
    """

    id: str
    label: str
    formula: str | None
    value: Any
    unit: str
    source: str
    origin: str
    precedents: tuple[Explanation, ...]

    def __repr__(self) -> str:
        """Return one line: the id, the value and the formula."""
        formula = f" = {self.formula}" if self.formula else ""
        return f"<{self.id}: {_shown(self)} {self.unit}{formula}>"

    @property
    def first(self) -> Any:
        """The value, of a line over time that of the first period."""
        return self.value[0] if isinstance(self.value, list) else self.value

    @property
    def cited(self) -> str:
        """The source and, of an input, in brackets its origin."""
        return self.source if self.formula else str(Origin("assumption", self.source, self.origin))

    def _repr_html_(self) -> str:
        """Show the number and its parts in a notebook."""
        rows = [(n.label, _shown(n), n.unit, n.formula or "", n.cited) for n in (self, *self.precedents)]
        return html_table(f"{self.label}: {_shown(self)} {self.unit}", EXPLAINED, rows)

    def as_dict(self) -> dict[str, Any]:
        """Return the tree as dictionaries and lists."""
        return asdict(self)


def _shown(node: Explanation) -> str:
    """Return a value as people read it; of a line over time that of the first period, and that it is one."""
    return f"{number(node.first)}{' in the first period' if isinstance(node.value, list) else ''}"


def explain(line: str, case: Case | None = None) -> Explanation:
    """Return the tree of a line's precedents with formula, value, unit, source and origin of each.

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
            return Explanation(i, item.label, graph.text(i), value, item.unit, item.source, CALCULATED, precedents)
        if i in TIME_AXIS:
            return Explanation(i, TIME_AXIS[i].label, None, values[i], TIME_AXIS[i].unit, TIME_AXIS[i].source, "", ())
        row, origin = case.assumptions.rows[i], case.origins[i]
        return Explanation(i, row.label, None, values[i], row.unit, origin.source, origin.note, ())

    return node(line)
