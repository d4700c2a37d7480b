"""One run made again with one thing changed, and what becomes of one answer in it.

Every draw that decides the same thing is the same; what came before the answer may differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.engine import ensemble
from model.engine.run_arrays import Trace
from model.months import month_number
from model.vocabulary import KINDS, OUTCOMES, REASONS, STOPS

if TYPE_CHECKING:
    from model.engine.run_output import Ledger
    from model.world.build import Atlas

    from .decisions import Answers

ABSENT = "absent"  # the question does not come up any more


class Again:
    """The detailed run of ``found``, run again to see what becomes of its answer ``number``."""

    def __init__(self, found: Answers, number: int) -> None:
        row = found.decisions.iloc[number].to_dict()
        self.atlas = found.chunks[0].atlas  # its law is not yet that of the detailed run
        self._seed, self._run, self._row = found.seed, found.run, row
        self._drawn = self.atlas.row(found.seed, found.run)
        self._place = {column.name: n for n, column in enumerate(self.atlas.columns)}
        # A request may be answered more than once: which of its answers is it?
        keys = ["request", "kind"] if row["request"] else ["month", "reason", "kind"]
        earlier = found.decisions.iloc[:number]
        self._earlier = int((earlier[keys] == [row[key] for key in keys]).all(axis=1).sum())
        mission = str(row["mission"])
        self._trace = Trace(states=(found.state,), missions=(mission,), runs=(found.run,))

    def value(self, name: str) -> float:
        """A parameter's value in the run."""
        return float(self._drawn[self._place[name]])

    def at(self, tried: list[tuple[str, float]]) -> list[str]:
        """For each parameter and value what is answered, blank where the answer is not turned."""
        rows = np.repeat(self._drawn[None, :], len(tried), axis=0)
        for number, (name, value) in enumerate(tried):
            rows[number, self._place[name]] = value
        return ["" if one == ABSENT else one for one in self._outcomes(self.atlas, rows)]

    def under(self, atlas: Atlas) -> str:
        """What is answered in another world: blank where the answer is not turned, ``absent`` where
        what was accepted is not asked any more."""
        (outcome,) = self._outcomes(atlas, self._drawn[None, :])
        return outcome

    def _outcomes(self, atlas: Atlas, rows: np.ndarray) -> list[str]:
        runs = [self._run] * len(rows)
        chunks = ensemble.simulate(atlas, runs, self._seed, parameters=rows, trace=self._trace)
        return [self._turned(ledger) for chunk in chunks for ledger in chunk.ledgers]

    def _turned(self, ledger: Ledger) -> str:
        """What a run answers to the same request, renewal or round, blank unless it is turned."""
        made, row = ledger.decisions, self._row
        if row["request"]:
            same = made["ask"] == self.atlas.asks.index(row["request"])
        else:
            same = (made["month"] == month_number(row["month"])) & (
                made["reason"] == REASONS.index(row["reason"])
            )
        where = np.flatnonzero(same & (made["kind"] == KINDS.index(row["kind"])))
        went = row["stopped_by"] == "nothing"
        if not len(where):
            return ABSENT if went else ""
        one = made[where[min(self._earlier, len(where) - 1)]]
        goes = STOPS[int(one["stopped"])] == "nothing"
        return "" if goes == went else str(OUTCOMES[int(one["outcome"])])
