"""How the command prints values."""

from __future__ import annotations

import json
import math
import sys
from typing import Annotated, Any

import typer

from xl_aicost.support.numbers import number

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def plain(value: Any) -> Any:
    """Make a value fit for JSON: lists for arrays, null for what a cell shows as an error."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [plain(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(rows: list[dict[str, Any]]) -> None:
    """Print rows of the same keys as a table; a column whose first value is a number stands to the right."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for column, value in rows[0].items():
        table.add_column(column, justify="right" if isinstance(value, float) else "left", overflow="fold")
    for row in rows:
        texts = ("" if v is None else str(v) if c == "year" else number(v) for c, v in row.items())
        table.add_row(*map(escape, texts))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
