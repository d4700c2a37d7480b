"""Deployments and withdrawals that a scenario dates in one of two worlds only, where they show.

They write no decision, so that the first decision that differs would be a later consequence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from model.vocabulary import KINDS
from model.world.scenario_commitments import ANY_KIND

if TYPE_CHECKING:
    from model.engine.run_output import Chunk, Ledger
    from model.world.build import Atlas

SENT = "in the field by the scenario's decision"
KEPT_HOME = "not in the field by the scenario's decision"
OWN_DECISION = "what it decides itself"
GIVEN = "given"  # in place of the reason for which a state was asked


class Given(NamedTuple):
    """What a scenario gives about a state's people of a kind in a mission, by names."""

    state: str
    mission: str
    kind: int
    people: int
    first: int
    until: int

    def holds(self, kind: int, month: int) -> bool:
        """Whether it says something of a kind in a month."""
        return self.kind in (ANY_KIND, kind) and self.first <= month < self.until


class Shown(NamedTuple):
    """Where a given first shows in a run: people of a kind differ in a month in which it holds."""

    given: Given
    run: int
    month: int
    kind: int
    answers: tuple[str, str]
    people: tuple[int, int]


class DatedGivens:
    """The givens of two worlds, and where those of one world only show in their runs."""

    def __init__(self, base: Atlas, other: Atlas) -> None:
        self._worlds = (base, other)
        self._givens = (_givens(base), _givens(other))
        apart = set(self._givens[0]) ^ set(self._givens[1])
        self.apart = sorted(apart, key=lambda given: (given.first, given))

    def shown(self, base: Chunk, other: Chunk) -> list[Shown]:
        """Where givens of one world show, by run; the earliest given first in each run."""
        pairs = zip(base.ledgers, other.ledgers, strict=True)
        found = [self._in_run(given, pair) for pair in pairs for given in self.apart]
        return [one for one in found if one is not None]

    def _in_run(self, given: Given, ledgers: tuple[Ledger, Ledger]) -> Shown | None:
        sides = [
            _people(atlas, ledger, given)
            for atlas, ledger in zip(self._worlds, ledgers, strict=True)
        ]
        differs = np.abs(sides[1] - sides[0])
        if not differs.any():
            return None
        place = int(differs.any(axis=0).argmax())
        kind, month = int(differs[:, place].argmax()), given.first + place
        return Shown(
            given,
            ledgers[0].run,
            month,
            kind,
            (self._answer(0, given, kind, month), self._answer(1, given, kind, month)),
            (int(sides[0][kind, place]), int(sides[1][kind, place])),
        )

    def _answer(self, side: int, shown: Given, kind: int, month: int) -> str:
        """What a world's scenario gives in a month about what another given is about."""
        for given in self._givens[side]:
            if given[:2] == shown[:2] and given.holds(kind, month):
                return SENT if given.people else KEPT_HOME
        return OWN_DECISION


def _givens(atlas: Atlas) -> tuple[Given, ...]:
    """What a world's scenario gives, in the order in which it is looked up."""
    return tuple(
        Given(
            atlas.states[row["state"]],
            atlas.missions[row["mission"]],
            *(int(row[name]) for name in ("kind", "people", "first", "until")),
        )
        for row in atlas.arrays.givens
    )


def _people(atlas: Atlas, ledger: Ledger, given: Given) -> np.ndarray:
    """A run's people in the state's contribution that a given is about, by kind and month from its
    first to its last."""
    last = min(given.until, int(atlas.arrays.span[2]) + 1)
    out = np.zeros((len(KINDS), max(last - given.first, 0)), dtype=np.int64)
    if given.mission not in atlas.missions:
        return out
    d = ledger.deployments
    own = d[
        (d["state"] == atlas.state_row(given.state))
        & (d["mission"] == atlas.mission_row(given.mission))
    ]
    for unit in own:
        if given.kind in (ANY_KIND, unit["kind"]):
            begin = max(int(unit["arrives"]), given.first) - given.first
            end = min(int(unit["leaves"]) or last, last) - given.first
            out[unit["kind"], begin : max(begin, end)] += unit["people"]
    return out
