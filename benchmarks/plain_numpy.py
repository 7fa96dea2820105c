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


def renewals(x: Any, life: Any) -> Any:
    found = np.zeros(np.broadcast_shapes(x.shape, np.shape(life)))
    for d in range(1, YEARS):
        found[..., d:] += np.where(d % life == 0, x[..., : YEARS - d], 0)
    return found


def cumulative(x: Any) -> Any:
    return np.cumsum(x, axis=-1)


def total(x: Any) -> Any:
    return x.sum(axis=-1, keepdims=True)


def present_value(x: Any, factor: Any) -> Any:
    return (x * factor).sum(axis=-1, keepdims=True)


def irr(x: Any, guess: float) -> Any:
    """Newton from a guess for all at once; those that do not come to rest are halved."""
    flows = np.ascontiguousarray(x.T)
    growth = np.full(flows.shape[1], 1 + guess)
    left = np.arange(len(growth))
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
    left = np.union1d(left, np.flatnonzero(~((growth > 0) & (growth < np.inf))))
    some = flows[:, left]
    low, high = np.full(len(left), 1e-3), np.full(len(left), 1e3)
    sign = np.sign(polynomial(some, low))
    crossed = (sign != np.sign(polynomial(some, high))) & ~np.isnan(sign)
    for _ in range(100):
        middle = np.sqrt(low * high)
        same = np.sign(polynomial(some, middle)) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    growth[left] = np.where(crossed, low, np.nan)
    return growth[:, None] - 1


def polynomial(flows: Any, growth: Any) -> Any:
    value, factor = 0.0, 1 / growth
    for flow in flows[::-1]:
        value = value * factor + flow
    return value


