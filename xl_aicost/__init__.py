"""What AI infrastructure costs, and how many jobs it would take to pay for it."""

from importlib import import_module
from typing import Any

__version__ = "0.2.0"

_HOMES = {
    "Case": "xl_aicost.case",
    "attach": "xl_aicost.hosts.attach",
    "build": "xl_aicost.workbook.build",
    "claims": "xl_aicost.catalogue.frames",
    "evaluate": "xl_aicost.case",
    "explain": "xl_aicost.catalogue.explain",
    "facts": "xl_aicost.assumptions.facts",
    "frame": "xl_aicost.catalogue.frames",
    "insert_model": "xl_aicost.hosts.insert",
    "read": "xl_aicost.review.read",
    "verdicts": "xl_aicost.catalogue.claims",
}
__all__ = [
    "Case",
    "__version__",
    "attach",
    "build",
    "claims",
    "evaluate",
    "explain",
    "facts",
    "frame",
    "insert_model",
    "read",
    "verdicts",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home when it is first used, so that `import xl_aicost` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'xl_aicost' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
