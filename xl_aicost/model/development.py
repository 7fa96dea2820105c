"""What a model costs to train, by Epoch AI's published method and as the article states it.

A run on an owned cluster is an allocation of the cluster's hours, not a cost on top of its capex and
opex. The article adds the two, which counts the same dollars twice.
"""

import numpy as np


def chip_hours(gpus, run_days):
    """Chip hours of a training run on the whole cluster. [GPU-hours]

    Source: definition.
    """
    return gpus * run_days * 24


def price_per_chip_at_acq(gpu_unit_price, server_unit_cost):
    """Price of a chip with its server when it was bought. [USD/GPU]

    Source: Epoch AI, arXiv 2405.21015.
    """
    return gpu_unit_price + server_unit_cost


def price_at_start(price_per_chip_at_acq, price_performance_ooms, years_to_start):
    """Value of a chip with its server when the run begins, after economic depreciation. [USD/GPU]

    Source: Epoch AI, arXiv 2405.21015.
    """
    return price_per_chip_at_acq * 10 ** (-price_performance_ooms * years_to_start)


def run_hardware_cost(chip_hours, price_at_start, economic_depreciation):
    """Value that the chips and servers lose during the run; a year has 8,766 hours. [USD/run]

    Source: Epoch AI, arXiv 2405.21015.
    """
    return chip_hours * price_at_start * economic_depreciation / 8766


def run_network_cost(run_hardware_cost, interconnect_share):
    """The interconnect's part, a share of the whole. [USD/run]

    Source: Epoch AI, arXiv 2405.21015.
    """
    return run_hardware_cost * interconnect_share / (1 - interconnect_share)


def usd_per_kwh(electricity_price):
    """Electricity price of the run. [USD/kWh]

    Source: the cluster's own.
    """
    return electricity_price


def run_energy_cost(chip_hours, chip_tdp_kw, server_mult, avg_power_frac, pue, usd_per_kwh):
    """Electricity of the run. [USD/run]

    Source: Epoch AI, arXiv 2405.21015.
    """
    return chip_hours * chip_tdp_kw * server_mult * avg_power_frac * pue * usd_per_kwh


def epoch_training_cost(run_hardware_cost, run_network_cost, run_energy_cost, ppi_factor_to_2023_12):
    """Cost of a training run: amortised hardware, interconnect and energy. [USD/run]

    Source: Epoch AI, arXiv 2405.21015.
    """
    return (run_hardware_cost + run_network_cost + run_energy_cost) * ppi_factor_to_2023_12


def run_cost(epoch_training_cost, training_run_cost, cost_basis):
    """Cost of a successful run. [USD/run]

    Source: Epoch AI's method, or the article.
    """
    return np.where(cost_basis == 2, training_run_cost, epoch_training_cost)


def wasted_compute(failed_runs, training_run_cost):
    """Cost of the failed runs before a product ships, in the article's arithmetic. [USD]

    Source: the article; it takes each failed run to cost as much as the successful one.
    """
    return failed_runs * training_run_cost


def experiment_cost(epoch_training_cost, experiment_factor):
    """Cost of experiments and failed runs by the published multiple of the final run. [USD]

    Source: Epoch AI, development cost notebook.
    """
    return epoch_training_cost * (experiment_factor - 1)


def release_compute_cost(run_cost, experiment_cost, wasted_compute, cost_basis):
    """Compute of a release: the successful run and all that came before it. [USD]

    Source: Epoch AI's method, or the article.
    """
    return run_cost + np.where(cost_basis == 2, wasted_compute, experiment_cost)


def model_release_cost(release_compute_cost, rd_staff_share):
    """Cost of a release with the R&D staff's share of it. [USD]

    Source: Epoch AI, development cost notebook.
    """
    return release_compute_cost / (1 - rd_staff_share)


def release_energy_share(run_energy_cost, epoch_training_cost, ppi_factor_to_2023_12, rd_staff_share):
    """Energy's share of the cost of a release on the bottom-up basis. [share]

    Source: Cottier et al. 2024 find 2-6%.
    """
    return run_energy_cost * ppi_factor_to_2023_12 / epoch_training_cost * (1 - rd_staff_share)


def release_interconnect_share(run_network_cost, epoch_training_cost, ppi_factor_to_2023_12, rd_staff_share):
    """Interconnect's share of the cost of a release on the bottom-up basis. [share]

    Source: Cottier et al. 2024 find 9-13%.
    """
    return run_network_cost * ppi_factor_to_2023_12 / epoch_training_cost * (1 - rd_staff_share)


def release_gpu_hours(chip_hours, experiment_factor, goodput):
    """Cluster hours that a release takes, experiments and lost time included. [GPU-hours]

    Source: definition.
    """
    return chip_hours * experiment_factor / goodput


def release_capacity_share(release_gpu_hours, gpus):
    """Share of the cluster's year that a release takes; above 1 it does not fit. [share]

    Source: definition.
    """
    return release_gpu_hours / (gpus * 8760)


def article_release_capacity_share(chip_hours, failed_runs, goodput, gpus):
    """Cluster years that the article's failed runs and the successful one take, each at full length. [years]

    Source: the article's counts, by arithmetic.
    """
    return chip_hours * (failed_runs + 1) / goodput / (gpus * 8760)


def wasted_cluster_years(wasted_compute, annual_cost):
    """Years of this cluster that the article's wasted compute would buy. [years]

    Source: definition.
    """
    return wasted_compute / annual_cost
