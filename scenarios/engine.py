"""The seam between a scenario and the engine: everything this package knows of ``model``'s run.

A scenario becomes ``model.settings.Settings``; the chunks of the ensemble become tables with the
scenario's name in the first column.  Changes of law are folded here into one event of type ``law``,
whose value ``instruments`` is the whole table of provisions.  Nothing else imports the engine.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from model.settings import Event, Settings

from . import statutes
from .schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

COMPILING_NOTICE = "Compiling the rules, once for this version; this takes a minute or two."


@dataclass(frozen=True)
class Frames:
    """Tables of one chunk of runs; columns as in ``results.COLUMNS`` (decisions have their own)."""

    runs: int
    series: pd.DataFrame
    missions: pd.DataFrame
    decisions: pd.DataFrame


def watched(scenario: Scenario) -> tuple[str, ...]:
    """States whose people and stocks the tables hold."""
    states = scenario.deliberating
    return ("JPN", "KOR") if states == "all" else tuple(states)


def settings_of(scenario: Scenario, watch: tuple[str, ...] = ()) -> Settings:
    """The engine's settings for a scenario; ``watch`` blank: the deliberating states."""
    states = scenario.deliberating
    return Settings(
        start=scenario.period.start,
        end=scenario.period.end,
        deliberating=("all",) if states == "all" else tuple(states),
        afterwards=scenario.afterwards,
        overrides=dict(scenario.levers | scenario.uncertainties),
        events=tuple(Event(kind, values) for kind, values in _events(scenario)),
        watch=watch or watched(scenario),
    )


def _events(scenario: Scenario) -> list[tuple[str, dict[str, Any]]]:
    """Type and values of every event; those of law are one, and first."""
    found: list[tuple[str, dict[str, Any]]] = []
    if any(statutes.is_law(event) for event in scenario.events):
        found.append(("law", {"instruments": statutes.table(scenario.events)}))
    for event in scenario.events:
        if not statutes.is_law(event):
            found.append((event.type_name(), event.model_dump(exclude={"type"})))
    return found


def simulate(
    scenario: Scenario,
    runs: range,
    seed: int,
    *,
    threads: int | None = None,
    explained: str = "",
) -> Iterator[Frames]:
    """Run the ensemble chunk by chunk, in the order of the runs.

    Decisions are traced in run 0: those of the watched states, or of the state ``explained`` alone.
    """
    from model import compiled, ensemble, world
    from model.run_state import Trace

    if compiled.COMPILING and not compiled.is_cached():
        print(COMPILING_NOTICE, file=sys.stderr, flush=True)
    watch = (explained,) if explained else watched(scenario)
    atlas = world.build(settings_of(scenario, watch))
    trace = Trace(states=watch)
    for chunk in ensemble.simulate(atlas, runs, seed, threads=threads, trace=trace):
        yield Frames(
            runs=len(chunk.runs),
            series=_named(chunk.series(), scenario.name),
            missions=_named(chunk.missions(), scenario.name),
            decisions=_named(chunk.decisions(), scenario.name),
        )


def _named(table: pd.DataFrame, name: str) -> pd.DataFrame:
    table = table.reset_index(drop=True)
    table.insert(0, "scenario", name)
    return table
