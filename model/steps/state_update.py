"""What moves on by itself in a month: losses, opinion, memory, experience, training, dialogue."""

from __future__ import annotations

import math

from ..core import parameter_index as P
from ..core import records, rng
from ..core.jit import month_step, step
from ..rules import capacity, capacity_building, casualties, opinion
from ..vocabulary import GROUP_COALITION, GROUP_UN
from . import legislation
from .deployments import NO_DEPLOYMENT
from .utility import is_officer


@month_step
def live(world, run, month, state):
    """Step 4 of a month for one state; see the module."""
    own = run.states[state]
    p = run.parameters[state]
    home = world.state_months[month, state]
    people = 0
    units = 0
    suspended = 0
    load = 0.0
    officers = 0
    for service in range(run.loads.shape[1]):
        run.loads[state, service] = 0.0
    deaths_un = 0
    deaths_coalition = 0
    if month >= world.states[state].deliberates:
        here = own.head
        while here != NO_DEPLOYMENT:
            unit = run.deployments[here]
            formed = world.kinds[unit.kind].formed
            added = capacity.load_of(world, p, unit.kind, unit.people)
            load += added
            run.loads[state, world.kinds[unit.kind].service] += added
            if is_officer(unit.kind):
                officers += unit.people
            if unit.arrives <= month:
                people += unit.people
                if unit.suspended > 0:
                    suspended += unit.people
                if world.groups[unit.framework] == GROUP_UN and formed:
                    units += 1
                if formed:
                    killed = deaths(world, run, month, state, here)
                    if world.groups[unit.framework] == GROUP_COALITION:
                        deaths_coalition += killed
                    else:
                        deaths_un += killed
            here = unit.next
    else:
        people = int(home.recorded_people)
        units = int(home.recorded_units)
    if people > 0:
        for i in range(world.shocks.size):
            shock = world.shocks[i]
            if shock.month == month and shock.state == state and is_hit(world, run, month, i):
                group = shock.group
                if shock.mission >= 0:
                    group = world.missions[shock.mission].group
                if group == GROUP_COALITION:
                    deaths_coalition += shock.killed
                else:
                    deaths_un += shock.killed
    own.people = people
    own.units_un = units
    own.suspended = suspended
    own.load = load
    own.officers = officers * 1.0
    for service in range(run.loads.shape[1]):
        run.strain[state, service] = capacity.strain_next(
            run.strain[state, service], run.loads[state, service], p[P.RECOVERY]
        )
    own.deaths += deaths_un + deaths_coalition
    own.memory = opinion.memory_next(
        own.memory, deaths_un + deaths_coalition * 1.0, p[P.MEMORY_DECAY]
    )
    own.attention = opinion.attention_next(own.attention, home.incidents, p[P.ATTENTION_DECAY])
    abroad = people + home.instructors
    own.experience = capacity.experience_next(own.experience, abroad, p[P.EXPERIENCE_DECAY])
    own.record = math.log(1.0 + own.experience)
    update_opinion(world, run, month, state, deaths_un=deaths_un, deaths_coalition=deaths_coalition)
    update_staff_pool(world, run, month, state)
    if world.states[state].reported >= 0:
        record_stocks(world, run, month, state)
    own.blocked = own.blocked * (1.0 - p[P.BLOCKED_DECAY])


@step
def is_hit(world, run, month, number):
    """Whether the people whom a dated shock kills are there: a unit in the mission that it names;
    where it names none, a unit in a mission of its group, by default of the United Nations."""
    shock = world.shocks[number]
    own = run.states[shock.state]
    if month < world.states[shock.state].deliberates:
        return own.units_un > 0
    here = own.head
    while here != NO_DEPLOYMENT:
        unit = run.deployments[here]
        if unit.arrives <= month and world.kinds[unit.kind].formed:
            if shock.mission >= 0:
                if unit.mission == shock.mission:
                    return True
            elif world.groups[unit.framework] == max(shock.group, GROUP_UN):
                return True
        here = unit.next
    return False


@step
def deaths(world, run, month, state, deployment):
    """People killed in an own contingent in a month."""
    unit = run.deployments[deployment]
    now = world.mission_months[month, unit.mission]
    rate = now.hostile + now.accident
    if rate <= 0.0:
        return 0
    exposure = world.kinds[unit.kind].exposure
    chance = casualties.incident_chance(rate, unit.people * 1.0, exposure)
    draw = rng.for_mission(
        world, run, rng.INCIDENT, kind=unit.kind, month=month, state=state, mission=unit.mission
    )
    if draw >= chance:
        return 0
    return casualties.deaths_in_incident(draw, chance)


