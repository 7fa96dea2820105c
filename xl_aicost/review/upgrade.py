"""Rebuild a workbook of an older version, and show what its inputs and what the new version changed in each result.

The old file has every result as it was made and as it is now; the difference is the effect of its inputs. The new
workbook has the same inputs, choices and horizon; its difference from the old file is the effect of the new version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from xl_aicost.assumptions.loader import Assumptions, load_assumptions, table_from_text
from xl_aicost.assumptions.table import read_table
from xl_aicost.errors import InputError
from xl_aicost.model import MODEL_VERSION
from xl_aicost.review.provenance import own_file, provenance_of, request_of, template_of
from xl_aicost.review.read import read
from xl_aicost.review.wrong_inputs import problem_of
from xl_aicost.support.numbers import COMPUTED, same
from xl_aicost.workbook.build import build
from xl_aicost.workbook.sheets.answer import SIGNERS
from xl_aicost.xlsx.package import Package, open_package
from xl_aicost.xlsx.references import address
from xl_aicost.xlsx.sheet import Sheet

SHIPPED = Path(__file__).parent.parent / "assumptions" / "version_1.csv"
PERIODS = {"year": 1, "quarter": 4, "month": 12}
WHY = {
    2: "Version 2 compares options that spend the same cash today, and values a dollar of AI and a dollar of people by what "
    "each returns. Results that compared unequal sums in version 1 can change sign. See docs/model.md.",
}


@dataclass(frozen=True)
class ResultChange:
    """A result: as the old version built it, with the old file's inputs, and as the new version has it with them."""

    line: str
    unit: str
    built: float | None
    old: float
    new: float | None

    @property
    def by_inputs(self) -> float | None:
        """What the inputs moved, in the old version."""
        if self.built is None or same(self.old, self.built, COMPUTED):
            return None if self.built is None else 0.0
        return self.old - self.built

    @property
    def by_version(self) -> float | None:
        """What the new version moves, model and data."""
        return None if self.new is None else self.new - self.old

    @property
    def changed_sign(self) -> bool:
        """Whether its sign changed with the new version."""
        return self.new is not None and self.old * self.new < 0


