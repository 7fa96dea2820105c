"""An audit as a page of text: the verdict, what was checked, the findings by kind, and the most important ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xl_aicost.audit.findings import SEVERITIES, Finding
from xl_aicost.review.audit import Audit
from xl_aicost.support.numbers import number

PAGE = 40  # lines
MOST_IMPORTANT = 3
KINDS = {  # what each rule finds
    "short-range": "ranges that stop short",
    "double-count": "cells counted twice",
    "text-number": "numbers stored as text",
    "wrong-link": "links to another row",
    "odd-formula": "odd formulas in a row or column",
    "typed-number": "numbers typed over a formula",
    "unsorted-keys": "look-ups in unsorted keys",
    "circle": "circles",
    "error": "error values",
    "empty-cell": "formulas that read empty cells",
    "hidden-rows": "sums of hidden rows",
    "external-link": "links to other workbooks",
    "volatile": "values that change by themselves",
    "dead-name": "names that refer to nothing",
    "GEN-01": "changes since it was built",
    "GEN-02": "parts not checked",
    "VAL-03": "stale values",
}


def report(result: Audit, everything: bool = False) -> list[str]:
    """Return the lines of a report: at most a page, without low findings unless `everything` is set."""
    serious = [f for f in result.findings if f.severity in SEVERITIES[:3]]
    minor = [f for f in result.findings if f not in serious]
    shown = serious + minor if everything else serious
    end = [*_at_stake(result), f"Not checked: {'; '.join((*result.incomplete, *result.not_checked))}"]
    lines = [*_summary(result, serious, minor), *_listed("What matters most:", shown[:MOST_IMPORTANT])]
    rest = [*_listed("Further findings:", shown[MOST_IMPORTANT:])]
    room = PAGE - len(lines) - len(end) - 1
    if not everything and (len(rest) > room or minor):
        left = len(rest) - room if len(rest) > room else 0
        further = f", {left} further" if left else ""
        rest = [*rest[: max(0, room)], f"Not shown: {len(minor)} of low severity{further} (--all shows all)"]
    return [*lines, *rest, *end]


def _summary(result: Audit, serious: list[Finding], minor: list[Finding]) -> Iterator[str]:
    severities = Counter(f.severity for f in result.findings)
    counts = ", ".join(f"{severities[s]} {s}" for s in SEVERITIES if severities[s]) or "nothing found"
    yield f"{result.verdict}: {counts}"
    yield "Checked: " + ", ".join(f"{count:,} {what}" for what, count in result.looked_at.items())
    kinds = Counter(KINDS.get(f.rule, f.rule) for f in (*serious, *minor))
    if kinds:
        yield "Findings by kind: " + ", ".join(f"{kind} {count}" for kind, count in kinds.items())
    if result.identical:
        yield "Every byte is what this version of xl-aicost builds, so no rule had to run and no input was changed"
    else:
        formulas = "; every formula is the builder's, so the rules on formulas did not run" * result.inputs_alone
        yield f"Inputs changed: {len(result.changes)}{formulas}"


def _listed(heading: str, findings: list[Finding]) -> Iterator[str]:
    if findings:
        yield heading
    for f in findings:
        place = "!".join(p for p in (f.sheet, f.cell) if p)
        yield f"{f.severity:9} {f.rule} {place}: {f.message}. {f.fix}"


def _at_stake(result: Audit) -> Iterator[str]:
    for s in result.at_stake:
        moves = [f"{n} {number(now)} -> {number(then)}" for n, (now, then) in s.results.items()]
        yield f"at stake  {s.sheet}!{s.cell} restored: {', '.join(moves) or 'no headline result moves'}"
