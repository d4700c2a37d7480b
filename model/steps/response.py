"""How a state answers one request: the proposal itself, then the fallback ladder.

A refusal offers the cheaper thing before nothing: a smaller unit, then officers, who need no vote,
then substitutes.  So Sudan 2008 became two officers.
"""

from __future__ import annotations

import math

from ..core import parameter_index as P
from ..core import records, rng
from ..core.decision_trace import NOT_TRACED, write_down
from ..core.jit import rule, shared_step, step
from ..rules import alliance, capacity, force_generation
from ..rules.choice import probability
from ..vocabulary import (
    ANTI_PIRACY,
    COALITION,
    COALITION_UN_MANDATED,
    GROUP_COALITION,
    NAVAL,
    OBSERVER,
    OUTCOMES,
    OWN_MISSION,
    POLICE,
    STAFF,
    SUBSTITUTES,
    UN_PKO,
    UN_SPM,
)
from . import legislation, pending_requests
from .observation import seen
from .proposal import (
    BY_CAPACITY,
    BY_LAW,
    BY_NEED,
    BY_VOTE,
    NOTHING,
    attempt,
    authorise,
    check_capacity,
    consult_law,
    draw_up,
)

ACCEPTED, SMALLER, CHEAPER, SUBSTITUTE, DEFERRED, REFUSED = range(len(OUTCOMES))
NO_SUBSTITUTE, MONEY, EQUIPMENT, INSTRUCTORS, OWN_OPERATION = range(len(SUBSTITUTES))


@rule
def recorded_of_kind(asked, asked_in_category, filled):
    """Recorded people of a kind: the share of its reporting category's that is asked for in it.

    Args:
        asked, asked_in_category: strength asked for of this kind, and of its category.
        filled: recorded people of the category.
    """
    return int(filled * asked / asked_in_category) if asked_in_category > 0 else 0


@rule
def need_for(asked, lever, recorded, present):
    """People of a kind still wanted, after recorded and promised ones.

    Args:
        asked: strength asked for of this kind.  lever: what a scenario multiplies it by.
        recorded: recorded people of this kind.
        present: people of deliberating states, present or promised.
    """
    wanted = int(math.floor(asked * lever + 0.5))
    return max(0, wanted - present - recorded)


@step
def open_need(world, run, month, mission, kind):
    """People of a kind still wanted in a mission."""
    lever = run.parameters[0, P.UN_DEMAND]
    if world.missions[mission].group == GROUP_COALITION:
        lever = run.parameters[0, P.COALITION_DEMAND]
    recorded = recorded_people(world, month, mission, kind)
    asked = world.asked[month, mission, kind]
    return need_for(asked, lever, recorded, run.present[mission, kind])


@step
def recorded_people(world, month, mission, kind):
    """Recorded people of a kind in a mission, as they stood at the end of the month before."""
    category = world.kinds[kind].category
    return recorded_of_kind(
        world.asked[month, mission, kind],
        world.asked_by_category[month, mission, category],
        world.filled[max(month - 1, 0), mission, category],
    )


@step
def own_size(world, run, month, state, mission, kind, asked, need):
    """People this state would offer of a kind: what it is asked for, else its own usual size."""
    p = run.parameters[state]
    row = world.kinds[kind]
    if asked > 0:
        return force_generation.offer_size(
            asked, need, typical=row.typical, minimum=row.minimum, formed=row.formed, factor=1.0
        )
    home = world.state_months[max(month - 1, 0), state]
    root = world.missions[mission].root
    draw = rng.for_mission(world, run, rng.SIZE, kind=kind, month=0, state=state, mission=root)
    level = p[P.SIZE_OFFICER]
    if row.formed:  # large forces and poor states send more at once
        level = p[P.SIZE_CAPABILITY] * home.capability - p[P.SIZE_WEALTH] * home.wealth
    elif kind == POLICE:
        level = p[P.SIZE_POLICE]
    factor = force_generation.size_factor(level, p[P.SIZE_SPREAD], rng.logistic_quantile(draw))
    if not row.formed:
        factor *= capacity.factors(world, month, state, kind).pool
    return force_generation.offer_size(
        asked=0,
        need=need,
        typical=row.typical,
        minimum=row.minimum,
        formed=row.formed,
        factor=factor,
    )


