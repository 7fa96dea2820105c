"""What a cluster costs to buy: GPUs, servers, network, and the building with its plant."""

import numpy as np


def servers(gpus, gpus_per_server):
    """Servers that hold the GPUs. [servers]

    Source: definition.
    """
    return np.ceil(gpus / gpus_per_server)


def gpu_capex(gpus, gpu_unit_price):
    """Purchase cost of the GPUs. [USD]

    Source: definition.
    """
    return gpus * gpu_unit_price


def server_capex(gpus, server_unit_cost):
    """Purchase cost of the servers without their GPUs. [USD]

    Source: definition.
    """
    return gpus * server_unit_cost


def hardware_capex(gpu_capex, server_capex):
    """GPUs and their servers: the article's 'hardware alone', which counts the GPUs only. [USD]

    Source: the article; network and facility are lines of their own.
    """
    return gpu_capex + server_capex


def network_ports(gpus, servers, rail_optimised):
    """Endpoints that one network plane joins: servers by rail, GPUs in a plain fat tree. [ports]

    Source: public table of GPU cluster costs; NVIDIA's rail-optimised design.
    """
    return np.where(rail_optimised == 1, servers, gpus)


def network_tiers(network_ports, switch_radix):
    """Tiers of the fat tree: one up to the radix, two up to half its square, else three. [tiers]

    Three tiers of radix 64 reach 65,536 endpoints. Source: fat-tree geometry.
    """
    return 1 + (network_ports > switch_radix) + (network_ports > switch_radix**2 / 2)


def single_tier_switches(gpus_per_server, rail_optimised):
    """Switches of a network with one tier: one a rail, or one. [switches]

    Source: public table of GPU cluster costs.
    """
    return np.where(rail_optimised == 1, gpus_per_server, 1)


def fat_tree_switches(gpus, network_tiers, switch_radix):
    """Switches of a fat tree with full bisection bandwidth: (2 x tiers - 1) x GPUs / radix. [switches]

    Source: fat-tree geometry; the counts of the public cluster cost table follow from it.
    """
    return np.ceil((2 * network_tiers - 1) * gpus / switch_radix)


def switches(network_tiers, single_tier_switches, fat_tree_switches):
    """InfiniBand switches. [switches]

    Source: as its precedents.
    """
    return np.where(network_tiers == 1, single_tier_switches, fat_tree_switches)


def network_capex(switches, switch_unit_price):
    """Purchase cost of the InfiniBand switches. [USD]

    Source: definition.
    """
    return switches * switch_unit_price


def cabling_capex(gpus, cable_cost_per_gpu):
    """Purchase cost of transceivers and cables. [USD]

    Source: definition.
    """
    return gpus * cable_cost_per_gpu


def it_mw(gpus, kw_per_gpu):
    """Power of the IT equipment at full load. [MW]

    Source: definition.
    """
    return gpus * kw_per_gpu / 1000


def facility_mw(it_mw, pue):
    """Power that the site draws at full load, cooling and losses included. [MW]

    Source: definition of PUE.
    """
    return it_mw * pue


def facility_cost_per_mw(build_cost_per_mw, ai_ready_premium):
    """Construction cost per MW of IT load with the AI-ready premium. [USD/MW]

    Source: Cushman & Wakefield 2025; Turner & Townsend 2025.
    """
    return build_cost_per_mw * (1 + ai_ready_premium)


def power_distribution_capex(it_mw, facility_cost_per_mw, power_distribution_share):
    """Construction cost of power distribution: UPS, switchgear, generators. [USD]

    Source: shares of construction cost (Cortex Construct).
    """
    return it_mw * facility_cost_per_mw * power_distribution_share


def cooling_capex(it_mw, facility_cost_per_mw, cooling_share):
    """Construction cost of cooling. [USD]

    Source: shares of construction cost (Cortex Construct).
    """
    return it_mw * facility_cost_per_mw * cooling_share


def fire_suppression_capex(it_mw, facility_cost_per_mw, fire_suppression_share):
    """Construction cost of fire detection and suppression. [USD]

    Source: shares of construction cost (Cortex Construct).
    """
    return it_mw * facility_cost_per_mw * fire_suppression_share


def building_capex(it_mw, facility_cost_per_mw, power_distribution_capex, cooling_capex, fire_suppression_capex):
    """Construction cost of the building, its site, controls and general conditions: the rest. [USD]

    Source: what the other shares leave.
    """
    plant = power_distribution_capex + cooling_capex + fire_suppression_capex
    return it_mw * facility_cost_per_mw - plant


def facility_capex(power_distribution_capex, cooling_capex, fire_suppression_capex, building_capex):
    """Construction cost of the data centre, without land. [USD]

    Source: definition.
    """
    return power_distribution_capex + cooling_capex + fire_suppression_capex + building_capex


def it_capex(hardware_capex, network_capex, cabling_capex):
    """Everything that is renewed with the GPUs: servers, network and cabling. [USD]

    Source: definition.
    """
    return hardware_capex + network_capex + cabling_capex


def cluster_capex(it_capex, facility_capex):
    """Capital cost of the cluster and the data centre it stands in. [USD]

    Source: definition.
    """
    return it_capex + facility_capex


def capex_per_gpu(cluster_capex, gpus):
    """Capital cost of the cluster for each GPU. [USD/GPU]

    Source: definition.
    """
    return cluster_capex / gpus


def capex_per_mw(cluster_capex, it_mw):
    """Capital cost of the cluster for each MW of IT load. [USD/MW]

    Source: definition; Epoch AI finds 27 to 32 million for current sites.
    """
    return cluster_capex / it_mw
