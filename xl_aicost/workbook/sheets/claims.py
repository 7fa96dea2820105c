"""The Claims sheet: what the article says, whether its sums add up, and what independent figures say as of a day."""

from __future__ import annotations

from typing import Any

from xl_aicost.assumptions import Claim, load_claims, load_sources
from xl_aicost.assumptions.claims import ARTICLE
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
    "Its figures come to, low",
    "Its figures come to, high",
    "Adds up",
    "The sum",
    "Evidence",
    "As of",
    "Found low",
    "Found high",
    "What independent figures say",
    "Sources",
)


def add_claims(book: Book) -> None:
    """Write the Claims sheet; what the article's figures come to, and whether that adds up, is live."""
    ws = book.sheet("Claims", "Claims: does the sum add up, and what do independent figures say?", "output")
    put(ws, "B4", "Ends agree within", "Label")
    put(ws, "D4", TOLERANCE, "Given", "0.0%")
    heads(ws, CLAIM_HEADS)
    ws.row_dimensions[5].height = 45
    for row, claim in enumerate(load_claims().values(), 6):
        form = calculation_format(claim.unit)
        put(ws, f"A{row}", claim.id, "Note")
        put_text(ws, f"B{row}", claim.claim)
        put(ws, f"C{row}", calculation_unit(claim.unit), "Label")
        for column, value in zip("DELM", (claim.low, claim.high, claim.found_low, claim.found_high), strict=True):
            put(ws, f"{column}{row}", None if value != value else value, "Given", form)
        if claim.line:
            ends = [
                article_side(book, claim, *end) for end in zip(ARTICLE, (claim.low_set, claim.high_set), strict=True)
            ]
            for column, which in zip("FG", ("MIN", "MAX"), strict=True):
                put(ws, f"{column}{row}", f"={which}({','.join(ends)})", "Link from a sheet", form)
            put(ws, f"H{row}", adds_up(row), "Verdict")
        else:
            put_text(ws, f"H{row}", claim.adds_up, "Verdict")
        put_text(ws, f"I{row}", claim.sum)
        put_text(ws, f"J{row}", claim.evidence, "Verdict")
        put_text(ws, f"K{row}", f"{claim.as_of}", "Note")
        put_text(ws, f"N{row}", claim.explanation)
        put_text(ws, f"O{row}", "; ".join(load_sources()[s].title for s in claim.sources), "Note")
        fit_height(
            ws, row, (claim.explanation, 62), (claim.claim, 34), (claim.sum, 26), (ws[f"O{row}"].value or "", 38)
        )
    widths(ws, 18, 36, 12, 13, 13, 13, 13, 9, 28, 12, 11, 13, 13, 62, 36)
    finish(ws, "1:5", "C6")


def claim_lane(book: Book, scenario: str) -> Lane:
    """Return the lane of one of the article's scenarios, as 'article-low'."""
    return next(x for x in book.layout.lanes if x.title.lower().replace(" ", "-") == scenario)


def article_side(book: Book, claim: Claim, scenario: str, settings: dict[str, float]) -> str:
    """Return what the article's own figures come to: its line in a lane, or the line's own formula with inputs replaced."""
    lane = claim_lane(book, scenario)
    return show(_with_settings(book, claim.line, lane, settings)) if settings else book.layout.cell(lane, claim.line)


def _with_settings(book: Book, line: str, lane: Lane, settings: dict[str, float]) -> Any:
    """Trace the part of the graph that the settings reach; the rest are cells of the lane."""
    graph = book.graph
    symbols: dict[str, Any] = {
        node: settings.get(node) if node in settings else book.layout.symbol(lane, node)
        for node in graph.upstream(line)
        if node not in graph.lines or not (graph.upstream(node) & set(settings))
    }
    return graph.trace(line, symbols | {"periods_per_year": name("periods_per_year")})


def adds_up(row: int) -> str:
    """Return the formula of the word: both ends agree, one, or none."""
    agree = "+".join(f"(ABS({found}{row}-{stated}{row})<=$D$4*{stated}{row})" for found, stated in ("FD", "GE"))
    return f'=CHOOSE(1+{agree},"no","partly","yes")'
