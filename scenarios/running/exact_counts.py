"""Counts of whole numbers by cell: exact means and quantiles of any number of runs.

A count does not depend on how the runs were cut into chunks nor on the order of the chunks, so
neither does anything taken from it, and memory grows with the distinct values, not with the runs.
"""

from dataclasses import dataclass

import numpy as np

_SHIFT = 1 << 32  # cell and value share one number; a value lies within half of it
_MIDDLE = 1 << 31
_WAITING = 250_000  # counts that wait before they are merged (3 MB)


@dataclass(frozen=True)
class Statistics:
    """What the runs add up to, cell by cell; everything in the unit of the counted values.

    ``lower`` and ``upper``: level to the ends of the interval that holds this share of the runs.
    """

    mean: np.ndarray
    deviation: np.ndarray
    median: np.ndarray
    lower: dict[float, np.ndarray]
    upper: dict[float, np.ndarray]
    up: np.ndarray
    down: np.ndarray


class Counts:
    """How often each whole number was added; memory grows with the distinct ones."""

    def __init__(self) -> None:
        self._keys = np.zeros(0, dtype=np.int64)
        self._counts = np.zeros(0, dtype=np.int32)
        self._waiting: list[tuple[np.ndarray, np.ndarray]] = []

    def add(self, keys: np.ndarray) -> None:
        """Count int64 keys of any shape."""
        self._waiting.append(np.unique(keys, return_counts=True))
        if sum(len(found) for found, _ in self._waiting) > _WAITING:
            self.merged()

    def merged(self) -> tuple[np.ndarray, np.ndarray]:
        """The keys in order, and how often each was added.

        Those already there are counted up in place, and only new ones make the arrays longer, so
        that little more than the counts themselves is ever held.
        """
        if self._waiting:
            found, inverse = np.unique(
                np.concatenate([keys for keys, _ in self._waiting]), return_inverse=True
            )
            each = np.concatenate([counts for _, counts in self._waiting])
            counts = np.bincount(inverse, each, len(found)).astype(np.int32)
            self._waiting = []
            place = np.searchsorted(self._keys, found)
            known = np.isin(found, self._keys, assume_unique=True)
            self._counts[place[known]] += counts[known]
            self._keys = np.insert(self._keys, place[~known], found[~known])
            self._counts = np.insert(self._counts, place[~known], counts[~known])
        return self._keys, self._counts


class Tally:
    """How many runs have which value in each cell; zeros are not stored."""

    def __init__(self) -> None:
        self.runs = 0
        self._seen = Counts()

    def add(self, values: np.ndarray) -> None:
        """Count int64[runs, cells]; every call has the same cells.

        Raises:
            ValueError: a value beyond two thousand million.
        """
        runs, self._cells = values.shape
        self.runs += runs
        run, cell = np.nonzero(values)
        filled = values[run, cell].astype(np.int64)
        if len(filled) and np.abs(filled).max() >= _MIDDLE:
            raise ValueError("a value is too large to be counted")
        self._seen.add(cell.astype(np.int64) * _SHIFT + filled + _MIDDLE)

    def statistics(self, levels: tuple[float, ...] = (0.8, 0.95)) -> Statistics:
        """Mean, standard deviation over runs, median and central intervals of every cell.

        The lower end is the smallest value with at least its share of the runs at or below it, the
        upper end its mirror image, the median the middle of both: so turning every sign turns the
        interval over and nothing else.
        """
        if not self.runs:
            raise ValueError("no run has been counted yet")
        keys, counted = self._seen.merged()
        cell, value = keys // _SHIFT, keys % _SHIFT - _MIDDLE
        rows = (cell, value, counted)
        stored = np.bincount(cell, weights=counted, minlength=self._cells).astype(np.int64)
        total = np.zeros(self._cells, dtype=np.int64)
        np.add.at(total, cell, counted * value)
        square = np.zeros(self._cells)
        mean = total / self.runs
        np.add.at(square, cell, counted * (value - mean[cell]) ** 2)
        square += (self.runs - stored) * mean**2
        up, down = np.zeros((2, self._cells))
        np.add.at(up, cell[value > 0], counted[value > 0])
        np.add.at(down, cell[value < 0], counted[value < 0])
        # with the zeros among them every cell has as many runs, one cell after the other
        every = np.arange(self._cells)
        cell = np.concatenate([rows[0], every])
        value = np.concatenate([rows[1], np.zeros(self._cells, dtype=np.int64)])
        counts = np.concatenate([rows[2], self.runs - stored])
        order = np.lexsort((value, cell))
        value, reached = value[order], np.cumsum(counts[order])

        def at(rank: int) -> np.ndarray:
            return value[np.searchsorted(reached, every * self.runs + rank)].astype(float)

        def ends(share: float) -> tuple[np.ndarray, np.ndarray]:
            rank = max(1, int(np.ceil(share * self.runs - 1e-9)))
            return at(rank), at(self.runs + 1 - rank)

        pairs = {level: ends((1 - level) / 2) for level in levels}
        low, high = ends(0.5)
        return Statistics(
            mean=mean,
            deviation=np.sqrt(square / max(1, self.runs - 1)),
            median=(low + high) / 2,
            lower={level: pair[0] for level, pair in pairs.items()},
            upper={level: pair[1] for level, pair in pairs.items()},
            up=up / self.runs,
            down=down / self.runs,
        )
