"""The heading of a sheet that is added to a workbook that came back."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.support.values import CellValue
from xl_aicost.workbook.feed import SHEET as FEED
from xl_aicost.workbook.style import header
from xl_aicost.xlsx.cells import put
from xl_aicost.xlsx.package import Package


def head(package: Package, ws: Worksheet, title: str) -> dict[tuple[int, int], CellValue]:
    """Write the title of a new sheet, and the header that the sheets of our workbooks show; return its values."""
    if ("", "check_status") in package.names and package.sheet(FEED):
        header(ws, title)
        return {(3, 1): package.value(FEED, 3, 1)}
    put(ws, "A1", title, "Title")
    return {}
