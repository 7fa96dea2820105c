"""What sets one workbook apart from others of its template, horizon and assumptions: its case, its record, whom it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xl_aicost.workbook.scenarios import Selection

SCALES = ((1e9, 2e9), (20e9, 0.0))  # AI spending and revenue from which it is, and from which it needs no decimals
OWN_FILES = ("own_assumptions", "own_facts", "own_template")  # entries of the record that hold a whole file
CELL_LIMIT = 16_000  # characters that Provenance puts into a cell


@dataclass(frozen=True)
class Subject:
    """Who and when figures are about: a company on file or a name alone, and the period in words; blank for nobody.

    `cash_period` is that of its cash flow and spending; `people` is 'corporate ' where only those are counted; `caveats` is
    what a reader has to know.
    """

    company: str | None = None
    name: str = ""
    period: str = ""
    cash_period: str = "a year"
    people: str = ""
    caveats: str = ""


@dataclass(frozen=True)
class Edition(Selection):
    """One workbook of a batch: what was selected for it, its title, its record, and whom it is about."""

    title: str
    record: Mapping[str, str]
    subject: Subject

    @property
    def scale(self) -> int:
        """The size of what the case is about: 0 if its amounts are to be in millions, 1 in billions, 2 in whole ones."""
        spent, revenue = (self.case.values[i] for i in ("ai_spend", "company_revenue"))
        return sum(not (spent < least or revenue < sold) for least, sold in SCALES)

    @property
    def record_cells(self) -> tuple[int, ...]:
        """The number of cells that each entry of the record takes; 0 for a file of one's own that there is not."""
        return tuple(0 if v == "none" and k in OWN_FILES else 1 + len(v) // CELL_LIMIT for k, v in self.record.items())
