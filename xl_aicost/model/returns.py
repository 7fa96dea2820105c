"""What the spending earns: cost of a GPU hour, cash flow, present value, and the gap to AI revenue."""

import numpy as np

from xl_aicost.model.timeline import cumulative, irr, present_value, total


def annual_cost(depreciation, cluster_opex):
    """Cost of owning and running the cluster for a year, without cost of capital. [USD/year]

    Source: definition.
    """
    return depreciation + cluster_opex


def gpu_hours(gpus, utilization):
    """GPU hours worked in a year. [GPU-hours/year]

    Source: definition.
    """
    return gpus * utilization * 8760


def gpu_hour_cost(annual_cost, gpu_hours):
    """Cost of owning, per GPU hour worked. [USD/GPU-hour]

    Source: definition; SemiAnalysis has 1.30 to 1.69 for H100.
    """
    return annual_cost / gpu_hours


def cluster_tco(cluster_capex, cluster_opex, useful_life):
    """Total cost of ownership over one hardware life: capex and the opex of those years. [USD]

    Source: definition; not discounted, no residual value.
    """
    return cluster_capex + cluster_opex * useful_life


def opex_path(cluster_opex, gpus_in_service, gpus, periods_per_year):
    """Operating cost of the period, by GPUs in service. [USD]

    Source: definition.
    """
    return cluster_opex / periods_per_year * gpus_in_service / gpus


def rental_price_path(rental_price, rental_price_decline, period, periods_per_year):
    """Market price of a GPU hour in the period. [USD/GPU-hour]

    Source: definition.
    """
    return rental_price * (1 - rental_price_decline) ** ((period - 1) / periods_per_year)


def cluster_revenue(gpus_in_service, utilization, rental_price_path, periods_per_year):
    """What the worked hours are worth at the market price. [USD]

    Source: definition.
    """
    return gpus_in_service * utilization * 8760 / periods_per_year * rental_price_path


def cluster_cash_flow(cluster_revenue, opex_path, capex_path):
    """Cash flow of the cluster before tax and financing. [USD]

    Source: definition.
    """
    return cluster_revenue - opex_path - capex_path


def cluster_profit(cluster_revenue, opex_path, depreciation_path):
    """Profit of the cluster before tax and financing. [USD]

    Source: definition; over time profit and cash differ by the book value.
    """
    return cluster_revenue - opex_path - depreciation_path


def cumulative_cash_flow(cluster_cash_flow):
    """Cash flow to date. [USD]

    Source: definition.
    """
    return cumulative(cluster_cash_flow)


def total_cash_flow(cluster_cash_flow):
    """Cash flow over the horizon. [USD]

    Source: definition.
    """
    return total(cluster_cash_flow)


def discount_factor(discount_rate, period, periods_per_year):
    """Present value of a dollar at the end of the period. [ratio]

    Source: definition; flows at the end of their period, as NPV takes them.
    """
    return (1 + discount_rate) ** (-period / periods_per_year)


def cluster_npv(cluster_cash_flow, discount_factor):
    """Present value of the cluster's cash flow over the horizon. [USD]

    Source: definition.
    """
    return present_value(cluster_cash_flow, discount_factor)


def irr_guess(periods_per_year):
    """Rate of a period from which the search for the internal rate of return starts: a year's 1/12. [share]

    Source: a start near the market's; spreadsheets start at 10%, which is far from a month's rate.
    """
    return 1 / (12 * periods_per_year)


def cluster_irr(cluster_cash_flow, total_cash_flow, irr_guess, periods_per_year):
    """Internal rate of return of a year over the horizon; 0 where the cash never comes back. [share]

    Source: definition.
    """
    return np.where(total_cash_flow <= 0, 0, (1 + irr(cluster_cash_flow, irr_guess)) ** periods_per_year - 1)


def cluster_margin(gpu_hours, rental_price, cluster_opex):
    """What a year leaves after opex at today's market price. [USD/year]

    Source: definition.
    """
    return gpu_hours * rental_price - cluster_opex


def payback_years(cluster_capex, cluster_margin):
    """Years until the margin has paid for the capex; 0 where there is no margin, so never. [years]

    Source: simple payback.
    """
    return np.where(cluster_margin <= 0, 0, cluster_capex / cluster_margin)


def ai_revenue_path(ai_revenue, ai_revenue_growth, period, periods_per_year):
    """AI revenue of the period. [USD]

    Source: definition.
    """
    return ai_revenue / periods_per_year * (1 + ai_revenue_growth) ** ((period - 1) / periods_per_year)


def revenue_gap(ai_spend, cloud_revenue, ai_revenue, cost_basis):
    """How many times AI revenue the AI spending is; on the article's basis, the cloud revenue. [ratio]

    Source: the article, whose 10 to 20 times divides cloud revenue by AI revenue.
    """
    return np.where(cost_basis == 2, cloud_revenue, ai_spend) / ai_revenue


def programme_clusters(ai_spend, cluster_capex):
    """Clusters like this one that one year's AI spending builds. [ratio]

    Source: definition.
    """
    return ai_spend / cluster_capex


def breakeven_revenue(programme_clusters, annual_cost):
    """AI revenue that covers a year's depreciation and opex of the programme. [USD/year]

    Source: definition.
    """
    return programme_clusters * annual_cost


def breakeven_year(breakeven_revenue, ai_revenue, ai_revenue_growth):
    """Years of growth until AI revenue reaches the break-even revenue. [years]

    Source: definition.
    """
    return np.log(np.maximum(breakeven_revenue / ai_revenue, 1)) / np.log(1 + ai_revenue_growth)
