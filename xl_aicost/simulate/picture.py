"""A chart of a simulation: its histogram with percentiles, and its drivers."""

from __future__ import annotations

from pathlib import Path

from xl_aicost.simulate.run import Simulation
from xl_aicost.support.files import replacing
from xl_aicost.support.numbers import number
from xl_aicost.support.optional import library

NAVY, BLUE, ORANGE = "#1f3864", "#2e75b6", "#c55a11"
MARKED = (5.0, 50.0, 95.0)
DRIVERS = 8


def draw(simulation: Simulation, path: Path) -> None:
    """Write a PNG with the histogram of a simulation and its strongest drivers."""
    library("matplotlib", "--png").use("Agg")
    from matplotlib import pyplot
    from matplotlib.ticker import FuncFormatter

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.5), width_ratios=(3, 2), layout="constrained")
    widths = [b - a for a, b in zip(simulation.cuts, simulation.cuts[1:], strict=False)]
    shares = [n / sum(simulation.bars) for n in simulation.bars]
    left.bar(simulation.cuts[:-1], shares, widths, align="edge", color=BLUE, edgecolor="white", linewidth=0.5)
    top = max(shares)
    for p in simulation.percentiles:
        if p.level in MARKED:
            left.axvline(p.value, color=NAVY, linestyle="--")
            left.annotate(
                f" P{p.level:g}: {number(p.value)}", (p.value, top * 1.02), color=NAVY, fontsize=8, rotation=20
            )
    left.axvline(simulation.base, color=ORANGE, label=f"base case: {number(simulation.base)}")
    left.legend(frameon=False, fontsize=8, loc="center right")
    left.set_ylim(0, top * 1.2)
    left.set_xlabel(f"{simulation.line} [{simulation.unit}]")
    left.set_ylabel("share of draws")
    left.xaxis.set_major_formatter(FuncFormatter(lambda x, _: number(x)))
    left.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:.0%}"))
    left.tick_params(axis="x", labelrotation=20)
    left.set_title(f"{simulation.draws:,} draws, {simulation.method}, seed {simulation.seed}", fontsize=10)
    shown = simulation.drivers[:DRIVERS][::-1]
    right.barh([d.id for d in shown], [d.coefficient for d in shown], color=NAVY)
    right.axvline(0, color="grey")
    right.set_xlabel("rank regression coefficient")
    right.set_title(f"What drives it (explains {simulation.explained:.0%})", fontsize=10)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=8)
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png", dpi=110, metadata={"Software": None})
    pyplot.close(figure)
