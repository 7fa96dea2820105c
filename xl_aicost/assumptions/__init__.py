"""The numbers: assumptions, scenarios, sources, company facts and claims, read and checked."""

from xl_aicost.assumptions.loader import (
    COMPANY_INPUTS,
    SCENARIOS,
    Assumption,
    Assumptions,
    Claim,
    Fact,
    Source,
    drivers,
    load_assumptions,
    load_claims,
    load_facts,
    load_scenarios,
    load_sensitivities,
    load_sources,
    load_table,
)

__all__ = [
    "COMPANY_INPUTS",
    "SCENARIOS",
    "Assumption",
    "Assumptions",
    "Claim",
    "Fact",
    "Source",
    "drivers",
    "load_assumptions",
    "load_claims",
    "load_facts",
    "load_scenarios",
    "load_sensitivities",
    "load_sources",
    "load_table",
]
