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
SPEND, LOADED, HEADS = 65e9, 450_000, 74_067
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
    return annual(10_000, price, life, kwh, 1, use, pue) / (10_000 * 8760 * use)


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
    return gpus * use * 8760 * rent - opex(gpus, use=use, price=price)


def payback(gpus=10_000, rent=2.35, use=USE, price=PRICE):
    return cluster(gpus, price) / margin(gpus, rent, use, price) if margin(gpus, rent, use, price) > 0 else 0


def breakeven(spend=SPEND, price=PRICE, life=LIFE, kwh=KWH):
    return spend / cluster(price=price) * annual(price=price, life=life, kwh=kwh)


def breakeven_year(spend=SPEND, revenue=7.5e9, growth=0.5):
    return math.log(max(breakeven(spend) / revenue, 1)) / math.log(1 + growth)


def flows(gpus=10_000, rent=2.35, use=USE, life=LIFE, years=10):
    year = gpus * use * 8760 * rent - opex(gpus, use=use)
    found = [year - (equipment(gpus) if t % math.ceil(life) == 0 else 0) for t in range(int(years))]
    return [found[0] - facility(gpus), *found[1:]]


def npv(gpus=10_000, rent=2.35, use=USE, life=LIFE, rate=0.1, years=10):
    return sum(f / (1 + rate) ** t for t, f in enumerate(flows(gpus, rent, use, life, years), 1))


def irr(gpus=10_000, rent=2.35, use=USE, life=LIFE, years=10):
    found = flows(gpus, rent, use, life, years)
    if sum(found) <= 0:
        return 0
    low, high = 0.0, 10.0
    for _ in range(200):
        middle = (low + high) / 2
        value = sum(f / (1 + middle) ** t for t, f in enumerate(found))
        low, high = (middle, high) if value > 0 else (low, middle)
    return low


def depreciation(gpus=10_000, price=PRICE, life=LIFE, building=BUILDING, years=10):
    """Every purchase is written off evenly; hardware is bought again when its life is over."""
    charge = []
    for t in range(int(years)):
        it = 0.0
        for bought in range(0, t + 1, math.ceil(life)):
            it += equipment(gpus, price) / life * min(1, max(0, life - (t - bought)))
        charge.append([it + facility(gpus) / building * min(1, max(0, building - t))])
    return charge


def refresh(gpus=10_000, life=LIFE, build=1, years=10):
    gap, phases = math.ceil(life), math.ceil(build)
    return [[sum(gpus / phases for s in range(phases) if t > s and (t - s) % gap == 0)] for t in range(int(years))]


def book(gpus=10_000, price=PRICE, life=LIFE, building=BUILDING, years=10):
    value, found = facility(gpus), []
    for t, (charge,) in enumerate(depreciation(gpus, price, life, building, years)):
        value += (equipment(gpus, price) if t % math.ceil(life) == 0 else 0) - charge
        found.append([value])
    return found


def danger(spend=SPEND, before=39.225e9, heads=HEADS, heads_before=67_317):
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
    "AI_BREAKEVEN_YEAR": (breakeven_year, [(), (130e9,), (65e9, 5e9), (65e9, 5e9, 0.3), (1e9, 50e9, 0.5)]),
    "AI_NPV": (
        npv,
        [(), (1000,), (10_000, 3.5), (10_000, 3.5, 0.9, 4), (10_000, 2, 1, 5.5, 0.08), (5000, 3, 0.8, 3, 0.12, 7)],
    ),
    "AI_IRR": (irr, [(), (10_000, 4), (10_000, 5.5, 0.9), (10_000, 4, 1, 6), (10_000, 4, 1, 5, 5)]),
    "AI_PAYBACK_YEARS": (
        payback,
        [(), (1000,), (10_000, 3.5), (10_000, 3.5, 0.9), (10_000, 0.1), (10_000, 2, 1, 25_000)],
    ),
    "AI_INVESTMENT_RATIO": (lambda s=SPEND, r=164.501e9: s / r, [(), (72.215e9,), (72.215e9, 200.966e9)]),
    "AI_CAPEX_PER_EMPLOYEE": (lambda s=SPEND, h=HEADS: s / h, [(), (72.22e9,), (72.22e9, 78_865)]),
    "AI_DANGER_ZONE": (danger, [(), (55.663e9, 21.215e9, 141_000, 162_000), (10e9,), (65e9, 39e9, 67_000)]),
    "FRONTIER_CAPITAL": (lambda n=10_000, p=PRICE: n * cluster(price=p) / 10_000, [(), (24_576,), (24_576, 25_000)]),
}

TABLES = [
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
    Call("AI_ELECTRICITY_COST", (10_000, 0.08, 1.2, 1.01), "#NUM!"),  # utilisation above 1
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
