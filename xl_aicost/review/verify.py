"""Prove that a workbook is, or is not, what this version builds from its Provenance sheet."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from xl_aicost.audit.findings import serious
from xl_aicost.review.drift import drift
from xl_aicost.review.presentation import presentation_drift
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.review.stake import DEPTH, Operands
from xl_aicost.support.memory import no_collecting
from xl_aicost.support.numbers import STORED, same
from xl_aicost.support.values import CellValue
from xl_aicost.xlsx.package import Package, formula_cells, open_package
from xl_aicost.xlsx.references import address
from xl_aicost.xlsx.save import archived

MEANING = {
    "identical": "every part is byte for byte what this version builds from its provenance",
    "same": "saved again by another program; all that was compared is as built",
    "same numbers": "all that was compared is as built, except for the last digits of some numbers, which another machine rounds differently",
    "edited": "inputs or choices were changed; all else that was compared is as built",
    "different": "not what this version builds from its provenance",
    "incomplete": "nothing differs in the parts that were compared; other parts were not compared",
}
COMPARED = (
    "every cell that is no input: formulas, texts, number formats and locks",
    "names, validations, links, protection, hidden rows and columns",
    "charts by the cells that they show, conditional formats, widths of columns, orientation, headers and footers",
)
VALUES = "the stored value of every formula"
DIGITS = 15  # which spreadsheet programs keep of a number


@dataclass(frozen=True)
class Verification:
    """The verdict, what it means, and what it rests on."""

    verdict: str
    meaning: str
    generator: str
    sha256: str
    sha256_rebuilt: str
    drift: int = 0
    changed_inputs: int = 0
    incomplete: list[str] = field(default_factory=list)  # what was not compared
    compared: list[str] = field(default_factory=list)
    wrong_values: list[str] = field(default_factory=list)  # cells whose stored value is another number
    last_digits: int = 0  # stored values that differ in digits that mean nothing

    @property
    def as_built(self) -> bool:
        """Whether the workbook is what was built, in its bytes or in its content."""
        return self.verdict in ("identical", "same", "same numbers")

    def as_dict(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self)


def verify(path: Path) -> Verification:
    """Build a workbook again from its own provenance and compare.

    Where the bytes differ, all cells, settings, charts and, if no input was changed, stored values are compared. Raises
    DataError for a file that is no readable xlsx, InputError for one that xl-aicost did not make or that this version
    cannot build again, and IncompleteError where reading stopped before that can be told.

    >>> import tempfile
    >>> from xl_aicost.workbook.build import build
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = build("company", Path(folder) / "company.xlsx")
    ...     verify(Path(folder) / "company.xlsx").verdict
    'identical'
    """
    with no_collecting():
        workbook = ReturnedWorkbook(open_package(path))
        data = archived(workbook.rebuilt)
        hashes = workbook.facts["generator"], _sha256(path.read_bytes()), _sha256(data)
        if workbook.identical:
            return Verification("identical", MEANING["identical"], *hashes, compared=["every byte of every part"])
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "rebuilt.xlsx"
            copy.write_bytes(data)
            rebuilt = open_package(copy)
        findings = [f for f in drift(workbook) if serious([f])]
        findings += presentation_drift(workbook, rebuilt)
        changed, left_out = 0 if workbook.wrong_inputs else len(workbook.changes), [*workbook.package.left_out]
        wrong, digits, compared = list[str](), 0, [*COMPARED]
        if not changed and not workbook.wrong_inputs:
            if any(cell.value is not None for _, cell in formula_cells(workbook.package)):
                wrong, digits = _values(workbook, rebuilt)
                compared.append(VALUES)
            else:
                left_out.append(
                    "the file holds no values of its formulas, as a program leaves it that does not calculate"
                )
        verdict = _verdict(len(findings) + len(wrong), changed, left_out, digits)
        return Verification(
            verdict, MEANING[verdict], *hashes, len(findings), changed, left_out, compared, wrong, digits
        )


def _values(workbook: ReturnedWorkbook, rebuilt: Package) -> tuple[list[str], int]:
    """Return the cells whose stored value is another than was built, and how many differ in their last digits alone."""
    package, operands = workbook.package, Operands(rebuilt)
    wrong, digits = [], 0
    for sheet, cell in formula_cells(rebuilt):
        place = workbook.place(sheet.name, cell.row, cell.column)
        there = package.cell(*place) if place else None
        if place is None or there is None or there.formula is None or _alike(cell.value, there.value):
            continue  # equal, or a drift
        if same(cell.value, there.value) or same(
            cell.value, there.value, STORED, operands.size(sheet.name, cell, DEPTH)
        ):
            digits += 1
        else:
            wrong.append(f"{place[0]}!{address(*place[1:])}")
    return wrong, digits


def _alike(built: CellValue, now: CellValue) -> bool:
    """Return whether two stored values are equal, as far as programs that save a workbook again keep them."""
    if isinstance(built, bool) or isinstance(now, bool):
        return bool(built) == bool(now)
    if isinstance(built, int | float) and isinstance(now, int | float):
        return built == now or f"{built:.{DIGITS}g}" == f"{now:.{DIGITS}g}"
    return str(built or "").replace("\r\n", "\n").strip() == str(now or "").replace("\r\n", "\n").strip()


def _verdict(different: int, changed: int, left_out: list[str], digits: int) -> str:
    if different:
        return "different"
    return "incomplete" if left_out else "edited" if changed else "same numbers" if digits else "same"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
