"""What the ranges of the assumptions do to a result: Monte Carlo, its drivers, break-even, sweeps of a table.

>>> from xl_aicost.simulate import simulate, solve, tornado
>>> result = simulate("layoffs_to_fund", draws=10_000)
>>> result.least < result.percentiles[0].value < result.mean < result.most
True
>>> [driver.id for driver in result.drivers], [swing.id for swing in tornado("layoffs_to_fund")]
(['loaded_cost', 'ai_spend'], ['loaded_cost', 'ai_spend'])
>>> solve("gpu_capex", "gpu_unit_price", target=250e6).values
[25000.0]
"""

from xl_aicost.simulate.bounds import Bounds, bounds
from xl_aicost.simulate.drivers import TORNADO_BARS, Driver, Swing, rank_regression, sobol_indices, tornado, tornadoes
from xl_aicost.simulate.run import Percentile, Simulation, simulate
from xl_aicost.simulate.solve import Jump, Root, Solution, solve
from xl_aicost.simulate.sweep import sweep

__all__ = [
    "TORNADO_BARS",
    "Bounds",
    "Driver",
    "Jump",
    "Percentile",
    "Root",
    "Simulation",
    "Solution",
    "Swing",
    "bounds",
    "rank_regression",
    "simulate",
    "sobol_indices",
    "solve",
    "sweep",
    "tornado",
    "tornadoes",
]
