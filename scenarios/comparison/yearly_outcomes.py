"""Outcomes of a run that scenarios are compared by: averages by year of people, units and stocks.

Every outcome is counted in whole steps (person-months, months, thousandths of a stock), so that
differences of runs can be added up exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.core import records
from model.engine.run_output import UNITS
from model.months import month_text
from model.vocabulary import GROUPS, KINDS

if TYPE_CHECKING:
    from model.engine.run_output import Chunk
    from model.world.build import Atlas

WHOLE = "all"  # year of the average over the whole period
ONWARDS = "from "  # with a year: the average from that year to the end
CLASSES = ("all", "units", "individuals")  # kinds added up; then each kind
PEOPLE = "personnel"
PRESENCE = "unit_presence"  # share of months with a formed unit in the field
STEP = 0.001  # of a stock, summed over the months of a year


@dataclass(frozen=True)
class Outcomes:
    """Outcomes of a world, measured in the runs of its chunks.

    Cells stand year by year (the whole period last), within a year in the order of ``labels``; then
    people and presence by class from each year to the end.
    """

    atlas: Atlas

    @cached_property
    def years(self) -> tuple[str, ...]:
        """Calendar years of the period, then the whole period."""
        return (*dict.fromkeys(month_text(m)[:4] for m in self._months), WHOLE)

    @cached_property
    def months(self) -> np.ndarray:
        """Months simulated in each of the years."""
        return np.array([*np.diff([*self._begins, len(self._months)]), len(self._months)])

    @cached_property
    def _months(self) -> range:
        span = self.atlas.arrays.span
        return range(int(span[1]), int(span[2]) + 1)

    @cached_property
    def _begins(self) -> list[int]:
        """Place of the first month of each calendar year."""
        years = [month_text(m)[:4] for m in self._months]
        return [n for n, year in enumerate(years) if n == 0 or year != years[n - 1]]

    @cached_property
    def labels(self) -> pd.DataFrame:
        """variable, unit, state, framework, kind of the cells of one year, and their step."""
        states = list(self.atlas.reported)
        groups = [*GROUPS, WHOLE]
        people = [
            (PEOPLE, "people", state, group, kind, 1.0)
            for state in states
            for group in groups
            for kind in (*CLASSES, *KINDS)
        ]
        presence = [
            (PRESENCE, "share of months", state, group, "units", 1.0)
            for state in states
            for group in groups
        ]
        stocks = [
            (name, UNITS[name], state, WHOLE, WHOLE, STEP)
            for state in states
            for name in records.STOCKS
        ]
        columns = ["variable", "unit", "state", "framework", "kind", "step"]
        return pd.DataFrame([*people, *presence, *stocks], columns=columns)

    @cached_property
    def cells(self) -> pd.DataFrame:
        """``labels`` with the year, and what one counted step is in the average of that year."""
        parts = [
            self.labels.assign(year=year, scale=self.labels["step"] / months)
            for year, months in zip(self.years, self.months, strict=True)
        ]
        onwards = np.cumsum(self.months[-2::-1])[::-1]
        later = self.labels.iloc[self._followed]
        parts += [
            later.assign(year=ONWARDS + year, scale=later["step"] / months)
            for year, months in zip(self.years[:-1], onwards, strict=True)
        ]
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def _followed(self) -> np.ndarray:
        """Which labels are averaged from each year to the end, too."""
        people = (self.labels["variable"] == PEOPLE) & self.labels["kind"].isin(CLASSES)
        return np.flatnonzero(people | (self.labels["variable"] == PRESENCE))

    def measure(self, chunk: Chunk) -> np.ndarray:
        """Outcomes of a chunk of runs as int64[runs, cells]."""
        people = chunk.personnel().astype(np.int64)  # runs, months, states, groups, kinds
        people = np.concatenate([people, people.sum(axis=3, keepdims=True)], axis=3)
        formed = self.atlas.arrays.kinds["formed"] > 0
        classes = (np.ones_like(formed), formed, ~formed)
        sums = [people[..., chosen].sum(axis=4, keepdims=True) for chosen in classes]
        present = (sums[1] > 0).astype(np.int64)
        first, last = self._months[0], self._months[-1]
        stocks = np.stack([ledger.stocks[first : last + 1] for ledger in chunk.ledgers])
        stocks = stocks[:, :, : len(self.atlas.reported)]
        parts = [
            self._yearly(np.concatenate([*sums, people], axis=4)),
            self._yearly(present),
            np.rint(self._yearly(stocks) / STEP).astype(np.int64),
        ]
        runs, years = len(chunk.ledgers), len(self.years)
        flat = [part.reshape(runs, years, -1) for part in parts]
        yearly = np.concatenate(flat, axis=2)
        followed = yearly[:, -2::-1, self._followed].cumsum(axis=1)[:, ::-1]
        return np.concatenate([yearly.reshape(runs, -1), followed.reshape(runs, -1)], axis=1)

    def _yearly(self, monthly: np.ndarray) -> np.ndarray:
        """Sums over the months of each year and of the whole period, along the second axis."""
        years = np.add.reduceat(monthly, self._begins, axis=1)
        return np.concatenate([years, years.sum(axis=1, keepdims=True)], axis=1)
