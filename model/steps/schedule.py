"""The order of a month, in four steps that both engines walk.

1. ``begin``: reforms move on, missions close or hand over, people arrive or leave, requests go out.
2. ``deliberate``: each deliberating state renews or ends what it has, and answers what it is asked.
3. ``settle``: offers beyond the need are scaled; promises become deployments.
4. ``live``: opinion, memory, experience, training and dialogue move on, state by state.

Steps 2 and 4 are called state by state.  No state sees what another decides in the same month.
"""

from __future__ import annotations

from ..core import parameter_index as P
from ..core import records
from ..core.jit import month_step, step
from ..rules.law import NEEDS_STATUTE
from . import pending_requests
from .deployments import (
    NO_DEPLOYMENT,
    NO_GIVEN,
    NO_NOTICE,
    carry_over,
    given,
    hand_over,
    impose,
    resize,
    settle,
    withdraw,
)
from .legislation import legislate, press
from .proposal import BY_LAW, NOTHING
from .renewal import (
    DRAWDOWN,
    GIVEN,
    NOT_ENDED,
    NOT_RENEWED,
    end_by_drawdown,
    end_by_law,
    next_term,
    renew,
    reveal,
)
from .request_rounds import approach, issue_documented, issue_rounds, request_by_name
from .response import respond
from .state_update import live

__all__ = ["begin", "deliberate", "live", "settle"]


@month_step
def begin(world, run, month):
    """Step 1 of a month; see the module."""
    run.counts[records.REQUESTS] = 0
    run.counts[records.OFFERS] = 0
    legislate(world, run, month)
    carry_over(world, run, month)
    impose(world, run, month)
    reveal(world, run, month)
    issue_documented(world, run, month)
    issue_rounds(world, run, month)


@month_step
def deliberate(world, run, month, state):
    """Step 2 of a month for one state; see the module."""
    if month < world.states[state].deliberates or month >= world.states[state].until:
        return
    review(world, run, month, state)
    approach(world, run, month, state)
    for number in range(run.counts[records.REQUESTS]):
        if is_answered(world, run, month, state, number):
            respond(world, run, month, state, number)
    reopen(world, run, month, state)


@step
def review(world, run, month, state):
    """Renew or end what the state has in the field."""
    here = run.states[state].head
    while here != NO_DEPLOYMENT:
        unit = run.deployments[here]
        following = unit.next
        mission = world.missions[unit.mission]
        by_law = NOT_ENDED
        held = given(world, month, state, unit.mission, unit.kind)
        if month <= mission.end and held == NO_GIVEN:
            by_law = end_by_law(world, run, month, state, here)
        if month > mission.end:
            hand_over(world, run, month, state, here)
        elif held != NO_GIVEN:
            if world.givens[held].people == 0:
                withdraw(world, run, month, state, deployment=here, cause=GIVEN)
        elif by_law != NOT_ENDED:
            withdraw(world, run, month, state, deployment=here, cause=by_law)
            if unit.ask >= 0:
                interest = world.asks[unit.ask].interest
                press(
                    world,
                    run,
                    state,
                    kind=unit.kind,
                    framework=unit.framework,
                    interest=interest,
                    refused=True,
                )
                pending_requests.keep(
                    world, run, month, state, ask=unit.ask, stopped=BY_LAW, answer=NEEDS_STATUTE
                )
        elif unit.notice > NO_NOTICE:
            if month >= unit.notice:
                withdraw(world, run, month, state, deployment=here, cause=NOT_RENEWED)
                pause(world, run, month, state, unit.mission)
        elif unit.arrives < month and end_by_drawdown(world, run, month, state, here):
            withdraw(world, run, month, state, deployment=here, cause=DRAWDOWN)
        elif unit.arrives < month and month >= unit.term:
            people = renew(world, run, month, state, here)
            if people > 0:
                unit.term = next_term(world, run, month, state, here)
                if people != unit.people:
                    resize(world, run, month, state, deployment=here, people=people)
            else:
                unit.notice = month + int(run.parameters[state, P.NOTICE_MONTHS])
                if unit.notice <= month:
                    withdraw(world, run, month, state, deployment=here, cause=NOT_RENEWED)
                    pause(world, run, month, state, unit.mission)
        here = following


@step
def pause(world, run, month, state, mission):
    """Whoever left of its own will is not approached again at once for that line of missions."""
    root = world.missions[mission].root
    run.back[state, root] = month + int(run.parameters[state, P.PAUSE_MONTHS])


KEPT, GONE = -1, -2  # of a refused request: it stays as it is, it stands no more


@step
def taken_up(world, run, month, state, place):
    """Number of the request as which a refused one is made again, or ``KEPT`` or ``GONE``."""
    entry = run.pending[place]
    if not pending_requests.is_live(world, month, entry):
        return GONE
    if pending_requests.has_moved(world, run, month, entry):
        ask = world.asks[entry.ask]
        held = given(world, month, state, ask.mission, ask.kind)
        if held == NO_GIVEN and (run.kinds_here[state, ask.mission] >> ask.kind) & 1 == 0:
            return request_by_name(world, run, entry.ask, month)
    return KEPT


@step
def is_answered(world, run, month, state, number):
    """Whether a request reaches a state, and who is in the field is not given anyway."""
    row = run.requests[number]
    reached = run.reached[number]
    return reached and given(world, month, state, row.mission, row.kind) == NO_GIVEN


@step
def reopen(world, run, month, state):
    """Take up what was refused by name when what stood in its way has changed."""
    kept = 0
    for i in range(run.counts[records.PENDINGS]):
        stays = True
        if run.pending[i].state == state:
            number = taken_up(world, run, month, state, i)
            stays = number == KEPT
            if number >= 0:
                stays = respond(world, run, month, state, number) != NOTHING
        if stays:
            if kept != i:
                run.pending[kept] = run.pending[i]
            kept += 1
    run.counts[records.PENDINGS] = kept
