"""Workbooks of live formulas, made without Excel."""
