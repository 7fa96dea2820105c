"""Sheets for readers: Summary, Returns, Assets, Board. They show the lanes and calculate nothing of their own."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.workbook.book import Book
from xl_aicost.workbook.charts import Columns, Rows, add_chart, money_axis
from xl_aicost.workbook.layout import LIVE
from xl_aicost.workbook.sentence import live_sentence
from xl_aicost.workbook.sheets.tables import FIRST_LANE, lane_table, title_each, year_table
from xl_aicost.workbook.style import finish, heads, page_break, widths
from xl_aicost.xlsx.cells import merge, put

TABLE_ROW = 8


def reader_sheet(book: Book, name: str, title: str, answer: str) -> Worksheet:
    """Start a sheet with its answer in a live sentence."""
    ws = book.sheet(name, title, "output")
    put(ws, "A5", live_sentence(book, answer), "Lead")
    merge(ws, f"A5:{get_column_letter(FIRST_LANE + len(book.layout.lanes) - 1)}5")
    ws.row_dimensions[5].height = 38
    return ws


def finish_reader(book: Book, ws: Worksheet) -> None:
    """Set the widths of a sheet with a table of lanes, and finish it."""
    widths(ws, 60, 16, *([16] * max(len(book.layout.lanes), 7)))
    finish(ws, "1:3", "A4")


def seen(ws: Worksheet, row: int, text: str) -> None:
    """Write the line under a chart that says what there is to see."""
    put(ws, f"A{row}", text, "Caption")


def _labels(book: Book, lines: Sequence[str]) -> list[str]:
    return [book.graph.lines[n].label for n in lines]


def _rows_of(book: Book, head: int, table: Sequence[str], lines: Sequence[str]) -> Rows:
    """Return the rows of some lines of a lane table."""
    return Rows(head, [head + 1 + table.index(n) for n in lines], _labels(book, lines))


def add_summary(book: Book) -> None:
    """Write the Summary: eight results, the answer in a sentence, two charts."""
    ws = reader_sheet(book, "Summary", "Summary", book.template.answer)
    lines = book.template.summary
    after = lane_table(book, ws, TABLE_ROW - 1, lines)
    coverage = [n for n in lines if book.graph.lines[n].unit == "share"]
    money = [n for n in lines if book.graph.lines[n].unit in ("USD", "USD/year")]
    row = after + 1
    if coverage:
        add_chart(
            book,
            ws,
            f"A{row + 1}",
            _rows_of(book, TABLE_ROW - 1, lines, coverage),
            "Shares by scenario",
            "share",
            "0%",
            "Clustered columns, one group a scenario: " + ", ".join(_labels(book, coverage)),
        )
    if money:
        add_chart(
            book,
            ws,
            f"D{row + 1}",
            _rows_of(book, TABLE_ROW - 1, lines, money),
            "Money by scenario",
            *money_axis(book),
            "Clustered columns, one group a scenario: " + ", ".join(_labels(book, money)),
        )
    seen(ws, row, "What you see: each group of columns is a scenario; Live is the one chosen on Control.")
    finish_reader(book, ws)


COST_STACK = (
    "it_depreciation",
    "facility_depreciation",
    "electricity_cost",
    "real_estate_cost",
    "engineers_cost",
    "maintenance_cost",
)
RETURN_LINES = (
    "annual_cost",
    "gpu_hour_cost",
    "cluster_capex",
    "capex_per_gpu",
    "cluster_tco",
    "cluster_npv",
    "cluster_irr",
    "payback_years",
    "payback_first_purchase_years",
    "residual_value",
    "breakeven_revenue",
    "breakeven_revenue_steady",
    "ai_revenue_breakeven_year",
    "revenue_gap",
    "model_release_cost",
    "release_capacity_share",
)
RETURN_ANSWER = (
    "The cluster costs {cluster_capex:#,##0,,} million to build and {annual_cost:#,##0,,} million a year to own and run; "
    "a GPU hour costs {gpu_hour_cost:0.00} against a market price of {rental_price:0.00}."
)


def add_returns(book: Book) -> None:
    """Write the Returns sheet: cost stack, cost of a GPU hour, cash view and profit view."""
    ws = reader_sheet(book, "Returns", "Returns: what the cluster costs and earns", RETURN_ANSWER)
    after = lane_table(book, ws, TABLE_ROW - 1, COST_STACK + RETURN_LINES)
    page_break(ws, after)
    top = after + 2
    paths = ("cluster_revenue", "opex_path", "depreciation_path", "cluster_profit", "capex_path", "cluster_cash_flow")
    below = year_table(book, ws, top, (*paths, "cumulative_cash_flow"))
    _reconcile(ws, top, below)
    seen(
        ws,
        below + 2,
        "What you see: left, what a year costs in each scenario; right, refresh waves pull cash down while profit stays level.",
    )
    add_chart(
        book,
        ws,
        f"A{below + 3}",
        Rows(TABLE_ROW - 1, range(TABLE_ROW, TABLE_ROW + len(COST_STACK)), _labels(book, COST_STACK), stacked=True),
        "Cost of owning and running the cluster for a year",
        *money_axis(book, "USD/year"),
        "Stacked columns, one a scenario: depreciation of IT and of the building, electricity, real estate, engineers, "
        "maintenance.",
    )
    add_chart(
        book,
        ws,
        f"D{below + 3}",
        Columns(top, book.layout.years, (5, 7, 8)),
        "Profit, cash flow and cash flow to date",
        *money_axis(book),
        "Three lines by year: profit, cash flow, and cash flow to date.",
    )
    finish_reader(book, ws)


def _reconcile(ws: Worksheet, top: int, row: int) -> None:
    """Write that profit less cash flow is capex less depreciation, year by year."""
    column = get_column_letter(2 + 7)
    put(ws, f"{column}{top}", "Profit + depreciation - capex - cash flow", "Column head")
    for year in range(top + 1, row):
        put(ws, f"{column}{year}", f"=ROUND(E{year}+D{year}-F{year}-G{year},0)", "Calculation", "0")


ASSET_ANSWER = (
    "{gpus:#,##0} GPUs are renewed and written off over {useful_life:0.0} years; each wave is a new purchase."
)


def add_assets(book: Book) -> None:
    """Write the Assets sheet: corkscrews of GPUs in service and of book value, refresh waves visible."""
    ws = reader_sheet(book, "Assets", "Assets: GPUs in service, book value, refresh waves", ASSET_ANSWER)
    fleet = ("gpus_opening", "gpus_added", "gpus_renewed", "gpus_retired", "gpus_in_service")
    below = year_table(book, ws, TABLE_ROW - 1, fleet)
    _closing(ws, TABLE_ROW - 1, below)
    top = below + 1
    value = ("book_value_opening", "it_capex_path", "facility_capex_path", "depreciation_path", "book_value")
    end = year_table(book, ws, top, value)
    _closing(ws, top, end)
    seen(
        ws,
        end + 1,
        "What you see: left, the first purchase and each refresh wave; right, book value rises with a wave and falls with wear.",
    )
    add_chart(
        book,
        ws,
        f"A{end + 2}",
        Columns(TABLE_ROW - 1, book.layout.years, (3, 4), "stacked"),
        "GPUs bought: added and renewed",
        "GPUs",
        "#,##0",
        "Stacked columns by year: GPUs bought for the first time and GPUs that replace old ones.",
    )
    add_chart(
        book,
        ws,
        f"D{end + 2}",
        Columns(top, book.layout.years, (5, 6)),
        "Depreciation and book value",
        *money_axis(book),
        "Two lines by year: depreciation, and book value at the end of the year.",
    )
    finish_reader(book, ws)


CORKSCREW = "B{r}+C{r}+D{r}-E{r}-F{r}"


def _closing(ws: Worksheet, top: int, below: int) -> None:
    """Write that opening and movements less closing come to nothing, year by year."""
    put(ws, f"G{top}", "Opening + in - out - closing", "Column head")
    for row in range(top + 1, below):
        put(ws, f"G{row}", f"=ROUND({CORKSCREW.format(r=row)},0)", "Calculation", "0")


BOARD_KPIS, BOARD_TABLE_ROW = 6, 11


def add_board(book: Book) -> None:
    """Write the Board sheet: one page with the answer, six figures, two charts and what to keep in mind."""
    ws = reader_sheet(book, "Board", book.template.title, book.template.answer)
    book.by_edition(lambda: title_each(book, ws))
    lines = book.template.summary[:BOARD_KPIS]
    for i, line in enumerate(lines):
        column = get_column_letter(1 + i)
        unit = book.graph.lines[line].unit
        put(ws, f"{column}7", book.graph.lines[line].label, "Column head")
        put(ws, f"{column}8", f"={book.result(LIVE, line)}", "Figure", book.form(unit))
        put(ws, f"{column}9", book.unit(unit), "Column head")
    ws.row_dimensions[7].height, ws.row_dimensions[8].height = 62, 34
    after = lane_table(book, ws, BOARD_TABLE_ROW, lines)
    shares = [n for n in lines if book.graph.lines[n].unit == "share"]
    seen(
        ws, after + 1, "What you see: left, the shares by scenario; right, cash flow and profit of the cluster by year."
    )
    if shares:
        add_chart(
            book,
            ws,
            f"A{after + 2}",
            _rows_of(book, BOARD_TABLE_ROW, lines, shares),
            "Shares by scenario",
            "share",
            "0%",
            "Columns, one group a scenario: " + ", ".join(_labels(book, shares)),
        )
    top = after + 24
    heads(ws, ("Behind the chart",), top - 1)
    year_table(book, ws, top, ("cluster_cash_flow", "cluster_profit"))
    add_chart(
        book,
        ws,
        f"D{after + 2}",
        Columns(top, book.layout.years, (2, 3)),
        "Cash flow and profit of the cluster",
        *money_axis(book),
        "Two lines by year: cash flow and profit of the cluster.",
    )
    widths(ws, 46, *([18] * 7))
    finish(ws, "1:3", "A4", one_page=f"A1:H{top - 2}")
