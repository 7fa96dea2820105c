"""The Checks page: errors (the workbook does not hold together), alerts (look here), sensitivities (a case is on)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import LIVE, WORKINGS, YEAR_ROW, Lane
from xl_aicost.workbook.page import BODY, Page
from xl_aicost.workbook.sheets import as_built, benchmark
from xl_aicost.workbook.sheets.calculation import YEAR_END_ROW
from xl_aicost.workbook.sheets.inputs import unmoved
from xl_aicost.workbook.sheets.scenario_checks import Check, scenario_checks, sign_changes
from xl_aicost.workbook.sheets.workings import Workings
from xl_aicost.workbook.style import CLASS_COLOURS, colours
from xl_aicost.workbook.template import BASE

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


LIVE_LINES = ("cluster_capex", "cluster_opex", "layoffs_to_fund", "cluster_npv", "option_b_value_advantage")
WHAT = {
    "limits": "Every input has a Base, and what is used now is inside its limits",
    "chosen": "The scenario chosen on Inputs is one of the workbook's",
    "time_axis": "The time axis has a year end for each year",
    "years": "The last year is the first plus the horizon",
    "capacity": "A release fits into a year of the cluster",
    "gpu_hour": "Cost of a GPU-hour at full use lies between 1 and 2 US dollars",
    "people": "There are enough people to fund the AI spending by cuts",
    "horizon": "The horizon is at least one hardware life, so that a renewal is seen",
    "building": "The horizon is no longer than the life of the building, which is not renewed",
    "construction": "The cluster is built within the horizon",
    "ai_share": "Option A leaves something for AI: people cost less than all of it",
    "rates": "There is one rate of return: cash to date changes its sign once at most",
    "margin": "The cluster earns more than it costs to run",
    "typed": "No input has a value of yours",
    "scenario": "The scenario shown is Base",
    "one_life": "Companies are at their own depreciation policy",
    "moved": "No input or choice was changed since the file was made",
}
ERRORS = {  # the two sides, whose fields `Layout.filled` fills in, and where to look
    "limits": ("SUM({outside})", "0", "Inputs"),
    "chosen": ("COUNT(scenario_number)", "1", "Inputs"),
    "time_axis": ("SUM({year_ends})", "{periods}/periods_per_year", "Time"),
    "years": ("{last_year}-{first_year}+1", "{periods}/periods_per_year", "Time"),
}
ALERTS = {
    "capacity": ("MAX(1,{release_capacity_share})", "1", LIVE.sheet),
    "gpu_hour": ("MIN(2,MAX(1,{gpu_hour_cost}*utilization))", "{gpu_hour_cost}*utilization", LIVE.sheet),
    "people": ("MAX(1,{layoff_share_to_fund})", "1", LIVE.sheet),
    "horizon": ("MAX({life_periods},{periods})", "{periods}", "Time"),
    "building": ("MAX({facility_life_periods},{periods})", "{facility_life_periods}", "Time"),
    "construction": ("MAX({build_year_count},{periods}/periods_per_year)", "{periods}/periods_per_year", "Time"),
    "ai_share": ("MIN(0,{option_a_ai_share})", "0", LIVE.sheet),
    "rates": ("MAX(1,{sign_changes})", "1", LIVE.sheet),
    "margin": ("MIN(0,{cluster_margin})", "0", LIVE.sheet),
}
SENSITIVITIES = {
    "typed": ("COUNT({typed})", "0", "Inputs"),
    "scenario": ("scenario_number", "{base}", "Inputs"),
    "one_life": ('IF(company_life="own policy",0,1)', "0", "Inputs"),
    "moved": ("IF({unmoved},0,1)", "0", "Inputs"),
}
NO_RATIO = {"gpus": 0, "utilization": 0, "gpu_unit_price": 0, "run_days": 0, "ai_spend": 0, "layoff_share": 1}


def checks(book: Book) -> Iterator[Check]:
    """Yield the checks of a workbook."""
    for lane in book.layout.lanes:
        yield from scenario_checks(book, lane)
    yield from _live_checks(book)
    yield from _of_workbook(book, "error", ERRORS)
    what = "Epoch AI's published cost of training GPT-4 follows from its published inputs"
    yield Check("benchmark", what, "error", *benchmark.sides(book), benchmark.SHEET, 1e-6)
    yield from _of_workbook(book, "alert", ALERTS)
    yield from _of_workbook(book, "sensitivity", SENSITIVITIES)


def _live_checks(book: Book) -> Iterator[Check]:
    layout, work = book.layout, Workings(book)
    shown = {x: f"(scenario_number={x.sheet}!$D$2)" for x in layout.lanes if x.column is not None}
    untyped = f"(COUNT({layout.input_range('typed')})=0)"  # a typed value moves the live lane alone
    for line in LIVE_LINES:
        what = f"What is shown equals its scenario's own sheet, where nothing is typed: {layout.meaning(line).label}"
        left = f"{layout.cell(LIVE, line)}*({'+'.join(shown.values())})*{untyped}"
        parts = "+".join(f"{is_shown}*{layout.cell(x, line)}" for x, is_shown in shown.items())
        yield Check(f"live_{line}", what, "error", left, f"({parts})*{untyped}", LIVE.sheet)
    for line in book.template.sensitivity:
        what = f"Sensitivity, with no input moved, equals what is shown: {layout.meaning(line).label}"
        left = f"{WORKINGS}!$D${work.rows[line]}"
        yield Check(f"workings_{line}", what, "error", left, layout.cell(LIVE, line), WORKINGS)


def _of_workbook(book: Book, kind: str, sides: Mapping[str, tuple[str, str, str]]) -> Iterator[Check]:
    """Yield the checks of a kind that the workbook has once."""
    layout = book.layout
    others = {
        "outside": layout.input_range("outside"),
        "typed": layout.input_range("typed"),
        "year_ends": layout.time_range(YEAR_END_ROW),
        "periods": f"COUNT({layout.time_range(YEAR_ROW)})",
        "first_year": f"Time!${layout.axis.first}${YEAR_ROW}",
        "last_year": f"Time!${layout.last}${YEAR_ROW}",
        "base": str(layout.scenarios.index(BASE) + 1),
        "sign_changes": sign_changes(book, LIVE),
        "unmoved": unmoved(as_built.STAMP),
    }
    for name, (left, right, where) in sides.items():
        left, right = (layout.filled(LIVE, side, others) for side in (left, right))
        yield Check(name, WHAT[name], kind, left, right, where)


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
    held = 'IF(check_errors=0,checks_held&" checks hold and none fails; ",check_errors&" checks fail: see below; ")'
    return f'{held}&IF(checks_noted=0,"nothing",checks_noted)&" to note."'


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
        page.across(row, "DE", (f"={check.left}", f"={check.right}"), "Dense right", SIDE)
        page.put(f"F{row}", check.tolerance, "Dense right", "0E+00")
        apart = f"(ABS(D{row}-E{row})>F{row}*MAX(1,ABS(D{row}),ABS(E{row})))*1"
        unknown = f"2*(missing_inputs*ISNA(D{row}+E{row})>0)"  # an error must not hide in an error
        failed = f'=CHOOSE(1+(COUNT(D{row}:E{row})=2)+{unknown},1,{apart},"n/a")'
        page.put(f"G{row}", failed, "Dense right", '"look";;"ok"' if check.kind != "error" else '"FAILS";;"ok"')
        page.put(f"H{row}", check.where, "Dense note")
        page.put(f"{ID}{row}", check.id, "Dense note")
        before = f"{COUNTED}{row - 1}+" if row > FIRST_ROW else ""
        noted = f'IF(AND(G{row}=1,C{row}<>"{SEVERITIES["sensitivity"]}"),1,0)'
        page.put(f"{COUNTED}{row}", f"={before}{noted}", "Dense", "0")
        page.heights(row, 27 if len(check.what) > LINE else 15)
    _add_totals(page, row)
    results, differs = f"G{FIRST_ROW}:G{row}", f"$G{FIRST_ROW}=1"
    page.colour(results, f'AND({differs},$C{FIRST_ROW}="{SEVERITIES["error"]}")', "C00000", "FBE3E3")
    page.colour(results, differs, colours(book.template.brand)["cut"])
    page.hide((ID, COUNTED, TOTALS))
    page.finish(row, f"C{FIRST_ROW}", heads=BODY)


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
