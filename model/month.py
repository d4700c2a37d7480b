"""The order of a month, in four steps that both engines walk.

1. ``begin``: missions close or hand over, people arrive or leave, requests go out.
2. ``deliberate``: each deliberating state renews or ends what it has, and answers what it is asked.
3. ``settle``: offers beyond the need are scaled; promises become deployments.
4. ``live``: opinion, memory, experience, training and dialogue move on, state by state.

Steps 2 and 4 are called state by state.  No state sees what another decides in the same month.
"""

from __future__ import annotations

from . import demand, proposal, shapes
from . import parameters as P
from .answer import BY_LAW, keep_pending, respond
from .compiled import rule, step
from .deployment import NO_DEPLOYMENT, carry_over, hand_over, is_open, withdraw
from .law import NEEDS_STATUTE, OPEN_AFTER_LEAD
from .life import live
from .renewal import end_law, renew, review_is_due
from .rounds import is_approached, issue_documented, issue_rounds
from .settlement import settle

__all__ = ["begin", "deliberate", "live", "settle"]


@rule
def begin(world, run, month):
    """Step 1 of a month; see the module."""
    run.count[shapes.REQUESTS] = 0
    run.count[shapes.OFFERS] = 0
    carry_over(world, run, month)
    for mission in range(world.missions.size):
        asked = 0
        for category in range(3):
            asked += world.asked_by_category[month, mission, category]
        peak = run.missions[mission].asked_peak
        run.missions[mission].asked_peak = max(asked, peak)
    issue_documented(world, run, month)
    issue_rounds(world, run, month)


@rule
def deliberate(world, run, month, state):
    """Step 2 of a month for one state; see the module."""
    if month < world.states[state].deliberates or month >= world.states[state].until:
        return
    review(world, run, month, state)
    for number in range(run.count[shapes.REQUESTS]):
        row = run.requests[number]
        if row.state >= 0:
            if row.state == state:
                respond(
                    world,
                    run,
                    month,
                    state,
                    number,
                    row.mission,
                    row.kind,
                    row.people,
                    row.people,
                    1.0,
                    row.ally,
                    row.crisis,
                    row.interest,
                    row.reason,
                    row.ask,
                )
        elif (run.kinds_here[state, row.mission] >> row.kind) & 1 == 0:
            if world.missions[row.mission].host == state:
                continue
            if is_approached(world, run, month, state, row.mission, row.kind):
                respond(
                    world,
                    run,
                    month,
                    state,
                    number,
                    row.mission,
                    row.kind,
                    0,
                    row.people,
                    0.0,
                    0,
                    0,
                    0.0,
                    row.reason,
                    -1,
                )
    reopen(world, run, month, state)


@step
def review(world, run, month, state):
    """Renew or end what the state has in the field."""
    here = run.states[state].head
    while here != NO_DEPLOYMENT:
        unit = run.deployments[here]
        following = unit.next
        mission = world.missions[unit.mission]
        if month > mission.end:
            hand_over(world, run, month, state, here)
        elif end_law(world, run, month, state, here):
            withdraw(world, run, month, state, here)
            if unit.ask >= 0:
                keep_pending(world, run, month, state, unit.ask, BY_LAW, NEEDS_STATUTE)
        elif unit.arrives < month:
            if month >= unit.term or review_is_due(world, run, month, here):
                if renew(world, run, month, state, here):
                    if month >= unit.term:
                        unit.term = month + int(run.parameters[state, P.TERM_MONTHS])
                else:
                    withdraw(world, run, month, state, here)
        here = following


@step
def reopen(world, run, month, state):
    """Take up what was refused by name when something named has changed: the law, the cabinet, or
    the month to which it was put off."""
    kept = 0
    regime = world.states[state].regime
    for i in range(run.count[shapes.PENDINGS]):
        entry = run.pending[i]
        stays = True
        if entry.state == state:
            ask = world.asks[entry.ask]
            stays = month < entry.expires and is_open(world, month, ask.mission)
            if stays:
                before = max(month - 1, 0)
                government = int(world.politics[before, regime].government)
                answer, _, _, _, _, _, _ = proposal.gate(
                    world,
                    run,
                    month,
                    state,
                    ask.mission,
                    ask.kind,
                    world.missions[ask.mission].framework,
                )
                moved = (entry.answer >= NEEDS_STATUTE and answer <= OPEN_AFTER_LEAD) or (
                    government != entry.government or month == entry.retry
                )
                entry.answer = answer
                entry.government = government
                if moved and (run.kinds_here[state, ask.mission] >> ask.kind) & 1 == 0:
                    _, stopped = respond(
                        world,
                        run,
                        month,
                        state,
                        -1,
                        ask.mission,
                        ask.kind,
                        ask.people,
                        ask.people,
                        1.0,
                        ask.ally,
                        ask.crisis,
                        ask.interest,
                        demand.ALLY if ask.ally else demand.DOCUMENTED,
                        entry.ask,
                    )
                    stays = stopped != 0
        if stays:
            if kept != i:
                run.pending[kept] = run.pending[i]
            kept += 1
    run.count[shapes.PENDINGS] = kept
