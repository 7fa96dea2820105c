"""One case: the value of every input with its origin, and the scenario, company and horizon.

>>> case = Case.of(company="META", year=2025, settings={"loaded_cost": 500_000})
>>> case.origins["headcount"].kind, str(case.origins["loaded_cost"])
('company', 'your setting')
>>> round(case.evaluate("layoffs"))
4200
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from numbers import Integral, Real
from pathlib import Path
from typing import Literal, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike

from xl_aicost.assumptions import Assumption, Assumptions, find_chip, load_scenarios, load_table
from xl_aicost.assumptions.facts import Facts, load_facts
from xl_aicost.assumptions.loader import COMPANY_ESTIMATES
from xl_aicost.assumptions.scenarios import BASE, ENDS, NO_STORY
from xl_aicost.assumptions.table import TableLike
from xl_aicost.errors import InputError, UnknownNameError
from xl_aicost.graph import Graph
from xl_aicost.model import CHAPTERS, MODEL_VERSION, RETIRED
from xl_aicost.support.numbers import number
from xl_aicost.support.values import Array, Booleans, Inputs, Numbers

DEFAULT_YEARS = 10
BASE_CASE = "base case"
PERIODS = {"year": 1, "quarter": 4, "month": 12}


@cache
def model() -> Graph:
    """Return the graph of the cost model."""
    return Graph.of(CHAPTERS)


class Result(float):
    """The value of a line in a case: a number that shows itself in a notebook, with unit, formula and source."""

    line: str
    label: str
    unit: str
    formula: str
    source: str

    @classmethod
    def of(cls, line: str, value: float, case: Case) -> Result:
        """Return a value of a line or an input as a result."""
        result, item = cls(value), model().lines.get(line)
        result.line, result.formula = line, model().text(line) if item else ""
        result.source = item.source if item else str(case.origins[line])
        result.label = (item or case.assumptions.rows[line]).label
        result.unit = (item or case.assumptions.rows[line]).unit
        return result

    def _repr_html_(self) -> str:
        """Show the result in a notebook."""
        from xl_aicost.support.html import html_table

        rows = [("value", f"{number(float(self))} {self.unit}"), ("formula", self.formula), ("source", self.source)]
        return html_table(f"{self.label} ({self.line})", (), [r for r in rows if r[1]])


class Arguments(TypedDict, total=False):
    """The keyword arguments of `Case.of`, which `evaluate`, `build` and others pass on."""

    scenario: str | None
    chip: str | None
    company: str | None
    year: int | None
    settings: Mapping[str, float] | None
    assumptions: TableLike | Assumptions | None
    facts: TableLike | Facts | None
    years: int | None
    periods_per_year: int | None


@dataclass(frozen=True)
class Origin:
    """Where the value of an input comes from.

    `kind` is assumption (the base case), scenario, chip, company or setting. `source` is an id of sources.csv or an address,
    empty where there is none; `note` names the scenario, or the company and fiscal year.
    """

    kind: Literal["assumption", "scenario", "chip", "company", "setting"]
    source: str
    note: str = ""

    def __str__(self) -> str:
        """Return the source and, in brackets, the note."""
        return " ".join(filter(None, (self.source, f"({self.note})" if self.note and self.source else self.note)))


@dataclass(frozen=True)
class Case:
    """A request for numbers, made with `Case.of`: a frozen value that every command and function takes.

    >>> case = Case.of(settings={"gpus": 20_000}, years=5)
    >>> case.evaluate("gpu_capex"), str(case.origins["gpus"]), case.origins["pue"].kind
    (600000000.0, 'your setting', 'assumption')
    """

    scenario: str
    company: str | None
    year: int | None
    years: int
    periods_per_year: int
    assumptions: Assumptions
    values: Mapping[str, float]
    origins: Mapping[str, Origin]
    facts: Facts
    notes: tuple[str, ...] = ()
    guided: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # low and high of guidance, by input

    @classmethod
    def of(cls, **arguments: Unpack[Arguments]) -> Case:
        """Return the case of a scenario (base by default), with a company's figures and then the user's settings over it.

        `scenario` is a name of `load_scenarios`, `chip` one of `load_chips`; low and high set every input to one end of its range and say so in `notes`.
        `year` is the fiscal year of the company's figures, by default the latest filed; one that is guided and not yet
        filed takes guidance at its middle, the cuts announced in it and the newest trailing twelve months.
        `assumptions` and `facts` are a user's files or DataFrames over the shipped numbers and company figures; `years` is the horizon,
        divided into `periods_per_year` (1, 4 or 12).
        Raises UnknownNameError for a scenario, company or input that does not exist and InputError for a value outside
        the limits of its input.
        """
        own = arguments.get("assumptions")
        assumptions = own if isinstance(own, Assumptions) else load_table(own)
        facts = arguments.get("facts")
        table = facts if isinstance(facts, Facts) else load_facts(facts)
        case = _scenario_case(arguments.get("scenario") or BASE, assumptions, table)
        case = case.over(arguments.get("years"), arguments.get("periods_per_year"))
        case = case.with_chip(arguments.get("chip"))
        case = case.with_company(arguments.get("company"), arguments.get("year"))
        return case.with_settings(arguments.get("settings") or {})

    def over(self, years: int | None = None, periods_per_year: int | None = None) -> Case:
        """Return the case over another horizon. Raises InputError for one that is not a whole number of years."""
        years = self.years if years is None else years
        parts = self.periods_per_year if periods_per_year is None else periods_per_year
        if not isinstance(years, Integral) or years < 1:
            raise InputError(f"years = {years!r} is not a whole number of 1 or more")
        if parts not in PERIODS.values():
            raise InputError(f"periods_per_year = {parts!r} is not one of {', '.join(map(str, PERIODS.values()))}")
        return replace(self, years=int(years), periods_per_year=int(parts))

    def with_chip(self, chip: str | None) -> Case:
        """Return the case with the hardware of a generation, as gb300. Raises UnknownNameError for one not on file."""
        if chip is None:
            return self
        hardware = find_chip(chip)
        origins = {s.id: Origin("chip", s.source, f"{hardware.title}; {s.note}") for s in hardware.settings}
        return self._with(hardware.values, origins)

    def with_company(self, company: str | None, year: int | None = None) -> Case:
        """Return the case with a company's figures of a fiscal year; a figure that is not on file is n/a (NaN).

        A useful life that is not on file is the general assumption, which says so; what a scenario sets of pay and life
        stays. Without a company it is the case itself. Raises InputError for a year alone.
        """
        if company is None:
            if year is not None:
                raise InputError(f"year = {year} is the fiscal year of a company's figures; name the company too")
            return self
        from xl_aicost.assumptions.companies import company_year, told  # most cases have no company

        filed = company_year(company, year, self.facts)
        values, origins = {}, {}
        for i, f in filed.figures.items():
            if i in COMPANY_ESTIMATES and self.origins[i].kind == "scenario":
                continue
            label, values[i] = told(f, filed.year), f.value
            if i in COMPANY_ESTIMATES and f.kind == "assumption":
                origins[i] = Origin("assumption", f.source, f.note)
            elif f.on_file:
                origins[i] = Origin("company", f.source, f"{filed.name}: {label}" if label else filed.name)
            else:
                origins[i] = Origin("company", "", f"n/a: not on file for {filed.name}")
        case = self._with(values, origins)
        guided = {i: (f.low, f.high) for i, f in filed.figures.items() if f.kind == "guidance" and f.low < f.high}
        return replace(case, company=filed.company, year=filed.year, notes=(*self.notes, filed.note), guided=guided)

    def with_settings(self, settings: Mapping[str, float], note: str = "your setting") -> Case:
        """Return the case with some inputs set by the user, each checked against its limits."""
        items = {name: find_input(name, self.assumptions.rows) for name in settings}
        values = {item.id: check_value(item, settings[name]) for name, item in items.items()}
        return self._with(values, dict.fromkeys(values, Origin("setting", "", note)))

    def with_missing(self, inputs: Collection[str], note: str) -> Case:
        """Return the case with some figures n/a."""
        return self._with(dict.fromkeys(inputs, math.nan), dict.fromkeys(inputs, Origin("company", "", note)))

    def without(self, inputs: Collection[str]) -> Case:
        """Return the case with some inputs back at their base."""
        rows = [self.assumptions.rows[i] for i in inputs]
        return self._with({a.id: a.base for a in rows}, {a.id: Origin("assumption", a.source, BASE_CASE) for a in rows})

    def named(self, scenario: str) -> Case:
        """Return the case as a scenario with a name: the origin of inputs that differ from the base is this scenario."""
        own = {i: Origin("scenario", o.source, scenario) for i, o in self.origins.items() if i in self.overrides}
        return replace(self, scenario=scenario, company=None, year=None, origins={**self.origins, **own}, notes=())

    def _with(self, values: Mapping[str, float], origins: Mapping[str, Origin]) -> Case:
        return replace(self, values={**self.values, **values}, origins={**self.origins, **origins})

    @property
    def overrides(self) -> dict[str, float]:
        """The inputs that the scenario, the company or the user set; but for guidance a simulation does not vary them."""
        return {i: v for i, v in self.values.items() if self.origins[i].kind != "assumption"}

    def varying(self, items: Iterable[Assumption]) -> list[Assumption]:
        """Return those of some inputs that have a range in this case: what nothing sets, and a company's guidance."""
        guided = {i: ends for i, ends in self.guided.items() if self.origins[i].kind == "company"}
        free = (a for a in items if a.id in guided or a.id not in self.overrides)
        return [
            replace(a, low=guided[a.id][0], base=self.values[a.id], high=guided[a.id][1]) if a.id in guided else a
            for a in free
        ]

    @property
    def summary(self) -> dict[str, object]:
        """What a result says of its case: scenario, company and fiscal year with notes, and the version of the model."""
        company = {"company": self.company, "year": self.year} if self.company else {}
        notes = {"notes": list(self.notes)} if self.notes else {}
        return {"scenario": self.scenario, **company, **notes, "model": MODEL_VERSION}

    def evaluate(self, line: str, replaced: Inputs | None = None) -> Numbers:
        """Return the value of a line or an input: a float, or an array of scenarios where `replaced` has arrays.

        `replaced` has other values for inputs or lines, which are not checked against limits. A line over time has periods
        as its last axis. Raises UnknownNameError for a line that does not exist.
        """
        return line_value(line, {**self.values, **(replaced or {})}, self.years, self.periods_per_year)

    def check_effect(self, line: str, settings: Iterable[str]) -> None:
        """Raise InputError for an input that the user sets and on which the line does not depend."""
        exists = line in model().lines or line in self.values
        if exists and (idle := [name for name in settings if name not in model().upstream(line)]):
            raise InputError(f"{idle[0]} has no effect: {line} does not depend on it")

    def check_has_value(self, line: str, *free: str) -> None:
        """Raise InputError for a line that is n/a because of figures that are not on file, other than the free inputs."""
        needed = sorted(i for i in model().upstream(line) - set(free) if math.isnan(self.values.get(i, 0)))
        bases = {i: self.assumptions.rows[i].base for i in free}
        if needed and np.isnan(self.evaluate(line, bases)).all():
            raise InputError(f"{line} is n/a: " + ", ".join(f"{i} ({self.origins[i].note})" for i in needed))


