"""Sweep: two levers on a grid with common random numbers, on request; or a stored sweep."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import solara

from model.vocabulary import GROUPS
from scenarios.definition import lookup
from scenarios.file_format.schema import Scenario
from scenarios.running import model_adapter

from ...charts.heatmap import heatmap
from ...charts.style.layout import SOURCE
from ...charts.tornado import tornado
from ...text import wording
from ...text.labels import framework_name, scenario_name, state_name
from ..components.chart_component import figure
from ..components.controls import Folder, Select
from ..components.shared_parts import Drawn, Note, Progress, Skeleton, spaced
from ..visit.computation import judge, most_runs, world
from ..visit.fair_queue import LATER, WHOLE, Place
from ..visit.jobs import use_background
from ..visit.url_state import View
from .stored_sweep_tab import StoredSweep, nearby

Change = Callable[..., None]
STEPS = 5  # values of each lever
RUNS = 20  # of each cell, at most
EXAMPLE_RUNS = 10
WIDTH = 880  # pixels of the grid, as wide as its place at 1280
GRIDS_KEPT = 16  # of all visitors; one is a few kilobytes
MEASURES = ("mean", "peak", "last")

_grids: OrderedDict[str, pd.DataFrame] = OrderedDict()
_lock = threading.Lock()


@solara.component
def Sweep(view: View, change: Change) -> None:
    """The tab."""
    with solara.Div(classes=["pk-card", "pk-flat", "pk-asked"]):
        Note(wording.FOLDER_HELP)
        Folder(
            w=wording.FOLDER,
            chosen=view.folder,
            known=solara.use_memo(nearby, [view.folder]),
            event_picked=lambda text: change(folder=str(text).strip()),
        )
    if view.folder:
        StoredSweep(view.folder).key(view.folder)
    else:
        Live(view, change)


@dataclass(frozen=True)
class Asked:
    """A grid that was asked for: each press of the button is another."""

    scenario: Scenario
    across: str
    down: str
    runs: int
    seed: int
    presses: int = 0

    def like(self, other: Asked) -> bool:
        """Whether both are the same grid."""
        return replace(self, presses=0) == replace(other, presses=0)


@solara.component
def Live(view: View, change: Change) -> None:
    """Two levers of the present settings, computed when it is asked for."""
    scenario = view.resolved()
    levers = [
        name
        for name, row in lookup.parameters().items()
        if row["role"] == "lever" and row["low"] and row["low"] != row["high"]
    ]
    across = view.across if view.across in levers else levers[0]
    down = (
        view.down
        if view.down in levers and view.down != across
        else next(name for name in levers if name != across)
    )
    listed = outcomes(model_adapter.reported_states(scenario))
    outcome = view.outcome if view.outcome in listed else next(iter(listed))
    present = Asked(scenario, across, down, runs_of_a_cell(scenario, view.runs), view.seed)
    last = solara.use_reactive(solara.use_memo(example, []))  # until something is asked for
    asked: Asked = last.value

    def work(place: Place) -> tuple[Asked, pd.DataFrame]:
        judge(asked.scenario, STEPS**2 * asked.runs)
        return asked, computed(asked, place.report)

    job, stop = use_background(work, asked.presses, rank=WHOLE if asked.presses else LATER)
    found: Asked | None = job.value and job.value[0]
    shown = bool(asked.presses) and job.key == asked.presses
    answered = shown and found is not None and found.like(present)
    options = [{"key": name, "name": spaced(name)} for name in levers]
    with solara.Div(classes=["pk-card", "pk-flat", "pk-asked"]):
        with solara.Div(classes=["pk-ask"]):
            Select(
                label=wording.ACROSS,
                options=options,
                chosen=across,
                name="across",
                event_picked=lambda name: change(across=name),
            )
            Select(
                label=wording.DOWN,
                options=options,
                chosen=down,
                name="down",
                event_picked=lambda name: change(down=name),
            )
            Select(
                label=wording.OUTCOME_OF,
                options=[{"key": one, "name": name} for one, name in listed.items()],
                chosen=outcome,
                name="outcome",
                event_picked=lambda name: change(outcome=name),
            )
        Note(
            wording.SWEEP_HELP.format(
                steps=STEPS,
                across=spaced(across),
                down=spaced(down),
                runs=present.runs,
                cells=STEPS**2,
                all=STEPS**2 * present.runs,
            )
        )
        if not answered and not (job.busy and asked.presses and asked.like(present)):
            solara.Button(
                wording.SWEEP_START.format(runs=STEPS**2 * present.runs),
                text=True,
                classes=["pk-button", "pk-go"],
                on_click=lambda: last.set(replace(present, presses=asked.presses + 1)),
            )
    Progress(job, stop, stopped=wording.SWEEP_STOPPED)
    if found is None:
        if job.busy:
            Skeleton()
        return
    if not asked.presses:
        Note(wording.SWEEP_EXAMPLE.format(runs=found.runs))
    elif not answered:
        Note(wording.SWEPT_BEFORE)
    table: pd.DataFrame = job.value[1]
    if not asked.presses and not (table["outcome"] == outcome).any():
        outcome = str(table["outcome"].iloc[0])
    if (table["outcome"] == outcome).any():
        Heat(table, outcome, found.scenario, found.runs, found.seed)
    else:
        Note(wording.NOT_SWEPT)


def example() -> Asked:
    """The grid that is drawn before anything is asked for, the same for every visitor."""
    first = View()
    return Asked(first.resolved(), first.across, first.down, EXAMPLE_RUNS, first.seed)


def computed(asked: Asked, report: Callable[[int, int], None]) -> pd.DataFrame:
    """The grid that is asked for; one that anybody has had computed is not computed again."""
    key = (
        f"{asked.scenario.model_dump_json()} {asked.across} {asked.down} {asked.runs} {asked.seed}"
    )
    with _lock:
        found = _grids.get(key)
    if found is None:
        found = grid(asked.scenario, asked.across, asked.down, asked.runs, asked.seed, report)
        with _lock:
            _grids[key] = found
            while len(_grids) > GRIDS_KEPT:
                _grids.popitem(last=False)
    return found


def runs_of_a_cell(scenario: Scenario, runs: int) -> int:
    """Runs of each cell: no more than are asked for, and than the whole grid has room for."""
    return min(runs, RUNS, max(1, most_runs(scenario) // STEPS**2))


def outcomes(states: tuple[str, ...]) -> dict[str, str]:
    """What a cell may show: by state, group of frameworks and measure, in words."""
    return {
        f"{state}.{group}.{measure}": wording.SWEPT[measure].format(
            state=state_name(state), group=framework_name(group)
        )
        for state in states
        for group in GROUPS
        for measure in MEASURES
    }


@solara.component
def Heat(table: pd.DataFrame, outcome: str, scenario: Scenario, runs: int, seed: int) -> None:
    """The chosen outcome over the grid, and what each lever does to it alone."""
    own = table[table["outcome"] == outcome]
    across, down = str(own["across"].iloc[0]), str(own["down"].iloc[0])
    what = outcomes((outcome.partition(".")[0],))[outcome]
    period = scenario.period
    note = wording.SWEEP_SUBTITLE.format(
        scenario=scenario_name(scenario.name),
        runs=runs,
        seed=seed,
        start=period.start,
        end=period.end,
    )

    def cells() -> Any:
        return figure(
            lambda: heatmap(
                own,
                x=(spaced(across), list(dict.fromkeys(own["x"]))),
                y=(spaced(down), list(dict.fromkeys(own["y"]))),
                facets=[("", "")],
                rows=[(outcome, what, ",.0f")],
                title=wording.SWEEP_TITLE.format(
                    what=what, across=spaced(across), down=spaced(down)
                ),
                subtitle=[note],
                source=SOURCE,
                across=WIDTH,
            )
        )

    def bars() -> Any:
        return figure(
            lambda: tornado(
                ends(own),
                float(own["value"].mean()),
                outcome=what,
                unit=wording.PEOPLE,
                titles={across: spaced(across), down: spaced(down)},
                note=f"{wording.ENDS_NOTE} {note}",
                source=SOURCE,
            )
        )

    Drawn(solara.use_memo(cells, [id(table), outcome]), f"sweep-{outcome}")
    Drawn(solara.use_memo(bars, [id(table), outcome]), f"sensitivity-{outcome}")


def ends(own: pd.DataFrame) -> pd.DataFrame:
    """Mean of one outcome at the low and the high end of each lever, over the other's values."""
    rows = []
    for axis, factor in (("x", own["across"].iloc[0]), ("y", own["down"].iloc[0])):
        means = own.groupby(own[axis].astype(float))["value"].agg(["mean", "size"])
        for end, value in (("low", means.index.min()), ("high", means.index.max())):
            rows.append(
                {
                    "factor": factor,
                    "end": end,
                    "label": f"{value:g}",
                    "mean": float(means.loc[value, "mean"]),
                    "configurations": int(means.loc[value, "size"]),
                }
            )
    return pd.DataFrame(rows)


