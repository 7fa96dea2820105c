"""What the Provenance sheet of a returned workbook says it was made from."""

from __future__ import annotations

from xl_aicost.xlsx.package import Package

PROVENANCE_ROW = 5


def facts_of(package: Package) -> dict[str, str]:
    """Return what the Provenance sheet says, by its names."""
    facts: dict[str, str] = {}
    sheet = package.sheet("Provenance")
    for row in sorted({r for r, _ in sheet.cells}) if sheet else ():
        key, text = package.value("Provenance", row, 1), package.value("Provenance", row, 2)
        if row >= PROVENANCE_ROW and key is not None:
            facts[str(key)] = facts.get(str(key), "") + str("" if text is None else text)
    return facts