@dataclass(frozen=True)
class Upgrade:
    """What was carried over, what was not, and how the results moved."""

    path: str
    old_version: str
    new_version: str
    inputs: dict[str, float]
    choices: dict[str, object]
    not_carried: list[str] = field(default_factory=list)
    sign_offs: list[str] = field(default_factory=list)
    steps: list[ResultChange] = field(default_factory=list)
    why: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return everything by name."""
        steps = [
            asdict(s) | {"by_inputs": s.by_inputs, "by_version": s.by_version, "changed_sign": s.changed_sign}
            for s in self.steps
        ]
        return asdict(self) | {"steps": steps}


def upgrade(old: Path, out: Path) -> Upgrade:
    """Rebuild a workbook of an older version with its typed inputs and choices.

    Raises InputError for a file that xl-aicost did not make, or that is of this version, and DataError for a file that
    is no readable xlsx.
    """
    package = open_package(old)
    facts = provenance_of(package)
    if "request" not in facts:
        raise InputError(f"{old}: not made by xl-aicost (it has no Provenance sheet that says so)")
    version = facts.get("model", "version 1")
    if version == f"version {MODEL_VERSION}":
        raise InputError(f"{old} is already of {version}; `xl-aicost read {old}` prints the command that rebuilds it")
    template = template_of(facts, old)
    inputs, problems = _typed(package, facts)
    request = request_of(facts)
    if request is None:
        raise InputError(f"{old}: its Provenance sheet does not say how it was built")
    arguments = {k: request[k] for k in ("company", "year", "years") if request.get(k) is not None}
    periods = request.get("periods_per_year") or PERIODS.get(str(request.get("period")), 1)
    choices, more = _choices(package, request)
    built = build(template, out, settings=inputs, periods_per_year=periods, **arguments, **choices)
    new = read(Path(built.path))
    results = {line: (o.unit, o.value) for line, o in new.outputs.items()}
    steps = [*_steps(package, results)]
    why = WHY.get(MODEL_VERSION, "") if any(s.changed_sign for s in steps) else ""
    signed = [*_signed(package)]
    return Upgrade(
        str(built.path), version, f"version {MODEL_VERSION}", inputs, choices, [*problems, *more], signed, steps, why
    )


def _table(sheet: Sheet | None) -> tuple[dict[str, int], int]:
    """Return the columns of the table of inputs by their heads, and the row of these."""
    for (row, _), cell in sheet.cells.items() if sheet else ():
        if cell.value == "Id":
            return {str(c.value): c.column for c in sheet.cells.values() if c.row == row} if sheet else {}, row
    return {}, 0


def _typed(package: Package, facts: Mapping[str, str]) -> tuple[dict[str, float], list[str]]:
    """Return the inputs that were changed since the file was made, and what cannot be carried over."""
    sheet = package.sheet("Inputs")
    heads, first = _table(sheet)
    if sheet is None or "Base" not in heads:
        raise InputError(f"{package.path}: it has no table of inputs with the columns Id and Base")
    shown = str(package.value("Control", 6, 2) or "Base")
    was, items = _as_made(facts), load_assumptions()
    typed: dict[str, float] = {}
    problems = []
    for row in sorted({r for r, c in sheet.cells if c == heads["Id"] and r > first}):
        name = str(package.value("Inputs", row, heads["Id"]))
        if name == "None":
            continue
        for column in dict.fromkeys(("Base", shown)):
            cell = sheet.cells.get((row, heads[column])) if column in heads else None
            value = cell.value if cell is not None else None
            made = was.get((name, column))
            if column != "Base" and value is None:
                continue
            if isinstance(value, int | float) and made is not None and same(float(value), made, COMPUTED):
                continue
            where = f"Inputs!{address(row, heads[column])}"
            item = items.get(name)
            if item is None:
                if made is None or value != made:
                    problems.append(f"{name} ({where}) is no longer an input")
                continue
            wrong = problem_of(item, cell, package.style(cell) if cell else None, needed=True)
            if wrong or not isinstance(value, int | float) or not item.min <= value <= item.max:
                problems.append(
                    f"{name} ({where}): {wrong or f'{value} is outside {item.min:.15g} to {item.max:.15g}'}"
                )
            elif made is not None or column != "Base":
                typed[name] = float(value)
        unseen = sheet.cells.get((row, heads["Custom"])) if "Custom" in heads and shown != "Custom" else None
        if unseen is not None and unseen.value is not None and not same(unseen.value, was.get((name, "Custom"))):
            where = f"Inputs!{address(row, heads['Custom'])}"
            problems.append(f"{name} ({where}): typed for Custom, which is not shown; type it again if it is wanted")
    return typed, problems


def _as_made(facts: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """Return the inputs with which version 1 made a file, by input and column."""
    made: dict[tuple[str, str], float] = {}
    for row in read_table(SHIPPED, ("id", "low", "base", "high")):
        made |= {(row.text("id"), head): row.number_in(head.lower()) for head in ("Low", "Base", "High")}
    text = own_file(facts, "own_assumptions")
    if text is not None:
        own: Assumptions = table_from_text("own_assumptions", text)
        for name in _named_in(text):
            made |= {(name, h): float(getattr(own.rows[name], h.lower())) for h in ("Low", "Base", "High")}
    for pair in facts.get("custom_inputs", "").split(","):
        name, mark, value = pair.partition("=")
        if mark:
            made[name.strip(), "Custom"] = float(value)
    return made


def _named_in(text: str) -> list[str]:
    inputs = load_assumptions()
    return [name for line in text.splitlines() if (name := line.partition(",")[0]) in inputs]


def _choices(package: Package, request: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return what is chosen on Control as options of a build, and what cannot be carried over."""
    year = package.value("Control", 7, 2)
    choices: dict[str, Any] = {"start": int(year) if isinstance(year, float) else request.get("start")}
    shown = str(package.value("Control", 6, 2))
    left = []
    if shown not in ("Base", "Custom"):
        left.append(f"the scenario shown was {shown}: its typed values are those of the new workbook's Base")
    return {k: v for k, v in choices.items() if v is not None}, left


def _steps(package: Package, results: Mapping[str, tuple[str, object]]) -> Iterator[ResultChange]:
    """Yield what the old file says of each line, beside the results of the new one."""
    sheet = package.sheet("As_built")
    heads, first = _table(sheet)
    for row in sorted({r for r, _ in sheet.cells if r > first}) if sheet and "Live, now" in heads else ():
        line = str(package.value("As_built", row, heads["Id"]))
        built, old = (package.value("As_built", row, heads[h]) for h in ("Live, built", "Live, now"))
        unit, new = results.get(line, ("", None))
        if line in results and isinstance(old, float):
            yield ResultChange(line, unit, _number(built), old, _number(new))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _signed(package: Package) -> Iterator[str]:
    """Yield who signed the old file."""
    sheet = package.sheet("Cover")
    for (row, column), cell in sheet.cells.items() if sheet else ():
        name = package.value("Cover", row, 2) if column == 1 and cell.value in SIGNERS else None
        if name:
            yield f"{cell.value}: {name}; must sign again, as numbers have changed"
