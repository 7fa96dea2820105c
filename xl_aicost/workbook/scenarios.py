"""The scenarios of a template as cases: the columns of the Inputs sheet, and the case of a build."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Unpack

from xl_aicost.assumptions import Assumptions, Facts, load_facts, load_table
from xl_aicost.assumptions.figures import NAMES
from xl_aicost.assumptions.scenarios import ENDS
from xl_aicost.case import PERIODS, Arguments, Case
from xl_aicost.errors import InputError, UnknownNameError
from xl_aicost.workbook.template import BASE, COMPANY, TYPED, Template

LONGEST_HORIZON = 30  # years


@dataclass(frozen=True)
class Selection:
    """What a request puts into a workbook: its case, the scenario shown, and what its own columns of Inputs hold.

    `company` names the scenario that the request, or the template, brings along, as Meta 2025; `figures` are its values.
    `typed` are the user's own values, which count on top of the scenario shown.
    """

    case: Case
    shown: str
    company: str
    figures: Mapping[str, float]
    typed: Mapping[str, float]


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
    else:
        case = Case.of(scenario=name.lower(), assumptions=assumptions, facts=facts)
    return _with_file(case, name)


def _with_file(case: Case, column: str) -> Case:
    """Return a case with the values of a column of the user's file."""
    values = case.assumptions.columns.get(column, {})
    numbers = {i: v for i, v in values.items() if v is not None}
    missing = [i for i, v in numbers.items() if math.isnan(v)]
    settings = {i: v for i, v in numbers.items() if i not in missing}
    return case.without(values).with_settings(settings, "your file").with_missing(missing, "n/a in your file")


def column(template: Template, case: Case, name: str) -> Mapping[str, float]:
    """Return the values of a scenario's column on Inputs, with the files of a case: all for Base, else those that differ from it."""
    case = scenario_case(template, case.assumptions, name, case.facts)
    return case.values if name == BASE else case.overrides


def select(template: Template, show: str | None = None, **arguments: Unpack[Arguments]) -> Selection:
    """Return what a request puts into a workbook; the template gives what the arguments leave out.

    `show` names the scenario shown, where it is not the one that the arguments ask for. A user's file of assumptions may
    have columns named after scenarios of the template.
    Raises UnknownNameError and InputError as `Case.of` does, and InputError for a horizon of more than 30 years.
    """
    scenario = arguments.get("scenario")
    brought = _brought(template, arguments)
    company = _title(template, brought, arguments) if brought else ""
    named = arguments.get("company") or arguments.get("chip")
    by_itself = is_end(scenario) or named or not scenario or _alike(scenario, company)
    if brought and (by_itself if show is None else _alike(show, company)):
        shown, case = COMPANY, brought
    else:
        shown = shown_scenario(template, show or scenario)
        case = scenario_case(template, *_files(template, arguments, shown))
    typed = _typed(case, arguments.get("settings") or {})
    case = case.with_settings(typed).over(*_horizon(template, arguments))
    return Selection(case, shown, company, brought.overrides if brought else {}, {i: case.values[i] for i in typed})


def _files(template: Template, arguments: Arguments, name: str) -> tuple[Assumptions, str, Facts]:
    """Return the arguments of `scenario_case` behind the template."""
    own, facts = arguments.get("assumptions"), arguments.get("facts")
    assumptions = own if isinstance(own, Assumptions) else load_table(own, template.overlay_scenarios)
    return assumptions, name, facts if isinstance(facts, Facts) else load_facts(facts)


def _brought(template: Template, arguments: Arguments) -> Case | None:
    """Return the case that the request brings along: low or high ends, a company over a scenario, the template's company."""
    scenario, company, year = arguments.get("scenario"), arguments.get("company"), arguments.get("year")
    chip = arguments.get("chip")
    named = bool(company or chip or year is not None)
    if not named and not is_end(scenario) and not template.company and not template.subject:
        return None
    if not company and not scenario:
        company, year = template.company, template.year if year is None else year
    if scenario is not None and is_end(scenario):
        assumptions, _, facts = _files(template, arguments, BASE)
        case = Case.of(scenario=scenario, assumptions=assumptions, facts=facts)
    else:
        under = shown_scenario(template, scenario) if named else BASE
        case = scenario_case(template, *_files(template, arguments, under))
        if not named:
            company, year = template.company, template.year
    return _with_file(case.with_chip(chip).with_company(company, year), COMPANY)


def _title(template: Template, case: Case, arguments: Arguments) -> str:
    """Return the name of the scenario that a request brings along: the company and its year, the chip, what it is over."""
    scenario, chip = arguments.get("scenario"), arguments.get("chip")
    who = f"{NAMES.get(case.company, case.company)} {case.year}" if case.company else template.subject
    named = bool(arguments.get("company") or chip)
    over = ""
    if scenario is not None and is_end(scenario):
        over = f"all {case.scenario} ends"
    elif scenario and named and case.scenario != BASE.lower():
        over = shown_scenario(template, scenario)
    name = ", ".join(filter(None, (who, chip and chip.upper(), over)))
    return (
        f"{name}, asked for" if name.lower() in map(str.lower, template.scenario_names) else name[:1].upper() + name[1:]
    )


def _typed(case: Case, settings: Mapping[str, float]) -> Mapping[str, float]:
    """Return what the user types on top of the scenario shown: the file's values, then the settings."""
    values = {i: v for i, v in case.assumptions.columns.get(TYPED, {}).items() if v is not None}
    if missing := [i for i, v in values.items() if math.isnan(v)]:
        raise InputError(f"{missing[0]}, {TYPED}: n/a is not a value; leave the cell blank")
    return {**values, **settings}


def _alike(name: str, scenario: str) -> bool:
    return name.lower().replace("-", " ") == scenario.lower()


def shown_scenario(template: Template, name: str | None) -> str:
    """Return the scenario of a template that is named, by default the template's own."""
    wanted = name or template.scenario
    for scenario in template.scenario_names:
        if _alike(wanted, scenario):
            return scenario
    raise UnknownNameError("scenario", wanted, [*(n.lower() for n in template.scenario_names), *ENDS])


def is_end(scenario: str | None) -> bool:
    """Return whether a name is that of the low or of the high ends of all ranges, which is no scenario."""
    return scenario is not None and scenario.lower() in ENDS


def _horizon(template: Template, arguments: Arguments) -> tuple[int, int]:
    years = arguments.get("years")
    horizon = template.years if years is None else years
    if horizon not in range(1, LONGEST_HORIZON + 1):
        raise InputError(f"years = {horizon!r} is not a whole number from 1 to {LONGEST_HORIZON}")
    parts = arguments.get("periods_per_year")
    periods_per_year = PERIODS[template.period] if parts is None else parts
    return horizon, periods_per_year
