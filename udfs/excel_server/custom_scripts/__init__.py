"""Scripts that Excel may run from a button."""

import xlwings as xw

from xl_aicost.insert import insert_model as _insert_model


@xw.script
def insert_model(book: xw.Book):
    """Put the whole model into the open workbook, as formulas."""
    _insert_model(book)
