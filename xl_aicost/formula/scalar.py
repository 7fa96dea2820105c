"""The functions that a kernel calls for one scenario, in words that a compiler understands.

They say what `xl_aicost.model` says of arrays; a test holds the two together. The text of this module is put
before a kernel, so it may use numpy alone.
"""

# mypy: ignore-errors

import numpy as np


def power(base, exponent):
    """Return base to the power of exponent; n/a where one of them is. Whole exponents are multiplied out."""
    if base != base or exponent != exponent:
        return np.nan
    left = abs(exponent)
    if left > 64.0 or left != np.floor(left):
        return base**exponent
    result, factor, times = 1.0, base, int(left)
    while times:
        if times & 1:
            result *= factor
        factor *= factor
        times >>= 1
    return result if exponent == left else 1.0 / result


def least(a, b):
    """Return the smaller of two numbers; n/a where one of them is."""
    return a if a != a or a < b else b


def greatest(a, b):
    """Return the larger of two numbers; n/a where one of them is."""
    return a if a != a or a > b else b


def ages(n, t):
    """Return how many of the n periods up to period t there are."""
    return int(min(t + 1.0, np.ceil(n))) if n > 0 else 0


def value(flows, count, growth):
    """Return the value of flows at 1 + rate = growth, the first today."""
    result, factor = 0.0, 1.0 / growth
    for at in range(count - 1, -1, -1):
        result = result * factor + flows[at]
    return result


def newton(flows, count, growth):
    """Return where flows have no value, found from a growth, and whether that came to rest."""
    for _ in range(60):
        factor = 1.0 / growth
        result, slope = 0.0, 0.0
        for at in range(count - 1, -1, -1):
            slope = slope * factor + result
            result = result * factor + flows[at]
        step = result / (-slope * factor * factor)
        growth -= step
        if abs(step) <= 1e-12 * max(1.0, abs(growth)):
            return growth, True
    return growth, False


def rate_of_return(flows, count, guess, floor):
    """Return the rate of a period at which flows at dates have no value, or the floor."""
    if floor != floor:
        return np.nan
    if count <= 16 and none_above(flows, count, 1.0 + floor):
        return floor
    growth, rest = newton(flows, count, 1.0 + guess)
    if not (rest and growth > 0.0 and growth < np.inf):
        growth = halved(flows, count)
    return growth - 1.0 if growth - 1.0 > floor else floor


def none_above(flows, count, growth):
    """Return whether flows have a value at every growth above one, for certain: Budan's theorem."""
    moved = np.empty(16)
    for at in range(count):
        moved[at] = flows[at]
    for rest in range(count - 1, 0, -1):
        for at in range(1, rest + 1):
            moved[at] += moved[at - 1] * growth
    low, high = 0.0, 0.0
    for at in range(count):
        if moved[at] != moved[at]:
            return False
        low, high = min(low, moved[at]), max(high, moved[at])
    return low == 0.0 or high == 0.0


def halved(flows, count):
    """Return the growth between 0.001 and 1,000 at which flows have no value, or n/a."""
    low, high = 1e-3, 1e3
    sign = np.sign(value(flows, count, low))
    if sign != sign or sign == np.sign(value(flows, count, high)):
        return np.nan
    for turn in range(100):
        middle = np.sqrt(low * high)
        if turn == 20:
            growth, rest = newton(flows, count, middle)
            if rest and low <= growth <= high:
                return growth
        if np.sign(value(flows, count, middle)) == sign:
            low = middle
        else:
            high = middle
    return low
