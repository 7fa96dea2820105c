"""One table of calls for all hosts: function, arguments, what must come back.

The expected values are worked out here in plain arithmetic from the base case's numbers, typed by hand, not by the
model. An expected error is its Excel code.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any, NamedTuple

BLANK = ""
OLD_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
NEW_ERRORS = (
    "#GETTING_DATA",
    "#SPILL!",
    "#CONNECT!",
    "#BLOCKED!",
    "#UNKNOWN!",
    "#FIELD!",
    "#CALC!",
    "#BUSY!",
    "#PYTHON!",
)
NEW_ERRORS += ("#EXTERNAL!",)
SPEND, LOADED, HEADS, CLOSING = 65e9, 450_000, 74_067, 78_865
PRICE, SERVER, SWITCH, CABLE, KW, PUE, USE, KWH = 30_000, 8_750, 50_000, 2_560, 1.453, 1.15, 0.75, 0.0861
BUILD, PREMIUM, LIFE, BUILDING = 11.7e6, 0.085, 5, 25
ESTATE, PER_ENGINEER, ENGINEER, CARE = 0.02, 250, 350_000, 0.06
SALARY, WEEKS, PER_YEAR, SERVICE, NOTICE, HEALTH = 200_000, 16, 2, 4, 8.5, 10_000


class Call(NamedTuple):
    """A call: the function, its arguments as cells, and what must come back."""

    function: str
    arguments: tuple[Any, ...]
    expected: Any


def switches(gpus=10_000, per_server=8, radix=64, rail=1):
    ends = math.ceil(gpus / per_server) if rail else gpus
    tiers = 1 if ends <= radix else 2 if ends <= radix**2 / 2 else 3
    return (per_server if rail else 1) if tiers == 1 else math.ceil((2 * tiers - 1) * gpus / radix)


def network(gpus=10_000, price=SWITCH, per_server=8, radix=64):
    return switches(gpus, per_server, radix) * price


def megawatts(gpus=10_000, kw=KW, pue=PUE):
    return gpus * kw / 1000 * pue


def facility(gpus=10_000, kw=KW, build=BUILD, premium=PREMIUM):
    return gpus * kw / 1000 * build * (1 + premium)


def equipment(gpus=10_000, price=PRICE, server=SERVER, switch=SWITCH):
    return gpus * (price + server + CABLE) + network(gpus, switch)


def cluster(gpus=10_000, price=PRICE, server=SERVER, switch=SWITCH, kw=KW, build=BUILD):
    return equipment(gpus, price, server, switch) + facility(gpus, kw, build)


def electricity(gpus=10_000, kwh=KWH, pue=PUE, use=USE, kw=KW):
    return megawatts(gpus, kw, pue) * use * 8760 * 1000 * kwh


def maintenance(gpus=10_000, price=PRICE, rate=CARE):
    return equipment(gpus, price) * rate


def opex(gpus=10_000, kwh=KWH, pue=PUE, use=USE, basis=1, price=PRICE):
    if basis == 2:
        return 175e6 * gpus / 10_000  # 75 + 20 + 35 + 45 million, the middle of the article's ranges
    staff = gpus / PER_ENGINEER * ENGINEER
    return electricity(gpus, kwh, pue, use) + facility(gpus) * ESTATE + staff + maintenance(gpus, price)


def annual(gpus=10_000, price=PRICE, life=LIFE, kwh=KWH, basis=1, use=USE, pue=PUE):
    return equipment(gpus, price) / life + facility(gpus) / BUILDING + opex(gpus, kwh, pue, use, basis, price)


def tco(gpus=10_000, price=PRICE, life=LIFE, kwh=KWH, basis=1):
    return cluster(gpus, price) + life * opex(gpus, kwh, basis=basis, price=price)


def hour(price=PRICE, life=LIFE, use=USE, kwh=KWH, pue=PUE):
    return annual(10_000, price, life, kwh, 1, USE, pue) / (10_000 * 8760 * use)


def run(gpus=10_000, days=90, price=PRICE, kwh=KWH, pue=PUE):
    hours = gpus * days * 24
    chips = hours * (price + SERVER) * 10 ** (-0.14 * 0.5) * 0.14 * math.log(10) / 8766
    return chips / 0.81 + hours * 0.7 * 1.82 * 0.75 * pue * kwh


def release(gpus=10_000, days=90, factor=2.2, staff=0.378):
    return run(gpus, days) * factor / (1 - staff)


def severance(jobs=HEADS * 0.05, salary=SALARY, weeks=WEEKS, per_year=PER_YEAR, service=SERVICE):
    return jobs * ((weeks + per_year * service + NOTICE) * salary / 52 + HEALTH)


def net_savings(jobs=HEADS * 0.05, loaded=LOADED, years=3, salary=SALARY):
    return jobs * loaded * years - severance(jobs, salary)


def margin(gpus=10_000, rent=2.35, use=USE, price=PRICE):
    return gpus * use * 8760 * rent - opex(gpus, price=price)


def breakeven(spend=SPEND, price=PRICE, life=LIFE, kwh=KWH):
    return spend / cluster(price=price) * annual(price=price, life=life, kwh=kwh)


def served(life, age):
    """Return what of a cohort serves so many years after it was bought: all, a part, nothing."""
    return min(1, max(0, life - age))


def bought(gpus, life, years, build=1):
    """Return the GPUs bought each year: those added, and those that replace the part of a cohort that has ended."""
    phases, found = math.ceil(build), []
    for t in range(int(years)):
        ended = sum(n * (served(life, t - 1 - s) - served(life, t - s)) for s, n in enumerate(found))
        found.append((gpus / phases if t < phases else 0) + ended)
    return found


def purchases(gpus, price, life, years):
    return [n / gpus * equipment(gpus, price) for n in bought(gpus, life, years)] if gpus else [0.0] * int(years)


def depreciation(gpus=10_000, price=PRICE, life=LIFE, building=BUILDING, years=10):
    """Every purchase is written off evenly; hardware is bought again when its life is over."""
    spent = purchases(gpus, price, life, years)
    charge = [sum(x * served(life, t - s) for s, x in enumerate(spent[: t + 1])) / life for t in range(int(years))]
    return [[c + facility(gpus) * served(building, t) / building] for t, c in enumerate(charge)]


def refresh(gpus=10_000, life=LIFE, build=1, years=10):
    phases = math.ceil(build)
    return [[n - (gpus / phases if t < phases else 0)] for t, n in enumerate(bought(gpus, life, years, build))]


def book(gpus=10_000, price=PRICE, life=LIFE, building=BUILDING, years=10):
    value, found = facility(gpus), []
    charges = depreciation(gpus, price, life, building, years)
    for spent, (charge,) in zip(purchases(gpus, price, life, years), charges, strict=True):
        value += spent - charge
        found.append([value])
    return found


def dated(gpus=10_000, rent=2.35, use=USE, life=LIFE, years=10, price=PRICE):
    """Purchases at the start of a year, the margin half at its start and half at its end, the book value at the end."""
    year = margin(gpus, rent, use, price)
    found = [0.0] * (int(years) + 1)
    for t, spent in enumerate(purchases(gpus, price, life, years)):
        found[t] += year / 2 - spent
        found[t + 1] += year / 2
    found[0] -= facility(gpus)
    found[-1] += book(gpus, price, life, BUILDING, years)[-1][0]
    return found


def npv(gpus=10_000, rent=2.35, use=USE, life=LIFE, rate=0.1, years=10):
    return sum(f / (1 + rate) ** t for t, f in enumerate(dated(gpus, rent, use, life, years)))


def irr(gpus=10_000, rent=2.35, use=USE, life=LIFE, years=10):
    low, high = -0.1, 100.0
    if npv(gpus, rent, use, life, low, years) < 0:
        return "#N/A"
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if npv(gpus, rent, use, life, middle, years) > 0 else (low, middle)
    return low


def payback(gpus=10_000, rent=2.35, use=USE, price=PRICE, years=10):
    """Return the last moment at which cash to date is below zero, renewals paid, what is left not counted."""
    cash, year, last = -facility(gpus), margin(gpus, rent, use, price), 0.0
    for t, spent in enumerate(purchases(gpus, price, LIFE, years)):
        cash -= spent
        if cash < 0:
            last = t + min(1, -cash / year) if year > 0 else t + 1
        cash += year
    return "#N/A" if cash < 0 else last


def during(rate, years, growth=0.0):
    """Return the present value of one a year that flows evenly and grows."""
    return sum((1 + growth) ** t * ((1 + rate) ** -t + (1 + rate) ** -(t + 1)) / 2 for t in range(int(years)))


def ai_return(rent=2.35, use=USE, price=PRICE, life=LIFE, rate=0.1, years=10):
    revenue = 10_000 * use * 8760 * rent * during(rate, years)
    flows = dated(10_000, rent, use, life, years, price)
    return revenue / (revenue - sum(f / (1 + rate) ** t for t, f in enumerate(flows)))


ADOPTION, SAVED, REVIEW, REALISED, TOOL = 0.75, 0.055, 0.37, 0.5, 2400


def efficiency(heads=HEADS, adoption=ADOPTION, saved=SAVED, review=REVIEW, realised=REALISED, tool=TOOL, loaded=LOADED):
    users = heads * adoption
    return max(0, users * saved * (1 - review) * realised - users * tool / loaded)


def people(share=0.05, heads=HEADS, loaded=LOADED, rate=0.1, years=10):
    """Return the cash that a cut frees and the pay of the work that it loses, as present values."""
    job, cut = loaded * during(rate, years, 0.03), share * heads
    lost = max(0, cut - efficiency(heads, loaded=loaded) / heads * (heads - cut))
    return cut * job - severance(cut), lost * job


def people_return(output=1, share=0.05, heads=HEADS, loaded=LOADED, rate=0.1, years=10):
    freed, lost = people(share, heads, loaded, rate, years)
    return "#N/A" if freed <= 0 else output * lost / freed


def breakeven_output(share=0.05, heads=HEADS, loaded=LOADED, rent=2.35, life=LIFE, rate=0.1, years=10):
    freed, lost = people(share, heads, loaded, rate, years)
    if freed <= 0 or lost == 0:
        return "#N/A"
    return freed * ai_return(rent=rent, life=life, rate=rate, years=years) / lost * loaded


def charges(spend=SPEND, growth=0, life=LIFE, building=BUILDING, years=10):
    """Return the depreciation of each year's spending, in the cluster's shares of equipment and building."""
    share, found = equipment() / cluster(), []
    for t in range(int(years)):
        cohorts = [spend * (1 + growth) ** s for s in range(t + 1)]
        it = sum(x * served(life, t - s) for s, x in enumerate(cohorts)) * share / life
        found.append([it + sum(x * served(building, t - s) for s, x in enumerate(cohorts)) * (1 - share) / building])
    return found


def first_year(flags):
    return next((float(t) for t, yes in enumerate(flags, 1) if yes), "#N/A")


def depreciation_year(spend=SPEND, growth=0, heads=HEADS, loaded=LOADED, years=10):
    charge = charges(spend, growth, years=years)
    return first_year(c > heads * loaded * 1.03**t for t, (c,) in enumerate(charge))


def breakeven_year(spend=SPEND, revenue=7.5e9, growth=0.5, years=10):
    running = [min(t, LIFE) * spend / cluster() for t in range(1, int(years) + 1)]
    needed = [c + n * opex() for (c,), n in zip(charges(spend, years=years), running, strict=True)]
    return first_year(revenue * (1 + growth) ** t >= x for t, x in enumerate(needed))


def residual(gpus=10_000, price=PRICE, life=LIFE, basis=1, years=10):
    if basis == 1:
        return book(gpus, price, life, BUILDING, years)[-1][0]
    if basis == 0:
        return 0.0
    ages = enumerate(purchases(gpus, price, life, years))
    resale = sum(x * served(life, years - 1 - s) * 10 ** (-0.14 * (years - s)) for s, x in ages)
    return resale + facility(gpus) * max(0, BUILDING - years) / BUILDING


OPERATING, PURCHASES, LEASES, STOCK = 115.8e9, 69.691e9, 2.524e9, 20.427e9


def free_cash(cash=OPERATING, bought=PURCHASES, leases=LEASES):
    return cash - bought - leases


def gap(cash=OPERATING, bought=PURCHASES, leases=LEASES):
    return max(0, -free_cash(cash, bought, leases))


def affords(cash=OPERATING, bought=PURCHASES, leases=LEASES):
    return float(free_cash(cash, bought, leases) >= 0)


def closing_jobs(cash=OPERATING, bought=PURCHASES, leases=LEASES, heads=HEADS, loaded=LOADED, stock=STOCK):
    share = stock / (heads * loaded)
    return "#N/A" if share >= 1 else gap(cash, bought, leases) / (loaded * (1 - share))


def worker(salary=SALARY, service=SERVICE, weeks=WEEKS, per_year=PER_YEAR):
    return (weeks + per_year * service + NOTICE) * salary / 52


def runway(spending=6440, salary=SALARY, service=SERVICE, weeks=WEEKS, per_year=PER_YEAR):
    return worker(salary, service, weeks, per_year) / spending


def danger(spend=SPEND, before=39.225e9, heads=CLOSING, heads_before=HEADS):
    return float(spend > before and heads < heads_before)


# function: its arithmetic, and the arguments to try, from none to all
ARITHMETIC: dict[str, tuple[Any, list[tuple[float, ...]]]] = {
    "AI_GPU_CAPEX": (lambda n=10_000, p=PRICE: n * p, [(), (1,), (16_384,), (2048, 25_000), (0, 40_000)]),
    "AI_SWITCH_COUNT": (
        switches,
        [(), (512,), (1024,), (16_384,), (32_768,), (64, 8, 64, 0), (2049, 8, 64, 0), (65_536,)],
    ),
    "AI_NETWORK_CAPEX": (network, [(), (2048,), (2048, 36_000), (24_576, 50_000, 8), (4096, 45_000, 4, 128)]),
    "AI_CLUSTER_MW": (megawatts, [(), (24_576,), (10_000, 0.91), (10_000, 0.91, 1.3), (1000, 1.2, 1.3)]),
    "AI_FACILITY_CAPEX": (facility, [(), (1000,), (10_000, 1.275), (10_000, 1.275, 9.3e6), (10_000, 1.4, 15e6, 0)]),
    "AI_CLUSTER_CAPEX": (
        cluster,
        [(), (1,), (20_000,), (10_000, 25_000), (10_000, 40_000, 0), (4096, 27_500, 9000, 36_000, 1.3, 10e6)],
    ),
    "AI_ELECTRICITY_COST": (
        electricity,
        [(), (1000,), (10_000, 0.06), (10_000, 0.1, 1.54, 1), (1000, 0.08, 1.3, 0.85, 1.2)],
    ),
    "AI_MAINTENANCE_COST": (maintenance, [(), (1,), (20_000, 40_000), (10_000, 30_000, 0), (10_000, 25_000, 0.15)]),
    "AI_CLUSTER_OPEX": (opex, [(), (500,), (10_000, 0.1), (10_000, 0.06, 1.08, 0.6), (20_000, 0.08, 1.2, 0.75, 2)]),
    "AI_ANNUAL_COST": (annual, [(), (5000,), (10_000, 25_000), (10_000, 40_000, 3), (10_000, 40_000, 3.5, 0.1, 2)]),
    "AI_CLUSTER_TCO": (tco, [(), (5000,), (10_000, 25_000, 4), (10_000, 40_000, 3, 0.1), (8000, 30_000, 6, 0.08, 2)]),
    "AI_GPU_HOUR_COST": (hour, [(), (25_000,), (25_000, 6), (40_000, 3, 1), (27_000, 5.5, 0.9, 0.05, 1.1)]),
    "AI_TRAINING_RUN_COST": (run, [(), (16_384,), (16_384, 54), (2048, 30, 25_000), (10_000, 90, 40_000, 0.1, 1.5)]),
    "AI_WASTED_COMPUTE": (lambda n=15, c=30e6: n * c, [(), (10,), (10, 10e6), (20, 50e6), (20, 25e6)]),
    "AI_MODEL_RELEASE_COST": (release, [(), (16_384,), (16_384, 54), (10_000, 90, 1.2), (10_000, 90, 4, 0.488)]),
    "AI_DEPRECIATION": (
        depreciation,
        [(), (1000,), (10_000, 25_000, 3), (10_000, 30_000, 5.5), (8, 40_000, 4, 20, 30)],
    ),
    "AI_REFRESH_SCHEDULE": (refresh, [(), (1000,), (10_000, 3), (10_000, 2.5, 2), (9000, 4, 3, 20)]),
    "AI_BOOK_VALUE": (book, [(), (1000,), (10_000, 25_000, 3), (10_000, 30_000, 5.5), (8, 40_000, 4, 20, 30)]),
    "LOADED_COST": (lambda c=379_000, b=0.33: c * (1 + b), [(), (200_000,), (300_000, 0.25), (417_400, 0.43)]),
    "LAYOFFS_TO_FUND": (lambda s=SPEND, c=LOADED: s / c, [(), (65e9,), (65e9, 500_000), (72.215e9, 300_000), (0, 1)]),
    "LAYOFF_SAVINGS": (lambda n=HEADS * 0.05, c=LOADED: n * c, [(), (3600,), (8000, 300_000), (0, 500_000)]),
    "LAYOFF_SEVERANCE": (severance, [(), (3600,), (12_000, 180_000), (1, 200_000, 10, 1), (8000, 2e5, 16, 2, 10)]),
    "LAYOFF_NET_SAVINGS": (net_savings, [(), (3600,), (8000, 300_000), (3600, 500_000, 1), (10, 3e5, 5, 1e5)]),
    "LAYOFF_COVERAGE": (
        lambda s=0.05, h=HEADS, c=LOADED, a=SPEND: s * h * c / a,
        [(), (0.1,), (0.05, 78_865), (0.05, 78_865, 500_000), (1, 141_000, 250_000, 55.663e9)],
    ),
    "LAYOFF_PAYBACK_MONTHS": (
        lambda c=LOADED, s=SALARY, w=WEEKS: ((w + PER_YEAR * SERVICE + NOTICE) * s / 52 + HEALTH) / c * 12,
        [(), (350_000,), (350_000, 150_000), (600_000, 250_000, 10)],
    ),
    "GPUS_PER_ENGINEER": (lambda c=LOADED, p=PRICE: c / p, [(), (300_000,), (500_000, 25_000), (500_000, 40_000)]),
    "AI_REVENUE_GAP": (lambda s=SPEND, r=7.5e9: s / r, [(), (100e9,), (100e9, 5e9), (100e9, 10e9)]),
    "AI_BREAKEVEN_REVENUE": (breakeven, [(), (130e9,), (65e9, 40_000), (65e9, 40_000, 3), (65e9, 25_000, 6, 0.05)]),
    "AI_BREAKEVEN_YEAR": (breakeven_year, [(), (30e9,), (65e9, 5e9), (65e9, 5e9, 0.3), (1e9, 50e9, 0.5, 5)]),
    "AI_NPV": (
        npv,
        [(), (1000,), (10_000, 3.5), (10_000, 3.5, 0.9, 4), (10_000, 2, 1, 5.5, 0.08), (5000, 3, 0.8, 3, 0.12, 7)],
    ),
    "AI_IRR": (irr, [(), (10_000, 4), (10_000, 5.5, 0.9), (10_000, 4, 1, 6), (10_000, 4, 1, 5, 5)]),
    "AI_PAYBACK_YEARS": (
        payback,
        [(), (1000,), (10_000, 3.5), (10_000, 3.5, 0.9), (10_000, 0.1), (10_000, 4, 1, 25_000, 6)],
    ),
    "WORKER_SEVERANCE": (worker, [(), (150_000,), (150_000, 10), (150_000, 10, 4)]),
    "WORKER_RUNWAY_MONTHS": (runway, [(), (10_000,), (5000, 150_000), (5000, 150_000, 10, 4, 1)]),
    "AI_EFFICIENCY_JOBS": (
        efficiency,
        [(), (5000,), (5000, 0.5, 0.1, 0.2, 0.5, 2000, 200_000), (78_865, 0.28, 0.028, 0.4, 0.05, 6600)],
    ),
    "AI_BREAKEVEN_OUTPUT": (breakeven_output, [(), (0.1,), (0.05, 10_000, 300_000), (0.1, 5e4, 4e5, 3, 3.5, 0.08, 7)]),
    "AI_RETURN_RATIO": (ai_return, [(), (3.5,), (2, 0.9), (2.35, 0.75, 25_000, 6), (3, 1, 4e4, 4.5, 0.12, 15)]),
    "PEOPLE_RETURN_RATIO": (people_return, [(), (3.3,), (1, 0.1), (2, 0.1, 10_000, 300_000, 0.08, 5)]),
    "AI_RESIDUAL_VALUE": (residual, [(), (1000,), (1000, 25_000, 3.5), (10_000, 3e4, 6, 0), (10_000, 3e4, 4.5, 2, 7)]),
    "AI_COHORT_DEPRECIATION": (charges, [(), (30e9,), (30e9, 0.5), (72e9, 0.9, 5.5, 14, 5)]),
    "AI_DEPRECIATION_YEAR": (depreciation_year, [(), (30e9,), (72e9, 0.9), (1e9, 0, 74_067), (65e9, 0, 1e4, 4e5, 2)]),
    "AI_FREE_CASH_FLOW": (free_cash, [(), (31.98e9, 55.663e9), (400e6, 450e6, 30e6)]),
    "AI_FUNDING_GAP": (gap, [(), (31.98e9, 55.663e9), (400e6, 450e6, 30e6)]),
    "AI_AFFORDS_BOTH": (affords, [(), (31.98e9, 55.663e9), (400e6, 450e6, 30e6)]),
    "LAYOFFS_TO_CLOSE_GAP": (
        closing_jobs,
        [(), (31.98e9, 55.663e9, 0), (400e6, 450e6, 30e6, 5000, 200_000, 250e6), (1e9, 2e9, 0, 1000, 1e5, 1e9)],
    ),
    "AI_INVESTMENT_RATIO": (lambda s=SPEND, r=164.501e9: s / r, [(), (72.215e9,), (72.215e9, 200.966e9)]),
    "AI_CAPEX_PER_EMPLOYEE": (lambda s=SPEND, h=CLOSING: s / h, [(), (72.22e9,), (72.22e9, 78_865)]),
    "AI_DANGER_ZONE": (danger, [(), (55.663e9, 21.215e9, 141_000, 162_000), (10e9,), (65e9, 39e9, 67_000)]),
    "FRONTIER_CAPITAL": (lambda n=10_000, p=PRICE: n * cluster(price=p) / 10_000, [(), (24_576,), (24_576, 25_000)]),
}

TABLES = [
    Call("AI_BOUNDS", ("no_such",), "#N/A"),
    Call("AI_BOUNDS", ("book_value",), "#N/A"),
    Call("AI_COMPANY", (), 69.691e9),
    Call("AI_COMPANY", ("meta", "Headcount"), 78_865),
    Call("AI_COMPANY", ("Alphabet", "revenue", 2024), 350.018e9),
    Call("AI_COMPANY", ("GOOGL", "operating_cash_flow", 2025), 164.713e9),
    Call("AI_COMPANY", ("msft", "CAPEX", 2020), 15.441e9),
    Call("AI_COMPANY", ("oracle", "headcount", 0), 141_000),
    Call("AI_COMPANY", ("Nokia",), "#N/A"),
    Call("AI_COMPANY", ("META", "profit"), "#N/A"),
    Call("AI_COMPANY", ("META", "capex", 1990), "#N/A"),
    Call("AI_COMPANY", ("ORCL", "layoffs"), "#N/A"),
    Call("AI_COMPANY", (1234,), "#N/A"),  # a number becomes text, as in Excel's own functions
    Call("AI_COMPANY", ("#SPILL!",), "#SPILL!"),
    Call("AI_COMPANY", ("x" * 100_000,), "#N/A"),
    Call("AI_COMPANY", ("#REF!",), "#REF!"),
    Call("AI_ASSUMPTION", (), 30_000),
    Call("AI_ASSUMPTION", ("PUE",), 1.15),
    Call("AI_ASSUMPTION", ("pue", "High"), 1.54),
    Call("AI_ASSUMPTION", ("training_run_cost", "article-high"), 50e6),
    Call("AI_ASSUMPTION", ("no_such",), "#N/A"),
    Call("AI_ASSUMPTION", ("pue", "best"), "#N/A"),
    Call("AI_GET", (), cluster()),
    Call("AI_GET", ("free_cash_flow", "META", 2025), 43.585e9),  # 115.8 less 69.691 of purchases and 2.524 of leases
    Call("AI_GET", ("Free_Cash_Flow", "oracle", 2026), -23.686e9),
    Call("AI_GET", ("headcount", "META", Decimal("2025")), 74_067),  # at the end of 2024, before the cuts of 2025
    Call("AI_GET", ("gpus",), 10_000),
    Call("AI_GET", ("gpu_unit_price", BLANK, BLANK, "article-high"), 40_000),
    Call("AI_GET", ("gpu_capex", BLANK, BLANK, "article-high"), 400e6),
    Call("AI_GET", ("depreciation_path",), depreciation()),
    Call("AI_GET", ("no_such",), "#N/A"),
    Call("AI_GET", ("pue", "Nokia"), "#N/A"),
    Call("AI_GET", ("pue", BLANK, 2025), "#N/A"),  # a year of no company
    Call("AI_GET", ("free_cash_flow", "META", 1990), "#N/A"),
    Call("AI_GET", ("layoff_coverage", "META", 2024), "#N/A"),  # no cut is on file for that year
    Call("AI_GET", ("pue", BLANK, BLANK, "best"), "#N/A"),
    Call("AI_GET", ("racks", BLANK, BLANK, "gb300"), 139),
    Call("AI_GPU_CAPEX", (10, BLANK, "gb300"), 367_420),  # 36,742 a GPU
    Call("AI_GPU_CAPEX", (10, 30_000, " GB300"), 300_000),
    Call("AI_GPU_CAPEX", ([[1], [2]], BLANK, "b200"), [[41_500], [83_000]]),
    Call("AI_CLUSTER_MW", (1000, BLANK, BLANK, "gb200"), 1000 * 2.09 * PUE / 1000),
    Call("AI_GPU_CAPEX", (10, BLANK, "rtx"), "#N/A"),
    Call("AI_GET", ("useful_life", BLANK, BLANK, "short-life, GB200 NVL72"), 3),
    Call("AI_ASSUMPTION", ("kw_per_gpu", "gb200"), 2.09),
    Call("AI_GET", ("pue", "#SPILL!"), "#SPILL!"),
    Call("AI_GET", ("pue", "META", -1), "#NUM!"),
    Call("AI_GET", ("pue", "META", "FY"), "#VALUE!"),
    Call("AI_EXPLAIN", ("gpu_capex", "Nokia"), "#N/A"),
    Call("AI_SIMULATE", ("no_such",), "#N/A"),
    Call("AI_SIMULATE", ("book_value",), "#N/A"),
    Call("AI_SIMULATE", ("layoffs_to_fund", 1), "#NUM!"),
    Call("AI_TORNADO", ("no_such",), "#N/A"),
    Call("AI_SOURCE", ("no_such",), "#N/A"),
    Call("AI_EXPLAIN", ("no_such",), "#N/A"),
    Call("OPTION_A_VS_B", ("x",), "#VALUE!"),
    Call("OPTION_A_VS_B", (65e9, 2), "#NUM!"),
    Call("OPTION_A_VS_B", (65e9, 0.05, 74_067, 450_000, 0.5, -1), "#NUM!"),
]

RANGES = [
    Call("AI_GPU_CAPEX", ([[1], [2], [3]],), [[30_000], [60_000], [90_000]]),
    Call("AI_GPU_CAPEX", ([[1, 2, 3]],), [[30_000, 60_000, 90_000]]),
    Call("AI_GPU_CAPEX", ([[1], [2]], [[10, 20, 30]]), [[10, 20, 30], [20, 40, 60]]),
    Call("AI_GPU_CAPEX", ([[1, 2], [3, 4]], [[10, 20], [30, 40]]), [[10, 40], [90, 160]]),
    Call("AI_GPU_CAPEX", ([[1], [2], [3]], [[10], [20]]), [[10], [40], ["#N/A"]]),
    Call("AI_GPU_CAPEX", ([[1, 2]], [[10, 20, 30]]), [[10, 40, "#N/A"]]),
    Call(
        "AI_GPU_CAPEX", ([[1], ["x"], [-1], [BLANK], ["#N/A"]], 10), [[10], ["#VALUE!"], ["#NUM!"], [100_000], ["#N/A"]]
    ),
    Call("AI_GPU_CAPEX", (10, [["#REF!", 5, "#DIV/0!"]]), [["#REF!", 50, "#DIV/0!"]]),
    Call("AI_GPU_CAPEX", ([[1], [2]], [["x", 10]]), [["#VALUE!", 10], ["#VALUE!", 20]]),
    Call("LAYOFFS_TO_FUND", ([[65e9], [BLANK]], [[500_000, 1]]), [[130_000, 65e9], [130_000, 65e9]]),
    Call("AI_SWITCH_COUNT", ([[1024, 2048], [16_384, 65_536]],), [[48, 96], [768, 5120]]),
    Call("AI_NPV", ([[10_000], [1000]],), [[npv()], [npv(1000)]]),
    Call("AI_REVENUE_GAP", ([[1e9, 2e9]], [[1e9], [2e9]]), [[1, 2], [0.5, 1]]),
    Call("AI_DEPRECIATION", ([[1], [2]],), "#VALUE!"),  # a schedule takes single cells
    Call("AI_NPV", (10_000, 3, 0.9, 5, 0.1, [[5], [10]]), "#VALUE!"),  # so does the length of the time axis
]

# what a cell in a currency format is: Decimal in Excel's object model, a formatted number in Office.js
CURRENCY = [
    Call("AI_GPU_CAPEX", (10, Decimal("25000.5")), 250_005),
    Call("LAYOFFS_TO_FUND", (Decimal("65000000000"), Decimal("500000")), 130_000),
    Call("AI_GPU_CAPEX", (10, [[Decimal("25000"), Decimal("0.0001"), 3]]), [[250_000, 0.001, 30]]),
    Call("AI_GPU_CAPEX", ([[Decimal("2")], ["x"], [BLANK]], Decimal("10")), [[20], ["#VALUE!"], [100_000]]),
    Call("AI_GPU_CAPEX", (10, Decimal("-1")), "#NUM!"),
    Call("AI_DEPRECIATION", (Decimal("10000"), Decimal("25000"), 3), depreciation(10_000, 25_000, 3)),
]

ERRORS = [
    *(Call("AI_GPU_CAPEX", (code,), code) for code in (*OLD_ERRORS, *NEW_ERRORS)),
    Call(
        "AI_GPU_CAPEX", ([[code] for code in (*OLD_ERRORS, *NEW_ERRORS)], 10), [[c] for c in (*OLD_ERRORS, *NEW_ERRORS)]
    ),
    Call("AI_GPU_CAPEX", (10, [[1, *NEW_ERRORS, Decimal("2")]]), [[10, *NEW_ERRORS, 20]]),
    Call("AI_DEPRECIATION", ("#CALC!",), "#CALC!"),
    Call("OPTION_A_VS_B", ("#FIELD!",), "#FIELD!"),
]

BAD: list[tuple[Any, str]] = [
    ("abc", "#VALUE!"),
    ("123", "#VALUE!"),
    (-1e20, "#NUM!"),
    (1e308, "#NUM!"),
    ("x" * 100_000, "#VALUE!"),
    ("#DIV/0!", "#DIV/0!"),
]

LIMITS = [
    Call("AI_GPU_CAPEX", (-1,), "#NUM!"),
    Call("AI_CLUSTER_MW", (10_000, 1.4, 0.99), "#NUM!"),  # PUE below 1
    Call("AI_ELECTRICITY_COST", (10_000, 0.08, 1.2, 1.01), "#NUM!"),  # more drawn than there is
    Call("AI_ANNUAL_COST", (10_000, 30_000, 0), "#NUM!"),  # a life of 0
    Call("AI_BOOK_VALUE", (10_000, 30_000, 0), "#NUM!"),
    Call("AI_NPV", (10_000, 2, 0.9, 5, -1), "#NUM!"),  # a rate of -100%
    Call("LAYOFFS_TO_FUND", (65e9, 0), "#NUM!"),
    Call("LAYOFF_COVERAGE", (1.5,), "#NUM!"),
    Call("AI_CLUSTER_OPEX", (10_000, 0.08, 1.2, 0.8, 3), "#NUM!"),  # no such basis
    Call("AI_CLUSTER_OPEX", (10_000, 0.08, 1.2, 0.8, 1.5), "#NUM!"),
    Call("AI_DEPRECIATION", (10_000, 30_000, 5, 25, 31), "#NUM!"),
    Call("AI_GPU_CAPEX", (True,), 30_000),
]


def calls() -> list[Call]:
    """Return the table."""
    found = []
    for function, (arithmetic, tries) in ARITHMETIC.items():
        for arguments in tries:
            expected = arithmetic(*arguments)
            found.append(Call(function, arguments, expected))
        blanks = (BLANK, *tries[-1][1:]) if len(tries[-1]) > 1 else (BLANK,)
        with_default = arithmetic(*([arithmetic.__defaults__[0], *tries[-1][1:]] if len(tries[-1]) > 1 else []))
        found.append(Call(function, blanks, with_default))
        found += [Call(function, (value,), code) for value, code in BAD[:: 1 if function == "AI_CLUSTER_CAPEX" else 2]]
    return [*found, *TABLES, *RANGES, *CURRENCY, *ERRORS, *LIMITS]
