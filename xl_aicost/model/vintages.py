"""When it bites: the spending of every year as cohorts, their depreciation against the payroll, the revenue they need.

The spending of a year is placed at its start, in IT equipment and building in the cluster's shares. Spending before the
first year counts as far as `prior_capex_1` to `prior_capex_6` give it.
"""

import operator
from functools import reduce
from inspect import Parameter, Signature

import numpy as np

from xl_aicost.model.line import line
from xl_aicost.model.missing import missing, power, ratio, when
from xl_aicost.model.timeline import cumulative, lag, total, trailing_sum

PRIOR_CAPEX = tuple(f"prior_capex_{years}" for years in range(1, 7))


def _bought_before(life, doc):
    """Return the function of a line: cohorts of earlier years within their life, whole, in part or not at all, in clusters."""

    def clusters(*values):
        *spent, cluster_capex, periods_of_life, period, periods_per_year = values
        parts = [
            amount * np.minimum(1, np.maximum(0, periods_of_life - years * periods_per_year - (period - 1)))
            for years, amount in enumerate(spent, 1)
        ]
        return ratio(reduce(operator.add, parts), cluster_capex)

    precedents = (*PRIOR_CAPEX, "cluster_capex", life, "period", "periods_per_year")
    clusters.__signature__ = Signature([Parameter(n, Parameter.POSITIONAL_OR_KEYWORD) for n in precedents])
    clusters.__doc__ = doc
    return clusters


def _year_after(before, reached, periods_per_year):
    """Return the number of the year after the periods before something is reached; n/a where it never is."""
    return when(total(reached), "=", 0, missing, np.floor(total(before) / periods_per_year) + 1)


@line("AI spending, over time", unit="USD", kind="flow")
def ai_spend_path(ai_spend, year_start, ai_spend_growth_rate, years_past):
    return ai_spend * year_start * power(1 + ai_spend_growth_rate, years_past)


prior_clusters_running = line("Clusters running that were bought before", unit="ratio", kind="ratio")(
    _bought_before("life_periods", "Cohorts of the years before the first, as far as their IT equipment is in service.")
)


@line("Clusters running", unit="ratio", kind="ratio")
def clusters_running(ai_spend_path, life_whole, life_part, cluster_capex, prior_clusters_running):
    """Cohorts whose IT equipment is in service, in clusters like this one."""
    serving = trailing_sum(ai_spend_path, life_whole) + life_part * lag(ai_spend_path, life_whole)
    return ratio(serving, cluster_capex) + prior_clusters_running


prior_clusters_housed = line("Buildings depreciated that were bought before", unit="ratio", kind="ratio")(
    _bought_before("facility_life_periods", "Cohorts of the years before, as far as their building is depreciated.")
)


@line("Buildings depreciated", unit="ratio", kind="ratio")
def clusters_housed(ai_spend_path, facility_life_whole, facility_life_periods, cluster_capex, prior_clusters_housed):
    """Cohorts whose building is depreciated, in clusters like this one."""
    last_part = (facility_life_periods - facility_life_whole) * lag(ai_spend_path, facility_life_whole)
    return ratio(trailing_sum(ai_spend_path, facility_life_whole) + last_part, cluster_capex) + prior_clusters_housed


@line("Depreciation of all AI spending to date", unit="USD", kind="flow", source="straight-line method of the filings")
def ai_depreciation_path(
    clusters_running, it_capex, life_periods, clusters_housed, facility_capex, facility_life_periods
):
    """Of all cohorts that are in service."""
    return clusters_running * it_capex / life_periods + clusters_housed * facility_capex / facility_life_periods


@line("Payroll", unit="USD", kind="flow")
def payroll_path(headcount, pay_path):
    """Of all people, as many as today."""
    return headcount * pay_path


@line("Break-even AI revenue, over time", unit="USD", kind="flow")
def breakeven_revenue_path(ai_depreciation_path, clusters_running, cluster_opex, opex_index, periods_per_year):
    """Depreciation and running cost of all that is running."""
    return ai_depreciation_path + clusters_running * cluster_opex * opex_index / periods_per_year


@line("Depreciation above payroll", unit="flag", kind="flag")
def depreciation_above_payroll(ai_depreciation_path, payroll_path):
    return when(ai_depreciation_path, ">", payroll_path, 1, 0)


@line("Depreciation not yet above payroll", unit="flag", kind="flag")
def before_depreciation_passes(depreciation_above_payroll):
    return when(cumulative(depreciation_above_payroll), "=", 0, 1, 0)


@line("Year in which depreciation passes payroll", unit="years", kind="level")
def depreciation_passes_payroll_year(depreciation_above_payroll, before_depreciation_passes, periods_per_year):
    """Number of the first such year; n/a: not within the horizon."""
    return _year_after(before_depreciation_passes, depreciation_above_payroll, periods_per_year)


@line("AI revenue covers its cost", unit="flag", kind="flag")
def revenue_above_breakeven(ai_revenue_path, breakeven_revenue_path):
    return when(ai_revenue_path, ">=", breakeven_revenue_path, 1, 0)


@line("AI revenue not yet at its cost", unit="flag", kind="flag")
def before_revenue_breaks_even(revenue_above_breakeven):
    return when(cumulative(revenue_above_breakeven), "=", 0, 1, 0)


@line("Year in which AI revenue breaks even", unit="years", kind="level")
def ai_revenue_breakeven_year(revenue_above_breakeven, before_revenue_breaks_even, periods_per_year):
    """Number of the first such year; n/a: not within the horizon."""
    return _year_after(before_revenue_breaks_even, revenue_above_breakeven, periods_per_year)
