"""One proposal seen from one state: its gate, its utility, its vote, its substitutes.

Here the rules meet the world: each function reads the rows it needs, as they stood at the end of
the month before, and calls the rules with numbers.
"""

from __future__ import annotations

import math

from . import (
    authorisation,
    capacity,
    deliberation,
    demand,
    dispatch,
    law,
    luck,
    pressure,
    shapes,
    terms,
)
from . import parameters as P
from .compiled import rule, step
from .kinds import (
    COALITION,
    GROUP_COALITION,
    GROUP_UN,
    NAVAL,
    OBSERVER,
    OWN_MISSION,
    POLICE,
    STAFF,
    UN_PKO,
    UN_SPM,
)

# Substitutes for people.
SUBSTITUTES = ("none", "money", "equipment", "instructors", "own_operation")
NO_SUBSTITUTE, MONEY, EQUIPMENT, INSTRUCTORS, OWN_OPERATION = range(5)


@rule
def stance_class(kind_stance, group):
    """Class of dispatch that parties tell apart, from the kind's own stance and the framework group.

    Codes follow ``kinds.STANCE_CLASSES``; ``kind_stance`` is 0 combat, 1 support, 2 naval,
    3 training, 4 relief, 5 none.
    """
    if kind_stance == 2:
        return 4
    if kind_stance == 3:
        return 5
    if kind_stance == 4:
        return 6
    if group == GROUP_COALITION:
        return 3 if kind_stance == 0 else 2
    if group == GROUP_UN:
        return 1 if kind_stance == 0 else 0
    return 6


@step
def uniform(run, purpose, kind, month, state, mission):
    """One keyed draw, counted."""
    run.count[shapes.DRAWS] += 1
    return luck.uniform(run.key, purpose, kind, month, state, mission)


@step
def conditions(world, run, month, state, mission):
    """Bits of the legal conditions that a mission meets at the end of the month before."""
    before = max(month - 1, 0)
    now = world.mission_months[before, mission]
    row = world.missions[mission]
    p = run.parameters[state]
    present = 1.0 if run.people_here[state, mission] > 0 else 0.0
    chance = law.party_chance(
        now.rival, present, p[P.PARTY_ORGANISED], p[P.PARTY_QUASI_STATE], p[P.PARTY_LEAN]
    )
    reading = uniform(
        run, luck.PARTY, 0, 0, world.states[state].identity, world.missions[row.root].identity
    )
    fighting = min(1.0, now.fighting + world.paths[before].fighting)
    return law.conditions_met(
        now.ceasefire,
        now.consent,
        reading < chance,
        now.force_level,
        fighting,
        now.un_resolution,
        row.disaster,
        p[P.COMBAT_AREA],
        row.un_command,
    )


@step
def gate(world, run, month, state, mission, kind, framework):
    """The legal gate for a state, a mission and a kind; see ``law.gate`` for what is returned."""
    row = world.states[state]
    if row.first_provision == row.last_provision:
        return law.OPEN, -1, authorisation.NOBODY, 0.0, 0.0, 0.0, law.NO_CEILING
    met = conditions(world, run, month, state, mission)
    return law.gate(
        world.provisions, row.first_provision, row.last_provision, month, kind, framework, met
    )


@rule
def intercept(p, group, formed, kind):
    """General willingness for this class of contribution."""
    if kind == POLICE:
        value = p[P.POLICE_INTERCEPT]
    elif formed:
        value = p[P.UNIT_INTERCEPT]
    else:
        value = p[P.OFFICER_INTERCEPT]
    if group == GROUP_COALITION:
        value = value + p[P.COALITION_INTERCEPT]
    elif group != GROUP_UN:
        value = value + p[P.RELIEF_INTERCEPT]
    return value


