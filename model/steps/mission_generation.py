"""New missions: whether each is set up in a run, what it is, and how long it lasts.

A possible mission is a slot: a month with an identity.  It is set up if its draw falls below the
rate of that month, and what it is follows from a fixed number of draws of its own, so turning
demand down takes missions away and renumbers none.  Everything but its length and size is taken
together from one past mission; the trends of ``rules.trends`` may move what it is.  Scenarios also
reduce or close documented missions early.
"""

import math

from ..core import parameter_index as P
from ..core import rng
from ..core.jit import rule, step
from ..months import NEVER
from ..rules import trends
from ..vocabulary import COALITION_UN_MANDATED, GROUP_COALITION, UN_PKO

# What the draws of a slot decide.
EXISTS, CLASS, PATTERN, SIZE, LENGTH, REGIONAL = range(6)
NEVER_SET_UP = -1  # the last month of a mission that a run does not have


@rule
def length_months(draw, shape, scale):
    """Length of a mission in months under documented closing: Weibull by inversion."""
    return scale * math.exp(math.log(-math.log(1.0 - draw)) / shape)


@rule
def size_factor(draw, spread):
    """Factor on the strength of the mission that a new one is taken from; its mean is near one."""
    width = spread * 0.5513288954217921  # a logistic draw with this scale has the spread asked for
    return math.exp(width * rng.logistic_quantile(draw) - 0.5 * spread * spread)


@rule
def is_set_up(draw, rate, factor):
    """Whether a possible mission is set up: its draw falls below the month's rate."""
    return draw < rate * factor


@step
def slot_draw(run, what, mission):
    """One of the draws of a possible mission, by its identity."""
    return rng.uniform(
        run.missions_key, rng.GENERATOR, kind=what, month=0, state=0, mission=mission
    )


@step
def factor_of_arrivals(world, run, month, group, region):
    """Factor on the arrival of missions; in past months only what a scenario adds."""
    factor = world.demand[month, group, region].new_missions
    if month < world.generator[0].first:
        return max(0.0, factor - 1.0)
    return factor * run.parameters[0, P.NEW_MISSIONS]


@step
def lay_out(world, run):
    """Decide which missions a run has; called before its first month, on a world of its own."""
    if world.charter.size == 0:
        return
    slots = world.generator[0].slots
    for mission in range(slots):
        keep_or_close(world, run, mission)
    for mission in range(slots, world.missions.size):
        set_up(world, run, mission)


@step
def keep_or_close(world, run, mission):
    """A documented mission, or one that a scenario opens: reduced or closed early by demand."""
    plan = world.charter[mission]
    row = world.missions[mission]
    row.end = plan.end
    begins = max(world.charter[plan.root].start, 0)
    root = world.charter[plan.root].identity
    if begins > world.span[1] and begins < world.demand.shape[0]:
        kept = world.demand[begins, plan.group, plan.region].new_missions
        if kept < 1.0 and slot_draw(run, EXISTS, root) >= kept:
            row.end = NEVER_SET_UP
            return
    first = max(plan.start, world.span[1])
    last = min(plan.end, world.span[2])
    left = -1.0
    for month in range(first, last):
        more = closing_factor(world, run, month, plan.group, plan.region) - 1.0
        if more > 0.0:
            if left < 0.0:
                left = -math.log(slot_draw(run, LENGTH, plan.identity))
            left -= more * world.generator[plan.group].closing
            if left <= 0.0:
                row.end = month
                return


@step
def closing_factor(world, run, month, group, region):
    """Factor on the closing of missions in a month; the lever counts after the data end."""
    factor = world.demand[month, group, region].closures
    if month >= world.generator[0].first:
        factor *= run.parameters[0, P.CLOSURES]
    return factor


