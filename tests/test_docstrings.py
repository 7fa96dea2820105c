"""Every public thing says what it is, and modules stay small."""

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


def test_modules_stay_small_enough_to_read():
    for module in MODULES:
        assert len(inspect.getsource(importlib.import_module(module)).splitlines()) <= 400, module
