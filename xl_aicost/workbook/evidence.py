"""Sheets of evidence: Companies, Claims, Sources, Provenance."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment
from openpyxl.worksheet.hyperlink import Hyperlink

from xl_aicost.assumptions import Claim, load_claims, load_facts, load_sources
from xl_aicost.assumptions.companies import CASH_CAPEX, LEASE_CAPEX, NAMES, fact, years_of
from xl_aicost.claims import TOLERANCE
from xl_aicost.formula import show
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import FIRST_SOURCE, LANE_OF, LANES, Lane
from xl_aicost.workbook.style import (
    MILLIONS,
    finish,
    fit_height,
    heads,
    number_format,
    put,
    put_text,
    shown_unit,
    widths,
)

COMPANY_HEADS = (
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


def add_companies(book: Book) -> None:
    """Write the Companies sheet: figures as published, ratios live, gaps left as gaps."""
    ws = book.sheet("Companies", "Companies: published figures and what follows from them", "548235")
    put(
        ws,
        "B2",
        "Ratios use one definition of capex, cash purchases of property and equipment. Other definitions stand apart. "
        "n/a: a figure is not on file.",
        "Note",
    )
    ws["B2"].alignment = Alignment(wrap_text=False)
    heads(ws, COMPANY_HEADS)
    ws.row_dimensions[5].height = 48
    row = 5
    for company, full in NAMES.items():
        for year in years_of(company):
            if fact(company, year, "capex", CASH_CAPEX) is None:
                continue
            row += 1
            put(ws, f"A{row}", full, "Label")
            put(ws, f"B{row}", year, "Given", "0")
            found = {c: fact(company, year, m) for c, m in MEASURES.items()}
            found["D"] = fact(company, year, "capex", CASH_CAPEX)
            found["R"] = fact(company, year, "capex", LEASE_CAPEX)
            for column, figure in found.items():
                form = "#,##0" if column in "FG" else MILLIONS
                put(ws, f"{column}{row}", figure.value if figure else None, "Given", form)
            _company_ratios(book, ws, row)
            put(ws, f"S{row}", ", ".join(sorted({f.source for f in found.values() if f})), "Note")
            fit_height(ws, row, (ws[f"S{row}"].value, 58))
    widths(ws, 12, 8, 12, 12, 12, 11, 11, 11, 12, 9, 10, 10, 9, 10, 12, 9, 12, 12, 52)
    finish(ws, "1:5", "C6")


def _company_ratios(book: Book, ws: Any, row: int) -> None:
    frontier = book.layout.cell(LANES[0], "frontier_capital")
    same = f"$A{row - 1}=$A{row},$B{row - 1}=$B{row}-1"
    formulas = {
        "J": (f'=IF(AND({same}),D{row}/D{row - 1}-1,"n/a")', "0.0%"),
        "K": (f'=IF(AND({same},COUNT(F{row - 1}:F{row})=2),F{row}/F{row - 1}-1,"n/a")', "0.0%"),
        "L": (f'=IF(COUNT(J{row}:K{row})<2,"n/a",IF(AND(J{row}>0,K{row}<0),"yes","no"))', "General"),
        "M": (f'=IF(COUNT(C{row}:D{row})<2,"n/a",D{row}/C{row})', "0.0%"),
        "N": (f'=IF(COUNT(D{row}:E{row})<2,"n/a",D{row}/E{row})', "0.0%"),
        "O": (f'=IF(F{row}="","n/a",D{row}/F{row})', "#,##0"),
        "P": (f'=IF(G{row}="","n/a",G{row}*loaded_cost/D{row})', "0.0%"),
        "Q": (f'=IF(E{row}="","n/a",IF(E{row}>={frontier},"yes","no"))', "General"),
    }
    for column, (text, form) in formulas.items():
        put(ws, f"{column}{row}", text, "Verdict" if form == "General" else "Calculation", form)
        ws[f"{column}{row}"].alignment = Alignment(
            horizontal="center" if form == "General" else "right", vertical="top"
        )


CLAIM_HEADS = (
    "Id",
    "Claim",
    "Unit",
    "Stated low",
    "Stated high",
    "Model, first case",
    "Model, second case",
    "Verdict",
    "Explanation",
    "Source",
)


def add_claims(book: Book) -> None:
    """Write the Claims sheet; the model's side and the verdict are live."""
    ws = book.sheet("Claims", "Claims: what the article says and what the model finds", "548235")
    put(ws, "B4", "Ends count as equal within", "Label")
    put(ws, "D4", TOLERANCE, "Given", "0.0%")
    heads(ws, CLAIM_HEADS)
    ws.row_dimensions[5].height = 30
    for row, claim in enumerate(load_claims(), 6):
        unit = book.graph.lines[claim.line].unit if claim.line in book.graph.lines else claim.unit
        form = number_format(unit)
        put(ws, f"A{row}", claim.id, "Note")
        put_text(ws, f"B{row}", claim.claim)
        put(ws, f"C{row}", shown_unit(unit), "Label")
        put(ws, f"D{row}", claim.low, "Given", form)
        put(ws, f"E{row}", claim.high, "Given", form)
        put(ws, f"F{row}", model_side(book, claim, claim.low_scenario, claim.low_set), "Link from a sheet", form)
        put(ws, f"G{row}", model_side(book, claim, claim.high_scenario, claim.high_set), "Link from a sheet", form)
        put(ws, f"H{row}", _verdict(claim, row), "Verdict")
        put_text(ws, f"I{row}", claim.explanation)
        put_text(ws, f"J{row}", load_sources()[claim.source].title, "Note")
        fit_height(ws, row, (claim.explanation, 72), (claim.claim, 34), (ws[f"J{row}"].value, 32))
    widths(ws, 18, 36, 12, 12, 12, 12, 12, 13, 70, 30)
    finish(ws, "1:5", "C6")