@rule
def takes_officers(framework):
    """Whether individual officers are a rung of the ladder in this framework."""
    return framework in (UN_PKO, UN_SPM, COALITION, COALITION_UN_MANDATED)


@step
def draw_up_answer(world, run, row, kind, people, ask, compensation=0.0, since=0):
    """Begin a proposal that answers a request of the month."""
    draw_up(
        run,
        mission=row.mission,
        kind=kind,
        framework=world.missions[row.mission].framework,
        people=people,
        ask=ask,
        interest=row.interest,
        compensation=compensation,
        crisis=row.crisis,
        since=since,
    )


@shared_step
def respond(world, run, month, state, number):
    """Answer one of the month's requests once; returns what stopped the thing first asked for."""
    row = run.requests[number]
    place = world.missions[row.mission]
    by_name = row.state >= 0
    asked = row.people if by_name else 0
    size = own_size(
        world, run, month, state, mission=row.mission, kind=row.kind, asked=asked, need=row.people
    )
    ask = 1.0 if by_name else 0.0
    draw_up_answer(world, run, row, kind=row.kind, people=size, ask=ask, since=row.since)
    stopped = BY_NEED
    if size > 0:
        stopped = attempt(world, run, month, state)
    trace = write_down(run, month, state, row.reason, row.ask)
    answer = run.proposal[0].gate
    if by_name:
        legislation.press(
            world,
            run,
            state,
            kind=row.kind,
            framework=place.framework,
            interest=row.interest,
            refused=stopped == BY_LAW,
        )
    outcome = ACCEPTED
    if stopped == BY_NEED:
        outcome = REFUSED
    elif stopped != NOTHING:
        outcome = descend(world, run, month, state, number, stopped)
        if by_name and row.ask >= 0 and world.kinds[row.kind].formed:
            put_off = pending_requests.keep(
                world, run, month, state, ask=row.ask, stopped=stopped, answer=answer
            )
            if put_off and outcome == REFUSED:
                outcome = DEFERRED
        if stopped == BY_LAW or stopped == BY_CAPACITY:
            run.states[state].blocked += 1.0
    instead = NO_SUBSTITUTE
    if outcome == SUBSTITUTE:
        instead = run.proposal[0].substitute
    sends = outcome <= CHEAPER or instead == OWN_OPERATION
    if sends:
        promise(world, run, number, state, row.ask)
    if trace != NOT_TRACED:
        decision = run.decisions[trace]
        decision.outcome = outcome
        decision.substitute = instead
        if sends:
            draft = run.proposal[0]
            decision.offered_kind = draft.kind
            decision.offered = draft.people
            decision.lead = draft.lead
    return stopped


@shared_step
def descend(world, run, month, state, number, stopped):
    """Go down the ladder after a refusal; the rung reached stands in ``run.proposal``."""
    row = run.requests[number]
    place = world.missions[row.mission]
    kind = world.kinds[row.kind]
    by_name = row.state >= 0
    ask = 1.0 if by_name else 0.0
    people = run.proposal[0].people
    # A smaller unit, where size was the obstacle.
    if kind.formed and (stopped == BY_CAPACITY or stopped == BY_VOTE):
        if people // 2 >= kind.minimum:
            half = people // 2
            draw_up_answer(world, run, row, kind=row.kind, people=half, ask=ask, since=row.since)
            if attempt(world, run, month, state) == NOTHING:
                return SMALLER
    # Officers, who need no vote.
    if kind.formed and takes_officers(place.framework):
        officer = officer_kind(world, month, row.mission)
        few = own_size(world, run, month, state, row.mission, officer, asked=0, need=FEW)
        if (run.kinds_here[state, row.mission] >> officer) & 1 == 0:
            draw_up_answer(world, run, row, officer, people=few, ask=0.0, compensation=ask)
            if attempt(world, run, month, state) == NOTHING:
                return CHEAPER
    # Something else than people, or an operation of one's own.
    if by_name and substitute(world, run, month, state, number, people) != NO_SUBSTITUTE:
        return SUBSTITUTE
    return REFUSED


