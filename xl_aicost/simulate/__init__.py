"""What the spread of the assumptions does to a result: Monte Carlo, what drives it, break-even, sweeps."""

from xl_aicost.simulate.drivers import Driver, rank_regression, sobol_indices, tornado
from xl_aicost.simulate.run import Percentile, Simulation, simulate
from xl_aicost.simulate.solve import solve
from xl_aicost.simulate.sweep import sweep

__all__ = [
    "Driver",
    "Percentile",
    "Simulation",
    "rank_regression",
    "simulate",
    "sobol_indices",
    "solve",
    "sweep",
    "tornado",
]
