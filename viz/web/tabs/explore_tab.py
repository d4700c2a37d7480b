"""Explore: personnel, simulated and observed, who was where, and one run month by month."""

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

import pandas as pd
import solara

from model.errors import InputError
from model.vocabulary import KINDS
from scenarios.running import model_adapter
from scenarios.studies.three_criteria import three_criteria

from ...charts.fans.fan import fans_drawing, kinds_drawing
from ...charts.fans.stock_fans import stocks_drawing
from ...charts.timeline import timeline_drawing
from ...language.spoken import say
from ...reports import criteria_table
from ...text import wording
from ...text.labels import state_name
from ..components.chart_component import Figure, csv_file, redrawn, xlsx_file
from ..components.controls import Choice
from ..components.shared_parts import (
    Drawn,
    Note,
    Numbers,
    Progress,
    Skeleton,
    heading,
    html,
    table_of,
    table_place,
)
from ..visit.computation import Ensemble, compute, first_answer, judge, remembered, world
from ..visit.fair_queue import FIRST, LATER, Place
from ..visit.jobs import Job, use_background
from ..visit.url_state import View
from .run_player import Traced

Change = Callable[..., None]
PRESENT = 0.3  # as in the figures of the command line
MOST_STATES = 6
STOCKS = {
    "resources": ("trained_staff", "slots_used"),
    "dialogue": ("training_support", "agreements"),
}
MOST_COMPARED = 2  # states of the table of criteria, which has two columns for each
WIDTH = 880  # pixels of a figure, as wide as its place at 1280: letters keep their size
HEADROOM = 1.15  # of an axis over a first answer's bands, so that those of all runs fit


@solara.component
def Explore(view: View, change: Change) -> None:
    """The first tab."""
    scenario = view.resolved()
    key = (scenario.model_dump_json(), view.runs, view.seed)
    unmoved = replace(view, values=()).resolved()
    whole = solara.use_ref(None)

    def work(place: Place) -> Ensemble:
        first_answer(unmoved, view.runs, view.seed)  # the axes are chosen by it
        return compute(scenario, view.runs, view.seed, place=place, show=place.show)

    job, stop = use_background(
        work, key, rank=FIRST, ready=lambda: remembered(scenario, view.runs, view.seed)
    )
    Progress(job, stop)
    Questions(view, change)
    if job.value is None:
        if not job.fault:
            Skeleton()
        return
    if not job.first:
        whole.current = job.value
    People(job.value, view, change, job)
    Traced(scenario, job.value, view, change)
    if whole.current is not None:
        Missions(whole.current, view, change, renewed=whole.current is not job.value)
    Criteria(view)


@solara.component
def Questions(view: View, change: Change) -> None:
    """Questions to begin with, which the next tab answers."""
    deciding = view.resolved().deliberating
    with solara.Div(classes=["pk-examples", "pk-first"]):
        solara.HTML(tag="span", unsafe_innerHTML=wording.ASK_WHY_OF)
        for state, mission, answer, question in wording.EXAMPLES[:2]:
            if deciding == "all" or state in deciding:
                solara.Button(
                    question,
                    text=True,
                    classes=["pk-button"],
                    on_click=lambda s=state, m=mission, a=answer: change(
                        tab="why", state=s, mission=m, answer=a
                    ),
                )


@solara.component
def People(ensemble: Ensemble, view: View, change: Change, job: Job) -> None:
    """The fan of the chosen framework: the states above each other, or one state by kind."""
    with solara.Div(classes=["pk-choices"]):
        if view.shown not in STOCKS:  # which are of no framework
            Choice(
                label=wording.PEOPLE_IN,
                options=[{"key": key, "name": name} for key, name in wording.FRAMEWORKS.items()],
                chosen=view.framework,
                event_picked=lambda key: change(framework=key),
            )
        panels = [{"key": "all", "name": wording.SHOWN["all"]}] + [
            {"key": code, "name": f"{state_name(code)}: {wording.SHOWN['kinds'].lower()}"}
            for code in ensemble.states[:MOST_STATES]
        ]
        panels += [{"key": key, "name": wording.SHOWN[key]} for key in STOCKS]
        Choice(
            label=wording.PANELS,
            options=panels,
            chosen=view.state if view.shown == "kinds" else view.shown,
            event_picked=lambda key: (
                change(shown=key) if key in wording.SHOWN else change(shown="kinds", state=key)
            ),
        )

    def draw() -> Figure | None:
        unmoved = replace(view, values=()).resolved()
        scale = first_answer(unmoved, view.runs, view.seed)
        return people_figure(ensemble, view.framework, view.shown, view.state, scale)

    fan = solara.use_memo(draw, [id(ensemble), view.framework, view.shown, view.state])
    if fan is None:
        Note(wording.EMPTY_UN)
    else:
        Note(
            wording.FIRST_ANSWER.format(first=ensemble.runs, runs=view.runs)
            if job.first
            else wording.FAN_HELP
        )
        Drawn(
            fan,
            people_file(view),
            lambda at: _pick_month(at, change),
            first=job.first,
        )


def people_file(view: View) -> str:
    """What the files of the figure are called, by what it shows, without ending."""
    if view.shown in STOCKS:
        return view.shown
    return f"personnel-{view.framework}" + (f"-{view.state}" if view.shown == "kinds" else "")


