"""The parts of a workbook's package, of which some have placeholders for what differs in a batch, and the zip of them.

>>> import io, zipfile
>>> note = PartTemplate("note.xml", fixed=["<note>", "</note>"], placeholders=["name"])
>>> for part in note.filled([["Meta", "Alphabet"]]):
...     zipfile.ZipFile(io.BytesIO(zipped([part]))).read("note.xml")
b'<note>Meta</note>'
b'<note>Alphabet</note>'
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Placeholder = TypeVar("Placeholder")
LEVEL = 1  # twice as fast as zlib's default, for a seventh more bytes
LOCAL, CENTRAL, END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
VERSION, UNIX, DEFLATED = 20, 3 << 8, 8
EPOCH = 0, 1 << 5 | 1  # midnight of the first day that a zip can express
MODE = 0o600 << 16


@dataclass(frozen=True)
class Part:
    """A compressed part."""

    name: bytes
    check: int
    size: int
    packed: bytes


def packed(name: str, data: bytes) -> Part:
    """Return a part, compressed."""
    return Part(name.encode(), zlib.crc32(data), len(data), zlib.compress(data, LEVEL, -zlib.MAX_WBITS))


def zipped(parts: Sequence[Part]) -> bytes:
    """Return a zip of parts, which does not depend on clock or machine."""
    pieces, directory, at = [], [], 0
    for p in parts:
        head = (VERSION, 0, DEFLATED, *EPOCH, p.check, len(p.packed), p.size, len(p.name), 0)
        pieces += [LOCAL.pack(b"PK\3\4", *head), p.name, p.packed]
        directory += [CENTRAL.pack(b"PK\1\2", VERSION | UNIX, *head, 0, 0, 0, MODE, at), p.name]
        at += LOCAL.size + len(p.name) + len(p.packed)
    size = sum(map(len, directory))
    end = END.pack(b"PK\5\6", 0, 0, len(parts), len(parts), size, at, 0)
    return b"".join((*pieces, *directory, end))


@dataclass(frozen=True)
class PartTemplate(Generic[Placeholder]):
    """A part with placeholders: `fixed[0]`, the first placeholder, `fixed[1]` and so on."""

    name: str
    fixed: Sequence[str]
    placeholders: Sequence[Placeholder]

    def filled(self, columns: Sequence[Sequence[str]]) -> Iterator[Part]:
        """Yield the part for each batch row, compressed; `columns` holds for each placeholder its text in every row."""
        pieces = [""] * (2 * len(self.fixed) - 1)
        pieces[::2] = self.fixed
        last: tuple[str, ...] = ()
        part = None
        for row in zip(*columns, strict=True):
            if part is None or row != last:  # most rows differ on few sheets
                pieces[1::2] = last = row
                part = packed(self.name, "".join(pieces).encode())
            yield part


def part_of(name: str, content: bytes | Sequence[str | Placeholder]) -> Part | PartTemplate[Placeholder]:
    """Return a part from its bytes, or from its texts and placeholders in their order."""
    if isinstance(content, bytes):
        return packed(name, content)
    fixed: list[list[str]] = [[]]
    placeholders = []
    for piece in content:
        if isinstance(piece, str):
            fixed[-1].append(piece)
        else:
            placeholders.append(piece)
            fixed.append([])
    texts = ["".join(t) for t in fixed]
    return PartTemplate(name, texts, placeholders) if placeholders else packed(name, texts[0].encode())
