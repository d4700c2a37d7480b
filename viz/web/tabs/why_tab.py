"""Why: a state and a mission, what became of each request over the runs, and one answer in full."""

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any

import solara

from model import csv_rows
from model.vocabulary import OUTCOMES, STUDIED
from scenarios.definition import lookup
from scenarios.definition.lookup import NOBODY_ASKED
from scenarios.explanation.decisions import REQUEST_COLUMNS, Answers, find
from scenarios.file_format.scenario_events import OpenMission, Request
from scenarios.file_format.schema import Scenario

from ...language.languages import ENGLISH
from ...language.names import name_of
from ...language.spoken import current, say
from ...text import wording
from ...text.labels import documented, kind_name, mission_name, note_of, people_of, state_name
from ...text.number_text import percent
from ...text.outcome_shares import SELDOM, share_of
from ..components.controls import Outcomes, Question
from ..components.shared_parts import Note, Progress, Skeleton, heading
from ..decision.card import AnswerCard, Menu, Waterfall, Where
from ..decision.selection import chosen
from ..visit.computation import judge, world
from ..visit.fair_queue import Place
from ..visit.jobs import use_background
from ..visit.url_state import View

Change = Callable[..., None]
RUNS = 200  # over which outcomes are counted, at most
FIRST = ("JPN", "UNMIS", "REQ-JPN-044:cheaper")  # what is shown before anything is asked
UNTITLED = {  # missions whose name in the tables is their abbreviation
    "LBB": "UN Logistics Base in Brindisi",
    "UNTMIS": "UN Transitional Assistance Mission in Somalia",
}
LADDER = {  # outcome -> words, colour, ink on it
    "accepted": ("sent what was asked", "#0b4f80", "#ffffff"),
    "smaller": ("sent a smaller unit", "#4f8fc0", "#000000"),
    "cheaper": ("sent a few officers instead", "#9cc5e3", "#000000"),
    "substitute": ("money, equipment or instructors instead", "#e6c27a", "#000000"),
    "deferred": ("put it off", "#c9cfd5", "#000000"),
    "refused": ("refused", "#a3420f", "#ffffff"),
}


@solara.component
def Why(view: View, change: Change) -> None:
    """The second tab."""
    scenario = view.resolved()
    deciding = STUDIED if scenario.deliberating == "all" else tuple(scenario.deliberating)
    state, mission, answer = asked(view, scenario, deciding)
    runs = min(view.runs, RUNS)

    def work(place: Place) -> Answers:
        judge(scenario, runs)
        return find(
            scenario, state, mission, runs=runs, seed=view.seed, world=world, progress=place.report
        )

    key = (scenario.model_dump_json(), state, mission, runs, view.seed)
    job, stop = use_background(work, key)

    def changed(what: Mapping[str, str]) -> None:
        if "state" in what:
            change(state=what["state"], mission=first_mission(str(what["state"])), answer="")
        else:
            change(state=state, mission=what.get("mission", ""), answer="")

    def example(place: str) -> None:
        for number, (code, label, wanted, _) in enumerate(wording.EXAMPLES):
            if str(number) == place:
                change(state=code, mission=label, answer=wanted)

    with solara.Div(classes=["pk-card", "pk-flat", "pk-asked"]):
        Question(
            w=wording.WHY,
            examples=[
                {"key": str(number), "name": one[3]}
                for number, one in enumerate(wording.EXAMPLES)
                if one[0] in deciding
            ],
            states=[{"key": code, "name": state_name(code)} for code in deciding],
            state=state,
            missions=mission_groups(state, scenario),
            mission=mission,
            event_changed=changed,
            event_example=example,
        )
    Progress(job, stop)
    if job.value is None or job.key != key:
        if not job.fault:
            Skeleton()
        return
    AnswerInFull(job.value, answer, change)


def asked(view: View, scenario: Scenario, deciding: tuple[str, ...]) -> tuple[str, str, str]:
    """State, mission and answer that are asked about; without a mission the first request that the
    scenario puts, else the first example."""
    if view.mission:
        state = view.state if view.state in deciding else deciding[0]
        return state, view.mission, view.answer
    for event in scenario.events:
        if isinstance(event, Request) and event.state in deciding:
            return event.state, event.mission, ""
    if FIRST[0] in deciding:
        return FIRST
    return deciding[0], first_mission(deciding[0]), ""


def first_mission(state: str) -> str:
    """The first mission that a state is documented to have been asked about."""
    known = [row["mission"] for row in requests() if row["state"] == state]
    return known[0] if known else lookup.missions()[0]


def requests() -> list[dict[str, str]]:
    """Every documented request."""
    return csv_rows.read(lookup.DATA / "requests.csv", REQUEST_COLUMNS)


