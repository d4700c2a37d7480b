"""Requests of a month: direct requests at their documented dates, and open calls for forces."""

from __future__ import annotations

import math

from ..core import parameter_index as P
from ..core import records, rng
from ..core.jit import shared_step, step
from ..rules import force_generation
from ..vocabulary import (
    CATEGORY_TROOPS,
    CIVILIAN,
    GRADE_GENERAL_CALL,
    GROUP_COALITION,
    GROUP_UN,
    INFANTRY,
    POLICE,
    STAFF,
)
from . import legal_gate
from .asker_knowledge import is_still_made, known_shut
from .observation import NO_SITE, asked_beyond, asked_of_kind, is_civil
from .response import is_alike, need_for, recorded_people, strength_alike


@shared_step
def request(
    run,
    mission,
    kind,
    people,
    state,
    crisis,
    interest,
    reason,
    ask,
    since,
    site=NO_SITE,
    grade=GRADE_GENERAL_CALL,
    share=1.0,
):
    """Put a request on the month's list; returns its number, -1 without room."""
    slot = run.counts[records.REQUESTS]
    if slot >= run.requests.size:
        run.counts[records.OVERFLOW] += 1
        return -1
    row = run.requests[slot]
    row.mission = mission
    row.kind = kind
    row.people = people
    row.state = state
    row.crisis = crisis
    row.interest = interest
    row.reason = reason
    row.ask = ask
    row.since = since
    row.site = site
    row.grade = grade
    row.share = share
    run.counts[records.REQUESTS] = slot + 1
    return slot


@step
def is_out(world, run, state, pledge):
    """Whether what a state has pledged is in the field, or promised to a mission."""
    here = run.states[state].head
    while here >= 0:
        unit = run.deployments[here]
        if unit.ask >= 0 and world.asks[unit.ask].pledge == pledge:
            return True
        here = unit.next
    return False


@shared_step
def request_by_name(world, run, row, since):
    """Put a documented request, made in month ``since``, on the list; returns its number, or -1 if
    it asks for what a state has pledged and sent elsewhere.

    A scenario may scale what coalitions ask for; the UN's requests by name are as documented.
    """
    ask = world.asks[row]
    if ask.pledge > 0 and is_out(world, run, ask.state, ask.pledge):
        return -1
    reason = force_generation.ALLY if ask.ally else force_generation.DOCUMENTED
    people = ask.people
    if world.missions[ask.mission].group == GROUP_COALITION:
        people = int(math.floor(people * run.parameters[0, P.COALITION_DEMAND] + 0.5))
    return request(
        run,
        mission=ask.mission,
        kind=ask.kind,
        people=people,
        state=ask.state,
        crisis=ask.crisis,
        interest=ask.interest,
        reason=reason,
        ask=row,
        since=since,
        site=ask.site,
        grade=ask.grade,
    )


LONGEST_SURVEY = 12  # months


@step
def issue_documented(world, run, month):
    """Direct requests at their documented dates, and those that a survey went before."""
    for asked in range(max(0, month - LONGEST_SURVEY), month + 1):
        for row in range(world.asks_from[asked], world.asks_from[asked + 1]):
            if not can_be_put(world, row, asked):  # which most cannot, and it is soon told
                continue
            if asked + survey_months(world, run, row) == month and is_put(world, run, row, asked):
                request_by_name(world, run, row, asked)


@step
def survey_months(world, run, row):
    """Months until a request is answered: a survey team goes before a routine request for a unit,
    so that what came in the meantime (a disaster, a crisis) has been answered already.  A law that
    asks for a survey says how long it takes."""
    ask = world.asks[row]
    if ask.surveyed or ask.crisis or not world.kinds[ask.kind].formed:
        return 0
    framework = world.missions[ask.mission].framework
    found = legal_gate.at(world, run, ask.month, ask.state, ask.mission, ask.kind, framework)
    if found.survey_max <= 0.0:
        return min(LONGEST_SURVEY, int(run.parameters[0, P.SURVEY_MONTHS]))
    draw = rng.uniform(
        run.key,
        rng.SURVEY,
        kind=1,
        month=ask.month,
        state=world.states[ask.state].identity,
        mission=ask.identity,
    )
    return min(
        LONGEST_SURVEY,
        int(found.survey + math.floor(draw * (found.survey_max - found.survey + 1.0))),
    )


