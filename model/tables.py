"""Reading the tables in ``data/``: every failure is one sentence naming table, row and choice."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from .errors import InputError, unknown
from .folder import DATA

FOLDER = DATA


def names() -> list[str]:
    """Names of the tables, without ``.csv``."""
    return sorted(path.stem for path in FOLDER.glob("*.csv"))


@cache
def table(name: str) -> pd.DataFrame:
    """One table as text columns, blanks as empty strings.

    Raises:
        InputError: the file is missing, unreadable, not UTF-8 or has ragged rows.
    """
    path = FOLDER / f"{name}.csv"
    if not path.exists():
        raise unknown("data table", name, names(), where=str(FOLDER))
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: the data table cannot be read ({reason})") from error
    if frame.empty:
        raise InputError(f"{path}: the data table has no rows; restore it from the repository")
    return frame


def numbers(frame: pd.DataFrame, name: str, column: str, blank: float = 0.0) -> pd.Series:
    """A column as numbers; ``blank`` stands for empty cells.

    Raises:
        InputError: the column is missing or a cell is not a number.
    """
    if column not in frame.columns:
        raise InputError(f"{name}.csv has no column {column!r}; it has {', '.join(frame.columns)}")
    values = pd.to_numeric(frame[column].replace("", str(blank)), errors="coerce")
    bad = values.isna() | np.isinf(values)
    if bad.any():
        row = int(bad.to_numpy().argmax())
        raise InputError(
            f"{name}.csv, line {row + 2}, column {column}: "
            f"{frame[column].iloc[row]!r} is not a number"
        )
    return values.astype(float)
