"""Libraries of the extra `scale`, which only some commands need.

>>> library("no_such_library", "--example")
Traceback (most recent call last):
    ...
xl_aicost.support.optional.MissingLibraryError: --example needs no_such_library: pip install "xl-aicost[scale]"
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from xl_aicost.errors import AicostError


class MissingLibraryError(AicostError):
    """A library of the extra `scale` is not installed."""


def library(name: str, purpose: str) -> ModuleType:
    """Return a module of the extra `scale`, or raise MissingLibraryError that says how to install it."""
    try:
        return import_module(name)
    except ImportError:
        top = name.partition(".")[0]
        raise MissingLibraryError(f'{purpose} needs {top}: pip install "xl-aicost[scale]"') from None


def scipy_module(name: str) -> ModuleType:
    """Return a module of scipy."""
    return library(f"scipy.{name}", "This way of drawing")
