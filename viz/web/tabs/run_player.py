"""One run month by month: where its people are, and what was answered; play, step and jump."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pandas as pd
import solara

from model import csv_rows
from model.errors import InputError
from scenarios.definition import lookup
from scenarios.file_format.schema import Scenario

from ...charts.maps.world_map import map_drawing
from ...language.spoken import say
from ...text import wording
from ...text.labels import mission_name, people_of, state_name
from ..components.chart_component import Figure, redrawn
from ..components.controls import AnswerList, Player
from ..components.shared_parts import Drawn, Note
from ..visit.computation import Ensemble
from ..visit.fair_queue import LATER, WHOLE, Place
from ..visit.followed import Followed, follow
from ..visit.jobs import use_background
from ..visit.url_state import View

Change = Callable[..., None]
MOST_STATES = 6
WIDTH = 880  # pixels of the map
FIRST_SHOWN = "2008-09"  # before a month is chosen, if it lies in the period


@solara.component
def Traced(scenario: Scenario, ensemble: Ensemble, view: View, change: Change) -> None:
    """Map, player and answers of the run that is followed."""
    months = list(ensemble.months)
    month = (
        view.month
        if view.month in months
        else (FIRST_SHOWN if FIRST_SHOWN in months else months[len(months) // 2])
    )
    settings = (scenario.model_dump_json(), view.seed, view.traced)
    before = solara.use_ref(settings)
    moved = before.current != settings  # below the fan, but not from month to month
    before.current = settings

    def work(place: Place) -> tuple[Followed, Figure | None]:
        followed = follow(scenario, view.seed, view.traced)
        place.step()
        return followed, map_figure(followed, month)

    job, _ = use_background(work, (settings, month), rank=LATER if moved else WHOLE)
    of, drawn = job.key if isinstance(job.key, tuple) else (None, "")
    followed: Followed | None = job.value and job.value[0]
    with solara.Div(classes=["pk-card"]):
        solara.HTML(tag="h2", unsafe_innerHTML=wording.TRACED)
        Note(wording.TRACED_HELP.format(runs=view.runs, run=view.traced, seed=view.seed))
        Player(
            w=wording.PLAYER,
            months=months,
            chosen=month,
            drawn=drawn,
            runs=view.runs,
            run=view.traced,
            event_picked=lambda picked: change(month=picked),
            event_traced=lambda run: change(traced=run),
        )
        if followed is not None:
            Answered(followed, month, change)
    if job.value is not None and job.value[1] is not None:
        Drawn(job.value[1], f"map-{month}", renewed=of != settings)
    elif job.status == "done":
        Note(wording.NOBODY_THERE.format(month=month))


@solara.component
def Answered(followed: Followed, month: str, change: Change) -> None:
    """What was answered in the month, to press for the reasons."""
    table = followed.decisions
    own = table[table["month"] == month] if len(table) else table
    shown = [
        {
            "number": number,
            "month": state_name(row["state"]),
            "what": say(
                "{mission}, {what}",
                mission=mission_name(row["mission"]),
                what=people_of(int(row["asked"]), row["kind"]),
            ),
            "verdict": verdict(row),
            "good": row["stopped_by"] == "nothing",
        }
        for number, row in enumerate(own.to_dict("records"))
    ]
    if not shown:
        Note(wording.NO_ANSWER)
        return

    def pick(number: int) -> None:
        if not 0 <= number < len(own):
            return
        row = own.iloc[number]
        place = table[(table["state"] == row["state"]) & (table["mission"] == row["mission"])]
        at = list(place.index).index(own.index[number])
        change(
            tab="why",
            state=str(row["state"]),
            mission=str(row["mission"]),
            answer=f"{followed.run}:{at}",
        )

    AnswerList(
        label=wording.ANSWERS_OF.format(run=followed.run),
        rows=shown,
        chosen=-1,
        event_picked=pick,
    )


def verdict(row: Any) -> str:
    if row["reason"] == "renewal":
        return str(wording.STAYS if row["outcome"] == "accepted" else wording.LEAVES)
    return wording.OUTCOME[row["outcome"]]


def map_figure(followed: Followed, month: str) -> Figure | None:
    """The map of a month of the run, or None where no personnel are abroad.

    The largest disc stands for the same number of people in every month of the run.
    """
    missions, capitals = places()
    shown = followed.states[:MOST_STATES]
    own = followed.missions
    placed = own[own["mission"].isin(missions["mission"]) & own["state"].isin(shown)]
    parts = placed[placed["kind"] != "all"]
    most = parts.groupby(["month", "mission"], observed=True)["value"].sum().max()
    try:
        return redrawn(
            map_drawing(
                placed,
                missions,
                capitals,
                month,
                shown,
                most=float(most),
                scenario=followed.name,
                runs=1,
                width=WIDTH,
            )
        )
    except InputError:
        return None


@lru_cache(maxsize=1)
def places() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Where the missions are, and the capitals of states."""
    columns = ("mission", "latitude", "longitude")
    found = [
        row
        for file in ("missions.csv", "missions_other.csv")
        for row in csv_rows.read(lookup.DATA / file, columns)
        if row["latitude"] and row["longitude"]
    ]
    missions = pd.DataFrame(found).drop_duplicates("mission")
    states = pd.DataFrame(csv_rows.read(lookup.DATA / "states.csv", ("iso3",)))
    for column in ("latitude", "longitude"):
        missions[column] = pd.to_numeric(missions[column], errors="coerce")
    for column in ("capital_lat", "capital_lon"):
        states[column] = pd.to_numeric(states[column], errors="coerce")
    return missions, states
