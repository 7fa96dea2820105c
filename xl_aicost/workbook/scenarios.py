"""The scenarios of a template as cases: the columns of the Inputs sheet, and the case of a build."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Unpack

from xl_aicost.assumptions import Assumptions, Facts, load_facts, load_table
from xl_aicost.assumptions.scenarios import ENDS
from xl_aicost.case import PERIODS, Arguments, Case
from xl_aicost.errors import InputError, UnknownNameError
from xl_aicost.workbook.template import BASE, CUSTOM, Template

LONGEST_HORIZON = 30  # years


def scenario_case(template: Template, assumptions: Assumptions, name: str, facts: Facts) -> Case:
    """Return the case of a scenario of a template, with the values of a user's files."""
    own = next((s for s in template.scenarios if s.name == name), None)
    if own is not None:
        case = Case.of(
            scenario=own.case,
            chip=own.chip,
            company=own.company,
            year=own.year,
            settings=own.settings,
            assumptions=assumptions,
            facts=facts,
        ).named(name)
    elif name == CUSTOM:
        case = Case.of(company=template.company, year=template.year, assumptions=assumptions, facts=facts)
    else:
        case = Case.of(scenario=name.lower(), assumptions=assumptions, facts=facts)
    typed = assumptions.columns.get(name, {})
    numbers = {i: v for i, v in typed.items() if v is not None}
    missing = [i for i, v in numbers.items() if math.isnan(v)]
    settings = {i: v for i, v in numbers.items() if i not in missing}
    return case.without(typed).with_settings(settings, "your file").with_missing(missing, "n/a in your file")


def column(template: Template, case: Case, name: str) -> Mapping[str, float]:
    """Return the values of a scenario's column on Inputs, with the files of a case: all for Base, else those that differ from it."""
    case = scenario_case(template, case.assumptions, name, case.facts)
    return case.values if name == BASE else case.overrides


def shown_scenario(template: Template, name: str | None) -> str:
    """Return the scenario shown: the one named, else Custom if the template has a company, else the template's own.

    Low and high, the ends of the ranges, stand in Custom.
    """
    wanted = name or (CUSTOM if template.company else template.scenario)
    if is_end(wanted):
        return CUSTOM
    for scenario in template.scenario_names:
        if scenario.lower() == wanted.lower().replace("-", " "):
            return scenario
    raise UnknownNameError("scenario", wanted, [*(n.lower() for n in template.scenario_names), *ENDS])


def is_end(scenario: str | None) -> bool:
    """Return whether a name is that of the low or of the high ends of all ranges, which is no scenario."""
    return scenario is not None and scenario.lower() in ENDS


def case_of(template: Template, **arguments: Unpack[Arguments]) -> Case:
    """Return the case of a build; the template gives what the arguments leave out.

    A user's file of assumptions may have columns named after scenarios of the template.
    Raises UnknownNameError and InputError as `Case.of` does, and InputError for a horizon of more than 30 years.
    """
    own = arguments.get("assumptions")
    assumptions = own if isinstance(own, Assumptions) else load_table(own, template.overlay_scenarios)
    company, scenario = arguments.get("company"), arguments.get("scenario")
    name = template.scenario if company and not scenario else shown_scenario(template, scenario)
    own_facts = arguments.get("facts")
    facts = own_facts if isinstance(own_facts, Facts) else load_facts(own_facts)
    case = scenario_case(template, assumptions, name, facts)
    if is_end(scenario):
        case = Case.of(scenario=scenario, assumptions=assumptions, facts=facts)
    case = case.with_chip(arguments.get("chip")).with_company(company, arguments.get("year"))
    years = arguments.get("years")
    horizon = template.years if years is None else years
    if horizon not in range(1, LONGEST_HORIZON + 1):
        raise InputError(f"years = {horizon!r} is not a whole number from 1 to {LONGEST_HORIZON}")
    parts = arguments.get("periods_per_year")
    periods_per_year = PERIODS[template.period] if parts is None else parts
    return case.with_settings(arguments.get("settings") or {}).over(horizon, periods_per_year)
