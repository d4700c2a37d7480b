"""Open calls: what they ask for, and how many states they reach."""

from __future__ import annotations

import numpy as np
import pytest

from model.core import parameter_index as P
from model.core import records, rng
from model.core.jit import entry
from model.engine import month_steps
from model.engine.run_arrays import NO_TRACE, allocate
from model.months import month_number
from model.rules import force_generation
from model.settings import Settings
from model.steps import request_rounds
from model.vocabulary import COUNTED, KINDS, UNITS
from model.world.build import build

INFANTRY, ENGINEER, STAFF, OBSERVER = (
    KINDS.index(kind) for kind in ("infantry", "engineer", "staff", "observer")
)
TROOPS = [KINDS.index(kind) for kind in UNITS if kind in COUNTED]  # as reports count them
HANDOVER = month_number("2010-07")  # the first month of MONUSCO
ASKED = 4000


@entry
def issue(world, run, when, mission, asked, new):
    request_rounds.issue_round(world, run, when, mission, INFANTRY, asked, 0.0, 100, new, new)


@entry
def issue_for(world, run, when, mission, kind, asked):
    request_rounds.issue_round(world, run, when, mission, kind, asked, 0.0, 1, False, False)


@entry
def reached(world, run, when, mission, kind, people, reason):
    request_rounds.request(run, mission, kind, people, -1, 0, 0.0, reason, -1, when)
    found = 0
    for state in range(world.states.size):
        request_rounds.approach(world, run, when, state)
        found += run.reached[0]
    return found


@pytest.fixture(scope="module")
def atlas():
    return build(Settings(end="2011-12", deliberating=("all",), point=True))


@pytest.fixture
def run(atlas):
    """A run in which nothing has happened yet."""
    scratch = allocate(atlas, NO_TRACE)
    month_steps.reset(atlas.arrays, scratch, rng.key(1, 0), np.ascontiguousarray(atlas.parameters))
    return scratch


def asked_for(atlas, run, mission: str, new: bool = False, when: int = HANDOVER) -> int:
    """What a round puts to the capitals, 0 without one."""
    run.counts[records.REQUESTS] = 0
    row = atlas.mission_row(mission)
    issue(atlas.arrays, run, when, row, ASKED, new)
    return int(run.requests[0].people) if run.counts[records.REQUESTS] else 0


def pool(atlas, mission: str) -> float:
    """Troops in units whom a mission should reach."""
    own = atlas.arrays.asked[HANDOVER, atlas.mission_row(mission)][TROOPS].sum()
    return float(own) * (1.0 - atlas.parameters[P.ROUND_SLACK])


def open_of(atlas, mission: str, asked: int, here: float) -> int:
    """The share of what should be reached that is open of all units, of a number asked for."""
    reached = asked * (1.0 - atlas.parameters[P.ROUND_SLACK])
    return int(np.floor(reached * max(0.0, 1.0 - here / pool(atlas, mission)) + 0.5))


def test_a_round_asks_for_what_is_open_below_the_share_that_missions_reach(atlas, run):
    reached = open_of(atlas, "UNIFIL", ASKED, 0.0)
    assert reached < ASKED
    assert asked_for(atlas, run, "UNIFIL") == reached
    assert asked_for(atlas, run, "UNIFIL") == 0  # the next round is months away
    run.last_round[:] = -1000
    half = int(pool(atlas, "UNIFIL") / 2)
    run.present[atlas.mission_row("UNIFIL"), INFANTRY] = half
    assert asked_for(atlas, run, "UNIFIL") == pytest.approx(reached / 2, abs=1)
    run.last_round[:] = -1000
    run.present[atlas.mission_row("UNIFIL"), INFANTRY] = int(pool(atlas, "UNIFIL")) - 99
    assert asked_for(atlas, run, "UNIFIL") == 0  # less than a company


def test_of_a_kind_of_unit_no_larger_share_is_open_than_of_all(atlas, run):
    """Reports count all units of a contributor as infantry."""
    place, wanted = atlas.mission_row("UNIFIL"), 400
    assert engineers_asked(atlas, run, wanted) == open_of(atlas, "UNIFIL", wanted, 0.0)
    here = int(0.7 * pool(atlas, "UNIFIL"))
    run.present[place, INFANTRY] = here
    assert engineers_asked(atlas, run, wanted) == open_of(atlas, "UNIFIL", wanted, here)
    run.present[place, ENGINEER] = wanted
    assert engineers_asked(atlas, run, wanted) == 0


def engineers_asked(atlas, run, wanted: int) -> int:
    """People whom a round for engineers in Lebanon asks for, 0 without one."""
    run.last_round[:] = -1000
    run.counts[records.REQUESTS] = 0
    issue_for(atlas.arrays, run, HANDOVER, atlas.mission_row("UNIFIL"), ENGINEER, wanted)
    if not run.counts[records.REQUESTS]:
        return 0
    assert 0.0 < run.requests[0].share < 1.0
    return int(run.requests[0].people)


