"""A workbook template: a small TOML file that an analyst can copy."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from xl_aicost.assumptions import SCENARIOS, load_assumptions
from xl_aicost.case import PERIODS, model
from xl_aicost.errors import DataError, UnknownNameError
from xl_aicost.support.share import share
from xl_aicost.xlsx.text import plain

DISPLAY_UNITS = {"1": 1, "k": 1_000, "m": 1_000_000, "bn": 1_000_000_000}
CUSTOM = "Custom"
FIRST_SCENARIOS = ("Low", "Base", "High", CUSTOM)
KINDS: tuple[tuple[str | tuple[str, ...], Callable[[Any], bool], str], ...] = (
    ("str", lambda v: isinstance(v, str), "a text"),
    ("int", lambda v: type(v) is int, "a whole number"),
    ("float", lambda v: type(v) in (int, float) and math.isfinite(v), "a number"),
    ("dict", lambda v: isinstance(v, dict) and all(type(n) in (int, float) for n in v.values()), "numbers by input"),
    (("Brand", "Grid", "Scenario"), lambda v: isinstance(v, dict), "a table of keys and values"),
)
HEX = re.compile(r"[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class Brand:
    """How the workbook of a house looks: name, font, colours (six hexadecimal digits), logo, money.

    `logo` is a PNG file beside the template. Money is shown in `currency`, of which one US dollar buys
    `currency_per_usd`, in units of `display_unit`: "1", "k", "m" or "bn".
    """

    name: str
    font: str
    dark: str
    light: str
    accents: tuple[str, ...]
    logo: str = ""
    currency: str = "USD"
    currency_per_usd: float = 1.0
    display_unit: str = "m"


@dataclass(frozen=True)
class Scenario:
    """A column of inputs beside Low, Base, High and Custom: a shipped case, a company's figures, settings over them."""

    name: str
    case: str = "base"
    company: str | None = None
    year: int | None = None
    settings: dict[str, float] | None = None


@dataclass(frozen=True)
class Grid:
    """A two-way table: an output against two inputs, each over some values."""

    output: str
    across: str
    across_values: tuple[float, ...]
    down: str
    down_values: tuple[float, ...]


@dataclass(frozen=True)
class Template:
    """What a workbook shows and how it looks; workbooks/cluster.toml explains each key."""

    id: str
    text: str
    folder: str
    title: str
    question: str
    answer: str
    purpose: str
    owner: str
    years: int
    start: int
    sheets: tuple[str, ...]
    lanes: tuple[str, ...]
    headline: tuple[str, ...]
    summary: tuple[str, ...]
    sensitivity: tuple[str, ...]
    stamped: tuple[str, ...]
    grid: Grid
    limits: tuple[str, ...]
    brand: Brand
    scenarios: tuple[Scenario, ...] = ()
    period: str = "year"
    scenario: str = "Base"
    company: str | None = None
    year: int | None = None

    @property
    def scenario_names(self) -> tuple[str, ...]:
        """The columns of the Inputs sheet."""
        return (*FIRST_SCENARIOS, *(s.name for s in self.scenarios))

    @property
    def overlay_scenarios(self) -> tuple[str, ...]:
        """The scenarios that a user's assumptions may hold as further columns: all but Low, Base and High."""
        return self.scenario_names[FIRST_SCENARIOS.index(CUSTOM) :]


def shipped_templates() -> dict[str, Path]:
    """Return the templates that come with the package, by name."""
    return {p.stem: p for p in sorted(share("workbooks").glob("*.toml"))}


def load_template(name: str) -> Template:
    """Return a shipped template by name, or any by its path.

    Raises UnknownNameError for a name that is not shipped and DataError for a file that cannot be used.
    """
    path = Path(name)
    if path.suffix != ".toml":
        shipped = shipped_templates()
        if name not in shipped:
            raise UnknownNameError("template", name, [*shipped, "PATH.toml"])
        path = shipped[name]
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: {error}") from None
    return read_template(text, path.stem, path.parent)


