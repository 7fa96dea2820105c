"""The Claims sheet: what the article says, whether its sums add up, and what independent figures say as of a day."""

from __future__ import annotations

from typing import Any

from xl_aicost.assumptions import Claim, load_claims, load_sources
from xl_aicost.assumptions.claims import ARTICLE
from xl_aicost.catalogue.claims import TOLERANCE
from xl_aicost.formula import name, show
from xl_aicost.support.text import abridged
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import Lane
from xl_aicost.workbook.page import BODY, Page
from xl_aicost.workbook.style import calculation_format

COLUMNS = (34, 336, 170, 76, 520, 136, 168)
# Some heads are set off as the cells below them.
HEADS = (
    "",
    "Claim",
    "  The article says",
    "Adds up?",
    "What independent evidence says",
    "  Verdict",
    "  Source, as of",
)
TABLE_ROW = BODY  # the head
LETTERS = dict(zip(("stated_low", "stated_high", "found_low", "found_high", "ends_agree", "id"), "JKLMNO", strict=True))
VERDICTS = {"supports": "● Supported", "partly": "≈ Partly", "contradicts": "≠ Contradicted", "open": "○ Open"}
ORDER = ("contradicts", "partly", "supports", "open")
LEGEND = (
    "● supported: inside what was found    ≈ partly    ≠ contradicted: outside    ○ open: no figure can test it yet"
)
HUES = {"●": "gain", "≈": "overlap", "≠": "cut"}
LINE, CLAIM_LINE = 92, 52  # characters of what evidence says, and of a claim, that fit into a line
NONE = "-"
TOLERANCE_AT = "P7"
TOLERANCE_CELL = "$P$7"


def add_claims(book: Book) -> None:
    """Write the Claims page: what the article says, whether its sums add up, and what independent figures say."""
    claims = sorted(load_claims().values(), key=lambda c: ORDER.index(c.evidence))
    first, last = TABLE_ROW + 1, TABLE_ROW + len(claims)
    verdicts = f"G{first}:G{last}"
    counts = {k: f'COUNTIF({verdicts},"{v}")' for k, v in VERDICTS.items()}
    answer = (
        f'"Of {len(claims)} claims, independent evidence supports "&{counts["supports"]}&", supports "&{counts["partly"]}'
        f'&" in part and contradicts "&{counts["contradicts"]}&"; "&{counts["open"]}&" cannot be tested yet."'
    )
    question = '"Each claim against evidence that is not the article\'s. Adds up: its own figures against each other."'
    page = Page(book, "Claims", 'subject_title&": is the article right?"', question, answer, COLUMNS)
    page.across(TABLE_ROW, "BCDEFGH", HEADS, "Head")
    page.across(TABLE_ROW, LETTERS.values(), (what.replace("_", " ").capitalize() for what in LETTERS), "Head")
    page.put(TOLERANCE_AT, TOLERANCE, "Given", "0.0%")
    for number, claim in enumerate(claims, 1):
        _add_claim(page, claim, number, TABLE_ROW + number)
    page.heights(TABLE_ROW, 22)
    page.marks(verdicts, HUES)
    money = "" if book.template.brand.currency == "USD" else "    Amounts are in US dollars, as published."
    page.note(last + 1, LEGEND + money)
    page.hide(LETTERS.values())
    page.finish(last + 1, f"D{first}", heads=TABLE_ROW)


def _add_claim(page: Page, claim: Claim, number: int, row: int) -> None:
    book, number_format = page.book, calculation_format(claim.unit)
    page.put(f"B{row}", number, "Dense note")
    page.text(f"C{row}", claim.claim, "Dense wrapped")
    ends = (claim.low, claim.high, claim.found_low, claim.found_high)
    page.across(row, list(LETTERS.values())[:4], (None if v != v else v for v in ends), "Given", number_format)
    page.text(f"{LETTERS['id']}{row}", claim.id, "Dense note")
    page.put(f"D{row}", _stated(book, claim, row), "Dense set off")
    if claim.line:
        sides = [article_side(book, claim, *end) for end in zip(ARTICLE, (claim.low_set, claim.high_set), strict=True)]
        agree = "+".join(
            f"(ABS({which}({','.join(sides)})-{stated}{row})<={TOLERANCE_CELL}*{stated}{row})"
            for which, stated in (("MIN", LETTERS["stated_low"]), ("MAX", LETTERS["stated_high"]))
        )
        page.put(f"{LETTERS['ends_agree']}{row}", f"={agree}", "Calculation", "0")
        page.put(f"E{row}", f'=CHOOSE(1+{LETTERS["ends_agree"]}{row},"no","partly","yes")', "Dense")
    else:
        page.text(f"E{row}", NONE if claim.adds_up == "n/a" else claim.adds_up, "Dense")
    page.text(f"F{row}", claim.explanation, "Dense wrapped")
    page.text(f"G{row}", VERDICTS[claim.evidence], "Dense strong set off")
    sources = [load_sources()[s] for s in claim.sources]
    short = f"{abridged(sources[0].publisher, 18)}, {claim.as_of:%Y-%m}" if sources else f"{claim.as_of:%Y-%m}"
    page.text(f"H{row}", short, "Dense note")
    if sources and sources[0].url:
        page.lead(f"H{row}", address=sources[0].url)
    lines = max(-(-len(claim.explanation) // LINE), -(-len(claim.claim) // CLAIM_LINE))
    page.heights(row, 4 + 12.5 * lines)


def _stated(book: Book, claim: Claim, row: int) -> str | None:
    """Return the formula of what the article says, in its US dollars."""
    number_format = "$" if claim.unit.startswith("USD") else {"share": "0%", "ratio": "0x"}.get(claim.unit, "#,##0")
    unit = f" {claim.unit}" if number_format == "#,##0" else ""
    texts: list[str] = []
    for what, value in (("stated_low", claim.low), ("stated_high", claim.high)):
        if value == value and not (texts and claim.low == claim.high):
            number, label = f"Claims!{LETTERS[what]}{row}", f"{claim.claim}: {what.replace('_', ' ')}"
            texts.append(book.feed.text(label, number, number_format, book.dollars))
    if not texts:
        return NONE
    more = " and more" if claim.high != claim.high else ""
    said = '&" to "&'.join(texts)
    return f"={said}" + (f'&"{more}{unit}"' if more or unit else "")


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
