"""Faults as people make them in a workbook that came to them, each a small change by hand: kind, place, change."""

from collections.abc import Callable
from dataclasses import dataclass

from openpyxl.styles import Protection

from xl_aicost.workbook.book import Book


@dataclass(frozen=True)
class Fault:
    """A change by hand; `computes` says that it changes a formula or a value."""

    kind: str
    where: str
    change: Callable[[Book], None]
    computes: bool = True

    @property
    def id(self) -> str:
        return f"{self.kind}: {self.where}"


FAULTS: list[Fault] = []


def _add(kind: str, where: str, change: Callable[[Book], None], computes: bool = True) -> None:
    FAULTS.append(Fault(kind, where, change, computes))


def _cell(book: Book, lane: str, line: str, column: str = "D"):
    return book.wb[f"Calc_{lane}"][f"{column}{book.layout.rows[line]}"]


def _edit(kind: str, lane: str, line: str, column: str, new: Callable[[str], object]) -> None:
    def change(book: Book) -> None:
        cell = _cell(book, lane, line, column)
        was = cell.value
        cell.value = new(was)
        assert cell.value != was, (kind, lane, line, was)

    _add(kind, f"{lane} {line} {column}", change)


def _one_row_down(text: str) -> str:
    """Return a formula whose first reference is one row too low."""
    import re

    return re.sub(r"([A-Z]\$?)(\d+)", lambda m: f"{m[1]}{int(m[2]) + 1}", text, count=1)


def _in_another_lane(text: str, lane: str) -> str:
    """Return a formula all of whose references read the lane of another scenario."""
    import re

    return re.sub(r"(?<![\w!])\$?[A-Z]+\$?\d+", lambda m: f"Calc_{lane}!{m[0]}", text)


for lane, line in (
    ("Live", "cluster_opex"),
    ("Base", "layoffs_to_fund"),
    ("ShortLife", "it_capex"),
    ("AIWorks", "ai_spend"),
):
    _edit("typed over", lane, line, "D", lambda _: 1.0)
for lane, line, column in (("Live", "capex_path", "I"), ("Base", "opex_path", "G"), ("AIWorks", "book_value", "K")):
    _edit("typed over a period", lane, line, column, lambda _: 1_000_000.0)
for lane, line in (
    ("Live", "cluster_opex"),
    ("Base", "cluster_capex"),
    ("ShortLife", "it_capex"),
    ("AIWorks", "cluster_opex"),
):
    _edit("sign turned", lane, line, "D", lambda t: t.replace("+", "-", 1))
for lane, line, column in (
    ("Live", "cluster_margin_path", "J"),
    ("Base", "cluster_profit", "H"),
    ("ShortLife", "it_book_value", "I"),
):
    _edit("sign turned in a period", lane, line, column, lambda t: t.replace("-", "+", 1))
for lane, line in (("Live", "layoffs_to_fund"), ("Base", "layoff_coverage"), ("AIWorks", "layoff_savings")):
    _edit("wrong operator", lane, line, "D", lambda t: t.replace("/", "*", 1) if "/" in t else t.replace("*", "/", 1))
for lane, line in (("Live", "cluster_capex"), ("Base", "cluster_opex"), ("Company", "layoff_savings")):
    _edit("plug", lane, line, "D", lambda t: f"{t}+1000000")
for lane, line in (("Live", "capex_path"), ("Base", "opex_path"), ("AIWorks", "cluster_cash_flow")):
    _edit("short total", lane, line, "E", lambda t: t.replace("SUM(G", "SUM(H", 1))
for lane, line, column in (
    ("Live", "cluster_cash_flow", "I"),
    ("Base", "depreciation_path", "K"),
    ("ShortLife", "cluster_profit", "J"),
):
    _edit("wrong row in a period", lane, line, column, _one_row_down)
for lane, line in (("Live", "cluster_capex"), ("Base", "annual_cost"), ("AIWorks", "layoff_payback_months")):
    _edit("wrong row", lane, line, "D", _one_row_down)
for lane, line, column in (("Live", "cluster_revenue", "J"), ("Base", "opex_path", "I")):
    _edit("cleared", lane, line, column, lambda _: None)
for lane, other in (("Base", "ShortLife"), ("ShortLife", "Base")):
    _edit("reads another scenario", lane, "annual_cost", "D", lambda t, other=other: _in_another_lane(t, other))
for lane, line in (("Live", "annual_cost"), ("Base", "gpu_hour_cost")):
    _edit("error hidden", lane, line, "D", lambda t: f"=IFERROR({t[1:]},0)")