def mission_groups(state: str, scenario: Scenario | None = None) -> list[dict[str, Any]]:
    """Missions to choose from: those with requests first, of the scenario and documented, with the
    years; then all others, of the scenario and of the tables."""
    years: dict[str, list[str]] = {}
    events = scenario.events if scenario is not None else ()
    for event in events:
        if isinstance(event, Request) and event.state == state:
            years.setdefault(event.mission, []).append(event.month[:4])
    for row in requests():
        if row["state"] == state:
            years.setdefault(row["mission"], []).append(row["month"][:4])
    known = [{"key": key, "name": titled(key, when)} for key, when in years.items()]
    opened = [event.mission for event in events if isinstance(event, OpenMission)]
    others = [
        {"key": key, "name": titled(key)}
        for key in dict.fromkeys((*opened, *lookup.missions()))
        if key not in years
    ]
    return [{"name": wording.ASKED, "rows": known}, {"name": wording.NOT_ASKED, "rows": others}]


def titled(mission: str, when: Collection[str] = ()) -> str:
    """A mission with the years of its requests and its full name, which tells where it is."""
    asked_in = wording.ASKED_IN.format(years=", ".join(dict.fromkeys(when))) if when else ""
    title = titles().get(mission, mission).replace("United Nations", "UN")
    title = say(UNTITLED[mission]) if mission in UNTITLED else title
    title = name_of("mission", mission, title)
    return f"{mission}{asked_in}" + (f": {title}" if title != mission else "")


@lru_cache(maxsize=1)
def titles() -> dict[str, str]:
    """The full name of every mission."""
    return {
        row["mission"]: row["name"]
        for file in ("missions.csv", "missions_other.csv")
        for row in csv_rows.read(lookup.DATA / file, ("mission", "name"))
    }


@solara.component
def AnswerInFull(found: Answers, answer: str, change: Change) -> None:
    """One answer in full, how often each was given over the runs, and the terms of the choice."""
    shares = solara.use_memo(lambda: outcome_rows(found), [id(found)])
    run, number = chosen(found, answer)
    told = solara.use_memo(lambda: found.in_run(run), [id(found), run])

    def pick(what: Mapping[str, str]) -> None:
        wanted = f"{what.get('request')}:{what.get('outcome')}"
        change(state=found.state, mission=found.mission, answer=wanted)

    if number is None:
        if shares:
            Note(wording.NOT_IN_RUN.format(run=run))
    else:
        AnswerCard(
            told,
            number,
            lambda n: change(state=found.state, mission=found.mission, answer=f"{run}:{n}"),
        )
    with solara.Div(classes=["pk-card"]):
        heading(
            2,
            wording.OUTCOMES.format(
                state=state_name(found.state), mission=mission_name(found.mission), runs=found.runs
            ),
        )
        if shares:
            Note(f"{share_of(found)} {wording.OUTCOMES_HELP}")
            key = answer.partition(":")[0]
            Outcomes(
                w=wording.WHY,
                legend=[
                    {"key": key, "name": say(word), "colour": colour}
                    for key, (word, colour, _) in LADDER.items()
                ],
                rows=shares,
                chosen=key,
                event_picked=pick,
            )
        else:
            Note(
                wording.NEVER_ASKED.format(
                    state=state_name(found.state), mission=mission_name(found.mission)
                )
            )
    if number is not None:
        Menu(told, number)
        Where(told, number)
        Waterfall(told, number)


def outcome_rows(found: Answers) -> list[dict[str, Any]]:
    """What became of each request over the runs, as the web app shows it."""
    table = found.outcomes
    first = table[table["answer"] == "first"]
    shown = []
    for row in first.to_dict("records"):
        if not row["request"] and row["reached"] < SELDOM:
            continue
        request = found.requests.get(row["request"])
        what = kind_name(row["kind"])
        if request and request["personnel"]:
            what = people_of(int(request["personnel"]), row["kind"])
        title = (wording.ASKED_FOR if request else wording.ROUND_FOR).format(
            month=request["month"] if request else row["month"], what=what
        )
        shares = [
            {
                "key": outcome,
                "percent": 100 * row[outcome],
                "label": percent(row[outcome]),
                "colour": LADDER[outcome][1],
                "ink": LADDER[outcome][2],
                "tip": wording.SHARE_TIP.format(
                    percent=100 * row[outcome], what=say(LADDER[outcome][0])
                ),
            }
            for outcome in OUTCOMES
            if row[outcome] > 0
        ]
        told = request is not None and request["documented_answer"] != NOBODY_ASKED
        apart = told and current() != ENGLISH  # the note, which is in English alone
        shown.append(
            {
                "key": row["request"] or row["kind"],
                "title": title,
                "reached": ""
                if row["reached"] > 0.995
                else wording.REACHED.format(percent=100 * row["reached"]),
                "shares": shares,
                "documented": documented(request) if request is not None and told else "",
                "note": note_of(request) if request is not None and apart else "",
            }
        )
    return shown
