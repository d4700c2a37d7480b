"""Months and spells: monthly values to runs of equal values and back, and how cells are written."""

from collections.abc import Sequence

import pandas as pd

from model.months import month_number, month_text

from .raw_files import coded


def _world_end() -> str:
    """The last month of the documented world, ``YYYY-MM``."""
    frame = coded("coverage", ("series", "to"))
    return str(frame.loc[frame["series"] == "world", "to"].iloc[0])


LAST = month_number(_world_end())


def months_of(dates: pd.Series) -> pd.Series:
    """Month numbers of ``YYYY-MM-DD`` or ``YYYY-MM`` dates."""
    known = {text: month_number(str(text)[:7], "date") for text in dates.unique()}
    return dates.map(known).astype(int)


def runs(frame: pd.DataFrame, keys: Sequence[str], values: Sequence[str]) -> pd.DataFrame:
    """Spells of equal values in neighbouring months.

    Args:
        frame: one row per key and ``month`` (a number).
        keys: what tells the series apart.
        values: columns that must stay equal within a spell.

    Returns:
        keys, ``from`` and ``to`` as month numbers (both inside the spell), values.
    """
    columns = [*keys, "from", "to", *values]
    if frame.empty:
        return pd.DataFrame(columns=columns)
    frame = frame.sort_values([*keys, "month"], kind="stable").reset_index(drop=True)
    before = frame.shift(1)
    new = frame["month"] != before["month"] + 1
    for column in (*keys, *values):
        new |= frame[column] != before[column]
    spell = new.cumsum()
    parts = frame.groupby(spell, sort=True)
    out = parts[[*keys, *values]].first()
    out["from"] = parts["month"].min()
    out["to"] = parts["month"].max()
    return out[columns].reset_index(drop=True)


def spread(frame: pd.DataFrame) -> pd.DataFrame:
    """Spells (``from`` and ``to`` as month numbers) as one row per ``month``."""
    lengths = (frame["to"] - frame["from"] + 1).clip(lower=0).astype(int)
    out = frame.loc[frame.index.repeat(lengths)].copy()
    out["month"] = out["from"] + out.groupby(level=0).cumcount()
    return out.drop(columns=["from", "to"]).reset_index(drop=True)


def dated(frame: pd.DataFrame, columns: Sequence[str] = ("from", "to")) -> pd.DataFrame:
    """Month numbers as ``YYYY-MM``."""
    out = frame.copy()
    for column in columns:
        out[column] = [month_text(int(value)) for value in out[column]]
    return out


def written(value: float, places: int = 3) -> str:
    """A number as it stands in a table: no trailing zeros, blank for NaN."""
    if value != value:
        return ""
    text = f"{value:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def column(values: pd.Series, places: int = 3) -> pd.Series:
    """A column of numbers as text."""
    return pd.Series([written(float(v), places) for v in values], index=values.index, dtype=object)
