"""One run of a view followed in full: who was in which mission, and every answer."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

import pandas as pd

from model.engine import long_tables
from model.engine.run_arrays import Trace
from model.months import month_text
from scenarios.file_format.schema import Scenario
from scenarios.running import model_adapter

from .computation import content, world

KEPT = 40  # of all visitors; one is some hundred kilobytes

_kept: OrderedDict[str, Followed] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, eq=False)
class Followed:
    """One run.

    Attributes:
        missions: people by mission and kind; ``decisions``: every answer of the ``states``.
    """

    name: str
    seed: int
    run: int
    states: tuple[str, ...]
    months: tuple[str, ...]
    missions: pd.DataFrame = field(repr=False)
    decisions: pd.DataFrame = field(repr=False)


def follow(scenario: Scenario, seed: int, run: int) -> Followed:
    """Make one run again and keep all of it; results are those of the ensemble's run.

    Raises:
        InputError: the scenario cannot be built.
    """
    key = content(scenario, run, seed, "followed")
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    atlas = world(scenario)
    trace = Trace(states=atlas.reported, runs=(run,))
    (chunk,) = model_adapter.chunks(atlas, range(run, run + 1), seed, trace=trace)
    first, last = int(atlas.arrays.span[1]), int(atlas.arrays.span[2])
    found = Followed(
        name=scenario.name,
        seed=seed,
        run=run,
        states=atlas.reported,
        months=tuple(month_text(number) for number in range(first, last + 1)),
        missions=long_tables.in_words(long_tables.missions(chunk)).assign(scenario=scenario.name),
        decisions=chunk.decisions(),
    )
    with _lock:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def forget() -> None:
    """Forget every run, as when no visitor is left."""
    with _lock:
        _kept.clear()
