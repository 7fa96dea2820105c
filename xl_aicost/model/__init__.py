"""The cost model: each function is a line, and its parameters are the lines and inputs it is made from."""

from xl_aicost.model import company, development, hardware, operations, renewal, returns, workforce

CHAPTERS = (hardware, operations, renewal, returns, development, workforce, company)

# Lines over time that add up over the periods of a year and over the horizon. The others are levels.
FLOWS = frozenset(
    [
        "gpus_added",
        "gpus_renewed",
        "gpus_bought",
        "gpus_retired",
        "it_capex_path",
        "facility_capex_path",
        "capex_path",
        "it_depreciation_path",
        "facility_depreciation_path",
        "depreciation_path",
        "opex_path",
        "cluster_revenue",
        "cluster_cash_flow",
        "cluster_profit",
        "ai_revenue_path",
        "programme_cash_flow",
        "payroll_at_stake",
        "severance_paid",
        "option_a_cash_flow",
        "option_b_cash_flow",
        "option_b_advantage",
    ]
)
