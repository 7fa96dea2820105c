"""Hardware by generation: what a chip sets, each value with its date and source.

>>> load_chips()["gb300"].title, load_chips()["gb300"].values["gpus_per_rack"]
('GB300 NVL72', 72.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from xl_aicost.assumptions.loader import HERE, load_assumptions, load_sources
from xl_aicost.assumptions.scenarios import Setting
from xl_aicost.assumptions.table import read_table
from xl_aicost.errors import UnknownNameError

COLUMNS = ("chip", "title", "id", "value", "date", "source", "note")


@dataclass(frozen=True)
class Chip:
    """A generation of hardware: its name for arguments, its title for readers, and what it sets."""

    id: str
    title: str
    settings: tuple[Setting, ...]

    @property
    def values(self) -> dict[str, float]:
        """The value of each input that the chip sets."""
        return {s.id: s.value for s in self.settings}


def find_chip(text: str) -> Chip:
    """Return the chip of a name or a title, as gb300 or GB300 NVL72. Raises UnknownNameError for one not on file.

    >>> find_chip("GB300 NVL72").id
    'gb300'
    """
    if not is_chip(text):
        raise UnknownNameError("chip", text, load_chips())
    return load_chips()[_name(text)]


def is_chip(text: str) -> bool:
    """Return whether a text is the name or the title of a chip."""
    return _name(text) in load_chips()


def _name(text: str) -> str:
    return text.strip().lower().partition(" ")[0]


@cache
def load_chips() -> dict[str, Chip]:
    """Return the chips by name. Raises DataError, which names file, row and column, for what cannot be used."""
    inputs, by_chip, titles = load_assumptions(), dict[str, list[Setting]](), dict[str, str]()
    for row in read_table(HERE / "chips.csv", COLUMNS):
        chip, name, source, value = row.text("chip"), row.text("id"), row.text("source"), row.number_in("value")
        if name not in inputs:
            raise row.error("id", f"{name!r} is not an input of the model")
        if source not in load_sources():
            raise row.error("source", f"{source!r} is not in sources.csv")
        if not inputs[name].min <= value <= inputs[name].max:
            limits = f"{inputs[name].min:.15g} to {inputs[name].max:.15g}"
            raise row.error("value", f"{value:.15g} is outside the limits, {limits}")
        note = "; ".join(filter(None, (row.text("date"), row.text("note", needed=False))))
        titles.setdefault(chip, row.text("title"))
        by_chip.setdefault(chip, []).append(Setting(name, value, source, note))
    return {chip: Chip(chip, titles[chip], tuple(settings)) for chip, settings in by_chip.items()}
