"""Renewal and exit: a presence is extended by default and ended by what has changed.

A contingent leaves when at the end of a term it is not extended, when the law lapses or a condition
stays unmet, when the mission ends without a successor, or when a shrinking mission lets it go.
States whose decisions to stay are documented extend by default (``firmness``); all others make the
choice to come again, with what has changed since.
"""

from __future__ import annotations

from ..core import parameter_index as P
from ..core import rng, utility_terms
from ..core.decision_trace import NOT_TRACED, write_down
from ..core.jit import step
from ..rules import capacity, choice, force_generation, law
from ..vocabulary import GROUP_UN, OBSERVER, POLICE, SERVICE_GROUND, STAFF
from . import legal_gate
from .observation import fighting_near, found_at, seen
from .proposal import BY_CHOICE, BY_LAW, BY_VOTE, NOTHING, authorise, choose, consult_law, draw_up
from .response import ACCEPTED, REFUSED, open_need, strength_alike
from .utility import weigh_terms, weighted_sum
from .voting import stance_class

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
    "given",
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
    GIVEN,
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
    found = legal_gate.read(
        world,
        run,
        month,
        state,
        mission=unit.mission,
        kind=unit.kind,
        framework=unit.framework,
        site=unit.site,
    )
    if found.answer == law.NEEDS_STATUTE:
        return LAW_LAPSED
    run.endings[deployment].provision = found.provision
    if found.answer == law.SHUT:
        if world.provisions[found.provision].effect == law.BAR:
            return LAW_BARS
        unit.suspended += 1
        longest = run.parameters[state, P.SUSPENSION_MONTHS]
        if found.suspended != law.NO_EXIT:
            longest = found.suspended
        if unit.suspended > longest:
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
        site=unit.site,
        asked_site=unit.site,
        asked_people=unit.people,
    )


@step
def weigh_staying(world, run, month, state, unit):
    """Write the terms of staying into ``run.terms`` and add them up."""
    draft = run.proposal[0]
    p = run.parameters[state]
    draft.finding = found_at(world, run, month, state, unit.mission, unit.site)
    now = world.mission_months[seen(world, month, unit.mission), unit.mission]
    if p[P.EXTENSION] > 0.0:
        now = world.mission_months[month, unit.mission]
        weigh_extension(world, run, month, state, unit)
    else:
        weigh_terms(world, run, month, state)
        x = run.terms
        x[utility_terms.CONGESTION] = 0.0
        x[utility_terms.NEED] = 0.0
        x[utility_terms.RISK] = choice.risk_once_there(x[utility_terms.RISK], p[P.RENEWAL_RISK])
        x[utility_terms.FOOTHOLD] = choice.foothold(unit.people, world.kinds[unit.kind].typical)
    cut = force_generation.drawdown(now.asked, now.asked_peak)
    if p[P.EXTENSION] > 0.0:
        cut = force_generation.drawdown(now.asked, most_asked(world, month, unit))
        cut = max(cut, closing(world, month, unit.mission))
    x = run.terms
    x[utility_terms.DRAWDOWN] = cut
    x[utility_terms.TASK_DONE] = choice.task_done(
        month - unit.since, cut, world.kinds[unit.kind].completes, p[P.TASK_YEARS]
    )
    earlier = world.mission_months[max(unit.since, 0), unit.mission].interest
    x[utility_terms.PARTNER_LEFT] = max(0.0, earlier - now.interest)
    if p[P.EXTENSION] > 0.0:
        if is_occasion(world, run, month, state, unit):
            x[utility_terms.OCCASION] = 1.0
        else:
            x[utility_terms.CONGESTION] = 0.0  # load alone ends nothing
    return weighted_sum(p, x)


MANDATE = 6  # months of a mandate: so long before it the end of a mission is known
CONTESTED = 0.75  # share of the opposition below which it disputes a class of dispatch
FINITE = 0.5  # share of a kind's work that comes to an end, from which it has an end at all
SERVED = 0.5  # of ``choice.task_done``, from which work can be said to be done


@step
def is_occasion(world, run, month, state, unit):
    """Whether there is an occasion to end a presence: since the last extension the mission was cut,
    its end was announced, the ally's stake fell, or another camp came to power that disputes such
    dispatches; or the work has come to be done.  A mandate of this month is known, for it is voted
    on before the term ends.  Without an occasion, extension is routine."""
    last = max(0, unit.since, month - term_of(run, state, run.proposal[0].term))
    then = world.mission_months[last, unit.mission]
    now = world.mission_months[month, unit.mission]
    if now.asked < then.asked or now.interest < then.interest:
        return True
    if closing(world, month, unit.mission) > 0.0:
        return True
    regime = world.states[state].regime
    if world.politics[month, regime].camp != world.politics[last, regime].camp:
        kind = stance_class(world.kinds[unit.kind].stance, world.groups[run.proposal[0].framework])
        if world.stances[last, regime, kind].opposition < CONTESTED:
            return True
    return work_done_since(world, run, month, state, unit, last)


