"""Signs of the utility: each of its terms moved alone, by the one input that should move it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.core import parameter_index as P
from model.core import rng, utility_terms
from model.core.jit import entry
from model.core.records import Run, World
from model.engine.month_steps import reset
from model.engine.run_arrays import NO_TRACE, allocate
from model.months import month_number
from model.settings import Settings
from model.steps.observation import NO_SITE, found_at
from model.steps.proposal import note_congestion
from model.steps.renewal import weigh_staying
from model.steps.utility import weigh_terms
from model.vocabulary import KINDS, SERVICE_GROUND, STUDIED
from model.world.build import Atlas, build

from .attempt import SEED, Attempt

PLACES = {  # what is weighed: mission and month, by whether it is a coalition
    False: ("UNMISS", "2012-01"),
    True: ("MNF-I", "2004-06"),
}
IN_PLACE = 48  # months, at a renewal: the work was done before the last one
DONE = 27  # months after which it has come to be done since the last one
LONG = 20.0  # years for which being there counts, for a state that does not stop counting


@entry
def weighed(world: World, run: Run, month: int, state: int, since: int, renewal: bool) -> float:
    """Utility of the proposal that stands in ``run.proposal``; a renewal's from ``since`` on."""
    draft, unit = run.proposal[0], run.deployments[0]
    if not renewal:
        draft.finding = found_at(world, run, month, state, draft.mission, draft.site)
        note_congestion(world, run, month, state)
        return weigh_terms(world, run, month, state)
    unit.mission = draft.mission
    unit.kind = draft.kind
    unit.people = draft.people
    unit.site = draft.site
    unit.since = since
    return weigh_staying(world, run, month, state, unit)


class Desk:
    """One state weighing one proposal, with every input open to change."""

    def __init__(self, atlas: Atlas, state: str, mission: str, kind: str, month: str) -> None:
        self.atlas, self.kind = atlas, KINDS.index(kind)
        self.state, self.mission = atlas.state_row(state), atlas.mission_row(mission)
        self.month = month_number(month)
        self.since = self.month - IN_PLACE

    def weigh(
        self, change: Callable[[Desk, World, Run], None] | None = None, renewal: bool = False
    ) -> tuple[float, np.ndarray]:
        """Utility and terms, after a change of the inputs."""
        world = self.atlas.arrays
        own = (
            "state_months",
            "mission_months",
            "states",
            "paths",
            "distances",
            "missions",
            "ties",
        )
        world = world._replace(**{name: getattr(world, name).copy() for name in own})
        run = allocate(self.atlas, NO_TRACE)
        reset(world, run, rng.key(SEED, 0), self.atlas.parameters)
        draft = run.proposal[0]
        draft.mission, draft.kind, draft.people = self.mission, self.kind, 100
        draft.framework = world.missions[self.mission].framework
        draft.site = draft.asked_site = NO_SITE
        draft.asked_people, draft.ease = 100, 1.0
        self.home(world).threat = 0.5
        self.there(world).fighting, self.there(world).ceasefire = 0.3, 0.5
        self.there(world).interest = 0.3
        months = world.mission_months[: self.month + 1, self.mission]
        months[:] = months[self.month - 1]  # nothing has changed
        run.parameters[self.state, P.TASK_YEARS] = LONG
        self.since = self.month - IN_PLACE
        if change is not None:
            change(self, world, run)
        utility = weighed(world, run, self.month, self.state, self.since, renewal)
        return utility, run.terms.copy()

    def home(self, world: World) -> Any:
        """The state as it is read."""
        return world.state_months[self.month - 1, self.state]

    def there(self, world: World) -> Any:
        """The mission as it is read."""
        return world.mission_months[self.month - 1, self.mission]

    def mandate(self, world: World) -> Any:
        """The mandate of the month, which an extension knows."""
        return world.mission_months[self.month, self.mission]


@dataclass(frozen=True)
class Push:
    """A change of one input, the terms that it may move and the direction it should have."""

    term: str
    words: str
    change: Callable[[Desk, World, Run], None]
    up: bool
    also: tuple[str, ...] = ()
    renewal: bool = False
    coalition: bool = False


def _set(where: str, name: str, value: float, add: bool = False) -> Callable[..., None]:
    """A change of one field of the state, the mission, the run's state or the proposal."""

    def change(desk: Desk, world: World, run: Run) -> None:
        cell = {
            "home": desk.home(world),
            "there": desk.there(world),
            "own": run.states[desk.state],
            "draft": run.proposal[0],
        }[where]
        setattr(cell, name, getattr(cell, name) + value if add else value)

    return change


def _parameter(number: int, by: float) -> Callable[..., None]:
    def change(desk: Desk, world: World, run: Run) -> None:
        run.parameters[desk.state, number] += by

    return change


def _farther(desk: Desk, world: World, run: Run) -> None:
    world.distances[desk.state, desk.mission] += 1.0


def _inland(desk: Desk, world: World, run: Run) -> None:
    world.missions[desk.mission].inland += 1.0


def _own_region(desk: Desk, world: World, run: Run) -> None:
    world.states[desk.state].region = world.missions[desk.mission].region


def _like_minded(desk: Desk, world: World, run: Run) -> None:
    there = desk.there(world)
    there.recorded = max(there.recorded, 1.0)
    there.recorded_ideal = desk.home(world).ideal * there.recorded


def _filled(desk: Desk, world: World, run: Run) -> None:
    run.present[desk.mission, desk.kind] = 100_000


def _present(desk: Desk, world: World, run: Run) -> None:
    run.people_here[desk.state, desk.mission] = 50


def _tied(desk: Desk, world: World, run: Run) -> None:
    world.ties[desk.state, desk.mission] = 1.0


