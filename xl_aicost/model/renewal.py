"""Depreciation and refresh: what wears out, when it is bought again, what it is still worth in the books."""

import numpy as np

from xl_aicost.model.line import line
from xl_aicost.model.timeline import cumulative, lag, renewals, trailing_sum


@line(
    "Depreciation, IT equipment, a full year",
    unit="USD/year",
    kind="level",
    source="straight-line method of the filings",
)
def it_depreciation(it_capex, useful_life):
    """Straight-line."""
    return it_capex / useful_life


@line(
    "Depreciation, building, a full year", unit="USD/year", kind="level", source="straight-line method of the filings"
)
def facility_depreciation(facility_capex, facility_life):
    """Straight-line, the building and its plant."""
    return facility_capex / facility_life


@line("Depreciation, a full year", unit="USD/year", kind="level", source="straight-line method of the filings")
def depreciation(it_depreciation, facility_depreciation):
    """Straight-line, in a full year."""
    return it_depreciation + facility_depreciation


@line(
    "Loss of value to better chips, a year",
    unit="share",
    kind="ratio",
    source="Epoch AI, arXiv 2405.21015: 0.14 orders of magnitude are 32% a year",
)
def economic_depreciation(price_performance_ooms):
    """Share of its value that a chip loses in a year to better chips."""
    return np.log(10**price_performance_ooms)


@line(
    "Loss of value to better chips, first year",
    unit="USD/year",
    kind="level",
    source="Epoch AI's rate; books show less",
)
def economic_depreciation_cost(it_capex, economic_depreciation):
    """Value that new IT equipment loses in its first year to better chips."""
    return it_capex * economic_depreciation


@line(
    "Refresh cycle, periods",
    unit="periods",
    kind="count",
    source="definition; a life of 5.5 years is written off in year 6 and replaced after it",
)
def refresh_periods(useful_life, periods_per_year):
    """Whole periods after which hardware is replaced: the useful life rounded up."""
    return np.ceil(useful_life * periods_per_year)


@line("Refresh cycle", unit="years", kind="level", source="definition; the article's 3 to 5 years")
def refresh_years(refresh_periods, periods_per_year):
    return refresh_periods / periods_per_year


@line("Build time, periods", unit="periods", kind="count")
def build_periods(build_years, periods_per_year):
    """Whole periods over which the cluster is bought."""
    return np.ceil(build_years * periods_per_year)


@line("GPUs added", unit="GPUs", kind="flow")
def gpus_added(gpus, build_periods, period):
    """GPUs bought for the first time, in equal parts over the build."""
    return np.where(period <= build_periods, gpus / build_periods, 0)


@line("GPUs replaced", unit="GPUs", kind="flow", source="definition; the article's replacement every 3 to 5 years")
def gpus_renewed(gpus_added, refresh_periods):
    """GPUs that replace those at the end of their life, for ever."""
    return renewals(gpus_added, refresh_periods)


@line("GPUs bought", unit="GPUs", kind="flow")
def gpus_bought(gpus_added, gpus_renewed):
    return gpus_added + gpus_renewed


@line("GPUs retired", unit="GPUs", kind="flow")
def gpus_retired(gpus_bought, refresh_periods):
    """GPUs whose life ended with the period before."""
    return lag(gpus_bought, refresh_periods)


@line("GPUs in service, closing", unit="GPUs", kind="count")
def gpus_in_service(gpus_bought, refresh_periods):
    """GPUs bought within the last hardware life."""
    return trailing_sum(gpus_bought, refresh_periods)


@line(
    "GPUs in service, opening",
    unit="GPUs",
    kind="count",
    source="definition; opening + bought - retired = in service is checked",
)
def gpus_opening(gpus_in_service):
    """At the start of the period."""
    return lag(gpus_in_service, 1)


@line("IT cost per GPU", unit="USD/GPU", kind="ratio")
def it_price_path(it_capex, gpus, gpu_price_decline, period, periods_per_year):
    return it_capex / gpus * (1 - gpu_price_decline) ** ((period - 1) / periods_per_year)


@line("Capex: IT equipment, refresh included", unit="USD", kind="flow")
def it_capex_path(gpus_bought, it_price_path):
    return gpus_bought * it_price_path


@line("Capex: data centre", unit="USD", kind="flow")
def facility_capex_path(gpus_added, facility_capex, gpus):
    """Construction goes with the GPUs that are added."""
    return facility_capex * gpus_added / gpus


@line("Capex", unit="USD", kind="flow")
def capex_path(it_capex_path, facility_capex_path):
    return it_capex_path + facility_capex_path


@line("Life of IT equipment, periods", unit="periods", kind="count")
def it_life_periods(useful_life, periods_per_year):
    """With a fraction where the life is not a whole number of periods."""
    return useful_life * periods_per_year


@line("Full periods of IT depreciation", unit="periods", kind="count")
def it_full_periods(it_life_periods):
    """Periods in which IT equipment is depreciated for the whole period."""
    return np.floor(it_life_periods)


@line("Depreciation, IT equipment", unit="USD", kind="flow", source="straight-line method of the filings")
def it_depreciation_path(it_capex_path, it_full_periods, it_life_periods):
    """Straight-line, including the final part-period when the life is not a whole number of periods."""
    last_part = (it_life_periods - it_full_periods) * lag(it_capex_path, it_full_periods)
    return (trailing_sum(it_capex_path, it_full_periods) + last_part) / it_life_periods


@line("Life of the building, periods", unit="periods", kind="count")
def facility_life_periods(facility_life, periods_per_year):
    """With a fraction where the life is not a whole number of periods."""
    return facility_life * periods_per_year


@line("Full periods of building depreciation", unit="periods", kind="count")
def facility_full_periods(facility_life_periods):
    """Periods in which the building is depreciated for the whole period."""
    return np.floor(facility_life_periods)


@line("Depreciation, building", unit="USD", kind="flow", source="straight-line method of the filings")
def facility_depreciation_path(facility_capex_path, facility_full_periods, facility_life_periods):
    """Straight-line, including the final part-period when the life is not a whole number of periods."""
    last_part = (facility_life_periods - facility_full_periods) * lag(facility_capex_path, facility_full_periods)
    return (trailing_sum(facility_capex_path, facility_full_periods) + last_part) / facility_life_periods


@line("Depreciation", unit="USD", kind="flow")
def depreciation_path(it_depreciation_path, facility_depreciation_path):
    return it_depreciation_path + facility_depreciation_path


@line("Net book value, closing", unit="USD", kind="level")
def book_value(capex_path, depreciation_path):
    """At the end of the period."""
    return cumulative(capex_path) - cumulative(depreciation_path)


@line(
    "Net book value, opening",
    unit="USD",
    kind="level",
    source="definition; opening + capex - depreciation = closing is checked",
)
def book_value_opening(book_value):
    """At the start of the period."""
    return lag(book_value, 1)
