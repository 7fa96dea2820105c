"""Texts that documents are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def abridged(text: str, width: int) -> str:
    """Return a text of at most so many characters, the rest as three dots.

    >>> abridged("Annual report 2025", 12)
    'Annual re...'
    """
    return text if len(text) <= width else f"{text[: width - 3].rstrip()}..."


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown.

    >>> print(markdown_table(("a", "b"), [("1", "x|y")]))
    | a | b |
    | --- | --- |
    | 1 | x/y |
    """
    every = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in every)
