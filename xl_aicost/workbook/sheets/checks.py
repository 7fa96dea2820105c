"""The Checks sheet: errors (the workbook does not hold together), alerts (look here), sensitivities (a case is on)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import LIVE, WORKINGS, YEAR_ROW, Lane
from xl_aicost.workbook.sheets import as_built, benchmark
from xl_aicost.workbook.sheets.calculation import YEAR_END_ROW
from xl_aicost.workbook.sheets.inputs import unmoved
from xl_aicost.workbook.sheets.sensitivity import Workings
from xl_aicost.workbook.style import finish, heads, widths
from xl_aicost.xlsx.cells import put

TOLERANCE = 1e-9
HEADS = ("Id", "What is checked", "Kind", "One side", "Other side", "Tolerance", "Result", "Where to look")
FIRST_ROW = 6


@dataclass(frozen=True)
class Check:
    """Two formulas that must agree, relative to their size."""

    id: str
    what: str
    kind: str
    left: str
    right: str
    where: str
    tolerance: float = TOLERANCE


def checks(book: Book) -> Iterator[Check]:
    """Yield the checks of a workbook."""
    for lane in book.layout.lanes:
        yield from _lane_checks(book, lane)
    yield from _live_checks(book)
    yield from _time_checks(book)
    yield Check(
        "benchmark",
        "Epoch AI's published cost of training GPT-4 follows from its published inputs",
        "error",
        *benchmark.sides(book),
        benchmark.SHEET,
        1e-6,
    )
    yield from _alerts(book)
    yield from _sensitivities(book)


def _live_checks(book: Book) -> Iterator[Check]:
    layout = book.layout
    shown = [x for x in layout.lanes if x.column is not None]
    for line in ("cluster_capex", "cluster_opex", "layoffs_to_fund", "cluster_npv", "option_b_value_advantage"):
        parts = "+".join(f"(scenario_number={x.sheet}!$D$2)*{layout.cell(x, line)}" for x in shown)
        has_lane = "+".join(f"(scenario_number={x.sheet}!$D$2)" for x in shown)
        live = layout.cell(LIVE, line)
        yield Check(
            f"live_{line}",
            f"The live lane equals the lane of its scenario, where it has one: {line}",
            "error",
            f"{live}*({has_lane})",
            parts,
            LIVE.sheet,
        )
    work = Workings(book)
    for line in book.template.sensitivity:
        yield Check(
            f"workings_{line}",
            f"The workings of the sensitivity, nothing replaced, equal the live lane: {line}",
            "error",
            f"{WORKINGS}!$D${work.rows[line]}",
            layout.cell(LIVE, line),
            WORKINGS,
        )
    yield Check(
        "limits",
        "Every live input is inside its limits",
        "error",
        f"SUM({layout.input_range('outside')})",
        "0",
        "Inputs",
    )


def _time_checks(book: Book) -> Iterator[Check]:
    layout = book.layout
    yield Check(
        "time_axis",
        "The time axis has a year end for each year",
        "error",
        f"SUM({layout.time_range(YEAR_END_ROW)})",
        f"COUNT({layout.time_range(YEAR_ROW)})/periods_per_year",
        "Time",
    )
    first, last = layout.axis.first, layout.last
    yield Check(
        "years",
        "The last year is the first plus the horizon",
        "error",
        f"Time!${last}${YEAR_ROW}-Time!${first}${YEAR_ROW}+1",
        f"COUNT({layout.time_range(YEAR_ROW)})/periods_per_year",
        "Time",
    )


def _alerts(book: Book) -> Iterator[Check]:
    layout = book.layout
    capacity = layout.cell(LIVE, "release_capacity_share")
    yield Check("capacity", "A release fits into a year of the cluster", "alert", f"MAX(1,{capacity})", "1", LIVE.sheet)
    hours = f"{layout.cell(LIVE, 'gpu_hour_cost')}*utilization"
    yield Check(
        "gpu_hour",
        "Cost of a GPU hour at full use lies between 1 and 2 dollars",
        "alert",
        f"MIN(2,MAX(1,{hours}))",
        hours,
        LIVE.sheet,
    )
    people = layout.cell(LIVE, "layoff_share_to_fund")
    yield Check(
        "people",
        "There are enough people to fund the AI spending by cuts",
        "alert",
        f"MAX(1,{people})",
        "1",
        LIVE.sheet,
    )
    life = layout.cell(LIVE, "refresh_periods")
    yield Check(
        "horizon",
        "The horizon is at least one hardware life, so that a refresh is seen",
        "alert",
        f"MAX({life},COUNT({layout.time_range(YEAR_ROW)}))",
        f"COUNT({layout.time_range(YEAR_ROW)})",
        "Time",
    )
    yield Check(
        "margin",
        "The cluster earns more than it costs to run",
        "alert",
        f"MIN(0,{layout.cell(LIVE, 'cluster_margin')})",
        "0",
        LIVE.sheet,
    )


def _sensitivities(book: Book) -> Iterator[Check]:
    layout = book.layout
    custom = f"COUNT({layout.input_range('Custom')})"
    yield Check("custom", "No input of the Custom scenario is filled", "sensitivity", custom, "0", "Inputs")
    base = str(layout.scenarios.index("Base") + 1)
    yield Check("scenario", "The scenario shown is Base", "sensitivity", "scenario_number", base, "Control")
    yield Check(
        "one_life",
        "Companies are at their own depreciation policy",
        "sensitivity",
        'IF(company_life="own policy",0,1)',
        "0",
        "Control",
    )
    moved = f"IF({unmoved(as_built.STAMP)},0,1)"
    yield Check("moved", "No input or choice was changed since the file was made", "sensitivity", moved, "0", "Inputs")


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

    def difference(name: str, what: str, left: str, right: str, *sizes: str) -> Check:
        """Compare what large flows leave: with the flows, for what cancels has only some of their digits."""
        return check(
            name, f"{what}, as a share of the largest flow", f"({left}-({right}))/MAX(1,{','.join(sizes)})", "0"
        )

    paid, revenue = f"{total('opex_path')}+{total('capex_path')}", total("cluster_revenue")
    yield check(
        "book_value",
        "opening book value + capex = closing + depreciation, all periods",
        f"{total('book_value_opening')}+{total('capex_path')}",
        f"{total('book_value')}+{total('depreciation_path')}",
    )
    yield check(
        "fleet",
        "GPUs opening + bought = in service + retired, all periods",
        f"{total('gpus_opening')}+{total('gpus_bought')}",
        f"{total('gpus_in_service')}+{total('gpus_retired')}",
    )
    yield check("added", "GPUs in service at the end = GPUs ever added", last("gpus_in_service"), total("gpus_added"))
    yield check(
        "bought",
        "GPUs bought = added + renewed",
        total("gpus_bought"),
        f"{total('gpus_added')}+{total('gpus_renewed')}",
    )
    yield difference(
        "profit",
        "cash flow + book value at the end = profit: the cash view and the profit view reconcile",
        f"{total('cluster_cash_flow')}+{last('book_value')}",
        total("cluster_profit"),
        revenue,
        paid,
    )
    yield difference(
        "cash",
        "cash flow to date at the end = revenue - operating cost - capex",
        f"{last('cumulative_cash_flow')}+{paid}",
        revenue,
        revenue,
        paid,
    )
    costs = ("electricity_cost", "real_estate_cost", "engineers_cost", "maintenance_cost")
    yield check("opex", "operating costs add up", cell("cluster_opex"), "+".join(map(cell, costs)))
    yield check(
        "facility",
        "parts of the facility = power x cost per MW",
        cell("facility_capex"),
        f"{cell('gpus')}*{cell('kw_per_gpu')}/1000*{cell('build_cost_per_mw')}*(1+{cell('ai_ready_premium')})",
    )
    yield check(
        "capex",
        "capital cost = GPUs, servers, network, cables and facility",
        cell("cluster_capex"),
        "+".join(map(cell, ("gpu_capex", "server_capex", "network_capex", "cabling_capex", "facility_capex"))),
    )
    yield check(
        "hour",
        "cost of a GPU hour x hours = depreciation + operating cost",
        f"{cell('gpu_hour_cost')}*{cell('gpus')}*{cell('utilization')}*8760",
        f"{cell('it_capex')}/{cell('useful_life')}+{cell('facility_capex')}/{cell('facility_life')}"
        f"+{cell('cluster_opex')}",
    )
    factors = layout.row_range(lane, "discount_factor")
    discounted = [
        f"SUMPRODUCT({layout.row_range(lane, n)},{factors})" for n in ("cluster_revenue", "opex_path", "capex_path")
    ]
    yield difference(
        "npv",
        "present value of the cluster = discounted revenue - operating cost - capex",
        cell("cluster_npv"),
        "-".join(discounted),
        *discounted,
    )
    options = ",".join(layout.row_range(lane, n) for n in ("option_a_cash_flow", "option_b_cash_flow"))
    yield difference(
        "options",
        "present value of the difference = difference of the present values",
        cell("option_b_value_advantage"),
        f"SUMPRODUCT({layout.row_range(lane, 'option_b_advantage')},{factors})",
        f"MAX({options})*MAX(1,{factors})",
        f"-MIN({options})*MAX(1,{factors})",
    )
    yield check(
        "breakeven",
        "at the break-even cut, what is saved pays for the part of the programme that Option A drops",
        f"{cell('breakeven_layoff_share')}/{cell('layoff_share')}*({cell('payroll_value')}-{cell('severance_value')})",
        f"({cell('option_a_ai_share')}-1)*{cell('programme_value')}",
    )
    yield check(
        "jobs",
        "jobs to fund x cost of a job = AI spending",
        f"{cell('layoffs_to_fund')}*{cell('loaded_cost')}",
        cell("ai_spend"),
    )
    yield check(
        "coverage",
        "what the cut covers x AI spending = jobs cut x cost of a job",
        f"{cell('layoff_coverage')}*{cell('ai_spend')}",
        f"{cell('headcount')}*{cell('layoff_share')}*{cell('loaded_cost')}",
    )
    yield Check(
        f"{lane.sheet}_as_built",
        f"{lane.title}: with the inputs of the build, every line is what numpy computed",
        "error",
        as_built.differences(book, lane),
        "0",
        as_built.SHEET,
    )


def add_checks(book: Book) -> None:
    """Write the Checks sheet and the names that every header shows."""
    ws = book.sheet("Checks", "Checks", "check")
    put(ws, "B4", "Checks of kind error that fail", "Label")
    put(ws, "E4", "Shown in every header", "Label")
    heads(ws, HEADS)
    row = FIRST_ROW - 1
    for row, check in enumerate(checks(book), FIRST_ROW):
        put(ws, f"A{row}", check.id, "Note")
        put(ws, f"B{row}", check.what, "Text")
        put(ws, f"C{row}", check.kind, "Label")
        put(ws, f"D{row}", f"={check.left}", "Calculation", "#,##0.0000")
        put(ws, f"E{row}", f"={check.right}", "Calculation", "#,##0.0000")
        put(ws, f"F{row}", check.tolerance, "Given", "0E+00")
        apart = f"(ABS(D{row}-E{row})>F{row}*MAX(1,ABS(D{row}),ABS(E{row})))*1"
        failed = f"=IF(COUNT(D{row}:E{row})=2,{apart},1)"  # an error must not hide in an error
        put(ws, f"G{row}", failed, "Verdict", '"look";;"ok"' if check.kind != "error" else '"ERROR";;"ok"')
        put(ws, f"H{row}", check.where, "Label")
        ws.row_dimensions[row].height = 28 if len(check.what) > 62 else 14
    put(ws, "D4", f'=SUMIFS(G{FIRST_ROW}:G{row},C{FIRST_ROW}:C{row},"error")', "Total", "0")
    put(ws, "G4", '=IF(D4=0,"OK","ERROR")', "Total")
    book.name("check_errors", "Checks!$D$4")
    book.name("check_status", "Checks!$G$4")
    red = {"font": Font(color="C00000", bold=True), "fill": PatternFill("solid", bgColor="FBE3E3")}
    ws.conditional_formatting.add(f"G{FIRST_ROW}:G{row}", CellIsRule(operator="equal", formula=["1"], **red))
    widths(ws, 32, 62, 12, 24, 24, 11, 10, 18)
    finish(ws, "1:5", "C6")
