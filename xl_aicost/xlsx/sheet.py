"""A worksheet as it is stored, read element by element: every cell with formula, stored value and style, and settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from typing import IO

from openpyxl.utils.datetime import WINDOWS_EPOCH, from_ISO8601, to_excel
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.errors import IncompleteError
from xl_aicost.support.values import CellValue
from xl_aicost.xlsx.limits import Count
from xl_aicost.xlsx.references import LAST_COLUMN, LAST_ROW, address, column_of, relative, shifted
from xl_aicost.xlsx.text import LONGEST_FORMULA, from_xml
from xl_aicost.xlsx.xml import Attributes, Ends, Starts, relation_id, walk

DIGITS = "0123456789"
TRUE = ("1", "true")
MOST_WIDTHS = 100  # columns that share a width
TOO_LONG = "TOO_LONG()"


@dataclass(slots=True)
class Cell:
    """One cell: its formula without the equals sign, its stored value, the number of its style, and the value's type.

    `kind` is the type as stored: n, s, str, inlineStr, b, e or d. `array` marks an array formula.
    """

    row: int
    column: int
    formula: str | None
    value: CellValue
    style: int
    kind: str = "n"
    array: bool = False
    _relative: str | None = field(default=None, repr=False, compare=False)

    @property
    def relative(self) -> str:
        """The formula in R1C1 terms, so that copies of one formula are equal."""
        if self._relative is None:
            self._relative = relative(self.formula or "", self.row, self.column)
        return self._relative


@dataclass
class Sheet:
    """A worksheet and its settings."""

    name: str
    state: str
    part: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    protected: bool = False
    validations: list[Attributes] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    drawings: list[tuple[str, str]] = field(default_factory=list)  # name and alternative text
    landscape: bool = False
    headings: bool = False  # a header or footer is printed
    widths: dict[int, float] = field(default_factory=dict)  # of the columns that have their own
    conditions: set[tuple[str, str]] = field(default_factory=set)  # first cell and formula of conditional formats
    charts: list[tuple[str, ...]] = field(default_factory=list)  # the cells that each chart shows
    unusual: bool = False  # a cell or row without an address, a date as text, or a blank with a type: to IronCalc a 0
    read_to: int | None = None  # the row after which nothing was read, nor the settings that stand behind the cells


def sheet_of(worksheet: Worksheet) -> Sheet:
    """Return a worksheet of openpyxl as one that was read, its cells alone."""
    cells = {}
    for (row, column), cell in worksheet._cells.items():
        value = cell._value
        if cell.data_type == "f":
            cells[row, column] = Cell(row, column, str(value)[1:], None, 0)
        elif value is not None:
            cells[row, column] = Cell(row, column, None, float(value) if type(value) is int else value, 0)
    return Sheet(worksheet.title, worksheet.sheet_state, "", cells)


def read_sheet(
    file: IO[bytes],
    sheet: Sheet,
    strings: Sequence[str],
    targets: Mapping[str, str],
    count: Count,
    epoch: datetime = WINDOWS_EPOCH,
) -> list[str]:
    """Read a worksheet; return what was left out of it.

    Raises IncompleteError past a limit: the sheet then holds whole rows up to `read_to`.
    """
    reader = _Reader(sheet, strings, targets, count, epoch)
    try:
        walk(file, sheet.part, count, reader.starts, reader.ends)
    except IncompleteError:
        if reader.row != reader.last_row:
            sheet.cells = {at: cell for at, cell in sheet.cells.items() if at[0] != reader.row}
        sheet.read_to = reader.last_row
        raise
    return reader.left_out


class _Reader:
    def __init__(
        self, sheet: Sheet, strings: Sequence[str], targets: Mapping[str, str], count: Count, epoch: datetime
    ) -> None:
        self.sheet, self.strings, self.targets, self.count, self.epoch = sheet, strings, targets, count, epoch
        self.left_out: list[str] = []
        self.shared: dict[str, tuple[str, int, int]] = {}  # formula and its first cell
        self.row = self.column = self.last_row = 0
        self.inline, self.phonetic, self.condition = "", False, ""
        self.cell: Attributes = {}
        self.validation: Attributes = {}
        self.formula_attributes: Attributes = {}
        self.formula: str | None = None
        self.stored: str | None = None
        self.starts: Starts = {
            "row": self._start_row,
            "c": self._start_cell,
            "f": self._start_formula,
            "rPh": self._start_phonetic,
            "col": self._columns,
            "sheetProtection": self._protection,
            "pageSetup": self._page,
            "dataValidation": self._validation,
            "conditionalFormatting": self._condition,
            "hyperlink": self._link,
        }
        self.ends: Ends = {
            "v": self._end_value,
            "f": self._end_formula,
            "t": self._end_text,
            "rPh": self._end_phonetic,
            "c": self._end_cell,
            "row": self._end_row,
            "formula": self._end_condition,
            "dataValidation": self._end_validation,
            **dict.fromkeys(("oddHeader", "oddFooter"), self._heading),
            **{name: partial(self._limit, name) for name in ("formula1", "formula2", "sqref")},
        }

    def _start_row(self, attributes: Attributes) -> None:
        self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        self.sheet.unusual |= "r" not in attributes
        if attributes.get("hidden") in TRUE:
            self.sheet.hidden_rows.append(self.row)

    def _end_row(self, _: str) -> None:
        self.last_row = self.row

    def _start_cell(self, attributes: Attributes) -> None:
        self.cell, self.formula, self.stored, self.inline = attributes, None, None, ""

    def _start_formula(self, attributes: Attributes) -> None:
        self.formula_attributes = attributes

    def _end_formula(self, text: str) -> None:
        self.formula = text

    def _end_value(self, text: str) -> None:
        self.stored = text or None
        self.sheet.unusual |= not text and self.formula is None

    def _start_phonetic(self, _: Attributes) -> None:
        self.phonetic = True

    def _end_phonetic(self, _: str) -> None:
        self.phonetic = False

    def _end_text(self, text: str) -> None:
        self.inline += "" if self.phonetic else text

    def _end_cell(self, _: str) -> None:
        cell, formula, stored = self.cell, self.formula, self.stored
        reference, kind, style = cell.get("r"), cell.get("t", "n"), cell.get("s")
        if reference is None:
            at, self.sheet.unusual = (self.row, self.column + 1), True
        else:
            at = _place_of(reference)
        row, self.column = at
        if not (1 <= row <= LAST_ROW and self.column <= LAST_COLUMN):
            raise ValueError(f"the cell {reference or at} of {self.sheet.name} is beyond the last cell")
        if formula is None and stored is None and not self.inline:
            self.sheet.unusual |= "t" in cell
            if style is None:
                return
        array, count, cells = False, self.count, self.sheet.cells
        if formula is not None:
            if self.formula_attributes or len(formula) > LONGEST_FORMULA:
                array = self.formula_attributes.get("t") in ("array", "dataTable")
                formula = self._whole(formula, *at)
            count.formulas += 1
            count.formula_characters += len(formula)
        value = (None if stored is None else float(stored)) if kind == "n" else self._value(kind)
        count.cells += 1
        if at in cells:
            raise ValueError(f"the cell {address(*at)} of {self.sheet.name} is there twice")
        cells[at] = Cell(row, self.column, formula, value, int(style or 0), kind, array)

    def _whole(self, formula: str, row: int, column: int) -> str:
        """Return a formula as the cell has it: many cells may share one that is stored once."""
        kind = self.formula_attributes.get("t")
        if kind == "dataTable":
            return "TABLE()"
        if kind == "shared":
            group = self.formula_attributes.get("si", "")
            if formula:
                self.shared[group] = (formula, row, column)
            else:
                text, first_row, first_column = self.shared.get(group, ("", row, column))
                formula = shifted(text, row - first_row, column - first_column)
        if len(formula) > LONGEST_FORMULA:
            self.left_out.append(f"{self.sheet.name}!{address(row, column)}: a formula of {len(formula):,} characters")
            return TOO_LONG
        return formula

    def _value(self, kind: str) -> CellValue:
        stored = self.stored
        if kind == "s" and stored is not None:
            index = int(stored)
            return self.strings[index] if 0 <= index < len(self.strings) else f"(text {index}, not read)"
        if kind == "b" and stored is not None:
            return stored in TRUE
        if kind == "d" and stored is not None:
            self.sheet.unusual = True
            return float(to_excel(from_ISO8601(stored), self.epoch))
        text = self.inline if kind == "inlineStr" else stored
        if text is None:
            return None
        self.count.text_characters += len(text)
        return from_xml(text)

    def _columns(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in TRUE:
            columns = range(int(attributes.get("min", 1)), min(int(attributes.get("max", 1)), LAST_COLUMN) + 1)
            self.count.elements += len(columns)
            self.count.check()
            self.sheet.hidden_columns += columns

        if "width" in attributes and int(attributes.get("max", 1)) - int(attributes.get("min", 1)) < MOST_WIDTHS:
            for column in range(int(attributes.get("min", 1)), int(attributes.get("max", 1)) + 1):
                self.sheet.widths[column] = float(attributes["width"])

    def _condition(self, attributes: Attributes) -> None:
        self.condition = attributes.get("sqref", "").partition(" ")[0].partition(":")[0]

    def _end_condition(self, text: str) -> None:
        self.sheet.conditions.add((self.condition, text))

    def _heading(self, text: str) -> None:
        self.sheet.headings |= bool(text)

    def _protection(self, attributes: Attributes) -> None:
        self.sheet.protected = attributes.get("sheet") in TRUE

    def _page(self, attributes: Attributes) -> None:
        self.sheet.landscape = attributes.get("orientation") == "landscape"

    def _validation(self, attributes: Attributes) -> None:
        self.validation = dict(attributes)
        self.sheet.validations.append(self.validation)

    def _end_validation(self, _: str) -> None:
        self.validation = {}  # other elements have cells of their own

    def _limit(self, name: str, text: str) -> None:
        self.validation[name] = text

    def _link(self, attributes: Attributes) -> None:
        target = attributes.get("location") or self.targets.get(relation_id(attributes), "")
        self.sheet.links[attributes.get("ref", "")] = target


@lru_cache(maxsize=1 << 16)  # the sheets of a workbook have most of their addresses in common
def _place_of(reference: str) -> tuple[int, int]:
    letters = reference.rstrip(DIGITS)
    return int(reference[len(letters) :]), column_of(letters)
