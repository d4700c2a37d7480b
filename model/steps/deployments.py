"""Deployments: committed or in the field, kept as a linked list per state.

At the end of a month offers beyond the need are scaled, and promises become deployments.
"""

from __future__ import annotations

from ..core import records
from ..core.jit import month_step, shared_step, step
from ..rules.force_generation import largest_remainder
from ..rules.law import OPEN_AFTER_LEAD, end_of_term
from ..vocabulary import GROUP_UN
from . import legal_gate
from .observation import NO_SITE
from .renewal import GIVEN, HANDED_OVER, MISSION_OVER, NOT_ENDED, RESIZED, STAYING, term_of

NO_DEPLOYMENT = -1
ANY_KIND = -1  # value of ``kind`` of a given that holds for every kind
NO_GIVEN = -1
NO_NOTICE = 0  # value of ``notice`` while no departure is decided; else the month of it


@step
def is_open(world, month, mission):
    """Whether a mission exists in a month."""
    row = world.missions[mission]
    return row.start <= month <= row.end


@shared_step
def deploy(
    world,
    run,
    state,
    mission,
    kind,
    framework,
    people,
    asked,
    ordered,
    arrives,
    since,
    crisis,
    ask,
    term,
    site,
):
    """Add a deployment at the head of the state's list."""
    slot = run.counts[records.DEPLOYMENTS]
    if slot >= run.deployments.size:
        run.counts[records.OVERFLOW] += 1
        return
    unit = run.deployments[slot]
    unit.state = state
    unit.mission = mission
    unit.kind = kind
    unit.framework = framework
    unit.people = people
    unit.asked = asked
    unit.ordered = ordered
    unit.arrives = arrives
    unit.term = term
    unit.leaves = STAYING
    unit.since = since
    unit.suspended = 0
    unit.crisis = crisis
    unit.ask = ask
    unit.site = site
    unit.notice = NO_NOTICE
    run.endings[slot].cause = NOT_ENDED
    run.endings[slot].provision = -1
    unit.next = run.states[state].head
    run.states[state].head = slot
    run.counts[records.DEPLOYMENTS] = slot + 1
    run.kinds_here[state, mission] |= 1 << kind
    run.people_here[state, mission] += people
    run.present[mission, kind] += people
    if world.groups[framework] == GROUP_UN:
        run.missions[mission].people += people
        run.missions[mission].ideal += people * world.state_months[max(ordered, 0), state].ideal


@shared_step
def withdraw(world, run, month, state, deployment, cause):
    """End a deployment: its last month in the field is ``month - 1``; ``cause`` is one of
    ``renewal.ENDS``."""
    unit = run.deployments[deployment]
    run.endings[deployment].cause = cause
    unit.leaves = max(month, unit.arrives)
    run.people_here[state, unit.mission] -= unit.people
    run.present[unit.mission, unit.kind] -= unit.people
    if world.groups[unit.framework] == GROUP_UN:
        run.missions[unit.mission].people -= unit.people
        run.missions[unit.mission].ideal -= (
            unit.people * world.state_months[max(unit.ordered, 0), state].ideal
        )
    # Take it out of the state's list.
    before = NO_DEPLOYMENT
    here = run.states[state].head
    while here != deployment:
        before = here
        here = run.deployments[here].next
    if before == NO_DEPLOYMENT:
        run.states[state].head = unit.next
    else:
        run.deployments[before].next = unit.next
    here = run.states[state].head
    while here != NO_DEPLOYMENT:
        other = run.deployments[here]
        if other.mission == unit.mission and other.kind == unit.kind:
            return
        here = other.next
    run.kinds_here[state, unit.mission] &= ~(1 << unit.kind)


@shared_step
def replace(world, run, month, state, deployment, mission, people, asked, ordered, term):
    """End a deployment and begin another in its place: same kind, origin and request by name."""
    unit = run.deployments[deployment]
    framework = unit.framework
    cause = RESIZED
    if mission != unit.mission:
        framework = world.missions[mission].framework
        cause = HANDED_OVER
    withdraw(world, run, month, state, deployment, cause)
    deploy(
        world,
        run,
        state,
        mission,
        kind=unit.kind,
        framework=framework,
        people=people,
        asked=asked,
        ordered=ordered,
        arrives=month,
        since=unit.since,
        crisis=unit.crisis,
        ask=unit.ask,
        term=term,
        site=unit.site if mission == unit.mission else NO_SITE,
    )


@shared_step
def hand_over(world, run, month, state, deployment):
    """A mission has ended: units re-hat if a successor exists and still asks for them."""
    unit = run.deployments[deployment]
    successor = world.missions[unit.mission].successor
    if successor >= 0 and is_open(world, month, successor):
        if world.asked[month, successor, unit.kind] > 0:
            framework = world.missions[successor].framework
            found = legal_gate.at(
                world, run, month, state, mission=successor, kind=unit.kind, framework=framework
            )
            if found.answer <= OPEN_AFTER_LEAD:
                term = max(unit.term, month + 1)
                replace(
                    world,
                    run,
                    month,
                    state,
                    deployment,
                    mission=successor,
                    people=unit.people,
                    asked=unit.asked,
                    ordered=unit.ordered,
                    term=term,
                )
                return
    withdraw(world, run, month, state, deployment, cause=MISSION_OVER)