def full_model(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return every line for columns of inputs, one row a scenario."""
    given = SimpleNamespace(**inputs)
    period, periods_per_year = np.arange(1.0, YEARS + 1), np.float64(1)
    # hardware
    servers = np.ceil(given.gpus / given.gpus_per_server)
    gpu_capex = given.gpus * given.gpu_unit_price
    server_capex = given.gpus * given.server_unit_cost
    hardware_capex = gpu_capex + server_capex
    network_ports = np.where(given.rail_optimised == 1, servers, given.gpus)
    network_tiers = 1 + (network_ports > given.switch_radix) + (network_ports > given.switch_radix**2 / 2)
    single_tier_switches = np.where(given.rail_optimised == 1, given.gpus_per_server, 1)
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
    electricity_mwh = facility_mw * given.utilization * 8760
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
    refresh_periods = np.ceil(given.useful_life * periods_per_year)
    refresh_years = refresh_periods / periods_per_year
    build_periods = np.ceil(given.build_years * periods_per_year)
    gpus_added = np.where(period <= build_periods, given.gpus / build_periods, 0)
    gpus_renewed = renewals(gpus_added, refresh_periods)
    gpus_bought = gpus_added + gpus_renewed
    gpus_retired = lag(gpus_bought, refresh_periods)
    gpus_in_service = trailing_sum(gpus_bought, refresh_periods)
    gpus_opening = lag(gpus_in_service, 1)
    it_price_path = it_capex / given.gpus * (1 - given.gpu_price_decline) ** ((period - 1) / periods_per_year)
    it_capex_path = gpus_bought * it_price_path
    facility_capex_path = facility_capex * gpus_added / given.gpus
    capex_path = it_capex_path + facility_capex_path
    it_life_periods = given.useful_life * periods_per_year
    it_full_periods = np.floor(it_life_periods)
    last_part = (it_life_periods - it_full_periods) * lag(it_capex_path, it_full_periods)
    it_depreciation_path = (trailing_sum(it_capex_path, it_full_periods) + last_part) / it_life_periods
    facility_life_periods = given.facility_life * periods_per_year
    facility_full_periods = np.floor(facility_life_periods)
    last_part = (facility_life_periods - facility_full_periods) * lag(facility_capex_path, facility_full_periods)
    facility_depreciation_path = (
        trailing_sum(facility_capex_path, facility_full_periods) + last_part
    ) / facility_life_periods
    depreciation_path = it_depreciation_path + facility_depreciation_path
    book_value = cumulative(capex_path) - cumulative(depreciation_path)
    book_value_opening = lag(book_value, 1)
    # returns
    annual_cost = depreciation + cluster_opex
    gpu_hours = given.gpus * given.utilization * 8760
    gpu_hour_cost = annual_cost / gpu_hours
    cluster_tco = cluster_capex + cluster_opex * given.useful_life
    opex_path = cluster_opex / periods_per_year * gpus_in_service / given.gpus
    rental_price_path = given.rental_price * (1 - given.rental_price_decline) ** ((period - 1) / periods_per_year)
    cluster_revenue = gpus_in_service * given.utilization * 8760 / periods_per_year * rental_price_path
    cluster_cash_flow = cluster_revenue - opex_path - capex_path
    cluster_profit = cluster_revenue - opex_path - depreciation_path
    cumulative_cash_flow = cumulative(cluster_cash_flow)
    total_cash_flow = total(cluster_cash_flow)
    discount_factor = (1 + given.discount_rate) ** (-period / periods_per_year)
    cluster_npv = present_value(cluster_cash_flow, discount_factor)
    irr_guess = 1 / (12 * periods_per_year)
    cluster_irr = np.where(total_cash_flow <= 0, 0, (1 + irr(cluster_cash_flow, irr_guess)) ** periods_per_year - 1)
    cluster_margin = gpu_hours * given.rental_price - cluster_opex
    payback_years = np.where(cluster_margin <= 0, 0, cluster_capex / cluster_margin)
    ai_revenue_path = (
        given.ai_revenue / periods_per_year * (1 + given.ai_revenue_growth) ** ((period - 1) / periods_per_year)
    )
    revenue_gap = np.where(given.cost_basis == 2, given.cloud_revenue, given.ai_spend) / given.ai_revenue
    programme_clusters = given.ai_spend / cluster_capex
    breakeven_revenue = programme_clusters * annual_cost
    breakeven_year = np.log(np.maximum(breakeven_revenue / given.ai_revenue, 1)) / np.log(1 + given.ai_revenue_growth)
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
    wasted_cluster_years = wasted_compute / annual_cost
    # workforce
    fully_loaded_cost = given.annual_compensation * (1 + given.benefits_load)
    severance_weeks_paid = (
        given.severance_weeks + given.severance_weeks_per_year * given.years_of_service + given.severance_notice_weeks
    )
    severance_per_job = severance_weeks_paid * given.base_salary / 52 + given.severance_health_cost
    layoffs = given.headcount * given.layoff_share
    layoff_savings = layoffs * given.loaded_cost
    layoff_severance = layoffs * severance_per_job
    layoff_gross_savings = layoff_savings * given.savings_years
    layoff_net_savings = layoff_gross_savings - layoff_severance
    layoff_payback_months = severance_per_job / given.loaded_cost * 12
    layoffs_to_fund = given.ai_spend / given.loaded_cost
    layoff_share_to_fund = layoffs_to_fund / given.headcount
    ai_depreciation = given.ai_spend / given.useful_life
    layoffs_to_fund_depreciation = ai_depreciation / given.loaded_cost
    jobs_to_fund_cluster = annual_cost / given.loaded_cost
    layoff_coverage = layoff_savings / given.ai_spend
    layoff_coverage_depreciation = layoff_savings / ai_depreciation
    gpus_per_engineer = given.loaded_cost / given.gpu_unit_price
    gpus_run_per_engineer = given.loaded_cost * given.gpus / annual_cost
    option_payroll = given.option_engineers * given.loaded_cost
    option_payroll_clusters = option_payroll / annual_cost
    programme_cash_flow = programme_clusters * cluster_cash_flow
    payroll_at_stake = layoff_savings / periods_per_year * (1 + given.wage_growth) ** ((period - 1) / periods_per_year)
    severance_paid = np.where(period == 1, layoff_severance, 0)
    option_a_cash_flow = programme_cash_flow * given.option_a_ai_share - payroll_at_stake
    option_b_cash_flow = programme_cash_flow - severance_paid
    option_b_advantage = option_b_cash_flow - option_a_cash_flow
    option_a_value = present_value(option_a_cash_flow, discount_factor)
    option_b_value = present_value(option_b_cash_flow, discount_factor)
    option_b_value_advantage = option_b_value - option_a_value
    programme_value = present_value(programme_cash_flow, discount_factor)
    payroll_value = present_value(payroll_at_stake, discount_factor)
    severance_value = present_value(severance_paid, discount_factor)
    saved = payroll_value - severance_value
    breakeven_layoff_share = -given.layoff_share * (1 - given.option_a_ai_share) * programme_value / saved
    # company
    ai_investment_ratio = given.ai_spend / given.company_revenue
    ai_spend_to_cash_flow = given.ai_spend / given.operating_cash_flow
    capex_per_employee = given.ai_spend / given.headcount
    spend_to_payroll = given.ai_spend / (given.headcount * given.loaded_cost)
    ai_spend_growth = given.ai_spend / given.prior_ai_spend - 1
    headcount_growth = given.headcount / given.prior_headcount - 1
    danger_zone = (ai_spend_growth > 0) * (headcount_growth < 0) * 1
    frontier_capital = given.frontier_gpus * capex_per_gpu
    frontier_share_of_cash_flow = frontier_capital / given.operating_cash_flow
    found = locals()
    return {name: value for name, value in found.items() if name not in ("given", "inputs")}
