"""What the spending earns: cost of a GPU hour, cash flow, present value, and the gap to AI revenue."""

import numpy as np

from xl_aicost.model.line import line
from xl_aicost.model.timeline import cumulative, irr, present_value, total


@line("Cost to own and run, before cost of capital", unit="USD/year", kind="level")
def annual_cost(depreciation, cluster_opex):
    """Depreciation and running cost of a year."""
    return depreciation + cluster_opex


@line("GPU-hours worked", unit="GPU-hours/year", kind="level")
def gpu_hours(gpus, utilization):
    """GPU hours worked in a year."""
    return gpus * utilization * 8760


@line(
    "Cost per GPU-hour", unit="USD/GPU-hour", kind="ratio", source="definition; SemiAnalysis has 1.30 to 1.69 for H100"
)
def gpu_hour_cost(annual_cost, gpu_hours):
    return annual_cost / gpu_hours


@line(
    "Total cost of ownership, one hardware life",
    unit="USD",
    kind="level",
    source="definition; not discounted, no residual value",
)
def cluster_tco(cluster_capex, cluster_opex, useful_life):
    """Total cost of ownership over one hardware life: capex and the opex of those years."""
    return cluster_capex + cluster_opex * useful_life


@line("Running cost (opex), over time", unit="USD", kind="flow")
def opex_path(cluster_opex, gpus_in_service, gpus, periods_per_year):
    """Operating cost of the period, by GPUs in service."""
    return cluster_opex / periods_per_year * gpus_in_service / gpus


@line("Market price per GPU-hour, over time", unit="USD/GPU-hour", kind="ratio")
def rental_price_path(rental_price, rental_price_decline, period, periods_per_year):
    return rental_price * (1 - rental_price_decline) ** ((period - 1) / periods_per_year)


@line("Revenue at market price", unit="USD", kind="flow")
def cluster_revenue(gpus_in_service, utilization, rental_price_path, periods_per_year):
    """What the worked hours are worth at the market price."""
    return gpus_in_service * utilization * 8760 / periods_per_year * rental_price_path


@line("Cash flow, before tax and financing", unit="USD", kind="flow")
def cluster_cash_flow(cluster_revenue, opex_path, capex_path):
    """Revenue less running cost and capex."""
    return cluster_revenue - opex_path - capex_path


@line(
    "Profit, before tax and financing",
    unit="USD",
    kind="flow",
    source="definition; over time profit and cash differ by the book value",
)
def cluster_profit(cluster_revenue, opex_path, depreciation_path):
    """Revenue less running cost and depreciation."""
    return cluster_revenue - opex_path - depreciation_path


@line("Cumulative cash flow", unit="USD", kind="level")
def cumulative_cash_flow(cluster_cash_flow):
    return cumulative(cluster_cash_flow)


@line("Cash flow over the horizon", unit="USD", kind="level")
def total_cash_flow(cluster_cash_flow):
    return total(cluster_cash_flow)


@line(
    "Discount factor",
    unit="ratio",
    kind="ratio",
    source="definition; flows at the end of their period, as NPV takes them",
)
def discount_factor(discount_rate, period, periods_per_year):
    """Present value of a dollar at the end of the period."""
    return (1 + discount_rate) ** (-period / periods_per_year)


@line("Net present value (NPV)", unit="USD", kind="level")
def cluster_npv(cluster_cash_flow, discount_factor):
    """Present value of the cluster's cash flow over the horizon."""
    return present_value(cluster_cash_flow, discount_factor)


@line(
    "IRR: start value",
    unit="share",
    kind="ratio",
    source="a start near the market's; spreadsheets start at 10%, which is far from a month's rate",
)
def irr_guess(periods_per_year):
    """Rate of a period from which the search for the rate starts: 8.3% a year."""
    return 1 / (12 * periods_per_year)


@line("Internal rate of return (IRR)", unit="share", kind="ratio")
def cluster_irr(cluster_cash_flow, total_cash_flow, irr_guess, periods_per_year):
    """Internal rate of return of a year over the horizon; 0 where the cash never comes back."""
    return np.where(total_cash_flow <= 0, 0, (1 + irr(cluster_cash_flow, irr_guess)) ** periods_per_year - 1)


@line("Cash margin of a year", unit="USD/year", kind="level")
def cluster_margin(gpu_hours, rental_price, cluster_opex):
    """What a year leaves after opex at today's market price."""
    return gpu_hours * rental_price - cluster_opex


@line("Payback, refresh included", unit="years", kind="level", source="simple payback")
def payback_years(cluster_capex, cluster_margin):
    """Years until the margin has paid for the capex; 0 where there is no margin, so never."""
    return np.where(cluster_margin <= 0, 0, cluster_capex / cluster_margin)


@line("AI revenue, over time", unit="USD", kind="flow")
def ai_revenue_path(ai_revenue, ai_revenue_growth, period, periods_per_year):
    return ai_revenue / periods_per_year * (1 + ai_revenue_growth) ** ((period - 1) / periods_per_year)


@line(
    "AI spending per $1 of AI revenue",
    unit="ratio",
    kind="ratio",
    source="the article, whose 10 to 20 times divides cloud revenue by AI revenue",
)
def revenue_gap(ai_spend, cloud_revenue, ai_revenue, cost_basis):
    """How many times AI revenue the AI spending is; on the article's basis, the cloud revenue."""
    return np.where(cost_basis == 2, cloud_revenue, ai_spend) / ai_revenue


@line("Clusters that the year's AI spending buys", unit="ratio", kind="ratio")
def programme_clusters(ai_spend, cluster_capex):
    """Clusters like this one."""
    return ai_spend / cluster_capex


@line("Break-even AI revenue", unit="USD/year", kind="level")
def breakeven_revenue(programme_clusters, annual_cost):
    """AI revenue that covers a year's depreciation and opex of the programme."""
    return programme_clusters * annual_cost


@line("Years to break-even AI revenue", unit="years", kind="level")
def breakeven_year(breakeven_revenue, ai_revenue, ai_revenue_growth):
    """Years of growth until AI revenue reaches the break-even revenue."""
    return np.log(np.maximum(breakeven_revenue / ai_revenue, 1)) / np.log(1 + ai_revenue_growth)
