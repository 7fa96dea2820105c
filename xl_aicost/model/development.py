"""What a model costs to train, by Epoch AI's published method and as the article states it.

A run on an owned cluster is an allocation of the cluster's hours, not a cost on top of its capex and
opex. The article adds the two, which counts the same dollars twice.
"""

from xl_aicost.model.line import line
from xl_aicost.model.missing import ratio, when


@line("GPU-hours of a training run", unit="GPU-hours", kind="count")
def chip_hours(gpus, run_days):
    """The whole cluster works on the run."""
    return gpus * run_days * 24


@line("Chip and server: price when bought", unit="USD/GPU", kind="ratio", source="Epoch AI, arXiv 2405.21015")
def price_per_chip_at_acq(gpu_unit_price, server_unit_cost):
    """Price of a chip with its server when it was bought."""
    return gpu_unit_price + server_unit_cost


@line("Chip and server: value when the run starts", unit="USD/GPU", kind="ratio", source="Epoch AI, arXiv 2405.21015")
def price_at_start(price_per_chip_at_acq, price_performance_ooms, years_to_start):
    """Value of a chip with its server when the run begins, after economic depreciation."""
    return price_per_chip_at_acq * 10 ** (-price_performance_ooms * years_to_start)


@line("Training run: hardware", unit="USD/run", kind="level", source="Epoch AI, arXiv 2405.21015")
def run_hardware_cost(chip_hours, price_at_start, economic_depreciation):
    """Value that the chips and servers lose during the run; a year has 8,766 hours."""
    return chip_hours * price_at_start * economic_depreciation / 8766


@line("Training run: network", unit="USD/run", kind="level", source="Epoch AI, arXiv 2405.21015")
def run_network_cost(run_hardware_cost, interconnect_share):
    """The interconnect's part, a share of the whole."""
    return run_hardware_cost * interconnect_share / (1 - interconnect_share)


@line("Electricity price of the run", unit="USD/kWh", kind="ratio", source="the cluster's own")
def usd_per_kwh(electricity_price):
    return electricity_price


@line("Training run: electricity", unit="USD/run", kind="level", source="Epoch AI, arXiv 2405.21015")
def run_energy_cost(chip_hours, chip_tdp_kw, server_mult, avg_power_frac, pue, usd_per_kwh):
    return chip_hours * chip_tdp_kw * server_mult * avg_power_frac * pue * usd_per_kwh


@line("Training run: cost (Epoch AI method)", unit="USD/run", kind="level", source="Epoch AI, arXiv 2405.21015")
def epoch_training_cost(run_hardware_cost, run_network_cost, run_energy_cost, ppi_factor_to_2023_12):
    """Cost of a training run: amortised hardware, interconnect and energy."""
    return (run_hardware_cost + run_network_cost + run_energy_cost) * ppi_factor_to_2023_12


@line("Training run: cost", unit="USD/run", kind="level", source="Epoch AI's method, or the article")
def run_cost(epoch_training_cost, training_run_cost, cost_basis):
    """Cost of a successful run."""
    return when(cost_basis, "=", 2, training_run_cost, epoch_training_cost)


@line(
    "Failed runs: cost as the article counts it",
    unit="USD",
    kind="level",
    source="the article; it takes each failed run to cost as much as the successful one",
)
def wasted_compute(failed_runs, training_run_cost):
    """Cost of the failed runs before a product ships, in the article's arithmetic."""
    return failed_runs * training_run_cost


@line("Experiments and failed runs: cost", unit="USD", kind="level", source="Epoch AI, development cost notebook")
def experiment_cost(epoch_training_cost, experiment_factor):
    """Cost of experiments and failed runs by the published multiple of the final run."""
    return epoch_training_cost * (experiment_factor - 1)


@line("Model release: compute", unit="USD", kind="level", source="Epoch AI's method, or the article")
def release_compute_cost(run_cost, experiment_cost, wasted_compute, cost_basis):
    """Compute of a release: the successful run and all that came before it."""
    return run_cost + when(cost_basis, "=", 2, wasted_compute, experiment_cost)


@line(
    "Model release: full cost, staff included", unit="USD", kind="level", source="Epoch AI, development cost notebook"
)
def model_release_cost(release_compute_cost, rd_staff_share):
    """Cost of a release with the R&D staff's share of it."""
    return release_compute_cost / (1 - rd_staff_share)


@line("Electricity, share of a release", unit="share", kind="ratio", source="Cottier et al. 2024 find 2-6%")
def release_energy_share(run_energy_cost, epoch_training_cost, ppi_factor_to_2023_12, rd_staff_share):
    """Energy's share of the cost of a release on the bottom-up basis."""
    return ratio(run_energy_cost * ppi_factor_to_2023_12, epoch_training_cost) * (1 - rd_staff_share)


@line("Network, share of a release", unit="share", kind="ratio", source="Cottier et al. 2024 find 9-13%")
def release_interconnect_share(run_network_cost, epoch_training_cost, ppi_factor_to_2023_12, rd_staff_share):
    """Interconnect's share of the cost of a release on the bottom-up basis."""
    return ratio(run_network_cost * ppi_factor_to_2023_12, epoch_training_cost) * (1 - rd_staff_share)


@line("Model release: GPU-hours", unit="GPU-hours", kind="count")
def release_gpu_hours(chip_hours, experiment_factor, goodput):
    """Cluster hours that a release takes, experiments and lost time included."""
    return chip_hours * experiment_factor / goodput


@line("Model release: share of the cluster's year", unit="share", kind="ratio")
def release_capacity_share(release_gpu_hours, gpus):
    """Share of the cluster's year that a release takes; above 1 it does not fit."""
    return ratio(release_gpu_hours, gpus * 8760)


@line("Article's runs: cluster years needed", unit="years", kind="level", source="the article's counts, by arithmetic")
def article_release_capacity_share(chip_hours, failed_runs, goodput, gpus):
    """Cluster years that the article's failed runs and the successful one take, each at full length."""
    return ratio(chip_hours * (failed_runs + 1) / goodput, gpus * 8760)


@line("Failed runs in cluster years", unit="years", kind="level")
def wasted_cluster_years(wasted_compute, annual_cost):
    return ratio(wasted_compute, annual_cost)