def people_figure(
    ensemble: Ensemble, framework: str, shown: str, state: str, scale: Ensemble | None = None
) -> Figure | None:
    """The fan, or None where no personnel are sent.

    The axes have room for what ``scale`` and the first runs of the ensemble show, so that they stay
    as they are when a lever is moved, and when the other runs have come.
    """
    options: dict[str, Any] = {"scenario": ensemble.scenario.name, "months": ensemble.frame}
    fans, kinds = {**options, "width": WIDTH - 210}, {**options, "width": WIDTH - 10}

    def top(states: tuple[str, ...], kind: str = "all") -> float:
        return HEADROOM * max(
            one.most(states, framework, kind) for one in (scale or ensemble, ensemble)
        )

    states = ensemble.states[:MOST_STATES]
    if shown in STOCKS:
        bands = ensemble.stock_bands(states, STOCKS[shown])
        tops = {
            stock: HEADROOM * max(one.tops[stock] for one in (scale or ensemble, ensemble))
            for stock in STOCKS[shown]
        }
        return redrawn(
            stocks_drawing(
                bands,
                states,
                STOCKS[shown],
                title=wording.STOCK_TITLES[shown],
                tops=tops,
                width=WIDTH - 10,
            )
        )
    if shown == "all":
        bands = ensemble.bands(states, framework, ("all",))
        if bands.empty:
            return None
        return redrawn(
            fans_drawing(bands, ensemble.record, states, framework, top=top(states), **fans)
        )
    own = state if state in ensemble.states else ensemble.states[0]
    bands = ensemble.bands((own,), framework, KINDS)
    tops = {kind: top((own,), kind) for kind in KINDS}
    try:
        return redrawn(kinds_drawing(bands, ensemble.record, own, framework, tops=tops, **kinds))
    except InputError:
        return None


@solara.component
def Missions(ensemble: Ensemble, view: View, change: Change, *, renewed: bool = False) -> None:
    """Who was where, recorded and simulated."""

    # in the background: the fan above need not wait for it, nor those of others
    job, _ = use_background(lambda place: missions_figure(ensemble), id(ensemble), rank=LATER)
    if job.value is not None:
        Drawn(
            job.value,
            "missions",
            lambda at: _pick_mission(at, change),
            renewed=renewed or job.key != id(ensemble),
        )
    elif job.status == "done":
        Note(wording.TIMELINE_EMPTY)


@solara.component
def Criteria(view: View) -> None:
    """The three criteria of the comparative study over the period on the left, once asked for."""
    scenario = view.resolved()
    asked = solara.use_reactive(False)
    frame, states = scenario.period, model_adapter.reported_states(scenario)[:MOST_COMPARED]

    def work(place: Place) -> pd.DataFrame:
        judge(scenario, view.runs)
        return three_criteria(
            scenario,
            frame.start,
            frame.end,
            states=states,
            runs=view.runs,
            seed=view.seed,
            world=world,
            progress=place.report,
        )

    key = (scenario.model_dump_json(), view.runs, view.seed, asked.value)
    job, stop = use_background(work if asked.value else None, key, rank=LATER)
    with solara.Div(classes=["pk-card"]):
        heading(2, wording.CRITERIA.format(start=frame.start, end=frame.end))
        Note(wording.CRITERIA_HELP)
        if not asked.value:
            solara.Button(
                wording.CRITERIA_SHOW, classes=["pk-button"], on_click=lambda: asked.set(True)
            )
            return
        if job.value is None or job.key != key:
            Progress(job, stop)
            return
        place = table_place(wording.CRITERIA.format(start=frame.start, end=frame.end), "pk-num")
        solara.HTML(tag="div", unsafe_innerHTML=criteria(job.value), **place)
        lines = "".join(f"<li>{escape(line)}</li>" for line in criteria_table.details(job.value))
        html(
            f'<p class="pk-small">{escape(say(criteria_table.NOTE))}</p><details class="pk-words">'
            f"<summary>{escape(wording.CRITERIA_DETAILS)}</summary><ul>{lines}</ul></details>"
        )
        with solara.Div(classes=["pk-downloads"]):
            Numbers(lambda: csv_file(job.value), lambda: xlsx_file(job.value), "criteria")


def criteria(table: pd.DataFrame) -> str:
    """The three criteria as one table, each under its name."""
    heads, rows = criteria_table.heads(table), []
    before = ""
    for criterion, cells in criteria_table.rows(table):
        if criterion != before:
            rows.append([f"<b>{escape(criterion[:1].upper() + criterion[1:])}</b>"])
            rows[-1] += [""] * (len(heads) - 1)
            before = criterion
        rows.append([escape(cell) for cell in cells])
    return table_of(heads, rows)


def missions_figure(ensemble: Ensemble) -> Figure | None:
    """The timeline, or None where no mission is to be shown."""
    assert ensemble.presence is not None
    try:
        return redrawn(
            timeline_drawing(
                ensemble.presence,
                ensemble.record,
                ensemble.states[:MOST_STATES],
                runs=ensemble.runs,
                months=ensemble.frame,
                scenario=ensemble.scenario.name,
                at_least=PRESENT,
                width=WIDTH - 240,
            )
        )
    except InputError:
        return None


def _pick_month(at: Any, change: Change) -> None:
    month = at.get("month")
    if isinstance(month, str) and len(month) == 7:
        change(month=month)


def _pick_mission(at: Any, change: Change) -> None:
    if isinstance(at.get("mission"), str) and isinstance(at.get("state"), str):
        change(tab="why", state=at["state"], mission=at["mission"], answer="")
