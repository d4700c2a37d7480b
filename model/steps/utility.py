"""The utility of a proposal: every named term from the world's rows, and their weighted sum."""

from __future__ import annotations

from ..core import parameter_index as P
from ..core import utility_terms
from ..core.jit import rule, step
from ..rules import alliance, capacity, choice, force_generation
from ..vocabulary import (
    GROUP_COALITION,
    GROUP_UN,
    MODE_DISASTER,
    OBSERVER,
    OFFICERS_INSTEAD,
    POLICE,
    SERVICE_AIR,
    SERVICE_GROUND,
    SERVICE_HELICOPTER,
    SERVICE_MEDICAL,
    SERVICE_SEA,
    SETTING_LAND,
    STAFF,
)
from .observation import asked_of_kind, seen, stake

MOST_SALIENCE = 1.5  # of a mission that the pivotal ally wants most and asks for in person


@rule
def intercept(p, group, formed, kind, mode):
    """General willingness for this class of contribution; help after a natural disaster is relief,
    under whichever flag."""
    if kind == POLICE:
        value = p[P.POLICE_INTERCEPT]
    elif formed:
        value = p[P.UNIT_INTERCEPT]
    else:
        value = p[P.OFFICER_INTERCEPT]
    if group == GROUP_COALITION:
        value = value + p[P.COALITION_INTERCEPT]
    if mode == MODE_DISASTER or (group != GROUP_UN and group != GROUP_COALITION):
        value = value + p[P.RELIEF_INTERCEPT]
    return value


@rule
def is_officer(kind):
    """Whether people of a kind come from the pool of trained staff officers and observers."""
    return kind == STAFF or kind == OBSERVER


@rule
def of_service(p, service):
    """What a service adds to the willingness to send a unit; ground forces are the measure."""
    if service == SERVICE_HELICOPTER:
        return p[P.HELICOPTER_INTERCEPT]
    if service == SERVICE_AIR:
        return p[P.AIR_INTERCEPT]
    if service == SERVICE_SEA:
        return p[P.SEA_INTERCEPT]
    if service == SERVICE_MEDICAL:
        return p[P.MEDICAL_INTERCEPT]
    return 0.0


@step
def inland(world, mission, site, kind):
    """How far from the nearest seaport a unit on land would be supplied, thousands of kilometres;
    the theatre stands for a place that is not known.  Ships and aircraft bring themselves."""
    row = world.kinds[kind]
    if row.formed == 0 or (row.service != SERVICE_GROUND and row.service != SERVICE_MEDICAL):
        return 0.0
    if site < 0:
        return world.missions[mission].inland
    if world.sites[site].setting != SETTING_LAND:
        return 0.0
    return world.sites[site].inland


@step
def congestion_of(world, run, state):
    """Cost of so much more of a service, from what ``proposal.note_congestion`` noted."""
    draft = run.proposal[0]
    p = run.parameters[state]
    added = capacity.load_of(world, p, draft.kind, draft.people)
    if is_officer(draft.kind):
        added = draft.people * 1.0
    if added <= 0.0:
        return 0.0
    return capacity.congestion(draft.used, added, draft.comfort, p[P.CONGESTION_POWER])


@rule
def weighted_sum(p, x):
    """Sum of weight times term, in the order of the terms; own terms hold their weight already."""
    utility = 0.0
    for i in range(utility_terms.COUNT):
        utility += p[i] * x[i]
    for i in range(utility_terms.COUNT, x.size):
        utility += x[i]
    return utility