def _just_done(desk: Desk, world: World, run: Run) -> None:
    desk.since = desk.month - DONE


def _busier(desk: Desk, world: World, run: Run) -> None:
    run.loads[desk.state, SERVICE_GROUND] += 1.0


def _more_there(desk: Desk, world: World, run: Run) -> None:
    run.proposal[0].people = run.proposal[0].asked_people = 400


def _longer_there(desk: Desk, world: World, run: Run) -> None:
    desk.since -= 24


def _partner_gone(desk: Desk, world: World, run: Run) -> None:
    world.mission_months[desk.since, desk.mission].interest = 1.0
    desk.there(world).interest = desk.mandate(world).interest = 0.0


def _cut(desk: Desk, world: World, run: Run) -> None:
    mandate = desk.mandate(world)
    mandate.asked = 0.5 * mandate.asked_peak


PUSHES = (
    Push("intercept", "the state's general willingness to send units, +1",
         _parameter(P.UNIT_INTERCEPT, 1.0), True),
    Push("ask", "the state is asked by name", _set("draft", "ask", 1.0), True),
    Push("alliance", "the ally wants the mission more", _set("there", "interest", 1.0), True),
    Push("alliance", "the ally wants the coalition more", _set("there", "interest", 1.0), True,
         coalition=True),
    Push("alliance", "threat at home, for a coalition", _set("home", "threat", 1.0, add=True), True,
         coalition=True),
    Push("distance", "a thousand kilometres farther", _farther, False),
    Push("access", "a thousand kilometres farther from a seaport", _inland, False),
    Push("region", "the mission lies in the state's own region", _own_region, True),
    Push("affinity", "those already there vote as the state does", _like_minded, True),
    Push("status", "a dated status goal", _set("home", "status", 1.0), True),
    Push("need", "others fill what is asked for", _filled, False),
    Push("opinion", "public support, +0.2", _set("own", "opinion_un", 0.2, add=True), True),
    Push("opinion", "public support for coalitions, +0.2",
         _set("own", "opinion_coalition", 0.2, add=True), True, coalition=True),
    Push("attention", "a hostage crisis that is still followed",
         _set("own", "attention", 1.0, add=True), False),
    Push("risk", "fighting near the force, +0.3", _set("there", "fighting", 0.6), False, ("gap",)),
    Push("risk", "memory of own deaths, +1", _set("own", "memory", 1.0, add=True), False),
    Push("robustness", "force level of the mandate, +1",
         _set("there", "force_level", 1.0, add=True), False),
    Push("gap", "the ceasefire fails", _set("there", "ceasefire", 0.0), False),
    Push("consent", "the host's consent is strained", _set("there", "consent", 0.5), False),
    Push("threat", "threat at home, +0.5", _set("home", "threat", 1.0), False),
    Push("cabinet", "a stronger cabinet, +0.3", _set("home", "strength", 0.3, add=True), True),
    Push("congestion", "one more unit abroad", _busier, False),
    Push("place", "another place than the one asked for", _set("draft", "asked_site", 0), False),
    Push("size", "half of the people asked for", _set("draft", "asked_people", 200), False),
    Push("other_side", "stakes with the side that it is directed against", _tied, False),
    Push("norms", "a norm against dispatch", _set("draft", "norms", -1.0), False),
    Push("experience", "more deployments of its own behind it",
         _set("own", "record", 1.0, add=True), True),
    Push("capability", "more active forces", _set("home", "capability", 1.0, add=True), True),
    Push("wealth", "more income per head", _set("home", "wealth", 1.0, add=True), False),
    Push("presence", "own people are in the mission already", _present, True),
    Push("foothold", "four times the people there", _more_there, True, renewal=True),
    Push("task_done", "two more years there", _longer_there, False, renewal=True),
    Push("partner_left", "the pivotal partner has left", _partner_gone, False,
         ("alliance", "occasion"), renewal=True),
    Push("drawdown", "the mission is cut by half", _cut, False, ("task_done", "occasion"),
         renewal=True),
    Push("occasion", "the work has come to be done", _just_done, False, ("task_done",),
         renewal=True),
    Push("compensation", "something larger was just refused",
         _set("draft", "compensation", 1.0), True),
)  # fmt: skip


def signs() -> Iterator[Attempt]:
    """Each term of the utility: what moves it moves nothing else, and the way research says."""
    atlas = build(Settings(point=True, afterwards="recorded"))
    for state in STUDIED:
        desks = {
            coalition: Desk(atlas, state, mission, "engineer", month)
            for coalition, (mission, month) in PLACES.items()
        }
        for push in PUSHES:
            desk = desks[push.coalition]
            before, old = desk.weigh(renewal=push.renewal)
            after, new = desk.weigh(push.change, push.renewal)
            moved = {utility_terms.NAMES[i] for i in np.flatnonzero(old != new)}
            silent = ""
            if push.term == "gap" and atlas.arrays.states[desk.state].ceasefire_until == 0:
                silent = "no ceasefire stands in its law: nothing moves"
            if push.term == "foothold":
                silent = "its presences are extended by default: nothing moves"
            if silent:
                yield Attempt(
                    "signs",
                    f"{state}: {push.words}",
                    silent,
                    ", ".join(sorted(moved)) or "nothing moves",
                    not moved,
                )
                continue
            others = sorted(moved - {push.term, *push.also})
            rise = after - before
            yield Attempt(
                "signs",
                f"{state}: {push.words}",
                f"{push.term} {'raises' if push.up else 'lowers'} the utility, no other term moves",
                f"utility {rise:+.3f}" + (f"; moved too: {', '.join(others)}" if others else ""),
                push.term in moved and not others and (rise > 0) == push.up and rise != 0,
            )
