"""The Answer page as text, with the workbook's values: for a terminal or as one page of HTML.

The sentence and the figures are those of the page; nothing is worded here a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Unpack

from xl_aicost.case import Arguments
from xl_aicost.engine.calculate import calculate
from xl_aicost.engine.values import Value
from xl_aicost.support.memory import no_collecting
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.build import assemble
from xl_aicost.workbook.feed import SHEET as FEED
from xl_aicost.workbook.page import BODY
from xl_aicost.workbook.sheets.answer import CHANGES, SHEET, THREE_BARS, THREE_BARS_TITLE
from xl_aicost.workbook.style import INK, MUTED, RULE, colours
from xl_aicost.workbook.template import Template, load_template
from xl_aicost.xlsx.cells import place

FIGURES = "BDFHJ"
MEANINGS = ("AI", "people", "cut")
WIDTH = 48  # characters of the longest bar
FULL, HALF = "█", "▌"


@dataclass(frozen=True)
class Bar:
    """A bar of the picture: its name, its amount as text, how long it is of the longest, and its colour."""

    name: str
    text: str
    share: float
    colour: str


@dataclass(frozen=True)
class Answer:
    """The Answer page: who and when, the question, the answer, figures (label, value, note), the picture and its limits."""

    title: str
    question: str
    answer: str
    figures: tuple[tuple[str, str, str], ...]
    picture: str
    bars: tuple[Bar, ...]
    limits: tuple[str, ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """Return everything by name."""
        figures = [dict(zip(("label", "value", "note"), f, strict=True)) for f in self.figures]
        bars = [{"name": b.name, "value": b.text} for b in self.bars]
        return {**vars(self), "figures": figures, "bars": bars}


def answer(template: str | Template = "company", **arguments: Unpack[Arguments]) -> Answer:
    """Return what the Answer page of a workbook says; the arguments are those of `build`.

    >>> print(answer(company="META", year=2025).answer)  # doctest: +ELLIPSIS
    No. AI spending of $72.2bn is 1.8 times Meta's whole payroll. ...
    """
    plan = template if isinstance(template, Template) else load_template(template)
    with no_collecting():
        book = assemble(replace(plan, sheets=(), lanes=("Base",)), **arguments)
        values = calculate(book.wb, book.precomputed)
    return _read(book, values)


def _read(book: Book, values: Mapping[str, Mapping[tuple[int, int], Value]]) -> Answer:
    def shown(sheet: str, at: str) -> str:
        value = values[sheet].get(place(at), book.wb[sheet][at].value)
        return "" if value is None else str(value)

    def feed_row(label: str) -> int:
        return next(r for r in range(1, book.feed.row) if book.wb[FEED][f"A{r}"].value == label)

    figures = [
        (shown(SHEET, f"{c}{BODY}"), shown(SHEET, f"{c}{BODY + 1}"), shown(SHEET, f"{c}{BODY + 2}")) for c in FIGURES
    ]
    hues, top = colours(book.template.brand), feed_row(THREE_BARS) + 2
    amounts = [float(shown(FEED, f"B{row}")) for row in range(top, top + len(MEANINGS))]
    bars = []
    for row, (amount, meaning) in enumerate(zip(amounts, MEANINGS, strict=True), top):
        name, _, text = shown(FEED, f"A{row}").partition("\n")
        bars.append(Bar(name, text, max(amount, 0.0) / (max(amounts) or 1.0), hues[meaning]))
    limits: list[str] = []
    for row in range(CHANGES + 8, CHANGES + 10 + len(book.template.limits)):
        limits.append(shown(SHEET, f"B{row}").removeprefix("\N{BLACK SQUARE}").strip())
    title = shown(FEED, f"B{feed_row(THREE_BARS_TITLE)}")
    who, question, said = (shown(SHEET, at) for at in ("B2", "B3", "B5"))
    return Answer(who, question, said, tuple(figures), title, tuple(bars), tuple(limits), book.edition.case.notes)


def in_terminal(answer: Answer, width: int = WIDTH) -> str:
    """Return the answer as lines of text with its picture."""
    wide = max(len(b.name) for b in answer.bars)
    labels = max(len(label) for label, _, _ in answer.figures)
    numbers = max(len(value) for _, value, _ in answer.figures)
    lines = [answer.title, answer.question, "", answer.answer, ""]
    lines += [f"{label:<{labels}}  {value:>{numbers}}  {note}" for label, value, note in answer.figures]
    lines.append("")
    for bar in answer.bars:
        halves = round(2 * width * bar.share)
        drawn = FULL * (halves // 2) + HALF * (halves % 2) or (HALF if bar.share > 0 else "")
        lines.append(f"{bar.name:<{wide}}  {drawn} {bar.text}")
    return "\n".join([*lines, "", *(f"- {limit}" for limit in answer.limits)])


def as_html(answer: Answer) -> str:
    """Return the answer as one page of HTML that needs nothing else, not even a network."""
    figures = "".join(
        f"<div><dt>{escape(label)}</dt><dd><b>{escape(value)}</b> {escape(note)}</dd></div>"
        for label, value, note in answer.figures
    )
    bars = "".join(
        f'<text x="150" y="{40 * k + 25}" text-anchor="end">{escape(b.name)}</text>'
        f'<rect x="160" y="{40 * k + 6}" width="{max(520 * b.share, 1 if b.share else 0):.1f}" height="28" fill="#{b.colour}"/>'
        f'<text x="{168 + 520 * b.share:.1f}" y="{40 * k + 25}" font-weight="bold">{escape(b.text)}</text>'
        for k, b in enumerate(answer.bars)
    )
    said = "; ".join(f"{b.name} {b.text}" for b in answer.bars)
    limits = "".join(f"<li>{escape(limit)}</li>" for limit in answer.limits)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(answer.title)}: {escape(answer.question)}</title>
<style>
body {{ font: 16px/1.45 Arial, "Liberation Sans", sans-serif; color: #{INK}; max-width: 56rem; margin: 2rem auto; padding: 0 1rem }}
h1 {{ font-size: 1.8rem; margin: 0 }}
.question, dt, li, dd {{ color: #{MUTED} }}
.question {{ border-bottom: 2px solid #{INK}; padding-bottom: .4rem; margin: .2rem 0 1rem }}
.answer {{ font-size: 1.3rem; font-weight: bold; color: #{answer.bars[0].colour} }}
dl {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1rem }}
dl div {{ border-top: 3px solid #{RULE} }}
dd {{ margin: 0; font-size: .85rem }}
dd b {{ display: block; font-size: 1.7rem; color: #{INK} }}
svg {{ width: 100%; height: auto }}
svg text {{ font-size: 15px; fill: #{INK} }}
</style>
</head>
<body>
<h1>{escape(answer.title)}</h1>
<p class="question">{escape(answer.question)}</p>
<p class="answer">{escape(answer.answer)}</p>
<dl>{figures}</dl>
<h2>{escape(answer.picture)}</h2>
<svg viewBox="0 0 800 {40 * len(answer.bars) + 8}" role="img" aria-label="{escape(said)}">{bars}</svg>
<ul>{limits}</ul>
</body>
</html>
"""
