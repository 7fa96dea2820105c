"""Every line has a sentence, a unit that is known, and a source; every public thing says what it is."""

import importlib
import inspect
import pkgutil

import pytest

import xl_aicost
from xl_aicost.assumptions.table import UNITS
from xl_aicost.case import model

MODULES = [m.name for m in pkgutil.walk_packages(xl_aicost.__path__, "xl_aicost.")]


@pytest.mark.parametrize("line", model().lines.values(), ids=lambda x: x.id)
def test_a_line_says_what_it_is_in_which_unit_and_from_where(line):
    assert line.summary.endswith("."), "a sentence, then the unit in brackets"
    assert len(line.summary) + len(line.unit) + 3 <= 255, "the function wizard shows 255 characters"
    assert line.unit in UNITS
    assert line.source


@pytest.mark.parametrize("module", MODULES)
def test_public_things_have_docstrings(module):
    found = importlib.import_module(module)
    assert inspect.getdoc(found), module
    for name, thing in vars(found).items():
        own = getattr(thing, "__module__", None) == module and not name.startswith("_")
        if own and (inspect.isfunction(thing) or inspect.isclass(thing)):
            assert inspect.getdoc(thing), f"{module}.{name}"


@pytest.mark.parametrize(
    ("outside", "rooms"),
    [
        ("openpyxl", tuple(f"xl_aicost.{r}" for r in ("xlsx", "engine", "workbook", "audit", "review"))),
        ("xlwings", ("xl_aicost.hosts",)),
        ("ironcalc", ("xl_aicost.engine",)),
    ],
)
def test_outside_packages_are_imported_in_one_room(outside, rooms):
    for module in MODULES:
        source = inspect.getsource(importlib.import_module(module))
        if f"import {outside}" in source or f"from {outside}" in source:
            assert module.startswith(rooms), module


def test_modules_stay_small_enough_to_read():
    for module in MODULES:
        assert len(inspect.getsource(importlib.import_module(module)).splitlines()) <= 400, module
