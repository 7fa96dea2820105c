"""Mutants of the sample that no test notices, and why that does not matter. By module, text of the line and change."""

SURVIVORS: dict[tuple[str, str, str], str] = {
    ("formula/kernel.py", "self.count += 1", "1 to 2"): "numbers of steps are names; any that differ will do",
    (
        "formula/scalar.py",
        "if high <= lowest:",
        "LtE to Lt",
    ): "a range that ends exactly at the floor has its rate there",
    (
        "formula/printer.py",
        "def show(node: Node, rules: Rules = CELL, names: Names = {}, need: int = 0) -> str:  # noqa: B006 (read only)",
        "0 to 1",
    ): "no operation has a rank below 1",
    (
        "graph.py",
        "return frozenset(n for n, count in self._counts.items() if count > 1)",
        "1 to 2",
    ): "a line has 1, 3 or 4 values there",
    (
        "formula/dialects.py",
        '"lag": ("SUMIFS({},{},{}-{})", ATOM, 0, 0, 2, 3),',
        "0 to 1",
    ): "no operation has a rank below 1",
    (
        "formula/dialects.py",
        '"+{5}*(SUMIFS({0},{2},{3}-{4}-1)+SUMIFS({1},{2},{3}-{4}-1))", 2, 0, 0, 0, 2, 3, 3,',
        "0 to 1",
    ): "no operation has a rank below 1",
    (
        "model/timeline.py",
        "outside = left[~((growth[left] >= low[left]) & (growth[left] <= high[left]))]",
        "LtE to Lt",
    ): "a rate exactly at the end of the range is found by halving on",
    (
        "model/timeline.py",
        "if turn >= 20:",
        "the opposite condition",
    ): "what Newton's method does not end is halved; its last end counts either way",
    (
        "formula/scalar.py",
        "return result if exponent >= 0.0 else 1.0 / result",
        "0.0 to 1.0",
    ): "to the power of 0 it is 1, and 1 / 1 is 1 too",
    (
        "formula/scalar.py",
        "return result if exponent >= 0.0 else 1.0 / result",
        "GtE to Gt",
    ): "to the power of 0 it is 1, and 1 / 1 is 1 too",
    (
        "formula/scalar.py",
        "if moved[at] != moved[at]:",
        "NotEq to Eq",
    ): "without the short cut Newton's method and halving end at the floor as well",
    (
        "formula/dialects.py",
        '"trailing_sum": (\'SUMIFS({0},{1},">"&{2}-{3},{1},"<="&{2})\', ATOM, 0, 0, 2, 3),',
        "0 to 1",
    ): "no operation has a rank below 1",
    (
        "formula/dialects.py",
        '"lag": ("SUMIFS({},{},{}-{})", ATOM, 0, 0, 2, 3),',
        "2 to 3",
    ): "what stands there is the cell of the period, which never has brackets",
    (
        "model/timeline.py",
        "none: NDArray[np.bool_] = (moved.min(axis=0) >= 0) | (moved.max(axis=0) <= 0)",
        "0 to 1",
    ): "without the short cut Newton's method and halving end at the floor as well",
    ("engine/recalculate.py", "@dataclass(frozen=True)", "True to False"): "nothing changes a result that was made",
    ("audit/ranges.py", "place, blank = (s.last if step > 0 else s.first) + step, 0", "Gt to GtE"): "a step is 1 or -1",
    ("review/moves.py", "place += 1 if end > place else -1", "Gt to GtE"): "it goes on only while the two differ",
    (
        "audit/ranges.py",
        "while len(result) < MOST_LEFT and place > 0 and blank < 2 and place != s.total:",
        "Lt to LtE",
    ): "a limit on work: 400 cells or 401",
    (
        "simulate/picture.py",
        'right.axvline(0, color="grey", linewidth=0.8)',
        "0.8 to 1.8",
    ): "how thick a line or how high the picture is",
    (
        "simulate/picture.py",
        'left.axvline(p.value, color=NAVY, linewidth=1, linestyle="--")',
        "1 to 2",
    ): "how thick a line or how high the picture is",
    (
        "simulate/picture.py",
        'left.axvline(simulation.base, color=ORANGE, linewidth=1.5, label=f"base case: {number(simulation.base)}")',
        "1.5 to 2.5",
    ): "how thick a line or how high the picture is",
    (
        "simulate/picture.py",
        'figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.5), width_ratios=(3, 2), layout="constrained")',
        "4.5 to 5.5",
    ): "how thick a line or how high the picture is",
    (
        "simulate/run.py",
        "return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()",
        "True to False",
    ): "inputs come in the order of the table anyway",
    (
        "simulate/sketch.py",
        "first = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))",
        "1 to 2",
    ): "any number below the first key will do",
    (
        "simulate/solve.py",
        "is_open: Booleans = (step > np.maximum(LEAP * whole, self.noise)) & (np.diff(digits, axis=0)[0] > 3)",
        "3 to 4",
    ): "two neighbouring floats differ by one digit or by a dozen",
    (
        "simulate/run.py",
        "above={t: int(n) / self.count for t, n in zip(task.thresholds, self.above, strict=True)},",
        "True to False",
    ): "the lists have one length always; strict is for whoever changes that",
    (
        "simulate/solve.py",
        "jumps = zip(high[leaps], under[leaps], over[leaps], strict=True)",
        "True to False",
    ): "the lists have one length always; strict is for whoever changes that",
    (
        "simulate/draws.py",
        "return max(SMALLEST_CHUNK, min(LARGEST_CHUNK, 1 << max(fair.bit_length() - 1, 0)))",
        "0 to 1",
    ): "a chunk has 64 draws at least",
    ("simulate/solve.py", "ROUNDS = 60", "60 to 61"): "sixty halvings come to the last digit",
    (
        "simulate/run.py",
        "if chunk.draws is not None and self.chunks * self.task.draws.chunk < REGRESSION_DRAWS:",
        "Lt to LtE",
    ): "a limit on work: one chunk more or less",
    ("simulate/draws.py", "@dataclass(frozen=True)", "True to False"): "nothing changes a plan that was made",
}
