"""Depreciation and refresh: what wears out, when it is bought again, what it is still worth in the books."""

import numpy as np

from xl_aicost.model.timeline import cumulative, lag, renewals, trailing_sum


def it_depreciation(it_capex, useful_life):
    """Straight-line depreciation of the IT equipment in a full year. [USD/year]

    Source: straight-line method of the filings.
    """
    return it_capex / useful_life


def facility_depreciation(facility_capex, facility_life):
    """Straight-line depreciation of the building and its plant in a full year. [USD/year]

    Source: straight-line method of the filings.
    """
    return facility_capex / facility_life


def depreciation(it_depreciation, facility_depreciation):
    """Straight-line depreciation of the cluster in a full year. [USD/year]

    Source: straight-line method of the filings.
    """
    return it_depreciation + facility_depreciation


def economic_depreciation(price_performance_ooms):
    """Share of its value that a chip loses in a year to better chips. [share]

    Source: Epoch AI, arXiv 2405.21015: 0.14 orders of magnitude are 32% a year.
    """
    return np.log(10**price_performance_ooms)


def economic_depreciation_cost(it_capex, economic_depreciation):
    """Value that new IT equipment loses in its first year to better chips. [USD/year]

    Source: Epoch AI's rate; books show less.
    """
    return it_capex * economic_depreciation


def refresh_periods(useful_life, periods_per_year):
    """Whole periods after which hardware is replaced: the useful life rounded up. [periods]

    Source: definition; a life of 5.5 years is written off in year 6 and replaced after it.
    """
    return np.ceil(useful_life * periods_per_year)


def refresh_years(refresh_periods, periods_per_year):
    """Years after which hardware is replaced. [years]

    Source: definition; the article's 3 to 5 years.
    """
    return refresh_periods / periods_per_year


def build_periods(build_years, periods_per_year):
    """Whole periods over which the cluster is bought. [periods]

    Source: definition.
    """
    return np.ceil(build_years * periods_per_year)


def gpus_added(gpus, build_periods, period):
    """GPUs bought for the first time, in equal parts over the build. [GPUs]

    Source: definition.
    """
    return np.where(period <= build_periods, gpus / build_periods, 0)


def gpus_renewed(gpus_added, refresh_periods):
    """GPUs that replace those at the end of their life, for ever. [GPUs]

    Source: definition; the article's replacement every 3 to 5 years.
    """
    return renewals(gpus_added, refresh_periods)


def gpus_bought(gpus_added, gpus_renewed):
    """GPUs bought in the period. [GPUs]

    Source: definition.
    """
    return gpus_added + gpus_renewed


def gpus_retired(gpus_bought, refresh_periods):
    """GPUs whose life ended with the period before. [GPUs]

    Source: definition.
    """
    return lag(gpus_bought, refresh_periods)


def gpus_in_service(gpus_bought, refresh_periods):
    """GPUs bought within their life. [GPUs]

    Source: definition.
    """
    return trailing_sum(gpus_bought, refresh_periods)


def gpus_opening(gpus_in_service):
    """GPUs in service at the start of the period. [GPUs]

    Source: definition; opening + bought - retired = in service is checked.
    """
    return lag(gpus_in_service, 1)


def it_price_path(it_capex, gpus, gpu_price_decline, period, periods_per_year):
    """Price of a GPU with its server, network and cabling in the period. [USD/GPU]

    Source: definition.
    """
    return it_capex / gpus * (1 - gpu_price_decline) ** ((period - 1) / periods_per_year)


def it_capex_path(gpus_bought, it_price_path):
    """Spending on IT equipment, refresh included. [USD]

    Source: definition.
    """
    return gpus_bought * it_price_path


def facility_capex_path(gpus_added, facility_capex, gpus):
    """Spending on construction, which goes with the GPUs that are added. [USD]

    Source: definition.
    """
    return facility_capex * gpus_added / gpus


def capex_path(it_capex_path, facility_capex_path):
    """Capital spending of the period. [USD]

    Source: definition.
    """
    return it_capex_path + facility_capex_path


def it_life_periods(useful_life, periods_per_year):
    """Life of IT equipment in periods, with a fraction where it has one. [periods]

    Source: definition.
    """
    return useful_life * periods_per_year


def it_full_periods(it_life_periods):
    """Periods in which IT equipment is depreciated for the whole period. [periods]

    Source: definition.
    """
    return np.floor(it_life_periods)


def it_depreciation_path(it_capex_path, it_full_periods, it_life_periods):
    """Straight-line depreciation of IT equipment, with the part that a broken life leaves. [USD]

    Source: straight-line method of the filings.
    """
    last_part = (it_life_periods - it_full_periods) * lag(it_capex_path, it_full_periods)
    return (trailing_sum(it_capex_path, it_full_periods) + last_part) / it_life_periods


def facility_life_periods(facility_life, periods_per_year):
    """Life of the building in periods, with a fraction where it has one. [periods]

    Source: definition.
    """
    return facility_life * periods_per_year


def facility_full_periods(facility_life_periods):
    """Periods in which the building is depreciated for the whole period. [periods]

    Source: definition.
    """
    return np.floor(facility_life_periods)


def facility_depreciation_path(facility_capex_path, facility_full_periods, facility_life_periods):
    """Straight-line depreciation of the building, with the part that a broken life leaves. [USD]

    Source: straight-line method of the filings.
    """
    last_part = (facility_life_periods - facility_full_periods) * lag(facility_capex_path, facility_full_periods)
    return (trailing_sum(facility_capex_path, facility_full_periods) + last_part) / facility_life_periods


def depreciation_path(it_depreciation_path, facility_depreciation_path):
    """Depreciation of the period. [USD]

    Source: definition.
    """
    return it_depreciation_path + facility_depreciation_path


def book_value(capex_path, depreciation_path):
    """Book value at the end of the period. [USD]

    Source: definition.
    """
    return cumulative(capex_path) - cumulative(depreciation_path)


def book_value_opening(book_value):
    """Book value at the start of the period. [USD]

    Source: definition; opening + capex - depreciation = closing is checked.
    """
    return lag(book_value, 1)
