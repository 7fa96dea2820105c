"""A small table as HTML, as a notebook shows it.

>>> html_table("A & B", ("unit",), [("USD",)])
'<table><caption>A &amp; B</caption><tr><th>unit</th></tr><tr><td>USD</td></tr></table>'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def html_table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose texts are shown as they are."""
    head = "<tr>" + "".join(f"<th>{escape(h)}</th>" for h in heads) + "</tr>" if heads else ""
    body = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption>{head}{body}</table>"
