"""Random expressions and random lines over time: numpy and two engines read them the same."""

import contextlib
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.engines.evaluators import agrees, sheet_values
from xl_aicost.formula import Axis, Formula, RowCell, name, show
from xl_aicost.model import timeline
from xl_aicost.model.missing import COMPARISONS, missing, power, when

VARIABLES = "ABC"


def plain(low, high):
    return st.floats(low, high, allow_nan=False).map(lambda v: round(v, 6))


numbers = st.one_of(st.integers(-5, 5).map(float), plain(-10, 10))
leaves = st.one_of(st.sampled_from(VARIABLES), numbers)
binary = st.sampled_from(["add", "subtract", "multiply", "divide", "minimum", "maximum", "power"])
unary = st.sampled_from(["negative", "absolute", "exp", "floor", "ceil", "sqrt", "log"])
compare = st.sampled_from(["less", "less_equal", "greater", "greater_equal"])


def grow(children):
    return st.one_of(
        st.tuples(binary, children, children),
        st.tuples(unary, children),
        st.tuples(st.just("where"), st.tuples(compare, children, children), children, children),
    )


expressions = st.recursive(leaves, grow, max_leaves=12)


def run(tree, values):
    """Apply the tree's numpy functions; what a spreadsheet refuses on the way is refused here."""
    if isinstance(tree, str):
        return values[tree]
    if not isinstance(tree, tuple):
        return tree
    if tree[0] == "where":
        test = run(tree[1], values)
        if isinstance(test, np.bool_ | bool):
            return run(tree[2] if test else tree[3], values)
        return np.where(test, run(tree[2], values), run(tree[3], values))
    parts = [run(branch, values) for branch in tree[1:]]
    if tree[0] == "power" and not any(isinstance(p, Formula) for p in parts) and parts[0] == parts[1] == 0:
        raise ArithmeticError("0^0 is 1 to numpy and #NUM! to Excel; no line of the model can come to it")
    result = getattr(np, tree[0])(*parts)
    if isinstance(result, float | np.floating) and not np.isfinite(result):
        raise ArithmeticError(tree[0])
    return result


def stands_on_a_step(tree, values):
    """Floor, ceil and comparisons jump: engines that snap to 15 digits may stand on the other side of the step."""
    if not isinstance(tree, tuple):
        return False
    if tree[0] in ("floor", "ceil"):
        at = run(tree[1], values)
        if at != round(at) and abs(at - round(at)) < 1e-9 * max(1, abs(at)):
            return True
    if tree[0] in ("less", "less_equal", "greater", "greater_equal"):
        left, right = (run(branch, values) for branch in tree[1:])
        if left != right and abs(left - right) < 1e-9 * max(1, abs(left), abs(right)):
            return True
    return any(stands_on_a_step(branch, values) for branch in tree[1:])


@settings(max_examples=examples(300), deadline=None)
@given(expressions, st.lists(plain(-10, 10), min_size=3, max_size=3))
def test_expressions(tree, inputs):
    values = dict(zip(VARIABLES, map(np.float64, inputs), strict=True))
    try:
        with np.errstate(all="ignore"):
            expected = float(run(tree, values))
            if stands_on_a_step(tree, values) or abs(expected) > 1e12 or 0 < abs(expected) < 1e-12:
                return
    except ArithmeticError:
        return  # an error on the way: what an engine makes of the rest is its own
    formula = run_symbols(tree)
    if formula is None:
        return
    cells = {f"{v}1": float(x) for v, x in values.items()} | {"D1": f"={formula}"}
    by_ironcalc, by_formualizer = sheet_values(cells)
    for found in (by_formualizer,) if negates_a_product(tree) else (by_ironcalc, by_formualizer):
        assert agrees(found["D1"], expected, cancelling(tree, values)), formula


def negates_a_product(tree):
    """Whether IronCalc may lose brackets that a minus stands before: see EXCUSED."""
    if not isinstance(tree, tuple):
        return False
    inner = tree[1][0] if tree[0] == "negative" and isinstance(tree[1], tuple) else ""
    return inner in ("multiply", "divide", "power", "negative") or any(map(negates_a_product, tree[1:]))


def run_symbols(tree):
    """Trace the tree. A constant part that Python folds to more than 15 digits is refused by design."""
    symbols = {v: name(f"{v}1") for v in VARIABLES}
    try:
        with np.errstate(all="ignore"):
            return show(run(tree, symbols))
    except (ValueError, ArithmeticError):
        return None


def cancelling(tree, values):
    """Loosen the tolerance by the digits that a subtraction of near equals cancels somewhere in the tree."""
    worst = 1.0
    todo = [tree]
    with np.errstate(all="ignore"):
        while todo:
            node = todo.pop()
            if isinstance(node, tuple):
                todo += [b for b in node[1:] if isinstance(b, tuple)]
                with contextlib.suppress(ArithmeticError):  # of a branch that is not taken
                    worst = max(worst, _loosened(node, values))
    return min(1e-9 * worst, 1e-3)


