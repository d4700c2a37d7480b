"""Capacity: what binds is slots and specialists, not heads."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..core.jit import rule, step


@rule
def slot_load(size, small, large):
    """Slots that a formed unit takes: half below ``small`` people, one up to ``large``, then more.

    Japan ran Golan (45), Haiti (350) and South Sudan (330) together in 2012, and could not add
    Sudan in 2005 to Iraq (600), tsunami relief (230) and Golan (DEC-007).
    """
    if size < small:
        return 0.5
    return 1.0 + max(0.0, size - large) / (2.0 * large)


@rule
def generic_slots(active_forces, per_log, base):
    """Slots of a state without a record of its own: grows with the logarithm of active forces."""
    return max(0.5, base + per_log * math.log(max(active_forces, 100.0) / 10000.0))


@rule
def headroom(slots, used, crisis):
    """Free slots after deployments and crises at home; negative when overstretched."""
    return slots - used - crisis


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
def staff_pool_next(pool, usual, centres, instructors_abroad, rate, decay, missed):
    """Stock of trained staff officers, observers and instructors (people).

    Schools at home keep up the ``usual`` stock as people move on; training centres for peacekeeping
    add ``rate`` each a month after their delay; instructors abroad are missed at home.
    """
    return max(0.0, pool + decay * (usual - pool) + rate * centres - missed * instructors_abroad)


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
