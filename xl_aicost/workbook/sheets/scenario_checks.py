"""Checks of one scenario: what its calculation sheet must hold together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import PERIOD_ROW, Lane
from xl_aicost.workbook.sheets import as_built

TOLERANCE = 1e-9


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
    """Yield the checks of a scenario's sheet: sums, roll-forwards, identities of the model."""
    layout = book.layout

    def cell(line: str) -> str:
        return layout.cell(lane, line)

    def total(line: str) -> str:
        return f"SUM({layout.row_range(lane, line)})"

    def last(line: str) -> str:
        return layout.cell(lane, line, layout.last)

    def check(name: str, what: str, left: str, right: str, tolerance: float = TOLERANCE) -> Check:
        return Check(f"{lane.sheet}_{name}", f"{lane.title}: {what}", "error", left, right, lane.sheet, tolerance)

    def difference(name: str, what: str, left: str, right: str, *sizes: str) -> Check:
        """Compare what large flows leave: with the flows, for what cancels has only some of their digits."""
        return check(
            name, f"{what}, as a share of the largest flow", f"({left}-({right}))/MAX(1,{','.join(sizes)})", "0"
        )

    paid, revenue = f"{total('opex_path')}+{total('capex_path')}", total("cluster_revenue")
    yield check(
        "book_value",
        "opening book value + capex = closing + depreciation, all periods",
        f"{total('book_value_opening')}+{total('capex_path')}",
        f"{total('book_value')}+{total('depreciation_path')}",
    )
    yield check(
        "fleet",
        "GPUs opening + bought = in service + retired, all periods",
        f"{total('gpus_opening')}+{total('gpus_bought')}",
        f"{total('gpus_in_service')}+{total('gpus_retired')}",
    )
    yield check("added", "GPUs in service at the end = GPUs ever added", last("gpus_in_service"), total("gpus_added"))
    yield check(
        "bought",
        "GPUs bought = added + renewed",
        total("gpus_bought"),
        f"{total('gpus_added')}+{total('gpus_renewed')}",
    )
    yield difference(
        "profit",
        "cash flow + book value at the end = profit: the cash view and the profit view reconcile",
        f"{total('cluster_cash_flow')}+{last('book_value')}",
        total("cluster_profit"),
        revenue,
        paid,
    )
    proceeds = total("resale_proceeds")
    yield difference(
        "cash",
        "cash flow to date at the end = revenue + sales - operating cost - capex",
        f"{last('cumulative_cash_flow')}+{paid}",
        f"{revenue}+{proceeds}",
        revenue,
        paid,
    )
    yield check(
        "book",
        "no book value is below zero, as a share of the capital cost",
        f"MIN(0,{layout.row_range(lane, 'book_value')})/MAX(1,{cell('cluster_capex')})",
        "0",
    )
    costs = ("electricity_cost", "real_estate_cost", "engineers_cost", "maintenance_cost")
    yield check("opex", "operating costs add up", cell("cluster_opex"), "+".join(map(cell, costs)))
    yield check(
        "facility",
        "parts of the facility = power x cost per MW",
        cell("facility_capex"),
        f"{cell('gpus')}*{cell('kw_per_gpu')}/1000*{cell('build_cost_per_mw')}*(1+{cell('ai_ready_premium')})",
    )
    yield check(
        "capex",
        "capital cost = GPUs, servers, network, cables and facility",
        cell("cluster_capex"),
        "+".join(map(cell, ("gpu_capex", "server_capex", "network_capex", "cabling_capex", "facility_capex"))),
    )
    yield check(
        "hour",
        "cost of a GPU hour x hours = depreciation + operating cost",
        f"{cell('gpu_hour_cost')}*{cell('gpus')}*{cell('utilization')}*8760",
        f"{cell('it_capex')}/{cell('useful_life')}+{cell('facility_capex')}/{cell('facility_life')}"
        f"+{cell('cluster_opex')}",
    )
    flow, dates = layout.row_range(lane, "cluster_dated_flow"), layout.date_range(lane)
    yield difference(
        "npv",
        "present value of the cluster = its flow at dates, discounted",
        cell("cluster_npv"),
        f"SUMPRODUCT({flow},{layout.row_range(lane, 'date_factor')})",
        *map(cell, ("cluster_revenue_value", "cluster_cost_value")),
    )
    at_rate = f"SUMPRODUCT({flow},(1+{cell('cluster_irr')})^(-{dates}/periods_per_year))/MAX(1,{cell('cluster_capex')})"
    yield check(
        "irr",
        "present value at the rate of return is nothing, as a share of the capital cost",
        f"IF(ISNUMBER({cell('cluster_irr')}),{at_rate},0)",
        "0",
        1e-6,
    )
    yield from _one_story(book, lane)
    programme, payroll, severance = map(cell, ("programme_cost_value", "payroll_value", "severance_due"))
    yield check(
        "same_cash",
        "both options spend the same present cash",
        f"{cell('option_a_ai_share')}*{programme}+{payroll}",
        f"{programme}+{severance}",
    )
    freed, lost = f"{cell('cut_value')}*{cell('ai_return_ratio')}", cell("lost_work_value")
    yield difference(
        "closed_form",
        "B less A = what the freed cash earns in AI - what the lost work was worth",
        cell("option_b_value_advantage"),
        f"{freed}-{cell('output_multiple')}*{lost}",
        programme,
        f"{cell('output_multiple')}*{payroll}",
    )
    breakeven = cell("breakeven_output_multiple")
    yield check(
        "breakeven",
        "at the break-even output the lost work is worth what the freed cash earns in AI",
        f"IF(ISNUMBER({breakeven}),{breakeven}*{lost},0)",
        f"IF(ISNUMBER({breakeven}),{freed},0)",
    )
    share = f"{cell('it_capex')}/{cell('cluster_capex')}"
    yield check(
        "depreciation",
        "depreciation of the AI spending = by its shares of IT equipment and building",
        cell("ai_depreciation"),
        f"{cell('ai_spend')}*({share}/{cell('useful_life')}+(1-{share})/{cell('facility_life')})",
    )
    yield check(
        "jobs",
        "jobs to fund x cost of a job = AI spending",
        f"{cell('layoffs_to_fund')}*{cell('loaded_cost')}",
        cell("ai_spend"),
    )
    yield check(
        "coverage",
        "what the cut covers x AI spending = jobs cut x cost of a job",
        f"{cell('layoff_coverage')}*{cell('ai_spend')}",
        f"{cell('headcount')}*{cell('layoff_share')}*{cell('loaded_cost')}",
    )
    yield Check(
        f"{lane.sheet}_as_built",
        f"{lane.title}: with the inputs of the build, every line is as built",
        "error",
        as_built.differences(book, lane),
        "0",
        as_built.SHEET,
    )


