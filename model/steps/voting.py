"""Politics: which parties stand behind a dispatch, and whether the body that must agree does."""

from __future__ import annotations

from ..core import parameter_index as P
from ..core import rng
from ..core.jit import rule, step
from ..rules import authorisation
from ..vocabulary import GROUP_COALITION, GROUP_UN


@rule
def stance_class(kind_stance, group):
    """Class of dispatch that parties tell apart, from the kind's own stance and the framework.

    Codes follow ``kinds.STANCE_CLASSES``; ``kind_stance`` is 0 combat, 1 support, 2 naval,
    3 training, 4 relief, 5 none.
    """
    if kind_stance == 2:
        return 4
    if kind_stance == 3:
        return 5
    if kind_stance == 4:
        return 6
    if group == GROUP_COALITION:
        return 3 if kind_stance == 0 else 2
    if group == GROUP_UN:
        return 1 if kind_stance == 0 else 0
    return 6


@step
def authorise(world, run, month, state, mission, kind, framework, authoriser):
    """Whether the authorising body agrees, and the share of seats behind it (1 without a vote)."""
    regime = world.states[state].regime
    if authoriser < authorisation.CABINET or regime == 0:
        return True, 1.0
    before = max(month - 1, 0)
    p = run.parameters[state]
    seats = world.politics[before, regime]
    group = world.groups[framework]
    stance = world.stances[before, regime, stance_class(world.kinds[kind].stance, group)]
    partner = stance.partner if seats.partner > 0.0 else 1.0
    if authoriser == authorisation.CABINET:
        return partner >= 0.5, 1.0
    opinion = run.states[state].opinion_un
    if group == GROUP_COALITION:
        opinion = run.states[state].opinion_coalition
    draw = rng.for_mission(
        world, run, rng.VOTE, kind=kind, month=month, state=state, mission=mission
    )
    lower = authorisation.support(
        bloc=seats.lower,
        bloc_acceptance=stance.government,
        opposition_acceptance=stance.opposition,
        opinion=opinion - 0.5,
        swing=p[P.VOTE_SWING],
        luck=draw,
    )
    if authoriser == authorisation.ASSEMBLY:
        present = p[P.WALKOUT_TURNOUT] if stance.walkout > 0.0 else 1.0
        return authorisation.carried(lower, present), lower
    upper = authorisation.support(
        bloc=seats.upper,
        bloc_acceptance=stance.government,
        opposition_acceptance=stance.opposition,
        opinion=opinion - 0.5,
        swing=p[P.VOTE_SWING],
        luck=draw,
    )
    return authorisation.diet_carries(lower, upper, seats.override > 0.0, partner), lower
