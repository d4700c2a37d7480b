"""What the United Nations reported of every contributor: monthly series from the compiled tables.

``un_reports`` has people by state, mission and kind from November 2009; ``un_state_totals`` people
by state and category in all missions before; ``coverage`` says to when each goes.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from ..coverage import span
from ..errors import InputError
from ..months import month_number
from ..run_lengths import decode
from ..tables import numbers, table

NO_UNIT = 1e9  # people from which on a kind that never is a unit would be one


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


@cache
def cells() -> Series:
    """People by state, mission, kind as reported and ``category``, November 2009 on.

    Raises:
        InputError: a series is malformed or goes on after the months covered.
    """
    out = _read("un_reports")
    category = table("report_kinds").set_index("reported")["category"]
    rows = out.rows.assign(category=out.rows["kind"].map(category))
    return Series(rows, out.first, out.people)


@cache
def spells() -> pd.DataFrame:
    """The reports as spells of the model's kinds: state, mission, kind, category, first, last
    (month numbers, both inside), people.

    Troops and formed police from ``unit_from`` people on are a unit, fewer are single people.
    """
    series = cells()
    rows = table("report_kinds")
    kinds = series.rows["kind"].map({name: place for place, name in enumerate(rows["reported"])})
    limit = numbers(rows, "report_kinds", "unit_from", NO_UNIT).to_numpy()[kinds.to_numpy()]
    people, change = series.people, np.ones(series.people.shape, dtype=bool)
    change[:, 1:] = people[:, 1:] != people[:, :-1]
    row, begin = np.nonzero(change)
    stop = np.append(begin[1:], 0)
    stop[np.append(row[1:] != row[:-1], True)] = people.shape[1]
    frame = series.rows.iloc[row].reset_index(drop=True)
    frame["people"] = people[row, begin]
    frame["first"], frame["last"] = series.first + begin, series.first + stop - 1
    unit = frame["people"].to_numpy() >= limit[row]
    chosen = rows.iloc[kinds.to_numpy()[row]]
    frame["kind"] = np.where(unit, chosen["unit"], chosen["below"])
    return frame[frame["people"] > 0].reset_index(drop=True)


@cache
def state_totals() -> Series:
    """People by state and category in all missions together, November 1990 on."""
    return _read("un_state_totals")


def _read(name: str) -> Series:
    frame = table(name)
    first, last = (month_number(month, "coverage.csv") for month in span(name))
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