def _loosened(node, values):
    if node[0] in ("add", "subtract"):
        parts = [abs(float(run(b, values))) for b in node[1:]]
        result = abs(float(run(node, values)))
        return max(parts) / max(result, 1e-300) if result else 1.0
    if node[0] in ("exp", "power"):
        return max(abs(float(run(b, values))) for b in node[1:])
    return 1.0


PERIODS = 6
AXIS = Axis(header=1, opening="F", first="G", last="L")
COLUMNS = "GHIJKL"


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.lists(st.integers(-1000, 1000), min_size=PERIODS, max_size=PERIODS), min_size=2, max_size=2),
    st.lists(st.integers(1, PERIODS + 1), min_size=2, max_size=2),
    st.integers(0, PERIODS),
    st.sampled_from([0.0, 0.25, 0.5, 0.9]),
)
def test_lines_over_time_with_lives_that_differ_by_scenario(rows, lives, delay, part):
    """Six lines a scenario, two scenarios on one sheet, each with its own life."""
    cells = {"F1": 0} | {f"{c}1": t for t, c in enumerate(COLUMNS, 1)} | {"C1": delay}
    factor = [round(0.9**t, 6) for t in range(PERIODS)]
    expected = {}
    for scenario, (bought, life) in enumerate(zip(rows, lives, strict=True)):
        base = 10 * (scenario + 1)
        cells[f"D{base}"], cells[f"E{base}"] = life, part
        x = np.array(bought, float)
        results = {
            base + 2: timeline.cumulative(x),
            base + 3: timeline.lag(x, delay),
            base + 4: timeline.trailing_sum(x, life),
            base + 5: timeline.renewals(x, life, part),
            base + 6: timeline.cumulative(x) - timeline.trailing_sum(x, life) / life,
        }
        for i, c in enumerate(COLUMNS):
            cells[f"{c}{base}"], cells[f"{c}{base + 1}"] = bought[i], factor[i]
            before = "F" if i == 0 else COLUMNS[i - 1]

            def row(own, c=c, before=before, base=base):
                return RowCell(AXIS, base, c, before, own)

            n, p, d = name(f"$D${base}"), name(f"$E${base}"), name("$C$1")
            texts = {
                base + 2: timeline.cumulative(row(base + 2)),
                base + 3: timeline.lag(row(base + 3), d),
                base + 4: timeline.trailing_sum(row(base + 4), n),
                base + 5: timeline.renewals(row(base + 5), n, p),
                base + 6: RowCell(AXIS, base + 2, c, before, base + 6)
                - RowCell(AXIS, base + 4, c, before, base + 6) / n,
            }
            for at, formula in texts.items():
                cells[f"{c}{at}"] = f"={show(formula)}"
                expected[f"{c}{at}"] = results[at][i]
        first, factors = RowCell(AXIS, base, "G", "F", 0), RowCell(AXIS, base + 1, "G", "F", 0)
        cells[f"D{base + 7}"] = f"={show(timeline.total(first))}"
        cells[f"D{base + 8}"] = f"={show(timeline.present_value(first, factors))}"
        cells[f"D{base + 9}"] = f"={show(timeline.peak(first))}"
        expected[f"D{base + 9}"] = timeline.peak(x)[0]
        expected[f"D{base + 7}"] = timeline.total(x)[0]
        expected[f"D{base + 8}"] = timeline.present_value(x, np.array(factor))[0]
    for found in sheet_values(cells):
        wrong = {at: (found[at], v) for at, v in expected.items() if not agrees(found[at], v)}
        assert wrong == {}


amounts = st.lists(st.integers(-1000, 1000), min_size=PERIODS, max_size=PERIODS)


