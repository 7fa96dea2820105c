"""Libraries that only some ways of simulating need."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from xl_aicost.errors import AicostError


class MissingLibraryError(AicostError):
    """A library of the extra `scale` is not installed."""


def library(name: str, what_for: str) -> Any:
    """Return a module of the extra `scale`, or raise MissingLibraryError that says how to install it."""
    try:
        return import_module(name)
    except ImportError:
        top = name.partition(".")[0]
        raise MissingLibraryError(f"{what_for} needs {top}: pip install 'xl-aicost[scale]'") from None


def scipy_module(name: str) -> Any:
    """Return a module of scipy."""
    return library(f"scipy.{name}", "This way of drawing")
