"""How a state answers one request: one choice from a menu, and what follows from it.

The menu is ``menu``'s; what is on it is laid out here.  Where nobody is sent, money, equipment or
instructors may be.
"""

from __future__ import annotations

import math

from ..core import parameter_index as P
from ..core import records, rng, utility_terms
from ..core.decision_trace import NOT_TRACED, is_traced, write_down
from ..core.jit import rule, shared_step, step
from ..rules import alliance, capacity, force_generation, law, request_grade
from ..rules.choice import probability
from ..vocabulary import (
    ANTI_PIRACY,
    BILATERAL_TRAINING,
    CATEGORY_TROOPS,
    COALITION,
    COALITION_UN_MANDATED,
    GRADE_OWN_STUDY,
    GROUP_COALITION,
    INSTRUCTOR,
    NAVAL,
    OBSERVER,
    OFFICERS_INSTEAD,
    OUTCOMES,
    OWN_INSTEAD,
    OWN_MISSION,
    POLICE,
    STAFF,
    SUBSTITUTES,
    UN_PKO,
    UN_SPM,
)
from . import legal_gate, legislation, menu, pending_requests
from .observation import asked_of_kind, seen
from .proposal import (
    BY_CAPACITY,
    BY_CHOICE,
    BY_LAW,
    NOTHING,
    TOO_SMALL,
    draw_up,
    lead_time,
    taste,
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
    asked = asked_of_kind(world, run, month, mission, kind)
    return need_for(asked, lever, recorded, run.present[mission, kind])


@step
def is_alike(world, kind, other):
    """Whether reports on contributors do not tell a kind from another: units of troops."""
    one, beside = world.kinds[kind], world.kinds[other]
    troops = one.category == CATEGORY_TROOPS and beside.category == CATEGORY_TROOPS
    return other == kind or (troops and one.formed == 1 and beside.formed == 1)


@step
def strength_alike(world, run, month, mission, kind):
    """People whom a mission asks for and has of a kind and of those ``is_alike``."""
    asked = present = 0
    for other in range(world.kinds.size):
        if is_alike(world, kind, other):
            asked += asked_of_kind(world, run, month, mission, other)
            present += run.present[mission, other] + recorded_people(world, month, mission, other)
    lever = run.parameters[0, P.UN_DEMAND]
    return int(math.floor(asked * lever + 0.5)), present


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
    if row.formed:  # large forces and poor states send more at once, and where a mission lacks many
        wanted, present = strength_alike(world, run, month, mission, kind)
        level = p[P.SIZE_UNIT] + p[P.SIZE_ROOM] * force_generation.share_open(wanted, present)
        level += p[P.SIZE_CAPABILITY] * home.capability - p[P.SIZE_WEALTH] * home.wealth
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
    """Whether individual officers are wanted in this framework."""
    return framework in (UN_PKO, UN_SPM, COALITION, COALITION_UN_MANDATED)


@shared_step
def respond(world, run, month, state, number):
    """Answer one of the month's requests once; returns what stopped the thing asked for."""
    row = run.requests[number]
    size = size_for(world, run, month, state, number)
    lay_out(world, run, month, state, number, size)
    chosen = menu.choose_from(world, run, state, row.mission, row.kind)
    return follow_up(world, run, month, state, number, size, chosen)


@step
def size_for(world, run, month, state, number):
    """People this state would offer on a request: what it is asked for by name, else its own."""
    row = run.requests[number]
    asked = row.people if row.state >= 0 else 0
    return own_size(
        world, run, month, state, mission=row.mission, kind=row.kind, asked=asked, need=row.people
    )


@step
def follow_up(world, run, month, state, number, size, chosen):
    """What follows from the choice: the answer is written down, then promised, kept for later, or
    made up for; returns what stopped the thing asked for."""
    row = run.requests[number]
    p = run.parameters[state]
    by_name = row.state >= 0
    stopped = menu.what_stopped(run, chosen)
    chance = menu.chance_as_asked(run)
    answer, loaded, trace = law.OPEN, False, NOT_TRACED
    if by_name or is_traced(run, month, state, row.mission):  # of other calls nothing of it is used
        if run.counts[records.MENU] > 0:
            menu.take_up(run, 0)
        else:
            draw_up(
                run,
                mission=row.mission,
                kind=row.kind,
                framework=world.missions[row.mission].framework,
                people=size,
                ask=0.0,
                site=row.site,
                asked_site=row.site,
            )
            run.proposal[0].draw = taste(world, run, state, row.mission)
        first = run.proposal[0]
        first.stopped = stopped
        if chance > 0.0:
            first.probability = chance
            first.utility = rng.logistic_quantile(chance)
        else:  # shut: how it would have chosen, had it been open
            first.probability = probability(first.utility)
        answer = first.gate
        # A refusal by choice is an answer, unless the load alone tipped it: then the ask is kept.
        lighter = first.utility - run.terms[utility_terms.CONGESTION] * p[utility_terms.CONGESTION]
        loaded = stopped == BY_CHOICE and first.draw < probability(lighter)
        trace = write_down(run, month, state, row.reason, row.ask)
        if trace != NOT_TRACED:
            run.decisions[trace].grade = row.grade
            menu.write_menu(run, state, trace)
    if by_name:
        legislation.press(
            world,
            run,
            state,
            kind=row.kind,
            framework=world.missions[row.mission].framework,
            interest=row.interest,
            refused=stopped == BY_LAW,
        )
    outcome, instead = REFUSED, NO_SUBSTITUTE
    if chosen >= 0:
        menu.take_up(run, chosen)
        run.proposal[0].lead = lead_time(world, run, month, state)
        outcome = outcome_of(run, size)
        if outcome == SUBSTITUTE:
            instead = OWN_OPERATION
        promise(world, run, number, state, row.ask)
    elif by_name:
        instead = substitute(world, run, month, state, number)
        if instead != NO_SUBSTITUTE:
            outcome = SUBSTITUTE
    if stopped != NOTHING and stopped != TOO_SMALL and (stopped != BY_CHOICE or loaded):
        if by_name and row.ask >= 0 and world.kinds[row.kind].formed:
            put_off = pending_requests.keep(
                world, run, month, state, ask=row.ask, stopped=stopped, answer=answer
            )
            if put_off and outcome == REFUSED:
                outcome = DEFERRED
        if stopped == BY_LAW or stopped == BY_CAPACITY:
            run.states[state].blocked += 1.0
    if trace != NOT_TRACED:
        decision = run.decisions[trace]
        decision.outcome = outcome
        decision.substitute = instead
        if chosen >= 0:
            draft = run.proposal[0]
            decision.offered_kind = draft.kind
            decision.offered = draft.people
            decision.offered_site = draft.site
            decision.lead = draft.lead
    return stopped


@step
def outcome_of(run, size):
    """What the chosen alternative is, against what was asked."""
    draft = run.proposal[0]
    if draft.nest == OWN_INSTEAD:
        return SUBSTITUTE
    if draft.nest == OFFICERS_INSTEAD:
        return CHEAPER
    if draft.people < size:
        return SMALLER
    return ACCEPTED


@shared_step
def lay_out(world, run, month, state, number, size):
    """Lay out the menu that answers a request: what was asked, and where a state is asked by name
    for a unit, a few officers and an operation of its own."""
    row = run.requests[number]
    menu.clear(run)
    if size <= 0:
        return
    by_name = row.state >= 0
    p = run.parameters[state]
    ask = 0.0
    if by_name:
        ask = request_grade.binding(
            row.grade, p[P.GRADE_GENERAL_CALL], p[P.GRADE_SOUNDING], p[P.GRADE_LEADER]
        )
    elif world.kinds[row.kind].formed:
        ask = p[P.GRADE_ROUND] * p[P.GRADE_GENERAL_CALL]
    menu.put_places_and_sizes(world, run, month, state, number, size, ask)
    if not by_name or not world.kinds[row.kind].formed:
        return
    if takes_officers(world.missions[row.mission].framework):
        put_officers(world, run, month, state, number, ask)
    if row.kind == NAVAL:
        put_own_operation(world, run, month, state, number, size, ask)


FEW = 4  # officers at most in place of a unit: two each in Sudan and Darfur (asks.csv)


@step
def put_officers(world, run, month, state, number, ask):
    """A few officers, who need no vote, where none of them are yet."""
    row = run.requests[number]
    officer = officer_kind(world, month, row.mission)
    if (run.kinds_here[state, row.mission] >> officer) & 1 == 1:
        return
    most = min(FEW, max(1, row.people))
    few = own_size(world, run, month, state, row.mission, officer, asked=0, need=most)
    draw_up(
        run,
        mission=row.mission,
        kind=officer,
        framework=world.missions[row.mission].framework,
        people=few,
        ask=0.0,
        interest=row.interest,
        compensation=ask,
        crisis=row.crisis,
        since=row.since,
        nest=OFFICERS_INSTEAD,
    )
    menu.put(world, run, month, state)


@step
def officer_kind(world, month, mission):
    """Staff officers, whom a state sends in place of a unit; observers where a mission has no posts
    for them."""
    now = seen(world, month, mission)
    if world.asked[now, mission, STAFF] == 0 and world.asked[now, mission, OBSERVER] > 0:
        return OBSERVER
    return STAFF


@step
def put_own_operation(world, run, month, state, number, people, ask):
    """An operation of its own with ships: where its own ships pass, not in support of others."""
    row = run.requests[number]
    theatre = row.mission
    if row.ask >= 0 and world.asks[row.ask].instead >= 0:
        theatre = world.asks[row.ask].instead
    elif world.missions[row.mission].framework != ANTI_PIRACY:
        return
    draw_up(
        run,
        mission=theatre,
        kind=NAVAL,
        framework=OWN_MISSION,
        people=people,
        ask=0.0,
        interest=row.interest,
        compensation=ask,
        crisis=1,
        nest=OWN_INSTEAD,
    )
    menu.put(world, run, month, state)


@shared_step
def substitute(world, run, month, state, number):
    """What a state gives where it sends nobody: money, equipment, instructors, or nothing."""
    row = run.requests[number]
    if row.grade == GRADE_OWN_STUDY:
        return NO_SUBSTITUTE  # nobody asked
    p = run.parameters[state]
    before = max(month - 1, 0)
    home = world.state_months[before, state]
    now = world.mission_months[seen(world, month, row.mission), row.mission]
    salience = now.interest * (0.5 + row.interest)
    salience = salience * p[P.ALLIANCE_PRESSURE] * world.paths[before].alliance
    request = alliance.alliance_request(home.embeddedness, home.dependence, salience)
    chance = probability(p[P.SUBSTITUTE_BASE] + p[P.SUBSTITUTE_PRESSURE] * request)
    draw = rng.for_mission(
        world, run, rng.SUBSTITUTE, kind=row.kind, month=month, state=state, mission=row.mission
    )
    if draw >= chance:
        return NO_SUBSTITUTE
    place = draw / chance
    if place >= 0.75 and may_train(world, run, month, state, row.mission):
        return INSTRUCTORS
    return EQUIPMENT if place >= 0.5 and run.proposal[0].supply == 1 else MONEY


@step
def may_train(world, run, month, state, mission):
    """Whether the law lets a state send instructors to the forces of another."""
    found = legal_gate.at(world, run, month, state, mission, INSTRUCTOR, BILATERAL_TRAINING)
    return found.answer <= law.OPEN_AFTER_LEAD


@shared_step
def promise(world, run, number, state, ask):
    """Put the proposal on the table; it is settled when all states have answered.

    What a state has promised this month is load already.
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
    offer.site = draft.site
    offer.term = draft.term
    offer.term_ends = draft.term_ends
    load = capacity.load_of(world, run.parameters[state], draft.kind, draft.people)
    run.states[state].load += load
    run.loads[state, world.kinds[draft.kind].service] += load
    run.counts[records.OFFERS] = slot + 1
