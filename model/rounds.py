"""Requests of a month: those that the record dates, and the rounds of force generation."""

from __future__ import annotations

import math

from . import demand, luck, proposal, shapes
from . import parameters as P
from .answer import need_for
from .compiled import step
from .kinds import GROUP_UN, POLICE
from .law import OPEN_AFTER_LEAD


@step
def request(run, mission, kind, people, state, crisis, ally, interest, reason, ask):
    """Put a request on the month's list."""
    slot = run.count[shapes.REQUESTS]
    if slot >= run.requests.size:
        run.count[shapes.OVERFLOW] += 1
        return
    row = run.requests[slot]
    row.mission = mission
    row.kind = kind
    row.people = people
    row.state = state
    row.crisis = crisis
    row.ally = ally
    row.interest = interest
    row.reason = reason
    row.ask = ask
    run.count[shapes.REQUESTS] = slot + 1


@step
def issue_documented(world, run, month):
    """Requests that the record dates, to the state it names."""
    for i in range(world.asks.size):
        ask = world.asks[i]
        if ask.month == month and month >= world.states[ask.state].deliberates:
            reason = demand.ALLY if ask.ally else demand.DOCUMENTED
            request(
                run,
                ask.mission,
                ask.kind,
                ask.people,
                ask.state,
                ask.crisis,
                ask.ally,
                ask.interest,
                reason,
                i,
            )


@step
def issue_rounds(world, run, month):
    """Rounds of force generation for UN missions, by mission and kind."""
    if month <= 0:
        return
    p = run.parameters[0]
    for mission in range(world.missions.size):
        place = world.missions[mission]
        if place.group != GROUP_UN or not (place.start <= month < place.end):
            continue
        for kind in range(world.kinds.size):
            asked = world.asked[month, mission, kind]
            if asked <= 0:
                continue
            rose = asked > world.asked[month - 1, mission, kind]
            waited = month - run.last_round[mission, kind]
            if not rose and waited < p[P.ROUND_INTERVAL]:
                continue
            minimum = max(1, world.kinds[kind].minimum)
            need = need_for(world, run, month, mission, kind)
            if demand.round_is_due(need, minimum, asked, p[P.ROUND_SLACK], rose):
                run.last_round[mission, kind] = month
                reason = demand.VACANCY
                if month == place.start:
                    reason = demand.NEW_MANDATE
                elif rose:
                    reason = demand.REINFORCEMENT
                request(run, mission, kind, need, -1, 0, 0, 0.0, reason, -1)


@step
def is_approached(world, run, month, state, mission, kind):
    """Whether a round of force generation reaches this state."""
    p = run.parameters[state]
    here = world.states[state]
    place = world.missions[mission]
    row = world.kinds[kind]
    if kind == POLICE:
        base = p[P.APPROACH_POLICE]
    elif row.formed:
        base = p[P.APPROACH_UNIT]
    else:
        base = p[P.APPROACH_OFFICER]
    shut = 0.0
    if here.first_provision != here.last_provision:
        # The law as known to the asker, who has learnt of a change some months late.
        known = max(0, month - int(p[P.ADAPTATION_MONTHS]))
        answer = world.known_gate[known, here.regime, kind, place.framework]
        shut = 1.0 if answer > OPEN_AFTER_LEAD else 0.0
    home = world.state_months[max(month - 1, 0), state]
    chance = demand.approach_chance(
        base,
        home.capability,
        p[P.APPROACH_CAPABILITY],
        math.log(1.0 + run.states[state].experience),
        p[P.APPROACH_RECORD],
        1.0 if here.region == place.region else 0.0,
        p[P.APPROACH_REGION],
        1.0 if run.people_here[state, mission] > 0 else 0.0,
        p[P.APPROACH_PRESENCE],
        shut,
        p[P.ANTICIPATION],
    )
    run.count[shapes.EXPONENTIALS] += 1
    return proposal.uniform(run, luck.APPROACH, kind, month, here.identity, place.identity) < chance