@step
def weigh_terms(world, run, month, state):
    """Write every term of the proposal into ``run.terms`` and return the utility.

    Risk, opinion, attention and politics reach officers damped; threat at home weighs on units
    alone.  A term of the user's own is read as it stood a month before, and reaches all alike.
    """
    draft = run.proposal[0]
    before = max(month - 1, 0)
    p = run.parameters[state]
    own = run.states[state]
    here = world.states[state]
    place = world.missions[draft.mission]
    horizon = seen(world, month, draft.mission)
    now = world.mission_months[horizon, draft.mission]
    home = world.state_months[before, state]
    path = world.paths[before]
    row = world.kinds[draft.kind]
    group = world.groups[draft.framework]
    damping = 1.0 if row.formed else p[P.OFFICER_DAMPING]
    threat = home.threat * p[P.HOME_THREAT]
    x = run.terms
    for i in range(x.size):
        x[i] = 0.0
    if world.own_rows[state] >= 0:
        for i in range(world.own_terms.shape[0]):
            own_term = world.own_terms[i, before, world.own_rows[state], draft.mission]
            x[utility_terms.COUNT + i] = own_term

    x[utility_terms.INTERCEPT] = intercept(p, group, row.formed, draft.kind, draft.crisis)
    if row.formed:
        x[utility_terms.INTERCEPT] += of_service(p, row.service)
    x[utility_terms.ASK] = alliance.asked_by_name(draft.ask, draft.interest, p[P.ASK_INTEREST])
    salience = now.interest * (0.5 + draft.interest) * p[P.ALLIANCE_PRESSURE] * path.alliance
    request = alliance.alliance_request(home.embeddedness, home.dependence, salience)
    keenest = MOST_SALIENCE * p[P.ALLIANCE_PRESSURE] * path.alliance
    most = alliance.alliance_request(home.embeddedness, home.dependence, keenest)
    if group == GROUP_COALITION:
        slope = p[P.THREAT_RAISES_REQUEST]
        x[utility_terms.ALLIANCE] = alliance.threat_raises(request, threat, slope)
        draft.alliance_most = alliance.threat_raises(most, threat, slope)
        x[utility_terms.OPINION] = (own.opinion_coalition - 0.5) * damping
    else:
        x[utility_terms.ALLIANCE] = alliance.united_nations_desk(request, p[P.UN_DESK])
        draft.alliance_most = alliance.united_nations_desk(most, p[P.UN_DESK])
        x[utility_terms.OPINION] = (own.opinion_un - 0.5) * damping
    x[utility_terms.ATTENTION] = own.attention * damping
    if draft.nest == OFFICERS_INSTEAD:
        x[utility_terms.ALLIANCE] *= p[P.OFFICERS_VALUE]
    x[utility_terms.DISTANCE] = world.distances[state, draft.mission]
    x[utility_terms.ACCESS] = inland(world, draft.mission, draft.site, draft.kind)
    x[utility_terms.REGION] = 1.0 if here.region == place.region else 0.0
    people = run.missions[draft.mission].people + now.recorded
    if people > 0.0:
        mean = (run.missions[draft.mission].ideal + now.recorded_ideal) / people
        x[utility_terms.AFFINITY] = choice.affinity(home.ideal, mean)
    x[utility_terms.STATUS] = home.status
    x[utility_terms.NEED] = force_generation.unfilled(
        asked_of_kind(world, run, horizon, draft.mission, draft.kind),
        run.present[draft.mission, draft.kind],
    )
    aversion = choice.casualty_aversion(p[P.AVERSION_BASE], own.memory, p[P.AVERSION_MEMORY])
    fighting = draft.finding
    armed = choice.unarmed(draft.ease, p[P.WEAPONS_RISK], draft.duty, p[P.DUTY_RISK])
    x[utility_terms.RISK] = choice.risk(fighting, row.exposure * armed, aversion) * damping
    robust = choice.robustness(now.force_level, now.protection)
    x[utility_terms.ROBUSTNESS] = robust * p[P.MANDATE_ROBUSTNESS] * now.robustness * damping
    if group != GROUP_COALITION:
        asked = 1.0 if here.ceasefire_since <= before < here.ceasefire_until else 0.0
        gap = choice.ceasefire_gap(fighting, now.ceasefire, asked)
        x[utility_terms.GAP] = gap * damping
    if group == GROUP_UN:
        x[utility_terms.CONSENT] = (1.0 - now.consent) * damping
    if row.formed and group == GROUP_UN:
        x[utility_terms.THREAT] = threat
    x[utility_terms.CABINET] = (home.strength - 0.5) * damping
    x[utility_terms.CONGESTION] = congestion_of(world, run, state)
    if draft.site != draft.asked_site:
        x[utility_terms.PLACE] = 1.0
    x[utility_terms.NORMS] = draft.norms
    x[utility_terms.OTHER_SIDE] = stake(world, month, state, draft.mission)
    x[utility_terms.SIZE] = choice.fraction(draft.people, draft.asked_people)
    x[utility_terms.EXPERIENCE] = own.record
    x[utility_terms.CAPABILITY] = home.capability
    x[utility_terms.WEALTH] = home.wealth if row.formed else 0.0
    x[utility_terms.PRESENCE] = 1.0 if run.people_here[state, draft.mission] > 0 else 0.0
    x[utility_terms.COMPENSATION] = draft.compensation
    return weighted_sum(p, x)
