"""Renewal and exit: the same choice made again, with what has changed since.

A unit leaves when its term ends and the choice no longer carries, when the law lapses or a
condition stays unmet, when the mission ends without a successor, or when it is cut to nothing.
"""

from __future__ import annotations

from ..core import parameter_index as P
from ..core import rng, utility_terms
from ..core.decision_trace import NOT_TRACED, write_down
from ..core.jit import step
from ..rules import choice, force_generation, law
from ..vocabulary import GROUP_UN, OBSERVER, POLICE, STAFF
from . import legal_gate
from .observation import seen
from .proposal import NOTHING, choose, consult_law, draw_up, stopped_by
from .response import ACCEPTED, REFUSED, open_need
from .utility import weigh_terms, weighted_sum

STAYING = 0  # value of ``leaves`` for people with no date of departure

# What ended a deployment, and the value of ``cause`` for each.
ENDS = (
    "",
    "mission_over",
    "handed_over",
    "resized",
    "law_lapsed",
    "law_bars",
    "condition_unmet",
    "drawdown",
    "renewal",
)
(
    NOT_ENDED,
    MISSION_OVER,
    HANDED_OVER,
    RESIZED,
    LAW_LAPSED,
    LAW_BARS,
    CONDITION_UNMET,
    DRAWDOWN,
    NOT_RENEWED,
) = range(len(ENDS))


@step
def end_by_law(world, run, month, state, deployment):
    """What of the law ends this deployment now, if anything: no leave in force, a bar, or a
    condition long unmet.  The provision is noted: that which bars it or whose condition is unmet,
    else the last that allowed it."""
    row = world.states[state]
    if row.first_provision == row.last_provision:
        return NOT_ENDED
    unit = run.deployments[deployment]
    found = legal_gate.at(
        world, run, month, state, mission=unit.mission, kind=unit.kind, framework=unit.framework
    )
    if found.answer == law.NEEDS_STATUTE:
        return LAW_LAPSED
    run.endings[deployment].provision = found.provision
    if found.answer == law.SHUT:
        if world.provisions[found.provision].effect == law.BAR:
            return LAW_BARS
        unit.suspended += 1
        if unit.suspended > run.parameters[state, P.SUSPENSION_MONTHS]:
            return CONDITION_UNMET
        return NOT_ENDED
    unit.suspended = 0
    return NOT_ENDED


@step
def draw_up_staying(run, unit, framework):
    """Begin a proposal to keep people in the field: a deployment, or recorded people."""
    draw_up(
        run,
        mission=unit.mission,
        kind=unit.kind,
        framework=framework,
        people=unit.people,
        ask=1.0,
    )


@step
def weigh_staying(world, run, month, state, unit):
    """Write the terms into ``run.terms``, with those that only a renewal has, and add them up."""
    p = run.parameters[state]
    weigh_terms(world, run, month, state)
    now = world.mission_months[seen(world, month, unit.mission), unit.mission]
    cut = force_generation.drawdown(now.asked, now.asked_peak)
    x = run.terms
    x[utility_terms.DRAWDOWN] = cut
    x[utility_terms.TASK_DONE] = choice.task_done(
        month - unit.since, cut, world.kinds[unit.kind].completes, p[P.TASK_YEARS]
    )
    earlier = world.mission_months[max(unit.since, 0), unit.mission].interest
    x[utility_terms.PARTNER_LEFT] = max(0.0, earlier - now.interest)
    x[utility_terms.NEED] = 0.0
    x[utility_terms.RISK] = choice.risk_once_there(x[utility_terms.RISK], p[P.RENEWAL_RISK])
    return weighted_sum(p, x)


@step
def renew(world, run, month, state, deployment):
    """Decide at the end of a term whether a deployment stays; returns True if it does.

    A renewal is a request by name: who is there is asked to stay.
    """
    unit = run.deployments[deployment]
    p = run.parameters[state]
    draw_up_staying(run, unit, unit.framework)
    legal = consult_law(world, run, month, state)
    utility = weigh_staying(world, run, month, state, unit)
    noise = p[P.RENEWAL_NOISE]
    if unit.kind == STAFF or unit.kind == OBSERVER:
        noise *= p[P.RENEWAL_OFFICER]
    shock = noise * rng.logistic_quantile(
        rng.for_mission(
            world, run, rng.RENEWAL, kind=unit.kind, month=month, state=state, mission=unit.mission
        )
    )
    willing = choose(world, run, state, utility + shock)
    draft = run.proposal[0]
    draft.stopped = stopped_by(world, run, month, state, legal, able=True, willing=willing)
    stays = draft.stopped == NOTHING
    trace = write_down(run, month, state, force_generation.RENEWAL, -1)
    if trace != NOT_TRACED:
        decision = run.decisions[trace]
        decision.outcome = ACCEPTED if stays else REFUSED
        decision.offered_kind = unit.kind
        decision.offered = unit.people if stays else 0
    return stays


@step
def reveal(world, run, month):
    """What historical data say about taste: who has people in a mission when it begins to decide
    has a liking for it that keeps them there, so its draw lies below the probability of staying
    now."""
    for i in range(world.initial.size):
        row = world.initial[i]
        if row.month != month:
            continue
        mission = world.missions[row.mission]
        draw_up_staying(run, row, mission.framework)
        stays = choice.probability(weigh_staying(world, run, month, row.state, row))
        run.taste[row.state, mission.root] = min(run.taste[row.state, mission.root], stays)


@step
def size_once_renewed(world, run, month, state, deployment):
    """People of a contingent in UN missions from its renewal on; elsewhere it stays as it is."""
    unit = run.deployments[deployment]
    row = world.kinds[unit.kind]
    p = run.parameters[state]
    spread = p[P.RESIZE_UNIT] if row.formed else p[P.RESIZE_OFFICER]
    if unit.kind == POLICE:
        spread = p[P.RESIZE_POLICE]
    if spread <= 0.0 or world.groups[unit.framework] != GROUP_UN:
        return unit.people
    draw = rng.for_mission(
        world, run, rng.RESIZE, kind=unit.kind, month=month, state=state, mission=unit.mission
    )
    room = open_need(world, run, month, unit.mission, unit.kind)
    minimum = min(unit.people, row.minimum) if row.formed else 1
    return force_generation.resized(
        people=unit.people,
        minimum=minimum,
        room=room,
        beyond=p[P.RESIZE_ROOM],
        spread=spread,
        draw_logit=rng.logistic_quantile(draw),
    )


@step
def end_by_drawdown(world, run, month, state, deployment):
    """Whether a shrinking UN mission lets this unit go.

    Units go in the order of one draw each: when a mission is down to a share of what it was when
    the unit came, those whose draw falls below the cut have left.
    """
    unit = run.deployments[deployment]
    if world.groups[unit.framework] != GROUP_UN or not world.kinds[unit.kind].formed:
        return False
    before = seen(world, month, unit.mission)
    then = world.mission_months[min(max(unit.since, 0), before), unit.mission].asked
    now = world.mission_months[before, unit.mission].asked
    if now >= then:
        return False
    draw = rng.for_mission(
        world, run, rng.DRAWDOWN, kind=unit.kind, month=0, state=state, mission=unit.mission
    )
    return force_generation.is_let_go(draw, force_generation.drawdown(now, then))
