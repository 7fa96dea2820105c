"""A workbook that is open in Excel as xlwings gives it: an openpyxl workbook, which our engine calculates in Excel's place."""

import types

from openpyxl import Workbook
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.workbook.defined_name import DefinedName

from xl_aicost.review.attached import WorkbookCells


class Range:
    def __init__(self, book, sheet, first, last):
        self.book, self.sheet, self.first, self.last = book, sheet, first, last
        self.font = types.SimpleNamespace()
        self.row, self.column = first

    def options(self, **_):
        return self

    @property
    def formula(self):
        return self.book.cells.wb[self.sheet].cell(*self.first).value or ""

    @formula.setter
    def formula(self, rows):
        self.write(rows)

    @property
    def value(self):
        if self.first == self.last:
            return self.book.cells.value(self.sheet, *self.first)
        rows, columns = (range(a, b + 1) for a, b in zip(self.first, self.last, strict=True))
        return [[self.book.cells.value(self.sheet, r, c) for c in columns] for r in rows]

    @value.setter
    def value(self, value):
        self.write(value if isinstance(value, list) else [[value]])

    def write(self, rows):
        for r, row in enumerate(rows, self.first[0]):
            for c, cell in enumerate(row, self.first[1]):
                typed = cell[1:] if isinstance(cell, str) and cell[:1] == "'" else cell
                self.book.cells.put(self.sheet, r, c, None if typed == "" else typed)
                if typed != cell:
                    self.book.cells.wb[self.sheet].cell(r, c).data_type = "s"

    def clear_contents(self):
        self.write([[None] * (self.last[1] - self.first[1] + 1)] * (self.last[0] - self.first[0] + 1))


class Sheet:
    def __init__(self, book, ws):
        self.book, self.ws, self.name = book, ws, ws.title

    def range(self, first, last=None):
        if isinstance(first, str):
            first, _, last = first.partition(":")
            first, last = coordinate_to_tuple(first), coordinate_to_tuple(last) if last else None
        return Range(self.book, self.name, first, last or first)

    @property
    def used_range(self):
        return self.range((1, 1), (self.ws.max_row, self.ws.max_column))

    def clear(self):
        self.ws.delete_rows(1, self.ws.max_row)


class Sheets:
    def __init__(self, book):
        self.book = book

    def __iter__(self):
        return iter([Sheet(self.book, ws) for ws in self.book.cells.wb])

    def __getitem__(self, key):
        wb = self.book.cells.wb
        return Sheet(self.book, wb.worksheets[key] if isinstance(key, int) else wb[key])

    def add(self, title, after=None):
        wb = self.book.cells.wb
        return Sheet(self.book, wb.create_sheet(title, None if after is None else wb.index(after.ws) + 1))


class Names:
    def __init__(self, book):
        self.names = book.cells.wb.defined_names

    def __iter__(self):
        return iter([self[n] for n in list(self.names)])

    def __getitem__(self, name):
        return types.SimpleNamespace(name=name, delete=lambda: self.names.pop(name))

    def add(self, name, refers_to):
        assert name not in self.names
        self.names[name] = DefinedName(name, attr_text=refers_to.lstrip("="))


class Book:
    """A workbook; `calculated` counts how often Excel was told to calculate."""

    def __init__(self, wb=None):
        wb = wb or Workbook()
        self.cells, self.fullname, self.calculated = WorkbookCells(wb), "book.xlsx", 0
        self.app = types.SimpleNamespace(calculation="manual", calculate=self.calculate)

    def calculate(self):
        self.calculated += 1

    @property
    def sheets(self):
        return Sheets(self)

    @property
    def names(self):
        return Names(self)
