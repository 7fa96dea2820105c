"""The Checks sheet: errors (the workbook does not hold together), alerts (look here), sensitivities (a case is on)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import LANES, Lane
from xl_aicost.workbook.style import finish, heads, put, widths

TOLERANCE = 1e-9
HEADS = ("Id", "What is checked", "Kind", "One side", "Other side", "Tolerance", "Result", "Where to look")


@dataclass(frozen=True)
class Check:
    """Two formulas that must agree, relative to their size."""

    id: str
    what: str
    kind: str
    left: str
    right: str
    where: str


def checks(book: Book) -> Iterator[Check]:
    """Yield the checks of a workbook."""
    for lane in LANES:
        yield from _lane_checks(book, lane)
    live, layout = LANES[0], book.layout
    for line in ("cluster_capex", "cluster_opex", "layoffs_to_fund", "cluster_npv"):
        lanes = ",".join(layout.cell(lane, line) for lane in LANES[1:4])
        articles = ",".join(layout.cell(lane, line) for lane in LANES[4:])
        choice = f"CHOOSE(scenario_number,{lanes},{layout.cell(live, line)},{articles})"
        yield Check(
            f"live_{line}",
            "The live lane equals the lane of its scenario",
            "error",
            layout.cell(live, line),
            choice,
            "Inputs",
        )
    first, last = min(layout.input_rows.values()), max(layout.input_rows.values())
    yield Check(
        "limits", "Every live input is inside its limits", "error", f"SUM(Inputs!N{first}:N{last})", "0", "Inputs"
    )
    yield Check(
        "sources",
        "Every source of a company figure is on file",
        "alert",
        'COUNTIF(Companies!S6:S200,"")-COUNTIF(Companies!A6:A200,"")',
        "0",
        "Companies",
    )
    capacity = layout.cell(live, "release_capacity_share")
    yield Check("capacity", "A release fits into a year of the cluster", "alert", f"MAX(1,{capacity})", "1", "Returns")
    hours = f"{layout.cell(live, 'gpu_hour_cost')}*utilization"
    yield Check(
        "gpu_hour",
        "Cost of a GPU hour at full use lies between 1 and 3 dollars",
        "alert",
        f"MIN(3,MAX(1,{hours}))",
        hours,
        "Returns",
    )
    people = layout.cell(live, "layoff_share_to_fund")
    yield Check(
        "people",
        "There are enough people to fund the AI spending by cuts",
        "alert",
        f"MAX(1,{people})",
        "1",
        "Workforce",
    )
    yield Check(
        "custom",
        "No input of the Custom scenario is filled",
        "sensitivity",
        f"COUNT(Inputs!H{first}:H{last})",
        "0",
        "Inputs",
    )
    yield Check("scenario", "The scenario shown is Base", "sensitivity", "scenario_number", "2", "Inputs")


def _lane_checks(book: Book, lane: Lane) -> Iterator[Check]:
    layout = book.layout

    def cell(line: str) -> str:
        return layout.cell(lane, line)

    def total(line: str) -> str:
        return f"SUM({layout.row_range(lane, line)})"

    def last(line: str) -> str:
        return layout.cell(lane, line, layout.last)

    def check(name: str, what: str, left: str, right: str) -> Check:
        return Check(f"{lane.sheet}_{name}", f"{lane.title}: {what}", "error", left, right, lane.sheet)

    flows = f"{total('book_value_opening')}+{total('capex_path')}-{total('depreciation_path')}"
    yield check(
        "corkscrew", "opening book value + capex - depreciation = closing, in all years", flows, total("book_value")
    )
    yield check("fleet", "GPUs in service at the end = GPUs ever added", last("gpus_in_service"), total("gpus_added"))
    yield check(
        "profit",
        "cash flow = profit - book value at the end",
        total("cluster_cash_flow"),
        f"{total('cluster_profit')}-{last('book_value')}",
    )
    costs = ("electricity_cost", "real_estate_cost", "engineers_cost", "maintenance_cost")
    yield check("opex", "operating costs add up", cell("cluster_opex"), "+".join(map(cell, costs)))
    yield check(
        "facility",
        "parts of the facility = power x cost per MW",
        cell("facility_capex"),
        f"{cell('it_mw')}*{cell('facility_cost_per_mw')}",
    )
    yield check(
        "capex",
        "capital cost = GPUs, servers, network, cables and facility",
        cell("cluster_capex"),
        "+".join(map(cell, ("gpu_capex", "server_capex", "network_capex", "cabling_capex", "facility_capex"))),
    )
    factors = layout.row_range(lane, "discount_factor")
    advantage = f"SUMPRODUCT({layout.row_range(lane, 'option_b_advantage')},{factors})"
    yield check(
        "options",
        "present value of the difference = difference of the present values",
        cell("option_b_value_advantage"),
        advantage,
    )
    yield check(
        "jobs",
        "jobs to fund x cost of a job = AI spending",
        f"{cell('layoffs_to_fund')}*{cell('loaded_cost')}",
        cell("ai_spend"),
    )


def add_checks(book: Book) -> None:
    """Write the Checks sheet and the names that every header shows."""
    ws = book.sheet("Checks", "Checks", "C00000")
    put(ws, "B4", "Checks of kind error that fail", "Label")
    put(ws, "E4", "Shown in every header", "Label")
    heads(ws, HEADS)
    row = 5
    for row, check in enumerate(checks(book), 6):
        put(ws, f"A{row}", check.id, "Note")
        put(ws, f"B{row}", check.what, "Text")
        put(ws, f"C{row}", check.kind, "Label")
        put(ws, f"D{row}", f"={check.left}", "Calculation", "#,##0.0000")
        put(ws, f"E{row}", f"={check.right}", "Calculation", "#,##0.0000")
        put(ws, f"F{row}", TOLERANCE, "Given", "0E+00")
        close = f"ABS(D{row}-E{row})<=F{row}*MAX(1,ABS(D{row}),ABS(E{row}))"
        put(ws, f"G{row}", f"=IF({close},0,1)", "Verdict", '"look";;"ok"' if check.kind != "error" else '"ERROR";;"ok"')
        put(ws, f"H{row}", check.where, "Label")
    put(ws, "D4", f'=SUMIFS(G6:G{row},C6:C{row},"error")', "Total", "0")
    put(ws, "G4", '=IF(D4=0,"OK","ERROR")', "Total")
    book.name("check_errors", "Checks!$D$4")
    book.name("check_status", "Checks!$G$4")
    widths(ws, 28, 62, 12, 24, 24, 11, 10, 18)
    finish(ws, "1:5", "C6")
