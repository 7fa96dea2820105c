"""Input sets for checking the model: short and long horizons, three lengths of period, lives with a part, edges.

Six sets for each of four time axes, as many as a workbook has lanes: an engine recalculates each axis as one workbook.
"""

from xl_aicost.case import Case

AXES = [(1, 1), (7, 4), (3, 12), (20, 1)]  # years and periods per year
CHANGES = {
    "broken life, built in three years": {"useful_life": 5.5, "build_years": 3, "wage_growth": 0.05},
    "life with a part, resale": {"useful_life": 3.21, "residual_basis": 2, "rental_price": 3.5},
    "renewed every year, nothing left": {"useful_life": 1, "residual_basis": 0, "price_performance_ooms": 0},
    "the building ends before the horizon": {
        "facility_life": 4.75,
        "useful_life": 6,
        "discount_rate": 0,
        "opex_growth": 0.1,
        "gpu_price_decline": -0.2,
        "rental_price_decline": 0.27,
        "ai_spend_growth_rate": 0.9,
        **{f"prior_capex_{k}": 10e9 * k for k in range(1, 7)},
    },
    "no cut, no spending, nothing sold": {"layoff_share": 0, "ai_spend": 0, "utilization": 0, "ai_adoption": 0},
    "all are cut, no GPUs, nobody is paid severance": {
        "layoff_share": 1,
        "gpus": 0,
        "attrition_share": 1,
        "rental_price": 0,
        "work_lost_share": 0,
        "buybacks": 0,
        "dividends": 0,
        "operating_cash_flow": 72.215e9,
    },
}
SETS = [Case.of().values | changes for changes in CHANGES.values()]
