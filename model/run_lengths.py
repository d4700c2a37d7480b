"""Run lengths: a monthly series of whole numbers as one cell of a table.

``3x5 4 0x2`` is 3 for five months, 4 for one, 0 for two.
"""

from itertools import groupby

import numpy as np

from .errors import InputError


def encode(values: np.ndarray) -> str:
    """Whole numbers, int64[months], as run lengths."""
    parts = []
    for value, group in groupby(int(value) for value in values):
        length = sum(1 for _ in group)
        parts.append(f"{value}x{length}" if length > 1 else str(value))
    return " ".join(parts)


def decode(text: str, where: str) -> np.ndarray:
    """The series, int64[months].

    Raises:
        InputError: naming ``where``, if a part is neither ``3`` nor ``3x5``.
    """
    values, lengths = [], []
    for part in text.split(" "):
        value, times, length = part.partition("x")
        if not value.isdecimal() or (times and not (length.isdecimal() and int(length) > 0)):
            raise InputError(f"{where}: {part!r} is no run of months; write 3 or, for five, 3x5")
        values.append(int(value))
        lengths.append(int(length) if times else 1)
    return np.repeat(np.array(values, dtype=np.int64), lengths)
