"""What the spending earns: cost of a GPU hour, cash flow, present value, and the gap to AI revenue."""

from xl_aicost.model.line import line
from xl_aicost.model.missing import missing, power, ratio, when
from xl_aicost.model.timeline import cumulative, dated, peak, present_value, rate_of_return, total


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
    return ratio(annual_cost, gpu_hours)


@line(
    "Total cost of ownership, one hardware life",
    unit="USD",
    kind="level",
    source="definition; not discounted, no residual value",
)
def cluster_tco(cluster_capex, cluster_opex, useful_life):
    """Total cost of ownership over one hardware life: capex and the opex of those years."""
    return cluster_capex + cluster_opex * useful_life


@line("Growth of running cost to date", unit="ratio", kind="ratio")
def opex_index(opex_growth, years_past):
    return power(1 + opex_growth, years_past)


@line("Running cost (opex), over time", unit="USD", kind="flow")
def opex_path(cluster_opex, opex_index, gpus_in_service, gpus, periods_per_year):
    """By GPUs in service."""
    return cluster_opex * opex_index / periods_per_year * ratio(gpus_in_service, gpus)


@line("Market price per GPU-hour, over time", unit="USD/GPU-hour", kind="ratio")
def rental_price_path(rental_price, rental_price_decline, years_past):
    """The price steps once a year."""
    return rental_price * power(1 - rental_price_decline, years_past)


@line("Revenue at market price", unit="USD", kind="flow")
def cluster_revenue(gpus_in_service, utilization, rental_price_path, periods_per_year):
    """What the hours sold are worth at the market price."""
    return gpus_in_service * utilization * 8760 / periods_per_year * rental_price_path


@line("Cash margin of the period", unit="USD", kind="flow")
def cluster_margin_path(cluster_revenue, opex_path):
    """Revenue less running cost; it flows evenly, half at the start and half at the end of the period."""
    return cluster_revenue - opex_path


@line("Cash at the start of the period: sales less capex", unit="USD", kind="flow")
def cluster_start_flow(resale_proceeds, capex_path):
    """Negative where money is spent."""
    return resale_proceeds - capex_path


@line("Cash flow, before tax and financing", unit="USD", kind="flow")
def cluster_cash_flow(cluster_start_flow, cluster_margin_path):
    """Margin and sales less capex; what is left at the horizon is not counted."""
    return cluster_start_flow + cluster_margin_path


@line("Profit, before tax and financing", unit="USD", kind="flow")
def cluster_profit(cluster_margin_path, depreciation_path, resale_proceeds):
    """Margin and sales less depreciation; over time profit and cash differ by the book value."""
    return cluster_margin_path - depreciation_path + resale_proceeds


@line("Cumulative cash flow", unit="USD", kind="level")
def cumulative_cash_flow(cluster_cash_flow):
    return cumulative(cluster_cash_flow)


@line("Cash flow over the horizon", unit="USD", kind="level")
def total_cash_flow(cluster_cash_flow):
    return total(cluster_cash_flow)


@line("Discount factor, start of the period", unit="ratio", kind="ratio")
def factor_start(discount_rate, period, periods_per_year):
    return power(1 + discount_rate, -(period - 1) / periods_per_year)


@line("Discount factor, end of the period", unit="ratio", kind="ratio")
def factor_end(discount_rate, period, periods_per_year):
    return power(1 + discount_rate, -period / periods_per_year)


@line("Discount factor, flows during the period", unit="ratio", kind="ratio")
def factor_during(factor_start, factor_end):
    """Half of an even flow at the start, half at the end."""
    return (factor_start + factor_end) / 2


@line("Revenue: present value", unit="USD", kind="level")
def cluster_revenue_value(cluster_revenue, factor_during):
    return present_value(cluster_revenue, factor_during)


@line("Cost over the horizon: present value", unit="USD", kind="level")
def cluster_cost_value(opex_path, factor_during, cluster_start_flow, factor_start, residual_path, factor_end):
    """Running cost and capex, less sales and what is left at the horizon."""
    running = present_value(opex_path, factor_during)
    return running - present_value(cluster_start_flow, factor_start) - present_value(residual_path, factor_end)


@line("Net present value (NPV)", unit="USD", kind="level")
def cluster_npv(cluster_revenue_value, cluster_cost_value):
    """Present value of revenue less that of cost; what is left at the horizon counts."""
    return cluster_revenue_value - cluster_cost_value


