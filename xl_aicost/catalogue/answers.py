"""Functions that answer with words or tables: company figures, assumptions, sources, claims."""

from __future__ import annotations

from typing import Any

import numpy as np

from xl_aicost import __version__
from xl_aicost.assumptions import is_chip, load_assumptions, load_facts, load_sources
from xl_aicost.assumptions.companies import yearly, years_of
from xl_aicost.assumptions.facts import UNITS
from xl_aicost.assumptions.figures import NAMES, company_id
from xl_aicost.case import Case, model
from xl_aicost.catalogue.claims import verdicts
from xl_aicost.catalogue.explain import explain
from xl_aicost.catalogue.units import Measured
from xl_aicost.errors import InputError, UnknownNameError
from xl_aicost.model import MODEL_VERSION

Rows = list[list[Any]]
RENAMED = {"capex": "capex_purchases", "layoffs": "layoffs_announced", "useful_life": "useful_life_servers"}


def _valid_name(kind: str, name: str, names: Any) -> str:
    """Return the entry that a name means without regard to case, or raise UnknownNameError."""
    for entry in names:
        if str(entry).lower() == name.strip().lower():
            return str(entry)
    raise UnknownNameError(kind, name[:60], names)


def option_a_vs_b(
    ai_spend: float,
    layoff_share: float,
    headcount: float,
    loaded_cost: float,
    option_a_ai_share: float,
    discount_rate: float,
    years: float,
) -> Rows:
    """Return what Option A (keep the people) and Option B (fund AI, cut) spend by year, and their present value."""
    values = dict(locals())
    horizon = int(values.pop("years"))
    del values["option_a_ai_share"]  # it follows from the same present cash
    spending, worth = ("option_a_spend_path", "option_b_spend_path"), ("option_a_value", "option_b_value")
    results = model().evaluate([*spending, *worth], {**Case.of().values, **values}, horizon)
    rows: Rows = [["Year", "Option A: spending", "Option B: spending", "B less A"]]
    columns = (np.asarray(results[n]).tolist() for n in spending)
    rows += [[t, *_dollars(a, b, b - a)] for t, a, b in zip(range(1, horizon + 1), *columns, strict=True)]
    a, b = (results[n] for n in worth)
    return [*rows, ["Present value, work included", *_dollars(a, b, b - a)]]


def _dollars(*values: Any) -> list[Measured]:
    return [Measured(v, "USD") for v in values]


def company_figure(company: str, measure: str, year: float) -> Rows:
    """Return a published figure of a company in a fiscal year, by default the last on file."""
    ticker = company_id(company[:60])
    name = _valid_name(
        "measure", RENAMED.get(measure.strip().lower(), measure), sorted({f.measure for f in load_facts()})
    )
    years = years_of(ticker, name)
    if not years:
        raise InputError(f"measure: {name} of {NAMES.get(ticker, ticker)} is not on file")
    wanted = int(year) or years[-1]
    figure = yearly(ticker, wanted, name)
    if not figure.on_file:
        listed = ", ".join(map(str, years))
        raise InputError(f"year: {name} of {NAMES.get(ticker, ticker)} for {wanted} is not on file; on file: {listed}")
    return [[Measured(figure.value, UNITS[name])]]


def assumption_value(id_: str, scenario: str) -> Rows:
    """Return the value of an assumption in a scenario, or of a chip."""
    item = load_assumptions()[_valid_name("input", id_, load_assumptions())]
    return [[Measured(_case("", 0, scenario).values[item.id], item.unit)]]


def source_of(id_: str) -> Rows:
    """Return where an assumption is from: title, publisher, date and address."""
    source = load_sources()[load_assumptions()[_valid_name("input", id_, load_assumptions())].source]
    return [[source.title, source.publisher, source.date, source.url]]


def value_of(line: str, company: str, year: float, scenario: str) -> Rows:
    """Return a line or an input of a company, a fiscal year and a scenario; a line over time fills a column."""
    case = _case(company, year, scenario)
    name = _valid_name("line", line, [*model().lines, *case.assumptions.rows])
    unit = (model().lines.get(name) or case.assumptions.rows[name]).unit
    values = np.atleast_1d(np.asarray(case.evaluate(name), float))
    if np.isnan(values).all():
        case.check_has_value(name)
        raise InputError(f"{name} has no value in this case")
    return [[Measured(v, unit)] for v in values.tolist()]


