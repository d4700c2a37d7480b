"""Public opinion: slow for UN missions, moved by events for coalitions."""

import math

from ..core.jit import rule


@rule
def un_target(floor, ceiling, experience, scale):
    """Level towards which support for UN missions drifts: familiarity breeds support.

    Japan: 58.9 in fiscal 1994, 85.2 in 2010 (Cabinet Office series), as missions were done safely.
    """
    return floor + (ceiling - floor) * (1.0 - math.exp(-experience / scale))


@rule
def un_next(level, target, speed, reform_salience, reform_cost, deaths, death_cost):
    """Support for UN missions a month later, 0..1.

    The debate about a reform itself costs support (Japan 81.0 in 2014, 73.5 in late 2016).
    """
    moved = level + speed * (target - level) - reform_cost * reform_salience - death_cost * deaths
    return min(1.0, max(0.0, moved))


@rule
def coalition_next(level, base, speed, asked, asked_cost, deaths, death_cost):
    """Support for coalition missions a month later, 0..1: falls with controversy and deaths, then
    returns.  Korea on Iraq: 48-45 in March 2003, 33-63 in June 2004."""
    moved = level + speed * (base - level) - asked_cost * asked - death_cost * deaths
    return min(1.0, max(0.0, moved))


@rule
def memory_next(memory, deaths, decay):
    """Memory of own deaths: fades by ``decay`` a month."""
    return memory * (1.0 - decay) + deaths


@rule
def attention_next(attention, incidents, decay):
    """Incidents that the public still follows: fade by ``decay`` a month."""
    return attention * (1.0 - decay) + incidents
