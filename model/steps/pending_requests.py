"""Refused direct requests stay pending until what stopped each has changed.

The law, a ceasefire, the cabinet, the load that was carried, or the month to which a vote was put
off: then the request is made again.
"""

from __future__ import annotations

from ..core import parameter_index as P
from ..core import records
from ..core.jit import shared_step, step
from ..rules.law import NEEDS_STATUTE, OPEN_AFTER_LEAD
from . import legal_gate
from .observation import seen
from .proposal import BY_CAPACITY, BY_LAW, BY_VOTE

KEPT_MONTHS = 12  # after that it must be made again


@shared_step
def keep(world, run, month, state, ask, stopped, answer):
    """Keep a refused request with what stood in its way; true if it was deferred, not refused."""
    for i in range(run.counts[records.PENDINGS]):
        if run.pending[i].ask == ask and run.pending[i].state == state:
            return False
    slot = run.counts[records.PENDINGS]
    if slot >= run.pending.size:
        run.counts[records.OVERFLOW] += 1
        return False
    regime = world.states[state].regime
    entry = run.pending[slot]
    entry.ask = ask
    entry.stopped = stopped
    entry.state = state
    entry.retry = month + int(run.parameters[state, P.DEFER_MONTHS]) if stopped == BY_VOTE else -1
    entry.expires = month + KEPT_MONTHS
    entry.government = world.politics[max(month - 1, 0), regime].government
    entry.answer = answer
    mission = world.asks[ask].mission
    entry.ceasefire = world.mission_months[seen(world, month, mission), mission].ceasefire
    entry.load = carried(world, run, month, state)
    run.counts[records.PENDINGS] = slot + 1
    return stopped == BY_VOTE or stopped == BY_CAPACITY


@step
def carried(world, run, month, state):
    """Load that a state carries, abroad and at home."""
    return run.states[state].load + world.state_months[max(month - 1, 0), state].crisis


@step
def has_moved(world, run, month, entry):
    """Whether what stood in the way of a kept request has changed; notes the new state."""
    ask = world.asks[entry.ask]
    regime = world.states[entry.state].regime
    government = world.politics[max(month - 1, 0), regime].government
    framework = world.missions[ask.mission].framework
    answer = legal_gate.at(
        world, run, month, entry.state, mission=ask.mission, kind=ask.kind, framework=framework
    ).answer
    opened = entry.answer >= NEEDS_STATUTE and answer <= OPEN_AFTER_LEAD
    ceasefire = world.mission_months[seen(world, month, ask.mission), ask.mission].ceasefire
    calmer = ceasefire > entry.ceasefire
    load = carried(world, run, month, entry.state)
    freed = load < entry.load
    governed = government != entry.government
    moved = opened or calmer or governed
    if entry.stopped == BY_VOTE:
        moved = governed or month == entry.retry
    elif entry.stopped != BY_LAW:
        moved = freed
    entry.load = load
    entry.ceasefire = ceasefire
    entry.answer = answer
    entry.government = government
    return moved


@step
def is_live(world, month, entry):
    """Whether a kept request still stands: not expired, and its mission not over."""
    return month < entry.expires and month <= world.missions[world.asks[entry.ask].mission].end
