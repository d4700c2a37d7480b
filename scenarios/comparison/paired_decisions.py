"""Traced decisions of a chunk of runs, keyed so that each meets its pair in another world."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from model.rules import force_generation
from model.vocabulary import GROUPS, KINDS, OUTCOMES, STOPS, SUBSTITUTES

if TYPE_CHECKING:
    from model.engine.run_output import Chunk

MONTHS = 1024  # more than a world has
TIMES = 16  # that the same request is distinguished

NOT_ASKED, NOT_AGAIN, NOBODY = "not asked", "not asked again", "no personnel there"


class Side:
    """Traced decisions of a chunk, each with a key that its pair in the other world shares."""

    def __init__(
        self, chunk: Chunk, maps: dict[str, np.ndarray], states: int, missions: int, asks: int
    ) -> None:
        """``maps`` lead from rows of the chunk's world to numbers that both worlds share, of which
        there are so many states, missions and requests by name."""
        parts = [ledger.decisions for ledger in chunk.ledgers]
        found = np.concatenate(parts)
        run = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        state = maps["state"][found["state"]]
        kept = state >= 0
        self.rows, weighed = found[kept], np.concatenate([one.terms for one in chunk.ledgers])
        self._terms = weighed[kept]
        self._own = {
            "run": np.array(chunk.runs)[run[kept]],
            "state": state[kept],
            "mission": maps["mission"][self.rows["mission"]],
            "line": maps["line"][self.rows["mission"]],
            # of the run: what a new mission is differs by run, and may by world
            "group": maps["group"][self.rows["framework"]],
            "ask": maps["ask"][self.rows["ask"]],
        }
        by_name = self._own["ask"] >= 0
        # A request by name is the same whenever it is answered, the first time, the second, ...
        month = np.where(by_name, 0, self.rows["month"])
        fields = (
            (run[kept], len(parts)), (self._own["state"], states),
            (self._own["mission"], missions), (self._own["group"], len(GROUPS)), (month, MONTHS),
            (self.rows["reason"], 8), (self.rows["kind"], len(KINDS)),
            (self._own["ask"] + 1, asks + 1),
        )  # fmt: skip
        assert prod(room for _, room in fields) * TIMES < 2**63
        key = np.zeros(len(self.rows), dtype=np.int64)
        for values, room in fields:
            assert not len(values) or int(values.max()) < room
            key = key * room + values
        order = np.argsort(key, kind="stable")
        ranked = key[order]
        place = np.arange(len(ranked)) - np.searchsorted(ranked, ranked)
        time = np.empty(len(key), dtype=np.int64)
        time[order] = place
        self._own["time"] = np.minimum(time, TIMES - 1)
        self._own["keys"] = self.keys = key * TIMES + self._own["time"]

    def column(self, name: str) -> np.ndarray:
        """One column, with a blank at the end for 'no decision' (row -1)."""
        values = self._own.get(name)
        values = self.rows[name] if values is None else values
        return np.append(values, values.dtype.type(-1))

    def decision(self, row: int) -> dict[str, Any] | None:
        """One decision by name of its fields; none for -1."""
        if row < 0:
            return None
        found = self.rows[row]
        own = {name: int(values[row]) for name, values in self._own.items()}
        numbers = {name: found[name].item() for name in found.dtype.names}
        return {**numbers, **own, "terms": self._terms[row]}


def answered(decision: dict[str, Any] | None, known: dict[str, Any]) -> str:
    """An answer as text: what was sent, or what stopped it; ``known``: itself, else its pair."""
    renewal = known["reason"] == force_generation.RENEWAL
    if decision is None:
        return NOBODY if renewal else NOT_AGAIN if known["time"] else NOT_ASKED
    outcome = OUTCOMES[decision["outcome"]]
    stop = STOPS[decision["stopped"]].replace("_", " ")
    if renewal:
        return "stays" if outcome == "accepted" else f"leaves ({stop})"
    if outcome in ("accepted", "smaller"):
        return outcome
    if outcome == "cheaper":
        return f"{KINDS[decision['offered_kind']]} only ({stop})"
    if outcome == "substitute":
        instead = SUBSTITUTES[decision["substitute"]].replace("_", " ")
        return f"{instead} only ({stop})"
    return f"{outcome} ({stop})"
