"""An attempt to break a claim of the model, and the runs that it is read from."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from model.engine import ensemble
from model.engine.run_arrays import NO_TRACE, Trace
from model.engine.run_output import Ledger
from model.months import month_number
from model.world.build import Atlas
from scenarios.running.confidence import CERTAINTY

RUNS = 200
SEED = 1
UN, COALITION = 0, 1  # places of the groups of frameworks in ``Chunk.personnel``


@dataclass(frozen=True)
class Attempt:
    """One attempt: what should follow from a change, what does, and whether it is what should."""

    group: str
    change: str
    claim: str
    measured: str
    holds: bool


class Histories:
    """Runs of a world, with people by run, month, state, group and kind, and traced decisions."""

    def __init__(
        self, atlas: Atlas, runs: int, trace: Trace = NO_TRACE, parameters: Any = None
    ) -> None:
        self.atlas = atlas
        found = list(ensemble.simulate(atlas, range(runs), SEED, parameters, trace=trace))
        self.people = np.concatenate([chunk.personnel() for chunk in found])
        self.chunks = found

    @property
    def ledgers(self) -> list[Ledger]:
        """What every run left behind, in the order of the runs."""
        return [ledger for chunk in self.chunks for ledger in chunk.ledgers]

    def sent(
        self,
        state: str | None = None,
        group: int | None = None,
        formed: bool | None = None,
        since: str = "",
        until: str = "",
    ) -> np.ndarray:
        """Mean people by run."""
        first = int(self.atlas.arrays.span[1])
        begin = month_number(since) - first if since else 0
        end = month_number(until) - first if until else self.people.shape[1]
        part = self.people[:, begin:end]
        rows = (
            [self.atlas.reported.index(state)] if state else list(range(len(self.atlas.reported)))
        )
        part = part[:, :, rows]
        part = part if group is None else part[:, :, :, [group]]
        if formed is not None:
            which = np.flatnonzero((self.atlas.arrays.kinds["formed"] > 0) == formed)
            part = part[..., which]
        return np.asarray(part.sum(axis=(2, 3, 4)).mean(axis=1), dtype=float)


def effect(base: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Mean paired difference and half the width of its 95% interval."""
    moved = other - base
    return float(moved.mean()), CERTAINTY * float(moved.std(ddof=1) / np.sqrt(len(moved)))
