"""Law: dated provisions, folded at a date into one answer for a kind in a framework.

A legal regime is data (``data/instruments.csv``).  The law at a date is the fold of the provisions
then in force; the answer always names the provision that decides.  Conditions are tests on the
mission, judged elsewhere and handed in as a set of bits.
"""

from __future__ import annotations

from typing import NamedTuple

from ..core.jit import entry, rule
from ..vocabulary import CONDITIONS, EFFECTS, GATES
from .authorisation import ASSEMBLY, DIET, NOBODY

(
    ALLOW,
    BAR,
    FREEZE,
    UNFREEZE,
    CONDITION,
    CEILING,
    AUTHORISE,
    EXEMPT,
    PRENEGOTIATE,
    WEAPONS,
    WEAPONS_LIMIT,
    DUTY,
    NORM,
    TERM,
    EXIT,
    SUPPLY,
    SURVEY,
    STANDING_FORCE,
    BACKGROUND,
    NONE,
) = range(len(EFFECTS))

# Conditions, one bit each.
(
    AGREEMENT_OR_NO_PARTY,
    HOST_CONSENT,
    IMPARTIAL,
    NO_COMBAT_AREA,
    NO_CURRENT_COMBAT,
    UN_RESOLUTION,
    UN_RESOLUTION_OR_HOST_REQUEST,
    DISASTER_ONLY,
    HOSTILITIES_OVER,
    STABLE_CONSENT,
    UN_COMMAND,
    JAPAN_LINKED_SHIPS_ONLY,
) = (1 << place for place in range(len(CONDITIONS)))
ALL_CONDITIONS = (1 << len(CONDITIONS)) - 1

OPEN, OPEN_AFTER_LEAD, NEEDS_STATUTE, SHUT = range(len(GATES))
NO_CEILING = 10**9
NO_LEAD_MAX = 1e9
NO_EXIT = -1
ANYWHERE = -1  # host of a provision that holds in every state, and of a question about none
NOWHERE = -2  # host of a mission that lies in no state
VOTED = (DIET, ASSEMBLY)  # authorisers that must vote first


class LegalFinding(NamedTuple):
    """What the gate finds."""

    answer: int  # place in ``GATES``
    provision: int  # row of the provision that decides, -1 for none
    met: int  # bits of the conditions that are met
    authoriser: int  # place in ``AUTHORISERS``
    lead_min: float  # months from decision to arrival in a crisis, at least
    months_saved: float  # of a routine lead time, at most
    ceiling: int  # people at one time
    ceiling_row: int  # row of the provision that sets it, -1 for none
    lead_max: float  # months from decision to arrival, at most
    ease: float  # share of the use of weapons that the law leaves open, 0..1
    duty: bool  # whether people there may be given the task to rescue others
    norms: float  # political ease (above 0) or cost (below 0) of any dispatch
    term: int  # months that a consent lasts, 0 where the law does not say
    term_ends: int  # calendar month in which it ends, 1..12; 0 for any
    suspended: int  # months after which a principle that stays unmet ends a presence, or NO_EXIT
    standing_max: int  # people whom a standing force has ready, 0 for none
    standing_lead: float  # months in which they are ready, at least
    standing_lead_max: float  # and at most
    supply: bool  # whether supplies may be given instead of people
    survey: float  # months of the survey that a motion needs, at least; 0 for none needed
    survey_max: float  # and at most


@rule
def lawless():
    """What is found of a state without a documented law: everything is open to it."""
    return LegalFinding(
        answer=OPEN,
        provision=-1,
        met=0,
        authoriser=NOBODY,
        lead_min=0.0,
        months_saved=0.0,
        ceiling=NO_CEILING,
        ceiling_row=-1,
        lead_max=NO_LEAD_MAX,
        ease=1.0,
        duty=False,
        norms=0.0,
        term=0,
        term_ends=0,
        suspended=NO_EXIT,
        standing_max=0,
        standing_lead=0.0,
        standing_lead_max=0.0,
        supply=True,
        survey=0.0,
        survey_max=0.0,
    )


@rule
def covers(provision, kind, framework):
    """Whether a provision speaks of this kind in this framework."""
    return (provision.kinds >> kind) & 1 == 1 and (provision.frameworks >> framework) & 1 == 1


@rule
def party_chance(rival, present, organised, quasi_state, lean):
    """Probability that a cabinet holds the host's rival to be a party to an armed conflict.

    A rule of thumb from the record: an organised, territory-holding rival with a peace agreement of
    its own is a party (Haiti and South Sudan were held to have none).  A cabinet whose people are
    already there leans towards staying.

    Args:
        rival: 0 none, 1 bands, 2 organised, 3 quasi-state.
        present: 1 if the state already has people in the mission.
    """
    if rival < 2:
        return 0.02 * rival
    chance = organised if rival == 2 else quasi_state
    return chance * (1.0 - lean * present)


