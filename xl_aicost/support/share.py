"""Find the files that ship beside the code."""

from pathlib import Path


def share(folder: str) -> Path:
    """Return the folder 'workbooks' or 'udfs' of the installed wheel, or else of the checkout."""
    here = Path(__file__).parents[1]
    installed = here / "_share" / folder
    return installed if installed.is_dir() else here.parent / folder