@step
def can_be_put(world, row, month):
    """Whether the state that is asked decides for itself in that month and the mission has not
    ended.  A regional body that runs a mission in place of the United Nations asks its own members;
    beyond them only an ally asks."""
    ask = world.asks[row]
    mission = world.missions[ask.mission]
    if month < world.states[ask.state].deliberates or month > mission.end:
        return False
    if mission.regional and not ask.ally:
        return False
    return ask.group < 0 or ask.group == mission.group


@step
def is_put(world, run, row, month):
    """Whether a request that can be put is: askers have not adapted to another law, and one that is
    made only with a chance is made in this run: for the mission of a regional body as its interest
    to the ally has it, for police and civilians as a trend has it."""
    ask = world.asks[row]
    if not is_still_made(world, run, month, row):
        return False
    if ask.chance >= 1.0:
        return True
    identity = world.states[ask.state].identity
    draw = rng.uniform(
        run.missions_key,
        rng.ASKED,
        kind=ask.kind,
        month=month,
        state=identity,
        mission=ask.identity,
    )
    chance = ask.chance
    if world.missions[ask.mission].regional:
        chance *= world.mission_months[month, ask.mission].interest
    if is_civil(world, ask.kind):
        chance *= run.parameters[0, P.CIVIL_DEMAND]
    return draw < chance


@step
def issue_rounds(world, run, month):
    """Open calls for UN missions, by mission and kind."""
    p = run.parameters[0]
    reached = p[P.UN_DEMAND] * (1.0 - p[P.ROUND_SLACK])
    grows = p[P.CIVIL_DEMAND] > 1.0 or p[P.CIVILIAN_POSTS] > 0.0
    for number in range(world.calls_from[month], world.calls_from[month + 1]):
        call = world.calls[number]
        if not grows and need_for(call.asked, reached, call.recorded, 0) < call.minimum:
            continue  # filled by recorded people alone, as most are
        row = world.missions[call.mission]
        if row.start <= month < row.end:
            issue_round(
                world,
                run,
                month,
                mission=call.mission,
                kind=call.kind,
                people=call.asked,
                recorded=call.recorded,
                minimum=call.minimum,
                rose=call.rose,
                new=call.new,
            )
    for mission in range(world.generator[0].slots, world.missions.size):
        row = world.missions[mission]
        if row.start <= month < row.end and row.group == GROUP_UN:
            for kind in range(world.kinds.size):
                if world.asked[month, mission, kind] > 0:
                    asked = asked_of_kind(world, run, month, mission, kind)
                    new = month == row.start
                    rose = new or asked > asked_of_kind(world, run, month - 1, mission, kind)
                    minimum = max(1, world.kinds[kind].minimum)
                    recorded = recorded_people(world, month, mission, kind)
                    people = world.asked[month, mission, kind]
                    issue_round(
                        world, run, month, mission, kind, people, recorded, minimum, rose, new
                    )
    if p[P.CIVILIAN_POSTS] > 0.0:
        issue_civilian_posts(world, run, month)


@step
def issue_civilian_posts(world, run, month):
    """Open calls for civilian experts, whom a trend adds to what UN missions ask states for."""
    for mission in range(world.missions.size):
        row = world.missions[mission]
        asked_in_mandate = world.asked[month, mission, CIVILIAN] > 0
        if row.group == GROUP_UN and row.start <= month < row.end and not asked_in_mandate:
            new = month == row.start
            issue_round(world, run, month, mission, CIVILIAN, 0, 0, 1, new, new)


@step
def issue_round(world, run, month, mission, kind, people, recorded, minimum, rose, new):
    """One round for one kind, if it is due: what is open below the share of a ceiling that missions
    reach is put to the capitals, at once for a new or raised ceiling, else at intervals.

    ``people``: of the kind, as the mandate names them.
    """
    p = run.parameters[0]
    if not rose and month - run.last_round[mission, kind] < p[P.ROUND_INTERVAL]:
        return
    need, share = open_posts(world, run, month, mission, kind, people, recorded, new)
    if need >= minimum:
        run.last_round[mission, kind] = month
        reason = force_generation.VACANCY
        if new:
            reason = force_generation.NEW_MANDATE
        elif rose:
            reason = force_generation.REINFORCEMENT
        request(
            run,
            mission,
            kind,
            people=need,
            state=-1,
            crisis=0,
            interest=0.0,
            reason=reason,
            ask=-1,
            since=month,
            share=share,
        )


