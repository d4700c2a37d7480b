"""The arrays that one run writes: made once a thread, cleared before every run."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..core import parameter_index, records, utility_terms
from ..core import parameter_index as P
from ..core.jit import month_step, step
from ..core.records import Run, World
from ..months import month_number
from ..rules import capacity, opinion, trends
from ..settings import FIRST_MONTH
from ..steps import legislation, mission_generation
from ..vocabulary import NESTS, SERVICES, STUDIED
from ..world.build import Atlas


@dataclass(frozen=True)
class Trace:
    """Which decisions are written down; blank fields mean all.  Tracing never changes results."""

    states: tuple[str, ...] = STUDIED
    missions: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    runs: tuple[int, ...] = (0,)


NO_TRACE = Trace(states=("",), runs=())
MENU_ROWS = 4  # alternatives kept for a traced decision, on average


def allocate(atlas: Atlas, trace: Trace = NO_TRACE) -> Run:
    """Empty arrays for one run of a world, with the filter of what is traced.

    Raises:
        InputError: the filter names an unknown state, mission or month.
    """
    world = atlas.arrays
    months, states = world.state_months.shape
    missions, kinds = world.missions.size, world.kinds.size
    deciding = int((world.states["deliberates"] <= world.span[2]).sum())
    terms = utility_terms.COUNT + len(world.own_terms)
    units = 4_000 + 400 * deciding
    traced_states = np.zeros(states, dtype=np.int8)
    for code in trace.states:
        if code:
            traced_states[atlas.state_row(code)] = 1
    if not trace.states:
        traced_states[:] = 1
    traced_missions = np.zeros(missions, dtype=np.int8)
    for name in trace.missions:
        traced_missions[atlas.mission_row(name)] = 1
    if not trace.missions:
        traced_missions[:] = 1
    first = month_number(trace.first, "trace") if trace.first else 0
    last = month_number(trace.last, "trace") if trace.last else months
    rows = 0 if trace.runs == () else min(200_000, 4_000 * max(1, int(traced_states.sum())))
    return Run(
        key=np.zeros(3, dtype=np.uint64),
        missions_key=np.zeros(3, dtype=np.uint64),
        parameters=np.zeros((states, parameter_index.COUNT)),
        terms=np.zeros(terms),
        counts=np.zeros(records.COUNTS, dtype=np.int64),
        states=records.records(states, records.RUN_STATE),
        missions=records.records(missions, records.MISSION_RUN),
        taste=np.ones((states, missions)),
        kinds_here=np.zeros((states, missions), dtype=np.int32),
        people_here=np.zeros((states, missions), dtype=np.int32),
        present=np.zeros((missions, kinds), dtype=np.int32),
        last_round=np.zeros((missions, kinds), dtype=np.int32),
        proposal=records.records(1, records.PROPOSAL),
        menu=records.records(records.ALTERNATIVES, records.PROPOSAL),
        menu_terms=np.zeros((records.ALTERNATIVES, terms)),
        loads=np.zeros((states, len(SERVICES))),
        strain=np.zeros((states, len(SERVICES))),
        back=np.zeros((states, missions), dtype=np.int32),
        deployments=records.records(units, records.DEPLOYMENT),
        endings=records.records(units, records.ENDING),
        requests=records.records(2_000, records.REQUEST),
        reached=np.zeros(2_000, dtype=np.int8),
        nest_sums=np.zeros(len(NESTS)),
        nest_weights=np.zeros(len(NESTS)),
        offers=records.records(4_000, records.OFFER),
        pending=records.records(500, records.PENDING),
        amounts=np.zeros((2, 4_000), dtype=np.int64),
        traced_states=traced_states,
        traced_missions=traced_missions,
        traced_months=np.array([first, last], dtype=np.int64),
        decisions=records.records(rows, records.DECISION),
        decision_terms=np.zeros((rows, terms)),
        menus=records.records(MENU_ROWS * rows, records.PROPOSAL),
        menus_terms=np.zeros((MENU_ROWS * rows, terms)),
        stocks=np.zeros((months, max(1, len(atlas.reported)), len(records.STOCKS))),
        provisions=world.provisions.copy() if world.packages.size else world.provisions,
        reforms=records.records(world.packages.size, records.REFORM),
    )


# What a run writes of its world where missions are not the same in every run.
OWN = ("missions", "mission_months", "asked", "asked_by_category", "filled", "distances")


def own_world(world: World) -> World:
    """The world for the runs of one thread: shared, but for what they decide about missions."""
    if world.charter.size == 0:
        return world
    return world._replace(**{name: getattr(world, name).copy() for name in OWN})


RECORD_BEGINS = month_number(FIRST_MONTH)


@step
def add_to_experience(run, state, people):
    """Let a state have had so many people abroad for as long as experience lasts."""
    own = run.states[state]
    own.experience += capacity.experience_kept(
        people, run.parameters[state, parameter_index.EXPERIENCE_DECAY]
    )
    own.record = math.log(1.0 + own.experience)


@month_step
def reset(world, run, key, row):
    """Clear a run's arrays, take its key and spread its row of numbers over the states.

    Stocks start in their steady state.  A key of six words gives its last three to the draws of
    which missions come and who is asked for them, so that runs can share these and nothing else.
    """
    for i in range(3):
        run.key[i] = key[i]
        run.missions_key[i] = key[i + 3] if key.size > 3 else key[i]
    for i in range(records.COUNTS):
        run.counts[i] = 0
    for state in world.actors:  # nobody writes in the rows of others
        for mission in range(world.missions.size):
            run.taste[state, mission] = 1.0
            run.kinds_here[state, mission] = 0
            run.people_here[state, mission] = 0
            run.back[state, mission] = 0
    for mission in range(world.missions.size):
        for kind in range(world.kinds.size):
            run.present[mission, kind] = 0
            run.last_round[mission, kind] = -1000
    for month in range(run.stocks.shape[0]):
        for place in range(run.stocks.shape[1]):
            for stock in range(run.stocks.shape[2]):
                run.stocks[month, place, stock] = 0.0
    for mission in range(world.missions.size):
        cell = run.missions[mission]
        cell.ideal = 0.0
        cell.people = 0
    for state in range(world.states.size):
        for i in range(parameter_index.COUNT):
            run.parameters[state, i] = row[i]
    for i in range(world.deviations.size):
        shift = world.deviations[i]
        run.parameters[shift.state, shift.shared] += row[shift.column]
    for i in range(world.trends.size):
        trend = world.trends[i]
        level = row[trend.trend]
        if level != 0.0:
            for state in range(world.states.size):
                run.parameters[state, trend.moved] = trends.moved(
                    run.parameters[state, trend.moved], level, trend.effect, trend.factor
                )
    for state in range(world.states.size):
        own = run.states[state]
        p = run.parameters[state]
        own.experience = 0.0
        own.record = 0.0
        own.opinion_un = opinion.un_target(
            p[P.OPINION_FLOOR], p[P.OPINION_CEILING], 0.0, p[P.OPINION_SCALE]
        )
        own.opinion_coalition = p[P.COALITION_BASE]
        own.memory = 0.0
        own.attention = 0.0
        own.staff_pool = p[P.STAFF_POOL]
        own.blocked = 0.0
        own.load = 0.0
        own.officers = 0.0
        for service in range(run.loads.shape[1]):
            run.loads[state, service] = 0.0
            run.strain[state, service] = 0.0
        own.people = 0
        own.units_un = 0
        own.suspended = 0
        own.deaths = 0
        own.head = -1
    for i in range(world.initial.size):  # who is there when the record begins had been there before
        unit = world.initial[i]
        if unit.month <= RECORD_BEGINS:
            add_to_experience(run, unit.state, unit.people)
    for state in range(world.states.size):
        add_to_experience(run, state, world.state_months[RECORD_BEGINS, state].recorded_people)
    legislation.start(world, run)
    mission_generation.lay_out(world, run)
