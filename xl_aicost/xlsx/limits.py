"""Limits of what is read of a package. They count work and not time: the same file is read as far on every machine.

They are more than twice what the largest workbook of ours needs, and little enough that no file takes long.
"""

from __future__ import annotations

import math
import time
import zipfile
from dataclasses import dataclass, field
from typing import ClassVar

from xl_aicost.errors import IncompleteError

LARGEST_PART = 1_500_000_000  # bytes of a part, unpacked
LARGEST_STRINGS = 100_000_000  # bytes of shared strings, unpacked
LARGEST_TREE = 30_000_000  # bytes of a part that is read as a whole: names, styles, drawings
SAFE_RATIO = 400  # unpacked to packed; XML of a worksheet stays far below
MOST_PARTS = 10_000
LONGEST_READ = 1_000_000  # characters of one text


@dataclass(frozen=True)
class Deadline:
    """The end of a time limit, by time.monotonic; infinite without a limit."""

    until: float = math.inf

    @property
    def seconds_left(self) -> float | None:
        """What is left of the time limit, or None without one."""
        return None if self.until == math.inf else max(0.0, self.until - time.monotonic())

    def check(self) -> None:
        """Raise IncompleteError once a time limit is over."""
        if self.seconds_left == 0.0:
            raise IncompleteError("the time limit was reached")


@dataclass
class Count:
    """What was read of a file so far."""

    deadline: Deadline = field(default_factory=Deadline)
    cells: int = 0
    formulas: int = 0
    formula_characters: int = 0
    text_characters: int = 0
    elements: int = 0
    tree_bytes: int = 0

    most: ClassVar[dict[str, int]] = {
        "cells": 400_000,
        "formulas": 200_000,
        "formula_characters": 12_000_000,
        "text_characters": 60_000_000,
        "elements": 3_000_000,
        "tree_bytes": 60_000_000,
    }

    def check(self) -> None:
        """Raise IncompleteError past a limit, or once the time is over."""
        for name, most in self.most.items():
            if getattr(self, name) > most:
                raise IncompleteError(f"more than {most:,} {name.replace('_', ' ')}")
        self.deadline.check()


def check_size(info: zipfile.ZipInfo, largest: int) -> None:
    """Raise ValueError for a part that unpacks to more than so many bytes, or to suspiciously many."""
    if info.file_size > largest or info.file_size > SAFE_RATIO * max(info.compress_size, 10_000):
        raise ValueError(f"{info.filename[:60]} unpacks to {info.file_size:,} bytes, above the limit")