@step
def work_done_since(world, run, month, state, unit, last):
    """Whether work that has an end at all has come to be done since a month, ``last``."""
    completes = world.kinds[unit.kind].completes
    if completes < FINITE or run.terms[utility_terms.TASK_DONE] <= SERVED:
        return False
    cut = run.terms[utility_terms.DRAWDOWN]
    years = run.parameters[state, P.TASK_YEARS]
    return choice.task_done(last - unit.since, cut, completes, years) <= SERVED


@step
def term_of(run, state, consented):
    """Months of a term: those that a consent lasts, where the law says so, else the usual ones."""
    if consented > 0:
        return consented
    return int(run.parameters[state, P.TERM_MONTHS])


@step
def next_term(world, run, month, state, deployment):
    """Month in which the next term ends of people who stay."""
    unit = run.deployments[deployment]
    found = legal_gate.at(
        world, run, month, state, unit.mission, unit.kind, unit.framework, unit.site
    )
    return law.end_of_term(month, term_of(run, state, found.term), found.term_ends)


@step
def closing(world, month, mission):
    """How near the announced end of a mission is, 0..1: 0 a mandate before it, 1 in its month."""
    left = world.missions[mission].announced - month
    if left < 0 or left > MANDATE:
        return 0.0
    return 1.0 - left / (MANDATE + 1.0)


@step
def most_asked(world, month, unit):
    """The most that a mission asked for while the state was there."""
    most = 0.0
    for then in range(max(0, min(unit.since, month)), month + 1):
        most = max(most, world.mission_months[then, unit.mission].asked)
    return most


@step
def weigh_extension(world, run, month, state, unit):
    """The terms of a presence that is extended by default: how firm it is, and what has changed
    since the choice to come, fighting at its place and the load of its service."""
    p = run.parameters[state]
    own = run.states[state]
    row = world.kinds[unit.kind]
    x = run.terms
    for i in range(utility_terms.COUNT):
        x[i] = 0.0
    x[utility_terms.INTERCEPT] = firmness(world, run, state, unit)
    aversion = choice.casualty_aversion(p[P.AVERSION_BASE], own.memory, p[P.AVERSION_MEMORY])
    risen = choice.risen(
        fighting_near(world, month, unit.mission, unit.site),
        fighting_near(world, max(unit.since, 0), unit.mission, unit.site),
    )
    x[utility_terms.RISK] = choice.risk(risen, row.exposure, aversion) * p[P.RENEWAL_RISK]
    x[utility_terms.CONGESTION] = congestion_of(world, run, month, state, unit)


@step
def congestion_of(world, run, month, state, unit):
    """What a presence costs its service beside all other load on it; the load goes into the
    proposal."""
    p = run.parameters[state]
    draft = run.proposal[0]
    load = capacity.load_of(world, p, unit.kind, unit.people)
    if load <= 0.0:
        return 0.0
    service = world.kinds[unit.kind].service
    before = max(month - 1, 0)
    draft.used = max(load, run.loads[state, service])
    if service == SERVICE_GROUND:
        draft.used += world.state_months[before, state].crisis
    draft.comfort = capacity.comfort(world, p, before, state, service)
    return capacity.congestion_of_staying(draft.used, load, draft.comfort, p[P.CONGESTION_POWER])


@step
def firmness(world, run, state, unit):
    """How firmly a presence is extended: the same for a line of missions at every term."""
    p = run.parameters[state]
    root = world.missions[unit.mission].root
    draw = rng.for_mission(world, run, rng.STAY, kind=0, month=0, state=state, mission=root)
    firm = p[P.EXTENSION] + p[P.STAYING_POWER] * rng.logistic_quantile(draw)
    if not world.kinds[unit.kind].formed:
        firm += p[P.EXTENSION_INDIVIDUAL]
    return firm


