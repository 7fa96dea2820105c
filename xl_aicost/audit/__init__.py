"""Rules for anybody's workbook: what is probably wrong with it, one finding a cause.

>>> import tempfile
>>> from pathlib import Path
>>> from openpyxl import Workbook
>>> from xl_aicost.audit.rules import audit_rules
>>> from xl_aicost.xlsx.package import open_package
>>> wb = Workbook()
>>> wb.active["A1"] = "=1+#REF!"
>>> with tempfile.TemporaryDirectory() as folder:
...     wb.save(Path(folder, "plan.xlsx"))
...     print(*(f"{f.severity} {f.cell}" for f in audit_rules(open_package(Path(folder, "plan.xlsx")))))
critical A1
"""
