"""Hardware by generation: what a chip sets, each value with its date and source.

>>> load_chips()["gb300"].title, load_chips()["gb300"].values["gpus_per_rack"]
('GB300 NVL72', 72.0)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from xl_aicost.assumptions.loader import HERE
from xl_aicost.assumptions.scenarios import Setting, setting_in
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
    by_chip, titles = dict[str, list[Setting]](), dict[str, str]()
    for row in read_table(HERE / "chips.csv", COLUMNS):
        titles.setdefault(row.text("chip"), row.text("title"))
        by_chip.setdefault(row.text("chip"), []).append(setting_in(row))
    return {chip: Chip(chip, titles[chip], tuple(settings)) for chip, settings in by_chip.items()}
