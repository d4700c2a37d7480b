"""History run again: the documented world in many runs, with every decision written down.

Japan and Korea decide from the first month on, under the documented requests; targets and the
stylised facts about the two are read off it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.core.records import STOCKS
from model.engine import ensemble
from model.engine.run_arrays import Trace
from model.months import month_number
from model.settings import Settings
from model.vocabulary import FORMED, GROUPS, KINDS, STUDIED
from model.world import recorded_contributions
from model.world.build import Atlas, build

from ..raw_data.raw_files import coded

LAST = max(coded("targets", ("to",))["to"])  # the last month that a target looks at


@dataclass(frozen=True)
class Replay:
    """The documented world in many runs.

    Attributes:
        atlas: the world.
        people: int32[runs, T, states, groups, kinds] of Japan and Korea, from ``first`` on.
        record: float64[T, states, groups, kinds], what is documented in the same months.
        spells, decisions: of every run, as a chunk gives them.
        stocks: float64[runs, T, states, stocks].
        first: first month (number).
    """

    atlas: Atlas
    people: np.ndarray
    record: np.ndarray
    spells: pd.DataFrame
    decisions: pd.DataFrame
    stocks: np.ndarray
    first: int

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return len(self.people)

    def stock(self, state: str, name: str) -> np.ndarray:
        """A stock month by month, float64[runs, T]."""
        return np.asarray(self.stocks[:, :, STUDIED.index(state), STOCKS.index(name)])

    def monthly(
        self, state: str, groups: tuple[str, ...], kinds: tuple[str, ...]
    ) -> tuple[np.ndarray, np.ndarray]:
        """People on record, float64[T], and simulated, float64[runs, T]."""
        row = STUDIED.index(state)
        g = [GROUPS.index(name) for name in groups]
        k = [KINDS.index(name) for name in kinds]
        seen = self.record[:, row][:, g][:, :, k].sum(axis=(1, 2))
        said = self.people[:, :, row][:, :, g][:, :, :, k].sum(axis=(2, 3))
        return seen, said

    def there(
        self, state: str, missions: tuple[str, ...], kinds: tuple[str, ...] = FORMED
    ) -> np.ndarray:
        """People of a state in missions, float64[runs, T]."""
        spells = self.spells
        own = spells[
            (spells["state"] == state)
            & spells["mission"].isin(missions)
            & spells["kind"].isin(kinds)
        ]
        months = self.people.shape[1]
        return recorded_contributions.accumulate(
            (months, self.runs),
            own["first"].to_numpy() - self.first,
            own["last"].to_numpy() - self.first,
            (own["run"].to_numpy(),),
            own["people"].to_numpy().astype(float),
        ).T


def documented(until: str = LAST) -> Atlas:
    """The documented world, to a month."""
    return build(Settings(end=until, afterwards="recorded"))


def replay(
    runs: int,
    seed: int = 1,
    rows: Callable[[Atlas], np.ndarray] | None = None,
    atlas: Atlas | None = None,
) -> Replay:
    """Run the documented world.

    Args:
        rows: gives the parameters of the runs; the posterior's draws when not given.
        atlas: another world than the one of ``documented``.
    """
    atlas = atlas or documented()
    settings = atlas.settings
    numbers = None if rows is None else rows(atlas)
    chunks = list(
        ensemble.simulate(
            atlas, range(runs), seed, numbers, trace=Trace(states=STUDIED, runs=tuple(range(runs)))
        )
    )
    first, last = month_number(settings.start), month_number(settings.end)
    stocks = np.stack([ledger.stocks for chunk in chunks for ledger in chunk.ledgers])
    return Replay(
        atlas,
        np.concatenate([chunk.personnel(STUDIED) for chunk in chunks]),
        _record(first, last),
        pd.concat([chunk.spells() for chunk in chunks], ignore_index=True),
        pd.concat([chunk.decisions() for chunk in chunks], ignore_index=True),
        stocks[:, first : last + 1, : len(STUDIED)],
        first,
    )


def _record(first: int, last: int) -> np.ndarray:
    """Documented people of Japan and Korea, float64[T, states, groups, kinds]."""
    frame = recorded_contributions.monthly(STUDIED, first, last)
    out = np.zeros((last - first + 1, len(STUDIED), len(GROUPS), len(KINDS)))
    place = [
        frame[column].map({name: n for n, name in enumerate(names)}).to_numpy(dtype=int)
        for column, names in (("state", STUDIED), ("framework", GROUPS), ("kind", KINDS))
    ]
    months = frame["month"].to_numpy(dtype=int) - first
    np.add.at(out, (months, *place), frame["value"].to_numpy(dtype=float))
    return out
