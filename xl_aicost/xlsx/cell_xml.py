"""The rows of a sheet as XML, each formula with its value; cells whose value differs in a batch become placeholders.

>>> texts = Texts()
>>> cell_xml("B2", "", 42.0, "B1*2"), cell_xml("B3", ' s="4"', "a & b", text=texts.place("a & b")), texts.items
('<c r="B2"><f>B1*2</f><v>42</v></c>', '<c r="B3" s="4" t="s"><v>1</v></c>', ['n/a', 'a & b'])
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from openpyxl import Workbook
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.support.excel_errors import FILE_ERRORS
from xl_aicost.support.values import Array, CellValue
from xl_aicost.xlsx.text import escape, xml_text

Key: TypeAlias = tuple[int, int]  # row and column
MARK = re.compile("\ue000(\\w+)\ue001")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MISSING = "n/a"


def mark_of(name: str) -> str:
    """Return the mark that openpyxl writes where a placeholder is to stand."""
    return f"\ue000{name}\ue001"


@dataclass(frozen=True)
class NumberPlaceholder:
    """For the number within the cell of a formula."""

    sheet: str
    key: Key


@dataclass(frozen=True)
class CellPlaceholder:
    """For a whole cell: one of a formula whose value may be no number, or of a constant."""

    sheet: str
    key: Key
    at: str
    style: str
    formula: str | None
    text: int | None = None  # where its texts stand among those of the workbook


@dataclass(frozen=True)
class SharedPlaceholder:
    """For the text of a constant cell, among the texts of the workbook."""

    sheet: str
    key: Key


@dataclass(frozen=True)
class TextPlaceholder:
    """For the value of a formula within a part other than the sheet."""

    sheet: str
    key: Key


@dataclass(frozen=True)
class PropertyPlaceholder:
    """For a text of the file's properties, by its name in `BatchConstants`."""

    name: str


@dataclass(frozen=True)
class PointPlaceholder:
    """For a constant that a chart shows: the point at a place, or nothing where the cell is empty."""

    sheet: str
    key: Key
    point: str = ""


Placeholder: TypeAlias = (
    NumberPlaceholder | CellPlaceholder | SharedPlaceholder | TextPlaceholder | PropertyPlaceholder | PointPlaceholder
)


class BatchCell(list[CellValue]):
    """The content of a constant cell in each batch row, and its style in each where the style differs too."""

    def __init__(self, values: Sequence[CellValue], styles: Sequence[StyleArray] | None = None) -> None:
        super().__init__(values)
        self.styles = styles


@dataclass
class BatchConstants:
    """What differs between the rows of a batch and is no formula: cells by sheet, and texts of the file's properties.

    `worded` are the cells, by sheet and key, whose text differs, also where a workbook is made alone: such a text is
    never shared with another cell, so that all workbooks of a batch number their texts alike.
    """

    cells: dict[str, dict[Key, BatchCell | Array]] = field(default_factory=dict)
    texts: dict[str, Sequence[str]] = field(default_factory=dict)
    worded: set[tuple[str, Key]] = field(default_factory=set)


class Texts:
    """The texts of a workbook's cells, each once, as cells refer to them by number; n/a, which any cell may hold, first."""

    def __init__(self) -> None:
        self.items: list[str | SharedPlaceholder] = [MISSING]
        self._places: dict[str, int] = {MISSING: 0}

    def place(self, text: str) -> int:
        """Return the number of a text."""
        if text not in self._places:
            self._places[text] = self.add(text)
        return self._places[text]

    def add(self, item: str | SharedPlaceholder) -> int:
        """Add a text that other cells do not share, or the placeholder of one that differs in a batch."""
        self.items.append(item)
        return len(self.items) - 1

    def xml(self) -> list[str | Placeholder]:
        """Return the part, with placeholders."""
        pieces: list[str | Placeholder] = [f'{DECLARATION}<sst xmlns="{MAIN}" uniqueCount="{len(self.items)}">']
        for item in self.items:
            pieces += [shared_xml(item)] if isinstance(item, str) else [item]
        return [*pieces, "</sst>"]


def shared_xml(text: str) -> str:
    """Return an entry of the part with a workbook's texts."""
    space = ' xml:space="preserve"' if text != text.strip() or not text.isprintable() else ""
    return f"<si><t{space}>{xml_text(text)}</t></si>"


