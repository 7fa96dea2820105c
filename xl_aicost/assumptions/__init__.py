"""The numbers: assumptions, scenarios, sources, company facts and claims, read and checked."""

from xl_aicost.assumptions.facts import Fact, Facts, load_facts
from xl_aicost.assumptions.loader import (
    COMPANY_INPUTS,
    SCENARIOS,
    Assumption,
    Assumptions,
    Claim,
    Source,
    load_assumptions,
    load_claims,
    load_scenarios,
    load_sensitivities,
    load_sources,
    load_table,
    moving_together,
)

__all__ = [
    "COMPANY_INPUTS",
    "SCENARIOS",
    "Assumption",
    "Assumptions",
    "Claim",
    "Fact",
    "Facts",
    "Source",
    "load_assumptions",
    "load_claims",
    "load_facts",
    "load_scenarios",
    "load_sensitivities",
    "load_sources",
    "load_table",
    "moving_together",
]