def model_side(book: Book, claim: Claim, scenario: str, settings: dict[str, float]) -> str:
    """Return a claim's formula: a link to its line in a lane, or the line's own formula with inputs replaced."""
    lane = LANE_OF[scenario]
    if not settings:
        return f"={book.layout.cell(lane, claim.line)}"
    return f"={show(_with_settings(book, claim.line, lane, settings))}"


def _with_settings(book: Book, line: str, lane: Lane, settings: dict[str, float]) -> Any:
    """Trace the part of the graph that the settings reach; the rest are cells of the lane."""
    graph = book.graph
    if line in settings:
        return settings[line]
    symbols: dict[str, Any] = {
        node: settings.get(node) if node in settings else book.layout.symbol(lane, node)
        for node in graph.upstream(line)
        if node not in graph.lines or not (graph.upstream(node) & set(settings))
    }
    return graph.trace(line, symbols)


def _verdict(claim: Claim, row: int) -> str:
    if claim.test == "judgement":
        return "judgement"
    least, most = f"MIN(F{row}:G{row})", f"MAX(F{row}:G{row})"
    if claim.test == "equal":
        test = f"ABS({least}-D{row})<=$D$4*D{row},ABS({most}-E{row})<=$D$4*E{row}"
    else:
        test = f"{least}<=E{row},D{row}<={most}"
    return f'=IF(AND({test}),"ties","does-not-tie")'


def add_sources(book: Book) -> None:
    """Write the Sources sheet."""
    ws = book.sheet("Sources", "Sources", "7F7F7F")
    heads(ws, ("Id", "Title", "Publisher", "Date", "Address", "What it says", "Used by"))
    used: dict[str, list[str]] = {}
    for a in book.assumptions.values():
        used.setdefault(a.source, []).append(a.id)
    for f in load_facts():
        used.setdefault(f.source, []).append(f"{f.company} {f.measure}")
    for row, source in enumerate(load_sources().values(), FIRST_SOURCE):
        for column, text in zip("ABCDEF", vars(source).values(), strict=True):
            put_text(ws, f"{column}{row}", text, "Note" if column in "AF" else "Text")
        if source.url:
            ws[f"E{row}"].hyperlink = Hyperlink(ref=f"E{row}", target=source.url)
        users = ", ".join(dict.fromkeys(used.get(source.id, ())))
        put_text(ws, f"G{row}", users, "Note")
        fit_height(
            ws, row, (source.title, 44), (source.quote, 50), (users, 50), (source.url, 42), (source.publisher, 28)
        )
    widths(ws, 22, 46, 30, 11, 44, 44, 44)
    finish(ws, "1:5", "B6")


def add_provenance(book: Book) -> None:
    """Write the Provenance sheet."""
    ws = book.sheet("Provenance", "Provenance: what made this workbook", "7F7F7F")
    for row, (key, text) in enumerate(book.facts.items(), 5):
        put_text(ws, f"A{row}", key.replace("_", " ").capitalize(), "Label")
        put_text(ws, f"B{row}", text)
    widths(ws, 30, 110)
    finish(ws, "1:3", "A5")
