"""What the United Nations reported of every contributor: monthly series from the compiled tables.

``un_reports`` has people by state, mission and kind from November 2009; ``un_state_totals`` people
by state and category in all missions before; ``coverage`` says to when each goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from ..errors import InputError
from ..months import month_number
from ..tables import table
from .run_lengths import decode

CATEGORIES = {
    "troops": "troops",
    "staff_officers": "troops",
    "experts_on_mission": "experts",
    "individual_police": "police",
    "formed_police_units": "police",
}  # of the kinds that the reports print


@dataclass(frozen=True)
class Series:
    """Monthly series of one table.

    Attributes:
        rows: what each series is of, a row each.
        first: month (number) of the first column.
        people: int64[series, months], zero outside each series.
    """

    rows: pd.DataFrame
    first: int
    people: np.ndarray

    @property
    def last(self) -> int:
        """The last month (number) that is covered."""
        return self.first + self.people.shape[1] - 1

    def at(self, month: int) -> np.ndarray:
        """People in a month, int64[series]; nobody where the table does not reach."""
        if not self.first <= month <= self.last:
            return np.zeros(len(self.rows), dtype=np.int64)
        return np.asarray(self.people[:, month - self.first])


def span(series: str) -> tuple[int, int]:
    """First and last month (numbers) of a series of ``coverage``."""
    rows = table("coverage").query("series == @series")
    return month_number(min(rows["from"])), month_number(max(rows["to"]))


@cache
def cells() -> Series:
    """People by state, mission, kind and ``category``, November 2009 on.

    Raises:
        InputError: a series is malformed or goes on after the months covered.
    """
    out = _read("un_reports")
    return Series(out.rows.assign(category=out.rows["kind"].map(CATEGORIES)), out.first, out.people)


@cache
def state_totals() -> Series:
    """People by state and category in all missions together, November 1990 on."""
    return _read("un_state_totals")


def _read(name: str) -> Series:
    frame = table(name)
    first, last = span(name)
    people = np.zeros((len(frame), last - first + 1), dtype=np.int64)
    columns = zip(frame["from"], frame["people"], strict=True)
    for line, (begins, text) in enumerate(columns):
        where = f"{name}.csv, line {line + 2}, column people"
        series = decode(text, where)
        start = month_number(begins, where) - first
        if start < 0 or start + len(series) > people.shape[1]:
            raise InputError(f"{where}: the months go beyond those of coverage.csv")
        people[line, start : start + len(series)] = series
    return Series(frame.drop(columns=["from", "people"]), first, people)
