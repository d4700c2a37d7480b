"""Sweep: two levers on a grid, every cell under the same luck, as a heatmap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import solara

from scenarios import engine, names
from scenarios.schema import Scenario

from ..heatmap import heatmap
from ..palette import framework_name, state_name
from ..sheet import SOURCE
from . import words
from .background import use_background
from .common import Drawn, Note, Progress, Skeleton, spaced
from .components import Select
from .ensemble import Stopped, in_turn, world
from .figure import figure
from .view import View

Change = Callable[..., None]
STEPS = 5  # values of each lever
RUNS = 20  # of each cell, at most
OUTCOMES = tuple((code, group) for code in ("JPN", "KOR") for group in ("un", "coalition"))


@solara.component
def Sweep(view: View, change: Change) -> None:
    """The tab."""
    scenario = view.resolved()
    levers = [
        name for name, row in names.parameters().items()
        if row["role"] == "lever" and row["low"] and row["low"] != row["high"]
    ]
    across = view.across if view.across in levers else levers[0]
    down = view.down if view.down in levers and view.down != across else next(
        name for name in levers if name != across
    )
    outcome = view.outcome or "JPN.un"
    runs = min(view.runs, RUNS)
    key = (scenario.model_dump_json(), across, down, runs, view.seed)

    def work(stop: Any, report: Any) -> pd.DataFrame:
        with in_turn(stop):
            return grid(scenario, across, down, runs, view.seed, stop, report)

    job, stop = use_background(work, key)
    options = [{"key": name, "name": spaced(name)} for name in levers]
    with solara.Div(classes=["pk-card", "pk-flat"]):
        Note(words.SWEEP_HELP.format(steps=STEPS, runs=runs))
        with solara.Div(classes=["pk-ask"]):
            Select(label=words.ACROSS, options=options, chosen=across, name="across",
                   event_picked=lambda name: change(across=name))
            Select(label=words.DOWN, options=options, chosen=down, name="down",
                   event_picked=lambda name: change(down=name))
            Select(
                label=words.OUTCOME_OF,
                options=[{"key": f"{s}.{g}", "name": told(s, g)} for s, g in OUTCOMES],
                chosen=outcome,
                name="outcome",
                event_picked=lambda name: change(outcome=name),
            )
    Progress(job, stop)
    if job.value is None:
        if not job.fault:
            Skeleton()
        return
    Heat(job.value, outcome, scenario, runs, view.seed)


@solara.component
def Heat(table: pd.DataFrame, outcome: str, scenario: Scenario, runs: int, seed: int) -> None:
    """The chosen outcome over the grid."""

    def draw() -> Any:
        state, _, group = outcome.partition(".")
        own = table[table["outcome"] == outcome]
        across, down = str(own["across"].iloc[0]), str(own["down"].iloc[0])
        period = scenario.period
        return figure(lambda: heatmap(
            own,
            x=(spaced(across), list(dict.fromkeys(own["x"]))),
            y=(spaced(down), list(dict.fromkeys(own["y"]))),
            facets=[("", "")],
            rows=[(outcome, told(state, group), ",.0f")],
            title=words.SWEEP_TITLE.format(
                what=told(state, group), across=spaced(across), down=spaced(down)
            ),
            subtitle=[words.SWEEP_SUBTITLE.format(
                scenario=scenario.name, runs=runs, seed=seed, start=period.start, end=period.end
            )],
            source=SOURCE,
        ))

    Drawn(solara.use_memo(draw, [id(table), outcome]), f"sweep-{outcome}")


def grid(
    scenario: Scenario,
    across: str,
    down: str,
    runs: int,
    seed: int,
    stop: Any = None,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> pd.DataFrame:
    """Mean people in a month over period and runs, for each pair of values and each outcome.

    Columns across, down (names), x, y (values as text), facet, outcome, value, configurations.

    Raises:
        Stopped: it was stopped.
    """
    rows = []
    pairs = [(x, y) for y in steps(down) for x in steps(across)]
    for number, (x, y) in enumerate(pairs):
        if stop is not None and stop.is_set():
            raise Stopped
        own = scenario.changed(levers=scenario.levers | {across: x, down: y})
        atlas = world(own)
        people = np.concatenate(
            [chunk.personnel() for chunk in engine.chunks(atlas, range(runs), seed)]
        )
        mean = people.sum(axis=4).mean(axis=(0, 1))
        for state, group in OUTCOMES:
            if state in atlas.watch:
                place = atlas.watch.index(state), ("un", "coalition", "other").index(group)
                rows.append(
                    {
                        "across": across, "down": down, "x": f"{x:g}", "y": f"{y:g}", "facet": "",
                        "outcome": f"{state}.{group}", "value": float(mean[place]),
                        "configurations": 1,
                    }
                )
        report((number + 1) * runs, len(pairs) * runs)
    return pd.DataFrame(rows)


def steps(name: str) -> list[float]:
    """Values of a lever over its range; factors stop at three, beyond which little is meant."""
    row = names.parameters()[name]
    low, high = float(row["low"]), float(row["high"])
    if row["unit"] == "factor":
        high = min(high, 3.0)
    return [round(low + (high - low) * place / (STEPS - 1), 3) for place in range(STEPS)]


def told(state: str, group: str) -> str:
    """An outcome in words."""
    return words.SWEPT.format(state=state_name(state), group=framework_name(group))