@settings(max_examples=examples(60), deadline=None)
@given(amounts, amounts, amounts, st.sampled_from([0.0, 0.05, 0.1, 0.3]))
def test_rows_at_dates(start, during, end, rate):
    """The dated row fills the opening column; cumulative, present value and rate of return begin there."""
    cells = {"F1": 0, "D1": rate} | {f"{c}1": t for t, c in enumerate(COLUMNS, 1)}
    for row, x in enumerate((start, during, end), 2):
        cells |= {f"{c}{row}": v for c, v in zip(COLUMNS, x, strict=True)}
    flow = timeline.dated(*(np.array(x, float) for x in (start, during, end)))
    factor = (1 + rate) ** -np.arange(PERIODS + 1.0)
    expected = {}
    for k, c in enumerate("F" + COLUMNS):
        before = "EFGHIJK"[k]
        parts = [RowCell(AXIS, row, c, before, 5) for row in (2, 3, 4)]
        own = RowCell(AXIS, 5, c, before, 6, at_dates=True)
        date = RowCell(AXIS, "$1", c, before, 7)
        texts = {5: timeline.dated(*parts), 6: timeline.cumulative(own), 7: power(1 + name("$D$1"), -date)}
        cells |= {f"{c}{row}": f"={show(formula)}" for row, formula in texts.items()}
        expected |= {f"{c}5": flow[k], f"{c}6": np.cumsum(flow)[k], f"{c}7": factor[k]}
    whole, factors = (RowCell(AXIS, row, "G", "F", 8, at_dates=True) for row in (5, 7))
    cells["D8"] = f"={show(timeline.present_value(whole, factors))}"
    expected["D8"] = timeline.present_value(flow, factor)[0]
    at_rate = timeline.rate_of_return(flow, 1 / 12, -0.1)[0]
    changes = np.count_nonzero(np.diff(np.sign(flow[flow != 0])))
    if changes <= 1:  # of several rates engines find others
        cells["D9"] = f"={show(timeline.rate_of_return(whole, 1 / name('$D$2'), name('$D$3')))}"
        cells |= {"D2": 12, "D3": -0.1}
        expected["D9"] = at_rate
    for found in sheet_values(cells):
        wrong = {
            at: (found[at], v) for at, v in expected.items() if not agrees(found[at], v, 1e-6 if at == "D9" else 1e-9)
        }
        assert wrong == {}


maybe = st.one_of(st.integers(-3, 3).map(float), st.just(missing))


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(maybe, min_size=4, max_size=4), st.sampled_from(sorted(COMPARISONS)))
def test_n_a_goes_through_comparisons_powers_and_arithmetic(values, sign):
    """What numpy makes of n/a is what a cell makes of #N/A."""
    cells = {f"{c}1": "=NA()" if v != v else v for c, v in zip("ABCD", values, strict=True)}
    symbols = [name(f"{c}1") for c in "ABCD"]

    def lines(a, b, c, d):
        yield when(a, sign, b, c, d)
        yield when(a, sign, b, missing, 1)
        yield when(a, sign, b, 1, 0) * when(c, sign, d, 1, 0)
        yield power(4 + a, b)
        yield power(1 + a * a, 0 * b)
        yield np.maximum(a, np.minimum(b, c)) * 0 + d
        yield np.floor(a) - c

    expected = [float(v) for v in lines(*map(np.float64, values))]
    cells |= {f"E{row}": f"={show(formula)}" for row, formula in enumerate(lines(*symbols), 1)}
    for found in sheet_values(cells):
        for row, value in enumerate(expected, 1):
            assert found[f"E{row}"] == "#N/A" if value != value else agrees(found[f"E{row}"], value), cells[f"E{row}"]


graphs = st.lists(
    st.tuples(
        st.sampled_from(["add", "subtract", "multiply", "minimum", "maximum", "cumulative", "lag", "trailing_sum"]),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
    ),
    min_size=1,
    max_size=8,
)
TIMED = {
    "cumulative": timeline.cumulative,
    "lag": lambda x: timeline.lag(x, 2),
    "trailing_sum": lambda x: timeline.trailing_sum(x, 3),
}


@settings(max_examples=examples(60), deadline=None)
@given(graphs, st.lists(plain(-9, 9), min_size=2 * PERIODS, max_size=2 * PERIODS))
def test_random_graphs(nodes, inputs):
    """Rows made of random earlier rows, the looks over time among them."""
    values = [np.array(inputs[:PERIODS]), np.array(inputs[PERIODS:])]
    cells = {"F1": 0} | {f"{c}1": t for t, c in enumerate(COLUMNS, 1)}
    for row, x in enumerate(values, 2):
        cells |= {f"{c}{row}": float(v) for c, v in zip(COLUMNS, x, strict=True)}
    for op, left, right in nodes:
        i, j = left % len(values), right % len(values)
        own = len(values) + 2
        for k, c in enumerate(COLUMNS):
            before = "F" if k == 0 else COLUMNS[k - 1]
            a, b = (RowCell(AXIS, at + 2, c, before, own) for at in (i, j))
            formula = TIMED[op](a) if op in TIMED else getattr(np, op)(a, b)
            cells[f"{c}{own}"] = f"={show(formula)}"
        values.append(TIMED[op](values[i]) if op in TIMED else getattr(np, op)(values[i], values[j]))
    scale = max(1.0, *(float(np.abs(v).max()) for v in values))
    for found in sheet_values(cells):
        for (row, x), (k, c) in itertools.product(enumerate(values[2:], 4), enumerate(COLUMNS)):
            assert abs(float(found[f"{c}{row}"]) - x[k]) <= 1e-9 * scale, f"{c}{row}"


@pytest.mark.parametrize(("value", "found"), [(1.0, True), (float("nan"), False), (1 + 1e-8, False)])
def test_the_judge_can_say_no(value, found):
    assert agrees(1.0, value) is found
