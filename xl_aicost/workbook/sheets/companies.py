"""The Companies sheet: figures as published, ratios and ranks live, depreciation restated to one life on demand."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.assumptions import Fact
from xl_aicost.assumptions.companies import CASH_CAPEX, LEASE_CAPEX, NAMES, fact, years_of
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.charts import Columns, add_chart
from xl_aicost.workbook.layout import LIVE
from xl_aicost.workbook.sheets.control import LIFE_POLICIES
from xl_aicost.workbook.sheets.readers import seen
from xl_aicost.workbook.style import band, calculation_format, finish, fit_height, heads, page_break, put, widths

LATEST_ROW = 8
CHART_ROWS = 22
LATEST_HEADS = (
    "Company",
    "Fiscal year",
    "Capex: purchases [USD m]",
    "Capex growth",
    "Headcount growth",
    "Danger zone: capex up, headcount down",
    "Capex / revenue",
    "Rank",
    "Capex / operating cash flow",
    "Rank",
    "Capex per employee [USD]",
    "Rank",
    "Useful life, own policy [years]",
    "Useful life used [years]",
    "Depreciation of the year's capex [USD m a year]",
    "Layoffs announced",
    "Payroll of the layoffs [USD m a year]",
    "It covers of the capex",
    "It covers of the depreciation",
)
ALL_HEADS = (
    "Company",
    "Fiscal year",
    "Revenue [USD m]",
    "Capex: purchases [USD m]",
    "Operating cash flow [USD m]",
    "Headcount",
    "Layoffs announced",
    "Cloud revenue [USD m]",
    "Restructuring charge [USD m]",
    "Capex growth",
    "Headcount growth",
    "Danger zone",
    "Capex / revenue",
    "Capex / operating cash flow",
    "Capex per employee [USD]",
    "Cut covers of capex",
    "Could pay a frontier cluster from cash flow",
    "Capex with finance leases [USD m]",
    "Sources",
)
MEASURES = {"C": "revenue", "E": "operating_cash_flow", "F": "headcount", "G": "layoffs", "H": "cloud_revenue"}
MEASURES |= {"I": "restructuring_charge"}
MONEY = calculation_format("USD")


def add_companies(book: Book) -> None:
    """Write the Companies sheet; gaps in what is published stay gaps."""
    ws = book.sheet("Companies", "Companies: published figures and what follows from them", "output")
    put(
        ws,
        "A4",
        "Ratios use one definition of capex, cash purchases of property and equipment; others stand apart. n/a: not on file. "
        "Useful life: each company's own policy, or one life for all, as chosen on Control.",
        "Caption",
    )
    put(ws, "A5", '="Depreciation of companies: "&company_life', "Status")
    table = LATEST_ROW + len(NAMES) + CHART_ROWS + 3
    rows = _add_all(book, ws, table)
    _add_latest(ws, rows)
    below = LATEST_ROW + len(NAMES)
    seen(ws, below + 1, "What you see: growth of capex beside growth of headcount, each company's last year on file.")
    add_chart(
        book,
        ws,
        f"A{below + 2}",
        Columns(LATEST_ROW - 1, len(NAMES), (4, 5), "clustered"),
        "Capex against headcount, growth on the year before",
        "growth",
        "0%",
        "Two columns a company: growth of capital spending and growth of headcount.",
    )
    add_chart(
        book,
        ws,
        f"I{below + 2}",
        Columns(LATEST_ROW - 1, len(NAMES), (18, 19), "clustered"),
        "What the payroll of announced layoffs covers",
        "share",
        "0%",
        "Two columns a company: share of the year's capex, and of its yearly depreciation, that the payroll covers.",
    )
    page_break(ws, table - 2)
    widths(ws, 12, 9, 12, 11, 12, 12, 11, 11, 12, 10, 12, 10, 10, 11, 13, 10, 13, 12, 30)
    finish(ws, "1:3", "C4", pages_wide=1)


def _life(company: str) -> Fact | None:
    years = years_of(company, "useful_life")
    return fact(company, years[-1], "useful_life") if years else None


def _latest(company: str) -> int:
    """Return the last fiscal year with capex, and with headcount where one has both."""
    years = [y for y in years_of(company) if fact(company, y, "capex", CASH_CAPEX)]
    return ([y for y in years if fact(company, y, "headcount")] or years)[-1]


def _add_latest(ws: Worksheet, rows: dict[tuple[str, int], int]) -> None:
    band(ws, LATEST_ROW - 2, "Last fiscal year on file", len(LATEST_HEADS))
    heads(ws, LATEST_HEADS, LATEST_ROW - 1)
    ws.row_dimensions[LATEST_ROW - 1].height = 62
    first, last = LATEST_ROW, LATEST_ROW + len(NAMES) - 1
    for r, (company, full) in enumerate(NAMES.items(), first):
        at = rows[company, _latest(company)]
        life = _life(company)
        put(ws, f"A{r}", full, "Label")
        put(ws, f"M{r}", life.value if life else None, "Given", "0.0")
        chosen = f'company_life="{LIFE_POLICIES[1]}"'
        formulas = {
            "B": (f"=B{at}", "0"),
            "C": (f"=D{at}", MONEY),
            "D": (f"=J{at}", "0.0%"),
            "E": (f"=K{at}", "0.0%"),
            "F": (f"=L{at}", "General"),
            "G": (f"=M{at}", "0.0%"),
            "I": (f"=N{at}", "0.0%"),
            "K": (f"=O{at}", "#,##0"),
            "N": (f"=IF(OR({chosen},COUNT(M{r})=0),one_life,M{r})", "0.0"),
            "O": (f"=C{r}/N{r}", MONEY),
            "P": (f'=IF(COUNT(G{at})=0,"n/a",G{at})', "#,##0"),
            "Q": (f'=IF(COUNT(P{r})=0,"n/a",P{r}*loaded_cost)', MONEY),
            "R": (f'=IF(COUNT(Q{r})=0,"n/a",Q{r}/C{r})', "0.0%"),
            "S": (f'=IF(COUNT(Q{r})=0,"n/a",Q{r}/O{r})', "0.0%"),
        }
        for rank, of in (("H", "G"), ("J", "I"), ("L", "K")):
            formulas[rank] = (f'=IF(COUNT({of}{r})=0,"n/a",RANK({of}{r},{of}${first}:{of}${last}))', "0")
        _put_formulas(ws, r, formulas, verdicts="FHJL")


def _add_all(book: Book, ws: Worksheet, head: int) -> dict[tuple[str, int], int]:
    band(ws, head - 1, "All fiscal years on file", len(ALL_HEADS))
    heads(ws, ALL_HEADS, head)
    ws.row_dimensions[head].height = 48
    found: dict[tuple[str, int], int] = {}
    row = head
    for company, full in NAMES.items():
        for year in years_of(company):
            if fact(company, year, "capex", CASH_CAPEX) is None:
                continue
            row += 1
            found[company, year] = row
            put(ws, f"A{row}", full, "Label")
            put(ws, f"B{row}", year, "Given", "0")
            figures = {c: fact(company, year, m) for c, m in MEASURES.items()}
            figures["D"] = fact(company, year, "capex", CASH_CAPEX)
            figures["R"] = fact(company, year, "capex", LEASE_CAPEX)
            for column, figure in figures.items():
                put(
                    ws,
                    f"{column}{row}",
                    figure.value if figure else None,
                    "Given",
                    "#,##0" if column in "FG" else MONEY,
                )
            _add_ratios(book, ws, row)
            put(ws, f"S{row}", ", ".join(sorted({f.source for f in figures.values() if f})), "Note")
            fit_height(ws, row, (ws[f"S{row}"].value, 34))
    return found


def _add_ratios(book: Book, ws: Worksheet, row: int) -> None:
    frontier = book.layout.cell(LIVE, "frontier_capital")
    same = f"$A{row - 1}=$A{row},$B{row - 1}=$B{row}-1"
    formulas = {
        "J": (f'=IF(AND({same}),D{row}/D{row - 1}-1,"n/a")', "0.0%"),
        "K": (f'=IF(AND({same},COUNT(F{row - 1}:F{row})=2),F{row}/F{row - 1}-1,"n/a")', "0.0%"),
        "L": (f'=IF(COUNT(J{row}:K{row})<2,"n/a",CHOOSE(1+AND(J{row}>0,K{row}<0),"no","yes"))', "General"),
        "M": (f'=IF(COUNT(C{row}:D{row})<2,"n/a",D{row}/C{row})', "0.0%"),
        "N": (f'=IF(COUNT(D{row}:E{row})<2,"n/a",D{row}/E{row})', "0.0%"),
        "O": (f'=IF(COUNT(F{row})=0,"n/a",D{row}/F{row})', "#,##0"),
        "P": (f'=IF(COUNT(G{row})=0,"n/a",G{row}*loaded_cost/D{row})', "0.0%"),
        "Q": (f'=IF(COUNT(E{row})=0,"n/a",CHOOSE(1+(E{row}>={frontier}),"no","yes"))', "General"),
    }
    _put_formulas(ws, row, formulas, verdicts="LQ")


def _put_formulas(ws: Worksheet, row: int, formulas: dict[str, tuple[str, str]], verdicts: str) -> None:
    for column, (text, form) in formulas.items():
        put(ws, f"{column}{row}", text, "Verdict" if column in verdicts else "Figures", form)
