"""Prove that a workbook is, or is not, what this version builds from the provenance that stands in it."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from xl_aicost.audit.findings import serious
from xl_aicost.review.drift import drift
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.workbook.build import write
from xl_aicost.xlsx.package import open_package

MEANING = {
    "identical": "every part is byte for byte what this version builds from its provenance",
    "same": "saved again by another program; every input, formula and setting is as built",
    "edited": "inputs or choices were changed; every formula and setting is as built",
    "different": "not what this version builds from its provenance",
    "incomplete": "nothing differs in what was compared; the rest was not compared",
}


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

    @property
    def as_built(self) -> bool:
        """Whether the workbook is what was built, in its bytes or in its content."""
        return self.verdict in ("identical", "same")

    def as_dict(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self)


def verify(path: Path) -> Verification:
    """Build a workbook again from its own provenance and compare.

    Raises DataError for a file that is no readable xlsx, InputError for one that xl-aicost did not make or that this
    version cannot build again, and IncompleteError where reading stopped before that can be told.

    >>> import tempfile
    >>> from xl_aicost.workbook.build import build
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = build("company", Path(folder) / "company.xlsx")
    ...     verify(Path(folder) / "company.xlsx").verdict
    'identical'
    """
    workbook = ReturnedWorkbook(open_package(path))
    with tempfile.TemporaryDirectory() as folder:
        built = write(workbook.built, Path(folder) / "rebuilt.xlsx")
        identical = _same_parts(Path(built.path), path)
    drifted = changed = 0
    if not identical:
        drifted, changed = len([f for f in drift(workbook) if serious([f])]), len(workbook.changes)
    left_out = [] if identical else workbook.package.left_out
    verdict = "identical" if identical else _verdict(drifted, changed, left_out)
    hashes = _sha256(path), built.sha256
    return Verification(verdict, MEANING[verdict], workbook.facts["generator"], *hashes, drifted, changed, left_out)


def _verdict(drifted: int, changed: int, left_out: list[str]) -> str:
    if drifted:
        return "different"
    return "incomplete" if left_out else "edited" if changed else "same"


def _same_parts(one: Path, other: Path) -> bool:
    """Return whether two packages hold the same parts, byte for byte, however they are compressed."""
    with zipfile.ZipFile(one) as a, zipfile.ZipFile(other) as b:
        parts = list(zip(a.infolist(), b.infolist(), strict=False))
        return len(a.infolist()) == len(b.infolist()) and all(
            (x.filename, x.file_size, x.CRC) == (y.filename, y.file_size, y.CRC) and a.read(x) == b.read(y)
            for x, y in parts
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
