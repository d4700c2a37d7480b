"""Streaming summaries: statistics of any number of runs in constant memory.

Quantiles come from exact integer counts of people by cell; a sum of counts does not depend on how
the runs were cut into chunks, nor on the order of the chunks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.months import month_text
from model.steps.renewal import HANDED_OVER, RESIZED
from model.vocabulary import GROUPS, KINDS
from model.world.recorded_contributions import monthly

from .exact_counts import Counts

if TYPE_CHECKING:
    from model.engine.run_output import Chunk
    from model.world.build import Atlas

LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
_SHIFT = 1 << 21  # people by cell stay below two million


class Summary:
    """Counts of people by month, reported state, framework and kind, over any number of runs.

    ``add`` chunks of one world in any order; then ``table``, ``presence`` and ``moves``.
    """

    def __init__(self) -> None:
        self.runs = 0
        self._atlas: Atlas | None = None
        self._seen = Counts()  # place and number of people in each run

    def add(self, chunk: Chunk, *, people: bool = True) -> None:
        """Count the people, the presence, the entries and the exits of a chunk of runs.

        Without ``people`` there is nothing for ``table``, in a third of the time.
        """
        if self._atlas is None:
            self._begin(chunk.atlas)
        self.runs += len(chunk.ledgers)
        if people:
            self._count_people(chunk)
        self._count_units(chunk)

    def _begin(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._first, self._last = int(atlas.arrays.span[1]), int(atlas.arrays.span[2])
        months, states, missions = self._last - self._first + 1, len(atlas.reported), atlas.missions
        self._shape = (months, states, len(GROUPS), 1 + len(KINDS))
        self._here = (months, states, len(GROUPS), len(missions))
        self._units = (states, len(missions), len(KINDS))
        self._place = np.full(len(atlas.states), -1, dtype=np.int64)
        for number, code in enumerate(atlas.reported):
            self._place[atlas.state_row(code)] = number
        self._present = np.zeros(np.prod(self._here), dtype=np.int64)
        self._people = np.zeros(np.prod(self._here), dtype=np.int64)
        self._ever = np.zeros(np.prod(self._here[1:]), dtype=np.int64)
        self._entries = np.zeros(np.prod(self._units), dtype=np.int64)
        self._exits = np.zeros(np.prod(self._units), dtype=np.int64)

    def _count_people(self, chunk: Chunk) -> None:
        """In how many runs each cell (totals of kinds among them) holds how many people."""
        people = chunk.personnel()
        totals = chunk.totals()[..., None]
        for kinds, first in ((totals, 0), (people, 1)):
            *cell, kind = np.nonzero(kinds)
            place = np.ravel_multi_index((*cell[1:], kind + first), self._shape)
            self._seen.add(place * _SHIFT + kinds[*cell, kind])

    def _count_units(self, chunk: Chunk) -> None:
        """Presence by month and mission; entries and exits by mission and kind."""
        units = np.concatenate([ledger.deployments for ledger in chunk.ledgers])
        sizes = [ledger.deployments.size for ledger in chunk.ledgers]
        away = np.where(units["leaves"] > 0, units["leaves"], self._last + 1)
        stop = np.minimum(away, self._last + 1)
        state = self._place[units["state"]]
        kept = (state >= 0) & (stop > units["arrives"]) & (units["people"] > 0)
        run = np.repeat(np.arange(len(sizes)), sizes)[kept]
        units, away, stop, state = units[kept], away[kept], stop[kept], state[kept]
        causes = np.concatenate([one.endings["cause"] for one in chunk.ledgers])[kept]

        world = chunk.atlas.arrays
        arrives = units["arrives"].astype(np.int64)
        began = units["since"] >= arrives  # not carried in, resized or handed over
        place = np.ravel_multi_index((state, units["mission"], units["kind"]), self._units)
        self._entries += np.bincount(place[began], minlength=self._entries.size)
        left = (away <= self._last) & ~np.isin(causes, (RESIZED, HANDED_OVER))
        self._exits += np.bincount(place[left], minlength=self._exits.size)

        group = world.groups[units["framework"]]
        here = np.ravel_multi_index((state, group, units["mission"]), self._here[1:])
        run_here = np.unique(run * self._ever.size + here)
        self._ever += np.bincount(run_here % self._ever.size, minlength=self._ever.size)
        begin = np.maximum(arrives, self._first)
        length = np.maximum(stop - begin, 0)
        row = np.repeat(np.arange(len(units)), length)
        month = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length - begin, length)
        cell = (month - self._first) * self._ever.size + here[row]
        size = self._present.size
        places = np.sort(run[row] * size + cell)
        once = places[np.diff(places, prepend=-1) > 0]  # several kinds there count once in a run
        self._present += np.bincount(once % size, minlength=size)
        people = np.bincount(cell, weights=units["people"][row], minlength=size)
        self._people += people.astype(np.int64)

    def table(self, levels: Sequence[float] = LEVELS) -> pd.DataFrame:
        """Mean and quantiles (the smallest value with at least that share of runs at or below it)
        by month, state, framework and kind; cells that are zero in every run are left out."""
        keys, counts = self._seen.merged()
        value = keys % _SHIFT
        cells, start = np.unique(keys // _SHIFT, return_index=True)
        reached = np.cumsum(counts, dtype=np.int64)  # over all cells, one after the other
        before = (reached - counts)[start]
        zeros = self.runs - np.diff(np.append(before, reached[-1:]))
        total = np.add.reduceat(counts * value, start) if len(start) else np.zeros(0)
        month, state, group, kind = np.unravel_index(cells, self._shape)
        frame = pd.DataFrame(
            {
                "month": self._months()[month],
                "state": self._states()[state],
                "framework": np.array(GROUPS)[group],
                "kind": np.array(["all", *KINDS])[kind],
                "runs": self.runs,
                "mean": total / self.runs,
            }
        )
        for level in levels:
            wanted = max(1, int(np.ceil(level * self.runs - 1e-9)))
            # Cells of which enough runs are zero find a value that is not theirs; it is not used.
            place = np.minimum(np.searchsorted(reached, before + wanted - zeros), len(value) - 1)
            frame[f"q{level:g}"] = np.where(wanted > zeros, value[place], 0).astype(float)
        return frame

    def presence(self) -> pd.DataFrame:
        """One row for each month, state, framework and mission with anybody there in any run.

        ``share`` of runs with anybody there in that month, ``ever``: in any month; ``mean`` people
        over all runs.
        """
        present, people, ever = self._present.copy(), self._people.copy(), self._ever.copy()
        for cell, count in self._recorded():
            present[cell] = self.runs
            people[cell] += self.runs * count
            ever[cell % ever.size] = self.runs
        cells = np.flatnonzero(present)
        month, state, group, mission = np.unravel_index(cells, self._here)
        return pd.DataFrame(
            {
                "month": self._months()[month],
                "state": self._states()[state],
                "framework": np.array(GROUPS)[group],
                "mission": np.array(self._world().missions)[mission],
                "runs": self.runs,
                "share": present[cells] / self.runs,
                "ever": ever[cells % ever.size] / self.runs,
                "mean": people[cells] / self.runs,
            }
        )

    def _recorded(self) -> list[tuple[int, int]]:
        """Observed presence before a state decides, and the people there."""
        atlas = self._world()
        known = monthly(atlas.reported, self._first, self._last)
        begins = {s: atlas.arrays.states[atlas.state_row(s)].deliberates for s in atlas.reported}
        known = known[known["month"].astype(int) < known["state"].map(begins).astype(int)]
        labels = {"state": atlas.reported, "framework": GROUPS, "mission": atlas.missions}
        rows = (
            known["month"].to_numpy(dtype=int) - self._first,
            *(
                known[column].map({name: n for n, name in enumerate(names)}).to_numpy(dtype=int)
                for column, names in labels.items()
            ),
        )
        cells = np.ravel_multi_index(rows, self._here)
        return list(zip(cells.tolist(), known["value"].astype(int).tolist(), strict=True))

    def moves(self) -> pd.DataFrame:
        """Mean entries and exits in a run by state, mission and kind.

        Deployments inherited from historical data have not entered; a re-hatted unit leaves one
        mission and enters the other.
        """
        moved = np.flatnonzero(self._entries + self._exits)
        state, mission, kind = np.unravel_index(moved, self._units)
        return pd.DataFrame(
            {
                "state": self._states()[state],
                "mission": np.array(self._world().missions)[mission],
                "kind": np.array(KINDS)[kind],
                "runs": self.runs,
                "entries": self._entries[moved] / self.runs,
                "exits": self._exits[moved] / self.runs,
            }
        )

    def _world(self) -> Atlas:
        if self._atlas is None:
            raise ValueError("no run has been added to the summary yet")
        return self._atlas

    def _states(self) -> np.ndarray:
        return np.array(self._world().reported)

    def _months(self) -> np.ndarray:
        return np.array([month_text(m) for m in range(self._first, self._last + 1)])
