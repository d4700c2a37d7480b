"""How the requests of a scenario are answered, in sentences: also where nothing else differs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from model.vocabulary import OUTCOMES
from model.world.documented_requests import request_names
from scenarios.definition import lookup
from scenarios.explanation import decisions
from scenarios.file_format.commitment_events import Incident, Ties
from scenarios.file_format.scenario_events import Request, Shock

from ..language.spoken import Words, say
from ..text.labels import STOPS, mission_name, people_of, state_name
from ..text.number_text import percent

if TYPE_CHECKING:
    from scenarios.file_format.schema import Scenario

MOST = 3  # requests of one brief
ANSWERS = Words(
    {
        "accepted": "sent what was asked",
        "smaller": "sent a smaller unit",
        "cheaper": "sent a few officers instead",
        "substitute": "money, equipment or instructors instead",
        "deferred": "put it off",
        "refused": "refused",
    }
)


def answered(
    scenario: Scenario,
    runs: int,
    seed: int,
    deciding: tuple[str, ...],
    told: Collection[tuple[str, str]] = (),
) -> Iterator[str]:
    """A sentence for each of the first requests of a scenario to a state that decides in it, save
    those to a state and mission of which is ``told`` already; then for each of the first missions
    that an event concerns where such a state never has to decide."""
    requests = [event for event in scenario.events if isinstance(event, Request)]
    names = request_names([(one.state, one.mission, one.month) for one in requests])
    put = [
        (name, event)
        for name, event in zip(names, requests, strict=True)
        if event.state in deciding and (event.state, event.mission) not in told
    ]
    for name, event in put[:MOST]:
        found = decisions.find(scenario, event.state, event.mission, runs=runs, seed=seed)
        yield _sentence(found, name, event)
    concerned = dict.fromkeys(
        (state, event.mission)
        for event in scenario.events
        if isinstance(event, Incident | Shock | Ties) and event.mission in lookup.missions()
        for state in deciding
        if getattr(event, "state", None) in (None, "", "all", state)
    )
    for state, mission in list(concerned)[:MOST]:
        found = decisions.find(scenario, state, mission, runs=runs, seed=seed)
        if found.everything.empty:
            yield say(
                "{state} is neither in {mission} nor asked for it in any of the {runs} runs: what "
                "the scenario says of it changes nothing there.",
                state=state_name(state),
                mission=mission_name(mission),
                runs=found.runs,
            )


def _sentence(found: decisions.Answers, name: str, event: Any) -> str:
    told = {
        "state": state_name(event.state),
        "what": people_of(event.personnel, event.kind),
        "mission": mission_name(event.mission),
        "month": event.month,
    }
    table = found.everything
    own = (
        table[(table["request"] == name) & (table["reason"] != "renewal")] if len(table) else table
    )
    if own.empty:
        return say(
            "{state} was to be asked for {what} for {mission} in {month}; in none of the {runs} "
            "runs did an answer fall due.",
            runs=found.runs,
            **told,
        )
    first = own.groupby("run").head(1)
    return say(
        "{state}, asked for {what} for {mission} in {month}, first answers over {runs} runs: "
        "{shares}. What decided: {steps}.",
        runs=len(first),
        shares=_shares(first["outcome"], {name: ANSWERS[name] for name in OUTCOMES}),
        steps=_shares(first["stopped_by"], {"nothing": say("nothing stopped it"), **_stops()}),
        **told,
    )


def _stops() -> dict[str, str]:
    return {name: STOPS[name] for name in ("law", "capacity", "choice", "vote", "too_small")}


def _shares(values: Any, names: dict[str, str]) -> str:
    """What there is with its share of the runs, the commonest first."""
    shares = values.value_counts(normalize=True)
    return say(", ").join(f"{names[str(name)]} {percent(share)}" for name, share in shares.items())
