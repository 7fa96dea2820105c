"""Print values, tables and JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from xl_aicost.support.numbers import jsonable, number


def print_json(value: object) -> None:
    """Print a value, or a tree of them, as JSON."""
    print(json.dumps(jsonable(value), indent=2, ensure_ascii=False))


def print_table(rows: Sequence[Mapping[str, object]]) -> None:
    """Print rows with the same keys as a table; a column whose first value is a number is aligned to the right."""
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


@contextmanager
def progress_bar(total: int | None, what: str) -> Iterator[Callable[[int], None]]:
    """Show progress on a terminal; yield a function that takes the number of items done."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.completed:,.0f} " + what), BarColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)