class Styles:
    """The style attributes of cells; cells share their style records, so each is looked up once."""

    def __init__(self, wb: Workbook) -> None:
        self.wb = wb
        self.attributes: dict[int, str] = {}  # by the id of a record
        self._records: list[StyleArray] = []  # of which the ids are, so that they stay in use

    def number(self, records: Iterable[StyleArray]) -> None:
        """Number some styles first, so that their numbers do not depend on which cells have them."""
        for record in records:
            self.of(record)

    def of(self, record: StyleArray) -> str:
        """Return the attribute, with a space before it, or nothing for the default style."""
        text = self.attributes.get(id(record))
        if text is None:
            text = f' s="{self.wb._cell_styles.add(record)}"' if record is not None and any(record) else ""
            self.attributes[id(record)] = text
            self._records.append(record)
        return text


def number_text(value: float) -> str:
    """Return a calculated number with the 15 digits that Excel keeps."""
    return f"{value + 0.0:.15g}"


def number_repr(value: float) -> str:
    """Return a number that is an input with all its digits."""
    return repr(float(value)).removesuffix(".0")


def cell_xml(
    at: str, style: str, value: object, formula: str | None = None, array: bool = False, text: int | None = None
) -> str:
    """Return a cell; a formula comes without its =, `array` marks one that calls a LAMBDA name, `text` is that of `Texts`."""
    head = f'<c r="{at}"{style}'
    if formula is not None:
        mark, call = (' cm="1"', f'<f t="array" ref="{at}">') if array else ("", "<f>")
        return _with_value(f"{head}{mark}", f">{call}{xml_text(formula)}</f>", value)
    if value is None or value == "":
        return f"{head}/>"  # without a type: IronCalc takes a number without digits for a 0
    if isinstance(value, str):
        return f'{head} t="s"><v>{0 if value == MISSING else text}</v></c>'
    if isinstance(value, bool):
        return f'{head} t="b"><v>{value:d}</v></c>'
    return f"{head}><v>{value if isinstance(value, int) else number_repr(value)}</v></c>"  # type: ignore[arg-type]


def _with_value(head: str, formula: str, value: object) -> str:
    kind, stored = _stored(value)
    return f"{head}{kind}{formula}{stored}</c>"


def _stored(value: object) -> tuple[str, str]:
    """Return the type attribute and the element that a formula's value is stored with."""
    if value is None:
        return "", "<v/>"
    if isinstance(value, bool | np.bool_):
        return ' t="b"', f"<v>{int(value)}</v>"
    if isinstance(value, str):
        return (' t="e"' if value in FILE_ERRORS else ' t="str"'), f"<v>{xml_text(value)}</v>"
    if value != value:
        return ' t="e"', "<v>#N/A</v>"
    return "", f"<v>{number_text(value)}</v>"  # type: ignore[arg-type]


def keys_by_row(ws: Worksheet) -> dict[int, list[Key]]:
    """Return the cells of each row, and the rows of which only the height is set, in their order."""
    by_row: dict[int, list[Key]] = {row: [] for row in ws.row_dimensions}
    for key in sorted(ws._cells):
        by_row.setdefault(key[0], []).append(key)
    return dict(sorted(by_row.items()))


def dimension(by_row: Mapping[int, Sequence[Key]]) -> str:
    """Return the range that holds the cells of a sheet.

    >>> ws = Workbook().active
    >>> ws["C2"], ws["B7"], ws.row_dimensions[9].height = "first", "last", 30
    >>> dimension(keys_by_row(ws)), dimension({})
    ('B2:C7', 'A1:A1')
    """
    ends = [(keys[0], keys[-1]) for keys in by_row.values() if keys]
    if not ends:
        return "A1:A1"
    left, right = min(first[1] for first, _ in ends), max(last[1] for _, last in ends)
    return f"{get_column_letter(left)}{ends[0][0][0]}:{get_column_letter(right)}{ends[-1][0][0]}"


