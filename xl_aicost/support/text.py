"""Texts that documents are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def abridged(text: str, width: int) -> str:
    """Return a text of at most so many characters, the rest as three dots, after a word where one ends in the second half.

    >>> abridged("Annual report of the year 2025", 20), abridged("stockanalysis.com", 12)
    ('Annual report of...', 'stockanal...')
    """
    if len(text) <= width:
        return text
    head = text[: width - 3]
    word = head[: max(head.rfind(" "), 0)]
    return f"{(word if len(word) > width / 2 else head).rstrip(' ,;:')}..."


def web_address(text: str) -> str:
    """Return an address on the web as readers know it; any other text stays as it is.

    >>> web_address("https://www.example.org/annual-report-2025")
    'example.org/annual-report-2025'
    """
    return text.removeprefix("https://").removeprefix("http://").removeprefix("www.")


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown.

    >>> print(markdown_table(("a", "b"), [("1", "x|y")]))
    | a | b |
    | --- | --- |
    | 1 | x/y |
    """
    every = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in every)
