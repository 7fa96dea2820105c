"""What can go wrong, in words that name the input, the value and what would be accepted.

>>> str(UnknownNameError("company", "MTEA", ["META", "ORCL"]))
"unknown company 'MTEA': did you mean META?"
"""

import difflib
from collections.abc import Iterable, Mapping

SHOWN = 60  # characters of a wrong name that a message repeats
LISTS = {"line": "lines", "input": "assumptions", "function": "functions"}  # too long for a message


class AicostError(Exception):
    """Base of all errors that a user can put right."""


class UnknownNameError(AicostError):
    """A name that is not in a list; the message suggests the nearest, or says what there is.

    `successors` has names that are no longer used, each with what to use instead.
    """

    def __init__(self, kind: str, name: str, names: Iterable[str], successors: Mapping[str, str] = {}) -> None:
        by_lower: dict[str, str] = {}
        for one in names:
            by_lower.setdefault(one.lower(), one)
        near = difflib.get_close_matches(name[:SHOWN].lower(), by_lower, n=3, cutoff=0.5)
        if name in successors:
            hint = f"no longer used; see {successors[name]}"
        elif near:
            hint = f"did you mean {' or '.join(by_lower[n] for n in near)}?"
        elif kind in LISTS:
            hint = f"see `xl-aicost list {LISTS[kind]}`"
        else:
            hint = f"use one of {', '.join(by_lower.values())}"
        shown = name if len(name) <= SHOWN else f"{name[:SHOWN]}..."
        super().__init__(f"unknown {kind} {shown!r}: {hint}")


class InputError(AicostError):
    """A value that an input does not take."""


class IncompleteError(AicostError):
    """A file, or a part of it, that was not read or not checked because it is past a limit; the message names both."""


class DataError(AicostError):
    """A row of a data file that cannot be used; the message names file, row and column."""
