"""The kernel dialect: lines as one function over scenarios, which a compiler turns into machine code.

Each line is called with symbols, as for a cell. Here an operation becomes a step of a scalar program: a line of one value
is a number, a line over time an array that is filled period by period.

>>> def gpu_capex(gpus, gpu_unit_price):
...     return gpus * gpu_unit_price
>>> lines = [KernelLine("gpu_capex", gpu_capex, ("gpus", "gpu_unit_price"), False, False)]
>>> print(program(lines, ["gpus", "gpu_unit_price"], ["gpu_capex"]), end="")
def kernel(periods, periods_per_year, inputs, places, scenarios, single, series):
    x_gpus, x_gpu_unit_price = inputs
    for i in range(scenarios):
        v_gpus = x_gpus[i * places[0]]
        v_gpu_unit_price = x_gpu_unit_price[i * places[1]]
        v_gpu_capex = v_gpus * v_gpu_unit_price
        single[0, i] = v_gpu_capex
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xl_aicost.formula.expression import COMPARISONS, Formula, Node, name

# fmt: off
KERNEL = {
    "equal": "{} == {}", "not_equal": "{} != {}", "less": "{} < {}", "less_equal": "{} <= {}",
    "greater": "{} > {}", "greater_equal": "{} >= {}",
    "add": "{} + {}", "subtract": "{} - {}", "multiply": "{} * {}", "divide": "{} / {}", "negative": "-{}",
    "power": "power({}, {})", "where": "({1} if {0} else {2})",
    "minimum": "least({}, {})", "maximum": "greatest({}, {})",
    "exp": "np.exp({})", "log": "np.log({})", "sqrt": "np.sqrt({})", "absolute": "abs({})",
    "floor": "np.floor({})", "ceil": "np.ceil({})",
}
# fmt: on
OVER_TIME = {  # statements in place of calls, which would count references to their arrays
    "cumulative": "if t == 0:\n    {out} = 0.0\n{out} += {0}[t]",
    "lag": "{out} = {0}[t - int({1})] if 1 <= {1} <= t and {1} == np.floor({1}) else 0.0",
    "trailing_sum": "{out} = 0.0\nfor age in range(ages({1}, t)):\n    {out} += {0}[t - age]",
    "renewals": "{out} = (1.0 - {2}) * ({own}[int(t - {1})] if 0 < {1} <= t else 0.0)\n"
    "{out} += {2} * ({own}[int(t - {1} - 1.0)] if -1 < {1} <= t - 1 else 0.0)\n{own}[t] = {0}[t] + {out}",
    "total": "{out} = 0.0\nfor at in range({count}):\n    {out} += {0}[at]",
    "peak": "{out} = {0}[0]\nfor at in range(1, {count}):\n    {out} = greatest({out}, {0}[at])",
    "dated": "{out} = 0.0\nif t < periods:\n    {out} += {0}[t] + {1}[t] / 2\n"
    "if t > 0:\n    {out} += {1}[t - 1] / 2 + {2}[t - 1]",
    "present_value": "{out} = 0.0\nfor at in range({count}):\n    {out} += {0}[at] * {1}[at]",
    "rate_of_return": "{out} = rate_of_return({0}, {count}, {1}, {2})",
}
CLOSING = ("total", "peak", "dated", "present_value", "rate_of_return")  # these need all periods of what they look at


@dataclass(frozen=True)
class KernelLine:
    """A line as the kernel needs it: its function and precedents, and whether it is over periods, or at dates."""

    id: str
    function: Callable[..., Any]
    precedents: tuple[str, ...]
    over_time: bool
    at_dates: bool


class KernelRow(Formula):
    """The value of a line in period t, which also knows the array of all its values."""

    def __init__(self, line: str) -> None:
        super().__init__("name", f"v_{line}")
        self.line = line

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Formula:
        if func.__name__ in OVER_TIME:
            return Formula(func.__name__, *args)
        return super().__array_function__(func, types, args, kwargs)


def program(lines: Sequence[KernelLine], inputs: Sequence[str], wanted: Sequence[str]) -> str:
    """Return the text of a function that calculates lines, each after its precedents, and stores the wanted ones."""
    return "\n".join(_Program(lines, inputs, wanted).texts()) + "\n"


class _Program:
    """The steps of the function; a loop over time takes in as many lines as it can."""

    def __init__(self, lines: Sequence[KernelLine], inputs: Sequence[str], wanted: Sequence[str]) -> None:
        self.lines, self.inputs = lines, inputs
        self.series = {"period", "date"} | {line.id for line in lines if line.over_time}
        self.dates = {"date"} | {line.id for line in lines if line.at_dates}
        self.single = [w for w in wanted if w not in self.series]
        self.rows = [w for w in wanted if w in self.series]
        self.nodes = {line.id: self._traced(line) for line in lines}
        self.done = {*inputs, "period", "date", "periods_per_year"}
        self.steps: list[str] = []
        self.own: list[str] = []  # lines that look back at themselves
        self.count = 0  # of steps that have no name

    def texts(self) -> list[str]:
        """Return the lines of the text."""
        left = list(self.lines)
        while left:
            left = self._add_single(left)
            left = self._add_loop(left)
        arrays = [f"    a_{n} = np.empty(periods + {int(n in self.dates)})" for n in self.nodes if n in self.series]
        names = ", ".join(f"x_{i}" for i in self.inputs)
        return [
            "def kernel(periods, periods_per_year, inputs, places, scenarios, single, series):",
            f"    {names}{',' * (len(self.inputs) == 1)} = inputs",
            *(["    v_periods_per_year = periods_per_year"] if self._uses("periods_per_year") else []),
            *(["    a_period = np.arange(1.0, periods + 1)"] if self._uses("period") else []),
            *arrays,
            *(f"    own_{n} = np.empty(periods)" for n in self.own),
            *(["    width = periods + 1"] if self.rows else []),
            "    for i in range(scenarios):",
            *(f"        v_{n} = x_{n}[i * places[{at}]]" for at, n in enumerate(self.inputs)),
            *self.steps,
            *(f"        single[{place}, i] = v_{line}" for place, line in enumerate(self.single)),
        ]

    def _uses(self, node: str) -> bool:
        return any(node in line.precedents for line in self.lines)

    def _traced(self, line: KernelLine) -> Node:
        symbols = [KernelRow(p) if p in self.series else name(f"v_{p}") for p in line.precedents]
        traced: Node = line.function(*symbols)
        return traced

    def _add_single(self, left: list[KernelLine]) -> list[KernelLine]:
        """Add the lines of one value that can be calculated, and return the rest."""
        rest = []
        for line in left:
            if line.id in self.series or not self.done.issuperset(line.precedents):
                rest.append(line)
                continue
            self.steps.append(f"        v_{line.id} = {self._said(self.nodes[line.id], line.id, 8)}")
            self.done.add(line.id)
        return rest

    def _add_loop(self, left: list[KernelLine]) -> list[KernelLine]:
        """Add a loop with the lines over time that can be calculated in one, and return the rest."""
        first = next((x for x in left if x.id in self.series and self.done.issuperset(x.precedents)), None)
        if first is None:
            return left
        dates = first.id in self.dates
        self.steps.append(f"        for t in range(periods{' + 1' * dates}):")
        self.steps.append("            v_date = float(t)" if dates else "            v_period = t + 1.0")
        rest, inside, read = [], set[str](), {"date", "period"}
        for line in left:
            new = inside.intersection(line.precedents)
            ready = (self.done | inside).issuperset(line.precedents)
            closes = new and any(op in CLOSING for op in _operations(self.nodes[line.id]))
            if line.id not in self.series or (line.id in self.dates) != dates or not ready or closes:
                rest.append(line)
                continue
            for p in line.precedents:
                if p in self.series and p not in inside | read and (p in self.dates) == dates:
                    self.steps.append(f"            v_{p} = a_{p}[t]")
                    read.add(p)
            said = self._said(self.nodes[line.id], line.id, 12)
            self.steps += [f"            v_{line.id} = {said}", f"            a_{line.id}[t] = v_{line.id}"]
            if line.id in self.rows:
                self.steps.append(f"            series[{self.rows.index(line.id)}, i * width + t] = v_{line.id}")
            inside.add(line.id)
        self.done |= inside
        return rest

    def _said(self, node: Node, line: str, indent: int) -> str:
        """Return an operation as text; what it is made of becomes steps before it."""
        if not isinstance(node, Formula):
            return "np.nan" if float(node) != float(node) else repr(float(node))
        if node.op == "name":
            return str(node.args[0])
        if node.op == "number":
            return self._said(node.args[0], line, indent)
        if node.op == "when":
            test, yes, no = node.args
            assert isinstance(test, Formula)
            sides = [self._step(a, line, indent) for a in test.args]
            missing = " or ".join(f"{s} != {s}" for s in sides)
            holds = KERNEL[test.op].format(*sides)
            chosen = [self._step(a, line, indent) for a in (yes, no)]
            return f"(np.nan if {missing} else ({chosen[0]} if {holds} else {chosen[1]}))"
        if node.op not in OVER_TIME:
            text = KERNEL[node.op].format(*(self._step(a, line, indent) for a in node.args))
            return f"float({text})" if node.op in COMPARISONS.values() else text
        rows = [a.line for a in node.args if isinstance(a, KernelRow)]
        words = [f"a_{a.line}" if isinstance(a, KernelRow) else self._step(a, line, indent) for a in node.args]
        if node.op == "renewals":
            self.own.append(line)
        count = "periods + 1" if rows[0] in self.dates else "periods"
        self.count += 1
        out = f"s{self.count}"
        statements = OVER_TIME[node.op].format(*words, out=out, own=f"own_{line}", count=count)
        self.steps += [f"{' ' * indent}{statement}" for statement in statements.splitlines()]
        return out

    def _step(self, node: Node, line: str, indent: int) -> str:
        if not isinstance(node, Formula) or node.op in ("name", "number"):
            text = self._said(node, line, indent)
            return text if text[:1] != "-" else f"({text})"
        text = self._said(node, line, indent)
        self.count += 1
        self.steps.append(f"{' ' * indent}s{self.count} = {text}")
        return f"s{self.count}"


def _operations(node: Node) -> list[str]:
    return [node.op, *(op for a in node.args for op in _operations(a))] if isinstance(node, Formula) else []
