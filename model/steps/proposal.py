"""A proposal: people of one kind for one mission, weighed by one state.

It is drawn up in ``run.proposal``, a single record, and goes the way of ``model_review``: law,
capacity, choice, vote, dispatch.  Every step reads the world as it stood at the end of the month
before, calls the rules with numbers, and writes its finding into the decision.
"""

from __future__ import annotations

import math

from ..core import parameter_index as P
from ..core import rng, utility_terms
from ..core.decision_trace import is_traced
from ..core.jit import shared_step, step
from ..rules import authorisation, capacity, choice, law
from ..rules.lead_time import lead_months
from ..vocabulary import OBSERVER, STAFF, STOPS
from . import legal_gate, voting
from .utility import weigh_terms

# What stopped a proposal.
NOTHING, BY_LAW, BY_CAPACITY, BY_CHOICE, BY_VOTE, BY_NEED = range(len(STOPS))


@step
def draw_up(
    run, mission, kind, framework, people, ask, interest=0.0, compensation=0.0, crisis=0, since=0
):
    """Begin a proposal; what earlier ones found is cleared."""
    draft = run.proposal[0]
    draft.mission = mission
    draft.kind = kind
    draft.framework = framework
    draft.people = people
    draft.ask = ask
    draft.interest = interest
    draft.compensation = compensation
    draft.crisis = crisis
    draft.gate = law.OPEN
    draft.provision = -1
    draft.conditions = 0
    draft.authoriser = authorisation.NOBODY
    draft.utility = 0.0
    draft.probability = 0.0
    draft.draw = 0.0
    draft.support = 0.0
    draft.upper = voting.NO_HOUSE
    draft.present = 1.0
    draft.partner = 1.0
    draft.headroom = 0.0
    draft.slots = 0.0
    draft.ready = 0.0
    draft.pool = 0.0
    draft.alliance_most = 0.0
    draft.lead = 0
    draft.since = since
    for i in range(utility_terms.COUNT):
        run.terms[i] = 0.0
    draft.stopped = BY_NEED


@shared_step
def attempt(world, run, month, state):
    """Take the proposal through law, capacity, choice and vote; returns what stopped it.

    Where an earlier step stops it, the later ones are looked into only for a trace, which shows
    what else would have; draws are keyed, so looking changes nothing.
    """
    draft = run.proposal[0]
    legal = consult_law(world, run, month, state)
    able = check_capacity(world, run, month, state)
    willing = False
    if (legal and able) or is_traced(run, month, state, draft.mission):
        willing = choose(world, run, state, weigh_terms(world, run, month, state))
    draft.stopped = stopped_by(world, run, month, state, legal, able, willing)
    if draft.stopped == NOTHING:
        draft.lead = lead_time(world, run, month, state)
    return draft.stopped


@step
def stopped_by(world, run, month, state, legal, able, willing):
    """What stops the proposal first: law, capacity, choice, or the vote, taken on all the rest."""
    if not legal:
        return BY_LAW
    if not able:
        return BY_CAPACITY
    if not willing:
        return BY_CHOICE
    if not authorise(world, run, month, state):
        return BY_VOTE
    return NOTHING


@step
def consult_law(world, run, month, state):
    """The legal gate; returns whether it is open for so many people."""
    draft = run.proposal[0]
    found = legal_gate.at(
        world, run, month, state, mission=draft.mission, kind=draft.kind, framework=draft.framework
    )
    draft.gate = found.answer
    draft.provision = found.provision
    draft.conditions = found.met
    draft.authoriser = found.authoriser
    draft.lead_min = found.lead_min
    draft.months_saved = found.months_saved
    return found.answer <= law.OPEN_AFTER_LEAD and draft.people <= found.ceiling


@step
def check_capacity(world, run, month, state):
    """Slots and ready people for units, trained staff for officers; returns whether they do."""
    draft = run.proposal[0]
    before = max(month - 1, 0)
    p = run.parameters[state]
    own = run.states[state]
    home = world.state_months[before, state]
    draft.headroom = free_slots(world, run, month, state)
    draft.ready = capacity.ready_people(home.forces, p[P.DEPLOYABLE_SHARE], own.people)
    row = world.kinds[draft.kind]
    if row.formed:
        size = capacity.slot_load(draft.people, p[P.LOAD_SMALL], p[P.LOAD_LARGE])
        draft.slots = size * row.load
        return draft.slots <= draft.headroom and draft.people <= draft.ready
    if draft.kind == STAFF or draft.kind == OBSERVER:
        factor = capacity.factors(world, month, state, draft.kind).pool
        draft.pool = own.staff_pool * factor
        return draft.people <= draft.pool
    return True


@step
def free_slots(world, run, month, state):
    """Slots left to a state: its own documented number, or one from its forces, less load and
    crises at home."""
    p = run.parameters[state]
    home = world.state_months[max(month - 1, 0), state]
    slots = p[P.SLOTS]
    if slots <= 0.0:
        slots = capacity.generic_slots(home.forces, p[P.SLOTS_PER_LOG], p[P.SLOTS_BASE])
    return capacity.headroom(slots + p[P.SLOTS_ADDED], run.states[state].load, home.crisis)


@step
def choose(world, run, state, utility):
    """The logistic choice with the one draw of this state for this mission.

    Missions that succeed one another share the draw.  Where people were there already when the
    state began to decide, the draw is one of those with which they would be (``renewal.reveal``).
    """
    draft = run.proposal[0]
    draft.utility = utility
    draft.probability = choice.probability(utility)
    root = world.missions[draft.mission].root
    draw = rng.for_mission(world, run, rng.TASTE, kind=0, month=0, state=state, mission=root)
    draft.draw = draw * run.taste[state, root]
    return choice.accepts(draft.probability, draft.draw)


@step
def authorise(world, run, month, state):
    """The vote or decision that the law asks for; returns whether it carries."""
    draft = run.proposal[0]
    vote = voting.authorise(
        world,
        run,
        month,
        state,
        mission=draft.mission,
        kind=draft.kind,
        framework=draft.framework,
        authoriser=draft.authoriser,
    )
    draft.support = vote.lower
    draft.upper = vote.upper
    draft.present = vote.present
    draft.partner = vote.partner
    return vote.carried


@step
def lead_time(world, run, month, state):
    """Months to arrival: the mode's own draw; in a crisis never less than the law needs."""
    draft = run.proposal[0]
    p = run.parameters[state]
    draw = rng.for_mission(
        world, run, rng.LEAD, kind=draft.kind, month=month, state=state, mission=draft.mission
    )
    spared = rng.for_mission(
        world, run, rng.SAVED, kind=draft.kind, month=month, state=state, mission=draft.mission
    )
    months = lead_months(
        crisis=draft.crisis,
        formed=world.kinds[draft.kind].formed,
        draw=draw,
        crisis_low=p[P.CRISIS_LOW],
        crisis_high=p[P.CRISIS_HIGH],
        routine_low=p[P.ROUTINE_LOW],
        routine_high=p[P.ROUTINE_HIGH],
        saved=math.floor(spared * (draft.months_saved + 1.0)),
    )
    months = capacity.shortened(months, capacity.factors(world, month, state, draft.kind).lead_time)
    if draft.crisis:
        return max(months, int(draft.lead_min))
    if world.kinds[draft.kind].formed:
        # The months since the request was made count towards a routine lead time.
        return max(min(months, int(p[P.CRISIS_HIGH]) + 1), months - (month - draft.since))
    return months
