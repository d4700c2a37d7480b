"""How a state answers one request: law, capacity, choice, vote, and the fallback ladder.

The order is that of ``model_review``.  A refusal offers the cheaper thing before nothing: a smaller
unit, then officers, who need no vote, then substitutes.  This is how Sudan 2008 became two officers.
"""

from __future__ import annotations

import math

from . import capacity, deliberation, demand, law, luck, proposal, shapes, terms
from . import parameters as P
from .compiled import step
from .kinds import GROUP_COALITION, OBSERVER, OWN_MISSION, STAFF

OUTCOMES = ("accepted", "smaller", "cheaper", "substitute", "deferred", "refused")
ACCEPTED, SMALLER, CHEAPER, SUBSTITUTE, DEFERRED, REFUSED = range(6)
# What stopped the thing first asked for.
STOPS = ("nothing", "law", "capacity", "choice", "vote", "no_need")
NOTHING, BY_LAW, BY_CAPACITY, BY_CHOICE, BY_VOTE, BY_NEED = range(6)

PENDING_MONTHS = 24  # a directed request stays on the table this long; then it must be made anew


@step
def need_for(world, run, month, mission, kind):
    """People of this kind still wanted in a mission, after recorded and promised ones."""
    before = max(month - 1, 0)
    place = world.missions[mission]
    lever = run.parameters[0, P.UN_DEMAND] * world.paths[before].un_demand
    if place.group == GROUP_COALITION:
        lever = run.parameters[0, P.COALITION_DEMAND] * world.paths[before].coalition_demand
    base = world.asked[month, mission, kind]
    asked = int(math.floor(base * lever + 0.5))
    category = world.kinds[kind].category
    total = world.asked_by_category[month, mission, category]
    recorded = 0.0
    if total > 0:
        recorded = world.filled[before, mission, category] * base / total
    return max(0, asked - run.present[mission, kind] - int(recorded))


@step
def is_traced(world, run, month, state, mission):
    """Whether this decision is to be written down, and there is room for it."""
    return (
        run.traced_states[state] == 1
        and run.traced_missions[mission] == 1
        and run.traced_months[0] <= month <= run.traced_months[1]
        and run.count[shapes.DECISIONS] < run.decisions.size
    )


@step
def attempt(world, run, month, state, mission, kind, framework, size, ask, interest, compensation, crisis
):
    """Try one rung: gate, capacity, utility and vote for ``size`` people of a kind.

    Returns:
        (what stopped it, gate answer, deciding provision, authoriser, probability, draw, support,
        headroom, ready people, lead months); the terms stay in ``run.terms``.
    """
    before = max(month - 1, 0)
    row = world.kinds[kind]
    p = run.parameters[state]
    answer, provision, authoriser, law_low, _, saved, ceiling = proposal.gate(
        world, run, month, state, mission, kind, framework
    )
    used = run.states[state].load
    free = capacity.headroom(
        proposal.slots(world, run, before, state), used, world.state_months[before, state].crisis
    )
    ready = capacity.ready_people(
        world.state_months[before, state].forces,
        p[P.DEPLOYABLE_SHARE],
        run.states[state].people * 1.0,
    )
    utility = proposal.weigh_terms(
        world, run, month, state, mission, kind, framework, ask, interest, compensation
    )
    chance = deliberation.probability(utility)
    run.count[shapes.EXPONENTIALS] += 1
    draw = proposal.taste(world, run, state, mission)
    if answer > law.OPEN_AFTER_LEAD or size > ceiling:
        return BY_LAW, answer, provision, authoriser, chance, draw, 0.0, free, ready, 0
    if row.formed:
        load = capacity.slot_load(size * 1.0, p[P.LOAD_SMALL], p[P.LOAD_LARGE]) * row.load
        if load > free or size > ready:
            return BY_CAPACITY, answer, provision, authoriser, chance, draw, 0.0, free, ready, 0
    elif (kind == STAFF or kind == OBSERVER) and size > run.states[state].staff_pool:
        return BY_CAPACITY, answer, provision, authoriser, chance, draw, 0.0, free, ready, 0
    if not deliberation.accepts(chance, draw):
        return BY_CHOICE, answer, provision, authoriser, chance, draw, 0.0, free, ready, 0
    carried, support = proposal.vote(world, run, month, state, mission, kind, framework, authoriser)
    if not carried:
        return BY_VOTE, answer, provision, authoriser, chance, draw, support, free, ready, 0
    lead = proposal.lead_time(world, run, month, state, mission, kind, crisis, law_low, saved)
    return NOTHING, answer, provision, authoriser, chance, draw, support, free, ready, lead


