"""On-line summaries: what a hundred thousand runs add up to, in the memory of a few.

Quantiles come from exact integer counts of people by cell, merged in the order of the runs; a sum
of counts does not depend on how the runs were cut into chunks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.kinds import GROUPS, KINDS
from model.months import month_text

if TYPE_CHECKING:
    from model.ledger import Chunk

LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
_SHIFT = 1 << 21  # people by cell stay below two million


@dataclass
class Summary:
    """Counts of people by month, watched state, framework and kind, over any number of runs.

    ``add`` chunks in any order; ``table`` gives mean and quantiles, zeros included.
    """

    runs: int = 0
    shape: tuple[int, ...] = ()
    watch: tuple[str, ...] = ()
    first: int = 0
    _cells: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    _counts: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    entries: dict[tuple[str, str, str], int] = field(default_factory=dict)
    exits: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(self, chunk: Chunk) -> None:
        """Count the people, entries and exits of a chunk of runs."""
        people = chunk.personnel()
        totals = people.sum(axis=4, keepdims=True)
        cells = np.concatenate([totals, people], axis=4).astype(np.int64)
        if not self.shape:
            self.shape = cells.shape[1:]
            self.watch = chunk.atlas.watch
            self.first = int(chunk.atlas.arrays.span[1])
        self.runs += len(cells)
        flat = cells.reshape(len(cells), -1)
        run, place = np.nonzero(flat)
        found, counts = np.unique(place * _SHIFT + flat[run, place], return_counts=True)
        merged = np.concatenate([self._cells, found])
        self._cells, inverse = np.unique(merged, return_inverse=True)
        self._counts = np.bincount(inverse, weights=np.concatenate([self._counts, counts])).astype(
            np.int64
        )
        self._count_moves(chunk)

    def _count_moves(self, chunk: Chunk) -> None:
        """Entries and exits by state, mission and kind."""
        spells = chunk.spells()
        spells = spells[spells["state"].isin(self.watch)]
        last = self.first + self.shape[0] - 1
        for keys, moves in (
            (self.entries, spells),
            (self.exits, spells[spells["last"] < last]),
        ):
            sizes = moves.groupby(["state", "mission", "kind"]).size()
            for key, count in zip(sizes.index.to_list(), sizes, strict=True):
                place = (str(key[0]), str(key[1]), str(key[2]))
                keys[place] = keys.get(place, 0) + int(count)

    def table(self, levels: tuple[float, ...] = LEVELS) -> pd.DataFrame:
        """Mean and quantiles (the smallest value with at least that share of runs at or below it)
        by month, state, framework and kind; cells that are zero in every run are left out."""
        place = self._cells // _SHIFT
        value = self._cells % _SHIFT
        cells, start = np.unique(place, return_index=True)
        bounds = np.append(start, len(place))
        weight = np.add.reduceat(self._counts, start) if len(start) else np.zeros(0)
        total = np.add.reduceat(self._counts * value, start) if len(start) else np.zeros(0)
        month, state, group, kind = np.unravel_index(cells, self.shape)
        frame = pd.DataFrame(
            {
                "month": [month_text(self.first + m) for m in month],
                "state": np.array(self.watch)[state],
                "framework": np.array(GROUPS)[group],
                "kind": np.array(["all", *KINDS])[kind],
                "runs": self.runs,
                "mean": total / self.runs,
            }
        )
        for level in levels:
            wanted = np.ceil(level * self.runs - 1e-9)
            column = np.zeros(len(cells))
            for number in range(len(cells)):
                below = self.runs - weight[number]
                if wanted > below:
                    part = slice(bounds[number], bounds[number + 1])
                    reached = below + np.cumsum(self._counts[part])
                    column[number] = value[part][np.searchsorted(reached, wanted)]
            frame[f"q{level:g}"] = column
        return frame

    def moves(self) -> pd.DataFrame:
        """Mean entries and exits in a run by state, mission and kind."""
        keys = sorted(set(self.entries) | set(self.exits))
        return pd.DataFrame(
            [
                (*key, self.entries.get(key, 0) / self.runs, self.exits.get(key, 0) / self.runs)
                for key in keys
            ],
            columns=["state", "mission", "kind", "entries", "exits"],
        )