@step
def size_once_renewed(world, run, month, state, deployment):
    """People of a contingent from its renewal on: where presences are extended by default mostly as
    before, else changed in UN missions alone."""
    unit = run.deployments[deployment]
    row = world.kinds[unit.kind]
    p = run.parameters[state]
    if p[P.EXTENSION] > 0.0:
        return force_generation.extended_size(
            people=unit.people,
            minimum=min(unit.people, row.minimum) if row.formed else 1,
            room=min(
                open_need(world, run, month, unit.mission, unit.kind),
                legal_gate.at(
                    world, run, month, state, unit.mission, unit.kind, unit.framework, unit.site
                ).ceiling
                - unit.people,
            ),
            cut=p[P.RESIZE_CUT]
            + p[P.RESIZE_CUT_LOAD] * congestion_of(world, run, month, state, unit),
            raised=p[P.RESIZE_RAISE],
            step=p[P.RESIZE_STEP],
            most=p[P.RESIZE_MOST],
            draw=rng.for_mission(
                world, run, rng.RESIZE, kind=unit.kind, month=month, state=state,
                mission=unit.mission,
            ),
        )  # fmt: skip
    if world.groups[unit.framework] != GROUP_UN:
        return unit.people
    home = world.state_months[max(month - 1, 0), state]
    asked, present = strength_alike(world, run, month, unit.mission, unit.kind)
    share, spread = p[P.RESIZE_SHARE_OFFICER], p[P.RESIZE_OFFICER]
    level, weight_size = p[P.GROWTH_OFFICER], p[P.GROWTH_SIZE_OFFICER]
    weight_room = p[P.GROWTH_ROOM_OFFICER]
    if row.formed:
        share, spread = p[P.RESIZE_SHARE_UNIT], p[P.RESIZE_UNIT]
        level, weight_size = p[P.GROWTH_UNIT], p[P.GROWTH_SIZE_UNIT]
        weight_room = p[P.GROWTH_ROOM_UNIT]
        level += p[P.GROWTH_CAPABILITY] * home.capability - p[P.GROWTH_WEALTH] * home.wealth
        if world.states[state].region == world.missions[unit.mission].region:
            level += p[P.GROWTH_REGION]
    elif unit.kind == POLICE:
        share, spread = p[P.RESIZE_SHARE_POLICE], p[P.RESIZE_POLICE]
        level, weight_size = p[P.GROWTH_POLICE], p[P.GROWTH_SIZE_POLICE]
        weight_room = p[P.GROWTH_ROOM_POLICE]
    return force_generation.resized(
        people=unit.people,
        minimum=min(unit.people, row.minimum) if row.formed else 1,
        most=max(unit.people, asked),
        share=share,
        centre=force_generation.growth(
            level,
            weight_size,
            people=unit.people,
            typical=row.typical,
            weight_room=weight_room,
            room=force_generation.share_open(asked, present),
        ),
        spread=spread,
        draw=rng.for_mission(
            world, run, rng.RESIZE, kind=unit.kind, month=month, state=state, mission=unit.mission
        ),
    )


@step
def renew(world, run, month, state, deployment):
    """Decide at the end of a term whether a deployment stays; returns its people from now on, 0 if
    it leaves.

    A renewal is a request by name: who is there is asked to stay.
    """
    unit = run.deployments[deployment]
    p = run.parameters[state]
    draw_up_staying(run, unit, unit.framework)
    legal = consult_law(world, run, month, state)
    utility = weigh_staying(world, run, month, state, unit)
    draft = run.proposal[0]
    fate = rng.for_mission(
        world, run, rng.RENEWAL, kind=unit.kind, month=month, state=state, mission=unit.mission
    )
    if p[P.EXTENSION] > 0.0:
        draft.utility = utility
        draft.probability = choice.probability(utility)
        draft.draw = fate
        willing = choice.accepts(draft.probability, fate)
    else:
        noise = p[P.RENEWAL_NOISE]
        if unit.kind == STAFF or unit.kind == OBSERVER:
            noise *= p[P.RENEWAL_OFFICER]
        willing = choose(world, run, state, utility + noise * rng.logistic_quantile(fate))
    if not legal:
        draft.stopped = BY_LAW
    elif not willing:
        draft.stopped = BY_CHOICE
    else:
        draft.stopped = NOTHING if authorise(world, run, month, state) else BY_VOTE
    stays = draft.stopped == NOTHING
    people = size_once_renewed(world, run, month, state, deployment) if stays else 0
    trace = write_down(run, month, state, force_generation.RENEWAL, -1)
    if trace != NOT_TRACED:
        decision = run.decisions[trace]
        decision.outcome = ACCEPTED if stays else REFUSED
        decision.offered_kind = unit.kind
        decision.offered = people
    return people


@step
def reveal(world, run, month):
    """What historical data say about taste: who has people in a mission when it begins to decide
    has a liking for it that keeps them there, so its draw lies below the probability of staying
    now."""
    for i in range(world.initial_from[month], world.initial_from[month + 1]):
        row = world.initial[i]
        mission = world.missions[row.mission]
        draw_up_staying(run, row, mission.framework)
        stays = choice.probability(weigh_staying(world, run, month, row.state, row))
        run.taste[row.state, mission.root] = min(run.taste[row.state, mission.root], stays)


@step
def end_by_drawdown(world, run, month, state, deployment):
    """Whether a shrinking UN mission lets this unit go.

    Units go in the order of one draw each: when a mission is down to a share of what it was when
    the unit came, those whose draw falls below the cut have left.
    """
    unit = run.deployments[deployment]
    if world.groups[unit.framework] != GROUP_UN or not world.kinds[unit.kind].formed:
        return False
    if run.parameters[state, P.EXTENSION] > 0.0:  # there the cut weighs at the end of the term
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