@step
def weigh_terms(world, run, month, state, mission, kind, framework, ask, interest, compensation):
    """Write every utility term for one proposal into ``run.terms`` and return the utility.

    Args:
        ask: 1 where the state was asked by name.  interest: 0..1, how pressing the ask was.
        compensation: 1 where a larger request was just refused.
    """
    before = max(month - 1, 0)
    p = run.parameters[state]
    own = run.states[state]
    here = world.states[state]
    place = world.missions[mission]
    now = world.mission_months[before, mission]
    home = world.state_months[before, state]
    path = world.paths[before]
    row = world.kinds[kind]
    group = world.groups[framework]
    damping = 1.0 if row.formed else p[P.OFFICER_DAMPING]
    threat = home.threat * p[P.HOME_THREAT]
    x = run.terms
    for i in range(terms.COUNT):
        x[i] = 0.0

    x[terms.INTERCEPT] = intercept(p, group, row.formed, kind)
    x[terms.ASK] = ask * (1.0 + interest)
    salience = now.interest * (0.5 + interest) * p[P.ALLIANCE_PRESSURE] * path.alliance
    request = pressure.alliance_request(home.embeddedness, home.dependence, salience)
    if group == GROUP_COALITION:
        x[terms.ALLIANCE] = pressure.threat_raises(request, threat, p[P.THREAT_RAISES_REQUEST])
    else:
        x[terms.ALLIANCE] = pressure.united_nations_desk(request, p[P.UN_DESK])
    x[terms.DISTANCE] = deliberation.distance_thousands(
        here.latitude, here.longitude, place.latitude, place.longitude
    )
    x[terms.REGION] = 1.0 if here.region == place.region else 0.0
    people = run.missions[mission].people + now.recorded
    if people > 0.0:
        mean = (run.missions[mission].ideal + now.recorded_ideal) / people
        x[terms.AFFINITY] = deliberation.affinity(home.ideal, mean)
    x[terms.STATUS] = home.status
    x[terms.NEED] = demand.unfilled(
        world.asked[before, mission, kind] * 1.0, run.present[mission, kind] * 1.0
    )
    if group == GROUP_COALITION:
        x[terms.OPINION] = (own.opinion_coalition - 0.5) * damping
    else:
        x[terms.OPINION] = (own.opinion_un - 0.5) * damping
    aversion = deliberation.casualty_aversion(p[P.AVERSION_BASE], own.memory, p[P.AVERSION_MEMORY])
    fighting = min(1.0, now.fighting + path.fighting)
    x[terms.RISK] = deliberation.risk(fighting, row.exposure, aversion) * damping
    x[terms.ROBUSTNESS] = (
        deliberation.robustness(now.force_level, now.protection)
        * p[P.MANDATE_ROBUSTNESS]
        * path.robustness
        * damping
    )
    if group != GROUP_COALITION:
        x[terms.GAP] = (
            deliberation.ceasefire_gap(fighting, now.ceasefire, here.conditioned * 1.0) * damping
        )
    if row.formed and group == GROUP_UN:
        x[terms.THREAT] = threat
    x[terms.CABINET] = (home.strength - 0.5) * damping
    x[terms.MINISTRIES] = home.ministries * damping
    x[terms.EXPERIENCE] = math.log(1.0 + own.experience)
    x[terms.CAPABILITY] = home.capability
    x[terms.WEALTH] = home.wealth if row.formed else 0.0
    x[terms.PRESENCE] = 1.0 if run.people_here[state, mission] > 0 else 0.0
    x[terms.COMPENSATION] = compensation
    return weighted_sum(p, x)


@rule
def weighted_sum(p, x):
    """Sum of weight times term, in the order of the terms."""
    utility = 0.0
    for i in range(terms.COUNT):
        utility += p[i] * x[i]
    return utility


@step
def taste(world, run, state, mission):
    """The one draw for what the model does not see of a state's liking for a mission.

    Missions that succeed one another share it.
    """
    root = world.missions[mission].root
    return uniform(
        run, luck.TASTE, 0, 0, world.states[state].identity, world.missions[root].identity
    )


@step
def slots(world, run, before, state):
    """Slots of a state: its own documented number, else from its active forces."""
    p = run.parameters[state]
    if p[P.SLOTS] > 0.0:
        return p[P.SLOTS] + p[P.SLOTS_ADDED]
    forces = world.state_months[before, state].forces
    return capacity.generic_slots(forces, p[P.SLOTS_PER_LOG], p[P.SLOTS_BASE]) + p[P.SLOTS_ADDED]


