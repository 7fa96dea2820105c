"""The VBA that classic xlwings generates, with one addition: what a function returns as an error is an Excel error.

Python cannot return an error through Excel's object model, only its code as text. VBA can, by CVErr.
"""

from __future__ import annotations

import functools
import io
import re
import sys
from typing import TextIO

from xl_aicost.support.excel_errors import BY_CVERR

CALL = re.compile(r"= (XLPy\.CallUDF\(.*\))$", re.MULTILINE)
HEAD = """
Private Function AiCostResult(ByVal result As Variant) As Variant
    Dim r As Long, c As Long
    If Not IsArray(result) Then
        AiCostResult = AiCostCell(result)
        Exit Function
    End If
    For r = LBound(result, 1) To UBound(result, 1)
        For c = LBound(result, 2) To UBound(result, 2)
            result(r, c) = AiCostCell(result(r, c))
        Next c
    Next r
    AiCostResult = result
End Function

'A text that begins with the code of an error becomes that error; its message stands in the Immediate window
Private Function AiCostCell(ByVal cell As Variant) As Variant
    Dim code As String
    AiCostCell = cell
    If VarType(cell) <> vbString Then Exit Function
    If Left(cell, 1) <> "#" Then Exit Function
    code = Split(cell, " ")(0)
    Select Case code
"""
TAIL = """\
        Case Else: Exit Function
    End Select
    If Len(cell) > Len(code) Then Debug.Print cell
End Function
"""


def helpers() -> str:
    """Return the VBA functions that turn codes into errors."""
    cases = (f'        Case "{code}": AiCostCell = CVErr({number})\n' for number, code in BY_CVERR.items())
    return HEAD + "".join(cases) + TAIL


def with_errors(vba: str) -> str:
    """Return the VBA that xlwings wrote for our functions, each result passed through ours."""
    return CALL.sub(r"= AiCostResult(\1)", vba) + helpers()


def return_errors(module: str) -> None:
    """Make xlwings write our VBA when it imports the functions of a module; elsewhere than on Windows do nothing."""
    udfs = sys.modules.get("xlwings.udfs")
    if udfs is None:
        return
    generate = getattr(udfs.generate_vba_wrapper, "__wrapped__", udfs.generate_vba_wrapper)

    @functools.wraps(generate)
    def generate_with_errors(name: str, functions: object, file: TextIO, workbook: object) -> None:
        written = io.StringIO()
        generate(name, functions, written, workbook)
        file.write(with_errors(written.getvalue()) if name == module else written.getvalue())

    udfs.generate_vba_wrapper = generate_with_errors  # type: ignore[attr-defined]
