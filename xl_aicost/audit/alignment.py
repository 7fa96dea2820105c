"""Which row of an old sheet is which row of a new one, so that an inserted row is one difference and not a thousand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from difflib import SequenceMatcher

from xl_aicost.xlsx.package import Sheet
from xl_aicost.xlsx.references import in_references, tokens

MOST_ROWS = 3_000  # rows that differ, beyond which rows are taken as they stand


def rows_of(sheet: Sheet) -> dict[int, str]:
    """Return what each row is known by: its texts, or else the shape of its formulas."""
    texts: dict[int, list[str]] = defaultdict(list)
    shapes: dict[int, set[str]] = defaultdict(set)
    for cell in sheet.each():
        if cell.formula is not None:
            shapes[cell.row].add("".join("#" if t.kind == "ref" else t.text for t in tokens(cell.formula)))
        elif isinstance(cell.value, str):
            texts[cell.row].append(cell.value[:80])
        elif cell.value is not None:
            shapes[cell.row].add("0")
    return {row: "|".join(texts.get(row) or sorted(shapes[row])) for row in sorted(texts.keys() | shapes.keys())}


def aligned(old: Sheet, new: Sheet) -> dict[int, int]:
    """Return the new row of each old row that has one."""
    before, after = rows_of(old), rows_of(new)
    first, second = list(before), list(after)
    if before == after:
        return dict(zip(first, first, strict=True))
    head = 0
    while head < min(len(first), len(second)) and before[first[head]] == after[second[head]]:
        head += 1
    tail = 0
    while tail < min(len(first), len(second)) - head and before[first[-1 - tail]] == after[second[-1 - tail]]:
        tail += 1
    found = dict(zip(first[:head], second[:head], strict=True))
    found |= dict(zip(first[len(first) - tail :], second[len(second) - tail :], strict=True))
    left, right = first[head : len(first) - tail], second[head : len(second) - tail]
    if max(len(left), len(right)) > MOST_ROWS:
        return found | {r: r for r in left if r in after}
    matcher = SequenceMatcher(None, [before[r] for r in left], [after[r] for r in right], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal" or (kind == "replace" and b - a == d - c):
            found |= dict(zip(left[a:b], right[c:d], strict=True))
    return found


def carried(formula: str, home: str, rows: Mapping[str, Mapping[int, int]]) -> str:
    """Return an old formula as it reads once its rows have moved to where they are in the new file."""
    return "".join(in_references(t, _to(rows.get(t.sheet or home, {}))) for t in tokens(formula))


def _to(rows: Mapping[int, int]) -> Callable[[re.Match[str]], str]:
    return lambda m: f"{m[1]}{m[2]}{m[3]}{rows.get(int(m[4]), int(m[4]))}"