@step
def set_up(world, run, mission):
    """One slot: draw whether it is a mission, and if so write its rows."""
    row = world.missions[mission]
    row.end = NEVER_SET_UP
    month = row.start
    draw = slot_draw(run, EXISTS, row.identity)
    which = slot_draw(run, CLASS, row.identity)
    place = slot_draw(run, PATTERN, row.identity)
    size = slot_draw(run, SIZE, row.identity)
    length = slot_draw(run, LENGTH, row.identity)
    total = 0.0
    for group in range(world.generator.size):
        total += world.generator[group].rate
    group = 0
    reached = world.generator[0].rate / total
    while which >= reached and group < world.generator.size - 1:
        group += 1
        reached += world.generator[group].rate / total
    pattern = chosen_pattern(world, group, place)
    if pattern < 0:
        return
    taken = world.archetypes[pattern]
    factor = factor_of_arrivals(world, run, month, group, taken.region)
    factor *= trends.comes_about(run.parameters[0, P.INTEREST_TILT], taken.interest)
    if not is_set_up(draw, total / 12.0, factor):
        return
    row.latitude = taken.latitude
    row.longitude = taken.longitude
    row.inland = taken.inland
    row.framework = taken.framework
    row.un_command = taken.un_command
    row.regional = 0
    regional = slot_draw(run, REGIONAL, row.identity)
    if taken.framework == UN_PKO and regional < run.parameters[0, P.REGIONAL_SHARE]:
        group = GROUP_COALITION
        row.framework = COALITION_UN_MANDATED
        row.un_command = 0
        row.regional = 1
    row.group = group
    row.region = taken.region
    row.host = taken.host
    row.disaster = taken.disaster
    row.end = last_month(
        world,
        run,
        month,
        group,
        region=taken.region,
        length=length_months(length, world.generator[group].form, world.generator[group].scale),
    )
    strength = taken.strength * size_factor(size, world.generator[0].spread)
    write_rows(world, run, mission, pattern, min(strength, world.generator[0].largest))


@step
def chosen_pattern(world, group, place):
    """The past mission from which a new one is taken, by weight within its class."""
    total = 0.0
    for i in range(world.archetypes.size):
        if world.archetypes[i].group == group:
            total += world.archetypes[i].weight
    reached = 0.0
    chosen = -1
    for i in range(world.archetypes.size):
        if world.archetypes[i].group == group:
            chosen = i
            reached += world.archetypes[i].weight / total
            if place < reached:
                return i
    return chosen


@step
def last_month(world, run, month, group, region, length):
    """The last month of a mission that lasts so long where closing is as documented."""
    lived = 0.0
    months = world.demand.shape[0]
    for now in range(month, months):
        lived += closing_factor(world, run, now, group, region)
        if lived >= length:
            return now
    return NEVER


@step
def write_rows(world, run, mission, pattern, strength):
    """Conditions, strength and others' people of a new mission, month by month of its life."""
    row = world.missions[mission]
    taken = world.archetypes[pattern]
    own = world.generator[0]
    last = min(row.end, world.demand.shape[0] - 1)
    peak = 0
    for state in range(world.states.size):
        world.distances[state, mission] = world.pattern_distances[state, pattern]
    fighting = min(1.0, taken.fighting * run.parameters[0, P.NEW_FIGHTING])
    for month in range(row.start, last + 1):
        demand = world.demand[month, row.group, row.region]
        now = world.mission_months[month, mission]
        now.ceasefire = taken.ceasefire
        now.consent = taken.consent
        now.rival = taken.rival
        now.force_level = taken.force_level
        now.protection = taken.protection
        now.fighting = fighting
        now.un_resolution = taken.un_resolution * demand.council
        now.interest = taken.interest
        now.robustness = demand.robustness
        now.hostile = own.hostile * fighting
        now.accident = own.accident
        for category in range(world.asked_by_category.shape[2]):
            world.asked_by_category[month, mission, category] = 0
        total = 0
        for kind in range(world.kinds.size):
            people = int(
                math.floor(strength * demand.scale * world.pattern_kinds[pattern, kind] + 0.5)
            )
            world.asked[month, mission, kind] = people
            category = world.kinds[kind].category
            world.asked_by_category[month, mission, category] += people
            if category < 3:
                total += people
        peak = max(peak, total)
        now.asked = total
        now.asked_peak = peak
        share = 0.0
        if month < own.others_decide:
            share = own.peers_share * min(1.0, (month - row.start) / own.peers_months)
        now.recorded = share * total
        now.recorded_ideal = 0.0
        for category in range(world.filled.shape[2]):
            world.filled[month, mission, category] = (
                share * world.asked_by_category[month, mission, category]
            )
