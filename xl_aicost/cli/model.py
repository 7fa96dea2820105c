"""The commands for numbers and their sources: eval, explain, list, claims."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from xl_aicost.cli.options import Json, Overlay, with_case
from xl_aicost.cli.output import print_json, print_table
from xl_aicost.support.numbers import number

if TYPE_CHECKING:
    from xl_aicost.case import Case
    from xl_aicost.catalogue.explain import Explanation
    from xl_aicost.simulate.bounds import Bounds

Line = Annotated[str, typer.Argument(help="A line of the model; see `xl-aicost list lines`.")]
SHOWN = {"id", "chapter", "unit", "label", "low", "base", "high", "kind", "signature", "help", "company", "period"}
SHOWN |= {"measure", "value", "definition", "title", "publisher", "date", "difference", "input", "source", "note"}


class Listing(StrEnum):
    """What `list` can show."""

    lines = "lines"
    assumptions = "assumptions"
    functions = "functions"
    companies = "companies"
    scenarios = "scenarios"
    chips = "chips"
    sources = "sources"


Ends = Annotated[
    bool, typer.Option("--bounds", help="Also show the highest and lowest value found over the inputs' ranges.")
]


@with_case
def eval_(case: "Case", line: Line, with_bounds: Ends = False, as_json: Json = False) -> None:
    """Print the value and unit of a line."""
    from xl_aicost.case import model

    value = case.evaluate(line)
    item = model().lines.get(line) or case.assumptions.rows[line]
    ends = None
    if with_bounds:
        from xl_aicost.simulate.bounds import bounds  # it loads all of simulate, which few need

        ends = bounds(line, case)
    if as_json:
        result = {"line": line, "label": item.label, "value": value, "unit": item.unit}
        print_json(result | case.summary | ({"bounds": ends.as_dict()} if ends else {}))
        return
    print(f"{number(value)} {item.unit}")
    if ends:
        _print_bounds(ends, item.unit)


def _print_bounds(ends: "Bounds", unit: str) -> None:
    """Print the two ends and the inputs that make them."""
    print(f"highest found {number(ends.highest.value)}, lowest found {number(ends.lowest.value)} {unit}\n")
    inputs = dict.fromkeys((*ends.highest.inputs, *ends.lowest.inputs))
    print_table(
        [{"input": i, "highest": ends.highest.inputs.get(i), "lowest": ends.lowest.inputs.get(i)} for i in inputs]
    )
    for what, names in {
        "moved again at the highest": ends.highest.flipped,
        "moved again at the lowest": ends.lowest.flipped,
        "not monotone in": ends.not_monotone,
    }.items():
        if names:
            print(f"{what}: {', '.join(names)}")


@with_case
def explain(case: "Case", line: Line, as_json: Json = False) -> None:
    """Show how a line is calculated: formulas, values, units and sources, as a tree."""
    from xl_aicost.catalogue.explain import explain as explain_line

    tree = explain_line(line, case)
    if as_json:
        print_json(tree.as_dict() | case.summary)
        return
    _print_tree(tree)


def _print_tree(tree: "Explanation") -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.tree import Tree

    seen: set[str] = set()

    def label(node: "Explanation") -> str:
        first = " in year 1" if isinstance(node.value, list) else ""
        text = f"[bold]{node.label}[/bold] ({node.id}) = {number(node.first)} {escape(node.unit)}{first}"
        if node.formula:
            text += f"\n  [cyan]= {escape(node.formula)}[/cyan]"
        return text + f"\n  [dim]{escape(node.cited)}[/dim]"

    def grow(branch: Tree, node: "Explanation") -> None:
        for below in node.precedents:
            if below.id in seen and below.precedents:
                branch.add(f"[bold]{below.label}[/bold] ({below.id}), above")
                continue
            seen.add(below.id)
            grow(branch.add(label(below)), below)

    root = Tree(label(tree))
    grow(root, tree)
    Console(width=None if sys.stdout.isatty() else 160).print(root)


def list_(
    what: Annotated[
        Listing, typer.Argument(help="lines, assumptions, functions, companies, scenarios, chips or sources")
    ],
    assumptions: Overlay = None,
    as_json: Json = False,
) -> None:
    """List lines, assumptions, functions, companies, scenarios, chips or sources."""
    from xl_aicost.catalogue.listing import listing

    rows = listing(what, assumptions)
    if as_json:
        print_json(rows)
        return
    print_table([{k: v for k, v in row.items() if k in SHOWN} for row in rows])


def claims(as_json: Json = False) -> None:
    """Judge the article's claims: does their arithmetic add up, and what do independent figures say?"""
    from xl_aicost.catalogue.claims import counted, verdicts

    rows = verdicts()
    if as_json:
        print_json([v.as_dict() for v in rows])
        return
    print_table(
        [
            {"id": v.id, "claim": v.claim, "adds up": v.adds_up, "evidence": v.evidence, "as of": v.as_of}
            | {"explanation": v.explanation}
            for v in rows
        ]
    )
    print(counted(rows))
