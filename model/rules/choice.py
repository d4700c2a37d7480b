"""Deliberation: what speaks for and against a contribution, and the choice that follows."""

from __future__ import annotations

import math

from ..core.jit import entry, rule


@rule
def risk(fighting, exposure, aversion):
    """Risk to the people sent: fighting near the force (0..1) x exposure of the kind x aversion."""
    return fighting * exposure * aversion


@rule
def unarmed(ease, weapons_risk, duty, duty_risk):
    """Factor on exposure from what the law lets people do with their weapons.

    Args:
        ease: share of the use of weapons that is open to them, 0..1.
        weapons_risk: how much more they are exposed where none is.
        duty: 1 where they may be told to rescue others.  duty_risk: how much that exposes them.
    """
    return 1.0 + weapons_risk * (1.0 - ease) + duty_risk * duty


@rule
def risk_once_there(full, share):
    """Risk as it counts for those already in place: work can pause in camp, and leaving under fire
    has a cost of its own.  Japan held on in Cambodia in May 1993 and in Juba in December 2013."""
    return full * share


@rule
def casualty_aversion(base, memory, sensitivity):
    """Aversion to casualties: a base, raised by the memory of own deaths (Oestman 2021)."""
    return base + sensitivity * memory


@rule
def robustness(force_level, protection):
    """How robust the mandate is, 0..1: force level 0..3 and the task to protect civilians 0/1."""
    return 0.25 * force_level + 0.25 * protection


@rule
def ceasefire_gap(fighting, ceasefire, has_condition):
    """Political cost of holding that a ceasefire stands while there is fighting, 0..1.

    Only a state whose law makes the ceasefire a condition pays it.  ``ceasefire`` is 0 where it
    fails, 0.5 where it holds in part, 1 where it holds.
    """
    return fighting * (1.0 - 0.5 * ceasefire) * has_condition


@rule
def distance_thousands(latitude_a, longitude_a, latitude_b, longitude_b):
    """Great-circle distance in thousands of kilometres (coordinates in degrees)."""
    a = math.radians(latitude_a)
    b = math.radians(latitude_b)
    half_latitude = math.sin((b - a) / 2.0)
    half_longitude = math.sin(math.radians(longitude_b - longitude_a) / 2.0)
    root = (
        half_latitude * half_latitude + math.cos(a) * math.cos(b) * half_longitude * half_longitude
    )
    return 12.742 * math.asin(math.sqrt(min(1.0, root)))


@rule
def affinity(own, others):
    """Closeness of ideal points in the General Assembly: 1 at the same point, less with distance.

    Ward and Dorussen 2016: states follow contributors that vote as they do.
    """
    return 1.0 / (1.0 + abs(own - others))


@rule
def foothold(people, typical):
    """Pull to stay of those in place: the logarithm of people over the usual size of their kind.
    Of the smallest quarter of units in the panel one in thirteen leaves in half a year, of the
    largest none."""
    return math.log(people / typical)


@rule
def task_done(months_in_place, cut, completes, years):
    """Pull to leave for a unit whose work gets done: years beyond the first, more in a mission that
    shrinks, as far as work of this kind ever is done.

    It grows for ``years`` only: a unit that is still there by then has been given other work.
    Japan's plans name the work of a unit; Korea's Assembly extends units by the year.

    Engineers finish (Timor, Haiti, Samawah; the official reason in South Sudan, DEC-021); a post on
    the Golan or in Lebanon does not.

    Args:
        cut: share by which the mission has been cut, 0..1.
        completes: share of this kind's work that comes to an end, 0..1.
        years: beyond the first, after which the pull grows no more.
    """
    served = min(years, max(0.0, months_in_place - 12.0) / 12.0)
    return served * (0.5 + 0.5 * cut) * completes


@rule
def probability(utility):
    """Logistic choice."""
    return 1.0 / (1.0 + math.exp(-utility))


@rule
def accepts(chance, draw):
    """A state accepts when its one draw for this mission falls below the probability."""
    return draw < chance


@rule
def inclusive(utility, scale):
    """What one alternative adds to its nest, before ``nest_weight``.

    Args:
        scale: 0..1; near 0 the alternatives of a nest are all but the same to a state, at 1 they
            have nothing more in common than with the rest of the menu.
    """
    return math.exp(utility / scale)


@rule
def nest_weight(total, scale):
    """Weight of a nest in the choice among nests, from the sum of ``inclusive`` (McFadden 1978):
    the exponential of its utility where it has one alternative, 0 where it has none."""
    if total <= 0.0:
        return 0.0
    return total**scale


@rule
def fraction(size, asked):
    """Logarithm of the share of the people asked for: 0 for all of them, less for fewer."""
    if asked <= 0 or size >= asked:
        return 0.0
    return math.log(size / asked)


@rule
def surveyed(level, error, draw_logit):
    """Fighting at a place as a survey finds it, 0..1.

    Args:
        level: what it is.  error: spread of the finding.
        draw_logit: a standard logistic draw, one for each state and place.
    """
    return min(1.0, max(0.0, level + error * draw_logit))


@rule
def around(place, country):
    """Fighting as a presence feels it: the place and the country around it, in equal parts."""
    return 0.5 * (place + country)


@rule
def risen(now, then):
    """How much more fighting there is than when the choice to come was made, 0..1."""
    return max(0.0, now - then)


@entry
def distance_table(states, missions, out):
    """Fill float64[S, M] with the distance from each capital to each theatre."""
    for state in range(states.size):
        here = states[state]
        for mission in range(missions.size):
            there = missions[mission]
            out[state, mission] = distance_thousands(
                here.latitude, here.longitude, there.latitude, there.longitude
            )