@step
def promise(run, request, state, mission, kind, framework, people, lead, crisis, ask):
    """Put an offer on the table; it is settled when all states have answered."""
    slot = run.count[shapes.OFFERS]
    if slot >= run.offers.size:
        run.count[shapes.OVERFLOW] += 1
        return
    offer = run.offers[slot]
    offer.request = request
    offer.state = state
    offer.mission = mission
    offer.kind = kind
    offer.framework = framework
    offer.people = people
    offer.lead = lead
    offer.crisis = crisis
    offer.ask = ask
    run.count[shapes.OFFERS] = slot + 1


@step
def wanted_size(world, run, month, state, mission, kind, asked, need):
    """People this state would offer of a kind."""
    p = run.parameters[state]
    row = world.kinds[kind]
    home = world.state_months[max(month - 1, 0), state]
    factor = 1.0
    if asked <= 0:
        luck_logit = luck.logistic_quantile(
            proposal.uniform(
                run,
                luck.SIZE,
                kind,
                0,
                world.states[state].identity,
                world.missions[world.missions[mission].root].identity,
            )
        )
        spread = p[P.SIZE_SPREAD]
        if row.formed:
            factor = demand.size_factor(
                home.capability,
                p[P.SIZE_CAPABILITY],
                home.wealth,
                p[P.SIZE_WEALTH],
                spread,
                luck_logit,
            )
        else:
            factor = demand.size_factor(0.0, 0.0, 0.0, 0.0, spread, luck_logit)
        run.count[shapes.EXPONENTIALS] += 2
    return demand.offer_size(asked, need, row.typical, row.minimum, row.formed, factor)


@step
def respond(world,
    run,
    month,
    state,
    number,
    mission,
    kind,
    asked,
    need,
    directed,
    ally,
    crisis,
    interest,
    reason,
    ask_row,
):
    """Answer one request once; returns the outcome and what stopped the thing first asked for.

    Args:
        number: row of the request in this month, or -1 for one taken up again.
        asked: people asked for by name, 0 in a general round.  need: people still wanted.
        directed: 1 where the state was asked by name.  ally: 1 where the pivotal ally asks.
        reason: why the request was made (``demand.REASONS``).
        ask_row: row of a documented request, or -1.
    """
    run.count[shapes.ANSWERED] += 1
    place = world.missions[mission]
    framework = place.framework
    row = world.kinds[kind]
    traced = is_traced(world, run, month, state, mission)
    trace = -1
    compensation = 0.0
    lead = 0
    chosen_kind = kind
    where = mission
    instead = proposal.NO_SUBSTITUTE

    size = wanted_size(world, run, month, state, mission, kind, asked, need)
    if size <= 0:
        stopped = BY_NEED
        outcome = REFUSED
        if not traced:
            return outcome, stopped
        answer, provision, authoriser, chance, draw = 0, -1, 0, 0.0, 0.0
        support, free, ready = 0.0, 0.0, 0.0
    else:
        (stopped, answer, provision, authoriser, chance, draw, support, free, ready, lead) = (
            attempt(
                world,
                run,
                month,
                state,
                mission,
                kind,
                framework,
                size,
                directed,
                interest,
                0.0,
                crisis,
            )
        )
        outcome = ACCEPTED if stopped == NOTHING else REFUSED
    if traced:
        trace = write_down(
            world,
            run,
            month,
            state,
            mission,
            kind,
            asked if asked > 0 else size,
            reason,
            crisis,
            ask_row,
            answer,
            provision,
            authoriser,
            chance,
            draw,
            support,
            free,
            ready,
            stopped,
        )

    if outcome == REFUSED and size > 0:
        # Rung: a smaller unit, where size was the obstacle.
        if row.formed and (stopped == BY_CAPACITY or stopped == BY_VOTE):
            half = size // 2
            if half >= row.minimum:
                second, _, _, _, _, _, _, _, _, lead = attempt(
                    world,
                    run,
                    month,
                    state,
                    mission,
                    kind,
                    framework,
                    half,
                    directed,
                    interest,
                    0.0,
                    crisis,
                )
                if second == NOTHING:
                    outcome = SMALLER
                    size = half
        # Rung: officers, who need no vote.
        if outcome == REFUSED and row.formed and proposal.takes_officers(framework):
            compensation = directed
            officer = proposal.officer_kind(world, month, mission)
            few = wanted_size(
                world,
                run,
                month,
                state,
                mission,
                officer,
                0,
                max(2, need_for(world, run, month, mission, officer)),
            )
            if (run.kinds_here[state, mission] >> officer) & 1 == 0 and few > 0:
                second, _, _, _, _, _, _, _, _, lead = attempt(
                    world,
                    run,
                    month,
                    state,
                    mission,
                    officer,
                    framework,
                    few,
                    0.0,
                    interest,
                    compensation,
                    crisis,
                )
                if second == NOTHING:
                    outcome = CHEAPER
                    chosen_kind = officer
                    size = few
        # Rung: something else than people, or an operation of one's own.
        if outcome == REFUSED and directed > 0:
            salience = world.mission_months[max(month - 1, 0), mission].interest * (0.5 + interest)
            instead = proposal.substitute(
                world, run, month, state, mission, kind, place.group, salience
            )
            if instead != proposal.NO_SUBSTITUTE:
                outcome = SUBSTITUTE
                if instead == proposal.OWN_OPERATION:
                    framework = OWN_MISSION
                    if ask_row >= 0 and world.asks[ask_row].instead >= 0:
                        where = world.asks[ask_row].instead
                    size = wanted_size(world, run, month, state, mission, kind, asked, need)
                    lead = proposal.lead_time(world, run, month, state, mission, kind, 1, 2.0, 0.0)
        # What was asked by name stays on the table until something changes.
        if directed > 0 and row.formed and ask_row >= 0:
            kept = keep_pending(world, run, month, state, ask_row, stopped, answer)
            if kept and outcome == REFUSED:
                outcome = DEFERRED
        if stopped == BY_LAW or stopped == BY_CAPACITY:
            run.states[state].blocked += 1.0

    if outcome <= CHEAPER or (outcome == SUBSTITUTE and instead == proposal.OWN_OPERATION):
        promise(run, number, state, where, chosen_kind, framework, size, lead, crisis, ask_row)
    if trace >= 0:
        decision = run.decisions[trace]
        decision.outcome = outcome
        decision.substitute = instead
        if outcome <= CHEAPER or instead == proposal.OWN_OPERATION:
            decision.offered_kind = chosen_kind
            decision.offered = size
            decision.lead = lead
    return outcome, stopped


