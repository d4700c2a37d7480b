"""What a state can see of a mission and of a place in it when it decides."""

from __future__ import annotations

from ..core import parameter_index as P
from ..core import rng
from ..core.jit import step
from ..rules import choice, trends
from ..vocabulary import CATEGORY_POLICE, CIVILIAN, ELECTION, GROUP_UN, SETTING_LAND

NO_SITE = -1  # people for a mission, the place not told


@step
def seen(world, month, mission):
    """The month as which a mission is read: the one before, or its first where it is only now
    beginning, for then its mandate is read as written."""
    return max(month - 1, world.missions[mission].start, 0)


@step
def is_civil(world, kind):
    """Whether people of a kind are police, civilians or election observers."""
    category = world.kinds[kind].category
    return category == CATEGORY_POLICE or kind == CIVILIAN or kind == ELECTION


@step
def asked_of_kind(world, run, month, mission, kind):
    """People of a kind whom a mission asks for; see ``asked_beyond``."""
    return asked_beyond(world, run, month, mission, kind, world.asked[month, mission, kind])


@step
def asked_beyond(world, run, month, mission, kind, people):
    """People of a kind whom a mission asks for, of whom its mandate names ``people``: police and
    civilians of UN missions as the run's parameters move them."""
    if world.missions[mission].group != GROUP_UN or not is_civil(world, kind):
        return people
    p = run.parameters[0]
    posts = p[P.CIVILIAN_POSTS] if kind == CIVILIAN else 0.0
    if p[P.CIVIL_DEMAND] == 1.0 and posts == 0.0:
        return people
    strength = world.mission_months[month, mission].asked
    return trends.asked_for(people, p[P.CIVIL_DEMAND], posts, strength)


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
    return choice.around(fighting_at(world, month, mission, site), country)


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
    """Fighting at a site as the state's survey found it, 0..1: a survey errs once on a place.  It
    is what the law looks at, for its tests are of the area of activity; of no site, the country."""
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
