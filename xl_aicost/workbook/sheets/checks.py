"""The Checks sheet: errors (the workbook does not hold together), alerts (look here), sensitivities (a case is on)."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import LIVE, WORKINGS, YEAR_ROW, Lane
from xl_aicost.workbook.sheets import as_built, benchmark
from xl_aicost.workbook.sheets.calculation import YEAR_END_ROW
from xl_aicost.workbook.sheets.inputs import unmoved
from xl_aicost.workbook.sheets.scenario_checks import Check, scenario_checks, sign_changes
from xl_aicost.workbook.sheets.workings import Workings
from xl_aicost.workbook.style import finish, heads, widths
from xl_aicost.xlsx.cells import put

HEADS = ("Id", "What is checked", "Kind", "One side", "Other side", "Tolerance", "Result", "Where to look")
FIRST_ROW = 6


def checks(book: Book) -> Iterator[Check]:
    """Yield the checks of a workbook."""
    for lane in book.layout.lanes:
        yield from scenario_checks(book, lane)
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
    untyped = f"(COUNT({layout.input_range('typed')})=0)"  # a typed value moves the live lane alone
    for line in ("cluster_capex", "cluster_opex", "layoffs_to_fund", "cluster_npv", "option_b_value_advantage"):
        parts = "+".join(f"(scenario_number={x.sheet}!$D$2)*{layout.cell(x, line)}" for x in shown)
        has_lane = "+".join(f"(scenario_number={x.sheet}!$D$2)" for x in shown)
        live = layout.cell(LIVE, line)
        yield Check(
            f"live_{line}",
            f"The live lane equals the lane of its scenario, where it has one and nothing is typed: {line}",
            "error",
            f"{live}*({has_lane})*{untyped}",
            f"({parts})*{untyped}",
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
        "Every input has a Base, and what is used now is inside its limits",
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
        f"MAX(1,{sign_changes(book, LIVE)})",
        "1",
        LIVE.sheet,
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
    typed = f"COUNT({layout.input_range('typed')})"
    yield Check("typed", "No input has a value of yours", "sensitivity", typed, "0", "Inputs")
    base = str(layout.scenarios.index("Base") + 1)
    yield Check("scenario", "The scenario shown is Base", "sensitivity", "scenario_number", base, "Inputs")
    yield Check(
        "one_life",
        "Companies are at their own depreciation policy",
        "sensitivity",
        'IF(company_life="own policy",0,1)',
        "0",
        "Inputs",
    )
    moved = f"IF({unmoved(as_built.STAMP)},0,1)"
    yield Check("moved", "No input or choice was changed since the file was made", "sensitivity", moved, "0", "Inputs")


NO_RATIO = {"gpus": 0, "utilization": 0, "gpu_unit_price": 0, "run_days": 0, "ai_spend": 0, "layoff_share": 1}


def _missing(book: Book, lane: Lane) -> str:
    """Return the formula of how many inputs of a lane are n/a, or at a limit at which some ratio is n/a."""
    rows = [book.layout.rows[i] for i in book.assumptions]
    limits = ((book.layout.cell(lane, i), value) for i, value in NO_RATIO.items())
    at_limit = "+".join(f"IF(ISNUMBER({cell}),({cell}={value})*1,0)" for cell, value in limits)
    return f"{len(rows)}-COUNT({lane.sheet}!$D${min(rows)}:$D${max(rows)})+{at_limit}"


def noted_ranges(book: Book) -> tuple[str, str]:
    """Return the cells of what is checked, and of the number of checks so far that fail or are to be looked at."""
    last = FIRST_ROW + sum(1 for _ in checks(book)) - 1
    return tuple(f"Checks!${c}${FIRST_ROW}:${c}${last}" for c in "BJ")  # type: ignore[return-value]


def add_checks(book: Book) -> None:
    """Write the Checks sheet and the names that heads and the Answer show."""
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
        before = f"J{row - 1}+" if row > FIRST_ROW else ""
        put(ws, f"J{row}", f'={before}IF(AND(G{row}=1,C{row}<>"sensitivity"),1,0)', "Calculation", "0")
        ws.row_dimensions[row].height = 28 if len(check.what) > 62 else 14
    put(ws, "D4", f'=SUMIFS(G{FIRST_ROW}:G{row},C{FIRST_ROW}:C{row},"error")', "Total", "0")
    put(ws, "G4", '=IF(D4=0,"OK","ERROR")', "Total")
    put(ws, "B3", "Inputs not on file, or at a limit where a ratio is n/a; all lanes", "Label")
    put(ws, "D3", "=" + "+".join(_missing(book, lane) for lane in book.layout.lanes), "Calculation", "0")
    book.name("missing_inputs", "Checks!$D$3")
    held, noted = f"COUNTIF(G{FIRST_ROW}:G{row},0)", f'SUMIFS(G{FIRST_ROW}:G{row},C{FIRST_ROW}:C{row},"alert")'
    for at, (name, text, count) in enumerate(
        (("checks_held", "Checks that hold", held), ("checks_noted", "Alerts to look at", noted)), 3
    ):
        put(ws, f"H{at}", f"={count}", "Total", "0")
        put(ws, f"I{at}", text, "Label")
        book.name(name, f"Checks!$H${at}")
    book.name("check_errors", "Checks!$D$4")
    book.name("check_status", "Checks!$G$4")
    red = {"font": Font(color="C00000", bold=True), "fill": PatternFill("solid", bgColor="FBE3E3")}
    ws.conditional_formatting.add(f"G{FIRST_ROW}:G{row}", CellIsRule(operator="equal", formula=["1"], **red))
    widths(ws, 32, 62, 12, 24, 24, 11, 10, 18)
    finish(ws, "1:5", "C6")
