"""A workbook template: a small TOML file that an analyst can copy."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from xl_aicost.cases import model
from xl_aicost.errors import DataError, UnknownNameError
from xl_aicost.share import share


@dataclass(frozen=True)
class Brand:
    """Name, font and colours (six hexadecimal digits) of whoever hands the workbook on."""

    name: str
    font: str
    dark: str
    light: str
    accents: tuple[str, ...]


@dataclass(frozen=True)
class Template:
    """What a workbook shows and how it looks."""

    id: str
    title: str
    question: str
    purpose: str
    owner: str
    years: int
    start: int
    headline: tuple[str, ...]
    totals: tuple[str, ...]
    limits: tuple[str, ...]
    brand: Brand


def load_template(name: str) -> Template:
    """Return a shipped template by name, or any by its path.

    Raises UnknownNameError for a name that is not shipped and DataError for a file that cannot be used.
    """
    path = Path(name)
    if path.suffix != ".toml":
        shipped = {p.stem: p for p in share("workbooks").glob("*.toml")}
        if name not in shipped:
            raise UnknownNameError("template", name, shipped)
        path = shipped[name]
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: {error}") from None
    _check(path.name, data, {f.name for f in fields(Template)} - {"id"})
    _check(f"{path.name} [brand]", data["brand"], {f.name for f in fields(Brand)})
    for key in ("headline", "totals"):
        for line in data[key]:
            if line not in model().lines:
                raise DataError(f"{path.name}, {key}: {UnknownNameError('line', line, model().lines)}")
    look = data.pop("brand")
    brand = Brand(**(look | {"accents": tuple(look["accents"])}))
    lists = {k: tuple(v) for k, v in data.items() if isinstance(v, list)}
    return Template(path.stem, brand=brand, **(data | lists))


def _check(where: str, data: dict[str, Any], keys: set[str]) -> None:
    for key in sorted(keys - set(data)):
        raise DataError(f"{where}: no key {key!r}; the keys are {', '.join(sorted(keys))}")
    for key in sorted(set(data) - keys):
        raise DataError(f"{where}: unknown key {key!r}; the keys are {', '.join(sorted(keys))}")
