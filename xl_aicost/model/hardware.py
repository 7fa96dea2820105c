"""What a cluster costs to buy: GPUs, servers, network, and the building with its plant."""

import numpy as np

from xl_aicost.model.line import line
from xl_aicost.model.missing import ratio, when


@line("Servers", unit="servers", kind="count")
def servers(gpus, gpus_per_server):
    return np.ceil(gpus / gpus_per_server)


@line("Racks", unit="racks", kind="count")
def racks(gpus, gpus_per_rack):
    return np.ceil(gpus / gpus_per_rack)


@line("GPUs: purchase cost", unit="USD", kind="level")
def gpu_capex(gpus, gpu_unit_price):
    return gpus * gpu_unit_price


@line("Servers without GPUs: purchase cost", unit="USD", kind="level")
def server_capex(gpus, server_unit_cost):
    return gpus * server_unit_cost


@line(
    "GPUs and servers: purchase cost",
    unit="USD",
    kind="level",
    source="the article; network and facility are lines of their own",
)
def hardware_capex(gpu_capex, server_capex):
    """GPUs and their servers: the article's 'hardware alone', which counts the GPUs only."""
    return gpu_capex + server_capex


@line(
    "Network ports needed",
    unit="ports",
    kind="count",
    source="public table of GPU cluster costs; NVIDIA's rail-optimised design",
)
def network_ports(gpus, servers, rail_optimised):
    """Endpoints that one network plane joins: servers by rail, GPUs in a fat tree."""
    return when(rail_optimised, "=", 1, servers, gpus)


@line("Network tiers", unit="tiers", kind="count", source="fat-tree geometry")
def network_tiers(network_ports, switch_radix):
    """Tiers of the fat tree: one up to the radix, two up to half its square, else three.

    Three tiers of radix 64 reach 65,536 endpoints.
    """
    return 1 + when(network_ports, ">", switch_radix, 1, 0) + when(network_ports, ">", switch_radix**2 / 2, 1, 0)


@line("Switches, one-tier network", unit="switches", kind="count", source="public table of GPU cluster costs")
def single_tier_switches(gpus, gpus_per_server, rail_optimised):
    """One for each rail, or one in all; none without GPUs."""
    return when(gpus, "=", 0, 0, when(rail_optimised, "=", 1, gpus_per_server, 1))


@line(
    "Switches, fat-tree network",
    unit="switches",
    kind="count",
    source="fat-tree geometry; the counts of the public cluster cost table follow from it",
)
def fat_tree_switches(gpus, network_tiers, switch_radix):
    """Switches of a fat tree with full bisection bandwidth: (2 x tiers - 1) x GPUs / radix."""
    return np.ceil((2 * network_tiers - 1) * gpus / switch_radix)


@line("Network switches", unit="switches", kind="count", source="as its precedents")
def switches(network_tiers, single_tier_switches, fat_tree_switches):
    return when(network_tiers, "=", 1, single_tier_switches, fat_tree_switches)


@line("Network switches: purchase cost", unit="USD", kind="level")
def network_capex(switches, switch_unit_price):
    """The InfiniBand switches, without transceivers and cables."""
    return switches * switch_unit_price


@line("Cables and optics: purchase cost", unit="USD", kind="level")
def cabling_capex(gpus, cable_cost_per_gpu):
    return gpus * cable_cost_per_gpu


@line("IT load", unit="MW", kind="level")
def it_mw(gpus, kw_per_gpu):
    """Power of the IT equipment at full load."""
    return gpus * kw_per_gpu / 1000


@line("Site power, cooling included", unit="MW", kind="level", source="definition of PUE")
def facility_mw(it_mw, pue):
    """Power that the site draws at full load, cooling and losses included."""
    return it_mw * pue


@line(
    "Construction cost per MW", unit="USD/MW", kind="ratio", source="Cushman & Wakefield 2025; Turner & Townsend 2025"
)
def facility_cost_per_mw(build_cost_per_mw, ai_ready_premium):
    """Construction cost per MW of IT load with the AI-ready premium."""
    return build_cost_per_mw * (1 + ai_ready_premium)


@line(
    "Power distribution: construction cost",
    unit="USD",
    kind="level",
    source="shares of construction cost (Cortex Construct)",
)
def power_distribution_capex(it_mw, facility_cost_per_mw, power_distribution_share):
    """UPS, switchgear, generators."""
    return it_mw * facility_cost_per_mw * power_distribution_share


@line("Cooling: construction cost", unit="USD", kind="level", source="shares of construction cost (Cortex Construct)")
def cooling_capex(it_mw, facility_cost_per_mw, cooling_share):
    return it_mw * facility_cost_per_mw * cooling_share


@line(
    "Fire protection: construction cost",
    unit="USD",
    kind="level",
    source="shares of construction cost (Cortex Construct)",
)
def fire_suppression_capex(it_mw, facility_cost_per_mw, fire_suppression_share):
    """Fire detection and suppression."""
    return it_mw * facility_cost_per_mw * fire_suppression_share


@line("Building and site: construction cost", unit="USD", kind="level", source="what the other shares leave")
def building_capex(it_mw, facility_cost_per_mw, power_distribution_capex, cooling_capex, fire_suppression_capex):
    """What the other parts leave: the building, its site, controls and general conditions."""
    plant = power_distribution_capex + cooling_capex + fire_suppression_capex
    return it_mw * facility_cost_per_mw - plant


@line("Data centre: construction cost", unit="USD", kind="level")
def facility_capex(power_distribution_capex, cooling_capex, fire_suppression_capex, building_capex):
    """Without land."""
    return power_distribution_capex + cooling_capex + fire_suppression_capex + building_capex


@line("IT equipment: purchase cost", unit="USD", kind="level")
def it_capex(hardware_capex, network_capex, cabling_capex):
    """Everything that is renewed with the GPUs: servers, network and cabling."""
    return hardware_capex + network_capex + cabling_capex


@line("Cost to build (capex)", unit="USD", kind="level")
def cluster_capex(it_capex, facility_capex):
    """Capital cost of the cluster and the data centre it stands in."""
    return it_capex + facility_capex


@line("Cost to build, per GPU", unit="USD/GPU", kind="ratio")
def capex_per_gpu(cluster_capex, gpus):
    return ratio(cluster_capex, gpus)


@line(
    "Cost to build, per MW",
    unit="USD/MW",
    kind="ratio",
    source="definition; Epoch AI finds 27 to 32 million for current sites",
)
def capex_per_mw(cluster_capex, it_mw):
    """For each MW of IT load."""
    return ratio(cluster_capex, it_mw)