def test_a_successor_does_not_ask_for_the_people_who_change_hats(atlas, run):
    assert asked_for(atlas, run, "MONUSCO", new=True) == open_of(atlas, "MONUSCO", ASKED, 0.0)
    run.present[atlas.mission_row("MONUC"), INFANTRY] = 3000
    less = open_of(atlas, "MONUSCO", ASKED, 3000)
    assert asked_for(atlas, run, "MONUSCO", new=True) == less
    run.present[atlas.mission_row("UNMIS"), INFANTRY] = 500  # another mission's stay there
    assert asked_for(atlas, run, "MONUSCO", new=True) == less


@pytest.mark.slow
def test_who_changes_hats_is_counted_while_still_in_the_old_mission(atlas):
    """In a whole run the first round of a successor leaves out who comes over."""
    row = atlas.mission_row("MONUSCO")
    first = np.ascontiguousarray(atlas.parameters)
    scratch = allocate(atlas, NO_TRACE)
    month_steps.reset(atlas.arrays, scratch, rng.key(1, 0), first)
    for when in range(atlas.arrays.span[0], HANDOVER):
        month_steps.begin(atlas.arrays, scratch, when)
        for state in atlas.arrays.actors:
            month_steps.deliberate(atlas.arrays, scratch, when, state)
        month_steps.settle(atlas.arrays, scratch, when)
        for state in atlas.arrays.actors:
            month_steps.live(atlas.arrays, scratch, when, state, state + 1)
    there = int(scratch.present[atlas.mission_row("MONUC"), TROOPS].sum())
    assert there > 1000
    month_steps.begin(atlas.arrays, scratch, HANDOVER)
    put = scratch.requests[: scratch.counts[records.REQUESTS]]
    put = put[(put["mission"] == row) & (put["kind"] == INFANTRY) & (put["state"] < 0)]
    asked = int(atlas.arrays.asked[HANDOVER, row, INFANTRY])
    assert put["people"].sum() == open_of(atlas, "MONUSCO", asked, there)


def reach(atlas, run, kind: int, people: int, reason: int, when: int) -> int:
    """How many of the states a round reaches."""
    run.counts[records.REQUESTS] = 0
    mission = atlas.mission_row("UNIFIL")
    return int(reached(atlas.arrays, run, when, mission, kind, people, reason))


def test_a_mission_that_is_built_up_asks_more_states_the_more_it_needs(atlas, run):
    run.parameters[:, P.APPROACH_UNIT] = -3.0
    run.parameters[:, P.APPROACH_NEED] = 0.0  # of officers and police alone
    run.parameters[:, P.APPROACH_NEED_UNIT] = 1.0
    old = HANDOVER
    few = reach(atlas, run, INFANTRY, 400, force_generation.REINFORCEMENT, old)
    many = reach(atlas, run, INFANTRY, 8000, force_generation.REINFORCEMENT, old)
    assert many > few + 20
    # A vacancy of an old mission is filled by asking some, however large it is.
    assert reach(atlas, run, INFANTRY, 8000, force_generation.VACANCY, old) == few
    run.parameters[:, P.APPROACH_NEED_UNIT] = 0.0
    assert reach(atlas, run, INFANTRY, 8000, force_generation.REINFORCEMENT, old) == few


def test_a_mission_in_need_of_observers_asks_more_states_by_a_slope_of_their_own(atlas, run):
    run.parameters[:, P.APPROACH_OFFICER] = -3.0
    run.parameters[:, P.APPROACH_NEED_UNIT] = 0.0
    run.parameters[:, P.APPROACH_NEED] = 1.0
    few = reach(atlas, run, OBSERVER, 1, force_generation.REINFORCEMENT, HANDOVER)
    assert reach(atlas, run, OBSERVER, 200, force_generation.REINFORCEMENT, HANDOVER) > few + 20


def test_staff_officers_and_observers_are_asked_apart(atlas, run):
    run.parameters[:, P.APPROACH_OFFICER] = 3.0
    run.parameters[:, P.APPROACH_STAFF] = -20.0
    assert reach(atlas, run, STAFF, 5, force_generation.VACANCY, HANDOVER) == 0
    assert reach(atlas, run, OBSERVER, 5, force_generation.VACANCY, HANDOVER) > 50


def test_a_need_is_reckoned_in_usual_contingents():
    assert force_generation.contingents(400, 400.0) == 0.0
    assert force_generation.contingents(10, 400.0) == 0.0
    assert force_generation.contingents(800, 400.0) == pytest.approx(np.log(2.0))
