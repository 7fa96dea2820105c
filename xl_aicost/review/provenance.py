"""What the Provenance sheet of a returned workbook says it was made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xl_aicost.workbook.template import Template, load_template, read_template
from xl_aicost.xlsx.package import Package

PROVENANCE_ROW = 5


def provenance_of(package: Package) -> dict[str, str]:
    """Return what the Provenance sheet says, by its names."""
    facts: dict[str, str] = {}
    sheet = package.sheet("Provenance")
    for row in sorted({r for r, _ in sheet.cells}) if sheet else ():
        key, text = package.value("Provenance", row, 1), package.value("Provenance", row, 2)
        if row >= PROVENANCE_ROW and key is not None:
            facts[str(key)] = facts.get(str(key), "") + str("" if text is None else text)
    return facts


def own_file(facts: Mapping[str, str], name: str) -> str | None:
    """Return the text of a user's file that a workbook records, or None where it was made without one."""
    text = facts.get(name, "none")
    return None if text == "none" else text


def template_of(facts: Mapping[str, str], path: Path) -> Template:
    """Return the template of a workbook: a shipped one, or the user's own as it is recorded."""
    own, name = own_file(facts, "own_template"), facts["template"]
    return load_template(name) if own is None else read_template(own, name, path.parent)


def request_of(facts: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the arguments of the build, or None where what is recorded cannot be read."""
    try:
        request = json.loads(facts["request"])
    except (ValueError, RecursionError):
        return None
    return request if isinstance(request, dict) else None
