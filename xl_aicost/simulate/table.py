"""Tables larger than memory, read and written in batches of rows: CSV or Parquet, by the ending of the file name.

A DataFrame is read in the same batches.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from xl_aicost.assumptions.table import FRAME, TableLike, title_of
from xl_aicost.errors import DataError
from xl_aicost.support.files import destination, replacing
from xl_aicost.support.optional import library
from xl_aicost.support.values import Array

if TYPE_CHECKING:
    import pandas as pd

BATCH = 65_536
ENDINGS = (".csv", ".parquet")
Columns = dict[str, Array]


def _arrow(name: str) -> ModuleType:
    return library(f"pyarrow{name}", "Reading and writing large tables")


def _ending(path: Path) -> str:
    if path.suffix.lower() not in ENDINGS:
        raise DataError(f"{path.name} does not end in .csv or .parquet")
    return path.suffix.lower()


def columns_of(table: TableLike) -> list[str]:
    """Return the names of a table's columns. Raises DataError for a file that cannot be read, or a name that stands twice."""
    names = _opened(table)[0] if isinstance(table, Path) else list(map(str, table.columns))
    if twice := [n for i, n in enumerate(names) if n in names[:i]]:
        raise DataError(f"{title_of(table)}: the column {twice[0]!r} appears twice")
    return names


def rows_about(table: TableLike) -> int:
    """Return how many rows a table has; of a CSV file about as many."""
    if not isinstance(table, Path):
        return len(table)
    if _ending(table) == ".csv":
        return table.stat().st_size // (8 * max(1, len(_heads(table))))
    return int(_arrow(".parquet").ParquetFile(table).metadata.num_rows)


def batches(table: TableLike) -> Iterator[Columns]:
    """Yield a table's columns as arrays, about 65,000 rows at a time. Raises DataError for a cell that is not a number."""
    yield from _batches_of_file(table) if isinstance(table, Path) else _batches_of_frame(table)


def _batches_of_frame(table: pd.DataFrame) -> Iterator[Columns]:
    for start in range(0, len(table), BATCH):
        piece = table.iloc[start : start + BATCH]
        yield {str(n): _floats(str(n), piece[n], start + first_row(table)) for n in table.columns}


def _floats(name: str, column: pd.Series[Any], row: int) -> Array:
    """Return a column of a DataFrame as numbers. Raises DataError for a cell that is none."""
    import pandas as pd

    numbers: Array = pd.to_numeric(column, errors="coerce").to_numpy(float, na_value=np.nan)
    if (wrong := np.isnan(numbers)).any():
        at = int(np.argmax(wrong))
        problem = "is empty" if pd.isna(column.iloc[at]) else f"{str(column.iloc[at])[:40]!r} is not a number"
        raise DataError(f"{FRAME}, row {row + at}, column {name}: {problem}")
    return numbers


def _batches_of_file(path: Path) -> Iterator[Columns]:
    row = first_row(path)
    names, stream = _opened(path)
    try:
        for batch in stream:
            yield {n: _numbers(path, n, c, row) for n, c in zip(names, batch.columns, strict=True)}
            row += batch.num_rows
    except _arrow(".lib").ArrowException as error:
        raise _unreadable(path, names, f", from row {row} on", error) from None


def _unreadable(path: Path, names: list[str], where: str, error: Exception) -> DataError:
    """Return what is wrong with a file, from what Arrow says of it."""
    said = " ".join(str(error).split())
    if match := re.search(r"CSV column #(\d+):.* invalid value '(.*)'", said):
        return DataError(
            f"{path.name}{where}, column {names[int(match[1])]}: {match[2][:40]!r} is not a number; "
            "write it without separators, as 1250000 or 0.085"
        )
    return DataError(f"{path.name}{where}: {said[:200]}")


def first_row(table: TableLike) -> int:
    """Return the number by which people know the first row of data: a CSV has its heads in row 1."""
    if not isinstance(table, Path):
        return 0
    return 2 if _ending(table) == ".csv" else 1


def _opened(path: Path) -> tuple[list[str], Iterator[Any]]:
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    names: list[str] = []
    try:
        if _ending(path) == ".csv":
            arrow, names = _arrow(".csv"), _heads(path)
            every = arrow.ConvertOptions(column_types=dict.fromkeys(names, _arrow("").float64()))
            reader = arrow.open_csv(path, arrow.ReadOptions(block_size=1 << 22), convert_options=every)
            return reader.schema.names, (p for b in reader for p in _pieces(b))
        parquet = _arrow(".parquet").ParquetFile(path, pre_buffer=False)
        return parquet.schema_arrow.names, parquet.iter_batches(BATCH)
    except _arrow(".lib").ArrowException as error:
        raise _unreadable(path, names, "", error) from None


def _heads(path: Path) -> list[str]:
    """Return the column heads of a CSV file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path.name}: cannot be read as UTF-8 text ({error})") from None


def _pieces(batch: Any) -> Iterator[Any]:
    for start in range(0, batch.num_rows, BATCH):
        yield batch.slice(start, BATCH)


def _numbers(path: Path, name: str, column: Any, row: int) -> Array:
    types = _arrow(".types")
    if column.null_count:
        at = row + int(np.argmax(column.is_null().to_numpy(zero_copy_only=False)))
        raise DataError(f"{path.name}, row {at}, column {name}: is empty")
    if types.is_decimal(column.type):
        column = column.cast(_arrow("").float64())
    if not (types.is_integer(column.type) or types.is_floating(column.type)):
        example = next((str(v) for v in column.to_pylist() if v is not None), "")
        raise DataError(
            f"{path.name}, column {name}: {example[:40]!r} is not a number; write it without separators, as 1250000 or 0.085"
        )
    numbers: Array = column.to_numpy(zero_copy_only=False).astype(float)
    return numbers


@contextmanager
def writing(path: Path) -> Iterator[Callable[[Columns], None]]:
    """Give a function that appends rows to a table; the file is complete at the end, or not written at all."""
    arrow, ending = _arrow(""), path.suffix.lower()
    with replacing(destination(path, *ENDINGS)) as temporary:
        writer: Any = None

        def write(columns: Columns) -> None:
            nonlocal writer
            batch = arrow.table({n: arrow.array(v, from_pandas=True) for n, v in columns.items()})
            if writer is None and ending == ".csv":
                writer = _arrow(".csv").CSVWriter(temporary, batch.schema)
            elif writer is None:
                writer = _arrow(".parquet").ParquetWriter(temporary, batch.schema, compression="zstd")
            writer.write_table(batch)

        try:
            yield write
        finally:
            if writer is not None:
                writer.close()
