"""Workbook templates: TOML files that an analyst can copy and edit, each checked key by key.

>>> from xl_aicost.workbook.template import load_template, read_template
>>> template = load_template("cluster")
>>> template.period, template.scenario, template.brand.font
('year', 'Base', 'Arial')
>>> read_template(template.text.replace('dark = "0B4F8A"', 'dark = "navy"'), "house")
Traceback (most recent call last):
    ...
xl_aicost.errors.DataError: house.toml [brand], dark: 'navy' is no colour; accepted: six hexadecimal digits, as 1F3864
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_args, get_origin

from cattrs import AttributeValidationNote, BaseValidationError, Converter, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override

from xl_aicost.assumptions import load_assumptions, load_chips, load_scenarios
from xl_aicost.assumptions.scenarios import ENDS, NO_STORY
from xl_aicost.case import PERIODS, model
from xl_aicost.errors import DataError, UnknownNameError
from xl_aicost.support.share import share
from xl_aicost.xlsx.text import single_line

DISPLAY_UNITS = {"1": 1, "k": 1_000, "m": 1_000_000, "bn": 1_000_000_000}
BASE = "Base"
TYPED = "Your value"  # the column of Inputs that counts on top of the scenario shown
COMPANY = "Company"  # stands for the scenario that a request brings along: a company's figures of a year
RANGE = ("Low end", "High end")  # of each input, beside the scenarios
RESERVED = {*ENDS, *(n.lower() for n in (TYPED, COMPANY, *RANGE, "Used now"))}
OF_THE_FILE = ("id", "text", "folder")  # fields of Template that are not keys


@dataclass(frozen=True)
class Brand:
    """The house style: name, font, colours (six hexadecimal digits), logo, currency.

    `logo` is a PNG file beside the template. Money is shown in `currency`, of which one US dollar buys
    `currency_per_usd`, in units of `display_unit`: "1", "k", "m" or "bn". A currency other than USD needs its rate.
    """

    name: str
    font: str
    dark: str
    light: str
    accents: tuple[str, ...]
    logo: str = ""
    currency: str = "USD"
    currency_per_usd: float | None = None
    display_unit: str = "m"

    @property
    def rate(self) -> float:
        """What one US dollar buys of the currency."""
        return 1.0 if self.currency_per_usd is None else self.currency_per_usd


@dataclass(frozen=True)
class Scenario:
    """A scenario of one's own: a shipped one, a chip, a company's figures, settings over them."""

    name: str
    case: str = "base"
    chip: str | None = None
    company: str | None = None
    year: int | None = None
    settings: dict[str, float] | None = None


@dataclass(frozen=True)
class TwoWayGrid:
    """A two-way table: an output against two inputs, each over some values."""

    output: str
    across: str
    across_values: tuple[float, ...]
    down: str
    down_values: tuple[float, ...]


@dataclass(frozen=True)
class Template:
    """What a workbook shows and in which style; workbooks/cluster.toml explains each key.

    `book` are the sheets that `render` prints, all for readers if it is left out. `id`, `text` and `folder` are the name, the content and the folder of the file.
    """

    title: str
    question: str
    purpose: str
    owner: str
    years: int
    start: int
    sheets: tuple[str, ...]
    lanes: tuple[str, ...]
    headline: tuple[str, ...]
    sensitivity: tuple[str, ...]
    stamped: tuple[str, ...]
    grid: TwoWayGrid
    limits: tuple[str, ...]
    brand: Brand
    scenarios: tuple[Scenario, ...] = ()
    bounds: tuple[str, ...] = ()
    period: str = "year"
    scenario: str = "Base"
    company: str | None = None
    year: int | None = None
    subject: str = ""
    answer: str = ""
    book: tuple[str, ...] = ()
    id: str = ""
    text: str = ""
    folder: str = ""

    @property
    def scenario_names(self) -> tuple[str, ...]:
        """The scenarios of the Inputs sheet: Base, the shipped ones, the template's own."""
        own = {s.name.lower() for s in self.scenarios}
        shipped = (s.title for s in load_scenarios().values())
        others = (t for t in shipped if t != BASE and t.lower() not in own)
        return (BASE, *others, *(s.name for s in self.scenarios))

    @property
    def overlay_scenarios(self) -> tuple[str, ...]:
        """The columns that a user's assumptions may hold beside Base: typed values, a company's, the other scenarios."""
        return (TYPED, COMPANY, *self.scenario_names[1:])


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
    """Return the template that a TOML text describes; its logo is a file in `folder`. Raises DataError for a wrong key."""
    where = f"{name}.toml"
    try:
        template = TOML.structure(tomllib.loads(text), Template)
    except BaseValidationError as error:
        raise DataError(f"{where}{_first_problem(error)}") from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where}: {error}") from None
    for problem in _problems(template):
        raise DataError(f"{where}{problem}")
    return replace(template, id=name, text=text, folder=str(folder))


def _first_problem(error: Exception, kind: type = Template, where: str = "") -> str:
    """Return the first problem of keys and types in one line, behind the table and the key that have it."""
    while isinstance(error, BaseValidationError):
        kind, error = error.cl, error.exceptions[0]
        key = next((n for n in getattr(error, "__notes__", ()) if isinstance(n, AttributeValidationNote)), None)
        if key and is_dataclass(getattr(error, "cl", None)):
            where += f" [[{key.name}]]" if get_origin(key.type) is tuple else f" [{key.name}]"
        elif key and not isinstance(error, KeyError):
            where += f", {key.name}"
    if isinstance(error, KeyError | ForbiddenExtraKeysError):
        wrong = (
            f"no key {error.args[0]!r}" if isinstance(error, KeyError) else f"unknown key {min(error.extra_fields)!r}"
        )
        return f"{where}: {wrong}; the keys are {', '.join(f.name for f in fields(kind) if f.name not in OF_THE_FILE)}"
    return f"{where}: {error}"


