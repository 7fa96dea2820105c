"""The rows of a sheet as XML, each formula with its value; cells that differ from case to case are left open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.support.excel_errors import FILE_ERRORS
from xl_aicost.xlsx.text import xml_text

Key = tuple[int, int]


MARK = re.compile("\ue000(\\w+)\ue001")


def mark_of(text: str) -> str:
    """Return what stands for a text of `Constants` in what openpyxl writes."""
    return f"\ue000{text}\ue001"


@dataclass(frozen=True)
class NumberPlace:
    """The place of a formula's number within its cell."""

    sheet: str
    key: Key


@dataclass(frozen=True)
class CellPlace:
    """The place of a whole cell."""

    sheet: str
    key: Key
    at: str
    style: str
    formula: str | None


@dataclass(frozen=True)
class TextPlace:
    """The place of a text within a part: what a formula comes to, or a text of `Constants` by its name."""

    sheet: str
    key: Any


class Varying(list[Any]):
    """What stands in a cell in each case, and the style of each where they differ."""

    def __init__(self, values: Sequence[Any], styles: Sequence[Any] | None = None) -> None:
        super().__init__(values)
        self.styles = styles


@dataclass
class Constants:
    """What differs from case to case though no formula says so: cells by sheet, and texts of the file's properties."""

    cells: dict[str, dict[Key, Any]] = field(default_factory=dict)  # Varying, or an array of numbers
    texts: dict[str, Sequence[str]] = field(default_factory=dict)


class Styles:
    """The style attribute of cells; cells of one look share their record, so each is looked up once."""

    def __init__(self, wb: Any) -> None:
        self.wb = wb
        self._known: dict[int, tuple[Any, str]] = {}  # the record is held too, so that its id stays its own

    def number(self, records: Iterable[Any]) -> None:
        """Number some styles first, so that their numbers do not depend on which cell shows which."""
        for record in records:
            self.of(record)

    def of(self, record: Any) -> str:
        """Return the attribute, with a space before it, or nothing for the default style."""
        found = self._known.get(id(record))
        if found is None:
            text = f' s="{self.wb._cell_styles.add(record)}"' if record is not None and any(record) else ""
            found = self._known[id(record)] = (record, text)
        return found[1]


def number_text(value: float) -> str:
    """Return a computed number with the 15 digits that Excel keeps."""
    return f"{value + 0.0:.15g}"


def number_repr(value: float) -> str:
    """Return a given number with all its digits."""
    return repr(float(value)).removesuffix(".0")


def cell_xml(at: str, style: str, value: Any, formula: str | None = None, array: bool = False) -> str:
    """Return a cell; a formula is given without its sign, and `array` marks one that calls a LAMBDA name."""
    head = f'<c r="{at}"{style}'
    if formula is not None:
        kind, text = _stored(value)
        mark, call = (' cm="1"', f'<f t="array" ref="{at}">') if array else ("", "<f>")
        return f"{head}{mark}{kind}>{call}{xml_text(formula)}</f>{text}</c>"
    if value is None or value == "":
        return f"{head}/>"  # without a type: IronCalc takes a number without digits for a 0
    if isinstance(value, str):
        space = ' xml:space="preserve"' if value != value.strip() or not value.isprintable() else ""
        return f'{head} t="inlineStr"><is><t{space}>{xml_text(value)}</t></is></c>'
    if isinstance(value, bool):
        return f'{head} t="b"><v>{value:d}</v></c>'
    return f"{head}><v>{value if isinstance(value, int) else number_repr(value)}</v></c>"


def _stored(value: Any) -> tuple[str, str]:
    """Return the type attribute and the element that a formula's value is stored with."""
    if value is None:
        return "", "<v/>"
    if isinstance(value, bool | np.bool_):
        return ' t="b"', f"<v>{int(value)}</v>"
    if isinstance(value, str):
        return (' t="e"' if value in FILE_ERRORS else ' t="str"'), f"<v>{xml_text(value)}</v>"
    return "", f"<v>{number_text(value)}</v>"


