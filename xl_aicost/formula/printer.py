"""Formulas as text: brackets by precedence, LET for steps that are used more than once, LAMBDA.

>>> a, b = name("A1"), name("B1")
>>> show((a + b) * (a - b)), show(-(a * b))
('(A1+B1)*(A1-B1)', '-(A1*B1)')
>>> show_lambda(["gpus", "price"], name("gpus") * name("price"))
'_xlfn.LAMBDA(_xlop.gpus,_xlop.price,_xlpm.gpus*_xlpm.price)'
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import zip_longest

from xl_aicost.formula.dialects import ADD, ANY, ATOM, CELL, FILE, Rules
from xl_aicost.formula.expression import Formula, Node, name

Names = Mapping[Formula, str]


def show(node: Node, rules: Rules = CELL, names: Names = {}, need: int = ANY) -> str:  # noqa: B006 (read only)
    """Return a formula or a number as text in a dialect, in brackets if its precedence is below `need`.

    Raises ValueError for a constant with more than the 15 digits that Excel keeps.
    """
    if isinstance(node, Formula) and node.op == "number":
        return show(node.args[0], rules, names, need)
    if not isinstance(node, Formula):
        text, rank = _number(float(node)), (ADD if float(node) < 0 else ATOM)
    elif node in names or node.op == "name":
        text, rank = rules["name"][0].format(names.get(node) or str(node.args[0])), ATOM
    else:
        template, rank, *needs = rules[node.op]
        pairs = zip_longest(node.args, needs, fillvalue=ANY)
        text = template.format(*(show(arg, rules, names, n) for arg, n in pairs))
    return text if rank >= need else f"({text})"


def _number(value: float) -> str:
    if value != value:
        return "NA()"
    text = f"{value:.15g}".upper()
    if float(text) != value:
        raise ValueError(f"{value!r} cannot be written in a formula: Excel keeps 15 digits of a number")
    return text


def show_steps(root: Node, rules: Rules) -> str:
    """Return a formula as text in which each step that is used more than once has a LET name."""
    uses: Counter[Formula] = Counter()

    def count(node: Node) -> None:
        if isinstance(node, Formula) and node.op not in ("name", "number"):
            if node not in uses:
                for arg in node.args:
                    count(arg)
            uses[node] += 1

    count(root)
    names: dict[Formula, str] = {}
    steps: list[str] = []
    for step in (node for node, n in uses.items() if n > 1):  # each comes after the steps that it uses
        text = show(step, rules, names)
        names[step] = f"step_{len(names) + 1}"
        steps.append(f"{show(step, rules, names)},{text}")
    body = show(root, rules, names)
    return str(rules["let"][0].format(",".join(steps), body)) if steps else body


def show_lambda(parameters: list[str], body: Node, rules: Rules = FILE) -> str:
    """Return a LAMBDA in which every parameter is optional."""
    heads = ",".join(rules["optional"][0].format(p) for p in parameters)
    return str(rules["lambda"][0].format(heads, show_steps(body, rules)))


def optional(parameter: str, value: float) -> Formula:
    """Return the symbol of a LAMBDA parameter whose default is `value`."""
    return Formula("default", name(parameter), value)
