"""Scenarios: coherent stories, each with what it sets, why and from which source.

The low and the high of an input are the ends of its range. Together they are no story: what is cheap in one input goes
with what is dear in another.

>>> stories = load_scenarios()
>>> stories["short-life"].title, stories["short-life"].values
('Short life', {'useful_life': 3.0})
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from xl_aicost.assumptions.loader import HERE, ONE_DRIVER, load_assumptions, source_in
from xl_aicost.assumptions.table import TableRow, by_id, read_table

BASE = "base"
ENDS = {
    "low": "low sets every input to the low end of its range",
    "high": "high sets every input to the high end of its range",
}
NO_STORY = (
    "a test of the ranges, no scenario and no bound. bounds(line) and AI_BOUNDS give the lowest and the highest value"
)


@dataclass(frozen=True)
class Setting:
    """A value that a scenario gives to an input, with its source and the reason."""

    id: str
    value: float
    source: str
    note: str


@dataclass(frozen=True)
class Story:
    """A scenario: its name for arguments, its title for readers, what is different in a line, and what it sets."""

    id: str
    title: str
    difference: str
    settings: tuple[Setting, ...]

    @property
    def values(self) -> dict[str, float]:
        """The value of each input that the scenario sets."""
        return {s.id: s.value for s in self.settings}


@cache
def load_scenarios() -> dict[str, Story]:
    """Return the scenarios by name, base first. Raises DataError, which names file, row and column, for wrong rows."""
    settings: dict[str, list[Setting]] = {}
    for row in read_table(HERE / "scenario_settings.csv", ("scenario", "id", "value", "source", "note")):
        setting, others = setting_in(row), settings.setdefault(row.text("scenario"), [])
        if any(setting.id == o.id for o in others):
            raise row.error("id", f"{setting.id!r} appears twice in the scenario")
        others.append(setting)
    rows = list(read_table(HERE / "scenarios.csv", ("id", "title", "difference")))
    stories = by_id(rows, lambda row: _story(row, settings))
    if missing := [name for name in settings if name not in stories]:
        raise rows[-1].error("id", f"scenario_settings.csv sets {', '.join(missing)}, which this file does not have")
    return stories


def _story(row: TableRow, settings: Mapping[str, list[Setting]]) -> Story:
    name = row.text("id")
    story = Story(name, row.text("title"), row.text("difference"), tuple(settings.get(name, ())))
    for inputs in ONE_DRIVER:
        if len({story.values.get(i) for i in inputs}) > 1:
            raise row.error("id", f"{name} sets only some of the inputs that move together: {', '.join(inputs)}")
    return story


def setting_in(row: TableRow) -> Setting:
    """Return the value that a row gives to an input, or raise DataError."""
    name, source, value = row.text("id"), source_in(row), row.number_in("value")
    item = load_assumptions().get(name)
    if item is None:
        raise row.error("id", f"{name!r} is not an input of the model")
    if not item.min <= value <= item.max:
        raise row.error("value", f"{value:.15g} is outside the limits, {item.min:.15g} to {item.max:.15g}")
    note = (row.text("date") if "date" in row.cells else "", row.text("note", needed=False))
    return Setting(name, value, source, "; ".join(filter(None, note)))
