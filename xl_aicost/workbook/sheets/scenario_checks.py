"""Checks of one scenario: what its calculation sheet must hold together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import PERIOD_ROW, Lane
from xl_aicost.workbook.sheets import as_built

TOLERANCE = 1e-9
WHAT = {  # sums, roll-forwards and identities of the model, in words
    "book_value": "opening book value + capex = closing + depreciation, all periods",
    "fleet": "GPUs opening + bought = in service + retired, all periods",
    "added": "GPUs in service at the end = GPUs ever added",
    "bought": "GPUs bought = added + renewed",
    "profit": "cash flow + book value at the end = profit: the cash view and the profit view reconcile",
    "cash": "cash flow to date at the end = revenue + sales - operating cost - capex",
    "book": "no book value is below zero, as a share of the capital cost",
    "opex": "operating costs add up",
    "facility": "parts of the facility = power x cost per MW",
    "capex": "capital cost = GPUs, servers, network, cables and facility",
    "hour": "cost of a GPU-hour x hours = depreciation + operating cost",
    "npv": "present value of the cluster = its flow at dates, discounted",
    "irr": "present value at the rate of return is nothing, as a share of the capital cost",
    "payback": "it pays back if cash over the horizon is not negative, and cash to date stays so from then on",
    "payback_and_irr": "what pays back within the horizon has no negative rate of return",
    "npv_and_irr": "NPV is positive where the rate of return is above the discount rate",
    "same_cash": "both options spend the same present cash",
    "closed_form": "B less A = what the freed cash earns in AI - what the lost work was worth",
    "breakeven": "at the break-even output the lost work is worth what the freed cash earns in AI",
    "depreciation": "depreciation of the AI spending = by its shares of IT equipment and building",
    "jobs": "jobs to fund x cost of a job = AI spending",
    "coverage": "what the cut covers x AI spending = jobs cut x cost of a job",
}
SIDES = {  # of each, as formulas whose fields `Layout.filled` fills in
    "book_value": ("SUM({book_value_opening})+SUM({capex_path})", "SUM({book_value})+SUM({depreciation_path})"),
    "fleet": ("SUM({gpus_opening})+SUM({gpus_bought})", "SUM({gpus_in_service})+SUM({gpus_retired})"),
    "added": ("{gpus_in_service:end}", "SUM({gpus_added})"),
    "bought": ("SUM({gpus_bought})", "SUM({gpus_added})+SUM({gpus_renewed})"),
    "profit": ("SUM({cluster_cash_flow})+{book_value:end}", "SUM({cluster_profit})"),
    "cash": ("{cumulative_cash_flow:end}+{paid}", "SUM({cluster_revenue})+SUM({resale_proceeds})"),
    "book": ("MIN(0,{book_value})/MAX(1,{cluster_capex})", "0"),
    "opex": ("{cluster_opex}", "{electricity_cost}+{real_estate_cost}+{engineers_cost}+{maintenance_cost}"),
    "facility": ("{facility_capex}", "{gpus}*{kw_per_gpu}/1000*{build_cost_per_mw}*(1+{ai_ready_premium})"),
    "capex": ("{cluster_capex}", "{gpu_capex}+{server_capex}+{network_capex}+{cabling_capex}+{facility_capex}"),
    "hour": (
        "{gpu_hour_cost}*{gpus}*{utilization}*8760",
        "{it_capex}/{useful_life}+{facility_capex}/{facility_life}+{cluster_opex}",
    ),
    "npv": ("{cluster_npv}", "SUMPRODUCT({cluster_dated_flow},{date_factor})"),
    "irr": ("IF(ISNUMBER({cluster_irr}),{value_at_irr}/MAX(1,{cluster_capex}),0)", "0"),
    "payback": ("IF(ISNUMBER({payback_years}),1+{negative_after_payback},0)", "IF({total_cash_flow}<0,0,1)"),
    "payback_and_irr": ("IF(ISNUMBER({payback_years})*{one_rate},({cluster_irr}<0)*1,0)", "0"),
    "npv_and_irr": ("IF({one_rate},({cluster_irr}>{discount_rate})*1,0)", "IF({one_rate},({cluster_npv}>0)*1,0)"),
    "same_cash": (
        "{option_a_ai_share}*{programme_cost_value}+{payroll_value}",
        "{programme_cost_value}+{severance_due}",
    ),
    "closed_form": ("{option_b_value_advantage}", "{freed}-{output_multiple}*{lost_work_value}"),
    "breakeven": (
        "IF(ISNUMBER({breakeven_output_multiple}),{breakeven_output_multiple}*{lost_work_value},0)",
        "IF(ISNUMBER({breakeven_output_multiple}),{freed},0)",
    ),
    "depreciation": ("{ai_depreciation}", "{ai_spend}*({it_share}/{useful_life}+(1-{it_share})/{facility_life})"),
    "jobs": ("{layoffs_to_fund}*{loaded_cost}", "{ai_spend}"),
    "coverage": ("{layoff_coverage}*{ai_spend}", "{headcount}*{layoff_share}*{loaded_cost}"),
}
PARTS = {  # of the sides, by the field that stands for them
    "paid": "SUM({opex_path})+SUM({capex_path})",
    "freed": "{cut_value}*{ai_return_ratio}",
    "it_share": "{it_capex}/{cluster_capex}",
    "value_at_irr": "SUMPRODUCT({cluster_dated_flow},(1+{cluster_irr})^(-{dates}/periods_per_year))",
    "negative_after_payback": (
        "SUMPRODUCT(({periods}>{payback_years}*periods_per_year+0.000001)*({cumulative_cash_flow}<0))"
    ),
    "one_rate": "ISNUMBER({cluster_irr})*({sign_changes}<=1)",  # else a rate says nothing of the sign
}
FLOWS = {  # large flows whose sum is small: it has only some of their digits, so sides are compared as a share of them
    "profit": "SUM({cluster_revenue}),{paid}",
    "cash": "SUM({cluster_revenue}),{paid}",
    "npv": "{cluster_revenue_value},{cluster_cost_value}",
    "closed_form": "{programme_cost_value},{output_multiple}*{payroll_value}",
}
KINDS = {"npv_and_irr": "alert"}  # the others are errors
TOLERANCES = {"irr": 1e-6}


@dataclass(frozen=True)
class Check:
    """Two formulas that must agree, relative to their size."""

    id: str
    what: str
    kind: str
    left: str
    right: str
    where: str
    tolerance: float = TOLERANCE


def scenario_checks(book: Book, lane: Lane) -> Iterator[Check]:
    """Yield the checks of a scenario's sheet."""
    layout, changes = book.layout, sign_changes(book, lane)
    rows = {"periods": layout.time_range(PERIOD_ROW), "dates": layout.date_range(lane), "sign_changes": changes}
    parts = {field: layout.filled(lane, text, rows) for field, text in PARTS.items()}
    for name, what in WHAT.items():
        left, right = (layout.filled(lane, side, parts) for side in SIDES[name])
        if name in FLOWS:
            what += ", as a share of the largest flow"
            left, right = f"({left}-({right}))/MAX(1,{layout.filled(lane, FLOWS[name], parts)})", "0"
        kind, tolerance = KINDS.get(name, "error"), TOLERANCES.get(name, TOLERANCE)
        yield Check(f"{lane.sheet}_{name}", f"{lane.title}: {what}", kind, left, right, lane.sheet, tolerance)
    what, differences = "with the inputs of the build, every line is as built", as_built.differences(book, lane)
    yield Check(f"{lane.sheet}_as_built", f"{lane.title}: {what}", "error", differences, "0", as_built.SHEET)


def sign_changes(book: Book, lane: Lane) -> str:
    """Return the formula of how often cash to date changes its sign, from date to date."""
    dates, row = book.layout.dates(), book.layout.rows["cumulative_dated_flow"]
    before, after = (f"{lane.sheet}!${a}${row}:${b}${row}" for a, b in ((dates[0], dates[-2]), (dates[1], dates[-1])))
    return f"SUMPRODUCT(({before}*{after}<0)*1)"