@step
def vote(world, run, month, state, mission, kind, framework, authoriser):
    """Whether the authorising body agrees, and the share of seats that does."""
    regime = world.states[state].regime
    if authoriser < authorisation.CABINET or regime == 0:
        return True, 1.0
    before = max(month - 1, 0)
    p = run.parameters[state]
    seats = world.politics[before, regime]
    group = world.groups[framework]
    stance = world.stances[regime, stance_class(world.kinds[kind].stance, group)]
    if authoriser == authorisation.CABINET:
        return stance.partner >= 0.5 or seats.partner == 0.0, 1.0
    opinion = run.states[state].opinion_un
    if group == GROUP_COALITION:
        opinion = run.states[state].opinion_coalition
    draw = uniform(
        run, luck.VOTE, kind, month, world.states[state].identity, world.missions[mission].identity
    )
    lower = authorisation.support(
        seats.lower, stance.government, stance.opposition, opinion - 0.5, p[P.VOTE_SWING], draw
    )
    if authoriser == authorisation.ASSEMBLY:
        present = 1.0
        if stance.walkout > 0.0:
            present = p[P.WALKOUT_TURNOUT]
        return authorisation.carried(lower, present), lower
    upper = authorisation.support(
        seats.upper, stance.government, stance.opposition, opinion - 0.5, p[P.VOTE_SWING], draw
    )
    partner = stance.partner if seats.partner > 0.0 else 1.0
    return authorisation.diet_carries(lower, upper, seats.override > 0.0, partner), lower


@step
def officer_kind(world, month, mission):
    """The individual kind that a mission asks for most: observers or staff officers."""
    before = max(month - 1, 0)
    if world.asked[before, mission, OBSERVER] > world.asked[before, mission, STAFF]:
        return OBSERVER
    return STAFF


@step
def substitute(world, run, month, state, mission, kind, group, salience):
    """What a state offers instead of people: an operation of its own, money, equipment, or
    instructors; or nothing."""
    p = run.parameters[state]
    home = world.state_months[max(month - 1, 0), state]
    request = pressure.alliance_request(home.embeddedness, home.dependence, salience)
    utility = p[P.SUBSTITUTE_BASE] + p[P.SUBSTITUTE_PRESSURE] * request
    chance = deliberation.probability(utility)
    run.count[shapes.EXPONENTIALS] += 1
    draw = uniform(
        run,
        luck.SUBSTITUTE,
        kind,
        month,
        world.states[state].identity,
        world.missions[mission].identity,
    )
    if draw >= chance:
        return NO_SUBSTITUTE
    if kind == NAVAL and group == GROUP_COALITION:
        answer, _, _, _, _, _, _ = gate(world, run, month, state, mission, kind, OWN_MISSION)
        if answer <= law.OPEN_AFTER_LEAD:
            return OWN_OPERATION
    place = draw / chance
    if place < 0.5:
        return MONEY
    if place < 0.75:
        return EQUIPMENT
    return INSTRUCTORS


@rule
def is_un(framework):
    """Whether the framework is a mission under UN command."""
    return framework == UN_PKO or framework == UN_SPM


@rule
def takes_officers(framework):
    """Whether individual officers are a rung of the ladder in this framework."""
    return is_un(framework) or framework == COALITION or framework == COALITION + 1


@step
def lead_time(world, run, month, state, mission, kind, crisis, law_low, saved):
    """Months to arrival: the mode's own draw, never less than the law needs."""
    p = run.parameters[state]
    draw = uniform(
        run, luck.LEAD, kind, month, world.states[state].identity, world.missions[mission].identity
    )
    months = dispatch.lead_months(
        crisis,
        world.kinds[kind].formed,
        draw,
        p[P.CRISIS_LOW],
        p[P.CRISIS_HIGH],
        p[P.ROUTINE_LOW],
        p[P.ROUTINE_HIGH],
        saved,
    )
    return max(months, int(law_low)) if crisis else months