@step
def carry_over(world, run, month):
    """Turn the recorded deployments of states that begin to deliberate into their own."""
    for i in range(world.initial_from[month], world.initial_from[month + 1]):
        row = world.initial[i]
        framework = world.missions[row.mission].framework
        found = legal_gate.at(
            world, run, month, row.state, row.mission, row.kind, framework, row.site
        )
        length = term_of(run, row.state, found.term)
        term = min(row.since, month)
        while term <= month:
            term = end_of_term(term, length, found.term_ends)
        if row.term >= month:
            term = row.term
        deploy(
            world,
            run,
            row.state,
            mission=row.mission,
            kind=row.kind,
            framework=framework,
            people=row.people,
            asked=row.since,
            ordered=row.since,
            arrives=month,
            since=row.since,
            crisis=0,
            ask=-1,
            term=term,
            site=row.site,
        )


@step
def given(world, month, state, mission, kind):
    """Row of what a scenario gives about a state's people of a kind in a mission, ``NO_GIVEN``
    where it gives nothing; while it holds the state is not asked and decides nothing about them."""
    for i in range(world.givens.size):
        row = world.givens[i]
        if row.state == state and row.mission == mission and row.first <= month < row.until:
            if row.kind == kind or row.kind == ANY_KIND:
                return i
    return NO_GIVEN


@step
def impose(world, run, month):
    """Put in the field what a scenario gives, and take home whom it takes; what was there or
    promised makes room for it and counts towards how long the presence has lasted."""
    for i in range(world.givens.size):
        row = world.givens[i]
        if month != max(row.first, world.states[row.state].deliberates):
            continue
        since = month
        site = row.site
        here = run.states[row.state].head
        while here != NO_DEPLOYMENT:
            unit = run.deployments[here]
            following = unit.next
            if unit.mission == row.mission and (row.kind == unit.kind or row.kind == ANY_KIND):
                since = min(since, unit.since)
                if site == NO_SITE:
                    site = unit.site
                cause = RESIZED if row.people > 0 else GIVEN
                withdraw(world, run, month, row.state, deployment=here, cause=cause)
            here = following
        if row.people > 0:
            deploy(
                world,
                run,
                row.state,
                mission=row.mission,
                kind=row.kind,
                framework=world.missions[row.mission].framework,
                people=row.people,
                asked=since,
                ordered=since,
                arrives=month,
                since=since,
                crisis=0,
                ask=-1,
                term=row.until,
                site=site,
            )


@step
def resize(world, run, month, state, deployment, people):
    """Go on with another number of people: one spell ends and the next begins in its place."""
    unit = run.deployments[deployment]
    replace(
        world,
        run,
        month,
        state,
        deployment,
        mission=unit.mission,
        people=people,
        asked=month,
        ordered=unit.ordered,
        term=unit.term,
    )
    run.deployments[run.counts[records.DEPLOYMENTS] - 1].suspended = unit.suspended


@month_step
def settle(world, run, month):
    """Step 3 of a month: scale what exceeds the need, turn promises into deployments."""
    offers = run.counts[records.OFFERS]
    for number in range(run.counts[records.REQUESTS]):
        row = run.requests[number]
        if row.state >= 0:
            continue
        scale(world, run, number, row.kind, row.people)
    for i in range(offers):
        offer = run.offers[i]
        people = offer.people
        if people <= 0:
            continue
        if given(world, month, offer.state, offer.mission, offer.kind) != NO_GIVEN:
            continue
        if (run.kinds_here[offer.state, offer.mission] >> offer.kind) & 1 == 1:
            # Rounds may bring a further unit where one is; a request by name brings the first.
            by_name = run.requests[offer.request].state >= 0
            if by_name or not world.kinds[offer.kind].formed:
                continue
        arrives = max(month + offer.lead, world.missions[offer.mission].start)
        deploy(
            world,
            run,
            offer.state,
            mission=offer.mission,
            kind=offer.kind,
            framework=offer.framework,
            people=people,
            asked=offer.since,
            ordered=month,
            arrives=arrives,
            since=arrives,
            crisis=offer.crisis,
            ask=offer.ask,
            term=end_of_term(arrives, term_of(run, offer.state, offer.term), offer.term_ends),
            site=offer.site,
        )


@shared_step
def scale(world, run, number, kind, need):
    """Scale the offers of one request to its need; units below their minimum are dropped, the
    smallest first, and the rest scaled again."""
    minimum = world.kinds[kind].minimum if world.kinds[kind].formed else 1
    while True:
        count = 0
        for i in range(run.counts[records.OFFERS]):
            offer = run.offers[i]
            if offer.request == number and offer.kind == kind and offer.people > 0:
                run.amounts[0, count] = offer.people
                count += 1
        if count == 0:
            return
        largest_remainder(run.amounts[0], count, need, run.amounts[1])
        smallest = -1
        place = 0
        for i in range(run.counts[records.OFFERS]):
            offer = run.offers[i]
            if offer.request == number and offer.kind == kind and offer.people > 0:
                if run.amounts[1, place] < minimum:
                    if smallest < 0 or offer.people < run.offers[smallest].people:
                        smallest = i
                place += 1
        if smallest < 0 or count == 1:
            place = 0
            for i in range(run.counts[records.OFFERS]):
                offer = run.offers[i]
                if offer.request == number and offer.kind == kind and offer.people > 0:
                    offer.people = run.amounts[1, place] if smallest < 0 else 0
                    place += 1
            return
        run.offers[smallest].people = 0
