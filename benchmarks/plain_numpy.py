"""The full model written out by hand, as one would without a graph: one long function over arrays, in chunks, on threads.

It is the measure for the graph's speed. tests/test_benchmarks.py holds it to the model, line by line.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

YEARS = 10


def lag(x: Any, n: Any) -> Any:
    found = np.zeros(np.broadcast_shapes(x.shape, np.shape(n)))
    for d in range(1, YEARS):
        found[..., d:] += np.where(n == d, x[..., : YEARS - d], 0)
    return found


def trailing_sum(x: Any, n: Any) -> Any:
    found = np.zeros(np.broadcast_shapes(x.shape, np.shape(n)))
    for d in range(YEARS):
        found[..., d:] += np.where(d < n, x[..., : YEARS - d], 0)
    return found


def renewals(x: Any, whole: Any, part: Any) -> Any:
    bought = x + np.zeros(np.broadcast_shapes(x.shape, np.shape(whole)))
    found = np.zeros(bought.shape)
    for t in range(1, YEARS):
        for d in range(1, t + 1):
            share = np.where(d == whole, 1 - part, np.where(d == whole + 1, part, 0))[..., 0]
            found[..., t] += share * bought[..., t - d]
        bought[..., t] += found[..., t]
    return found


def cumulative(x: Any) -> Any:
    return np.cumsum(x, axis=-1)


def total(x: Any) -> Any:
    return x.sum(axis=-1, keepdims=True)


def peak(x: Any) -> Any:
    return x.max(axis=-1, keepdims=True)


def dated(start: Any, during: Any, end: Any) -> Any:
    shape = np.broadcast_shapes(start.shape, during.shape, end.shape)
    found = np.zeros((*shape[:-1], YEARS + 1))
    found[..., :-1] += start + during / 2
    found[..., 1:] += during / 2 + end
    return found


def still_depreciated(life: Any, given: Any, period: Any, periods_per_year: Any) -> Any:
    found = 0.0
    for years in range(1, 7):
        left = life - years * periods_per_year - (period - 1)
        found = found + getattr(given, f"prior_capex_{years}") * np.minimum(1, np.maximum(0, left))
    return found


def present_value(x: Any, factor: Any) -> Any:
    return (x * factor).sum(axis=-1, keepdims=True)


def irr(x: Any, guess: float, lowest: Any) -> Any:
    """Newton from a guess for all at once; what comes to no rest is halved, as long as it may be above the lowest."""
    flows = np.ascontiguousarray(x.T)
    growth, lowest = np.full(flows.shape[1], 1 + guess), np.broadcast_to(1 + lowest, (flows.shape[1], 1))[:, 0]
    left = newton(flows, growth, np.arange(len(growth)))
    left = np.union1d(left, np.flatnonzero(~((growth > 0) & (growth < np.inf))))
    low, high = np.full(len(growth), 1e-3), np.full(len(growth), 1e3)
    sign = np.sign(polynomial(flows[:, left], low[left]))
    growth_of_rest = np.full(len(growth), np.nan)
    crossed = (sign != np.sign(polynomial(flows[:, left], high[left]))) & ~np.isnan(sign)
    growth[left], left, sign = np.nan, left[crossed], sign[crossed]
    for turn in range(100):
        if turn == 20:  # near enough for Newton
            growth_of_rest[left] = np.sqrt(low[left] * high[left])
            rest = newton(flows, growth_of_rest, left)
            inside = (growth_of_rest >= low) & (growth_of_rest <= high)
            done = np.isin(left, rest, invert=True) & inside[left]
            growth[left[done]] = growth_of_rest[left[done]]
            left, sign = left[~done], sign[~done]
        if not len(left):
            break
        middle = np.sqrt(low[left] * high[left])
        same = np.sign(polynomial(flows[:, left], middle)) == sign
        low[left], high[left] = np.where(same, middle, low[left]), np.where(same, high[left], middle)
        if turn >= 20:
            growth[left] = low[left]
        above = high[left] > lowest[left]
        left, sign = left[above], sign[above]
    return growth[:, None] - 1


def newton(flows: Any, growth: Any, left: Any) -> Any:
    """Move what is left to where flows have no value; return what comes to no rest."""
    for _ in range(60):
        some, factor = flows[:, left], 1 / growth[left]
        value = slope = np.zeros(len(left))
        for flow in some[::-1]:
            slope = slope * factor + value
            value = value * factor + flow
        step = -value / (slope * factor * factor)
        growth[left] -= step
        left = left[~(np.abs(step) <= 1e-12 * np.maximum(1, np.abs(growth[left])))]
        if not len(left):
            break
    return left


def polynomial(flows: Any, growth: Any) -> Any:
    value, factor = 0.0, 1 / growth
    for flow in flows[::-1]:
        value = value * factor + flow
    return value


def full_model(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return every line for columns of inputs, one row a scenario."""
    given = SimpleNamespace(**inputs)
    date = np.arange(0.0, YEARS + 1)
    period, periods_per_year = date[1:], np.float64(1)
    # hardware
    servers = np.ceil(given.gpus / given.gpus_per_server)
    racks = np.ceil(given.gpus / given.gpus_per_rack)
    gpu_capex = given.gpus * given.gpu_unit_price
    server_capex = given.gpus * given.server_unit_cost
    hardware_capex = gpu_capex + server_capex
    network_ports = np.where(given.rail_optimised == 1, servers, given.gpus)
    network_tiers = (
        1
        + np.where(network_ports > given.switch_radix, 1, 0)
        + np.where(network_ports > given.switch_radix**2 / 2, 1, 0)
    )
    single_tier_switches = np.where(given.gpus == 0, 0, np.where(given.rail_optimised == 1, given.gpus_per_server, 1))
    fat_tree_switches = np.ceil((2 * network_tiers - 1) * given.gpus / given.switch_radix)
    switches = np.where(network_tiers == 1, single_tier_switches, fat_tree_switches)
    network_capex = switches * given.switch_unit_price
    cabling_capex = given.gpus * given.cable_cost_per_gpu
    it_mw = given.gpus * given.kw_per_gpu / 1000
    facility_mw = it_mw * given.pue
    facility_cost_per_mw = given.build_cost_per_mw * (1 + given.ai_ready_premium)
    power_distribution_capex = it_mw * facility_cost_per_mw * given.power_distribution_share
    cooling_capex = it_mw * facility_cost_per_mw * given.cooling_share
    fire_suppression_capex = it_mw * facility_cost_per_mw * given.fire_suppression_share
    plant = power_distribution_capex + cooling_capex + fire_suppression_capex
    building_capex = it_mw * facility_cost_per_mw - plant
    facility_capex = power_distribution_capex + cooling_capex + fire_suppression_capex + building_capex
    it_capex = hardware_capex + network_capex + cabling_capex
    cluster_capex = it_capex + facility_capex
    capex_per_gpu = cluster_capex / given.gpus
    capex_per_mw = cluster_capex / it_mw
    # operations
    electricity_mwh = facility_mw * given.power_draw_share * 8760
    electricity_bottom_up = electricity_mwh * given.electricity_price * 1000
    article_clusters = given.gpus / given.article_cluster_gpus
    electricity_cost = np.where(
        given.cost_basis == 2, given.article_electricity_cost * article_clusters, electricity_bottom_up
    )
    real_estate_bottom_up = facility_capex * given.real_estate_rate
    real_estate_cost = np.where(
        given.cost_basis == 2, given.article_real_estate_cost * article_clusters, real_estate_bottom_up
    )
    specialised_engineers = given.gpus / given.gpus_per_site_engineer
    engineers_bottom_up = specialised_engineers * given.engineer_loaded_cost
    engineers_cost = np.where(
        given.cost_basis == 2, given.article_engineers_cost * article_clusters, engineers_bottom_up
    )
    maintenance_bottom_up = it_capex * given.maintenance_rate
    maintenance_cost = np.where(
        given.cost_basis == 2, given.article_maintenance_cost * article_clusters, maintenance_bottom_up
    )
    cluster_opex = electricity_cost + real_estate_cost + engineers_cost + maintenance_cost
    # renewal
    it_depreciation = it_capex / given.useful_life
    facility_depreciation = facility_capex / given.facility_life
    depreciation = it_depreciation + facility_depreciation
    economic_depreciation = np.log(10**given.price_performance_ooms)
    economic_depreciation_cost = it_capex * economic_depreciation
    years_past = np.floor((period - 1) / periods_per_year)
    year_start = np.where(period - 1 == years_past * periods_per_year, 1, 0)
    build_year_count = np.maximum(1, np.ceil(given.build_years))
    gpus_added = np.where(years_past < build_year_count, year_start * given.gpus / build_year_count, 0)
    life_periods = given.useful_life * periods_per_year
    life_whole = np.floor(life_periods)
    life_part = life_periods - life_whole
    gpus_renewed = renewals(gpus_added, life_whole, life_part)
    gpus_bought = gpus_added + gpus_renewed
    gpus_retired = (1 - life_part) * lag(gpus_bought, life_whole) + life_part * lag(gpus_bought, life_whole + 1)
    gpus_in_service = trailing_sum(gpus_bought, life_whole) + life_part * lag(gpus_bought, life_whole)
    gpus_opening = lag(gpus_in_service, 1)
    it_price_path = it_capex / given.gpus * (1 - given.gpu_price_decline) ** years_past
    it_capex_path = gpus_bought * it_price_path
    facility_capex_path = facility_capex * gpus_added / given.gpus
    capex_path = it_capex_path + facility_capex_path
    it_depreciation_path = (
        trailing_sum(it_capex_path, life_whole) + life_part * lag(it_capex_path, life_whole)
    ) / life_periods
    facility_life_periods = given.facility_life * periods_per_year
    facility_life_whole = np.floor(facility_life_periods)
    last_part = (facility_life_periods - facility_life_whole) * lag(facility_capex_path, facility_life_whole)
    facility_depreciation_path = (
        trailing_sum(facility_capex_path, facility_life_whole) + last_part
    ) / facility_life_periods
    depreciation_path = it_depreciation_path + facility_depreciation_path
    it_book_value = cumulative(it_capex_path) - cumulative(it_depreciation_path)
    facility_book_value = cumulative(facility_capex_path) - cumulative(facility_depreciation_path)
    book_value = it_book_value + facility_book_value
    book_value_opening = lag(book_value, 1)
    it_capex_indexed = it_capex_path * 10 ** (given.price_performance_ooms * (period - 1) / periods_per_year)
    serving = trailing_sum(it_capex_indexed, life_whole) + life_part * lag(it_capex_indexed, life_whole)
    it_resale_value = serving * 10 ** (-given.price_performance_ooms * period / periods_per_year)
    retired = (1 - life_part) * lag(it_capex_indexed, life_whole) + life_part * lag(it_capex_indexed, life_whole + 1)
    proceeds = retired * 10 ** (-given.price_performance_ooms * (period - 1) / periods_per_year)
    resale_proceeds = np.where(given.residual_basis == 2, proceeds, 0)
    resale = it_resale_value + facility_book_value
    value_left = np.where(given.residual_basis == 1, book_value, 0) + np.where(given.residual_basis == 2, resale, 0)
    residual_path = np.where(period == peak(period), value_left, 0)
    residual_value = total(residual_path)
    # returns
    annual_cost = depreciation + cluster_opex
    gpu_hours = given.gpus * given.utilization * 8760
    gpu_hour_cost = annual_cost / gpu_hours
    cluster_tco = cluster_capex + cluster_opex * given.useful_life
    opex_index = (1 + given.opex_growth) ** years_past
    opex_path = cluster_opex * opex_index / periods_per_year * gpus_in_service / given.gpus
    rental_price_path = given.rental_price * (1 - given.rental_price_decline) ** years_past
    cluster_revenue = gpus_in_service * given.utilization * 8760 / periods_per_year * rental_price_path
    cluster_margin_path = cluster_revenue - opex_path
    cluster_start_flow = resale_proceeds - capex_path
    cluster_cash_flow = cluster_start_flow + cluster_margin_path
    cluster_profit = cluster_margin_path - depreciation_path + resale_proceeds
    cumulative_cash_flow = cumulative(cluster_cash_flow)
    total_cash_flow = total(cluster_cash_flow)
    factor_start = (1 + given.discount_rate) ** (-(period - 1) / periods_per_year)
    factor_end = (1 + given.discount_rate) ** (-period / periods_per_year)
    factor_during = (factor_start + factor_end) / 2
    cluster_revenue_value = present_value(cluster_revenue, factor_during)
    running = present_value(opex_path, factor_during)
    cluster_cost_value = (
        running - present_value(cluster_start_flow, factor_start) - present_value(residual_path, factor_end)
    )
    cluster_npv = cluster_revenue_value - cluster_cost_value
    cluster_dated_flow = dated(cluster_start_flow, cluster_margin_path, residual_path)
    date_factor = (1 + given.discount_rate) ** (-date / periods_per_year)
    cumulative_dated_flow = cumulative(cluster_dated_flow)
    irr_floor_period = (1 + given.irr_floor) ** (1 / periods_per_year) - 1
    rate = irr(cluster_dated_flow, 1 / (12 * periods_per_year), irr_floor_period)
    cluster_irr_period = np.where(np.isnan(rate), irr_floor_period, np.maximum(rate, irr_floor_period))
    rate = (1 + cluster_irr_period) ** periods_per_year - 1
    cluster_irr = np.where(cluster_irr_period > irr_floor_period, rate, np.nan)
    at_start = cumulative_cash_flow - cluster_margin_path
    paid_within = np.where(at_start < 0, period - cumulative_cash_flow / cluster_margin_path, 0)
    unpaid_until = np.where(cumulative_cash_flow < 0, period, paid_within)
    payback_years = np.where(total_cash_flow < 0, np.nan, peak(unpaid_until) / periods_per_year)
    cluster_margin = gpu_hours * given.rental_price - cluster_opex
    payback_first_purchase_years = np.where(cluster_margin <= 0, np.nan, cluster_capex / cluster_margin)
    ai_revenue_path = given.ai_revenue / periods_per_year * (1 + given.ai_revenue_growth) ** years_past
    revenue_gap = np.where(given.cost_basis == 2, given.cloud_revenue, given.ai_spend) / given.ai_revenue
    programme_clusters = given.ai_spend / cluster_capex
    breakeven_revenue = programme_clusters * annual_cost
    breakeven_revenue_steady = breakeven_revenue * given.useful_life
    # development
    chip_hours = given.gpus * given.run_days * 24
    price_per_chip_at_acq = given.gpu_unit_price + given.server_unit_cost
    price_at_start = price_per_chip_at_acq * 10 ** (-given.price_performance_ooms * given.years_to_start)
    run_hardware_cost = chip_hours * price_at_start * economic_depreciation / 8766
    run_network_cost = run_hardware_cost * given.interconnect_share / (1 - given.interconnect_share)
    usd_per_kwh = given.electricity_price
    run_energy_cost = (
        chip_hours * given.chip_tdp_kw * given.server_mult * given.avg_power_frac * given.pue * usd_per_kwh
    )
    epoch_training_cost = (run_hardware_cost + run_network_cost + run_energy_cost) * given.ppi_factor_to_2023_12
    run_cost = np.where(given.cost_basis == 2, given.training_run_cost, epoch_training_cost)
    wasted_compute = given.failed_runs * given.training_run_cost
    experiment_cost = epoch_training_cost * (given.experiment_factor - 1)
    release_compute_cost = run_cost + np.where(given.cost_basis == 2, wasted_compute, experiment_cost)
    model_release_cost = release_compute_cost / (1 - given.rd_staff_share)
    release_energy_share = (
        run_energy_cost * given.ppi_factor_to_2023_12 / epoch_training_cost * (1 - given.rd_staff_share)
    )
    release_interconnect_share = (
        run_network_cost * given.ppi_factor_to_2023_12 / epoch_training_cost * (1 - given.rd_staff_share)
    )
    release_gpu_hours = chip_hours * given.experiment_factor / given.goodput
    release_capacity_share = release_gpu_hours / (given.gpus * 8760)
    article_release_capacity_share = chip_hours * (given.failed_runs + 1) / given.goodput / (given.gpus * 8760)
    wasted_cluster_years = np.where(annual_cost == 0, np.nan, wasted_compute / annual_cost)
    # workforce
    fully_loaded_cost = given.annual_compensation * (1 + given.benefits_load)
    severance_weeks_paid = (
        given.severance_weeks + given.severance_weeks_per_year * given.years_of_service + given.severance_notice_weeks
    )
    worker_severance = severance_weeks_paid * given.base_salary / 52
    worker_runway_months = worker_severance / given.monthly_spending
    severance_per_job = worker_severance + given.severance_health_cost
    layoffs = given.headcount * given.layoff_share
    severance_due = layoffs * (1 - given.attrition_share) * severance_per_job
    layoff_savings = layoffs * given.loaded_cost
    layoff_gross_savings = layoff_savings * given.savings_years
    layoff_net_savings = layoff_gross_savings - severance_due
    layoff_payback_months = severance_per_job / given.loaded_cost * 12
    layoffs_to_fund = given.ai_spend / given.loaded_cost
    layoff_share_to_fund = layoffs_to_fund / given.headcount
    ai_depreciation = programme_clusters * depreciation
    layoffs_to_fund_depreciation = ai_depreciation / given.loaded_cost
    jobs_to_fund_cluster = annual_cost / given.loaded_cost
    layoff_coverage = layoff_savings / given.ai_spend
    layoff_coverage_depreciation = layoff_savings / ai_depreciation
    gpus_per_engineer = given.loaded_cost / given.gpu_unit_price
    gpus_run_per_engineer = given.loaded_cost * given.gpus / annual_cost
    option_payroll = given.option_engineers * given.loaded_cost
    option_payroll_clusters = np.where(annual_cost == 0, np.nan, option_payroll / annual_cost)
    pay_path = given.loaded_cost / periods_per_year * (1 + given.wage_growth) ** years_past
    pay_value_per_job = present_value(pay_path, factor_during)
    payroll_value = layoffs * pay_value_per_job
    cut_value = payroll_value - severance_due
    cash_freed = np.where(cut_value <= 0, np.nan, cut_value)
    # efficiency
    ai_users = given.headcount * given.ai_adoption
    jobs_released = ai_users * given.time_saved_share * (1 - given.review_share) * given.realised_share
    ai_tool_cost = ai_users * given.tool_cost_per_user
    efficiency_jobs = np.maximum(0, jobs_released - ai_tool_cost / given.loaded_cost)
    ai_productivity_gain = efficiency_jobs / given.headcount
    cut_by_efficiency = np.minimum(layoffs, efficiency_jobs)
    cut_left_to_explain = layoffs - cut_by_efficiency
    efficiency_share_of_cut = np.where(layoffs == 0, np.nan, cut_by_efficiency / layoffs)
    # options
    programme_cost_value = programme_clusters * cluster_cost_value
    programme_value = programme_clusters * cluster_npv
    option_a_ai_share = 1 - np.where(programme_cost_value > 0, cut_value / programme_cost_value, np.nan)
    jobs_work_lost = np.maximum(0, given.work_lost_share * layoffs - ai_productivity_gain * (given.headcount - layoffs))
    option_a_value = option_a_ai_share * programme_value + (given.output_multiple - 1) * payroll_value
    option_b_value = (
        programme_value - severance_due + given.output_multiple * (payroll_value - jobs_work_lost * pay_value_per_job)
    )
    option_b_value_advantage = option_b_value - option_a_value
    ai_return_ratio = np.where(cluster_cost_value > 0, cluster_revenue_value / cluster_cost_value, np.nan)
    lost_work_value = jobs_work_lost * pay_value_per_job
    people_return_ratio = given.output_multiple * lost_work_value / cash_freed
    breakeven_output_multiple = np.where(jobs_work_lost == 0, np.nan, cash_freed * ai_return_ratio / lost_work_value)
    breakeven_output_per_job = breakeven_output_multiple * given.loaded_cost
    gain_that_absorbs_cut = given.work_lost_share * layoffs / (given.headcount - layoffs)
    option_a_spend_path = option_a_ai_share * programme_clusters * (capex_path + opex_path) + layoffs * pay_path
    option_b_spend_path = programme_clusters * (capex_path + opex_path) + np.where(period == 1, severance_due, 0)
    # vintages
    ai_spend_path = given.ai_spend * year_start * (1 + given.ai_spend_growth_rate) ** years_past
    prior_clusters_running = still_depreciated(life_periods, given, period, periods_per_year) / cluster_capex
    serving = trailing_sum(ai_spend_path, life_whole) + life_part * lag(ai_spend_path, life_whole)
    clusters_running = serving / cluster_capex + prior_clusters_running
    prior_clusters_housed = still_depreciated(facility_life_periods, given, period, periods_per_year) / cluster_capex
    last_part = (facility_life_periods - facility_life_whole) * lag(ai_spend_path, facility_life_whole)
    clusters_housed = (
        trailing_sum(ai_spend_path, facility_life_whole) + last_part
    ) / cluster_capex + prior_clusters_housed
    ai_depreciation_path = (
        clusters_running * it_capex / life_periods + clusters_housed * facility_capex / facility_life_periods
    )
    payroll_path = given.headcount * pay_path
    breakeven_revenue_path = ai_depreciation_path + clusters_running * cluster_opex * opex_index / periods_per_year
    depreciation_above_payroll = np.where(ai_depreciation_path > payroll_path, 1, 0)
    before_depreciation_passes = np.where(cumulative(depreciation_above_payroll) == 0, 1, 0)
    year = np.floor(total(before_depreciation_passes) / periods_per_year) + 1
    depreciation_passes_payroll_year = np.where(total(depreciation_above_payroll) == 0, np.nan, year)
    revenue_above_breakeven = np.where(ai_revenue_path >= breakeven_revenue_path, 1, 0)
    before_revenue_breaks_even = np.where(cumulative(revenue_above_breakeven) == 0, 1, 0)
    year = np.floor(total(before_revenue_breaks_even) / periods_per_year) + 1
    ai_revenue_breakeven_year = np.where(total(revenue_above_breakeven) == 0, np.nan, year)
    # affordability
    capex_total = given.capex_purchases + given.finance_lease_principal
    free_cash_flow = given.operating_cash_flow - capex_total
    free_cash_flow_after_share_pay = free_cash_flow - given.share_based_compensation
    distributions = given.buybacks + given.dividends
    funding_gap = np.maximum(0, 0 - free_cash_flow)
    funding_gap_after_distributions = np.maximum(0, distributions - free_cash_flow)
    share = given.share_based_compensation / (given.headcount * given.loaded_cost)
    noncash_pay_share = np.where(share >= 1, np.nan, share)
    cash_cost_per_job = given.loaded_cost * (1 - noncash_pay_share)
    cut_cash_saving = layoffs * cash_cost_per_job
    cut_cash_first_year = cut_cash_saving * given.cut_year_share - severance_due
    jobs_to_close_gap = funding_gap / cash_cost_per_job
    jobs_to_close_gap_after_distributions = funding_gap_after_distributions / cash_cost_per_job
    cut_to_distributions = cut_cash_saving / distributions
    cut_to_gap = np.where(funding_gap == 0, np.nan, cut_cash_saving / funding_gap)
    change_in_cash_computed = (
        free_cash_flow - distributions - given.acquisitions - given.securities_net + given.debt_net
    )
    affords_ai_and_people = np.where(free_cash_flow >= 0, 1, 0)
    affords_distributions_too = np.where(free_cash_flow >= distributions, 1, 0)
    cut_closes_gap = np.where(np.isnan(cut_to_gap), np.nan, cut_to_gap >= 1)
    distributions_to_gap = np.where(funding_gap == 0, np.nan, distributions / funding_gap)
    stopping_distributions_closes_gap = np.where(np.isnan(distributions_to_gap), np.nan, distributions_to_gap >= 1)
    # company
    ai_investment_ratio = given.ai_spend / given.company_revenue
    ai_spend_to_cash_flow = given.ai_spend / given.operating_cash_flow
    capex_per_employee = given.ai_spend / given.closing_headcount
    spend_to_payroll = given.ai_spend / (given.headcount * given.loaded_cost)
    ai_spend_growth = given.ai_spend / given.prior_ai_spend - 1
    headcount_growth = given.closing_headcount / given.prior_headcount - 1
    danger_zone = np.where(ai_spend_growth > 0, 1, 0) * np.where(headcount_growth < 0, 1, 0)
    frontier_capital = given.frontier_gpus * capex_per_gpu
    frontier_share_of_cash_flow = frontier_capital / given.operating_cash_flow
    found = locals()
    return {name: value for name, value in found.items() if name not in ("given", "inputs")}
