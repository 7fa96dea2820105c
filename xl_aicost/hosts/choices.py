"""The words that a text argument takes, for drop-downs in Excel and in the task pane."""

from __future__ import annotations

from functools import cache

from xl_aicost.assumptions import load_assumptions, load_chips, load_facts, load_scenarios
from xl_aicost.assumptions.figures import NAMES
from xl_aicost.assumptions.scenarios import ENDS
from xl_aicost.case import model
from xl_aicost.catalogue.functions import Argument, Function

ONE_VALUE = ("AI_SIMULATE", "AI_TORNADO", "AI_BOUNDS")  # they take lines of one value, not those over time


@cache
def _words() -> dict[str, tuple[str, ...]]:
    return {
        "company": tuple(NAMES),
        "measure": tuple(sorted({fact.measure for fact in load_facts()})),
        "scenario": (*load_scenarios(), *ENDS, *load_chips()),
        "id": tuple(load_assumptions()),
        "line": tuple(model().lines),
        "chip": tuple(load_chips()),
    }


def choices(function: Function, argument: Argument) -> tuple[str, ...]:
    """Return the words to choose from; none for an argument that takes numbers.

    >>> from xl_aicost.catalogue.functions import CATALOGUE
    >>> figure = CATALOGUE["AI_COMPANY"]
    >>> "META" in choices(figure, figure.arguments[0])
    True
    """
    words = _words()[argument.name] if argument.text else ()
    if function.name == "AI_GET" and argument.name == "line":
        words += _words()["id"]
    return tuple(w for w in words if w not in model().series) if function.name in ONE_VALUE else words
