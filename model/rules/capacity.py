"""Capacity: what it costs to send one more, service by service; trained people; experience."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..core import parameter_index as P
from ..core.jit import rule, step
from ..vocabulary import (
    SERVICE_AIR,
    SERVICE_GROUND,
    SERVICE_HELICOPTER,
    SERVICE_MEDICAL,
    SERVICE_SEA,
)

LEAST_COMFORT = 0.25  # slots: what follows from a quarter of a small unit is never divided by less


@rule
def slot_load(size, small, large):
    """Load of a formed unit: half below ``small`` people, one up to ``large``, then more."""
    if size < small:
        return 0.5
    return 1.0 + max(0.0, size - large) / (2.0 * large)


@rule
def generic_slots(active_forces, per_log, base):
    """Load that a state without a record of its own carries with ease: it grows with the logarithm
    of active forces."""
    return max(0.5, base + per_log * math.log(max(active_forces, 100.0) / 10000.0))


@rule
def strain_cost(load, comfort, power):
    """Cost of using a service: the load over what is carried with ease, raised to ``power``.

    Convex: the last unit costs more than the first, and no number forbids a further one.  Japan ran
    Golan, Haiti and South Sudan together in 2012 and did not add Sudan in 2005 to Iraq, tsunami
    relief and Golan (DEC-007, DEC-017).
    """
    return (max(load, 0.0) / comfort) ** power


@rule
def congestion(load, added, comfort, power):
    """What ``added`` load costs on top of ``load``.  With a smaller load it is never more."""
    before = strain_cost(load, comfort, power)
    return strain_cost(load + added, comfort, power) - before


@rule
def congestion_of_staying(load, own, comfort, power):
    """What others' load adds to the cost of keeping ``own`` load, which is part of ``load``: nought
    where there is no other."""
    return congestion(load - own, own, comfort, power) - strain_cost(own, comfort, power)


@rule
def strain_next(strain, load, recovery):
    """Load in the field, or what is left of an earlier one: crews and machines recover by the share
    ``recovery`` a month."""
    return max(load, strain * (1.0 - recovery))


@rule
def spared(slots, deficit, threat):
    """Slots that a state can spare abroad: threat at home takes the share ``deficit`` of them for
    each unit.

    Demand for security rises where threat does, and what can be given falls (KAN-108).
    """
    return slots * max(0.0, 1.0 - deficit * threat)


@rule
def ready_people(active_forces, deployable_share, in_field):
    """People who can be sent: a unit in the field ties up about three of its size
    (deployed, preparing, recovering)."""
    return max(0.0, active_forces * deployable_share - 3.0 * in_field) / 3.0


@rule
def experience_next(experience, people, decay):
    """Stock of experience: fades by ``decay`` a month, grows with hundreds of people abroad."""
    return experience * (1.0 - decay) + people / 100.0


@rule
def experience_kept(people, decay):
    """Stock of experience of a state that has always had so many people abroad: the steady state of
    ``experience_next``."""
    return people / 100.0 / decay


@rule
def staff_pool_next(pool, usual, centres, rate, decay):
    """Stock of trained staff officers and observers (people).

    Schools at home keep up the ``usual`` stock as people move on; training centres for peacekeeping
    add ``rate`` each a month after their delay.  Instructors abroad are other people: engineers who
    teach engineers are not missed as staff officers.
    """
    return max(0.0, pool + decay * (usual - pool) + rate * centres)


@rule
def shortened(months, factor):
    """Months to arrival times a factor, at least one where it took any."""
    if factor == 1.0:
        return months
    return max(min(1, months), int(math.floor(months * factor + 0.5)))


@rule
def in_force(month, first, until, ramp):
    """How far a dated change is in force, 0..1: reached over ``ramp`` months from ``first``, until
    the month before ``until``."""
    if month < first or month >= until:
        return 0.0
    if ramp > 0:
        return min(1.0, (month - first + 1.0) / ramp)
    return 1.0


class Factors(NamedTuple):
    """What the changes that a scenario dates make of a state's individuals and lead times."""

    pool: float  # factor on its pool of individuals of a kind
    lead_time: float  # factor on the months from decision to arrival


@step
def factors(world, month, state, kind):
    """The product of the ``Factors`` that a scenario dates for a state and a kind."""
    pool = 1.0
    lead_time = 1.0
    for i in range(world.levies.size):
        levy = world.levies[i]
        if levy.state == state and (levy.kinds >> kind) & 1 == 1:
            share = in_force(month, levy.first, levy.until, levy.ramp)
            pool *= 1.0 + share * (levy.pool - 1.0)
            lead_time *= 1.0 + share * (levy.lead_time - 1.0)
    return Factors(pool=pool, lead_time=lead_time)


@step
def load_of(world, p, kind, people):
    """Load of a contingent on its service, in slots; individuals have none."""
    row = world.kinds[kind]
    if not row.formed:
        return 0.0
    return row.load * slot_load(people * 1.0, p[P.LOAD_SMALL], p[P.LOAD_LARGE])


@step
def comfort(world, p, month, state, service):
    """Load of a service that a state carries with ease, in slots: its own documented number, which
    moves as a scenario moves its forces, or one from its forces; less what threat leaves to spare.
    """
    slots = p[P.SLOTS]
    home = world.state_months[month, state]
    if slots <= 0.0:
        slots = generic_slots(home.forces, p[P.SLOTS_PER_LOG], p[P.SLOTS_BASE])
    else:
        slots += p[P.SLOTS_PER_LOG] * home.armed
    slots += p[P.SLOTS_ADDED]
    threat = home.threat * p[P.HOME_THREAT]
    slots = spared(slots, p[P.SECURITY_DEFICIT], threat)
    if service == SERVICE_HELICOPTER:
        slots *= p[P.COMFORT_HELICOPTER]
    elif service == SERVICE_AIR:
        slots *= p[P.COMFORT_AIR]
    elif service == SERVICE_SEA:
        slots *= p[P.COMFORT_SEA]
    elif service == SERVICE_MEDICAL:
        slots *= p[P.COMFORT_MEDICAL]
    return max(slots, LEAST_COMFORT)


@step
def in_use(world, run, month, state, service):
    """Load that a service carries: in the field, promised or recovering, and for ground forces what
    binds them at home.  A state without slots of its own has one load for all its services."""
    if run.parameters[state, P.SLOTS] > 0.0:
        load = max(run.loads[state, service], run.strain[state, service])
        if service == SERVICE_GROUND:
            load += world.state_months[month, state].crisis
        return load
    load = world.state_months[month, state].crisis
    for other in range(run.loads.shape[1]):
        load += run.loads[state, other]
    return load
