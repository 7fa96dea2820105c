"""The model as tables of pandas: lines of one case or of several, claims."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from xl_aicost.case import Case, model
from xl_aicost.catalogue.claims import verdicts
from xl_aicost.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Cases: TypeAlias = Case | Iterable[Case] | Mapping[str, Case]
COLUMNS = ("line", "period", "scenario", "value", "unit")


def frame(lines: str | Iterable[str], cases: Cases | None = None) -> pd.DataFrame:
    """Return lines or inputs as a tidy table: line, period, scenario, value, unit.

    `cases` is one case, several, or a mapping of names to cases; without it the base case. `scenario` is the case's
    scenario with its company and year, or the name in the mapping. `period` is empty for a line of one value; otherwise
    it counts from 1, and from 0 for a line at dates. A value that is n/a, or that does not exist, is NaN.
    Raises UnknownNameError for a line that does not exist, InputError for two cases that are called the same.

    >>> frame(["cluster_capex", "pue"], {"ours": Case.of(settings={"gpus": 5000})}).value.round(2).tolist()
    [310525542.5, 1.15]
    >>> frame("book_value", Case.of(years=2)).period.tolist()
    [1, 2]
    """
    import pandas as pd

    names = [lines] if isinstance(lines, str) else list(lines)
    rows = [row for name, case in _named(cases).items() for line in names for row in _rows(line, name, case)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({"line": str, "period": "Int64", "scenario": str, "value": float, "unit": str})


def claims() -> pd.DataFrame:
    """Return the article's claims with what the model says of each, one row a claim.

    >>> {"claim", "explanation"} <= set(claims().columns)
    True
    """
    import pandas as pd

    return pd.DataFrame([v.as_dict() for v in verdicts()])


def title_of(case: Case) -> str:
    """Return what a case is called: its scenario, or its company and year, with a mark where the user set inputs.

    >>> title_of(Case.of(company="META", year=2025, settings={"pue": 1.2}))
    'META 2025, pue=1.2'
    """
    company = f"{case.company} {case.year}" if case.company else ""
    scenario = "" if company and case.scenario == "base" else case.scenario
    own = [f"{i}={case.values[i]:.15g}" for i, o in case.origins.items() if o.kind == "setting"]
    chip = next((o.note.partition(";")[0] for o in case.origins.values() if o.kind == "chip"), "")
    return ", ".join(filter(None, (company, scenario, chip, *own)))


def _named(cases: Cases | None) -> dict[str, Case]:
    if cases is None:
        cases = Case.of()
    if isinstance(cases, Mapping):
        return dict(cases)
    named: dict[str, Case] = {}
    for case in [cases] if isinstance(cases, Case) else cases:
        name = title_of(case)
        if name in named:
            raise InputError(f"two cases are called {name!r}: give a mapping of names to cases")
        named[name] = case
    return named


def _rows(line: str, scenario: str, case: Case) -> list[tuple[str, int | None, str, float, str]]:
    value = np.asarray(case.evaluate(line), float)
    item = model().lines.get(line) or case.assumptions.rows[line]
    if line not in model().series:
        return [(line, None, scenario, _or_nan(float(value)), item.unit)]
    first = 0 if line in model().dates else 1
    count = case.years * case.periods_per_year + 1 - first
    values = np.broadcast_to(value, count).tolist()  # a line that is the same in all periods may have one number
    return [(line, t, scenario, _or_nan(v), item.unit) for t, v in enumerate(values, first)]


def _or_nan(value: float) -> float:
    return value if math.isfinite(value) else math.nan
