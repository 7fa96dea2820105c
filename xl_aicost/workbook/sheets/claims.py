"""The Claims sheet: what the article says, what the model finds, and whether the two agree; live."""

from __future__ import annotations

from typing import Any

from xl_aicost.assumptions import Claim, load_claims, load_sources
from xl_aicost.catalogue.claims import TOLERANCE
from xl_aicost.formula import name, show
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import Lane
from xl_aicost.workbook.style import calculation_format, calculation_unit, finish, fit_height, heads, widths
from xl_aicost.xlsx.cells import put, put_text

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
    ws = book.sheet("Claims", "Claims: what the article says and what the model finds", "output")
    put(ws, "B4", "Ends count as equal within", "Label")
    put(ws, "D4", TOLERANCE, "Given", "0.0%")
    heads(ws, CLAIM_HEADS)
    ws.row_dimensions[5].height = 30
    for row, claim in enumerate(load_claims(), 6):
        unit = book.graph.lines[claim.line].unit if claim.line in book.graph.lines else claim.unit
        form = calculation_format(unit)
        put(ws, f"A{row}", claim.id, "Note")
        put_text(ws, f"B{row}", claim.claim)
        put(ws, f"C{row}", calculation_unit(unit), "Label")
        put(ws, f"D{row}", claim.low, "Given", form)
        put(ws, f"E{row}", claim.high, "Given", form)
        for column, scenario, settings in (
            ("F", claim.low_scenario, claim.low_set),
            ("G", claim.high_scenario, claim.high_set),
        ):
            put(ws, f"{column}{row}", model_side(book, claim, scenario, settings), "Link from a sheet", form)
        put(ws, f"H{row}", _verdict(claim, row), "Verdict")
        put_text(ws, f"I{row}", claim.explanation)
        put_text(ws, f"J{row}", load_sources()[claim.source].title, "Note")
        fit_height(ws, row, (claim.explanation, 72), (claim.claim, 34), (ws[f"J{row}"].value, 32))
    widths(ws, 18, 36, 12, 12, 12, 12, 12, 13, 70, 30)
    finish(ws, "1:5", "C6")


def claim_lane(book: Book, scenario: str) -> Lane:
    """Return the lane of a scenario that claims are tested in, as 'article-low'."""
    return next(x for x in book.layout.lanes if x.title.lower().replace(" ", "-") == scenario)


def model_side(book: Book, claim: Claim, scenario: str, settings: dict[str, float]) -> str:
    """Return a claim's formula: a link to its line in a lane, or the line's own formula with inputs replaced."""
    lane = claim_lane(book, scenario)
    if not settings:
        text = book.layout.cell(lane, claim.line)
    else:
        text = show(_with_settings(book, claim.line, lane, settings))
    return f'=IF(ISNUMBER({text}),{text},"n/a")'


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
    return graph.trace(line, symbols | {"periods_per_year": name("periods_per_year")})


def _verdict(claim: Claim, row: int) -> str:
    if claim.test == "judgement":
        return "judgement"
    least, most = f"MIN(F{row}:G{row})", f"MAX(F{row}:G{row})"
    if claim.test == "equal":
        test = f"ABS({least}-D{row})<=$D$4*D{row},ABS({most}-E{row})<=$D$4*E{row}"
    else:
        test = f"{least}<=E{row},D{row}<={most}"
    return f'=IF(AND({test}),"ties","does-not-tie")'
