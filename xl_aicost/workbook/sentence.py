"""Sentences that follow the inputs: a text with {line:format} becomes the expression of a formula.

"A cut of {layoff_share:0.0%} pays for ..." shows `layoff_share` in the scenario chosen. Formats are 0.0%, #,##0, 0.00,
0.0x, +0%, $ for an amount whose size decides on its unit, |$| the same without a minus. {scenario} without a format is a name, shown as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from xl_aicost.errors import DataError, UnknownNameError
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.feed import AMOUNT, FORMAT, SIZE
from xl_aicost.workbook.layout import LIVE
from xl_aicost.xlsx.text import LONGEST_FORMULA

FIELD = re.compile(r"\{(\w+)(?::([^{}]+))?\}")
NAMES = (
    "scenario",
    "subject",
    "subject_title",
    "first_year",
    "last_year",
    "cash_period",
    "workforce",
    "whole_payroll",
    "caveats",
)
LONGEST = 250  # characters in a text within a formula; Excel takes 255


def said(book: Book, text: str) -> str:
    """Return the expression of a text with fields. Raises DataError for a field that is no line of one value, input or name."""
    parts, position = [], 0
    for match in FIELD.finditer(text):
        parts += _texts(text[position : match.start()])
        parts.append(_field(book, match[1], match[2]))
        position = match.end()
    parts += _texts(text[position:])
    return "&".join(parts) or '""'


def where(book: Book, condition: str) -> str:
    """Return a formula's text with the cell of each {line}."""
    return FIELD.sub(lambda m: _cell(book, m[1]), condition)


def amount(book: Book, dollars: str) -> str:
    """Return a formula's text for an amount in dollars, as readers see it, with the cell of each {line}."""
    return book.money(where(book, dollars), "USD")


def when(condition: str, yes: str, no: str) -> str:
    """Return the expression that is one text or the other."""
    return f"IF({condition},{yes},{no})"


def known(book: Book, line: str, yes: str, no: str) -> str:
    """Return the expression that is one text where a line or an input has a value, the other where it is n/a."""
    return when(where(book, f"ISNUMBER({{{line}}})"), yes, no)


@dataclass(frozen=True)
class IfKnown:
    """A sentence where a line or an input has a value, and another one where it is n/a."""

    line: str
    yes: Sentence
    no: Sentence = "a figure that it needs is not on file"


Sentence: TypeAlias = str | IfKnown  # a text with fields, or a formula that begins with =


def told(book: Book, sentence: Sentence) -> str:
    """Return the expression of a sentence."""
    if isinstance(sentence, IfKnown):
        return known(book, sentence.line, told(book, sentence.yes), told(book, sentence.no))
    return sentence[1:] if sentence.startswith("=") else said(book, sentence)


def live_sentence(book: Book, text: str) -> str:
    """Return the formula of a sentence of a template. Raises DataError for a field or a length that cannot be."""
    formula = "=" + said(book, text)
    if len(formula) > LONGEST_FORMULA:
        raise DataError(f"{book.template.id}.toml, answer: {len(text):,} characters are too many for a formula")
    return formula


def quoted(text: str) -> str:
    """Return a text as it stands within a formula: between quotes, its own doubled."""
    return '"' + text.replace('"', '""').replace("\n", '"&CHAR(10)&"') + '"'


def _texts(text: str) -> list[str]:
    return [quoted(text[i : i + LONGEST]) for i in range(0, len(text), LONGEST)]


def _field(book: Book, node: str, number_format: str | None) -> str:
    if number_format is None:
        return _cell(book, node)
    if number_format not in (AMOUNT, SIZE) and not FORMAT.fullmatch(number_format):
        raise DataError(
            f"{book.template.id}.toml, {{{node}:{number_format}}}: {number_format!r} is not a format; accepted: 0.0%, #,##0, 0.00, 0.0x, +0% or $"
        )
    cell, meaning = _cell(book, node), book.layout.meaning(node)
    return book.feed.text(meaning.label, book.money(cell, meaning.unit), number_format)


def _cell(book: Book, node: str) -> str:
    """Return the cell of an input or a line of one value in the scenario shown, or a name of the workbook."""
    if node in NAMES:
        return node
    if node not in book.layout.rows or node in book.graph.series:
        names = [n for n in book.layout.rows if n not in book.graph.series]
        raise DataError(f"{book.template.id}.toml, answer: {UnknownNameError('line', node, names)}")
    return book.layout.cell(LIVE, node)
