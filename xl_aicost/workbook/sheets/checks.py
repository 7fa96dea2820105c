"""The Checks page: errors (the workbook does not hold together), alerts (look here), sensitivities (a case is on)."""

from __future__ import annotations

from collections.abc import Iterator

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import LIVE, WORKINGS, YEAR_ROW, Lane
from xl_aicost.workbook.page import BODY, Page
from xl_aicost.workbook.sheets import as_built, benchmark
from xl_aicost.workbook.sheets.calculation import YEAR_END_ROW
from xl_aicost.workbook.sheets.inputs import unmoved
from xl_aicost.workbook.sheets.scenario_checks import Check, scenario_checks, sign_changes
from xl_aicost.workbook.sheets.workings import Workings
from xl_aicost.workbook.style import CLASS_COLOURS, colours

SHEET = "Checks"
HEADS = (
    "What is checked",
    "If apart",
    "One side",
    "Other side",
    "Tolerance",
    "Result",
    "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}Where to look",
)
COLUMNS = (560, 70, 140, 140, 80, 70, 150)  # pixels
SEVERITIES = {"error": "fails", "alert": "to note", "sensitivity": "a setting"}  # what it means that two sides differ
ID, COUNTED, TOTALS = "J", "K", "L"  # hidden columns
FIRST_ROW = BODY + 1
STATUS = (FIRST_ROW + 4, 12)  # row and column of OK or ERROR
RESULT = 7  # column
LINE = 96  # characters of what is checked that fit into a line
SIDE = "[>=1000]#,##0;0.0000"


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
            f"What is shown equals its scenario's own sheet, where nothing is typed: {layout.meaning(line).label}",
            "error",
            f"{live}*({has_lane})*{untyped}",
            f"({parts})*{untyped}",
            LIVE.sheet,
        )
    work = Workings(book)
    for line in book.template.sensitivity:
        yield Check(
            f"workings_{line}",
            f"Sensitivity, with no input moved, equals what is shown: {layout.meaning(line).label}",
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
    yield Check(
        "construction",
        "The cluster is built within the horizon",
        "alert",
        f"MAX({layout.cell(LIVE, 'build_year_count')},{periods}/periods_per_year)",
        f"{periods}/periods_per_year",
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
    return tuple(f"{SHEET}!${c}${FIRST_ROW}:${c}${last}" for c in ("B", COUNTED))  # type: ignore[return-value]


def in_short() -> str:
    """Return the expression of how many checks hold, fail and are to be looked at."""
    return 'IF(check_errors=0,checks_held&" checks hold and none fails; ",check_errors&" checks fail: see below; ")&checks_noted&" to note."'


def add_checks(book: Book) -> None:
    """Write the Checks page and the names that heads and the Answer show."""
    question = '"Does the workbook hold together? Each check compares two sides; what fails is red, what to look at is marked."'
    title = 'subject_title&": checks"'
    page = Page(book, SHEET, title, question, in_short(), COLUMNS)
    page.ws.sheet_properties.tabColor = CLASS_COLOURS["check"]
    page.table_head(BODY, dict(zip("BCDEFGH", HEADS, strict=True)), "DEFG")
    page.put(f"{ID}{BODY}", "Id", "Head")
    page.put(f"{COUNTED}{BODY}", "Failed or to note so far", "Head")
    row = BODY
    for row, check in enumerate(checks(book), FIRST_ROW):
        page.put(f"B{row}", check.what, "Dense wrapped")
        page.put(f"C{row}", SEVERITIES[check.kind], "Dense note")
        page.put(f"D{row}", f"={check.left}", "Dense right", SIDE)
        page.put(f"E{row}", f"={check.right}", "Dense right", SIDE)
        page.put(f"F{row}", check.tolerance, "Dense right", "0E+00")
        apart = f"(ABS(D{row}-E{row})>F{row}*MAX(1,ABS(D{row}),ABS(E{row})))*1"
        unknown = f"2*(missing_inputs*ISNA(D{row}+E{row})>0)"  # an error must not hide in an error
        failed = f'=CHOOSE(1+(COUNT(D{row}:E{row})=2)+{unknown},1,{apart},"n/a")'
        page.put(f"G{row}", failed, "Dense right", '"look";;"ok"' if check.kind != "error" else '"FAILS";;"ok"')
        page.put(f"H{row}", check.where, "Dense note")
        page.put(f"{ID}{row}", check.id, "Dense note")
        before = f"{COUNTED}{row - 1}+" if row > FIRST_ROW else ""
        page.put(
            f"{COUNTED}{row}", f'={before}IF(AND(G{row}=1,C{row}<>"{SEVERITIES["sensitivity"]}"),1,0)', "Dense", "0"
        )
        page.heights(row, 27 if len(check.what) > LINE else 15)
    _add_totals(page, row)
    hue = colours(book.template.brand)
    page.colour(
        f"G{FIRST_ROW}:G{row}", f'AND($G{FIRST_ROW}=1,$C{FIRST_ROW}="{SEVERITIES["error"]}")', "C00000", "FBE3E3"
    )
    page.colour(f"G{FIRST_ROW}:G{row}", f"$G{FIRST_ROW}=1", hue["cut"])
    for column in (ID, COUNTED, TOTALS):
        page.ws.column_dimensions[column].hidden = True
    page.finish(row, f"C{FIRST_ROW}", one_page=False)
    page.ws.print_title_rows = f"{BODY}:{BODY}"


def _add_totals(page: Page, last: int) -> None:
    """Write, in a hidden column, how many checks fail, hold and are to be looked at, and name the cells."""
    book, kinds, results = page.book, f"C{FIRST_ROW}:C{last}", f"G{FIRST_ROW}:G{last}"
    totals = {
        "missing_inputs": "+".join(_missing(book, lane) for lane in book.layout.lanes),
        "check_errors": f'SUMIFS({results},{kinds},"{SEVERITIES["error"]}")',
        "checks_held": f"COUNTIF({results},0)",
        "checks_noted": f'SUMIFS({results},{kinds},"{SEVERITIES["alert"]}")',
        "check_status": 'IF(check_errors=0,"OK","ERROR")',
    }
    page.put(f"{TOTALS}{BODY}", "Totals", "Head")
    for row, (name, total) in enumerate(totals.items(), FIRST_ROW):
        page.put(f"{TOTALS}{row}", f"={total}", "Dense", "0")
        book.name(name, f"{SHEET}!${TOTALS}${row}")
