"""Shapley values: the exact attribution of a change to switches that were all thrown at once.

Each switch gets its marginal effect, averaged over every order in which the switches could be
thrown (Shapley 1953).  With k switches all 2**k combinations are given; nothing is sampled.
"""

from __future__ import annotations

from math import factorial

import numpy as np


def shapley(values: np.ndarray) -> np.ndarray:
    """Shapley value of each switch.

    Args:
        values: float64[2**k, ...]: the outcome of each combination; bit ``i`` of its number says
            whether switch ``i`` is on.  Further axes (runs, outcomes) are attributed one by one.

    Returns:
        float64[k, ...]; over the switches they add up to all on less all off.

    Raises:
        ValueError: the number of combinations is not a power of two.
    """
    count = len(values).bit_length() - 1
    if len(values) != 1 << count:
        raise ValueError(f"{len(values)} combinations are not all of any number of switches")
    out = np.zeros((count, *values.shape[1:]))
    for switch in range(count):
        for others in range(len(values)):
            if others >> switch & 1:
                continue
            size = others.bit_count()
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            out[switch] += weight * (values[others | 1 << switch] - values[others])
    return out
