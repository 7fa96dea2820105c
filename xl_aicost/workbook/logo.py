"""The brand's logo on a sheet."""

from __future__ import annotations

from pathlib import Path

from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.errors import DataError
from xl_aicost.workbook.book import Book
from xl_aicost.xlsx.drawing import Logo

PNG = b"\x89PNG\r\n\x1a\n"


def add_logo(book: Book, ws: Worksheet, at: str) -> None:
    """Add the brand's logo to a sheet. Raises DataError if its file cannot be read or is not a PNG."""
    path = Path(book.template.folder) / book.template.brand.logo
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"{book.template.id}.toml [brand], logo: {error}") from None
    if not data.startswith(PNG):
        raise DataError(f"{book.template.id}.toml [brand], logo: {path.name} is not a PNG picture")
    ws.add_image(Logo(data, at))