def read_template(text: str, name: str, folder: Path = Path()) -> Template:
    """Return the template that a TOML text describes; a logo stands in `folder`."""
    where = f"{name}.toml"
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{where}: {error}") from None
    _check_keys(where, data, Template, {"id", "text", "folder"})
    _check_keys(f"{where} [brand]", data["brand"], Brand)
    _check_keys(f"{where} [grid]", data["grid"], Grid)
    for entry in data.get("scenarios", ()):
        _check_keys(f"{where} [[scenarios]]", entry, Scenario)
    made: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    made["brand"] = Brand(**_tuples(data["brand"]))
    made["grid"] = Grid(**_tuples(data["grid"]))
    made["scenarios"] = tuple(Scenario(**s) for s in data.get("scenarios", ()))
    template = Template(id=name, text=text, folder=str(folder), **made)
    _check_values(where, template)
    return template


def _tuples(table: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}


def _check_keys(where: str, data: dict[str, Any], kind: type, ours: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    known = {f.name: f for f in fields(kind) if f.name not in ours}
    needed = [n for n, f in known.items() if f.default is MISSING]
    for key in needed:
        if key not in data:
            raise DataError(f"{where}: no key {key!r}; the keys are {', '.join(known)}")
    for key, value in data.items():
        if key not in known:
            raise DataError(f"{where}: unknown key {key!r}; the keys are {', '.join(known)}")
        _check_kind(f"{where}, {key}", str(known[key].type), value)


def _check_kind(where: str, kind: str, value: Any) -> None:
    """Raise DataError for a value that is not of the kind which an annotation names."""
    if kind.startswith("tuple"):
        if not isinstance(value, list):
            raise DataError(f'{where}: a list is wanted, as in ["first", "second"]')
        inner = kind[len("tuple[") :].partition(",")[0]
        for item in value:
            _check_kind(where, inner, item)
        return
    for start, right, words in KINDS:
        if kind.startswith(start) and not right(value):
            raise DataError(f"{where}: {str(value)[:60]!r} is not {words}")


def _check_values(where: str, t: Template) -> None:
    lines = model().lines
    for key in ("headline", "summary", "sensitivity", "stamped"):
        for line in getattr(t, key):
            if line not in lines:
                raise DataError(f"{where}, {key}: {UnknownNameError('line', line, lines)}")
    for line in (*t.sensitivity, t.grid.output):
        if model().uses_time(line):
            raise DataError(f"{where}: {line} looks over time, so it cannot be live there; list it under stamped")
    for i in (t.grid.across, t.grid.down, *(i for s in t.scenarios for i in s.settings or {})):
        if i not in load_assumptions():
            raise DataError(f"{where}: {UnknownNameError('input', i, load_assumptions())}")
    for colour in (t.brand.dark, t.brand.light, *t.brand.accents):
        if not HEX.fullmatch(colour):
            raise DataError(f'{where} [brand]: {colour!r} is not a colour: six hexadecimal digits, as in "1F3864"')
    _check_choice(where, "period", t.period, PERIODS)
    _check_choice(f"{where} [brand]", "display_unit", t.brand.display_unit, DISPLAY_UNITS)
    _check_choice(where, "scenario", t.scenario, t.scenario_names)
    for lane in t.lanes:
        _check_choice(where, "lanes", lane, t.scenario_names)
    for s in t.scenarios:
        _check_choice(f"{where} [[scenarios]]", "case", s.case, SCENARIOS)
    if not re.fullmatch("[A-Z]{3}", t.brand.currency):
        raise DataError(f"{where} [brand], currency: {t.brand.currency!r} is not a code of three letters, as USD")
    taken: set[str] = set()
    for name in t.scenario_names:
        if not re.fullmatch(r"[^\W_].{0,59}", name) or name != plain(name):
            raise DataError(
                f"{where} [[scenarios]]: {name[:60]!r} is no name: up to 60 characters, a letter or digit first"
            )
        if name.lower() in taken:
            raise DataError(f"{where}: the scenario {name!r} stands there twice")
        taken.add(name.lower())
    if not 1 <= len(t.lanes) <= 8:
        raise DataError(f"{where}, lanes: {len(t.lanes)} lanes; one to eight fit side by side")


def _check_choice(where: str, key: str, value: object, known: Any) -> None:
    if value not in known:
        raise DataError(f"{where}, {key}: {value!r} is not one of {', '.join(map(str, known))}")
