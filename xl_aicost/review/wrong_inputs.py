"""Cells of inputs that hold no value which the input can take: blank where one is needed, a text, a date, half a choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from openpyxl.styles.numbers import is_date_format

from xl_aicost.assumptions import Assumption
from xl_aicost.assumptions.loader import NOT_AVAILABLE, UNPUBLISHED
from xl_aicost.xlsx.package import Style
from xl_aicost.xlsx.sheet import Cell


class WrongInput(NamedTuple):
    """An input, the head of the column, the cell, and why its content is not a value."""

    id: str
    scenario: str
    cell: str
    problem: str

    @property
    def text(self) -> str:
        """All but the cell in words."""
        return f"{self.id}, {self.scenario}: {self.problem}" if self.scenario else f"{self.id}: {self.problem}"


def is_missing(cell: Cell | None) -> bool:
    """Return whether a cell says that a company's figure is not on file."""
    return cell is not None and cell.formula is None and cell.value == NOT_AVAILABLE


def problem_of(item: Assumption, cell: Cell | None, style: Style | None, *, needed: bool) -> str:
    """Return in words why a cell holds no value of an input, or ""; where one is needed, it may not be blank."""
    if cell is None or (cell.formula is None and cell.value is None):
        return "is blank, and a blank is no number" if needed else ""
    if item.id in UNPUBLISHED and is_missing(cell):
        return ""
    if cell.formula is not None:
        return f"a formula stands where a number belongs (={cell.formula[:60]})"
    if isinstance(cell.value, bool) or not isinstance(cell.value, int | float):
        blank = isinstance(cell.value, str) and not cell.value.strip()
        return f"{'a blank text' if blank else repr(cell.value)} is not a number"
    if cell.kind == "d" or (style is not None and is_date_format(style.number_format)):
        return "a date is not a number"
    if item.unit == "choice" and cell.value != round(cell.value):
        return f"{cell.value:.15g} is no choice: it takes whole numbers, {item.min:.15g} to {item.max:.15g}"
    return ""


class ChoiceCell(NamedTuple):
    """The cell of a choice: its value as built, where it is now, and the cell."""

    built: object
    at: str
    cell: Cell | None


def wrong_choices(cells: Mapping[str, ChoiceCell], scenarios: Sequence[str]) -> Iterator[WrongInput]:
    """Yield the choices that are blank, and a scenario that there is not, with which nothing has a result."""
    for name, (built, at, cell) in cells.items():
        value = cell.value if cell else None
        if cell is not None and cell.formula is not None:
            continue  # which `choices` refuses
        if value is None and built is not None:
            yield WrongInput(name, "", at, "is blank, and a blank is no choice")
        elif name == "scenario" and str(value).lower() not in (n.lower() for n in scenarios):
            yield WrongInput(name, "", at, f"{value!r} is none of {', '.join(scenarios)}")
