"""What a cluster costs to run for a year, bottom-up (basis 1) or in the article's dollars (basis 2)."""

import numpy as np


def electricity_mwh(facility_mw, utilization):
    """Electricity drawn in a year. [MWh/year]

    Source: definition.
    """
    return facility_mw * utilization * 8760


def electricity_bottom_up(electricity_mwh, electricity_price):
    """Electricity cost from power, load and price. [USD/year]

    Source: definition.
    """
    return electricity_mwh * electricity_price * 1000


def article_clusters(gpus, article_cluster_gpus):
    """Size of this cluster in clusters of the article. [ratio]

    Source: the article gives its costs for 10,000 GPUs.
    """
    return gpus / article_cluster_gpus


def electricity_cost(electricity_bottom_up, article_electricity_cost, article_clusters, cost_basis):
    """Electricity cost. [USD/year]

    Source: bottom-up, or the article.
    """
    return np.where(cost_basis == 2, article_electricity_cost * article_clusters, electricity_bottom_up)


def real_estate_bottom_up(facility_capex, real_estate_rate):
    """Property tax, insurance and land of an owned site; its construction is depreciated apart. [USD/year]

    Source: assumption.
    """
    return facility_capex * real_estate_rate


def real_estate_cost(real_estate_bottom_up, article_real_estate_cost, article_clusters, cost_basis):
    """Data-centre real estate. [USD/year]

    Source: bottom-up, or the article.
    """
    return np.where(cost_basis == 2, article_real_estate_cost * article_clusters, real_estate_bottom_up)


def specialised_engineers(gpus, gpus_per_site_engineer):
    """Engineers who run the cluster. [jobs]

    Source: assumption.
    """
    return gpus / gpus_per_site_engineer


def engineers_bottom_up(specialised_engineers, engineer_loaded_cost):
    """Cost of the engineers from their number and their pay. [USD/year]

    Source: definition.
    """
    return specialised_engineers * engineer_loaded_cost


def engineers_cost(engineers_bottom_up, article_engineers_cost, article_clusters, cost_basis):
    """Specialised engineers. [USD/year]

    Source: bottom-up, or the article.
    """
    return np.where(cost_basis == 2, article_engineers_cost * article_clusters, engineers_bottom_up)


def maintenance_bottom_up(it_capex, maintenance_rate):
    """Maintenance as a share of what the IT equipment cost. [USD/year]

    Source: 4-8% of purchase price (CTWatch Quarterly, 2006).
    """
    return it_capex * maintenance_rate


def maintenance_cost(maintenance_bottom_up, article_maintenance_cost, article_clusters, cost_basis):
    """Maintenance and upgrades. [USD/year]

    Source: bottom-up, or the article.
    """
    return np.where(cost_basis == 2, article_maintenance_cost * article_clusters, maintenance_bottom_up)


def cluster_opex(electricity_cost, real_estate_cost, engineers_cost, maintenance_cost):
    """Cost of running the cluster for a year, without depreciation. [USD/year]

    Source: definition; the article's four kinds of cost.
    """
    return electricity_cost + real_estate_cost + engineers_cost + maintenance_cost
