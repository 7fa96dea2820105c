"""Many workbooks of one template: it is built once with placeholders, which each workbook fills with its own values.

The files are byte for byte those of a full build of each workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from xl_aicost.engine import Calculation, UnknownFormulaError
from xl_aicost.support.memory import no_collecting
from xl_aicost.workbook.build import Options, assembled
from xl_aicost.workbook.edition import Edition
from xl_aicost.workbook.sheets.checks import STATUS
from xl_aicost.workbook.template import Template
from xl_aicost.xlsx.cell_xml import Placeholder, PlaceholderTexts, Styles
from xl_aicost.xlsx.parts import Part, PartTemplate, part_of, zipped
from xl_aicost.xlsx.save import written


@dataclass(frozen=True)
class Stamped:
    """A workbook of a batch: its bytes and the status of its checks."""

    data: bytes
    checks: str


class Stamper:
    """A workbook with placeholders for what differs between editions of one template, horizon and set of assumptions."""

    def __init__(self, template: Template, options: Options, editions: Sequence[Edition]) -> None:
        """Build for some editions. Raises UnknownFormulaError for a workbook that our engine cannot calculate."""
        with no_collecting():
            self.book = assembled(template, options, editions, many=True)
            self.calculation = Calculation(self.book.wb, self.book.constants.cells, self.book.precomputed)
            self.values = self.calculation.by_sheet()
            self.styles = Styles(self.book.wb)
            contents = written(self.book.wb, self.values, self.book.constants)
        self.parts: list[Part | PartTemplate[Placeholder]] = [part_of(n, c) for n, c in contents.items()]

    def stamp(self, editions: Sequence[Edition]) -> Iterator[Stamped | None]:
        """Yield each workbook; None for one with an error in a cell, or whose record takes a different number of cells."""
        if editions is not self.book.editions:
            try:
                self.book.replace_editions(editions)
                self.calculation.recalculate(self.book.constants.cells, self.book.precomputed)
            except UnknownFormulaError:
                yield from [None] * len(editions)
                return
            self.values = self.calculation.by_sheet()
        texts = PlaceholderTexts(self.values, self.book.constants, self.styles)
        parts: list[Iterable[Part]] = []
        for part in self.parts:
            if isinstance(part, Part):
                parts.append(repeat(part, len(editions)))
                continue
            columns = [column for p in part.placeholders if (column := texts.of(p)) is not None]
            if len(columns) < len(part.placeholders):
                yield from [None] * len(editions)
                return
            filled_at_once = [*part.filled(columns)]  # what the workbooks share stays in the processor's cache
            parts.append(filled_at_once)
        status = np.broadcast_to(np.asarray(self.values["Checks"][STATUS], object), len(editions))
        errors = self.calculation.has_error(len(editions))
        for has_error, checks, *filled in zip(errors, status, *parts, strict=True):
            yield None if has_error else Stamped(zipped(filled), str(checks))