def rows_of(
    ws: Worksheet,
    values: Mapping[Key, Any],
    constants: Mapping[Key, Any],
    styles: Styles,
    lambdas: re.Pattern[str] | None,
) -> list[Any]:
    """Return the rows of a sheet as texts, and places for cells whose value is an array, one item a case."""
    found: list[Any] = []
    letters = ["", *map(get_column_letter, range(1, ws.max_column + 1))]
    by_row: dict[int, list[Cell]] = {row: [] for row in ws.row_dimensions}
    for (row, _), cell in sorted(ws._cells.items()):
        by_row.setdefault(row, []).append(cell)
    for row, cells in sorted(by_row.items()):
        look = "".join(f' {k}="{v}"' for k, v in ws.row_dimensions[row]) if row in ws.row_dimensions else ""
        found.append(f'<row r="{row}"{look}>')
        for cell in cells:
            key, at, style = (row, cell.column), f"{letters[cell.column]}{row}", styles.of(cell._style)
            if getattr(cell, "_hyperlink", None):  # a merged cell has none
                ws._hyperlinks.append(cell._hyperlink)
            if cell.data_type != "f":
                constant = key not in constants
                found.append(
                    cell_xml(at, style, cell._value) if constant else CellPlace(ws.title, key, at, style, None)
                )
                continue
            formula, value = cell._value[1:], values.get(key)
            if lambdas and lambdas.search(formula):
                found.append(cell_xml(at, style, value, formula, array=True))
            elif type(value) is float:
                found.append(f'<c r="{at}"{style}><f>{xml_text(formula)}</f><v>{value + 0.0:.15g}</v></c>')
            elif isinstance(value, np.ndarray) and value.dtype == float:
                head = f'<c r="{at}"{style}><f>{xml_text(formula)}</f><v>'
                found += [head, NumberPlace(ws.title, key), "</v></c>"]
            elif isinstance(value, np.ndarray):
                found.append(CellPlace(ws.title, key, at, style, formula))
            else:
                found.append(cell_xml(at, style, value, formula))
        found.append("</row>")
    return found


class Columns:
    """What stands in places in each case, as text; numbers that stand in many places are spelled once."""

    def __init__(self, values: Mapping[str, Mapping[Key, Any]], constants: Constants, styles: Styles) -> None:
        self.values, self.constants, self.styles = values, constants, styles
        self._spelled: dict[Any, list[str]] = {}

    def of(self, place: Any) -> list[str] | None:
        """Return the texts of a place; None where a number's place is to hold something else."""
        if isinstance(place, TextPlace):
            if not place.sheet:  # of the file's properties, which know no _x0007_
                return [escape(t) for t in self.constants.texts[place.key]]
            return [xml_text(str(v)) for v in self.values[place.sheet][place.key].tolist()]
        if isinstance(place, NumberPlace):
            found = self.values[place.sheet][place.key]
            return self._numbers(found, number_text) if found.dtype == float else None
        if place.formula is not None:
            found = self.values[place.sheet][place.key].tolist()
            return [cell_xml(place.at, place.style, v, place.formula) for v in found]
        given = self.constants.cells[place.sheet][place.key]
        if isinstance(given, np.ndarray):
            head = f'<c r="{place.at}"{place.style}><v>'
            return [f"{head}{text}</v></c>" for text in self._numbers(given, number_repr)]
        looks = [self.styles.of(s) for s in given.styles] if given.styles else [place.style] * len(given)
        return [cell_xml(place.at, look, v) for look, v in zip(looks, given, strict=True)]

    def _numbers(self, values: Any, spell: Callable[[float], str]) -> list[str]:
        key = spell, values.tobytes()
        if key not in self._spelled:
            self._spelled[key] = [spell(v) for v in values.tolist()]
        return self._spelled[key]
