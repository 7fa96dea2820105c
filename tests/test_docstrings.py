"""Every public thing says what it is, and modules stay small."""

import importlib
import inspect
import pkgutil

import pytest

import xl_aicost
from xl_aicost.review.audit import audit
from xl_aicost.review.compare import diff
from xl_aicost.review.read import read
from xl_aicost.review.verify import verify
from xl_aicost.simulate import bounds, simulate, solve, sweep, tornado

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


ROOMS = [m.name for m in pkgutil.iter_modules(xl_aicost.__path__, "xl_aicost.")]
LIBRARY = [*(getattr(xl_aicost, n) for n in xl_aicost.__all__ if n != "__version__"), audit, diff, verify, read]
LIBRARY += [simulate, solve, sweep, tornado, bounds]


@pytest.mark.parametrize("room", ROOMS)
def test_the_first_docstring_of_a_room_has_an_example(room):
    assert ">>> " in inspect.getdoc(importlib.import_module(room))


@pytest.mark.parametrize("thing", LIBRARY, ids=lambda x: x.__name__)
def test_what_a_user_calls_has_an_example(thing):
    assert ">>> " in inspect.getdoc(thing) or "Example, " in inspect.getdoc(thing)
