"""The numbers: assumptions, scenarios, sources, company facts and claims, read and checked."""

from xl_aicost.assumptions.loader import (
    SCENARIOS,
    Assumption,
    Assumptions,
    Claim,
    Fact,
    Source,
    load_assumptions,
    load_claims,
    load_facts,
    load_scenarios,
    load_sources,
    load_table,
)

__all__ = [
    "SCENARIOS",
    "Assumption",
    "Assumptions",
    "Claim",
    "Fact",
    "Source",
    "load_assumptions",
    "load_claims",
    "load_facts",
    "load_scenarios",
    "load_sources",
    "load_table",
]
