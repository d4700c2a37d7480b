"""The seam between a scenario and the engine: everything this package knows of ``model``'s run.

A scenario becomes ``model.settings.Settings``; the chunks of the ensemble become tables with the
scenario's name in the first column.  Changes of law are folded here into one event of type ``law``,
whose value ``instruments`` is the whole table of provisions.  Nothing else imports the engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import statutes
from .schema import Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Frames:
    """Tables of one chunk of runs; columns as in ``results.COLUMNS`` (decisions have their own)."""

    runs: int
    series: pd.DataFrame
    missions: pd.DataFrame
    decisions: pd.DataFrame


def settings_of(scenario: Scenario, from_record: bool = False) -> Any:
    """The engine's settings for a scenario."""
    module = import_module("model.settings")
    deliberating = scenario.deliberating
    values: dict[str, Any] = {
        "start": scenario.period.start,
        "end": scenario.period.end,
        "deliberating": ("all",) if deliberating == "all" else tuple(deliberating),
        "afterwards": scenario.afterwards,
        "from_record": from_record,
        "overrides": dict(scenario.levers | scenario.uncertainties),
        "events": tuple(module.Event(*event) for event in _events(scenario)),
    }
    if deliberating != "all":
        values["watch"] = tuple(deliberating)
    known = {field.name for field in fields(module.Settings)}
    return module.Settings(**{key: value for key, value in values.items() if key in known})


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
    from_record: bool = False,
    threads: int | None = None,
    trace: Any = None,
) -> Iterator[Frames]:
    """Run the ensemble chunk by chunk, in the order of the runs."""
    world = import_module("model.world").build(settings_of(scenario, from_record))
    ensemble = import_module("model.ensemble")
    for chunk in ensemble.simulate(world, runs, seed, threads=threads, trace=trace):
        yield Frames(
            runs=len(chunk.runs),
            series=_named(chunk.series(), scenario.name),
            missions=_named(chunk.missions(), scenario.name),
            decisions=_named(chunk.decisions(), scenario.name),
        )


def _named(table: pd.DataFrame, name: str) -> pd.DataFrame:
    if "scenario" in table.columns:
        table = table.drop(columns="scenario")
    table = table.reset_index(drop=True)
    table.insert(0, "scenario", name)
    return table
