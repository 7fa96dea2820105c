"""The cluster, cohort by cohort: an own computation of the results over time, with nothing of the model's helpers.

Each purchase is a cohort that serves for its life; a life with a part is two cohorts, one of the whole periods and one of a
period more, in the shares that make the mean life right. Plain Python, one number at a time.
"""

import math
from dataclasses import dataclass


@dataclass
class Cohort:
    """GPUs bought at the start of a period: how many, their price, and the periods that they serve."""

    start: int
    gpus: float
    price: float
    life: int

    def serves(self, period):
        return self.start <= period < self.start + self.life


def cohorts(v, periods, p):
    """Return the cohorts: those of the build, and those that replace a cohort at its end."""
    life = v["useful_life"] * p
    whole, part = math.floor(life), life - math.floor(life)
    build = max(1, math.ceil(v["build_years"]))
    bought = []

    def buy(period, gpus):
        year = (period - 1) // p
        price = v["it_capex"] / v["gpus"] * (1 - v["gpu_price_decline"]) ** year
        for share, periods_of_life in ((1 - part, whole), (part, whole + 1)):
            if share > 0:
                bought.append(Cohort(period, gpus * share, price, periods_of_life))

    for period in range(1, periods + 1):
        if (period - 1) % p == 0 and (period - 1) // p < build:
            buy(period, v["gpus"] / build)
        for old in [c for c in bought if c.start + c.life == period]:
            buy(period, old.gpus)
    return bought


def results(v, years, p):
    """Return by line what the cluster comes to; `v` has the inputs and the lines before time: it_capex and the like."""
    periods, basis, rate = years * p, v["residual_basis"], v["discount_rate"]
    fleet = cohorts(v, periods, p)
    life, building_life = v["useful_life"] * p, v["facility_life"] * p
    build = max(1, math.ceil(v["build_years"]))
    ooms = v["price_performance_ooms"]
    flows = [0.0] * (periods + 1)
    npv = revenue_value = book = cash = 0.0
    unpaid = 0.0
    found = {"gpus_in_service": [], "capex_path": [], "cluster_cash_flow": [], "book_value": []}
    for period in range(1, periods + 1):
        year = (period - 1) // p
        running = sum(c.gpus for c in fleet if c.serves(period))
        spent = sum(c.gpus * c.price for c in fleet if c.start == period)
        if (period - 1) % p == 0 and year < build:
            spent += v["facility_capex"] / build
        sold = 0.0
        if basis == 2:  # what retires is sold for what equal computing power costs new
            ended = (c for c in fleet if c.start + c.life == period)
            sold = sum(c.gpus * c.price * 10 ** (-ooms * (period - c.start) / p) for c in ended)
        revenue = running * v["utilization"] * 8760 / p * v["rental_price"] * (1 - v["rental_price_decline"]) ** year
        opex = v["cluster_opex"] * (1 + v["opex_growth"]) ** year / p * running / v["gpus"]
        # a cohort of mean life L is written off by 1/L a period while it serves, so each part in proportion to its service
        it_charge = sum(c.gpus * c.price for c in fleet if c.serves(period)) / life
        building_charge = 0.0
        for k in range(build):
            age = period - 1 - k * p
            if age >= 0:
                building_charge += v["facility_capex"] / build / building_life * max(0.0, min(1.0, building_life - age))
        book += spent - it_charge - building_charge
        start, end = (1 + rate) ** (-(period - 1) / p), (1 + rate) ** (-period / p)
        flows[period - 1] += sold - spent + (revenue - opex) / 2
        flows[period] += (revenue - opex) / 2
        npv += (sold - spent) * start + (revenue - opex) * (start + end) / 2
        revenue_value += revenue * (start + end) / 2
        at_start = cash + sold - spent
        cash = at_start + revenue - opex
        if cash < 0:
            unpaid = period
        elif at_start < 0:
            unpaid = period - cash / (revenue - opex)
        found["gpus_in_service"].append(running)
        found["capex_path"].append(spent)
        found["cluster_cash_flow"].append(sold - spent + revenue - opex)
        found["book_value"].append(book)
    left = 0.0
    if basis == 1:
        left = book
    elif basis == 2:
        left = book - _it_book(fleet, life, periods)
        left += sum(c.gpus * c.price * 10 ** (-ooms * (periods + 1 - c.start) / p) for c in fleet if c.serves(periods))
    flows[periods] += left
    npv += left * (1 + rate) ** -years
    return found | {
        "residual_value": left,
        "cluster_npv": npv,
        "cluster_revenue_value": revenue_value,
        "cluster_dated_flow": flows,
        "payback_years": math.nan if cash < 0 else unpaid / p,
    }


def _it_book(fleet, life, periods):
    """Return the book value of IT equipment at the end: what was paid less 1/life for each period of service."""
    return sum(c.gpus * c.price * (1 - min(c.life, periods + 1 - c.start) / life) for c in fleet if c.start <= periods)
