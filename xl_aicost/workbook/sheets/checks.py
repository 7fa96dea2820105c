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
    periods = f"COUNT({layout.time_range(YEAR_ROW)})"
    life, building = (layout.cell(LIVE, n) for n in ("life_periods", "facility_life_periods"))
    yield Check(
        "horizon",
        "The horizon is at least one hardware life, so that a refresh is seen",
        "alert",
        f"MAX({life},{periods})",
        periods,
        "Time",
    )
    yield Check(
        "building",
        "The horizon is no longer than the life of the building, which is not renewed",
        "alert",
        f"MAX({building},{periods})",
        building,
        "Time",
    )
    share = layout.cell(LIVE, "option_a_ai_share")
    yield Check(
        "ai_share",
        "Option A leaves something for AI: people cost less than all of it",
        "alert",
        f"MIN(0,{share})",
        "0",
        LIVE.sheet,
    )
    yield Check(
        "rates",
        "There is one rate of return: cash to date changes its sign once at most",
        "alert",
        f"MAX(1,{_sign_changes(book, LIVE)})",
        "1",
        LIVE.sheet,
    )
    yield from _one_answer(book)
    yield Check(
        "margin",
        "The cluster earns more than it costs to run",
        "alert",
        f"MIN(0,{layout.cell(LIVE, 'cluster_margin')})",
        "0",
        LIVE.sheet,
    )


def _sign_changes(book: Book, lane: Lane) -> str:
    """Return the formula of how often cash to date changes its sign, from date to date."""
    dates, row = book.layout.dates(), book.layout.rows["cumulative_dated_flow"]
    before, after = (f"{lane.sheet}!${a}${row}:${b}${row}" for a, b in ((dates[0], dates[-2]), (dates[1], dates[-1])))
    return f"SUMPRODUCT(({before}*{after}<0)*1)"


def _one_answer(book: Book) -> Iterator[Check]:
    """Yield the checks that NPV, rate of return, payback and cumulative cash tell one story."""
    npv, rate, irr, payback, cash = (
        book.layout.cell(LIVE, n)
        for n in ("cluster_npv", "discount_rate", "cluster_irr", "payback_years", "total_cash_flow")
    )
    clear = f"ISNUMBER({irr})*({_sign_changes(book, LIVE)}<=1)"
    yield Check(
        "npv_and_irr",
        "NPV is positive where the rate of return is above the discount rate",
        "alert",
        f"IF({clear},({irr}>{rate})*1,0)",
        f"IF({clear},({npv}>0)*1,0)",
        LIVE.sheet,
    )
    yield Check(
        "payback",
        "It pays back within the horizon where cash over the horizon is not negative, and nowhere else",
        "error",
        f"IF(ISNUMBER({payback}),1,0)",
        f"IF({cash}<0,0,1)",
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

    def check(name: str, what: str, left: str, right: str, tolerance: float = TOLERANCE) -> Check:
        return Check(f"{lane.sheet}_{name}", f"{lane.title}: {what}", "error", left, right, lane.sheet, tolerance)

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
    proceeds = total("resale_proceeds")
    yield difference(
        "cash",
        "cash flow to date at the end = revenue + sales - operating cost - capex",
        f"{last('cumulative_cash_flow')}+{paid}",
        f"{revenue}+{proceeds}",
        revenue,
        paid,
    )
    yield check(
        "book",
        "no book value is below zero, as a share of the capital cost",
        f"MIN(0,{layout.row_range(lane, 'book_value')})/MAX(1,{cell('cluster_capex')})",
        "0",
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
    flow, dates = layout.row_range(lane, "cluster_dated_flow"), layout.date_range(lane)
    yield difference(
        "npv",
        "present value of the cluster = its flow at dates, discounted",
        cell("cluster_npv"),
        f"SUMPRODUCT({flow},{layout.row_range(lane, 'date_factor')})",
        *map(cell, ("cluster_revenue_value", "cluster_cost_value")),
    )
    at_rate = f"SUMPRODUCT({flow},(1+{cell('cluster_irr')})^(-{dates}/periods_per_year))/MAX(1,{cell('cluster_capex')})"
    yield check(
        "irr",
        "present value at the rate of return is nothing, as a share of the capital cost",
        f"IF(ISNUMBER({cell('cluster_irr')}),{at_rate},0)",
        "0",
        1e-6,
    )
    programme, payroll, severance = map(cell, ("programme_cost_value", "payroll_value", "severance_due"))
    yield check(
        "same_cash",
        "both options spend the same present cash",
        f"{cell('option_a_ai_share')}*{programme}+{payroll}",
        f"{programme}+{severance}",
    )
    freed, lost = f"{cell('cut_value')}*{cell('ai_return_ratio')}", cell("lost_work_value")
    yield difference(
        "closed_form",
        "B less A = what the freed cash earns in AI - what the lost work was worth",
        cell("option_b_value_advantage"),
        f"{freed}-{cell('output_multiple')}*{lost}",
        programme,
        f"{cell('output_multiple')}*{payroll}",
    )
    breakeven = cell("breakeven_output_multiple")
    yield check(
        "breakeven",
        "at the break-even output the lost work is worth what the freed cash earns in AI",
        f"IF(ISNUMBER({breakeven}),{breakeven}*{lost},0)",
        f"IF(ISNUMBER({breakeven}),{freed},0)",
    )
    share = f"{cell('it_capex')}/{cell('cluster_capex')}"
    yield check(
        "depreciation",
        "depreciation of the AI spending = by its shares of IT equipment and building",
        cell("ai_depreciation"),
        f"{cell('ai_spend')}*({share}/{cell('useful_life')}+(1-{share})/{cell('facility_life')})",
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


def _missing(book: Book, lane: Lane) -> str:
    """Return the formula of how many inputs of a lane are n/a."""
    rows = [book.layout.rows[i] for i in book.assumptions]
    return f"{len(rows)}-COUNT({lane.sheet}!$D${min(rows)}:$D${max(rows)})"


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
        unknown = f"2*(missing_inputs*ISNA(D{row}+E{row})>0)"  # an error must not hide in an error
        failed = f'=CHOOSE(1+(COUNT(D{row}:E{row})=2)+{unknown},1,{apart},"n/a")'
        put(ws, f"G{row}", failed, "Verdict", '"look";;"ok"' if check.kind != "error" else '"ERROR";;"ok"')
        put(ws, f"H{row}", check.where, "Label")
        ws.row_dimensions[row].height = 28 if len(check.what) > 62 else 14
    put(ws, "D4", f'=SUMIFS(G{FIRST_ROW}:G{row},C{FIRST_ROW}:C{row},"error")', "Total", "0")
    put(ws, "G4", '=IF(D4=0,"OK","ERROR")', "Total")
    put(ws, "B3", "Inputs that are not on file, all lanes", "Label")
    put(ws, "D3", "=" + "+".join(_missing(book, lane) for lane in book.layout.lanes), "Calculation", "0")
    book.name("missing_inputs", "Checks!$D$3")
    book.name("check_errors", "Checks!$D$4")
    book.name("check_status", "Checks!$G$4")
    red = {"font": Font(color="C00000", bold=True), "fill": PatternFill("solid", bgColor="FBE3E3")}
    ws.conditional_formatting.add(f"G{FIRST_ROW}:G{row}", CellIsRule(operator="equal", formula=["1"], **red))
    widths(ws, 32, 62, 12, 24, 24, 11, 10, 18)
    finish(ws, "1:5", "C6")