def _case(company: str, year: float, scenario: str) -> Case:
    words = [w.strip() for w in scenario.split(",") if w.strip()]
    chips = [w for w in words if is_chip(w)]
    others = [w for w in words if w not in chips]
    if len(chips) > 1 or len(others) > 1:
        raise InputError(f"scenario: {scenario[:60]!r} is not one scenario, one chip, or both with a comma between")
    return Case.of(
        scenario=others[0] if others else None,
        chip=chips[0] if chips else None,
        company=company.strip()[:60] or None,
        year=int(year) or None,
    )


def explanation(line: str, company: str, year: float, scenario: str) -> Rows:
    """Return a line's formula, and the value, unit, source and origin of it and of each part."""
    tree = explain(_valid_name("line", line, model().lines), _case(company, year, scenario))
    rows: Rows = [["Id", "Formula", "Value", "Unit", "Source", "Origin"]]
    parts = (tree, *tree.precedents)
    return rows + [[n.id, n.formula or "", Measured(n.first, n.unit), n.unit, n.source, n.origin] for n in parts]


def simulation(line: str, draws: float, seed: float) -> Rows:
    """Return what a line is when its inputs vary over their ranges: mean, percentiles with standard errors, drivers."""
    from xl_aicost.simulate import TORNADO_BARS, simulate

    result = simulate(_valid_name("line", line, model().lines), draws=int(draws), seed=int(seed), threads=1)

    def both(value: float, error: float | None) -> list[Any]:
        return [Measured(value, result.unit), "" if error is None else Measured(error, result.unit)]

    rows: Rows = [["Result", "Value", "Standard error"], ["Mean", *both(result.mean, result.mean_error)]]
    rows += [[f"P{p.level:g}", *both(p.value, p.error)] for p in result.percentiles]
    rows += [["Input", "Rank regression coefficient", ""]]
    return rows + [[d.id, d.coefficient, ""] for d in result.drivers[:TORNADO_BARS]]


def tornado(line: str) -> Rows:
    """Return the twelve inputs that move a line most between their low and high, one at a time, the rest in the base case."""
    from xl_aicost.simulate import tornado as swings_of

    name = _valid_name("line", line, model().lines)
    unit, inputs = model().line(name).unit, load_assumptions()
    rows: Rows = [["Input", "Low", "High", "Result at low", "Result at high"]]
    for s in swings_of(name):
        ends = [Measured(v, inputs[s.id].unit) for v in (s.low, s.high)]
        rows.append([s.id, *ends, *(Measured(v, unit) for v in (s.at_low, s.at_high))])
    return rows


def bounds(line: str) -> Rows:
    """Return the highest and the lowest value found of a line in the base case, and the inputs that make them."""
    from xl_aicost.simulate import bounds as bounds_of

    result = bounds_of(_valid_name("line", line, model().lines))
    ends, unit = (result.highest, result.lowest), model().line(result.line).unit
    rows: Rows = [["", "Highest found", "Lowest found"], [result.line, *(Measured(e.value, unit) for e in ends)]]
    for i, item in load_assumptions().items():
        if any(i in e.inputs for e in ends):
            rows.append([i, *(Measured(e.inputs[i], item.unit) if i in e.inputs else "" for e in ends)])
    return [*rows, ["Not monotone in", ", ".join(result.not_monotone), ""]]


def claims() -> Rows:
    """Return the article's claims on two axes: does the sum add up, and what do independent figures say as of a day."""
    heads = ("Claim", "Stated low", "Stated high", "Adds up", "Evidence", "As of", "Found low", "Found high")
    rows: Rows = [[*heads, "Explanation"]]
    for v in verdicts():
        stated, independent = (
            ["" if x is None else x for x in ends] for ends in ((v.low, v.high), (v.found_low, v.found_high))
        )
        rows.append([v.claim, *stated, v.adds_up, v.evidence, v.as_of, *independent, v.explanation])
    return rows


def version() -> Rows:
    """Return the version of xl-aicost that answers, and of its model."""
    return [[f"{__version__} (model {MODEL_VERSION})"]]