def sign_changes(book: Book, lane: Lane) -> str:
    """Return the formula of how often cash to date changes its sign, from date to date."""
    dates, row = book.layout.dates(), book.layout.rows["cumulative_dated_flow"]
    before, after = (f"{lane.sheet}!${a}${row}:${b}${row}" for a, b in ((dates[0], dates[-2]), (dates[1], dates[-1])))
    return f"SUMPRODUCT(({before}*{after}<0)*1)"


def _one_story(book: Book, lane: Lane) -> Iterator[Check]:
    """Yield the checks that payback, rate of return, cash to date and net present value do not contradict each other."""
    layout = book.layout
    payback, irr, rate, npv, cash = (
        layout.cell(lane, n)
        for n in ("payback_years", "cluster_irr", "discount_rate", "cluster_npv", "total_cash_flow")
    )
    to_date, periods = layout.row_range(lane, "cumulative_cash_flow"), layout.time_range(PERIOD_ROW)
    unpaid = f"SUMPRODUCT(({periods}>{payback}*periods_per_year+0.000001)*({to_date}<0))"
    one_rate = f"ISNUMBER({irr})*({sign_changes(book, lane)}<=1)"  # else a rate says nothing of the sign
    sides = {
        "payback": (
            "it pays back if cash over the horizon is not negative, and cash to date stays so from then on",
            "error",
            f"IF(ISNUMBER({payback}),1+{unpaid},0)",
            f"IF({cash}<0,0,1)",
        ),
        "payback_and_irr": (
            "what pays back within the horizon has no negative rate of return",
            "error",
            f"IF(ISNUMBER({payback})*{one_rate},({irr}<0)*1,0)",
            "0",
        ),
        "npv_and_irr": (
            "NPV is positive where the rate of return is above the discount rate",
            "alert",
            f"IF({one_rate},({irr}>{rate})*1,0)",
            f"IF({one_rate},({npv}>0)*1,0)",
        ),
    }
    for name, (what, kind, left, right) in sides.items():
        yield Check(f"{lane.sheet}_{name}", f"{lane.title}: {what}", kind, left, right, lane.sheet)