def _problems(t: Template) -> Iterator[str]:
    """Yield what is wrong with texts that name something or follow a pattern."""
    brand, grid, scenarios, lines, inputs = t.brand, t.grid, t.scenario_names, model().lines, load_assumptions()
    colours = {"dark": [brand.dark], "light": [brand.light], "accents": brand.accents}
    colour = "colour; accepted: six hexadecimal digits, as 1F3864"
    for where, texts, pattern, accepted in (
        *((f" [brand], {key}", texts, "[0-9A-Fa-f]{6}", colour) for key, texts in colours.items()),
        (" [brand], currency", [brand.currency], "[A-Z]{3}", "currency; accepted: a code of three letters, as USD"),
        (" [[scenarios]], name", scenarios, r"[^\W_].{0,59}", "name; accepted: a letter or digit, up to 60 characters"),
    ):
        wrong = [x for x in texts if not re.fullmatch(pattern, x) or x != single_line(x)]
        yield from (f"{where}: {x[:60]!r} is no {accepted}" for x in wrong)
    if brand.currency != "USD" and not (brand.currency_per_usd or 0.0) > 0:
        problem = "none is given" if brand.currency_per_usd is None else f"{brand.currency_per_usd:.10g} is not above 0"
        yield f" [brand], currency_per_usd: {problem}; {brand.currency} needs what one US dollar buys of it, as 0.86"
    if brand.currency == "USD" and brand.currency_per_usd not in (None, 1.0):
        yield f' [brand], currency_per_usd: {brand.currency_per_usd:.10g} has no currency; add one, as currency = "EUR"'
    named: list[tuple[str, str, Iterable[str], Collection[str]]] = [
        *((f", {key}", "line", getattr(t, key), lines) for key in ("headline", "sensitivity", "stamped", "bounds")),
        (" [grid], output", "line", [grid.output], lines),
        (" [grid], across", "input", [grid.across], inputs),
        (" [grid], down", "input", [grid.down], inputs),
        (" [[scenarios]], case", "scenario", [s.case for s in t.scenarios], (*load_scenarios(), *ENDS)),
        (" [[scenarios]], chip", "chip", [s.chip for s in t.scenarios if s.chip], load_chips()),
        (" [[scenarios]], settings", "input", [i for s in t.scenarios for i in s.settings or ()], inputs),
        (", scenario", "scenario", [t.scenario], scenarios),
        (", lanes", "scenario", t.lanes, (*scenarios, COMPANY)),
        (", period", "period", [t.period], PERIODS),
        (" [brand], display_unit", "unit", [brand.display_unit], DISPLAY_UNITS),
    ]
    for where, old in ((", lanes", t.lanes), (", scenario", (t.scenario,))):
        old = tuple(n for n in old if n.lower() in ENDS)
        yield from (f"{where}: {n} is no scenario: {ENDS[n.lower()]}, {NO_STORY}" for n in old)
    for where, kind, used, names in named:
        yield from (f"{where}: {UnknownNameError(kind, name, names)}" for name in used if name not in names)
    if reserved := [s.name for s in t.scenarios if s.name.lower() in RESERVED]:
        yield f" [[scenarios]], name: {reserved[0]!r} is the name of another column of Inputs; choose another"
    if twice := [n for i, n in enumerate(scenarios) if n.lower() in map(str.lower, scenarios[:i])]:
        yield f" [[scenarios]], name: {twice[0]!r} is there twice; each scenario needs a name of its own"
    if timed := [n for n in (*t.sensitivity, grid.output) if model().uses_time(n)]:
        yield f": {timed[0]} depends on time, so it cannot be live in sensitivity or [grid]; list it under stamped"
    if not 1 <= len(t.lanes) <= 8:
        yield f", lanes: {len(t.lanes)} scenarios; 1 to 8 fit side by side"


def _expect(value: object, holds: bool, accepted: str) -> Any:
    if not holds:
        raise ValueError(f"{str(value)[:60]!r} is not {accepted}")
    return value


def _table(value: object) -> dict[str, object]:
    table: dict[str, object] = _expect(value, isinstance(value, dict), "a table of keys and values")
    return table


def _tuple_hook(kind: type) -> Callable[[object, object], object]:
    item, accepted = TOML.get_structure_hook(get_args(kind)[0]), 'a list, as ["first", "second"]'
    return lambda value, _: tuple(item(v, kind) for v in _expect(value, isinstance(value, list), accepted))


def _table_hook(kind: type) -> Callable[[object, object], object]:
    if kind == dict[str, float]:
        return lambda value, _: {k: TOML.structure(v, float) for k, v in _table(value).items()}
    omitted: Any = {n: override(omit=True) for n in OF_THE_FILE if kind is Template}
    fill: Callable[[Any, object], object] = make_dict_structure_fn(
        kind, TOML, _cattrs_forbid_extra_keys=True, **omitted
    )
    return lambda value, _: fill(_table(value), kind)


TOML = Converter()
TOML.register_structure_hook(str, lambda v, _: _expect(v, isinstance(v, str), "a text"))
TOML.register_structure_hook(int, lambda v, _: _expect(v, type(v) is int, "a whole number"))
TOML.register_structure_hook(float, lambda v, _: _expect(v, type(v) in (int, float) and math.isfinite(v), "a number"))
TOML.register_structure_hook_factory(lambda kind: getattr(kind, "__origin__", None) is tuple, _tuple_hook)
TOML.register_structure_hook_factory(lambda kind: is_dataclass(kind) or kind == dict[str, float], _table_hook)
