"""Casualties among a state's own people."""

import math

from ..core.jit import rule


@rule
def incident_chance(deaths_per_person_month, people, exposure):
    """Chance of a fatal incident in an own contingent in a month."""
    return 1.0 - math.exp(-deaths_per_person_month * people * exposure)


@rule
def deaths_in_incident(draw, chance):
    """People killed, given that ``draw`` fell below ``chance``: mostly one, seldom more."""
    place = draw / chance
    if place < 0.05:
        return 4
    if place < 0.2:
        return 2
    return 1
