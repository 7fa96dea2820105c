"""Many workbooks of one template: built once, then only the cells that differ are cut into the saved package.

What comes out is, byte for byte, what a full build of each makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from xl_aicost.engine import Calculation, UnknownFormulaError
from xl_aicost.workbook.book import Edition
from xl_aicost.workbook.build import Options, assembled, no_collecting
from xl_aicost.workbook.template import Template
from xl_aicost.xlsx.cell_xml import Columns, Styles
from xl_aicost.xlsx.parts import Open, Part, merged, packed, zipped
from xl_aicost.xlsx.save import written


@dataclass(frozen=True)
class Stamped:
    """A workbook of a batch: its bytes and whether its checks hold."""

    data: bytes
    checks: str


class Stamper:
    """A workbook with places left open for what differs between editions of one template, horizon and assumptions."""

    def __init__(self, template: Template, options: Options, editions: Sequence[Edition]) -> None:
        """Build for some editions; raises UnknownFormulaError for a workbook that our engine cannot calculate."""
        with no_collecting():
            self.book = assembled(template, options, editions, many=True)
            self.calculation = Calculation(self.book.wb, self.book.given.cells, self.book.known)
            values = self.calculation.by_sheet()
            self.styles = Styles(self.book.wb)
            pieces = written(self.book.wb, values, self.book.given)
        self.values = values
        self.parts: list[Part | Open] = []
        for name, texts in pieces.items():
            if isinstance(texts[0], bytes):
                self.parts.append(packed(name, texts[0]))
                continue
            part = merged(name, texts)
            self.parts.append(packed(name, part.encode()) if isinstance(part, str) else part)

    def stamp(self, editions: Sequence[Edition]) -> Iterator[Stamped | None]:
        """Yield each workbook; None for one in which a cell is an error or whose record takes other cells."""
        if editions is not self.book.editions:
            try:
                self.book.replace_editions(editions)
                self.calculation.again(self.book.given.cells, self.book.known)
            except UnknownFormulaError:
                yield from [None] * len(editions)
                return
            self.values = self.calculation.by_sheet()
        place = Columns(self.values, self.book.given, self.styles)
        parts: list[Iterator[Part]] = []
        for p in self.parts:
            found = [place.of(x) for x in p.places] if isinstance(p, Open) else []
            if any(c is None for c in found):
                yield from [None] * len(editions)
                return
            parts.append(p.filled([c for c in found if c]) if isinstance(p, Open) else repeat(p, len(editions)))
        status = np.broadcast_to(np.asarray(self.values["Checks"][4, 7], object), len(editions))
        for broken, checks, *filled in zip(self.calculation.broken(len(editions)), status, *parts, strict=True):
            yield None if broken else Stamped(zipped(filled), str(checks))
