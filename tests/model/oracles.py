"""What lines come to, worked out by hand: plain arithmetic, the numbers written out.

Each entry gives what the line's function is called with, and the result; a list runs over periods, or over dates. The
lines of the worked example (worked_example.py) are not repeated here, but where a branch of theirs is not met there.
"""

NA = float("nan")
PRIOR = {
    "prior_capex_1": 40,
    "prior_capex_2": 30,
    "prior_capex_3": 20,
    "prior_capex_4": 10,
    "prior_capex_5": 5,
    "prior_capex_6": 1,
}


def of(expected, **given):
    return given, expected


ORACLES = [
    # hardware
    ("servers", of(4, gpus=25, gpus_per_server=8)),
    ("racks", of(2, gpus=100, gpus_per_rack=72)),
    ("gpu_capex", of(300_000, gpus=10, gpu_unit_price=30_000)),
    ("server_capex", of(50_000, gpus=10, server_unit_cost=5_000)),
    ("hardware_capex", of(350, gpu_capex=300, server_capex=50)),
    ("network_ports", of(4, gpus=32, servers=4, rail_optimised=1)),
    ("network_ports", of(32, gpus=32, servers=4, rail_optimised=0)),
    ("network_tiers", of(1, network_ports=64, switch_radix=64)),
    ("network_tiers", of(2, network_ports=65, switch_radix=64)),
    ("network_tiers", of(2, network_ports=2048, switch_radix=64)),  # 64 x 64 / 2
    ("network_tiers", of(3, network_ports=2049, switch_radix=64)),
    ("single_tier_switches", of(8, gpus=10_000, gpus_per_server=8, rail_optimised=1)),
    ("single_tier_switches", of(1, gpus=10_000, gpus_per_server=8, rail_optimised=0)),
    ("single_tier_switches", of(0, gpus=0, gpus_per_server=8, rail_optimised=1)),
    ("fat_tree_switches", of(5, gpus=100, network_tiers=2, switch_radix=64)),  # 3 x 100 / 64 = 4.7
    ("switches", of(8, network_tiers=1, single_tier_switches=8, fat_tree_switches=5)),
    ("switches", of(5, network_tiers=2, single_tier_switches=8, fat_tree_switches=5)),
    ("network_capex", of(175_000, switches=5, switch_unit_price=35_000)),
    ("cabling_capex", of(20_000, gpus=100, cable_cost_per_gpu=200)),
    ("it_mw", of(1.3, gpus=1000, kw_per_gpu=1.3)),
    ("facility_mw", of(12, it_mw=10, pue=1.2)),
    ("facility_cost_per_mw", of(13.2, build_cost_per_mw=12, ai_ready_premium=0.1)),
    ("power_distribution_capex", of(6, it_mw=2, facility_cost_per_mw=10, power_distribution_share=0.3)),
    ("cooling_capex", of(4, it_mw=2, facility_cost_per_mw=10, cooling_share=0.2)),
    ("fire_suppression_capex", of(1, it_mw=2, facility_cost_per_mw=10, fire_suppression_share=0.05)),
    (
        "building_capex",
        of(9, it_mw=2, facility_cost_per_mw=10, power_distribution_capex=6, cooling_capex=4, fire_suppression_capex=1),
    ),
    ("facility_capex", of(20, power_distribution_capex=6, cooling_capex=4, fire_suppression_capex=1, building_capex=9)),
    ("it_capex", of(395, hardware_capex=350, network_capex=25, cabling_capex=20)),
    ("cluster_capex", of(415, it_capex=395, facility_capex=20)),
    ("capex_per_gpu", of(40, cluster_capex=400, gpus=10)),
    ("capex_per_gpu", of(NA, cluster_capex=400, gpus=0)),
    ("capex_per_mw", of(8, cluster_capex=400, it_mw=50)),
    # operations
    ("electricity_mwh", of(70_080, facility_mw=10, power_draw_share=0.8)),  # 8 MW for 8,760 hours
    ("electricity_bottom_up", of(80_000, electricity_mwh=1000, electricity_price=0.08)),
    ("article_clusters", of(0.5, gpus=5_000, article_cluster_gpus=10_000)),
    (
        "electricity_cost",
        of(7, electricity_bottom_up=7, article_electricity_cost=10, article_clusters=0.5, cost_basis=1),
    ),
    (
        "electricity_cost",
        of(5, electricity_bottom_up=7, article_electricity_cost=10, article_clusters=0.5, cost_basis=2),
    ),
    ("real_estate_bottom_up", of(3, facility_capex=60, real_estate_rate=0.05)),
    (
        "real_estate_cost",
        of(3, real_estate_bottom_up=3, article_real_estate_cost=8, article_clusters=0.5, cost_basis=1),
    ),
    (
        "real_estate_cost",
        of(4, real_estate_bottom_up=3, article_real_estate_cost=8, article_clusters=0.5, cost_basis=2),
    ),
    ("specialised_engineers", of(20, gpus=10_000, gpus_per_site_engineer=500)),
    ("engineers_bottom_up", of(6_000_000, specialised_engineers=20, engineer_loaded_cost=300_000)),
    ("engineers_cost", of(6, engineers_bottom_up=6, article_engineers_cost=10, article_clusters=0.5, cost_basis=1)),
    ("engineers_cost", of(5, engineers_bottom_up=6, article_engineers_cost=10, article_clusters=0.5, cost_basis=2)),
    ("maintenance_bottom_up", of(15, it_capex=300, maintenance_rate=0.05)),
    (
        "maintenance_cost",
        of(15, maintenance_bottom_up=15, article_maintenance_cost=24, article_clusters=0.5, cost_basis=1),
    ),
    (
        "maintenance_cost",
        of(12, maintenance_bottom_up=15, article_maintenance_cost=24, article_clusters=0.5, cost_basis=2),
    ),
    ("cluster_opex", of(31, electricity_cost=7, real_estate_cost=3, engineers_cost=6, maintenance_cost=15)),
    # renewal
    ("it_depreciation", of(60, it_capex=300, useful_life=5)),
    ("facility_depreciation", of(4, facility_capex=100, facility_life=25)),
    ("depreciation", of(64, it_depreciation=60, facility_depreciation=4)),
    ("economic_depreciation", of(0.32236191302, price_performance_ooms=0.14)),  # 0.14 x ln 10 = 0.14 x 2.302585093
    ("economic_depreciation_cost", of(96, it_capex=300, economic_depreciation=0.32)),
    ("years_past", of([0, 0, 0, 0, 1, 1], period=[1, 2, 3, 4, 5, 6], periods_per_year=4)),
    ("year_start", of([1, 0, 1, 0], period=[1, 2, 3, 4], years_past=[0, 0, 1, 1], periods_per_year=2)),
    ("build_year_count", of(3, build_years=2.5)),
    ("build_year_count", of(1, build_years=0.2)),
    (
        "gpus_added",
        of([50, 0, 50, 0, 0], gpus=100, build_year_count=2, years_past=[0, 0, 1, 1, 2], year_start=[1, 0, 1, 0, 1]),
    ),
    ("life_periods", of(22, useful_life=5.5, periods_per_year=4)),
    ("life_whole", of(5, life_periods=5.5)),
    ("life_part", of(0.5, life_periods=5.5, life_whole=5)),
    ("gpus_renewed", of([0, 0, 75, 25, 56.25], gpus_added=[100, 0, 0, 0, 0], life_whole=2, life_part=0.25)),  # 75 x 75%
    ("gpus_retired", of([0, 0, 75, 25, 0], gpus_bought=[100, 0, 0, 0, 0], life_whole=2, life_part=0.25)),
    ("gpus_in_service", of([100, 100, 25, 0], gpus_bought=[100, 0, 0, 0], life_whole=2, life_part=0.25)),
    ("gpus_opening", of([0, 10, 20], gpus_in_service=[10, 20, 30])),
    ("it_price_path", of([3, 2.7, 2.43], it_capex=300, gpus=100, gpu_price_decline=0.1, years_past=[0, 1, 2])),
    ("it_capex_path", of([300, 0, 150], gpus_bought=[100, 0, 50], it_price_path=[3, 3, 3])),
    ("facility_capex_path", of([40, 40, 0], gpus_added=[50, 50, 0], facility_capex=80, gpus=100)),
    (
        "it_depreciation_path",
        of([40, 40, 20, 0], it_capex_path=[100, 0, 0, 0], life_whole=2, life_part=0.5, life_periods=2.5),
    ),
    ("facility_life_periods", of(60, facility_life=15, periods_per_year=4)),
    ("facility_life_whole", of(7, facility_life_periods=7.5)),
    (
        "facility_depreciation_path",
        of([40, 40, 20, 0], facility_capex_path=[100, 0, 0, 0], facility_life_whole=2, facility_life_periods=2.5),
    ),
    ("book_value_opening", of([0, 90, 60], book_value=[90, 60, 30])),
    (
        "it_capex_indexed",
        of(
            [10, 20 * 10**0.5, 300],
            it_capex_path=[10, 20, 30],
            price_performance_ooms=1,
            period=[1, 2, 3],
            periods_per_year=2,
        ),
    ),
    (
        "it_resale_value",
        of(
            [10, 1.25, 0],
            it_capex_indexed=[100, 0, 0],
            life_whole=1,
            life_part=0.125,
            price_performance_ooms=1,
            period=[1, 1, 2],
            periods_per_year=1,
        ),
    ),
    (
        "resale_proceeds",
        of(
            [0, 7.5, 0.25],
            residual_basis=2,
            it_capex_indexed=[100, 0, 0],
            life_whole=1,
            life_part=0.25,
            price_performance_ooms=1,
            period=[1, 2, 3],
            periods_per_year=1,
        ),
    ),
    (
        "resale_proceeds",
        of(
            [0, 0, 0],
            residual_basis=1,
            it_capex_indexed=[100, 0, 0],
            life_whole=1,
            life_part=0.25,
            price_performance_ooms=1,
            period=[1, 2, 3],
            periods_per_year=1,
        ),
    ),
    ("value_left", of([0, 0], residual_basis=0, book_value=[9, 8], it_resale_value=[5, 4], facility_book_value=[2, 1])),
    ("value_left", of([9, 8], residual_basis=1, book_value=[9, 8], it_resale_value=[5, 4], facility_book_value=[2, 1])),
    ("value_left", of([7, 5], residual_basis=2, book_value=[9, 8], it_resale_value=[5, 4], facility_book_value=[2, 1])),
    ("residual_path", of([0, 0, 5], period=[1, 2, 3], value_left=[7, 6, 5])),
    # returns
    ("annual_cost", of(95, depreciation=64, cluster_opex=31)),
    ("gpu_hours", of(43_800, gpus=10, utilization=0.5)),
    ("gpu_hour_cost", of(2, annual_cost=87_600, gpu_hours=43_800)),
    ("cluster_tco", of(570, cluster_capex=415, cluster_opex=31, useful_life=5)),
    ("opex_index", of([1, 1.03, 1.0609], opex_growth=0.03, years_past=[0, 1, 2])),
    (
        "opex_path",
        of([4, 8], cluster_opex=32, opex_index=[1, 1], gpus_in_service=[50, 100], gpus=100, periods_per_year=4),
    ),
    ("rental_price_path", of([2, 1.8, 1.62], rental_price=2, rental_price_decline=0.1, years_past=[0, 1, 2])),
    (
        "cluster_revenue",
        of([21_900, 19_710], gpus_in_service=[10, 10], utilization=0.5, rental_price_path=[2, 1.8], periods_per_year=4),
    ),
    ("cluster_start_flow", of([-100, 5], resale_proceeds=[0, 25], capex_path=[100, 20])),
    ("cluster_cash_flow", of([-60, 45], cluster_start_flow=[-100, 5], cluster_margin_path=[40, 40])),
    ("cluster_profit", of([15, 20], cluster_margin_path=[40, 40], depreciation_path=[25, 25], resale_proceeds=[0, 5])),
    ("total_cash_flow", of(25, cluster_cash_flow=[-60, 45, 40])),
    ("date_factor", of([1, 0.8, 0.64], discount_rate=0.25, date=[0, 1, 2], periods_per_year=1)),
    ("date_factor", of([1, 0.8, 0.64], discount_rate=0.5625, date=[0, 1, 2], periods_per_year=2)),  # 1.25 squared
    ("cumulative_dated_flow", of([-100, -40, 20], cluster_dated_flow=[-100, 60, 60])),
    ("irr_floor_period", of(-0.1, irr_floor=-0.19, periods_per_year=2)),  # 0.9 x 0.9 = 0.81
    ("cluster_irr_period", of(0.1, cluster_dated_flow=[-100, 10, 110], periods_per_year=1, irr_floor_period=-0.15)),
    ("cluster_irr_period", of(-0.15, cluster_dated_flow=[-100, 0, 1], periods_per_year=1, irr_floor_period=-0.15)),
    (
        "paid_within",
        of([1.5, 1.5, 0], cumulative_cash_flow=[-20, 20, 60], cluster_margin_path=[40, 40, 40], period=[1, 2, 3]),
    ),
    ("cluster_margin", of(69, gpu_hours=50, rental_price=2, cluster_opex=31)),
    ("revenue_gap", of(5, ai_spend=50, cloud_revenue=80, ai_revenue=10, cost_basis=1)),
    ("revenue_gap", of(8, ai_spend=50, cloud_revenue=80, ai_revenue=10, cost_basis=2)),
    # development
    ("chip_hours", of(240_000, gpus=100, run_days=100)),
    ("price_per_chip_at_acq", of(35_000, gpu_unit_price=30_000, server_unit_cost=5_000)),
    ("price_at_start", of(350, price_per_chip_at_acq=35_000, price_performance_ooms=0.5, years_to_start=4)),
    ("run_hardware_cost", of(40, chip_hours=8766, price_at_start=100, economic_depreciation=0.4)),
    ("run_network_cost", of(10, run_hardware_cost=40, interconnect_share=0.2)),
    ("usd_per_kwh", of(0.08, electricity_price=0.08)),
    (
        "run_energy_cost",
        of(67.2, chip_hours=1000, chip_tdp_kw=0.7, server_mult=2, avg_power_frac=0.5, pue=1.2, usd_per_kwh=0.08),
    ),
    (
        "epoch_training_cost",
        of(55, run_hardware_cost=40, run_network_cost=5, run_energy_cost=5, ppi_factor_to_2023_12=1.1),
    ),
    ("run_cost", of(55, epoch_training_cost=55, training_run_cost=100, cost_basis=1)),
    ("run_cost", of(100, epoch_training_cost=55, training_run_cost=100, cost_basis=2)),
    ("wasted_compute", of(300, failed_runs=3, training_run_cost=100)),
    ("experiment_cost", of(110, epoch_training_cost=55, experiment_factor=3)),
    ("release_compute_cost", of(165, run_cost=55, experiment_cost=110, wasted_compute=300, cost_basis=1)),
    ("release_compute_cost", of(400, run_cost=100, experiment_cost=110, wasted_compute=300, cost_basis=2)),
    ("model_release_cost", of(330, release_compute_cost=165, rd_staff_share=0.5)),
    (
        "release_energy_share",
        of(0.06, run_energy_cost=5, epoch_training_cost=55, ppi_factor_to_2023_12=1.1, rd_staff_share=0.4),
    ),
    (
        "release_interconnect_share",
        of(0.06, run_network_cost=5, epoch_training_cost=55, ppi_factor_to_2023_12=1.1, rd_staff_share=0.4),
    ),
    ("release_gpu_hours", of(600_000, chip_hours=240_000, experiment_factor=2, goodput=0.8)),
    ("release_capacity_share", of(0.5, release_gpu_hours=438_000, gpus=100)),
    ("article_release_capacity_share", of(0.25, chip_hours=43_800, failed_runs=3, goodput=0.8, gpus=100)),
    ("wasted_cluster_years", of(3, wasted_compute=285, annual_cost=95)),
    # workforce
    ("fully_loaded_cost", of(390, annual_compensation=300, benefits_load=0.3)),
    (
        "severance_weeks_paid",
        of(34, severance_weeks=16, severance_weeks_per_year=2, years_of_service=5, severance_notice_weeks=8),
    ),
    ("worker_severance", of(52_000, severance_weeks_paid=26, base_salary=104_000)),
    ("worker_runway_months", of(10.4, worker_severance=52_000, monthly_spending=5_000)),
    ("severance_per_job", of(60_000, worker_severance=52_000, severance_health_cost=8_000)),
    ("layoffs", of(3_950, headcount=79_000, layoff_share=0.05)),
    ("layoff_savings", of(1_600_000, layoffs=4, loaded_cost=400_000)),
    ("layoff_gross_savings", of(4_800_000, layoff_savings=1_600_000, savings_years=3)),
    ("layoff_net_savings", of(4_560_000, layoff_gross_savings=4_800_000, severance_due=240_000)),
    ("layoff_payback_months", of(1.8, severance_per_job=60_000, loaded_cost=400_000)),
    ("layoffs_to_fund", of(162_500, ai_spend=65e9, loaded_cost=400_000)),
    ("layoff_share_to_fund", of(1.625, layoffs_to_fund=162_500, headcount=100_000)),
    ("layoffs_to_fund_depreciation", of(25_000, ai_depreciation=10e9, loaded_cost=400_000)),
    ("jobs_to_fund_cluster", of(250, annual_cost=100e6, loaded_cost=400_000)),
    ("layoff_coverage", of(0.025, layoff_savings=1.625e9, ai_spend=65e9)),
    ("layoff_coverage", of(NA, layoff_savings=1.625e9, ai_spend=0)),
    ("layoff_coverage_depreciation", of(0.1625, layoff_savings=1.625e9, ai_depreciation=10e9)),
    ("gpus_per_engineer", of(10, loaded_cost=300_000, gpu_unit_price=30_000)),
    ("gpus_run_per_engineer", of(30, loaded_cost=300_000, annual_cost=100e6, gpus=10_000)),
    ("option_payroll", of(40e6, option_engineers=100, loaded_cost=400_000)),
    ("option_payroll_clusters", of(0.4, option_payroll=40e6, annual_cost=100e6)),
    (
        "pay_path",
        of([100, 100, 103, 103], loaded_cost=200, wage_growth=0.03, years_past=[0, 0, 1, 1], periods_per_year=2),
    ),
    # options
    ("cash_freed", of(7, cut_value=7)),
    ("cash_freed", of(NA, cut_value=0)),
    ("jobs_work_lost", of(4, work_lost_share=0.5, layoffs=10, ai_productivity_gain=0.01, headcount=110)),
    ("jobs_work_lost", of(0, work_lost_share=0.5, layoffs=10, ai_productivity_gain=1, headcount=110)),
    ("lost_work_value", of(600, jobs_work_lost=20, pay_value_per_job=30)),
    ("ai_return_ratio", of(NA, cluster_revenue_value=100, cluster_cost_value=-20)),  # what is left outweighs the cost
    ("option_a_ai_share", of(NA, cut_value=10, programme_cost_value=-20)),
    (
        "option_a_spend_path",
        of(
            [63, 33],
            option_a_ai_share=0.5,
            programme_clusters=2,
            capex_path=[40, 10],
            opex_path=[3, 3],
            layoffs=10,
            pay_path=[2, 2],
        ),
    ),
    (
        "option_b_spend_path",
        of([93, 26], programme_clusters=2, capex_path=[40, 10], opex_path=[3, 3], severance_due=7, period=[1, 2]),
    ),
    # vintages
    (
        "prior_clusters_running",
        of([4.5, 3.5, 2], **PRIOR, cluster_capex=20, life_periods=4, period=[1, 2, 3], periods_per_year=1),
    ),
    (
        "prior_clusters_running",
        of([3.5, 2], **PRIOR, cluster_capex=20, life_periods=5, period=[1, 2], periods_per_year=2),
    ),
    (
        "prior_clusters_housed",
        of([4, 2.75], **PRIOR, cluster_capex=20, facility_life_periods=3.5, period=[1, 2], periods_per_year=1),
    ),
    (
        "clusters_housed",
        of(
            [5, 10, 7.5],
            ai_spend_path=[100, 100, 0],
            facility_life_whole=2,
            facility_life_periods=2.5,
            cluster_capex=20,
            prior_clusters_housed=[0, 0, 0],
        ),
    ),
    (
        "clusters_housed",
        of(
            [6],
            ai_spend_path=[100],
            facility_life_whole=2,
            facility_life_periods=2.5,
            cluster_capex=20,
            prior_clusters_housed=[1],
        ),
    ),
    ("depreciation_above_payroll", of([0, 0, 1], ai_depreciation_path=[1, 2, 3], payroll_path=[2, 2, 2])),
    ("before_depreciation_passes", of([1, 0, 0, 0], depreciation_above_payroll=[0, 1, 0, 1])),
    ("revenue_above_breakeven", of([0, 1, 1], ai_revenue_path=[1, 2, 3], breakeven_revenue_path=[2, 2, 2])),
    ("before_revenue_breaks_even", of([1, 0, 0], revenue_above_breakeven=[0, 1, 0])),
    ("funding_gap_after_distributions", of(0, distributions=1, free_cash_flow=5)),
    ("funding_gap_after_distributions", of(4, distributions=9, free_cash_flow=5)),
    # company
    ("distributions_to_gap", of(2, funding_gap=5, distributions=10)),
    ("distributions_to_gap", of(NA, funding_gap=0, distributions=10)),
    ("ai_investment_ratio", of(0.25, ai_spend=50, company_revenue=200)),
    ("ai_spend_to_cash_flow", of(0.5, ai_spend=50, operating_cash_flow=100)),
    ("capex_per_employee", of(625_000, ai_spend=50e9, closing_headcount=80_000)),
    ("spend_to_payroll", of(1.5625, ai_spend=50e9, headcount=80_000, loaded_cost=400_000)),
    ("ai_spend_growth", of(0.25, ai_spend=50, prior_ai_spend=40)),
    ("headcount_growth", of(-0.2, closing_headcount=80, prior_headcount=100)),
    ("danger_zone", of(1, ai_spend_growth=0.1, headcount_growth=-0.1)),
    ("danger_zone", of(0, ai_spend_growth=0, headcount_growth=-0.1)),
    ("danger_zone", of(0, ai_spend_growth=0.1, headcount_growth=0)),
    ("frontier_capital", of(4e9, frontier_gpus=100_000, capex_per_gpu=40_000)),
    ("frontier_share_of_cash_flow", of(0.04, frontier_capital=4e9, operating_cash_flow=100e9)),
    ("payback_years", of(1.5, total_cash_flow=0, unpaid_until=[1, 2, 3, 2], periods_per_year=2)),  # it ends at zero
    (
        "change_in_cash_computed",
        of(57, free_cash_flow=100, distributions=40, acquisitions=7, securities_net=5, debt_net=9),
    ),
]
