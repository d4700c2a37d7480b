"""The record in the form of the results: people in the field by month, mission and kind.

Written with every result, so that a figure of observed and simulated needs nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from model.months import month_number, month_text
from model.vocabulary import SERIES_COLUMNS
from model.world import recorded_contributions

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = SERIES_COLUMNS[2:]  # of no run


def monthly(states: Sequence[str], start: str, end: str) -> pd.DataFrame:
    """Recorded people of ``states`` from ``start`` to ``end``; a missing row is zero.

    The count of the UN where there is one, else the national size.  Columns as in ``COLUMNS``.
    """
    table = recorded_contributions.monthly(tuple(states), month_number(start), month_number(end))
    texts = {number: month_text(number) for number in table["month"].unique()}
    table = table.assign(
        month=table["month"].map(texts).astype(str),
        variable="personnel",
        unit="people",
        value=table["value"].astype(float),
    )
    return table[list(COLUMNS)].reset_index(drop=True)
