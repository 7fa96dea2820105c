"""Clean workbooks of three kinds as people make them, each calculated, for faults to be put in."""

from __future__ import annotations

import tempfile
from pathlib import Path

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter as letter
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.engine.calculate import by_ironcalc
from xl_aicost.xlsx.package import Package, open_package

BOLD = Font(bold=True)


def opened(wb: openpyxl.Workbook, calculate: bool = True) -> Package:
    """Return a workbook as the audit reads it, with the values of its formulas."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.xlsx"
        wb.save(path)
        package = open_package(path)
    values = by_ironcalc(wb) if calculate else {}
    for sheet in package.sheets:
        for at, cell in sheet.cells.items():
            if cell.formula is not None and at in values.get(sheet.name, {}):
                value = values[sheet.name][at]
                cell.value = float(value) if type(value) is int else value
                cell.kind = "e" if isinstance(value, str) and value.startswith("#") else cell.kind
    return package


def _row(ws: Worksheet, row: int, label: str, texts: list[object], bold: bool = False, form: str = "#,##0") -> None:
    ws.cell(row, 1, label)
    for column, text in enumerate(texts, 2):
        cell = ws.cell(row, column, text)
        cell.number_format = form
        if bold:
            cell.font = BOLD


def forecast() -> openpyxl.Workbook:
    """Return a model by years: inputs, profit and loss, cash flow, and a valuation that links to them."""
    wb = openpyxl.Workbook()
    inputs = wb.active
    inputs.title = "Inputs"
    for row, (name, value) in enumerate(
        [("Growth", 0.05), ("Cost share", 0.6), ("Tax rate", 0.25), ("Discount rate", 0.08), ("Capex share", 0.07),
         ("Life", 8), ("Units", 1200), ("Price", 310), ("Rent", 21000), ("Staff", 64000)], 1
    ):  # fmt: skip
        inputs.cell(row, 1, name)
        inputs.cell(row, 2, value)
    years = [letter(c) for c in range(2, 12)]
    pl = wb.create_sheet("P&L")
    _row(pl, 1, "Year", [2025, *(f"={letter(c - 1)}1+1" for c in range(3, 12))], form="0")
    _row(pl, 2, "Revenue", ["=Inputs!$B$7*Inputs!$B$8", *(f"={letter(c - 1)}2*(1+Inputs!$B$1)" for c in range(3, 12))])
    _row(pl, 3, "Direct cost", [f"={c}2*Inputs!$B$2" for c in years])
    _row(pl, 4, "Rent", [f"=Inputs!$B$9*(1+{c}$1-$B$1)" for c in years])
    _row(pl, 5, "Staff", [f"=Inputs!$B$10+{c}2*0.01" for c in years])
    _row(pl, 6, "Marketing", [f"={c}2*0.03" for c in years])
    _row(pl, 7, "Total costs", [f"=SUM({c}3:{c}6)" for c in years], bold=True)
    _row(pl, 8, "EBITDA", [f"={c}2-{c}7" for c in years], bold=True)
    _row(pl, 9, "Depreciation", [f"=Cash!{c}3/Inputs!$B$6" for c in years])
    _row(pl, 10, "EBIT", [f"={c}8-{c}9" for c in years])
    _row(pl, 11, "Tax", [f"=IF({c}10>0,{c}10*Inputs!$B$3,0)" for c in years])
    _row(pl, 12, "Net income", [f"={c}10-{c}11" for c in years], bold=True)
    cash = wb.create_sheet("Cash")
    _row(cash, 1, "Year", [f"='P&L'!{c}1" for c in years], form="0")
    _row(cash, 2, "EBITDA", [f"='P&L'!{c}8" for c in years])
    _row(cash, 3, "Capex", [f"='P&L'!{c}2*Inputs!$B$5" for c in years])
    _row(cash, 4, "Tax", [f"='P&L'!{c}11" for c in years])
    _row(cash, 5, "Free cash flow", [f"={c}2-{c}3-{c}4" for c in years], bold=True)
    _row(cash, 6, "Opening cash", [50000, *(f"={letter(c - 1)}7" for c in range(3, 12))])
    _row(cash, 7, "Closing cash", [f"={c}6+{c}5" for c in years])
    dcf = wb.create_sheet("DCF")
    _row(dcf, 1, "Year", [f"='P&L'!{c}1" for c in years], form="0")
    _row(dcf, 2, "EBIT", [f"='P&L'!{c}10" for c in years])
    _row(dcf, 3, "Depreciation", [f"='P&L'!{c}9" for c in years])
    _row(dcf, 4, "Tax", [f"='P&L'!{c}11" for c in years])
    _row(dcf, 5, "Capex", [f"=Cash!{c}3" for c in years])
    _row(dcf, 6, "Free cash flow", [f"={c}2+{c}3-{c}4-{c}5" for c in years])
    _row(dcf, 7, "Factor", [f"=1/(1+Inputs!$B$4)^({c}1-$B$1+1)" for c in years], form="0.000")
    _row(dcf, 8, "Present value", [f"={c}6*{c}7" for c in years])
    dcf["A10"], dcf["B10"] = "Value", "=SUM(B8:K8)"
    dcf["A11"], dcf["B11"] = "By NPV", "=NPV(Inputs!$B$4,B6:K6)"
    return wb


COSTS = ["Wages", "Rent", "Power", "Travel", "Software", "Insurance", "Cleaning", "Training"]


def budget() -> openpyxl.Workbook:
    """Return a budget by months with totals of rows, of quarters and of columns, and shares of the total."""
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "Budget"
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    for column, month in enumerate([*months, "Total", "Share"], 2):
        ws.cell(1, column, month).font = BOLD
    for row, name in enumerate(COSTS, 2):
        values = [100 + 37 * row + 11 * month + (row * month) % 7 for month in range(12)]
        _row(ws, row, name, [*values, f"=SUM(B{row}:M{row})"])
        ws.cell(row, 15, f"=N{row}/N$10").number_format = "0.0%"
    _row(ws, 10, "Total", [f"=SUM({letter(c)}2:{letter(c)}9)" for c in range(2, 15)], bold=True)
    actual = wb.create_sheet("Actual")
    for column, month in enumerate([*months, "Total"], 2):
        actual.cell(1, column, month).font = BOLD
    for row, name in enumerate(COSTS, 2):
        values = [90 + 41 * row + 9 * month + (row * month) % 5 for month in range(12)]
        _row(actual, row, name, [*values, f"=SUM(B{row}:M{row})"])
    _row(actual, 10, "Total", [f"=SUM({letter(c)}2:{letter(c)}9)" for c in range(2, 15)], bold=True)
    gap = wb.create_sheet("Variance")
    for column, month in enumerate([*months, "Total"], 2):
        gap.cell(1, column, month).font = BOLD
    for row, name in enumerate([*COSTS, "Total"], 2):
        _row(gap, row, name, [f"=Actual!{letter(c)}{row}-Budget!{letter(c)}{row}" for c in range(2, 15)])
    board = wb.create_sheet("Summary")
    for row, name in enumerate([*COSTS, "Total"], 2):
        _row(board, row, name, [f"=Budget!N{row}", f"=Actual!N{row}", f"=Variance!N{row}"])
    return wb


def loans() -> openpyxl.Workbook:
    """Return a register of loans by rows, with look-ups, scenarios on twin sheets, and statistics."""
    wb = openpyxl.Workbook()
    table = wb.active
    table.title = "Rates"
    for row, (limit, rate) in enumerate([(0, 0.09), (1000, 0.08), (5000, 0.07), (10000, 0.06), (50000, 0.05)], 2):
        table.cell(row, 1, limit)
        table.cell(row, 2, rate)
    table["A1"], table["B1"] = "From", "Rate"
    ws = wb.create_sheet("Loans")
    for column, head in enumerate(["Loan", "Amount", "Rate", "Years", "Interest", "Fee", "Total cost", "Risk"], 1):
        ws.cell(1, column, head).font = BOLD
    for row in range(2, 22):
        ws.cell(row, 1, f"L{row:03d}")
        ws.cell(row, 2, 700 * row + (row * 977) % 1300)
        ws.cell(row, 3, f"=VLOOKUP(B{row},Rates!$A$2:$B$6,2)").number_format = "0.0%"
        ws.cell(row, 4, 2 + row % 5)
        ws.cell(row, 5, f"=B{row}*C{row}*D{row}").number_format = "#,##0"
        ws.cell(row, 6, f"=B{row}*0.01").number_format = "#,##0"
        ws.cell(row, 7, f"=E{row}+F{row}").number_format = "#,##0"
        ws.cell(row, 8, f'=IF(B{row}>8000,"high","normal")')
    for column in (2, 5, 6, 7):
        ws.cell(23, column, f"=SUM({letter(column)}2:{letter(column)}21)").number_format = "#,##0"
    ws["A23"] = "Total"
    ws["A24"], ws["B24"] = "Average", "=AVERAGE(B2:B21)"
    for name, factor in (("Base", 1), ("High", 1.2), ("Low", 0.8)):
        sheet = wb.create_sheet(name)
        sheet["A1"], sheet["B1"] = "Factor", factor
        for column in range(2, 10):
            c = letter(column)
            sheet.cell(2, column, 2025 + column)
            sheet.cell(3, column, f"=Loans!$B$23*$B$1*1.02^({c}2-$B$2)")
            sheet.cell(4, column, f"={c}3*0.07")
            sheet.cell(5, column, f"={c}3*0.015")
            sheet.cell(6, column, f"={c}4-{c}5")
        for row, label in enumerate(["Year", "Volume", "Interest", "Losses", "Margin"], 2):
            sheet.cell(row, 1, label)
    compare = wb.create_sheet("Compare")
    for column, name in enumerate(("Base", "High", "Low"), 2):
        compare.cell(1, column, name)
        for row, label in enumerate(["Volume", "Interest", "Losses", "Margin"], 3):
            compare.cell(row, 1, label)
            compare.cell(row, column, f"=SUM({name}!B{row}:I{row})")
    return wb


MODELS = {"forecast": forecast, "budget": budget, "loans": loans}