@line("Cash flow at dates", unit="USD", kind="level")
def cluster_dated_flow(cluster_start_flow, cluster_margin_path, residual_path):
    """From date 0, the start, to the end of each period: even flows half at each end, the residual at the last."""
    return dated(cluster_start_flow, cluster_margin_path, residual_path)


@line("Discount factor at dates", unit="ratio", kind="ratio")
def date_factor(discount_rate, date, periods_per_year):
    return power(1 + discount_rate, -date / periods_per_year)


@line("Cumulative cash flow at dates", unit="USD", kind="level")
def cumulative_dated_flow(cluster_dated_flow):
    """Where it changes sign more than once, several rates of return are possible."""
    return cumulative(cluster_dated_flow)


@line("Lowest rate of return that is reported, a period", unit="share", kind="ratio")
def irr_floor_period(irr_floor, periods_per_year):
    return power(1 + irr_floor, 1 / periods_per_year) - 1


@line("Rate of return of a period, or the lowest reported", unit="share", kind="ratio")
def cluster_irr_period(cluster_dated_flow, periods_per_year, irr_floor_period):
    """Rate at which the NPV is zero, as spreadsheets find it from a start of 8.3% a year."""
    return rate_of_return(cluster_dated_flow, 1 / (12 * periods_per_year), irr_floor_period)


@line("Internal rate of return (IRR)", unit="share", kind="ratio")
def cluster_irr(cluster_irr_period, irr_floor_period, periods_per_year):
    """A year's rate at which the NPV is zero; n/a below the floor, where spreadsheets do not find it reliably."""
    rate = (1 + cluster_irr_period) ** periods_per_year - 1
    return when(cluster_irr_period, ">", irr_floor_period, rate, missing)


@line("Cash turns positive in the period at", unit="periods", kind="count")
def paid_within(cumulative_cash_flow, cluster_margin_path, period):
    """Moment at which an even flow brings cash to date above zero; 0 where it was not below at the start."""
    at_start = cumulative_cash_flow - cluster_margin_path
    return when(at_start, "<", 0, period - cumulative_cash_flow / cluster_margin_path, 0)


@line("Cash is below zero until", unit="periods", kind="count")
def unpaid_until(cumulative_cash_flow, paid_within, period):
    """Last moment of the period at which cash to date is below zero; 0 where it never is."""
    return when(cumulative_cash_flow, "<", 0, period, paid_within)


@line("Payback, renewals included", unit="years", kind="level")
def payback_years(total_cash_flow, unpaid_until, periods_per_year):
    """Years until cash to date stays above zero, renewals paid; n/a: not within the horizon."""
    return when(total_cash_flow, "<", 0, missing, peak(unpaid_until) / periods_per_year)


@line("Cash margin of a year", unit="USD/year", kind="level")
def cluster_margin(gpu_hours, rental_price, cluster_opex):
    """What a year leaves after running cost at today's market price."""
    return gpu_hours * rental_price - cluster_opex


@line("Payback, first purchase alone", unit="years", kind="level")
def payback_first_purchase_years(cluster_capex, cluster_margin):
    """Years until the margin has paid for the first purchase; n/a: the margin is not positive."""
    return when(cluster_margin, "<=", 0, missing, cluster_capex / cluster_margin)


@line("AI revenue, over time", unit="USD", kind="flow")
def ai_revenue_path(ai_revenue, ai_revenue_growth, years_past, periods_per_year):
    """It steps once a year."""
    return ai_revenue / periods_per_year * power(1 + ai_revenue_growth, years_past)


@line(
    "AI spending per $1 of AI revenue",
    unit="ratio",
    kind="ratio",
    source="the article, whose 10 to 20 times divides cloud revenue by AI revenue",
)
def revenue_gap(ai_spend, cloud_revenue, ai_revenue, cost_basis):
    """How many times AI revenue the AI spending is; on the article's basis, the cloud revenue."""
    return when(cost_basis, "=", 2, cloud_revenue, ai_spend) / ai_revenue


@line("Clusters that the year's AI spending buys", unit="ratio", kind="ratio")
def programme_clusters(ai_spend, cluster_capex):
    """Clusters like this one."""
    return ratio(ai_spend, cluster_capex)


@line("Break-even AI revenue", unit="USD/year", kind="level")
def breakeven_revenue(programme_clusters, annual_cost):
    """AI revenue that covers a year's depreciation and opex of the programme."""
    return programme_clusters * annual_cost


@line("Break-even AI revenue, spending every year", unit="USD/year", kind="level")
def breakeven_revenue_steady(breakeven_revenue, useful_life):
    """AI revenue that covers all that is running once the same is spent every year."""
    return breakeven_revenue * useful_life
