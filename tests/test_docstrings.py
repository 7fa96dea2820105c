"""Every public thing says what it is, outside packages stay in their room, and modules stay small."""

import importlib
import inspect
import pkgutil

import pytest

import xl_aicost

MODULES = [m.name for m in pkgutil.walk_packages(xl_aicost.__path__, "xl_aicost.")]


@pytest.mark.parametrize("module", MODULES)
def test_public_things_have_docstrings(module):
    found = importlib.import_module(module)
    assert inspect.getdoc(found), module
    for name, thing in vars(found).items():
        own = getattr(thing, "__module__", None) == module and not name.startswith("_")
        if own and (inspect.isfunction(thing) or inspect.isclass(thing)) and "meaning" not in vars(thing):
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
