"""A proposal: people of one kind for one place, weighed by one state.

It is drawn up in ``run.proposal``, a single record, and looked at in the order of law, people,
worth and vote.  Every step reads the world as it stood at the end of the month before, calls the
rules with numbers, and writes its finding into the record.  ``menu`` sets proposals side by side.
"""

from __future__ import annotations

import math

from ..core import parameter_index as P
from ..core import rng
from ..core.jit import shared_step, step
from ..rules import authorisation, capacity, choice, law
from ..rules.lead_time import lead_months
from ..vocabulary import AS_ASKED, STOPS
from . import legal_gate, voting
from .observation import NO_SITE, found_at
from .utility import is_officer, weigh_terms

# What stopped a proposal.
NOTHING, BY_LAW, BY_CAPACITY, BY_CHOICE, BY_VOTE, TOO_SMALL = range(len(STOPS))


@step
def draw_up(
    run,
    mission,
    kind,
    framework,
    people,
    ask,
    interest=0.0,
    compensation=0.0,
    crisis=0,
    since=0,
    site=NO_SITE,
    asked_site=NO_SITE,
    asked_people=0,
    nest=AS_ASKED,
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
    draft.site = site
    draft.asked_site = asked_site
    draft.asked_people = asked_people
    draft.nest = nest
    draft.decision = -1
    draft.gate = law.OPEN
    draft.provision = -1
    draft.conditions = 0
    draft.ease = 1.0
    draft.duty = 0
    draft.norms = 0.0
    draft.term = 0
    draft.term_ends = 0
    draft.standing_max = 0
    draft.supply = 1
    draft.authoriser = authorisation.NOBODY
    draft.utility = 0.0
    draft.probability = 0.0
    draft.draw = 0.0
    draft.support = 0.0
    draft.upper = voting.NO_HOUSE
    draft.present = 1.0
    draft.partner = 1.0
    draft.finding = 0.0
    draft.used = 0.0
    draft.comfort = 1.0
    draft.ready = 0.0
    draft.pool = 0.0
    draft.alliance_most = 0.0
    draft.lead = 0
    draft.since = since
    for i in range(run.terms.size):
        run.terms[i] = 0.0
    draft.stopped = TOO_SMALL


@shared_step
def examine(world, run, month, state):
    """Look at law, people, worth and vote; returns what stops the proposal, but for the choice."""
    draft = run.proposal[0]
    draft.finding = found_at(world, run, month, state, draft.mission, draft.site)
    legal = consult_law(world, run, month, state)
    able = check_people(world, run, month, state)
    note_congestion(world, run, month, state)
    draft.utility = weigh_terms(world, run, month, state)
    if not legal:
        draft.stopped = BY_LAW
    elif not able:
        draft.stopped = BY_CAPACITY
    elif not authorise(world, run, month, state):
        draft.stopped = BY_VOTE
    else:
        draft.stopped = NOTHING
    return draft.stopped


@step
def consult_law(world, run, month, state):
    """The legal gate; returns whether it is open for so many people."""
    draft = run.proposal[0]
    found = legal_gate.at(
        world,
        run,
        month,
        state,
        mission=draft.mission,
        kind=draft.kind,
        framework=draft.framework,
        site=draft.site,
    )
    draft.gate = found.answer
    draft.provision = found.provision
    draft.conditions = found.met
    draft.authoriser = found.authoriser
    draft.lead_min = found.lead_min
    draft.lead_max = found.lead_max
    draft.ease = found.ease
    draft.duty = 1 if found.duty else 0
    draft.norms = found.norms
    draft.term = found.term
    draft.term_ends = found.term_ends
    draft.standing_max = found.standing_max
    draft.standing_lead = found.standing_lead_max
    draft.supply = 1 if found.supply else 0
    draft.months_saved = found.months_saved
    if found.answer > law.OPEN_AFTER_LEAD:
        return False
    if draft.people > found.ceiling:
        draft.provision = found.ceiling_row
        return False
    return True


@step
def check_people(world, run, month, state):
    """Whether there are so many people at all: forces for units, trained officers for posts."""
    draft = run.proposal[0]
    own = run.states[state]
    home = world.state_months[max(month - 1, 0), state]
    row = world.kinds[draft.kind]
    share = run.parameters[state, P.DEPLOYABLE_SHARE]
    draft.ready = capacity.ready_people(home.forces, share, own.people)
    if is_officer(draft.kind):
        factor = capacity.factors(world, month, state, draft.kind).pool
        draft.pool = own.staff_pool * factor
        return draft.people <= draft.pool
    return row.formed == 0 or draft.people <= draft.ready


@step
def note_congestion(world, run, month, state):
    """Note what is in use of the service and what is carried with ease; in a crisis crews surge."""
    draft = run.proposal[0]
    before = max(month - 1, 0)
    service = world.kinds[draft.kind].service
    if is_officer(draft.kind):
        draft.used, draft.comfort = run.states[state].officers, max(draft.pool, 1.0)
        return
    draft.used = capacity.in_use(world, run, before, state, service)
    draft.comfort = capacity.comfort(world, run.parameters[state], before, state, service)
    if draft.crisis:
        draft.comfort *= 1.0 + run.parameters[state, P.SURGE]


@step
def authorise(world, run, month, state):
    """The vote or decision that the law asks for; returns whether it carries."""
    draft = run.proposal[0]
    conceded = draft.people < draft.asked_people or draft.site != draft.asked_site
    vote = voting.authorise(
        world,
        run,
        month,
        state,
        mission=draft.mission,
        kind=draft.kind,
        framework=draft.framework,
        authoriser=draft.authoriser,
        conceded=conceded,
    )
    draft.support = vote.lower
    draft.upper = vote.upper
    draft.present = vote.present
    draft.partner = vote.partner
    return vote.carried


@step
def taste(world, run, state, mission):
    """The one draw of a state for a line of missions, in (0, 1): low where it likes to go.

    Missions that succeed one another share the draw.  Where people were there already when the
    state began to decide, the draw is one of those with which they would be (``renewal.reveal``).
    """
    root = world.missions[mission].root
    draw = rng.for_mission(world, run, rng.TASTE, kind=0, month=0, state=state, mission=root)
    return draw * run.taste[state, root]


@step
def choose(world, run, state, utility):
    """The logistic choice of a single alternative, with the state's taste for the mission."""
    draft = run.proposal[0]
    draft.utility = utility
    draft.probability = choice.probability(utility)
    draft.draw = taste(world, run, state, draft.mission)
    return choice.accepts(draft.probability, draft.draw)


@step
def lead_time(world, run, month, state):
    """Months to arrival: the mode's own draw; in a crisis within what the law needs.

    A standing force that is large enough leaves at once in a crisis, and saves a routine dispatch
    some of its preparation.
    """
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
        draw_logit=rng.logistic_quantile(draw),
        crisis_low=max(p[P.CRISIS_LOW], draft.lead_min),
        crisis_high=max(draft.lead_min, min(p[P.CRISIS_HIGH], draft.lead_max)),
        routine=p[P.ROUTINE_MONTHS],
        spread=p[P.ROUTINE_SPREAD],
        longest=p[P.ROUTINE_LONGEST],
        saved=math.floor(spared * (draft.months_saved + 1.0)),
    )
    ready = world.kinds[draft.kind].formed == 1 and draft.people <= draft.standing_max
    months = capacity.shortened(months, capacity.factors(world, month, state, draft.kind).lead_time)
    if draft.crisis:
        if ready:
            months = min(months, int(draft.standing_lead))
        return max(months, int(draft.lead_min))
    if ready:
        months = max(min(months, int(p[P.CRISIS_HIGH]) + 1), months - int(p[P.STANDING_SAVES]))
    if world.kinds[draft.kind].formed:
        # The months since the request was made count towards a routine lead time.
        return max(min(months, int(p[P.CRISIS_HIGH]) + 1), months - (month - draft.since))
    return months
