"""Prove that a workbook is, or is not, what this version builds from the provenance that stands in it."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path

from xl_aicost.audit.findings import serious
from xl_aicost.review.drift import drift
from xl_aicost.review.read import Ours
from xl_aicost.workbook.build import write
from xl_aicost.xlsx.package import open_package

MEANING = {
    "identical": "every part is byte for byte what this version builds from its provenance",
    "same": "saved again by another program; every input, formula and setting is as built",
    "edited": "inputs or choices were changed; every formula and setting is as built",
    "different": "not what this version builds from its provenance",
}


@dataclass(frozen=True)
class Verification:
    """The verdict, what it means, and what it rests on."""

    verdict: str
    meaning: str
    generator: str
    sha256: str
    sha256_rebuilt: str
    drift: int
    changed_inputs: int

    @property
    def as_built(self) -> bool:
        """Whether the workbook is what was built, in its bytes or in its content."""
        return self.verdict in ("identical", "same")

    def as_dict(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self)


def verify(path: Path) -> Verification:
    """Build a workbook again from its own provenance and compare.

    Raises DataError for a file that is no readable xlsx, and InputError for one that this package did not make or
    that this version cannot build again.
    """
    ours = Ours(open_package(path))
    found = _sha256(path)
    with tempfile.TemporaryDirectory() as folder:
        built = write(ours.built, Path(folder) / "rebuilt.xlsx")
        rebuilt, identical = built.sha256, _same_parts(Path(built.path), path)
    if identical:
        return Verification("identical", MEANING["identical"], ours.facts["generator"], found, rebuilt, 0, 0)
    drifted = len([f for f in drift(ours) if serious([f])])
    changed = len(ours.changes)
    verdict = "different" if drifted else "edited" if changed else "same"
    return Verification(verdict, MEANING[verdict], ours.facts["generator"], found, rebuilt, drifted, changed)


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
