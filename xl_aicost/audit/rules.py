"""Twelve rules for any workbook: what is probably wrong, one finding a cause, the surest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from xl_aicost.audit.findings import SEVERITIES, Finding, Hit, group, lowered, ordered
from xl_aicost.audit.links import empty_cells, wrong_links
from xl_aicost.audit.ranges import hidden_rows, short_ranges
from xl_aicost.audit.runs import odd_cells
from xl_aicost.audit.sums import double_counts, text_numbers
from xl_aicost.audit.values import root_errors, unsorted_keys
from xl_aicost.errors import IncompleteError
from xl_aicost.xlsx.index import WorkbookIndex
from xl_aicost.xlsx.package import Package, formula_cells
from xl_aicost.xlsx.precedents import VOLATILE, changing, circles
from xl_aicost.xlsx.references import address

MOST_FORMULAS = 60_000
CONDITIONS = {"IF", "IFS", "CHOOSE", "SWITCH", "IFERROR"}  # by which a calculation may never go round a circle
Rule: TypeAlias = Callable[[WorkbookIndex], Iterator[Hit]]


def audit_rules(package: Package, rules: Sequence[Rule] = ()) -> list[Finding]:
    """Return what the rules find in any workbook; all of them, or `rules` alone.

    A rule that took too much work is added to what was left out.
    """
    formulas = sum(1 for _ in formula_cells(package))
    if formulas > MOST_FORMULAS:
        package.left_out.append(f"the rules: {formulas:,} formulas are more than they look at ({MOST_FORMULAS:,})")
        return [*_dead_names(package)]
    book, hits = WorkbookIndex(package), list[Hit]()
    for rule in rules or RULES:
        book.steps = 0
        try:
            package.deadline.check()
            hits += rule(book)
        except IncompleteError as error:
            name = rule.__name__.strip("_").replace("_", " ")
            package.left_out.append(f"the rule on {name}: {error}")
    return ordered([*_findings(hits), *_dead_names(package)])


def _findings(hits: Sequence[Hit]) -> Iterator[Finding]:
    """Yield one finding a cause; a cell has one, a notch higher where another rule agrees."""
    cells: dict[tuple[str, int, int], list[Hit]] = defaultdict(list)
    for hit in hits:
        cells[hit.grid.name, hit.cell.row, hit.cell.column].append(hit)
    causes: dict[tuple[str, object], list[tuple[str, Hit]]] = defaultdict(list)
    for same in cells.values():
        first = min(same, key=lambda h: SEVERITIES.index(h.severity))
        agree = len({h.rule for h in same if h.severity in SEVERITIES[:3]}) > 1
        causes[first.rule, first.cause].append((lowered(first.severity, -agree), first))
    rank = list(dict.fromkeys(hit.rule for hit in hits))  # as the rules stand, that which matters most first
    for (rule, _), members in sorted(causes.items(), key=lambda c: (rank.index(c[0][0]), -len(c[1]))):
        severity, first = min(members, key=lambda m: SEVERITIES.index(m[0]))
        members.sort(key=lambda m: m[1].grid is not first.grid)
        names = [(h.grid.name, address(h.cell.row, h.cell.column)) for _, h in members]
        places = tuple(at if sheet == first.grid.name else f"{sheet}!{at}" for sheet, at in names)
        yield Finding(severity, rule, first.grid.name, group(places), first.message, first.fix, places)


def _circles(book: WorkbookIndex) -> Iterator[Hit]:
    iterates = book.package.calculation.get("iterate") in ("1", "true")
    for circle in circles(book):
        first, last = (f"{u.grid.name}!{address(u.cell.row, u.cell.column)}" for u in (circle[0], circle[-1]))
        message = f"{first} depends on itself" + (f" through {last}" if last != first else "")
        doubt = iterates or any(u.formula.functions & CONDITIONS for u in circle)
        cause = frozenset(u.grid.name for u in circle)
        severity, fix = "medium" if doubt else "critical", "Break the circle"
        yield from (Hit("circle", severity, use.grid, use.cell, cause, message, fix) for use in circle)


def _volatile(book: WorkbookIndex) -> Iterator[Hit]:
    uses = [book.uses[n] for n in sorted(changing(book))]
    functions = ", ".join(sorted({f for use in uses for f in use.formula.functions & VOLATILE}))
    for use in uses:
        message = f"changes with every calculation, by {functions or 'a function'} in it or in what it depends on"
        yield Hit("volatile", "low", use.grid, use.cell, "", message, "Type the value where a result has to stay")


def _external_links(book: WorkbookIndex) -> Iterator[Hit]:
    for use in book.uses:
        if name := use.formula.other_workbook:
            message, fix = f"reads another workbook, {name}", "Keep both files together, or keep the values"
            yield Hit("external-link", "low", use.grid, use.cell, "", message, fix)


def _dead_names(package: Package) -> Iterator[Finding]:
    dead = sorted({name for (_, name), text in package.names.items() if "#REF!" in text})
    if dead:
        message = f"{len(dead)} names refer to nothing: {', '.join(dead[:5])}{', ...' * (len(dead) > 5)}"
        yield Finding("low", "dead-name", "", "", message, "Delete them in the name manager")


RULES: tuple[Rule, ...] = (
    short_ranges,
    double_counts,
    text_numbers,
    wrong_links,
    odd_cells,
    unsorted_keys,
    _circles,
    root_errors,
    empty_cells,
    hidden_rows,
    _external_links,
    _volatile,
)
