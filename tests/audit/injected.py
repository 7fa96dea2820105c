"""Faults as people make them, each put into a clean model: its kind, the cell where it has to be named, the change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import openpyxl
from openpyxl.utils import get_column_letter as letter

Change = Callable[[openpyxl.Workbook], None]


@dataclass(frozen=True)
class Injected:
    """A fault; `cells` are the places of which a finding has to name one; `always` says that it must be found."""

    kind: str
    model: str
    cells: tuple[str, ...]
    change: Change
    always: bool = False

    @property
    def id(self) -> str:
        return f"{self.kind}: {self.cells[0]}"


def _at(*cells: tuple[str, object]) -> Change:
    def change(wb: openpyxl.Workbook) -> None:
        for place, value in cells:
            sheet, _, at = place.rpartition("!")
            wb[sheet][at].value = value

    return change


def _one(kind: str, model: str, place: str, value: object, always: bool = False) -> Injected:
    return Injected(kind, model, (place,), _at((place, value)), always)


def _row(
    kind: str, model: str, sheet: str, row: int, text: str, first: int, last: int, always: bool = False
) -> Injected:
    places = tuple(f"{sheet}!{letter(c)}{row}" for c in range(first, last + 1))
    values = [
        (p, text.format(c=letter(c), b=letter(c - 1))) for p, c in zip(places, range(first, last + 1), strict=True)
    ]
    return Injected(kind, model, places, _at(*values), always)


def _hide(wb: openpyxl.Workbook) -> None:
    wb["Budget"].row_dimensions[5].hidden = True


INJECTED = [
    _one("range short", "loans", "Loans!B24", "=AVERAGE(B2:B17)"),
    _one("range short", "forecast", "DCF!B10", "=SUM(B8:J8)"),
    _one("range short", "forecast", "DCF!B11", "=NPV(Inputs!$B$4,B6:J6)"),
    _one("range short, one of a row", "budget", "Budget!F10", "=SUM(F2:F8)", True),
    _one("range short, one of a row", "budget", "Budget!N5", "=SUM(B5:L5)", True),
    _row("range short, whole row", "budget", "Budget", 10, "=SUM({c}2:{c}8)", 2, 14, True),
    _row("range short, whole row", "forecast", "P&L", 7, "=SUM({c}3:{c}5)", 2, 11, True),
    Injected(
        "range short, whole row",
        "loans",
        ("Loans!B23",),
        _at(*((f"Loans!{c}23", f"=SUM({c}2:{c}20)") for c in "BEFG")),
        True,
    ),
    _one("typed number", "forecast", "P&L!F3", 230000, True),
    _one("typed number", "forecast", "Cash!G5", 150000, True),
    _one("typed number", "loans", "Loans!E9", 4000, True),
    _one("typed number", "budget", "Variance!E4", -12, True),
    _one("typed number, first", "forecast", "P&L!B3", 250000),
    _one("typed number, single", "forecast", "DCF!B10", 2000000),
    _one("odd cell, sign", "forecast", "P&L!F8", "=F2+F7", True),
    _one("odd cell, year", "forecast", "P&L!G10", "=F8-G9", True),
    _one("odd cell, unit", "forecast", "P&L!H6", "=H2*0.03/1000", True),
    _one("odd cell, column", "loans", "Loans!G12", "=E12+E12", True),
    _one("odd cell, threshold", "loans", "Loans!H9", '=IF(B9>6000,"high","normal")', True),
    _one("odd cell, plug", "forecast", "Cash!F5", "=F2-F3-F4+15000", True),
    _one("odd cell, row", "budget", "Variance!H6", "=Actual!H6-Budget!H7", True),
    _row("whole row, sign", "forecast", "P&L", 8, "={c}2+{c}7", 2, 11),
    _row("whole row, year", "forecast", "DCF", 7, "=1/(1+Inputs!$B$4)^({c}1-$B$1)", 2, 11),
    _row("whole row, unit", "forecast", "P&L", 6, "={c}2*0.03/1000", 2, 11),
    _one("single cell", "forecast", "DCF!B11", "=NPV(Inputs!$B$3,B6:K6)"),
    _one("input, sign", "forecast", "Inputs!B1", -0.05),
    _one("input, unit", "forecast", "Inputs!B9", 21),
    _one("anchor, one cell", "forecast", "P&L!F11", "=IF(F10>0,F10*Inputs!$B$4,0)", True),
    _row("anchor, copied", "forecast", "P&L", 3, "={c}2*Inputs!{c}2", 2, 11),
    Injected(
        "anchor, copied", "budget", ("Budget!O5",), _at(*((f"Budget!O{r}", f"=N{r}/N{r + 8}") for r in range(2, 10)))
    ),
    Injected(
        "anchor, copied",
        "loans",
        ("Loans!C9",),
        _at(*((f"Loans!C{r}", f"=VLOOKUP(B{r},Rates!A{r}:B{r + 4},2)") for r in range(2, 22))),
    ),
    _row("lag", "forecast", "Cash", 4, "='P&L'!{b}11", 2, 11),
    _one("text in a sum", "budget", "Budget!E6", "412", True),
    _one("text in arithmetic", "forecast", "Inputs!B8", "310"),
    Injected("hidden row", "budget", ("Budget!B10",), _hide),
    _row("double count", "budget", "Budget", 10, "=SUM({c}2:{c}9)+{c}9", 2, 14),
    _one("double count", "budget", "Budget!N10", "=SUM(N2:N10)/1+0*N9"),
    _one("double count", "forecast", "P&L!F7", "=SUM(F3:F6)+F6"),
    Injected("unsorted keys", "loans", ("Loans!C2",), _at(("Rates!A4", 50000), ("Rates!A6", 5000)), True),
    _one("circle", "forecast", "Inputs!B9", "='P&L'!B7*0.1", True),
    _one("wrong link, one cell", "forecast", "DCF!F3", "='P&L'!F8", True),
    _row("wrong link, whole row", "forecast", "DCF", 4, "='P&L'!{c}10", 2, 11),
    _one("wrong link, twin", "loans", "High!E3", "=Loans!$B$24*$B$1*1.02^(E2-$B$2)"),
    _row("wrong link, scenario", "loans", "Compare", 4, "=SUM(Base!B4:I4)", 3, 3),
    _one("wrong link, summary", "budget", "Summary!C5", "=Actual!N6"),
    _one("mixed period", "forecast", "DCF!B10", "=SUM(B8:K8)*12"),
    _one("weights", "budget", "Summary!D10", "=Variance!N9"),
]