def rows_of(
    ws: Worksheet,
    by_row: Mapping[int, Sequence[Key]],
    values: Mapping[Key, object],
    constants: BatchConstants,
    styles: Styles,
    texts: Texts,
    lambdas: re.Pattern[str] | None,
) -> list[str | Placeholder]:
    """Return the rows of a sheet as texts, with placeholders for cells whose value is an array, one item a batch row.

    `by_row` are its cells, as `keys_by_row` gives them.
    """
    pieces: list[str | Placeholder] = []
    title, cells, known_styles, hyperlinks = ws.title, ws._cells, styles.attributes, ws._hyperlinks
    varying = constants.cells.get(title, {})
    worded = {key for sheet, key in constants.worded if sheet == title}
    for row, keys in by_row.items():
        attributes = "".join(f' {k}="{v}"' for k, v in ws.row_dimensions[row]) if row in ws.row_dimensions else ""
        pieces.append(f'<row r="{row}"{attributes}>')
        number = str(row)
        for key in keys:
            cell = cells[key]
            content, style = cell._value, known_styles.get(id(cell._style))
            at, style = get_column_letter(key[1]) + number, styles.of(cell._style) if style is None else style
            if getattr(cell, "_hyperlink", None):  # a merged cell has none
                hyperlinks.append(cell._hyperlink)
            if cell.data_type == "f":
                formula, value = content[1:], values.get(key)
                if lambdas and lambdas.search(formula):
                    pieces.append(cell_xml(at, style, value, formula, array=True))
                elif type(value) is float:
                    pieces.append(f'<c r="{at}"{style}><f>{xml_text(formula)}</f><v>{value + 0.0:.15g}</v></c>')
                elif isinstance(value, np.ndarray) and value.dtype == float and not np.isnan(value).any():
                    head = f'<c r="{at}"{style}><f>{xml_text(formula)}</f><v>'
                    pieces += [head, NumberPlaceholder(title, key), "</v></c>"]
                elif isinstance(value, np.ndarray):
                    pieces.append(CellPlaceholder(title, key, at, style, formula))
                else:
                    pieces.append(cell_xml(at, style, value, formula))
            elif key in varying:
                text = texts.add(SharedPlaceholder(title, key)) if key in worded else None
                pieces.append(CellPlaceholder(title, key, at, style, None, text))
            elif key in worded:
                pieces.append(cell_xml(at, style, content, text=texts.add(str(content or ""))))
            elif content is None:
                pieces.append(f'<c r="{at}"{style}/>')
            else:
                text = texts.place(content) if isinstance(content, str) else None
                pieces.append(cell_xml(at, style, content, text=text))
        pieces.append("</row>")
    return pieces


def _point(place: str, value: object) -> str:
    """Return a point of a chart, or nothing for an empty cell."""
    text = xml_text(value) if isinstance(value, str) else number_text(value) if isinstance(value, float) else None
    return "" if text is None else f'<c:pt idx="{place}"><c:v>{text}</c:v></c:pt>'


class PlaceholderTexts:
    """The text of each placeholder in each batch row; numbers that many cells share are converted to text once."""

    def __init__(self, values: Mapping[str, Mapping[Key, object]], constants: BatchConstants, styles: Styles) -> None:
        self.values, self.constants, self.styles = values, constants, styles
        self._texts: dict[tuple[Callable[[float], str], bytes], list[str] | None] = {}  # None where one is n/a

    def of(self, placeholder: Placeholder) -> list[str] | None:
        """Return the texts of a placeholder; None where one for numbers has to hold something else."""
        if isinstance(placeholder, PropertyPlaceholder):
            return [escape(t) for t in self.constants.texts[placeholder.name]]  # properties do not know _x0007_
        if isinstance(placeholder, SharedPlaceholder):
            return _each(lambda t: shared_xml(str(t or "")), self.constants.cells[placeholder.sheet][placeholder.key])
        if isinstance(placeholder, CellPlaceholder) and placeholder.formula is None:
            return self._constants(placeholder)
        if isinstance(placeholder, PointPlaceholder):
            return [_point(placeholder.point, v) for v in self.constants.cells[placeholder.sheet][placeholder.key]]
        value = np.asarray(self.values[placeholder.sheet][placeholder.key])
        if isinstance(placeholder, NumberPlaceholder):
            return self._numbers(value, number_text) if value.dtype == float else None
        if isinstance(placeholder, TextPlaceholder):
            texts = value.tolist()
            return _each(xml_text, texts) if all(isinstance(t, str) for t in texts) else None
        head, formula = f'<c r="{placeholder.at}"{placeholder.style}', f"><f>{xml_text(placeholder.formula or '')}</f>"
        return _each(lambda v: _with_value(head, formula, v), value.tolist())

    def _constants(self, cell: CellPlaceholder) -> list[str]:
        values = self.constants.cells[cell.sheet][cell.key]
        if isinstance(values, np.ndarray):
            head = f'<c r="{cell.at}"{cell.style}><v>'
            return [f"{head}{text}</v></c>" for text in self._numbers(values, number_repr) or ()]
        if not values.styles:
            return _each(lambda v: cell_xml(cell.at, cell.style, v, text=cell.text), values)
        styles = map(self.styles.of, values.styles)
        return [cell_xml(cell.at, style, v, text=cell.text) for style, v in zip(styles, values, strict=True)]

    def _numbers(self, values: Array, spell: Callable[[float], str]) -> list[str] | None:
        key = spell, values.tobytes()
        if key not in self._texts:
            self._texts[key] = None if np.isnan(values).any() else [*map(spell, values.tolist())]
        return self._texts[key]


def _each(convert: Callable[[Any], str], values: Iterable[object]) -> list[str]:
    """Return each value converted; where all are texts, equal ones are converted once."""
    values = list(values)
    if set(map(type, values)) != {str}:
        return [*map(convert, values)]
    converted = {v: convert(v) for v in set(values)}
    return [converted[v] for v in values]