FEW = 20  # officers at most: tokens are few; the UN finds room for them as staff or observers


@step
def officer_kind(world, month, mission):
    """The individual kind that a mission asks for most: observers or staff officers."""
    now = seen(world, month, mission)
    if world.asked[now, mission, OBSERVER] > world.asked[now, mission, STAFF]:
        return OBSERVER
    return STAFF


@shared_step
def substitute(world, run, month, state, number, people):
    """What a state offers instead of people: an operation of its own, money, equipment or
    instructors, or nothing; an operation of its own is drawn up as a proposal that law, capacity
    and authoriser must let pass, while this draw stands for the choice."""
    row = run.requests[number]
    p = run.parameters[state]
    before = max(month - 1, 0)
    home = world.state_months[before, state]
    now = world.mission_months[seen(world, month, row.mission), row.mission]
    salience = now.interest * (0.5 + row.interest)
    salience = salience * p[P.ALLIANCE_PRESSURE] * world.paths[before].alliance
    request = alliance.alliance_request(home.embeddedness, home.dependence, salience)
    chance = probability(p[P.SUBSTITUTE_BASE] + p[P.SUBSTITUTE_PRESSURE] * request)
    mission = world.missions[row.mission]
    draw = rng.for_mission(
        world, run, rng.SUBSTITUTE, kind=row.kind, month=month, state=state, mission=row.mission
    )
    draft = run.proposal[0]
    draft.substitute = NO_SUBSTITUTE
    if draw >= chance:
        return NO_SUBSTITUTE
    # An operation of its own: where ships of its own pass, not in support of other forces.
    own_waters = mission.framework == ANTI_PIRACY or (
        row.ask >= 0 and world.asks[row.ask].instead >= 0
    )
    if row.kind == NAVAL and own_waters:
        theatre = row.mission
        if row.ask >= 0 and world.asks[row.ask].instead >= 0:
            theatre = world.asks[row.ask].instead
        draw_up(
            run,
            mission=theatre,
            kind=NAVAL,
            framework=OWN_MISSION,
            people=people,
            ask=0.0,
            crisis=1,
        )
        legal = consult_law(world, run, month, state)
        able = check_capacity(world, run, month, state)
        if legal and able and authorise(world, run, month, state):
            draft.lead = int(max(draft.lead_min, p[P.CRISIS_HIGH]))
            draft.substitute = OWN_OPERATION
            return OWN_OPERATION
    place = draw / chance
    if place < 0.5:
        draft.substitute = MONEY
    elif place < 0.75:
        draft.substitute = EQUIPMENT
    else:
        draft.substitute = INSTRUCTORS
    return draft.substitute


@shared_step
def promise(world, run, number, state, ask):
    """Put the proposal on the table; it is settled when all states have answered.

    What a state has promised this month already takes up its own slots.
    """
    slot = run.counts[records.OFFERS]
    if slot >= run.offers.size:
        run.counts[records.OVERFLOW] += 1
        return
    draft = run.proposal[0]
    offer = run.offers[slot]
    offer.request = number
    offer.state = state
    offer.mission = draft.mission
    offer.kind = draft.kind
    offer.framework = draft.framework
    offer.people = draft.people
    offer.lead = draft.lead
    offer.crisis = draft.crisis
    offer.ask = ask
    offer.since = run.requests[number].since
    if world.kinds[draft.kind].formed:
        p = run.parameters[state]
        size = capacity.slot_load(draft.people, p[P.LOAD_SMALL], p[P.LOAD_LARGE])
        run.states[state].load += size * world.kinds[draft.kind].load
    run.counts[records.OFFERS] = slot + 1
