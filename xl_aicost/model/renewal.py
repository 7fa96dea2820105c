"""Depreciation and refresh: what wears out, when it is bought again, what it is still worth in the books."""

import numpy as np

from xl_aicost.model.line import line
from xl_aicost.model.missing import power, ratio, when
from xl_aicost.model.timeline import cumulative, lag, peak, renewals, total, trailing_sum


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


@line("Years past", unit="years", kind="level")
def years_past(period, periods_per_year):
    """Whole years before the period: prices and pay step once a year."""
    return np.floor((period - 1) / periods_per_year)


@line("First period of a year", unit="flag", kind="flag")
def year_start(period, years_past, periods_per_year):
    return when(period - 1, "=", years_past * periods_per_year, 1, 0)


@line("Build time, whole years", unit="years", kind="level")
def build_year_count(build_years):
    """At least one."""
    return np.maximum(1, np.ceil(build_years))


@line("GPUs added", unit="GPUs", kind="flow")
def gpus_added(gpus, build_year_count, years_past, year_start):
    """GPUs bought for the first time, in equal parts at the start of each year of the build."""
    return when(years_past, "<", build_year_count, year_start * gpus / build_year_count, 0)


@line("Life of IT equipment, periods", unit="periods", kind="count")
def life_periods(useful_life, periods_per_year):
    """With a fraction where the life is not a whole number of periods."""
    return useful_life * periods_per_year


@line("Life of IT equipment, whole periods", unit="periods", kind="count")
def life_whole(life_periods):
    return np.floor(life_periods)


@line("Life of IT equipment, part of a period", unit="periods", kind="count")
def life_part(life_periods, life_whole):
    """What the whole periods leave; this share of what is bought serves one period more."""
    return life_periods - life_whole


@line("GPUs replaced", unit="GPUs", kind="flow", source="the article's replacement every 3 to 5 years")
def gpus_renewed(gpus_added, life_whole, life_part):
    """GPUs that replace those at the end of their life, for ever."""
    return renewals(gpus_added, life_whole, life_part)


@line("GPUs bought", unit="GPUs", kind="flow")
def gpus_bought(gpus_added, gpus_renewed):
    return gpus_added + gpus_renewed


@line("GPUs retired", unit="GPUs", kind="flow")
def gpus_retired(gpus_bought, life_whole, life_part):
    """GPUs whose life ended with the period before."""
    return (1 - life_part) * lag(gpus_bought, life_whole) + life_part * lag(gpus_bought, life_whole + 1)


@line("GPUs in service, closing", unit="GPUs", kind="count")
def gpus_in_service(gpus_bought, life_whole, life_part):
    """GPUs bought within the last hardware life."""
    return trailing_sum(gpus_bought, life_whole) + life_part * lag(gpus_bought, life_whole)


@line("GPUs in service, opening", unit="GPUs", kind="count")
def gpus_opening(gpus_in_service):
    """At the start of the period; opening + bought - retired = in service is checked."""
    return lag(gpus_in_service, 1)


@line("IT cost per GPU", unit="USD/GPU", kind="ratio")
def it_price_path(it_capex, gpus, gpu_price_decline, years_past):
    """The price steps once a year."""
    return ratio(it_capex, gpus) * power(1 - gpu_price_decline, years_past)


@line("Capex: IT equipment, renewals included", unit="USD", kind="flow")
def it_capex_path(gpus_bought, it_price_path):
    return gpus_bought * it_price_path


@line("Capex: data centre", unit="USD", kind="flow")
def facility_capex_path(gpus_added, facility_capex, gpus):
    """Construction goes with the GPUs that are added."""
    return ratio(facility_capex * gpus_added, gpus)


@line("Capex", unit="USD", kind="flow")
def capex_path(it_capex_path, facility_capex_path):
    return it_capex_path + facility_capex_path


@line("Depreciation, IT equipment", unit="USD", kind="flow", source="straight-line method of the filings")
def it_depreciation_path(it_capex_path, life_whole, life_part, life_periods):
    """Straight-line, including the final part-period when the life is not a whole number of periods."""
    return (trailing_sum(it_capex_path, life_whole) + life_part * lag(it_capex_path, life_whole)) / life_periods


