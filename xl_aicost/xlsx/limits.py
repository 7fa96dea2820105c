"""Limits of the parts of a package: how much of them is unpacked, and no document types, by which XML names entities."""

from __future__ import annotations

import zipfile
from typing import IO

LARGEST_PART = 1_500_000_000  # bytes of a part, unpacked
LARGEST_STRINGS = 100_000_000  # bytes of shared strings, unpacked
LARGEST_TREE = 30_000_000  # bytes of a part that is read as a whole: names, styles, drawings
SAFE_RATIO = 400  # unpacked to packed; XML of a worksheet stays far below


def check_size(info: zipfile.ZipInfo, largest: int) -> None:
    """Raise ValueError for a part that unpacks to more than so many bytes, or to suspiciously many."""
    if info.file_size > largest or info.file_size > SAFE_RATIO * max(info.compress_size, 10_000):
        raise ValueError(f"{info.filename[:60]} unpacks to {info.file_size:,} bytes, more than is read")


class Guarded:
    """A stream that refuses document type declarations, by which XML names entities."""

    def __init__(self, file: IO[bytes], part: str) -> None:
        self.file, self.part, self.first = file, part, True

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes. Raises ValueError as `plain_xml` does."""
        data = self.file.read(size)
        if self.first:
            data, self.first = plain_xml(data, self.part), False
        return data


def plain_xml(data: bytes, part: str) -> bytes:
    """Return XML as it is, or raise ValueError if it begins with a document type."""
    if b"<!DOCTYPE" in data[:65_536].replace(b"\x00", b"") or b"<!ENTITY" in data[:65_536].replace(b"\x00", b""):
        raise ValueError(f"{part} declares a document type, which no workbook needs")
    return data
