"""How far each lever would have to move, alone and with the same random draws, to change an answer.

The run is made again with the lever at other values for the whole period, so that what came before
the answer may differ too; every draw that decides the same thing is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ..definition import lookup
from .rerun import Again

if TYPE_CHECKING:
    from .decisions import Answers

STEPS = 12  # values tried from the present one to each end of a lever's range
HALVINGS = 5  # of the last step, to the smallest move


@dataclass(frozen=True)
class Lever:
    """A lever that turns an answer.

    Attributes:
        name, unit: as in the table of parameters.
        now: its value in the run.
        needed: the value nearest to that from which the answer is another, to a fraction of a
            percent of the range.
        outcome: what would be answered then (``accepted``, ``refused``, ...).
    """

    name: str
    unit: str
    now: float
    needed: float
    outcome: str


def by_levers(
    found: Answers, number: int, stopped: Callable[[], bool] = lambda: False
) -> list[Lever]:
    """Levers that alone would have changed answer ``number`` of the detailed run, the least moved
    first.

    An answer is turned where what was stopped goes through, or what went through is stopped.

    Args:
        found: answers on one mission.
        stopped: asked between the parts of the work; what is found until then is returned.
    """
    again = Again(found, number)
    levers = {
        name: known
        for name, known in lookup.parameters().items()
        if known["role"] == "lever" and known["low"] and known["low"] != known["high"]
    }
    tried: list[tuple[str, float, float]] = []  # lever, value, the value one step nearer
    for name, known in levers.items():
        now = again.value(name)
        for end in (float(known["low"]), float(known["high"])):
            values = np.linspace(now, end, STEPS + 1)
            if end != now:
                tried += [(name, float(v), float(b)) for b, v in pairwise(values)]
    outcomes = again.at([(name, value) for name, value, _ in tried])
    first: dict[tuple[str, bool], tuple[float, float, str]] = {}
    for (name, value, nearer), outcome in zip(tried, outcomes, strict=True):
        side = (name, value > again.value(name))
        if outcome and side not in first:
            first[side] = (value, nearer, outcome)
    for _ in range(HALVINGS):
        if stopped():
            break
        middles = {side: (value + nearer) / 2 for side, (value, nearer, _) in first.items()}
        turned = again.at([(name, middles[name, up]) for name, up in first])
        for side, outcome in zip(list(first), turned, strict=True):
            value, nearer, before = first[side]
            if outcome:
                first[side] = (middles[side], nearer, outcome)
            else:
                first[side] = (value, middles[side], before)
    best: dict[str, Lever] = {}
    for (name, _), (value, _, outcome) in first.items():
        lever = Lever(name, levers[name]["unit"], again.value(name), value, outcome)
        if name not in best or _moved(lever, levers) < _moved(best[name], levers):
            best[name] = lever
    return sorted(best.values(), key=lambda lever: _moved(lever, levers))


def _moved(lever: Lever, levers: Mapping[str, Mapping[str, str]]) -> float:
    """How far a lever is moved, as a share of its range."""
    known = levers[lever.name]
    return abs(lever.needed - lever.now) / (float(known["high"]) - float(known["low"]))