def grid(
    scenario: Scenario,
    across: str,
    down: str,
    runs: int,
    seed: int,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> pd.DataFrame:
    """People of a month, mean over the runs, for each pair of values and each outcome.

    Columns across, down (names), x, y (values as text), facet, outcome, value, configurations.
    """
    rows = []
    pairs = [(x, y) for y in steps(down) for x in steps(across)]
    for number, (x, y) in enumerate(pairs):
        atlas = world(scenario.changed(levers=scenario.levers | {across: x, down: y}))
        people = np.concatenate(
            [chunk.personnel() for chunk in model_adapter.chunks(atlas, range(runs), seed)]
        ).sum(axis=4)
        found = {
            "mean": people.mean(axis=(0, 1)),
            "peak": people.max(axis=1).mean(axis=0),
            "last": people[:, -1].mean(axis=0),
        }
        rows += [
            {
                "across": across,
                "down": down,
                "x": f"{x:g}",
                "y": f"{y:g}",
                "facet": "",
                "outcome": f"{state}.{group}.{measure}",
                "value": float(found[measure][place, column]),
                "configurations": 1,
            }
            for place, state in enumerate(atlas.reported)
            for column, group in enumerate(GROUPS)
            for measure in MEASURES
        ]
        report((number + 1) * runs, len(pairs) * runs)
    return pd.DataFrame(rows)


def steps(name: str) -> list[float]:
    """Values of a lever over its range; factors stop at three, beyond which little is meant."""
    row = lookup.parameters()[name]
    low, high = float(row["low"]), float(row["high"])
    if row["unit"] == "factor":
        high = min(high, 3.0)
    return [round(low + (high - low) * place / (STEPS - 1), 3) for place in range(STEPS)]