def _scenario_case(name: str, assumptions: Assumptions, facts: Facts) -> Case:
    """Return the case of a scenario, or of all inputs at the low or at the high end of their ranges."""
    rows, stories = assumptions.rows, load_scenarios()
    scenario = name.strip().lower().replace(" ", "-")
    if scenario not in (*stories, *ENDS):
        raise UnknownNameError("scenario", name, [*stories, *ENDS])
    values = {i: a.base for i, a in rows.items()}
    origins = {i: Origin("assumption", a.source, BASE_CASE) for i, a in rows.items()}
    if scenario in ENDS:
        ends = [a for a in rows.values() if a.low != a.high]
        values |= {a.id: float(getattr(a, scenario)) for a in ends}
        origins |= {a.id: Origin("scenario", a.source, scenario) for a in ends}
        notes: tuple[str, ...] = (f"{ENDS[scenario]}: {NO_STORY}",)
    else:
        values |= stories[scenario].values
        origins |= {s.id: Origin("scenario", s.source, scenario) for s in stories[scenario].settings}
        notes = ()
    return Case(scenario, None, None, DEFAULT_YEARS, 1, assumptions, values, origins, facts, notes)


def find_input(name: str, table: Mapping[str, Assumption]) -> Assumption:
    """Return an input by id. Raises UnknownNameError if there is none, and InputError for the id of a line."""
    if name not in table:
        if name in model().lines:
            raise InputError(f"{name!r} is a line, which the model calculates; set one of its inputs instead")
        raise UnknownNameError("input", name, table, RETIRED)
    return table[name]


