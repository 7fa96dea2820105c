"""The numbers: assumptions, scenarios, sources, company facts and claims, read and checked.

>>> price = load_assumptions()["gpu_unit_price"]
>>> price.low, price.base, price.high, price.unit
(25000.0, 30000.0, 40000.0, 'USD/GPU')
"""

from xl_aicost.assumptions.chips import Chip, find_chip, is_chip, load_chips
from xl_aicost.assumptions.claims import Claim, load_claims
from xl_aicost.assumptions.facts import Fact, Facts, load_facts
from xl_aicost.assumptions.loader import (
    COMPANY_INPUTS,
    Assumption,
    Assumptions,
    Source,
    load_assumptions,
    load_sensitivities,
    load_sources,
    load_table,
    moving_together,
)
from xl_aicost.assumptions.scenarios import Story, load_scenarios

__all__ = [
    "COMPANY_INPUTS",
    "Assumption",
    "Assumptions",
    "Chip",
    "Claim",
    "Fact",
    "Facts",
    "Source",
    "Story",
    "find_chip",
    "is_chip",
    "load_assumptions",
    "load_chips",
    "load_claims",
    "load_facts",
    "load_scenarios",
    "load_sensitivities",
    "load_sources",
    "load_table",
    "moving_together",
]
