"""A gate for edits by scripts, assistants and colleagues: what they were allowed to change, and what else moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from xl_aicost.audit.findings import group
from xl_aicost.engine.recalculate import Edit
from xl_aicost.errors import AicostError, InputError
from xl_aicost.review.compare import Comparison
from xl_aicost.review.differences import Difference
from xl_aicost.review.stake import MOST_RESTORED, headline_moves
from xl_aicost.support.values import CellValue
from xl_aicost.xlsx.cells import place
from xl_aicost.xlsx.references import Area, areas

KINDS = ("inputs", "choices")
MEANING = "inputs, choices, the name of a sheet, or a range as 'Inputs!F8:F20'"


@dataclass(frozen=True)
class NotAllowed:
    """A difference that was not allowed; `costs` is by headline result its value now and without the difference.

    `costs` is None where that could not be computed.
    """

    difference: Difference
    costs: dict[str, tuple[CellValue, CellValue]] | None

    def as_dict(self) -> dict[str, object]:
        """Return everything by name."""
        return asdict(self.difference) | {"costs": self.costs}


def not_allowed(comparison: Comparison, allowed: Sequence[str]) -> list[NotAllowed]:
    """Return what differs beyond what is allowed, number formats too, with what each costs.

    `allowed` are words: inputs, choices, the name of a sheet, or a range. Raises InputError for any other word.
    """
    kinds, where = set[str](), list[Area]()
    for word in allowed:
        if word in KINDS:
            kinds.add(word)
        else:
            where.append(_area(comparison, word))
    ours = comparison.workbooks is not None
    if kinds and not ours:
        raise InputError(f"--allow {min(kinds)} needs two workbooks of xl-aicost; of others allow a sheet or a range")
    moved = [*_outside(comparison.differences, kinds, where)]
    return [NotAllowed(d, costs) for d, costs in zip(moved, _costs(comparison, moved), strict=True)]


def _area(comparison: Comparison, word: str) -> Area:
    """Return the cells that a word allows to change."""
    sheets = {s.name.lower(): s.name for p in (comparison.old, comparison.new) for s in p.sheets}
    if word.lower() in sheets:
        return Area(sheets[word.lower()], 0, 0, 1 << 30, 1 << 30)
    ranges = areas(word, "")
    if len(ranges) == 1 and ranges[0] is not None and ranges[0].sheet.lower() in sheets:
        return ranges[0]._replace(sheet=sheets[ranges[0].sheet.lower()])
    raise InputError(f"--allow {word!r} is neither a sheet nor a range of these workbooks; it takes {MEANING}")


def _outside(differences: Iterable[Difference], kinds: set[str], where: list[Area]) -> Iterator[Difference]:
    """Yield the differences that are not allowed, each without the cells that are."""
    for d in differences:
        whole = any(a.sheet == d.sheet and a.top == 0 for a in where)
        if d.kind in kinds or whole:
            continue
        cells = tuple(at for at in d.cells if not any(_holds(a, d.sheet, at) for a in where))
        if cells:
            yield replace(d, cell=group(cells), cells=cells)
        elif not d.cells:
            yield d


def _holds(area: Area, sheet: str, at: str) -> bool:
    row, column = place(at)
    return area.sheet == sheet and area.top <= row <= area.bottom and area.left <= column <= area.right


def _costs(comparison: Comparison, moved: Sequence[Difference]) -> list[dict[str, tuple[CellValue, CellValue]] | None]:
    """Return for each difference what the headline results are now and without it, or None where that is not known."""
    costs: list[dict[str, tuple[CellValue, CellValue]] | None] = [None] * len(moved)
    if comparison.workbooks is None or any(d.kind == "structure" and d.cells for d in moved):
        return costs  # rows that came or went: the old content belongs elsewhere
    restorable = [i for i, d in enumerate(moved) if d.cells and d.kind != "format"][:MOST_RESTORED]
    edits = [[_old(comparison, moved[i].sheet, at) for at in moved[i].cells] for i in restorable]
    try:
        for i, moves in zip(restorable, headline_moves(comparison.workbooks[1], edits), strict=True):
            costs[i] = moves
    except AicostError:
        pass
    return costs


def _old(comparison: Comparison, sheet: str, at: str) -> Edit:
    row, column = place(at)
    cell = comparison.old.cell(sheet, row, column)
    content = None if cell is None else cell.value if cell.formula is None else f"={cell.formula}"
    return sheet, row, column, content