@step
def update_opinion(world, run, month, state, deaths_un, deaths_coalition):
    """Public support for missions of the United Nations and of coalitions."""
    own = run.states[state]
    p = run.parameters[state]
    home = world.state_months[month, state]
    target = opinion.un_target(
        p[P.OPINION_FLOOR], p[P.OPINION_CEILING], own.experience, p[P.OPINION_SCALE]
    )
    own.opinion_un = opinion.un_next(
        level=own.opinion_un,
        target=target + p[P.PUBLIC_SUPPORT] + home.opinion_un,
        speed=p[P.OPINION_SPEED],
        reform_salience=legislation.salience(world, run, month, world.states[state].regime),
        reform_cost=p[P.REFORM_COST],
        deaths=deaths_un * 1.0,
        death_cost=p[P.DEATH_COST_UN],
    )
    controversy = 0.0
    for i in range(run.counts[records.REQUESTS]):
        row = run.requests[i]
        if row.state == state and world.missions[row.mission].group == GROUP_COALITION:
            controversy += 1.0
    own.opinion_coalition = opinion.coalition_next(
        level=own.opinion_coalition,
        base=p[P.COALITION_BASE] + p[P.PUBLIC_SUPPORT] + home.opinion_coalition,
        speed=p[P.COALITION_SPEED],
        asked=controversy,
        asked_cost=p[P.ASKED_COST],
        deaths=deaths_coalition * 1.0,
        death_cost=p[P.DEATH_COST_COALITION],
    )


@step
def update_staff_pool(world, run, month, state):
    """Trained staff officers and observers."""
    own = run.states[state]
    p = run.parameters[state]
    home = world.state_months[month, state]
    own.staff_pool = capacity.staff_pool_next(
        pool=own.staff_pool,
        usual=p[P.STAFF_POOL],
        centres=home.centres * (p[P.TRAINING_EFFORT] * world.paths[month].training),
        rate=p[P.STAFF_CENTRE_RATE],
        decay=p[P.STAFF_DECAY],
    )


@step
def record_stocks(world, run, month, state):
    """Write down a month of a state in the output, with the training support and the agreements of
    the month, which no rule reads."""
    own = run.states[state]
    p = run.parameters[state]
    home = world.state_months[month, state]
    path = world.paths[month]
    identity = world.states[state].identity
    threat = home.threat * p[P.HOME_THREAT]
    support = capacity_building.support_rate(
        base=p[P.SUPPORT_BASE] * (p[P.TRAINING_EFFORT] * path.training),
        wealth=home.wealth,
        wealth_weight=p[P.SUPPORT_WEALTH],
        status=home.status,
        status_weight=p[P.SUPPORT_STATUS],
        reputation=own.record,
        reputation_weight=p[P.SUPPORT_REPUTATION],
        blocked=own.blocked,
        spill_over=p[P.SPILL_OVER],
    )
    agreements = capacity_building.agreement_rate(
        base=p[P.AGREEMENT_BASE],
        status=home.status,
        status_weight=p[P.AGREEMENT_STATUS],
        threat=threat,
        threat_weight=p[P.AGREEMENT_THREAT],
        trend=home.trend,
        trend_weight=p[P.AGREEMENT_TREND],
    )
    pressure = home.embeddedness * home.dependence * p[P.ALLIANCE_PRESSURE] * path.alliance
    row = run.stocks[month, world.states[state].reported]
    row[records.STOCK_OPINION_UN] = own.opinion_un
    row[records.STOCK_OPINION_COALITION] = own.opinion_coalition
    row[records.STOCK_CASUALTY_MEMORY] = own.memory
    row[records.STOCK_ATTENTION] = own.attention
    row[records.STOCK_EXPERIENCE] = own.experience
    row[records.STOCK_TRAINED_STAFF] = own.staff_pool
    row[records.STOCK_SLOTS_USED] = own.load
    row[records.STOCK_TRAINING_SUPPORT] = capacity_building.events_in_month(
        support,
        rng.uniform(run.key, rng.SUPPORT, kind=0, month=month, state=identity, mission=0),
    )
    row[records.STOCK_AGREEMENTS] = capacity_building.events_in_month(
        agreements,
        rng.uniform(run.key, rng.AGREEMENT, kind=0, month=month, state=identity, mission=0),
    )
    row[records.STOCK_ALLIANCE_PRESSURE] = pressure
    row[records.STOCK_HOME_THREAT] = threat
    row[records.STOCK_SUSPENDED] = own.suspended
