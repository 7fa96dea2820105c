"""The cost model: each function is a line, and its parameters are the lines and inputs it is made from.

>>> hardware.gpu_capex(10_000, 30_000), hardware.gpu_capex.meaning.label
(300000000, 'GPUs: purchase cost')
"""

from xl_aicost.model import (
    affordability,
    company,
    development,
    efficiency,
    hardware,
    operations,
    options,
    renewal,
    returns,
    vintages,
    workforce,
)

CHAPTERS = (
    hardware,
    operations,
    renewal,
    returns,
    development,
    workforce,
    efficiency,
    options,
    vintages,
    affordability,
    company,
)
MODEL_VERSION = 2
RETIRED = {  # lines and inputs of version 1, with what answers their question now
    "breakeven_layoff_share": "breakeven_output_per_job",
    "breakeven_year": "ai_revenue_breakeven_year",
    "discount_factor": "factor_during",
    "refresh_periods": "life_periods",
    "refresh_years": "life_periods",
    "build_periods": "build_year_count",
    "irr_guess": "irr_floor",
}