@step
def keep_pending(world, run, month, state, ask_row, stopped, answer):
    """Keep a refused request on the table with what stood in its way; true if it was put off to a
    month rather than refused."""
    for i in range(run.count[shapes.PENDINGS]):
        if run.pending[i].ask == ask_row and run.pending[i].state == state:
            return False
    slot = run.count[shapes.PENDINGS]
    if slot >= run.pending.size:
        run.count[shapes.OVERFLOW] += 1
        return False
    before = max(month - 1, 0)
    p = run.parameters[state]
    entry = run.pending[slot]
    entry.ask = ask_row
    entry.state = state
    entry.retry = -1
    if stopped == BY_VOTE:
        entry.retry = month + int(p[P.DEFER_MONTHS])
    entry.expires = month + PENDING_MONTHS
    entry.government = int(world.politics[before, world.states[state].regime].government)
    entry.answer = answer
    run.count[shapes.PENDINGS] = slot + 1
    return stopped == BY_VOTE


@step
def write_down(world,
    run,
    month,
    state,
    mission,
    kind,
    asked,
    reason,
    crisis,
    ask_row,
    answer,
    provision,
    authoriser,
    chance,
    draw,
    support,
    free,
    ready,
    stopped,
):
    """Write a decision row; the outcome is filled in when the ladder has ended."""
    slot = run.count[shapes.DECISIONS]
    decision = run.decisions[slot]
    decision.month = month
    decision.state = state
    decision.mission = mission
    decision.kind = kind
    decision.asked = asked
    decision.reason = reason
    decision.crisis = crisis
    decision.ask = ask_row
    decision.gate = answer
    decision.provision = provision
    decision.authoriser = authoriser
    decision.probability = chance
    decision.draw = draw
    decision.support = support
    decision.headroom = free
    decision.ready = ready
    decision.stopped = stopped
    decision.outcome = REFUSED
    decision.offered_kind = -1
    decision.offered = 0
    decision.lead = 0
    decision.substitute = 0
    decision.utility = proposal.weighted_sum(run.parameters[state], run.terms)
    for i in range(terms.COUNT):
        run.decision_terms[slot, i] = run.terms[i] * run.parameters[state][i]
    run.count[shapes.DECISIONS] = slot + 1
    return slot