@line("Life of the building, periods", unit="periods", kind="count")
def facility_life_periods(facility_life, periods_per_year):
    """With a fraction where the life is not a whole number of periods."""
    return facility_life * periods_per_year


@line("Life of the building, whole periods", unit="periods", kind="count")
def facility_life_whole(facility_life_periods):
    return np.floor(facility_life_periods)


@line("Depreciation, building", unit="USD", kind="flow", source="straight-line method of the filings")
def facility_depreciation_path(facility_capex_path, facility_life_whole, facility_life_periods):
    """Straight-line, including the final part-period when the life is not a whole number of periods."""
    last_part = (facility_life_periods - facility_life_whole) * lag(facility_capex_path, facility_life_whole)
    return (trailing_sum(facility_capex_path, facility_life_whole) + last_part) / facility_life_periods


@line("Depreciation", unit="USD", kind="flow")
def depreciation_path(it_depreciation_path, facility_depreciation_path):
    return it_depreciation_path + facility_depreciation_path


@line("Book value, IT equipment", unit="USD", kind="level")
def it_book_value(it_capex_path, it_depreciation_path):
    """At the end of the period."""
    return cumulative(it_capex_path) - cumulative(it_depreciation_path)


@line("Book value, building", unit="USD", kind="level")
def facility_book_value(facility_capex_path, facility_depreciation_path):
    """At the end of the period."""
    return cumulative(facility_capex_path) - cumulative(facility_depreciation_path)


@line("Net book value, closing", unit="USD", kind="level")
def book_value(it_book_value, facility_book_value):
    """At the end of the period."""
    return it_book_value + facility_book_value


@line("Net book value, opening", unit="USD", kind="level")
def book_value_opening(book_value):
    """At the start of the period; opening + capex - depreciation = closing is checked."""
    return lag(book_value, 1)


@line("Capex of IT equipment in computing power bought", unit="USD", kind="flow", source="Epoch AI, arXiv 2405.21015")
def it_capex_indexed(it_capex_path, price_performance_ooms, period, periods_per_year):
    """What was paid, raised by what a dollar buys at the time, in dollars of the first period."""
    return it_capex_path * 10 ** (price_performance_ooms * (period - 1) / periods_per_year)


@line("IT equipment in service: resale value", unit="USD", kind="level", source="Epoch AI, arXiv 2405.21015")
def it_resale_value(it_capex_indexed, life_whole, life_part, price_performance_ooms, period, periods_per_year):
    """At the end of the period: old equipment is worth what equal computing power costs new."""
    serving = trailing_sum(it_capex_indexed, life_whole) + life_part * lag(it_capex_indexed, life_whole)
    return serving * 10 ** (-price_performance_ooms * period / periods_per_year)


@line("Proceeds of sale of retired IT equipment", unit="USD", kind="flow", source="Epoch AI, arXiv 2405.21015")
def resale_proceeds(
    residual_basis, it_capex_indexed, life_whole, life_part, price_performance_ooms, period, periods_per_year
):
    """At the start of the period, where what is left is valued at resale; else nothing."""
    retired = (1 - life_part) * lag(it_capex_indexed, life_whole) + life_part * lag(it_capex_indexed, life_whole + 1)
    proceeds = retired * 10 ** (-price_performance_ooms * (period - 1) / periods_per_year)
    return when(residual_basis, "=", 2, proceeds, 0)


@line("Value of what is in service, by the basis chosen", unit="USD", kind="level")
def value_left(residual_basis, book_value, it_resale_value, facility_book_value):
    """Book value, or resale value of IT and book value of the building, or nothing."""
    resale = it_resale_value + facility_book_value
    return when(residual_basis, "=", 1, book_value, 0) + when(residual_basis, "=", 2, resale, 0)


@line("Residual value, over time", unit="USD", kind="flow")
def residual_path(value_left, period):
    """At the end of the last period."""
    return when(period, "=", peak(period), value_left, 0)


@line("Residual value at the horizon", unit="USD", kind="level")
def residual_value(residual_path):
    return total(residual_path)