@step
def open_posts(world, run, month, mission, kind, people, recorded, new):
    """People whom a round may ask for, below the share of a ceiling that missions reach, and the
    share of the kind in all units asked for.

    Reports tell units of a contributor apart from police and officers, and not from one another:
    all of them stand as infantry.  So of each kind of unit no larger share is open than of all
    together, and infantry is asked for by that share alone.  A capital is asked for a unit, and
    for which kind goes by what the mission asks for.
    """
    p = run.parameters[0]
    reached = p[P.UN_DEMAND] * (1.0 - p[P.ROUND_SLACK])
    asked = asked_beyond(world, run, month, mission, kind, people)
    present = run.present[mission, kind]
    if new:
        present += changing_hats(world, run, month, mission, kind)
    need = need_for(asked, reached, recorded, present)
    if world.kinds[kind].formed == 0 or world.kinds[kind].category != CATEGORY_TROOPS:
        return need, 1.0
    wanted, here = strength_alike(world, run, month, mission, kind)
    if new:
        for other in range(world.kinds.size):
            if is_alike(world, kind, other):
                here += changing_hats(world, run, month, mission, other)
    room = force_generation.share_open(wanted * (1.0 - p[P.ROUND_SLACK]), here)
    most = int(math.floor(asked * reached * max(0.0, room) + 0.5))
    share = min(1.0, asked * p[P.UN_DEMAND] / max(1, wanted))
    return most if kind == INFANTRY else min(need, most), share


@step
def changing_hats(world, run, month, mission, kind):
    """People of the missions that this one succeeds, who re-hat later in the month."""
    people = 0
    for other in range(world.missions.size):
        row = world.missions[other]
        if row.successor == mission and row.end < month:
            people += run.present[other, kind]
    return people


@step
def approach(world, run, month, state):
    """Mark in ``run.reached`` which of the month's requests reach a state.

    A request by name reaches the state it names; a round reaches whom the asker expects to help,
    those with a unit of the kind in the mission among them, who may send a further one.
    """
    p = run.parameters[state]
    here = world.states[state]
    home = world.state_months[max(month - 1, 0), state]
    standing = force_generation.standing(
        home.capability,
        p[P.APPROACH_CAPABILITY],
        run.states[state].record,
        p[P.APPROACH_RECORD],
    )
    # The law as known to the asker, who has learnt of a change some months late.
    known = max(0, month - int(p[P.ADAPTATION_MONTHS]))
    requests = run.requests
    reached = run.reached
    for number in range(run.counts[records.REQUESTS]):
        row = requests[number]
        reached[number] = row.state == state
        if row.state >= 0 or world.missions[row.mission].host == state:
            continue
        if month < run.back[state, world.missions[row.mission].root]:
            continue
        formed = world.kinds[row.kind].formed == 1
        if not formed and (run.kinds_here[state, row.mission] >> row.kind) & 1 == 1:
            continue
        place = world.missions[row.mission]
        if row.kind == POLICE:
            base = p[P.APPROACH_POLICE]
        elif formed:
            base = p[P.APPROACH_UNIT]
        elif row.kind == STAFF:
            base = p[P.APPROACH_STAFF]
        else:
            base = p[P.APPROACH_OFFICER]
        if row.reason != force_generation.VACANCY or month - place.start < p[P.BUILD_UP]:
            usual = world.kinds[row.kind].typical
            slope = p[P.APPROACH_NEED_UNIT] if formed else p[P.APPROACH_NEED]
            base += slope * force_generation.contingents(row.people, usual)
        shut = known_shut(world, run, known, month, state, mission=row.mission, kind=row.kind)
        if row.share < 1.0:
            base += math.log(row.share)
        chance = force_generation.approach_chance(
            base=base + standing,
            own_region=here.region == place.region,
            weight_region=p[P.APPROACH_REGION],
            present=run.people_here[state, row.mission] > 0,
            weight_presence=p[P.APPROACH_PRESENCE],
            known_shut=shut,
            anticipation=p[P.ANTICIPATION],
        )
        draw = rng.for_mission(
            world, run, rng.APPROACH, kind=row.kind, month=month, state=state, mission=row.mission
        )
        reached[number] = draw < chance
