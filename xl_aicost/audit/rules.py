"""Rules for any workbook, from the standards of financial modelling: grouped by like cells, with reason and fix."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from openpyxl.utils import FORMULAE

from xl_aicost.audit.findings import Finding, group
from xl_aicost.audit.rules_inputs import input_rules
from xl_aicost.audit.rules_layout import layout_rules
from xl_aicost.audit.rules_ranges import range_rules
from xl_aicost.errors import IncompleteError
from xl_aicost.xlsx.package import Package, formula_cells
from xl_aicost.xlsx.references import Token, address, area, tokens
from xl_aicost.xlsx.sheet import Cell, Sheet

VOLATILE = {"OFFSET", "INDIRECT", "NOW", "TODAY", "RAND", "RANDBETWEEN", "CELL", "INFO"}
FRAGILE = {"NPV", "VLOOKUP", "HLOOKUP", "LOOKUP", "IFERROR", "IFNA"}
MODERN = {"LET", "LAMBDA", "XLOOKUP", "XMATCH", "FILTER", "SORT", "SORTBY", "UNIQUE", "SEQUENCE", "RANDARRAY", "TABLE"}
CONSTANTS = {0.0, 1.0, 2.0, 10.0, 12.0, 24.0, 52.0, 100.0, 365.0, 1000.0, 8760.0, 8766.0}
LONGEST = 110
MOST_FORMULAS = 50_000  # of a workbook that the rules look at
MOST_FINDINGS = 5_000  # of one set of rules
MOST_ALIKE = 500  # of one rule about formulas on a sheet

Node = tuple[str, int, int]
Key = tuple[str, str, str, str, str]  # severity, rule, sheet, message, fix
PerCell = Callable[[tuple[Token, ...], Cell], str]


def _broken(found: tuple[Token, ...], _: Cell) -> str:
    return (
        "the formula refers to what no longer exists"
        if any(t.kind == "error" or "#REF!" in t.text for t in found)
        else ""
    )


def _volatile(found: tuple[Token, ...], _: Cell) -> str:
    used = sorted({t.text.upper() for t in found if t.kind == "function"} & VOLATILE)
    return f"{', '.join(used)} recalculates always or cannot be traced" if used else ""


def _fragile(found: tuple[Token, ...], _: Cell) -> str:
    used = sorted({t.text.upper() for t in found if t.kind == "function"} & FRAGILE)
    return f"{', '.join(used)} hides errors or breaks when columns move" if used else ""


def _modern(found: tuple[Token, ...], cell: Cell) -> str:
    names = {t.text.upper().removeprefix("_XLFN.").removeprefix("_XLWS.") for t in found if t.kind == "function"}
    used = sorted(names & MODERN)
    if used:
        return f"{', '.join(used)} is not in every spreadsheet program"
    return "an array formula, which other programs spill otherwise" if cell.array else ""


def _numbers(found: tuple[Token, ...], _: Cell) -> str:
    used = sorted({t.text for t in found if t.kind == "number" and float(t.text) not in CONSTANTS})
    return f"the numbers {', '.join(used[:4])} stand in the formula" if used else ""


def _ifs(found: tuple[Token, ...], _: Cell) -> str:
    depth, open_ifs, stack = 0, 0, []
    for t in found:
        if t.kind == "function":
            stack.append(t.text.upper() == "IF")
            open_ifs += stack[-1]
            depth = max(depth, open_ifs)
        elif t.text == "(":
            stack.append(False)
        elif t.text == ")" and stack:
            open_ifs -= stack.pop()
    return f"{depth} IFs nested" if depth > 1 else ""


def _whole(found: tuple[Token, ...], _: Cell) -> str:
    wide = [t.text for t in found if t.kind == "ref" and "#REF!" not in t.text and area(t, "x") is None]
    return f"the reference {wide[0]} takes whole rows or columns" if wide else ""


def _long(_: tuple[Token, ...], cell: Cell) -> str:
    return f"longer than {LONGEST} characters" if len(cell.formula or "") > LONGEST else ""


def _unknown(found: tuple[Token, ...], _: Cell) -> str:
    names = {t.text.upper() for t in found if t.kind == "function"}
    used = sorted(n for n in names - FORMULAE - MODERN if not n.startswith("_XL") and "." not in n)
    return f"{', '.join(used[:3])} is no function of Excel 2010" if used else ""


def _doubled(found: tuple[Token, ...], _: Cell) -> str:
    pairs = [a.text + b.text for a, b in pairwise(found) if a.text in ("+", "-") and b.text in ("+", "-")]
    product = any(t.text.upper() == "SUMPRODUCT" for t in found)
    return f"the operators {pairs[0]} stand side by side" if pairs and not product else ""


def _plug(found: tuple[Token, ...], _: Cell) -> str:
    last = [t for t in found if t.text not in (")",)][-2:]
    if len(last) == 2 and last[0].text in ("+", "-") and last[1].kind == "number" and float(last[1].text) > 2:
        return f"ends in {last[0].text}{last[1].text}, a plug"
    return ""


CELL_RULES: tuple[tuple[str, str, PerCell, str], ...] = (
    ("critical", "FOR-01", _broken, "Point it at the right cell"),
    ("high", "FOR-06", _volatile, "Use INDEX, or a typed date"),
    ("medium", "FOR-07", _fragile, "Use INDEX and MATCH, a factor row, and let errors show"),
    ("medium", "FOR-10", _modern, "Use functions of Excel 2010"),
    ("low", "FOR-03", _numbers, "Move it to a labelled input"),
    ("medium", "FOR-02", _unknown, "Use a function that every spreadsheet program has"),
    ("medium", "FOR-09", _doubled, "Write one operator"),
    ("medium", "FOR-05", _ifs, "Split it over rows, or use INDEX"),
    ("medium", "FOR-08", _whole, "Name the cells that are meant"),
    ("low", "FOR-04", _long, "Split it over rows"),
    ("medium", "FOR-03", _plug, "Take the number out"),
)


def audit_rules(package: Package) -> list[Finding]:
    """Return what the rules find in any workbook; what is past a limit is added to what was left out."""
    findings: list[Finding] = []
    incomplete: dict[str, list[str]] = {}
    formulas = sum(1 for _ in formula_cells(package))
    for name, rules in RULES.items():
        try:
            if formulas > MOST_FORMULAS and rules not in FEW_STEPS:
                raise IncompleteError(f"more than {MOST_FORMULAS:,} formulas")
            package.check_time()
            for number, finding in enumerate(rules(package)):
                package.check_time()
                if number == MOST_FINDINGS:
                    raise IncompleteError(f"more than {MOST_FINDINGS:,} findings")
                findings.append(finding)
        except IncompleteError as error:
            incomplete.setdefault(str(error), []).append(name)
    package.left_out += [f"{', '.join(names)}, all or in part: {reason}" for reason, names in incomplete.items()]
    return findings


def _package_rules(package: Package) -> Iterator[Finding]:
    parts = [p.lower() for p in package.parts]
    for mark, rule, text in (
        ("xl/externallinks/", "STR-05", "links to other workbooks"),
        ("xl/connections.xml", "STR-05", "data connections"),
        ("vbaproject.bin", "STR-06", "macros"),
        ("/activex/", "STR-06", "ActiveX controls"),
        ("/embeddings/", "STR-06", "embedded objects"),
    ):
        if any(mark in p for p in parts):
            yield Finding(
                "high", rule, "", "", f"the workbook has {text}", "Break the links; keep what is needed as values"
            )
    for sheet in package.sheets:
        if sheet.state != "visible":
            yield Finding("high", "STR-07", sheet.name, "", f"the sheet is {sheet.state}", "Show it")
        if sheet.hidden_rows:
            rows = ", ".join(map(str, sheet.hidden_rows[:5]))
            yield Finding("medium", "STR-08", sheet.name, f"rows {rows}", "rows are hidden", "Show or group them")
        if sheet.hidden_columns:
            columns = ", ".join(map(str, sheet.hidden_columns[:5]))
            yield Finding(
                "medium", "STR-08", sheet.name, f"columns {columns}", "columns are hidden", "Show or group them"
            )
        if re.fullmatch(r"(Sheet|Tabelle|Feuil)\d+", sheet.name):
            yield Finding("low", "STR-11", sheet.name, "", "the sheet's name says nothing", "Name it by what it holds")
        for name, text in sheet.drawings:
            if not text:
                yield Finding("low", "ACC-01", sheet.name, name, "no alternative text", "Describe the chart or picture")
    for (_, name), text in package.names.items():
        if "#REF!" in text:
            yield Finding("critical", "NAM-01", "", name, f"the name points at {text}", "Point it at the right cell")
    if package.calculation.get("calcMode") == "manual":
        yield Finding("high", "CAL-01", "", "", "calculation is manual", "Make it automatic")
    if package.calculation.get("iterate") in ("1", "true"):
        yield Finding("high", "CAL-01", "", "", "iteration hides circles", "Switch it off")


class _Groups:
    """The cells of each finding; beyond MOST_ALIKE findings of a rule on a sheet the others are one."""

    def __init__(self) -> None:
        self.cells: dict[Key, list[str]] = {}
        self.kinds: Counter[tuple[str, str]] = Counter()

    def add(self, key: Key, at: str) -> None:
        """Add a cell to a finding."""
        if key not in self.cells:
            severity, rule, sheet, _, fix = key
            self.kinds[rule, sheet] += 1
            if self.kinds[rule, sheet] > MOST_ALIKE:
                key = (severity, rule, sheet, "much as in the other findings of this rule", fix)
        self.cells.setdefault(key, []).append(at)


def _formula_rules(package: Package) -> Iterator[Finding]:
    groups, late = _Groups(), None
    try:
        _look_at_formulas(package, groups)
    except IncompleteError as error:
        late = error
    for (severity, rule, title, message, fix), cells in groups.cells.items():
        yield Finding(severity, rule, title, group(cells), message, fix, tuple(cells))
    if late:
        raise late


def _look_at_formulas(package: Package, groups: _Groups) -> None:
    names = {n.lower() for _, n in package.names} | {"true", "false"}
    titles = {s.name.lower() for s in package.sheets}
    for sheet, cell in formula_cells(package):
        found, title = tokens(cell.formula or ""), sheet.name
        at = address(cell.row, cell.column)
        for severity, rule, test, fix in CELL_RULES:
            message = test(found, cell)
            if message:
                groups.add((severity, rule, title, message, fix), at)
        for t in found:
            if t.kind == "ref" and t.sheet and t.sheet.lower() not in titles:
                outside = "[" in t.sheet
                rule = "STR-05" if outside else "FOR-01"
                what = "another workbook" if outside else f"the sheet {t.sheet!r}, which is not there"
                groups.add(("critical", rule, title, f"refers to {what}", "Point it at the right cell"), at)
            unknown = t.kind == "name" and not set("![") & set(t.text) and t.text.lower() not in names
            if unknown and not t.text.lower().startswith("_xl"):
                groups.add(("critical", "NAM-01", title, f"the name {t.text} is not defined", "Define it"), at)
        if cell.value is None:
            message = "no stored value: previews and readers show nothing"
            groups.add(("high", "VAL-02", title, message, "Calculate and save"), at)


def _value_rules(package: Package) -> Iterator[Finding]:
    for sheet in package.sheets:
        yield from _values_of(sheet)


def _values_of(sheet: Sheet) -> Iterator[Finding]:
    errors = [address(c.row, c.column) for c in sheet.cells.values() if c.kind == "e"]
    if errors:
        yield Finding(
            "critical", "VAL-01", sheet.name, group(errors), "error values", "Find the first and mend it", tuple(errors)
        )
    texts = [
        address(c.row, c.column)
        for c in sheet.cells.values()
        if c.formula is None
        and isinstance(c.value, str)
        and re.fullmatch(r"-?\d{1,3}(,\d{3})*(\.\d+)?%?|-?\d+\.\d+", c.value.strip())
    ]
    if texts:
        yield Finding(
            "medium",
            "INP-04",
            sheet.name,
            group(texts),
            "numbers stored as text",
            "Turn them into numbers",
            tuple(texts),
        )


def _circles(package: Package) -> Iterator[Finding]:
    """Yield a finding where formulas depend on themselves, by single cells and small areas."""
    sheets = {s.name.lower(): s for s in package.sheets}
    state: dict[Node, int] = {}
    for sheet, cell in formula_cells(package):
        start = (sheet.name.lower(), cell.row, cell.column)
        stack: list[tuple[Node, Iterator[Node]]] = [(start, _reached(sheets, start))] if start not in state else []
        state.setdefault(start, 1)
        while stack:
            node, below = stack[-1]
            for nxt in below:
                if state.get(nxt) == 1:
                    at = address(nxt[1], nxt[2])
                    yield Finding("critical", "CAL-02", nxt[0], at, "a circle of references", "Break the circle")
                    return
                if nxt not in state:
                    state[nxt] = 1
                    stack.append((nxt, _reached(sheets, nxt)))
                    break
            else:
                state[node] = 2
                stack.pop()


def _reached(sheets: Mapping[str, Sheet], node: Node) -> Iterator[Node]:
    """Yield the formulas that a formula reads, large areas left out."""
    title, row, column = node
    home = sheets[title].cells.get((row, column))
    for t in tokens((home.formula if home else "") or ""):
        found = area(t, title) if t.kind == "ref" else None
        there = sheets.get(found.sheet.lower()) if found else None
        if not found or not there or (found.bottom - found.top + 1) * (found.right - found.left + 1) > 400:
            continue
        for r in range(found.top, found.bottom + 1):
            for c in range(found.left, found.right + 1):
                cell = there.cells.get((r, c))
                if cell is not None and cell.formula is not None:
                    yield found.sheet.lower(), r, c


RULES: dict[str, Callable[[Package], Iterator[Finding]]] = {
    "what the file holds besides cells": _package_rules,
    "rules about formulas": _formula_rules,
    "rules about values": _value_rules,
    "rules about inputs": input_rules,
    "rules about ranges": range_rules,
    "circles": _circles,
    "rules about layout": layout_rules,
}
FEW_STEPS = (_package_rules, _value_rules)  # whatever the number of formulas
