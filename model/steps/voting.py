"""Politics: which parties stand behind a dispatch, and whether the body that must agree does."""

from typing import NamedTuple

from ..core import parameter_index as P
from ..core import rng
from ..core.jit import rule, step
from ..rules import authorisation
from ..vocabulary import (
    COALITION_COMBAT,
    COALITION_SUPPORT,
    GROUP_COALITION,
    GROUP_UN,
    NAVAL_CLASS,
    RELIEF_CLASS,
    STANCE_COMBAT,
    STANCE_NAVAL,
    STANCE_RELIEF,
    STANCE_TRAINING,
    TRAINING_CLASS,
    UN_INFANTRY,
    UN_SUPPORT,
)

NO_HOUSE = -1.0  # share of a house that has no say


class Vote(NamedTuple):
    """What the authorising body decided, and from what."""

    carried: bool
    lower: float  # share of seats in support in the lower or only house; 1 without a vote
    upper: float  # the same in the upper house; ``NO_HOUSE`` where it has no say
    present: float  # share of seats that vote
    partner: float  # acceptance by the coalition partner; 1 without one


@rule
def stance_class(kind_stance, group):
    """Class of dispatch that parties tell apart, from the kind's own stance and the framework.

    Codes follow ``vocabulary.STANCE_CLASSES``, and ``kind_stance`` ``vocabulary.KIND_STANCES``.
    """
    if kind_stance == STANCE_NAVAL:
        return NAVAL_CLASS
    if kind_stance == STANCE_TRAINING:
        return TRAINING_CLASS
    if kind_stance == STANCE_RELIEF:
        return RELIEF_CLASS
    if group == GROUP_COALITION:
        return COALITION_COMBAT if kind_stance == STANCE_COMBAT else COALITION_SUPPORT
    if group == GROUP_UN:
        return UN_INFANTRY if kind_stance == STANCE_COMBAT else UN_SUPPORT
    return RELIEF_CLASS


@step
def houses(seats, government, opposition, opinion, swing, draw):
    """Share of seats in support in the lower or only house, and in the upper.  What the review of
    the governing parties has passed they vote for as one; what it has not is lost.
    """
    government = 1.0 if government >= 0.5 else 0.0
    lower = authorisation.support(seats.lower, government, opposition, opinion, swing, draw)
    upper = authorisation.support(seats.upper, government, opposition, opinion, swing, draw)
    return lower, upper


@step
def authorise(world, run, month, state, mission, kind, framework, authoriser, conceded):
    """Whether the authorising body agrees, and the shares of seats behind it; see ``Vote``.

    Args:
        conceded: the motion gives way in size or place, and wins over some of the opposition.
    """
    regime = world.states[state].regime
    if authoriser < authorisation.CABINET or regime == 0:
        return Vote(carried=True, lower=1.0, upper=NO_HOUSE, present=1.0, partner=1.0)
    before = max(month - 1, 0)
    p = run.parameters[state]
    seats = world.politics[before, regime]
    group = world.groups[framework]
    stance = world.stances[before, regime, stance_class(world.kinds[kind].stance, group)]
    partner = stance.partner if seats.partner > 0.0 else 1.0
    if authoriser == authorisation.CABINET:
        return Vote(carried=partner >= 0.5, lower=1.0, upper=NO_HOUSE, present=1.0, partner=partner)
    opinion = run.states[state].opinion_un
    if group == GROUP_COALITION:
        opinion = run.states[state].opinion_coalition
    draw = rng.for_mission(
        world, run, rng.VOTE, kind=kind, month=month, state=state, mission=mission
    )
    opposed = stance.opposition
    if conceded:
        opposed += p[P.VOTE_CONCESSION]
    lower, upper = houses(seats, stance.government, opposed, opinion - 0.5, p[P.VOTE_SWING], draw)
    if authoriser == authorisation.ASSEMBLY:
        present = 1.0
        if stance.walkout > 0.0:  # who walks out supports nothing
            present = p[P.WALKOUT_TURNOUT]
            lower = min(lower, seats.lower)
        carried = authorisation.carried(lower, present)
        return Vote(carried=carried, lower=lower, upper=NO_HOUSE, present=present, partner=1.0)
    overrides = seats.override > 0.0
    carried = authorisation.diet_carries(lower, upper, overrides, partner)
    if overrides:
        upper = NO_HOUSE
    return Vote(carried=carried, lower=lower, upper=upper, present=1.0, partner=partner)
