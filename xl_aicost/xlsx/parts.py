"""The parts of a workbook's package: text with places left open for what differs, and the zip around them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEVEL = 1  # more than twice the speed of zlib's usual level for a seventh more bytes
LOCAL, CENTRAL, END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
VERSION, UNIX, DEFLATED = 20, 3 << 8, 8
EPOCH = 0, 1 << 5 | 1  # midnight, the first day that a zip can name
MODE = 0o600 << 16


@dataclass(frozen=True)
class Part:
    """A part as it stands in a zip."""

    name: bytes
    check: int
    size: int
    packed: bytes


def packed(name: str, data: bytes) -> Part:
    """Return a part, compressed."""
    return Part(name.encode(), zlib.crc32(data), len(data), zlib.compress(data, LEVEL, -zlib.MAX_WBITS))


def zipped(parts: Sequence[Part]) -> bytes:
    """Return a zip of parts, without clock and machine."""
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
class Open:
    """A part with places left open: `fixed[0]`, the first place, `fixed[1]` and so on."""

    name: str
    fixed: Sequence[str]
    places: Sequence[Any]

    def filled(self, columns: Sequence[Sequence[str]]) -> Iterator[Part]:
        """Yield the part for each case, compressed; `columns` holds for each place its text in every case."""
        pieces = [""] * (2 * len(self.fixed) - 1)
        pieces[::2] = self.fixed
        last, part = None, None
        for row in zip(*columns, strict=True):
            if part is None or row != last:  # a sheet that shows only the checks is mostly as it was
                pieces[1::2] = last = row
                part = packed(self.name, "".join(pieces).encode())
            yield part


def merged(name: str, pieces: Sequence[Any]) -> Open | str:
    """Return a part from texts and places in their order, neighbouring texts joined; without a place, a text."""
    fixed: list[list[str]] = [[]]
    places = []
    for piece in pieces:
        if isinstance(piece, str):
            fixed[-1].append(piece)
        else:
            places.append(piece)
            fixed.append([])
    texts = ["".join(t) for t in fixed]
    return Open(name, texts, places) if places else texts[0]


def plain(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip of whole parts, by name."""
    return zipped([packed(n, d) for n, d in parts.items()])
