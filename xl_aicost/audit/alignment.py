"""Which row of an old sheet is which row of a new one, so that an inserted row is one difference and not a thousand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from xl_aicost.xlsx.references import in_references, skeleton, tokens
from xl_aicost.xlsx.sheet import Sheet

Keys: TypeAlias = Sequence[Hashable]
Pair: TypeAlias = tuple[int, int]
TIMES = 3  # that what lies between pairs is paired in the same way


def row_keys(sheet: Sheet) -> dict[int, str]:
    """Return what each row is known by: its texts, or else its formulas without what they refer to."""
    texts: dict[int, list[str]] = defaultdict(list)
    formulas: dict[int, set[str]] = defaultdict(set)
    for cell in sheet.cells.values():
        if cell.formula is not None:
            formulas[cell.row].add(skeleton(cell.formula))
        elif isinstance(cell.value, str):
            texts[cell.row].append(cell.value[:80])
        elif cell.value is not None:
            formulas[cell.row].add("0")
    return {row: "|".join(texts.get(row) or sorted(formulas[row])) for row in sorted(texts.keys() | formulas.keys())}


def aligned(old: Sheet, new: Sheet) -> dict[int, int]:
    """Return the new row of each old row that has one."""
    before, after = row_keys(old), row_keys(new)
    first, second = list(before), list(after)
    return {first[i]: second[j] for i, j in pairs(list(before.values()), list(after.values()))}


def pairs(old: Keys, new: Keys) -> list[Pair]:
    """Return which place of a list is which place of another, in order; as many changed places pair off as they stand.

    Keys that stand once in both lists come first, then what lies between them. The work grows with the lists, never
    with their product.

    >>> pairs("abcd", "abXcd")
    [(0, 0), (1, 1), (2, 3), (3, 4)]
    >>> pairs("abcd", "aXcd")
    [(0, 0), (1, 1), (2, 2), (3, 3)]
    """
    return sorted(_pairs(old, new, 0, 0, TIMES))


def _pairs(old: Keys, new: Keys, i: int, j: int, times: int) -> Iterator[Pair]:
    """Yield the pairs of two stretches that begin at places i and j."""
    least = min(len(old), len(new))
    head = next((k for k in range(least) if old[k] != new[k]), least)
    tail = next((k for k in range(least - head) if old[-1 - k] != new[-1 - k]), least - head)
    yield from ((i + k, j + k) for k in range(head))
    yield from ((i + len(old) - 1 - k, j + len(new) - 1 - k) for k in range(tail))
    old, new, i, j = old[head : len(old) - tail], new[head : len(new) - tail], i + head, j + head
    anchors = _anchors(old, new, times) if old and new else []
    yield from ((i + a, j + b) for a, b in anchors)
    if anchors:
        for (a, b), (c, d) in pairwise([(-1, -1), *anchors, (len(old), len(new))]):
            yield from _pairs(old[a + 1 : c], new[b + 1 : d], i + a + 1, j + b + 1, times - 1)
    elif len(old) == len(new):
        yield from ((i + k, j + k) for k in range(len(old)))


def _anchors(old: Keys, new: Keys, times: int) -> list[Pair]:
    """Return pairs of equal keys in order: of keys that stand once in both lists, else of the first, second and so on."""
    anchors = _of_single_keys(old, new) if times > 0 else []
    return anchors or (_of_single_keys(_numbered(old), _numbered(new)) if times >= 0 else [])


def _of_single_keys(old: Keys, new: Keys) -> list[Pair]:
    single = [{k for k, n in Counter(keys).items() if n == 1} for keys in (old, new)]
    places = {k: j for j, k in enumerate(new) if k in single[0] and k in single[1]}
    return _longest_rising([(i, places[k]) for i, k in enumerate(old) if k in places])


def _numbered(keys: Keys) -> Keys:
    seen: Counter[Hashable] = Counter()
    result = []
    for key in keys:
        result.append((key, seen[key]))
        seen[key] += 1
    return result


def _longest_rising(candidates: list[Pair]) -> list[Pair]:
    """Return the longest part of some pairs, ordered by their first places, in which the second places rise as well."""
    ends: list[int] = []  # for each length of a rising part, the least second place it can end in
    last: list[int] = []  # and the number of the pair that it ends with
    before: list[int] = []  # for each pair, the one before it
    for number, (_, place) in enumerate(candidates):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(place)
            last.append(number)
        else:
            ends[length], last[length] = place, number
    result, number = [], last[-1] if last else -1
    while number >= 0:
        result.append(candidates[number])
        number = before[number]
    return result[::-1]


def carried(formula: str, home: str, rows: Mapping[str, Mapping[int, int]]) -> str:
    """Return an old formula as it reads once its rows have moved to where they are in the new file."""
    return "".join(in_references(t, _to(rows.get(t.sheet or home, {}))) for t in tokens(formula))


def _to(rows: Mapping[int, int]) -> Callable[[re.Match[str]], str]:
    return lambda m: f"{m[1]}{m[2]}{m[3]}{rows.get(int(m[4]), int(m[4]))}"
