"""Drive a workbook of ours: one that is open in Excel, one of openpyxl, or a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xl_aicost.errors import InputError
from xl_aicost.review.attached import RECORD, AttachedWorkbook, FileCells, WorkbookCells
from xl_aicost.support.values import CellValue
from xl_aicost.xlsx.package import Package
from xl_aicost.xlsx.sheet import Cell, Sheet

if TYPE_CHECKING:
    import xlwings

    from xl_aicost.xlsx.cells import Workbook


def attach(book: xlwings.Book | Workbook | str | Path) -> AttachedWorkbook:
    """Return a workbook of ours as an object: `m["gpus"] = 12_000` types an input, `m["cluster_capex"]` reads a line.

    `book` is an xlwings Book, where Excel calculates; an openpyxl workbook or the path of a file, where our engine does.
    `m.scenario = "..."` chooses the scenario shown, `m.typed` are the typed values, `m.save()` saves a file: its formulas,
    charts and formats stay, charts show new values when a program opens it.
    Raises InputError for a workbook that is not ours, DataError for a file that is no readable xlsx.

    >>> from tempfile import TemporaryDirectory
    >>> from xl_aicost import build
    >>> with TemporaryDirectory() as folder:
    ...     built = build("cluster", Path(folder, "cluster.xlsx"), settings={"gpus": 5000})
    ...     m = attach(built.path)
    ...     m["gpus"] = 12_000
    ...     round(m["gpu_capex"])
    360000000
    """
    if isinstance(book, str | Path):
        return AttachedWorkbook(FileCells(Path(book)))
    if hasattr(book, "worksheets"):
        return AttachedWorkbook(WorkbookCells(book))
    if hasattr(book, "sheets"):
        return AttachedWorkbook(ExcelCells(book))
    raise InputError(f"{type(book).__name__} is not a workbook: pass an xlwings Book, an openpyxl Workbook or a path")


class ExcelCells:
    """The cells of a workbook that is open in Excel, which calculates it."""

    def __init__(self, book: xlwings.Book) -> None:
        """Hold an xlwings Book."""
        self.book = book

    def record(self) -> Package:
        """Return a package with the record of how the workbook was made."""
        sheets = []
        if RECORD in [s.name for s in self.book.sheets]:
            used = self.book.sheets[RECORD].used_range
            rows = used.options(ndim=2).value
            cells = {
                (r, c): Cell(r, c, None, value, 0)
                for r, row in enumerate(rows, used.row)
                for c, value in enumerate(row, used.column)
                if value is not None
            }
            sheets = [Sheet(RECORD, "visible", "", cells)]
        return Package(Path(self.book.fullname), sheets, {}, {}, [], [])

    def value(self, sheet: str, row: int, column: int) -> CellValue:
        """Return what a cell shows."""
        value: CellValue = self.book.sheets[sheet].range((row, column)).options(err_to_str=True).value
        return value

    def has_formula(self, sheet: str, row: int, column: int) -> bool:
        """Return whether a cell holds a formula."""
        return str(self.book.sheets[sheet].range((row, column)).formula).startswith("=")

    def put(self, sheet: str, row: int, column: int, value: CellValue) -> None:
        """Put a value into a cell; where Excel calculates by hand only, let it calculate."""
        self.book.sheets[sheet].range((row, column)).value = value
        if self.book.app.calculation != "automatic":
            self.book.app.calculate()

    def save(self, out: Path | None) -> None:
        """Save the workbook by Excel."""
        self.book.save(out)
