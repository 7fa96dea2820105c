"""The functions inside the workbook, with no add-in: LAMBDA names, and a sheet that shows each with its result."""

from __future__ import annotations

from openpyxl.styles import Alignment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.catalogue.functions import CATALOGUE, Function
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.style import calculation_format, calculation_unit, finish, fit_height, heads, widths
from xl_aicost.xlsx.cells import put, put_text, restyle

FIRST_ROW, RESULT = 6, 5
COMMENT_LIMIT = 255  # characters that Excel takes in the comment of a name


def add_functions(book: Book) -> None:
    """Define the names and write the Functions sheet, with the values that numpy gives.

    Excel takes names that differ in case only for one. A function goes before the name of a result. The name of an
    input is how inputs are read back, so a function that shares it is a name of the Functions sheet alone: elsewhere it
    is Functions!LOADED_COST.
    """
    functions = [f for f in CATALOGUE.values() if f.closed_form]
    ws = _add_sheet(book, functions)
    for row, f in enumerate(functions, FIRST_ROW):
        comment = f"{f.help} [{f.unit}] {f.signature}"[:COMMENT_LIMIT]
        name = DefinedName(f.name, attr_text=f.lambda_text(), comment=comment)
        first, *others = f.numbers
        result = f.evaluate([float(first.example), *(float(a.default) for a in others)])
        book.store(ws.title, row, RESULT, result)
        if f.name.lower() in book.assumptions:
            ws.defined_names[f.name] = name
        else:
            book.wb.defined_names.pop(f.name.lower(), None)
            book.wb.defined_names[f.name] = name


def _add_sheet(book: Book, functions: list[Function]) -> Worksheet:
    ws = book.sheet("Functions", "Functions: LAMBDA names of this workbook (Excel 365)", "record")
    note = "Type one into any cell. Arguments in brackets may be left out and then take the base case."
    restyle(put(ws, "A4", note, "Note"), alignment=Alignment(wrap_text=False))
    heads(ws, ("Function", "Arguments", "Meaning", "Example", "Result", "Unit"))
    for row, f in enumerate(functions, FIRST_ROW):
        arguments = ", ".join(f"[{a.name}]" for a in f.numbers)
        put_text(ws, f"A{row}", f.name, "Label")
        put_text(ws, f"B{row}", arguments, "Note")
        put_text(ws, f"C{row}", f.help)
        put_text(ws, f"D{row}", f.example)
        put(ws, f"E{row}", f.example, "Total", calculation_format(f.unit))
        put(ws, f"F{row}", calculation_unit(f.unit), "Label")
        fit_height(ws, row, (arguments, 58), (f.help, 66))
    widths(ws, 28, 50, 60, 40, 16, 14)
    finish(ws, "1:5", "B6")
    return ws
