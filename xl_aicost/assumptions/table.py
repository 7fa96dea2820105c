"""A CSV file, or a DataFrame, as checked rows: every error names file, row and column."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeAlias, TypeVar, Union

from xl_aicost.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

TableLike: TypeAlias = Union[Path, "pd.DataFrame"]
Item = TypeVar("Item")
FRAME = "DataFrame"  # what errors call one
RISKY = "=+-@\t\r"  # with which a formula begins in one program or another
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")


@dataclass(frozen=True)
class TableRow:
    """One row of a table, with the line of the file it stands on."""

    file: str
    number: int
    cells: dict[str, str]

    def error(self, column: str, problem: str) -> DataError:
        """Return an error that points at a cell."""
        return DataError(f"{self.file}, row {self.number}, column {column}: {problem}")

    def text(self, column: str, needed: bool = True) -> str:
        """Return a cell's text, or raise DataError where a needed one is empty."""
        value = unguarded(self.cells.get(column) or "").strip()
        if needed and not value:
            raise self.error(column, "is empty")
        return value

    def number_in(self, column: str) -> float:
        """Return a cell's number, or raise DataError; separators and signs of currency are refused."""
        value = self.text(column)
        if not NUMBER.fullmatch(value):
            hint = "write it without thousands separators" if re.fullmatch(r"[-\d.,' ]+", value) else "write digits"
            raise self.error(column, f"{value!r} is not a number: {hint}, as in 1250000 or 0.085")
        result = float(value)
        if not math.isfinite(result):
            raise self.error(column, f"{value!r} is too large")
        return result

    def date_in(self, column: str) -> date:
        """Return a cell's date, or raise DataError."""
        try:
            return date.fromisoformat(self.text(column))
        except ValueError:
            raise self.error(column, f"{self.text(column)!r} is not a date, as in 2026-06-30") from None

    def one_of(self, column: str, allowed: frozenset[str]) -> str:
        """Return a cell's text if it is in the list, or raise DataError with the list."""
        value = self.text(column)
        if value not in allowed:
            raise self.error(column, f"unknown {column} {value!r}; one of {', '.join(sorted(allowed))}")
        return value


def by_id(rows: Iterable[TableRow], read: Callable[[TableRow], Item]) -> dict[str, Item]:
    """Return what each row says, by the row's id. Raises DataError for an id that the file has twice."""
    items: dict[str, Item] = {}
    for row in rows:
        item, name = read(row), row.text("id")
        if name in items:
            raise row.error("id", f"{name!r} appears twice in the file")
        items[name] = item
    return items


def guarded(text: str) -> str:
    """Return a text for a CSV file that somebody may open in a spreadsheet, where it must be no formula."""
    return f"'{text}" if text[:1] in RISKY and text else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return text[1:] if text[:1] == "'" and text[1:2] in RISKY and len(text) > 1 else text


def read_text(table: TableLike) -> str:
    """Return a file's text, or raise DataError; of a DataFrame the text of a CSV file."""
    if not isinstance(table, Path):
        out = io.StringIO()
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(map(str, table.columns))
        lines.writerows([guarded(_text(v)) for v in row] for row in table.itertuples(index=False, name=None))
        return out.getvalue()
    with _opened(table) as file:
        return file.read()


def title_of(table: TableLike) -> str:
    """Return what errors call a table."""
    return table.name if isinstance(table, Path) else FRAME


def read_table(table: TableLike, columns: tuple[str, ...]) -> Iterator[TableRow]:
    """Yield the rows of a CSV file that has these columns, one by one: the file may be larger than memory.

    The rows of a DataFrame have their positions, from 0, as numbers.
    """
    if not isinstance(table, Path):
        yield from _rows_of_frame(table, columns)
        return
    with _opened(table) as file:
        yield from _rows(table.name, file, columns)


def _rows_of_frame(table: pd.DataFrame, columns: tuple[str, ...]) -> Iterator[TableRow]:
    titles = list(map(str, table.columns))
    _check_titles(FRAME, titles, columns)
    for at, values in enumerate(table.itertuples(index=False, name=None)):
        yield TableRow(FRAME, at, dict(zip(titles, map(_text, values), strict=True)))


def _text(value: object) -> str:
    """Return a cell of a DataFrame as a CSV file would have it; what is missing is empty."""
    if value is None or value != value or str(value) == "<NA>":
        return ""
    return f"{value:.17g}" if isinstance(value, float) else str(value)


def parse_table(name: str, text: str, columns: tuple[str, ...]) -> Iterator[TableRow]:
    """Yield the rows of a CSV text that has these columns; `name` is what errors call it."""
    return _rows(name, io.StringIO(text, newline=""), columns)


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as UTF-8 text ({error})") from None


def _rows(name: str, file: TextIO, columns: tuple[str, ...]) -> Iterator[TableRow]:
    reader = csv.DictReader(file)
    try:
        titles = list(reader.fieldnames or ())
        _check_titles(name, [t for t in titles if t.strip()], columns)
        reader.fieldnames = [t if t.strip() else f"column {i}" for i, t in enumerate(titles, 1)]
        untitled = [new for new, t in zip(reader.fieldnames, titles, strict=True) if not t.strip()]
        for row in reader:
            if None in row:
                raise DataError(
                    f"{name}, row {reader.line_num}: more cells than columns; "
                    "a number with a thousands separator, or a text with a comma, needs quotes"
                )
            if not any(value and value.strip() for value in row.values()):
                continue  # which spreadsheet programs leave at the end
            for title in untitled:
                if (row.pop(title) or "").strip():
                    raise DataError(f"{name}, row {reader.line_num}: {title} has a value and no name in row 1")
            yield TableRow(name, reader.line_num, row)
    except csv.Error as error:
        raise DataError(f"{name}, row {reader.line_num}: not readable as CSV ({error})") from None


def _check_titles(name: str, titles: list[str], columns: tuple[str, ...]) -> None:
    missing = [c for c in columns if c not in titles]
    if missing:
        hint = "; it separates by semicolons: see --csv-format" if len(titles) == 1 and ";" in titles[0] else ""
        raise DataError(f"{name}, row 1: no column {missing[0]!r}; needed are {', '.join(columns)}{hint}")
    twice = [t for i, t in enumerate(titles) if t in titles[:i]]
    if twice:
        raise DataError(f"{name}, row 1: the column {twice[0]!r} appears twice")
