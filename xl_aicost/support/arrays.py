"""The types of arrays that numbers travel in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Numbers = float | Array  # one number, or one for each scenario
Inputs = Mapping[str, Numbers]  # the values of inputs, by id