@rule
def ceasefire_judged(ceasefire, consent, recognised):
    """The two branches of the first principle: an agreement among the parties, or no party that is
    a state or quasi-state (then the host's consent alone)."""
    if ceasefire >= 0.5:
        return True
    return (not recognised) and consent > 0.0


@rule
def conditions_met(
    ceasefire,
    consent,
    recognised,
    force_level,
    fighting,
    un_resolution,
    disaster,
    combat_area,
    current_combat,
    un_command,
):
    """Bits of the conditions that a mission meets, as this cabinet judges them.

    Args:
        ceasefire: 0 fails, 0.5 in part, 1 holds.  consent: 0 none, 0.5 strained, 1 full.
        force_level: 0..3.  fighting: 0..1 where the force would be; from ``combat_area`` on a
            combat area, from ``current_combat`` on the scene of combat.
        un_resolution, disaster, un_command: 0 or 1.
    """
    met = JAPAN_LINKED_SHIPS_ONLY
    if ceasefire_judged(ceasefire, consent, recognised):
        met |= AGREEMENT_OR_NO_PARTY
    if consent > 0.0:
        met |= HOST_CONSENT
    if force_level < 3.0:
        met |= IMPARTIAL
    if fighting < combat_area:
        met |= NO_COMBAT_AREA | HOSTILITIES_OVER
    if fighting < current_combat:
        met |= NO_CURRENT_COMBAT
    if un_resolution > 0:
        met |= UN_RESOLUTION
    if un_resolution > 0 or consent >= 1.0:
        met |= UN_RESOLUTION_OR_HOST_REQUEST
    if disaster > 0:
        met |= DISASTER_ONLY
    if consent >= 1.0 and fighting < combat_area:
        met |= STABLE_CONSENT
    if un_command > 0:
        met |= UN_COMMAND
    return met


