"""Any xlsx, read and written part by part: nothing here knows what our workbooks hold.

Reading keeps formula, stored value and style of every cell, within limits that count work and not time; writing puts
the value of each formula beside it, and gives the same bytes each time.

>>> import tempfile
>>> from pathlib import Path
>>> from openpyxl import Workbook
>>> from xl_aicost.xlsx.package import open_package
>>> from xl_aicost.xlsx.save import save
>>> book = Workbook()
>>> book.active["A1"], book.active["A2"] = 20, "=A1*2"
>>> with tempfile.TemporaryDirectory() as folder:
...     _ = save(book, Path(folder) / "plan.xlsx", {"Sheet": {(2, 1): 40.0}})
...     cell = open_package(Path(folder) / "plan.xlsx").cell("Sheet", 2, 1)
>>> cell.formula, cell.value
('A1*2', 40.0)
"""
