"""What can go wrong, in words that name the input, the value and what would be accepted."""

import difflib
from collections.abc import Iterable

SHOWN = 60  # characters of a wrong name that a message repeats


class AicostError(Exception):
    """Base of all errors that a user can put right."""


class UnknownNameError(AicostError):
    """A name that is not in a list; the message suggests the nearest."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        near = difflib.get_close_matches(name[:SHOWN].lower(), [k.lower() for k in known], n=3, cutoff=0.5)
        by_lower = {k.lower(): k for k in known}
        hint = f"did you mean {' or '.join(by_lower[n] for n in near)}?" if near else f"see `{_where(kind)}`"
        shown = name if len(name) <= SHOWN else f"{name[:SHOWN]}..."
        super().__init__(f"unknown {kind} {shown!r}: {hint}")


class InputError(AicostError):
    """A value that an input does not take."""


class DataError(AicostError):
    """A row of a data file that cannot be used; the message names file, row and column."""


def _where(kind: str) -> str:
    lists = {"line": "lines", "input": "assumptions", "company": "companies", "scenario": "eval --help"}
    return f"xl-aicost list {lists[kind]}" if kind != "scenario" and kind in lists else "xl-aicost --help"
