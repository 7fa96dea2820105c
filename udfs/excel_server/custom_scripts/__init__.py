"""Scripts that the task pane runs."""

import xlwings as xw

from xl_aicost.errors import AicostError
from xl_aicost.hosts.insert import insert_model as _insert_model


@xw.script
def insert_model(book: xw.Book, company: str = "", scenario: str = "base"):
    """Put the whole model into the open workbook, as formulas, for a scenario or a company's last figures."""
    try:
        _insert_model(book, scenario=scenario, company=company or None)
    except AicostError as error:
        raise xw.XlwingsError(str(error)) from None
