"""The functions for desktop Excel on Windows. In the workbook: xlwings ribbon, Import Functions."""

from xl_aicost.hosts.binder import desktop_functions

globals().update(desktop_functions(__name__))
