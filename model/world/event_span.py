"""How far an event of a scenario holds: in which months, and for which states."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import unknown
from ..months import month_number


def window(values: Any, months: int) -> np.ndarray:
    """How far an event is in force in each month, 0..1: from ``month``, over ``ramp`` months, until
    the month before ``until``."""
    first = month_number(values["month"])
    last = month_number(values["until"]) if values.get("until") else months
    ramp = values.get("ramp", 0)
    out = np.zeros(months)
    inside = np.arange(months)
    chosen = (inside >= first) & (inside < last)
    out[chosen] = 1.0
    if ramp:
        out[chosen] = np.minimum(1.0, (inside[chosen] - first + 1) / ramp)
    return out


def rows_of(values: Any, codes: Sequence[str], where: str) -> list[int]:
    """Rows of the state an event names, or of all."""
    code = values.get("state", "all")
    if code == "all":
        return list(range(len(codes)))
    if code not in codes:
        raise unknown("state", code, codes, where)
    return [list(codes).index(code)]
