"""Convert CSV files of German and French programs to English number format.

Nothing is guessed: which it is has to be said, and a number that is not written so is refused.
"""

from __future__ import annotations

import csv
import re
from enum import StrEnum
from pathlib import Path

from xl_aicost.errors import DataError


class CsvFormat(StrEnum):
    """How a CSV file separates columns, thousands and decimals."""

    english = "english"
    german = "german"
    french = "french"


BLANKS = " \u00a0\u202f"  # a space, one that does not break, and a narrow one
THOUSANDS = {CsvFormat.german: r"\.", CsvFormat.french: f"[{BLANKS}]"}
EXAMPLES = {CsvFormat.german: "1.250.000,5", CsvFormat.french: "1 250 000,5"}
TEXTS = frozenset(["id", "label", "unit", "kind", "source", "note", "name", "company", "distribution", "a", "b"])


def in_english(path: Path, csv_format: CsvFormat, folder: Path) -> Path:
    """Write a copy of a file in English number format into a folder; return its path.

    The first row holds the titles. Columns of texts stay as they are. Raises DataError, which names file, row and
    column, for a number that is written in another way.
    """
    if csv_format is CsvFormat.english or path.suffix.lower() != ".csv":
        return path
    mark = THOUSANDS[csv_format]
    number = re.compile(rf"-?(?:\d+|[1-9]\d{{0,2}}(?:{mark}\d{{3}})+)(?:,\d+)?(?:[eE][-+]?\d+)?")
    out = folder / path.name
    try:
        with path.open(encoding="utf-8-sig", newline="") as source, out.open("w", encoding="utf-8", newline="") as file:
            reader, writer = csv.reader(source, delimiter=";"), csv.writer(file, lineterminator="\n")
            titles = next(reader, [])
            if len(titles) == 1 and "," in titles[0]:
                raise DataError(
                    f"{path.name}, row 1: columns are not separated by semicolons, as in {csv_format} files"
                )
            writer.writerow(titles)
            for row in reader:
                line = reader.line_num
                if len(row) > len(titles):
                    raise DataError(f"{path.name}, row {line}: more cells than columns; a text with ; needs quotes")
                cells = []
                for title, cell in zip(titles, row, strict=False):
                    text = cell.strip()
                    if title in TEXTS or not text:
                        cells.append(cell)
                        continue
                    if not number.fullmatch(text):
                        example = EXAMPLES[csv_format]
                        where = f"{path.name}, row {line}, column {title}"
                        raise DataError(
                            f"{where}: {text[:40]!r} is not a number in {csv_format} format, as in {example}"
                        )
                    cells.append(re.sub(mark, "", text).replace(",", "."))
                writer.writerow(cells)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: cannot be read as UTF-8 CSV ({error})") from None
    return out
