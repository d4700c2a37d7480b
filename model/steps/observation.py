"""What a state can see of a mission and of a place in it when it decides."""

from __future__ import annotations

from ..core import parameter_index as P
from ..core import rng
from ..core.jit import step
from ..rules import choice
from ..vocabulary import SETTING_LAND

NO_SITE = -1  # people for a mission, the place not told


@step
def seen(world, month, mission):
    """The month as which a mission is read: the one before, or its first where it is only now
    beginning, for then its mandate is read as written."""
    return max(month - 1, world.missions[mission].start, 0)


@step
def fighting_around(world, month, mission):
    """Fighting in the country of a mission, 0..1."""
    now = world.mission_months[seen(world, month, mission), mission].fighting
    return min(1.0, now + world.paths[max(month - 1, 0)].fighting)


@step
def fighting_at(world, month, mission, site):
    """Fighting within reach of a site, 0..1; without one, in the country."""
    if site < 0:
        return fighting_around(world, month, mission)
    now = world.site_fighting[seen(world, month, mission), site]
    return min(1.0, now + world.paths[max(month - 1, 0)].fighting)


@step
def fighting_near(world, month, mission, site):
    """Fighting at a site and in the country around it, in equal parts."""
    country = fighting_around(world, month, mission)
    if site < 0:
        return country
    return choice.read_by_law(fighting_at(world, month, mission, site), country)


@step
def stake(world, month, state, mission):
    """What a state has at stake with the side that a mission is directed against, up to 1; below 0
    with the host, on whose side the mission is."""
    for i in range(world.stakes.size):
        row = world.stakes[i]
        if row.state == state and row.mission == mission and row.first <= month < row.until:
            return row.level
    return world.ties[state, mission]


@step
def found_at(world, run, month, state, mission, site):
    """Fighting at a site as the state's survey found it, 0..1: a survey errs once on a place."""
    level = fighting_at(world, month, mission, site)
    if site < 0 or world.sites[site].setting != SETTING_LAND:
        return level
    draw = rng.uniform(
        run.key,
        rng.SURVEY,
        kind=0,
        month=0,
        state=world.states[state].identity,
        mission=world.sites[site].identity,
    )
    error = run.parameters[state, P.SURVEY_ERROR]
    return choice.surveyed(level, error, rng.logistic_quantile(draw))


@step
def fighting_in_law(world, run, month, state, mission, site):
    """Fighting as the law looks at it: the place as surveyed, and the country around it."""
    country = fighting_around(world, month, mission)
    if site < 0:
        return country
    return choice.read_by_law(found_at(world, run, month, state, mission, site), country)
