"""Excel's error values: their codes, their numbers in Excel's object model, their names in Office.js."""

from __future__ import annotations

from typing import NamedTuple


class ErrorNames(NamedTuple):
    """What an error is called elsewhere: by VBA's `CVErr` (xlCVError), None where no source tells it, and by Office.js."""

    cverr: int | None
    office: str


# Microsoft: XlCVError (to #CALC!); Excel.ErrorCellValueType. #BUSY! and #PYTHON! as Excel hands them over.
EXCEL_ERRORS = {
    "#NULL!": ErrorNames(2000, "Null"),
    "#DIV/0!": ErrorNames(2007, "Div0"),
    "#VALUE!": ErrorNames(2015, "Value"),
    "#REF!": ErrorNames(2023, "Ref"),
    "#NAME?": ErrorNames(2029, "Name"),
    "#NUM!": ErrorNames(2036, "Num"),
    "#N/A": ErrorNames(2042, "NotAvailable"),
    "#GETTING_DATA": ErrorNames(2043, "GettingData"),
    "#SPILL!": ErrorNames(2045, "Spill"),
    "#CONNECT!": ErrorNames(2046, "Connect"),
    "#BLOCKED!": ErrorNames(2047, "Blocked"),
    "#UNKNOWN!": ErrorNames(2048, "Unknown"),
    "#FIELD!": ErrorNames(2049, "Field"),
    "#CALC!": ErrorNames(2050, "Calc"),
    "#BUSY!": ErrorNames(2051, "Busy"),
    "#PYTHON!": ErrorNames(2055, "Python"),
    "#EXTERNAL!": ErrorNames(None, "External"),
}
BY_CVERR = {names.cverr: code for code, names in EXCEL_ERRORS.items() if names.cverr is not None}
FILE_ERRORS = frozenset(BY_CVERR[n] for n in BY_CVERR if n <= 2043)  # what a file may store (ISO 29500, 18.17.3)
COM_BASE = -2146828288  # the object model hands over this number plus that of CVErr
LAST_CVERR = 2099


def error_of_com(number: float) -> str | None:
    """Return the code of an error that the object model hands over as a number; None for any other number.

    An error whose number is not known is #VALUE!.

    >>> error_of_com(-2146826281), error_of_com(-2146826190), error_of_com(2007)
    ('#DIV/0!', '#VALUE!', None)
    """
    cverr = number - COM_BASE
    if not (min(BY_CVERR) <= cverr <= LAST_CVERR and cverr == int(cverr)):
        return None
    return BY_CVERR.get(int(cverr), "#VALUE!")
