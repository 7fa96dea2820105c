"""Random numbers in chunks: each chunk has a seed of its own, so results do not depend on threads, order or machine.

A Latin hypercube or Sobol sequence is drawn and scrambled anew for each chunk. So chunks are independent repetitions,
and their spread gives the standard errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xl_aicost.assumptions.table import TableLike, read_table, title_of
from xl_aicost.errors import InputError, UnknownNameError
from xl_aicost.simulate.distributions import Distribution
from xl_aicost.support.optional import scipy_module
from xl_aicost.support.values import Array

METHODS = ("random", "latin", "sobol")
LARGEST_CHUNK = 8192
CHUNKS_WANTED = 32
SMALLEST_CHUNK = 64


@dataclass(frozen=True)
class Draws:
    """The plan of a simulation: the uncertain inputs, number of draws, seed, method and correlations.

    >>> from xl_aicost.case import Case
    >>> from xl_aicost.simulate.distributions import uncertain
    >>> plan = Draws(uncertain("layoffs_to_fund", Case.of(), "triangular"), count=1000, seed=1)
    >>> plan.chunks, plan.inputs(0)["loaded_cost"].shape
    (16, (64,))
    """

    distributions: Sequence[Distribution]
    count: int
    seed: int
    method: str = "random"
    correlation: Array | None = None

    def __post_init__(self) -> None:
        """Raise InputError or UnknownNameError for a plan that cannot be drawn."""
        if self.method not in METHODS:
            raise UnknownNameError("method", self.method, METHODS)
        if self.count < 2:
            raise InputError(f"draws = {self.count} is out of range: 2 or more")
        if self.seed < 0:
            raise InputError(f"seed = {self.seed} is out of range: 0 or more")

    @property
    def chunk(self) -> int:
        """Draws in a chunk: a power of two, so that Sobol sequences stay balanced."""
        fair = self.count // CHUNKS_WANTED
        return max(SMALLEST_CHUNK, min(LARGEST_CHUNK, (1 << fair.bit_length()) >> 1))

    @property
    def chunks(self) -> int:
        """How many chunks there are; the last may be shorter."""
        return -(-self.count // self.chunk)

    def size(self, index: int) -> int:
        """Return how many draws a chunk has."""
        return min(self.chunk, self.count - index * self.chunk)

    def inputs(self, index: int) -> dict[str, Array]:
        """Return the values of the uncertain inputs in a chunk."""
        size, width = self.size(index), len(self.distributions)
        seed = np.random.SeedSequence(self.seed, spawn_key=(index,))
        u = self._uniform(np.random.default_rng(seed), size, width)
        if self.correlation is not None:
            special = scipy_module("special")
            root = np.linalg.cholesky(self.correlation)
            u = special.ndtr(root @ special.ndtri(np.clip(u, 1e-16, 1 - 1e-16)))
        return {d.id: d.quantile(u[i]) for i, d in enumerate(self.distributions)}

    def _uniform(self, generator: np.random.Generator, size: int, width: int) -> Array:
        """Return probabilities, one row per input."""
        if self.method == "random":
            return generator.random((width, size))
        qmc = scipy_module("stats").qmc
        latin = self.method == "latin"
        sample = qmc.LatinHypercube(width, rng=generator) if latin else qmc.Sobol(width, rng=generator)
        probabilities: Array = sample.random(size if latin else self.chunk)[:size].T
        return probabilities


def rank_correlations(table: TableLike, distributions: Sequence[Distribution]) -> Array:
    """Return the correlations of normal scores that give the rank correlations of a table: columns a, b, rank_correlation.

    Pairs that the file leaves out are independent. Raises DataError for a pair that is not two uncertain inputs or a
    number that is not between -1 and 1, and InputError if the correlations contradict each other.
    """
    place = {d.id: i for i, d in enumerate(distributions)}
    matrix, pairs = np.eye(len(place)), set()
    for row in read_table(table, ("a", "b", "rank_correlation")):
        a, b, rho = row.text("a"), row.text("b"), row.number_in("rank_correlation")
        for column, name in (("a", a), ("b", b)):
            if name not in place:
                raise row.error(column, f"{name!r} does not vary here; these do: {', '.join(place)}")
        if a == b or not -1 < rho < 1:
            raise row.error(
                "rank_correlation", f"{rho:.15g} between {a} and {b} is not between -1 and 1 for two inputs"
            )
        if frozenset((a, b)) in pairs:
            raise row.error("a", f"{a!r} and {b!r} appear twice in the file")
        pairs.add(frozenset((a, b)))
        matrix[place[a], place[b]] = matrix[place[b], place[a]] = 2 * np.sin(np.pi * rho / 6)
    if np.linalg.eigvalsh(matrix).min() <= 1e-10:
        raise InputError(
            f"{title_of(table)}: these correlations contradict each other (the matrix is not positive definite); weaken some"
        )
    return matrix
