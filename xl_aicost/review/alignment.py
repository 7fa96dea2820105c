"""Which place of an old list is which place of a new one, so that an inserted row is one difference and not a thousand."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

Keys: TypeAlias = Sequence[Hashable]
Pair: TypeAlias = tuple[int, int]
TIMES = 3  # that what lies between pairs is paired in the same way


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
    """Return pairs of equal keys in order: of keys that stand once in both lists, else of the first, second and so on.

    Lists of one length without such keys were edited and not moved: they pair off as they stand.
    """
    anchors = _of_single_keys(old, new) if times > 0 else []
    if anchors or times < 0 or len(old) == len(new):
        return anchors
    return _of_single_keys(_numbered(old), _numbered(new))


def _of_single_keys(old: Keys, new: Keys) -> list[Pair]:
    single = [{k for k, n in Counter(keys).items() if n == 1} for keys in (old, new)]
    places = {k: j for j, k in enumerate(new) if k in single[0] and k in single[1]}
    return longest_rising([(i, places[k]) for i, k in enumerate(old) if k in places])


def _numbered(keys: Keys) -> Keys:
    seen: Counter[Hashable] = Counter()
    result = []
    for key in keys:
        result.append((key, seen[key]))
        seen[key] += 1
    return result


def longest_rising(candidates: list[Pair]) -> list[Pair]:
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
