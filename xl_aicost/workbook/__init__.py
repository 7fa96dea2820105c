"""Workbooks of live formulas, made without Excel."""

import os

# openpyxl writes other bytes where lxml happens to be installed; the same request has to give the same bytes
os.environ.setdefault("OPENPYXL_LXML", "False")