for lane, line in (("Live", "annual_cost"), ("Base", "layoffs_to_fund")):
    _edit("lost reference", lane, line, "D", lambda t: f"{t}+#REF!")
_edit("moves by itself", "Live", "annual_cost", "D", lambda t: f"{t}*(1+0*NOW())")
_edit("cannot be traced", "Base", "annual_cost", "D", lambda t: f"{t}+OFFSET($D$8,0,0)*0")


def _circle(book: Book) -> None:
    cell = _cell(book, "Live", "gpu_capex")
    cell.value = f"{cell.value}+0*{_cell(book, 'Live', 'cluster_capex').coordinate}"


_add("circle", "Live gpu_capex D", _circle)
_edit("rounded", "Base", "layoffs_to_fund", "D", lambda t: f"=ROUND({t[1:]},-3)")
_edit("doubled operator", "AIWorks", "cluster_opex", "D", lambda t: t.replace("+", "+-", 1))


def _lane_number(lane: str, number: int) -> None:
    _add("scenario of a lane", lane, lambda b: setattr(b.wb[f"Calc_{lane}"]["D2"], "value", number))


_lane_number("ShortLife", 6)
_lane_number("AIWorks", 1)


def _name(name: str, target: str | None) -> None:
    def change(book: Book) -> None:
        if target is None:
            del book.wb.defined_names[name]
        else:
            book.wb.defined_names[name].attr_text = target

    _add("name moved" if target else "name lost", name, change)


for name, row in (("pue", 9), ("utilization", 30), ("layoff_share", 12)):
    _name(name, f"Inputs!$P${row}")
_name("check_errors", None)
_name("first_year", None)


def _sheet(kind: str, sheet: str, change: Callable[[object], None], computes: bool = False) -> None:
    _add(kind, sheet, lambda b: change(b.wb[sheet]), computes)


for sheet, head in (("Checks", "F2"), ("Calc_Base", "A3")):
    _sheet("hidden sheet", sheet, lambda ws: setattr(ws, "sheet_state", "hidden"))
    _sheet("hidden row", sheet, lambda ws: setattr(ws.row_dimensions[40], "hidden", True))
    _sheet("unprotected", sheet, lambda ws: setattr(ws.protection, "sheet", False))
    _sheet("header gone", sheet, lambda ws, head=head: setattr(ws[head], "value", None))
_sheet("hidden column", "Options", lambda ws: setattr(ws.column_dimensions["D"], "hidden", True))
for sheet, at in (("Calc_Live", "D117"), ("Options", "D8")):
    _sheet("unlocked", f"{sheet}", lambda ws, at=at: setattr(ws[at], "protection", Protection(locked=False)))
for at in ("G8", "G30"):
    _add("check switched off", at, lambda b, at=at: setattr(b.wb["Checks"][at], "value", 0))
for at in ("F8", "F30"):
    _add("tolerance loosened", at, lambda b, at=at: setattr(b.wb["Checks"][at], "value", 1.0))


def _base(kind: str, name: str, value: object) -> None:
    def change(book: Book) -> None:
        book.wb["Inputs"][f"{book.layout.scenario_columns['Base']}{book.layout.input_rows[name]}"].value = value

    _add(kind, name, change)


_base("formula in an input", "gpus", "=5000*2")
_base("formula in an input", "pue", "=1+0.15")
_base("number as text", "pue", "1.25")
_base("number as text", "utilization", "0.7")
_base("blank input", "gpu_unit_price", None)
_base("half a choice", "rail_optimised", 0.5)


def _hide_first_result(ws: object) -> None:
    cell = next(c for row in ws.iter_rows(min_row=5) for c in row if c.data_type == "f")
    cell.number_format = ";;;"


for sheet in ("Options", "Afford"):
    _sheet("value hidden by format", sheet, _hide_first_result)
for sheet in ("Inputs",):
    _sheet("validation gone", sheet, lambda ws: ws.data_validations.dataValidation.pop())
_add("calculation manual", "workbook", lambda b: setattr(b.wb.calculation, "calcMode", "manual"), False)
_add("iteration on", "workbook", lambda b: setattr(b.wb.calculation, "iterate", True), False)


def _published_figure(b: object) -> None:
    """Change capital spending of a fiscal year, a constant on the Feed."""
    cells = (c for row in b.wb["Feed"].iter_rows(min_col=4, max_col=4) for c in row)
    next(c for c in cells if c.value == 69_691_000_000).value = 1.0


_add("published figure changed", "a figure on Feed", _published_figure)