@rule
def gate(provisions, rows, first, last, month, met, host=ANYWHERE):
    """Fold the provisions in force at ``month`` that cover one kind in one framework.

    A bar shuts; without a permission in force a statute is needed; a condition that is not met
    shuts; else the first permission decides (the rows of a regime stand in order of preference:
    exemptions, then the newest, then the lightest authoriser, then the most specific).

    What else is found of the provisions in force, where their own conditions are met:

    * the use of weapons that limits take away and later law gives back; norms add up;
    * the first rule on terms, on exit and on surveys, and the standing force that is ready first;
    * supplies are open where one rule opens them, or where no rule ever spoke of them.

    Args:
        provisions: record array of ``PROVISION``.
        rows: provisions in order; those that cover the matter are ``rows[first:last]``.
        met: bits of the conditions that are met.
        host: row of the state in which the mission lies, or ``NOWHERE``; a provision for missions
            in one state says nothing of others.  ``ANYWHERE`` leaves it open.

    Returns:
        A ``LegalFinding``.
    """
    permit = -1
    authorised = -1
    withheld = -1
    unmet = -1
    barred = -1
    frozen = -1
    silent = -1
    ceiling = NO_CEILING
    ceiling_row = -1
    saved = 0.0
    ease = 1.0
    duty = False
    norms = 0.0
    term = 0
    term_ends = 0
    suspended = NO_EXIT
    standing_max = 0
    standing_lead = 0.0
    standing_lead_max = 0.0
    supply = False
    supplied = False
    survey = 0.0
    survey_max = 0.0
    for place in range(first, last):
        row = rows[place]
        provision = provisions[row]
        effect = provision.effect
        if provision.host != ANYWHERE and host != ANYWHERE and provision.host != host:
            continue
        if effect == SUPPLY:
            supplied = True
        if month < provision.since or month >= provision.until:
            continue
        holds = provision.conditions & met == provision.conditions
        if effect == BAR:
            barred = row if barred < 0 else barred
        elif effect == FREEZE:
            frozen = row if frozen < 0 else frozen
        elif effect == CONDITION:
            if not holds:
                unmet = row if unmet < 0 else unmet
        elif effect == ALLOW or effect == UNFREEZE or effect == EXEMPT or effect == AUTHORISE:
            if not holds:
                withheld = row if withheld < 0 else withheld
            elif effect == AUTHORISE:
                authorised = row if authorised < 0 else authorised
            else:
                permit = row if permit < 0 else permit
        elif effect == CEILING:
            if provision.ceiling < ceiling:
                ceiling = provision.ceiling
                ceiling_row = row
        elif effect == PRENEGOTIATE:
            saved = max(saved, provision.months_saved)
        elif effect == NONE:
            silent = row if silent < 0 else silent
        elif not holds:
            continue
        elif effect == WEAPONS:
            ease += provision.weapons_ease
        elif effect == WEAPONS_LIMIT:
            ease -= provision.weapons_ease
        elif effect == DUTY:
            duty = True
        elif effect == NORM:
            norms += provision.weight_norms
        elif effect == TERM:
            if term == 0:
                term = provision.term_months
                term_ends = provision.term_ends
        elif effect == EXIT:
            suspended = int(provision.lead_max) if suspended == NO_EXIT else suspended
        elif effect == SUPPLY:
            supply = True
        elif effect == SURVEY:
            if survey_max == 0.0:
                survey = provision.lead_min
                survey_max = provision.lead_max
        elif effect == STANDING_FORCE:
            if standing_max == 0 or provision.lead_min < standing_lead:
                standing_max = provision.ceiling
                standing_lead = provision.lead_min
                standing_lead_max = provision.lead_max
    if frozen < 0 and authorised >= 0 and (permit < 0 or authorised < permit):
        permit = authorised
    answer = SHUT
    decides = -1
    authoriser = NOBODY
    lead_min = 0.0
    lead_max = NO_LEAD_MAX
    if barred >= 0:
        decides = barred
    elif permit < 0 and withheld < 0:
        answer = NEEDS_STATUTE
        decides = frozen if frozen >= 0 else silent
    elif unmet >= 0:
        decides = unmet
    elif permit < 0:
        decides = withheld
    else:
        chosen = provisions[permit]
        if 0 <= chosen.ceiling < ceiling:
            ceiling = chosen.ceiling
            ceiling_row = permit
        answer = OPEN_AFTER_LEAD if chosen.authoriser in VOTED else OPEN
        decides = permit
        authoriser = chosen.authoriser
        lead_min = chosen.lead_min
        lead_max = chosen.lead_max
    if not supplied:
        supply = True
    return LegalFinding(
        answer=answer,
        provision=decides,
        met=met,
        authoriser=authoriser,
        lead_min=lead_min,
        months_saved=saved,
        ceiling=ceiling,
        ceiling_row=ceiling_row,
        lead_max=lead_max,
        ease=min(1.0, max(0.0, ease)),
        duty=duty,
        norms=norms,
        term=term,
        term_ends=term_ends,
        suspended=suspended,
        standing_max=standing_max,
        standing_lead=standing_lead,
        standing_lead_max=standing_lead_max,
        supply=supply,
        survey=survey,
        survey_max=survey_max,
    )


@rule
def end_of_term(begins, months, ends_in):
    """Month in which a term ends that begins in ``begins`` and lasts about so many months.

    A consent that runs to the end of a year ends in the calendar month (``ends_in``, 1..12; 0 for
    any) nearest to that: people who arrive in March 2010 with a consent of 12 months that ends in
    December decide on their stay in December 2010.  It never ends before the month after it began.
    """
    end = begins + months
    if ends_in == 0:
        return end
    beyond = (end - (ends_in - 1)) % 12
    end = end - beyond if beyond <= 6 else end + 12 - beyond
    return end if end > begins else end + 12


@entry
def cover(provisions, first, last, rows, begins):
    """Write down which provisions of a regime cover each kind in each framework.

    Args:
        first, last: the regime's own rows of ``provisions``.
        rows: int32[...] to fill with rows of provisions.
        begins: int32[K, F + 1] to fill with where each matter begins in ``rows``; the matter
            (kind, framework) has ``rows[begins[kind, framework]:begins[kind, framework + 1]]``.

    Returns:
        How many places of ``rows`` were filled.
    """
    place = begins[0, 0]
    for kind in range(begins.shape[0]):
        for framework in range(begins.shape[1] - 1):
            begins[kind, framework] = place
            for row in range(first, last):
                if covers(provisions[row], kind, framework):
                    rows[place] = row
                    place += 1
        begins[kind, begins.shape[1] - 1] = place
    return place


@entry
def known(provisions, rows, begins, out):
    """Fill int8[kinds, frameworks, T] with the gate on law alone, every condition granted."""
    for kind in range(out.shape[0]):
        for framework in range(out.shape[1]):
            first, last = begins[kind, framework], begins[kind, framework + 1]
            for month in range(out.shape[2]):
                found = gate(provisions, rows, first, last, month=month, met=ALL_CONDITIONS)
                out[kind, framework, month] = found.answer
