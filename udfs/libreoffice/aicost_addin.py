"""The functions in LibreOffice Calc. Calc asks for each by its name; the catalogue answers."""

import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "pythonpath"))

import unohelper
from org.xlaicost import XFunctions

from xl_aicost.catalogue.functions import CATALOGUE
from xl_aicost.hosts.calls import answer_rows
from xl_aicost.hosts.cells import CellError, CellProblem

# Calc's own numbers of errors; an error in a cell is a NaN that carries its number. Excel's newer errors are #VALUE! here
ERRORS = {
    "#DIV/0!": 532,
    "#N/A": 0x7FFF,
    "#NAME?": 525,
    "#NULL!": 521,
    "#NUM!": 503,
    "#REF!": 524,
    "#VALUE!": 519,
}


def _error(error):
    return struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000000 | ERRORS.get(error.code, ERRORS["#VALUE!"])))[0]


def _rows(name, arguments):
    try:
        rows = answer_rows(name, *arguments)
    except CellProblem as problem:
        rows = [[problem.error]]
    return tuple(tuple(map(_cell, row)) for row in rows)


def _cell(cell):
    if isinstance(cell, CellError):
        return _error(cell)
    return float(cell) if isinstance(cell, float) else cell  # without its unit


def _method(name):
    return lambda _, *arguments: _rows(name, arguments)


class Functions(unohelper.Base, XFunctions):
    """The add-in: one method a function."""

    def __init__(self, context):
        self.context = context


for _name in CATALOGUE:
    setattr(Functions, _name, _method(_name))

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 (the name that LibreOffice looks for)
g_ImplementationHelper.addImplementation(Functions, "AICOST", ("com.sun.star.sheet.AddIn",))
