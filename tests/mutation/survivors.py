"""Mutants of the sample that no test notices, and why that does not matter. By module, text of the line and change."""

SURVIVORS: dict[tuple[str, str, str], str] = {
    ("formula/kernel.py", "self.count += 1", "1 to 2"): "numbers of steps are names; any that differ will do",
    (
        "graph.py",
        "return frozenset(n for n, count in self._counts.items() if count > 1)",
        "1 to 2",
    ): "a line has 1, 3 or 4 values there",
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
    ("engine/recalculate.py", "@dataclass(frozen=True)", "True to False"): "nothing changes a result that was made",
    ("audit/ranges.py", "place, blank = (s.last if step > 0 else s.first) + step, 0", "Gt to GtE"): "a step is 1 or -1",
    (
        "catalogue/claims.py",
        "for scenario, settings in zip(ARTICLE, (claim.low_set, claim.high_set), strict=True)",
        "True to False",
    ): "the lists have one length always; strict is for whoever changes that",
    ("review/moves.py", "place += 1 if end > place else -1", "Gt to GtE"): "it goes on only while the two differ",
    (
        "audit/ranges.py",
        "while len(result) < MOST_LEFT and place > 0 and blank < 2 and place != s.total:",
        "Lt to LtE",
    ): "a limit on work: 400 cells or 401",
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
    ("simulate/solve.py", "ROUNDS = 60", "60 to 61"): "sixty halvings come to the last digit",
    (
        "simulate/run.py",
        "if chunk.draws is not None and self.chunks * self.task.draws.chunk < REGRESSION_DRAWS:",
        "Lt to LtE",
    ): "a limit on work: one chunk more or less",
    ("simulate/draws.py", "@dataclass(frozen=True)", "True to False"): "nothing changes a plan that was made",
    ("review/gate.py", "@dataclass(frozen=True)", "True to False"): "nothing changes a result that was made",
    (
        "review/annotate.py",
        "widths(ws, 11, 10, 22, 18, 70, 38, 16)",
        "16 to 17",
    ): "how wide a column of the list of findings is",
    (
        "review/gate.py",
        "return Area(sheets[word.lower()], 0, 0, 1 << 30, 1 << 30)",
        "30 to 31",
    ): "no sheet has as many rows",
    (
        "review/drift.py",
        'yield finding("high", f"columns {\', \'.join(columns[:5])}", "columns are hidden", "Show them")',
        "5 to 6",
    ): "a limit on words: five hidden columns are named, or six",
    (
        "review/annotate.py",
        "widths(ws, 11, 10, 22, 18, 70, 38, 16)",
        "11 to 12",
    ): "how wide a column of the list of findings is",
    (
        "review/places.py",
        "if not meant or not there >= meant:",
        "no Not",
    ): "a short cut: without it the same is found by aligning rows, which takes longer",
    (
        "review/annotate.py",
        "widths(ws, 11, 10, 22, 18, 70, 38, 16)",
        "70 to 71",
    ): "how wide a column of the list of findings is",
    (
        "review/read.py",
        "return {str(c.value): c.row for c in cells if c.column == column and c.row > head}",
        "Gt to GtE",
    ): "no input is called like the head of its column",
    (
        "review/stake.py",
        "MOST_OPERANDS = 400_000  # cells that are looked up for the numbers which stand behind stale ones",
        "400000 to 400001",
    ): "a limit on work: one cell more or less",
    (
        "workbook/sheets/claims.py",
        'LETTERS = dict(zip(("stated_low", "stated_high", "found_low", "found_high", "ends_agree", "id"), "JKLMNO", strict=True))',
        "True to False",
    ): "the lists have one length always; strict is for whoever changes that",
    (
        "workbook/sheets/sensitivity.py",
        'axes = [a.label if u in a.label else f"{a.label} ({u})" for a, u in zip((down, across), units, strict=True)]',
        "True to False",
    ): "the lists have one length always; strict is for whoever changes that",
    (
        "review/moves.py",
        "for match, end in reversed([*zip(corners, ends, strict=True)]):",
        "True to False",
    ): "the lists have one length always; strict is for whoever changes that",
    (
        "review/moves.py",
        "for t, f in zip(texts, formulas, strict=True)",
        "True to False",
    ): "the lists have one length always; strict is for whoever changes that",
    (
        "review/moves.py",
        "left = [r for r in range(a + 1, c) if r in old]",
        "1 to 2",
    ): "of two rows of which one was deleted and one changed, either may be called the deleted one",
    (
        "review/drift.py",
        'return abridged(str(_built_value(ws, built.row, 2) or ""), 60)',
        "60 to 61",
    ): "a limit on words: the name of a check is cut after 60 characters, or 61",
    (
        "engine/plain_copy.py",
        "LONGEST_NAME, LONGEST_SPELLED = 200, 2_000  # characters that a name stands for, and of a formula with them",
        "2000 to 2001",
    ): "a limit on work: a formula of 2,000 characters or 2,001 is spelled out",
}
