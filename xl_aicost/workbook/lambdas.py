"""The functions inside the workbook, with no add-in: LAMBDA names, and a sheet that shows each with its result."""

from __future__ import annotations

from openpyxl.styles import Alignment
from openpyxl.workbook.defined_name import DefinedName

from xl_aicost.functions import CATALOGUE, Function
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.style import finish, fit_height, number_format, put, put_text, shown_unit, widths

COMMENT_LIMIT = 255  # characters that Excel takes in the comment of a name


def add_functions(book: Book) -> None:
    """Define the names and write the Functions sheet.

    Excel takes names that differ in case only for one. A function goes before the name of a result; the name of an
    input is how inputs are read back, so it goes before a function.
    """
    found = [f for f in CATALOGUE.values() if f.closed_form and f.name.lower() not in book.assumptions]
    for f in found:
        book.wb.defined_names.pop(f.name.lower(), None)
        comment = f"{f.help} {f.signature}"[:COMMENT_LIMIT]
        book.wb.defined_names[f.name] = DefinedName(f.name, attr_text=f.lambda_text(), comment=comment)
    _add_sheet(book, found)


def _add_sheet(book: Book, functions: list[Function]) -> None:
    ws = book.sheet("Functions", "Functions: LAMBDA names of this workbook (Excel 365)", "7F7F7F")
    note = "Type one into any cell. Arguments in brackets may be left out and then take the base case."
    put(ws, "A4", note, "Note")
    ws["A4"].alignment = Alignment(wrap_text=False)
    for i, text in enumerate(("Function", "Arguments", "Meaning", "Example", "Result", "Unit"), 1):
        put(ws, ws.cell(5, i).coordinate, text, "Column head")
    for row, f in enumerate(functions, 6):
        arguments = f.signature.partition("(")[2].removesuffix(")")
        put_text(ws, f"A{row}", f.name, "Label")
        put_text(ws, f"B{row}", arguments, "Note")
        put_text(ws, f"C{row}", f.help.rpartition(" [")[0])
        put_text(ws, f"D{row}", f.example)
        put(ws, f"E{row}", f.example, "Total", number_format(f.unit))
        put(ws, f"F{row}", shown_unit(f.unit), "Label")
        fit_height(ws, row, (arguments, 58), (f.help, 66))
    widths(ws, 28, 50, 60, 40, 16, 14)
    finish(ws, "1:5", "B6")
