"""Renewal and exit: the same choice made again, with what has changed since.

A unit leaves when its term ends and the choice no longer carries, when the law lapses or a condition
stays unmet, when the mission ends without a successor, or when it is cut to nothing.
"""

from __future__ import annotations

from . import deliberation, demand, dispatch, law, luck, proposal, shapes, terms
from . import parameters as P
from .answer import ACCEPTED, BY_CHOICE, BY_LAW, BY_VOTE, NOTHING, REFUSED, is_traced, write_down
from .compiled import step
from .kinds import GROUP_UN

STAYING = 0  # value of ``leaves`` for people with no date of departure


@step
def end_law(world, run, month, state, deployment):
    """Whether the law ends this deployment now: no leave in force, or a condition unmet too long."""
    row = world.states[state]
    if row.first_provision == row.last_provision:
        return False
    unit = run.deployments[deployment]
    answer, provision, _, _, _, _, _ = proposal.gate(
        world, run, month, state, unit.mission, unit.kind, unit.framework
    )
    if answer == law.NEEDS_STATUTE:
        return True
    if answer == law.SHUT:
        if world.provisions[provision].effect == law.BAR:
            return True
        unit.suspended += 1
        return unit.suspended > run.parameters[state, P.SUSPENSION_MONTHS]
    unit.suspended = 0
    return False


@step
def add_renewal_terms(world, run, month, mission, since):
    """Terms that only a renewal has, written beside the others into ``run.terms``."""
    before = max(month - 1, 0)
    now = world.mission_months[before, mission]
    asked = 0
    for category in range(3):
        asked += world.asked_by_category[before, mission, category]
    cut = dispatch.drawdown(asked * 1.0, run.missions[mission].asked_peak * 1.0)
    run.terms[terms.DRAWDOWN] = cut
    run.terms[terms.TASK_DONE] = deliberation.task_done(month - since * 1.0, cut)
    earlier = world.mission_months[max(since, 0), mission].interest
    run.terms[terms.PARTNER_LEFT] = max(0.0, earlier - now.interest)
    run.terms[terms.NEED] = 0.0


@step
def renew(world, run, month, state, deployment):
    """Decide at the end of a term whether a deployment stays; returns True if it does."""
    unit = run.deployments[deployment]
    p = run.parameters[state]
    mission = unit.mission
    kind = unit.kind
    framework = unit.framework
    run.count[shapes.ANSWERED] += 1
    answer, provision, authoriser, _, _, _, _ = proposal.gate(
        world, run, month, state, mission, kind, framework
    )
    proposal.weigh_terms(world, run, month, state, mission, kind, framework, 0.0, 0.0, 0.0)
    add_renewal_terms(world, run, month, mission, unit.since)
    shock = 0.0
    if p[P.RENEWAL_NOISE] > 0.0:
        shock = p[P.RENEWAL_NOISE] * luck.logistic_quantile(
            proposal.uniform(
                run,
                luck.RENEWAL,
                kind,
                month,
                world.states[state].identity,
                world.missions[mission].identity,
            )
        )
    utility = proposal.weighted_sum(p, run.terms) + shock
    chance = deliberation.probability(utility)
    run.count[shapes.EXPONENTIALS] += 1
    draw = proposal.taste(world, run, state, mission)
    stopped = NOTHING
    support = 0.0
    if answer > law.OPEN_AFTER_LEAD:
        stopped = BY_LAW
    elif not deliberation.accepts(chance, draw):
        stopped = BY_CHOICE
    else:
        carried, support = proposal.vote(
            world, run, month, state, mission, kind, framework, authoriser
        )
        if not carried:
            stopped = BY_VOTE
    if is_traced(world, run, month, state, mission):
        trace = write_down(
            world,
            run,
            month,
            state,
            mission,
            kind,
            unit.people,
            demand.RENEWAL,
            0,
            -1,
            answer,
            provision,
            authoriser,
            chance,
            draw,
            support,
            0.0,
            0.0,
            stopped,
        )
        decision = run.decisions[trace]
        decision.outcome = ACCEPTED if stopped == NOTHING else REFUSED
        decision.offered_kind = kind
        decision.offered = unit.people if stopped == NOTHING else 0
    return stopped == NOTHING


@step
def review_is_due(world, run, month, deployment):
    """A review off the calendar: the mission is cut by more than a quarter within a month."""
    unit = run.deployments[deployment]
    if world.groups[unit.framework] != GROUP_UN or not world.kinds[unit.kind].formed:
        return False
    category = world.kinds[unit.kind].category
    now = world.asked_by_category[month, unit.mission, category]
    earlier = world.asked_by_category[max(month - 1, 0), unit.mission, category]
    return now < 0.75 * earlier
