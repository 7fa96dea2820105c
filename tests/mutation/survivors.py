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
        "formula/scalar.py",
        "growth = halved(flows, count, 1.0 + floor)",
        "1.0 to 2.0",
    ): "Newton's method finds the rates above the floor; halving is for the others",
    (
        "formula/scalar.py",
        "step = result / (-slope * factor * factor)",
        "Mult to Div",
    ): "another step of Newton's method; what it misses is halved, to the same rate",
    (
        "model/timeline.py",
        "left = left[~(np.abs(step) <= 1e-12 * np.maximum(1, np.abs(now)))]",
        "Mult to Div",
    ): "how near Newton's method comes before it rests, beyond the digits that are compared",
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
}