def one_value(line: str) -> str:
    """Return the id of a line of one value. Raises UnknownNameError where there is none, InputError for a line over time."""
    if model().line(line).id in model().series:
        raise InputError(f"{line} has a value for each period; choose a line of one value, as cluster_npv")
    return line


def check_value(item: Assumption, value: float) -> float:
    """Return a value of an input. Raises InputError if it is not a number or outside the limits of the input."""
    if not isinstance(value, Real):
        raise InputError(f"{item.id} = {value!r} is not a number; accepted: {_limits(item)}")
    if not accepted(item, value := float(value)):
        raise InputError(f"{item.id} = {refusal(item, value)}")
    return value


def accepted(item: Assumption, values: Numbers) -> Booleans:
    """Return which values an input accepts: those within its limits and, of a choice, whole numbers; no NaN."""
    x = np.asarray(values)
    inside: Booleans = (x >= item.min) & (x <= item.max)
    return inside & (x == np.round(x)) if item.unit == "choice" else inside


def refusal(item: Assumption, value: float) -> str:
    """Return a value that an input does not accept, what is wrong with it, and what would be accepted."""
    if math.isnan(value):
        return f"{value} is not a number; accepted: {_limits(item)}"
    if item.min <= value <= item.max:
        return f"{value:.15g} is not a choice: {item.label} ({item.note})"
    return f"{value:.15g} is out of range: {_limits(item)}"


