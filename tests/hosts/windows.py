"""Run as a program: xlwings' own code for classic functions, over stand-ins for the Windows modules it imports.

Reads a list of calls as JSON and writes to a file what `call_udf` returns for each, the VBA module that `import_udfs` writes and
what it tells the function wizard.
"""

import contextlib
import ctypes
import importlib
import json
import os
import sys
import types
from decimal import Decimal
from unittest.mock import MagicMock

# whatever looks at sys.platform must be imported before it is changed
for early in ("asyncio", "subprocess", "concurrent.futures", "tempfile", "logging", "locale", "numpy", "pandas"):
    importlib.import_module(early)
with contextlib.suppress(ImportError):
    importlib.import_module("matplotlib")

RANGE_IID = "{00020846-0000-0000-C000-000000000046}"
MISSING = -2147352572
COM_CODES = {"#DIV/0!": -2146826281, "#N/A": -2146826246, "#REF!": -2146826265, "#NAME?": -2146826259}
COM_CODES |= {"#NULL!": -2146826288, "#NUM!": -2146826252, "#VALUE!": -2146826273, "#GETTING_DATA": -2146826245}
COM_CODES |= {"#SPILL!": -2146826243, "#CONNECT!": -2146826242, "#BLOCKED!": -2146826241, "#UNKNOWN!": -2146826240}
COM_CODES |= {"#FIELD!": -2146826239, "#CALC!": -2146826238, "#BUSY!": -2146826237, "#PYTHON!": -2146826233}


class StandIn(types.ModuleType):
    """A module whose unknown attributes are mocks."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        value = MagicMock(name=f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class ComError(Exception):
    """What pywin32 raises."""

    hresult = 0


def stand_in(name, **members):
    module = StandIn(name)
    module.__dict__.update(members)
    sys.modules[name] = module
    if "." in name:
        parent, child = name.rsplit(".", 1)
        setattr(sys.modules[parent], child, module)


def pretend_windows():
    """Put the stand-ins in place and import xlwings as it would be on Windows."""
    kind = lambda name: type(name, (), {})  # noqa: E731
    nothing = lambda *_, **__: None  # noqa: E731
    stand_in("pywintypes", com_error=ComError, TimeType=kind("TimeType"), IID=str.upper)
    stand_in("pythoncom", com_error=ComError, CoInitialize=nothing, PumpWaitingMessages=nothing, __file__="none")
    for name in ("win32api", "win32con", "win32gui", "win32process", "win32event"):
        stand_in(name)
    stand_in("win32timezone", TimeZoneInfo=types.SimpleNamespace(utc=lambda: None))
    stand_in("win32com", __path__=[])
    bases = {n: kind(n) for n in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass")}
    gencache = types.SimpleNamespace(EnsureModule=nothing)
    same = lambda o, *_, **__: o  # noqa: E731
    stand_in("win32com.client", Dispatch=same, DispatchEx=same, gencache=gencache, __path__=[], **bases)
    stand_in("win32com.server", __path__=[])
    stand_in("win32com.server.util", wrap=same, unwrap=same)
    stand_in("win32com.server.policy", DefaultPolicy=kind("P"), EventHandlerPolicy=kind("E"))
    stand_in("win32com.server.dispatcher", DefaultDebugDispatcher=kind("D"), DispatcherBase=kind("B"))
    for name in ("oledll", "windll"):
        setattr(ctypes, name, MagicMock())
    ctypes.WINFUNCTYPE = ctypes.CFUNCTYPE
    real = ctypes.PyDLL
    ctypes.PyDLL = lambda name, *a, **k: MagicMock() if name == "none" else real(name, *a, **k)
    os.environ.pop("XLWINGS_ON_SERVER", None)
    platform, sys.platform = sys.platform, "win32"
    try:
        importlib.import_module("xlwings")
    finally:
        sys.platform = platform


class Range:
    """An Excel range as xlwings reads it."""

    CLSID = "none"

    class _oleobj_:  # noqa: N801 (pywin32's name)
        @staticmethod
        def GetTypeInfo():  # noqa: N802
            return types.SimpleNamespace(GetTypeAttr=lambda: types.SimpleNamespace(iid=RANGE_IID.upper()))

    _oleobj_ = _oleobj_()

    def __init__(self, rows):
        height, width = len(rows), len(rows[0])
        self.Value = rows[0][0] if height == width == 1 else tuple(tuple(r) for r in rows)
        self.Value2 = self.Value
        self.Count = self.CountLarge = height * width
        self.Rows, self.Columns = types.SimpleNamespace(Count=height), types.SimpleNamespace(Count=width)
        self.Row = self.Column = 1
        self.Worksheet = MagicMock()

    def GetAddress(self, *_, **__):  # noqa: N802
        return "$A$1"


class Workbook:
    """An Excel workbook as `import_udfs` uses it."""

    Name = "aicost_functions.xlsm"

    def __init__(self):
        self.vba, self.wizard = "", []
        outer = self

        class Components:
            def __call__(self, name):
                raise ComError(name)

            def Remove(self, component):  # noqa: N802
                raise AssertionError(component)

            def Import(self, path):  # noqa: N802
                with open(path) as file:
                    outer.vba = file.read()

        self.VBProject = types.SimpleNamespace(VBComponents=Components())
        options = lambda macro, **k: self.wizard.append({"Macro": macro} | k)  # noqa: E731
        self.Application = types.SimpleNamespace(Version="16.0", MacroOptions=options, Run=lambda *_: None)
        self.Sheets = self.Worksheets = []


def as_excel_sends(value):
    """Return an argument as Excel hands it over: ranges as objects, blanks as None, errors as numbers."""
    if value is None:
        return MISSING
    cell = lambda c: COM_CODES.get(c, c) if isinstance(c, str) and c else (None if c == "" else c)  # noqa: E731
    if isinstance(value, list):
        return Range([[cell(c) for c in row] for row in value])
    return Range([[None]]) if value == "" else cell(value)


def main():
    module = sys.argv[1]
    pretend_windows()
    udfs = importlib.import_module("xlwings.udfs")
    results = []
    currency = lambda found: Decimal(found["currency"])  # noqa: E731
    for function, arguments, count in json.load(sys.stdin, object_hook=currency):
        given = tuple(as_excel_sends(a) for a in arguments) + (MISSING,) * (count - len(arguments))
        results.append(udfs.call_udf(module, function, given, caller=Range([[None]])))
    workbook = Workbook()
    udfs.import_udfs(module, workbook)
    wizard = [{k: list(v) if isinstance(v, tuple) else v for k, v in w.items()} for w in workbook.wizard]
    with open(sys.argv[2], "w") as out:
        json.dump({"results": results, "vba": workbook.vba, "wizard": wizard}, out, default=str)


if __name__ == "__main__":
    main()
