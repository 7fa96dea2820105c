"""The Companies sheet: figures as published, ratios and ranks live, depreciation restated to one life on demand."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.assumptions import Fact, Facts
from xl_aicost.assumptions.companies import company_figures, fact, years_of
from xl_aicost.assumptions.figures import NAMES, Figure, missing, of_fact
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.charts import Columns, add_chart, seen
from xl_aicost.workbook.layout import LIVE
from xl_aicost.workbook.sheets.control import LIFE_POLICIES
from xl_aicost.workbook.style import band, calculation_format, finish, fit_height, heads, page_break, widths
from xl_aicost.xlsx.cells import put

SPENDING_ROW = 8
CHART_ROWS = 20
SPENDING_HEADS = (
    "Company",
    "Fiscal year",
    "Capex: purchases [USD m]",
    "Capex growth",
    "Headcount growth",
    "Capex / revenue",
    "Rank",
    "Capex / operating cash flow",
    "Rank",
    "Capex per employee [USD]",
    "Rank",
    "Danger zone: capex up, headcount down",
)
COVERAGE_HEADS = (
    "Company",
    "Fiscal year",
    "Useful life, own policy [years]",
    "Useful life used [years]",
    "Depreciation of the year's capex [USD m a year]",
    "Layoffs announced",
    "Payroll of the layoffs, own pay [USD m a year]",
    "It covers of the capex",
    "It covers of the depreciation",
)
PUBLISHED_HEADS = (
    "Company",
    "Fiscal year",
    "Revenue [USD m]",
    "Capex: purchases [USD m]",
    "Operating cash flow [USD m]",
    "Headcount",
    "Layoffs announced",
    "Cloud revenue [USD m]",
    "Restructuring charge [USD m]",
    "Capex with finance leases [USD m]",
    "Cost of a job, own pay with load [USD]",
    "Could pay a frontier cluster from cash flow",
    "Sources",
)
RATIO_HEADS = (
    "Company",
    "Fiscal year",
    "Capex growth",
    "Headcount growth",
    "Danger zone",
    "Capex / revenue",
    "Capex / operating cash flow",
    "Capex per employee [USD]",
    "Cut covers of capex",
)
MEASURES = {"C": "revenue", "D": "capex_purchases", "E": "operating_cash_flow", "F": "headcount", "H": "cloud_revenue"}
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
    facts = book.edition.case.facts
    companies = [c for c in facts.companies() if years_of(c, facts=facts)]
    filed = [(c, y) for c in companies for y in years_of(c, facts=facts)]
    coverage = SPENDING_ROW + len(companies) + 3
    charts = coverage + len(companies)
    published = charts + CHART_ROWS + 2
    ratios = published + len(filed) + 4
    _add_published(book, ws, filed, published)
    _add_ratios(ws, filed, ratios, ratios - published)
    rows = {key: row for row, key in enumerate(filed, published + 1)}
    latest = {company: rows[company, _latest(company, facts)] for company in companies}
    _add_spending(ws, latest, ratios - published)
    _add_coverage(ws, latest, coverage, facts)
    seen(ws, charts, "What you see: growth of capex beside growth of headcount, each company's last year on file.")
    add_chart(
        book,
        ws,
        f"A{charts + 1}",
        Columns(SPENDING_ROW - 1, len(companies), (4, 5), "clustered"),
        "Capex against headcount, growth on the year before",
        "growth",
        "0%",
        "Two columns a company: growth of capital spending and growth of headcount.",
    )
    add_chart(
        book,
        ws,
        f"G{charts + 1}",
        Columns(coverage - 1, len(companies), (8, 9), "clustered"),
        "What the payroll of announced layoffs covers",
        "share",
        "0%",
        "Two columns a company: share of the year's capex, and of its yearly depreciation, that the payroll covers.",
    )
    page_break(ws, published - 2)
    page_break(ws, ratios - 2)
    widths(ws, 13, 10, *[13] * 10, 27)
    finish(ws, "1:3", "C4")


def _name(company: str) -> str:
    return NAMES.get(company, company)


def _life(company: str, facts: Facts) -> Fact | None:
    years = years_of(company, "useful_life_servers", facts)
    return fact(company, years[-1], "useful_life_servers", facts) if years else None


def _latest(company: str, facts: Facts) -> int:
    """Return the last fiscal year with capex, and with headcount where one has both."""
    years = years_of(company, facts=facts)
    return ([y for y in years if fact(company, y, "headcount", facts)] or years)[-1]


def _add_spending(ws: Worksheet, latest: dict[str, int], to_ratios: int) -> None:
    _add_heads(ws, SPENDING_ROW - 1, "Last fiscal year on file: spending", SPENDING_HEADS)
    first, last = SPENDING_ROW, SPENDING_ROW + len(latest) - 1
    for r, (company, at) in enumerate(latest.items(), first):
        put(ws, f"A{r}", _name(company), "Label")
        ratio = at + to_ratios
        formulas = {
            "B": (f"=B{at}", "0"),
            "C": (f"=D{at}", MONEY),
            "D": (f"=C{ratio}", "0.0%"),
            "E": (f"=D{ratio}", "0.0%"),
            "F": (f"=F{ratio}", "0.0%"),
            "H": (f"=G{ratio}", "0.0%"),
            "J": (f"=H{ratio}", "#,##0"),
            "L": (f"=E{ratio}", "General"),
        }
        for rank, of in (("G", "F"), ("I", "H"), ("K", "J")):
            formulas[rank] = (f'=IF(COUNT({of}{r})=0,"n/a",RANK({of}{r},{of}${first}:{of}${last}))', "0")
        _put_formulas(ws, r, formulas, verdicts="GIKL")


def _add_coverage(ws: Worksheet, latest: dict[str, int], top: int, facts: Facts) -> None:
    _add_heads(ws, top - 1, "Last fiscal year on file: what the layoffs cover", COVERAGE_HEADS)
    chosen = f'company_life="{LIFE_POLICIES[1]}"'
    for r, (company, at) in enumerate(latest.items(), top):
        life = _life(company, facts)
        put(ws, f"A{r}", _name(company), "Label")
        put(ws, f"C{r}", life.value if life else None, "Given", "0.0")
        formulas = {
            "B": (f"=B{at}", "0"),
            "D": (f"=IF(OR({chosen},COUNT(C{r})=0),one_life,C{r})", "0.0"),
            "E": (f"=D{at}/D{r}", MONEY),
            "F": (f'=IF(COUNT(G{at})=0,"n/a",G{at})', "#,##0"),
            "G": (f'=IF(COUNT(G{at},K{at})<2,"n/a",G{at}*K{at})', MONEY),
            "H": (f'=IF(COUNT(G{r})=0,"n/a",G{r}/D{at})', "0.0%"),
            "I": (f'=IF(COUNT(G{r})=0,"n/a",G{r}/E{r})', "0.0%"),
        }
        _put_formulas(ws, r, formulas, verdicts="")


def _add_published(book: Book, ws: Worksheet, filed: list[tuple[str, int]], head: int) -> None:
    _add_heads(ws, head, "All fiscal years on file: figures as published", PUBLISHED_HEADS)
    frontier = book.layout.cell(LIVE, "frontier_capital")
    for row, (company, year) in enumerate(filed, head + 1):
        put(ws, f"A{row}", _name(company), "Label")
        put(ws, f"B{row}", year, "Given", "0")
        figures = _figures(company, year, book.edition.case.facts)
        for column, figure in figures.items():
            form = "#,##0" if column in "FGK" else MONEY
            put(ws, f"{column}{row}", figure.value if figure.on_file else None, "Given", form)
        can = f'=IF(COUNT(E{row})=0,"n/a",CHOOSE(1+(E{row}>={frontier}),"no","yes"))'
        _put_formulas(ws, row, {"L": (can, "General")}, verdicts="L")
        sources = ", ".join(sorted({s for f in figures.values() if f.on_file for s in f.source.split(" and ")}))
        put(ws, f"M{row}", sources, "Note")
        fit_height(ws, row, (sources, 26))


def _figures(company: str, year: int, facts: Facts) -> dict[str, Figure]:
    """Return what is published of a fiscal year by column; capex with leases, and pay, only where they are on file."""
    figures = {c: of_fact(fact(company, year, m, facts), f"FY{year}", m) for c, m in MEASURES.items()}
    found = company_figures(company, year, facts)
    figures["G"], pay = found["layoffs"], found["loaded_cost"]
    figures["K"] = pay if pay.kind != "assumption" else missing(f"FY{year}", "pay")
    leased = fact(company, year, "finance_lease_principal", facts)
    return figures | ({"J": found["ai_spend"]} if leased else {})


def _add_ratios(ws: Worksheet, filed: list[tuple[str, int]], head: int, below: int) -> None:
    _add_heads(ws, head, "All fiscal years on file: ratios", RATIO_HEADS)
    for r, (company, year) in enumerate(filed, head + 1):
        at = r - below
        put(ws, f"A{r}", _name(company), "Label")
        put(ws, f"B{r}", year, "Given", "0")
        same = f"$A{at - 1}=$A{at},$B{at - 1}=$B{at}-1"
        formulas = {
            "C": (f'=IF(AND({same}),D{at}/D{at - 1}-1,"n/a")', "0.0%"),
            "D": (f'=IF(AND({same},COUNT(F{at - 1}:F{at})=2),F{at}/F{at - 1}-1,"n/a")', "0.0%"),
            "E": (f'=IF(COUNT(C{r}:D{r})<2,"n/a",CHOOSE(1+AND(C{r}>0,D{r}<0),"no","yes"))', "General"),
            "F": (f'=IF(COUNT(C{at}:D{at})<2,"n/a",D{at}/C{at})', "0.0%"),
            "G": (f'=IF(COUNT(D{at}:E{at})<2,"n/a",D{at}/E{at})', "0.0%"),
            "H": (f'=IF(COUNT(F{at})=0,"n/a",D{at}/F{at})', "#,##0"),
            "I": (f'=IF(COUNT(G{at},K{at})<2,"n/a",G{at}*K{at}/D{at})', "0.0%"),
        }
        _put_formulas(ws, r, formulas, verdicts="E")


def _add_heads(ws: Worksheet, row: int, title: str, names: tuple[str, ...]) -> None:
    band(ws, row - 1, title, len(PUBLISHED_HEADS))
    heads(ws, names, row)
    ws.row_dimensions[row].height = 50


def _put_formulas(ws: Worksheet, row: int, formulas: dict[str, tuple[str, str]], verdicts: str) -> None:
    for column, (text, form) in formulas.items():
        put(ws, f"{column}{row}", text, "Verdict" if column in verdicts else "Figures", form)
