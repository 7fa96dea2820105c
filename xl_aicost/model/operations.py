"""What a cluster costs to run for a year, bottom-up (basis 1) or in the article's dollars (basis 2)."""

from xl_aicost.model.line import line
from xl_aicost.model.missing import when


@line("Electricity used", unit="MWh/year", kind="level")
def electricity_mwh(facility_mw, power_draw_share):
    return facility_mw * power_draw_share * 8760


@line("Electricity cost, from power and price", unit="USD/year", kind="level")
def electricity_bottom_up(electricity_mwh, electricity_price):
    """From power, load and price."""
    return electricity_mwh * electricity_price * 1000


@line(
    "Size against the article's cluster",
    unit="ratio",
    kind="ratio",
    source="the article gives its costs for 10,000 GPUs",
)
def article_clusters(gpus, article_cluster_gpus):
    """Size of this cluster in clusters of the article."""
    return gpus / article_cluster_gpus


@line("Electricity", unit="USD/year", kind="level", source="bottom-up, or the article")
def electricity_cost(electricity_bottom_up, article_electricity_cost, article_clusters, cost_basis):
    return when(cost_basis, "=", 2, article_electricity_cost * article_clusters, electricity_bottom_up)


@line("Property tax, insurance, land: from rates", unit="USD/year", kind="level", source="assumption")
def real_estate_bottom_up(facility_capex, real_estate_rate):
    """Property tax, insurance and land of an owned site; its construction is depreciated apart."""
    return facility_capex * real_estate_rate


@line("Property tax, insurance and land", unit="USD/year", kind="level", source="bottom-up, or the article")
def real_estate_cost(real_estate_bottom_up, article_real_estate_cost, article_clusters, cost_basis):
    return when(cost_basis, "=", 2, article_real_estate_cost * article_clusters, real_estate_bottom_up)


@line("Cluster engineers", unit="jobs", kind="count", source="assumption")
def specialised_engineers(gpus, gpus_per_site_engineer):
    """Engineers who run the cluster."""
    return gpus / gpus_per_site_engineer


@line("Cluster engineers: cost from number and pay", unit="USD/year", kind="level")
def engineers_bottom_up(specialised_engineers, engineer_loaded_cost):
    """From their number and their pay."""
    return specialised_engineers * engineer_loaded_cost


@line("Cluster engineers: cost", unit="USD/year", kind="level", source="bottom-up, or the article")
def engineers_cost(engineers_bottom_up, article_engineers_cost, article_clusters, cost_basis):
    return when(cost_basis, "=", 2, article_engineers_cost * article_clusters, engineers_bottom_up)


@line(
    "Maintenance, from a rate on IT cost",
    unit="USD/year",
    kind="level",
    source="4-8% of purchase price (CTWatch Quarterly, 2006)",
)
def maintenance_bottom_up(it_capex, maintenance_rate):
    """A share of what the IT equipment cost."""
    return it_capex * maintenance_rate


@line("Maintenance", unit="USD/year", kind="level", source="bottom-up, or the article")
def maintenance_cost(maintenance_bottom_up, article_maintenance_cost, article_clusters, cost_basis):
    return when(cost_basis, "=", 2, article_maintenance_cost * article_clusters, maintenance_bottom_up)


@line("Running cost (opex)", unit="USD/year", kind="level", source="definition; the article's four kinds of cost")
def cluster_opex(electricity_cost, real_estate_cost, engineers_cost, maintenance_cost):
    """Cost of running the cluster for a year, without depreciation."""
    return electricity_cost + real_estate_cost + engineers_cost + maintenance_cost
