"""The types that values have: of cells one by one, and of arrays with one number per scenario or batch row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

CellValue: TypeAlias = float | str | bool | None
Array: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Booleans: TypeAlias = NDArray[np.bool_]
Numbers: TypeAlias = float | Array
Inputs: TypeAlias = Mapping[str, Numbers]  # the values of inputs, by id