def _limits(item: Assumption) -> str:
    return f"{item.min:,.16g} to {item.max:,.16g} {item.unit}"


def evaluate(
    line: str,
    *,
    scenario: str = BASE,
    chip: str | None = None,
    company: str | None = None,
    year: int | None = None,
    years: int = DEFAULT_YEARS,
    periods_per_year: int = 1,
    assumptions: TableLike | None = None,
    facts: Path | None = None,
    **inputs: ArrayLike,
) -> Numbers:
    """Return the value of a line or an input: a number, which a notebook shows with unit, formula and source, or an array.

    Each further argument is an input, or a line to replace, as a number or an array of scenarios; arrays broadcast
    against each other. A line over time has periods as its last axis.
    Raises UnknownNameError and InputError as `Case.of` does, and InputError for arguments that are not numbers. Each
    number of an input has to be within its limits; a line that is replaced has none.

    >>> evaluate("gpu_capex", gpus=[10_000, 20_000]).tolist()
    [300000000.0, 600000000.0]
    """
    case = Case.of(
        scenario=scenario,
        chip=chip,
        company=company,
        year=year,
        assumptions=assumptions,
        facts=facts,
        years=years,
        periods_per_year=periods_per_year,
    )
    rows = case.assumptions.rows
    values: dict[str, Array] = {}
    for name, value in inputs.items():
        if name not in rows and name not in model().lines:
            raise UnknownNameError("input", name, [*rows, *model().lines])
        values[name] = _numbers(name, value)
        if name in rows and not (good := accepted(rows[name], values[name])).all():
            wrong = float(values[name][~good].flat[0])
            raise InputError(f"{name} = {refusal(rows[name], wrong)}")
    result = case.evaluate(line, values)
    return Result.of(line, result, case) if isinstance(result, float) else result


def _numbers(name: str, value: ArrayLike) -> Array:
    """Return a number or an array as floats. Raises InputError for anything else."""
    array = np.asarray(value)
    try:
        if value is not None and array.dtype.kind not in "US":
            return array.astype(float)
    except (TypeError, ValueError):
        pass
    raise InputError(f"{name} = {repr(value)[:60]} is not a number or an array of numbers")


def line_value(line: str, values: Inputs, years: int = DEFAULT_YEARS, periods_per_year: int = 1) -> Numbers:
    """Return the value of a line or an input for values of all inputs."""
    graph = model()
    if line in values and line not in graph.lines:
        return values[line]
    graph.line(line)
    return graph.evaluate([line], values, years, periods_per_year)[line]
