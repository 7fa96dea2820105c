"""Results lie near what others have published, or there is a reason why they do not."""

import pytest

from xl_aicost.assumptions.benchmarks import load_benchmarks
from xl_aicost.case import Case, model

BENCHMARKS = {b.id: b for b in load_benchmarks()}


def result(benchmark):
    case = Case.of(chip=benchmark.chip or None, settings=benchmark.settings)
    total = sum(case.evaluate(line) for line in benchmark.lines)
    return total / (case.evaluate(benchmark.per) if benchmark.per else 1)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_result_lies_where_it_is_said_to_lie(name):
    benchmark = BENCHMARKS[name]
    assert benchmark.holds(result(benchmark)) == benchmark.outcome, (result(benchmark), benchmark.low, benchmark.high)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_what_is_compared_exists_and_says_on_what_basis(name):
    benchmark = BENCHMARKS[name]
    known = {*model().lines, *model().inputs}
    assert {*benchmark.lines, *benchmark.settings, *filter(None, [benchmark.per])} <= known
    assert benchmark.basis
    assert bool(benchmark.reason) == (benchmark.outcome == "outside")


def test_the_published_figures_that_count_are_there():
    lines = {line for b in load_benchmarks() for line in b.lines}
    wanted = "gpu_hour_cost annual_cost cluster_capex release_energy_share release_interconnect_share severance_per_job"
    assert set(wanted.split()) <= lines
    assert len(BENCHMARKS) >= 15


def test_a_benchmark_can_fail():
    gpu_hour = BENCHMARKS["gpu_hour_available"]
    assert gpu_hour.holds(1.5) == "inside"
    assert gpu_hour.holds(2.25) == gpu_hour.holds(1.0) == "outside"
