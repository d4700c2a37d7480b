"""The menu that answers a request, and the one choice from it.

What was asked, at each place and in each size; a few officers; an operation of one's own; nothing.
Each alternative is a proposal with its legal answer and its worth.  What the law, the people or the
vote shut is on the menu and cannot be chosen: a government shapes what it puts to the vote until it
carries.  The choice is a nested logit: sending what was asked, in whatever form, is one nest.
"""

from __future__ import annotations

from ..core import parameter_index as P
from ..core import records, rng, utility_terms
from ..core.jit import shared_step, step
from ..rules import choice
from ..vocabulary import AS_ASKED, NESTS, SETTING_BASE
from .proposal import (
    BY_CAPACITY,
    BY_CHOICE,
    BY_LAW,
    BY_VOTE,
    NOTHING,
    TOO_SMALL,
    draw_up,
    examine,
    taste,
)

NONE_CHOSEN = -1


@step
def clear(run):
    """Begin a menu."""
    run.counts[records.MENU] = 0


@shared_step
def put(world, run, month, state):
    """Examine the proposal and put it on the menu."""
    place = run.counts[records.MENU]
    if place >= run.menu.size:
        return
    examine(world, run, month, state)
    run.menu[place] = run.proposal[0]
    for i in range(run.terms.size):
        run.menu_terms[place, i] = run.terms[i]
    run.counts[records.MENU] = place + 1


@shared_step
def put_places_and_sizes(world, run, month, state, number, people, ask):
    """Put what was asked on the menu, whole and at the place asked for first; then, where a state
    is asked by name for a unit, half of it, and both at the other places of the mission."""
    row = run.requests[number]
    kind = world.kinds[row.kind]
    put_sizes(world, run, month, state, number, people, ask, row.site)
    if row.site < 0 or not kind.formed:
        return
    setting = world.sites[row.site].setting
    if setting == SETTING_BASE:
        return
    for site in range(world.sites_from[row.mission], world.sites_from[row.mission + 1]):
        if site != row.site and world.sites[site].setting == setting:
            put_sizes(world, run, month, state, number, people, ask, site)


@shared_step
def put_sizes(world, run, month, state, number, people, ask, site):
    """Put the whole of what was asked, and half of it, at one place on the menu."""
    row = run.requests[number]
    kind = world.kinds[row.kind]
    halves = row.state >= 0 and kind.formed and people // 2 >= kind.minimum
    for part in range(1, 3 if halves else 2):
        draw_up(
            run,
            mission=row.mission,
            kind=row.kind,
            framework=world.missions[row.mission].framework,
            people=people // part,
            ask=ask,
            interest=row.interest,
            crisis=row.crisis,
            since=row.since,
            site=site,
            asked_site=row.site,
            asked_people=people,
            nest=AS_ASKED,
        )
        put(world, run, month, state)


@shared_step
def choose_from(world, run, state, mission, kind):
    """Choose one alternative of the menu, or nothing.

    Returns:
        Its place, or ``NONE_CHOSEN``; ``stopped`` of each alternative says why it was not chosen,
        ``probability`` how likely it was.
    """
    p = run.parameters[state]
    scale = p[P.NEST_SCALE]
    count = run.counts[records.MENU]
    for place in range(count):
        row = run.menu[place]
        row.probability = 0.0
        if row.stopped == NOTHING:
            row.probability = choice.inclusive(row.utility, scale)
    everything = 1.0  # nothing at all has utility 0
    for nest in range(len(NESTS)):
        total = sum_of(run, nest)
        weight = choice.nest_weight(total, scale)
        run.nest_sums[nest] = total
        run.nest_weights[nest] = weight
        everything += weight
    draw = taste(world, run, state, mission)
    low = 0.0
    chosen = NONE_CHOSEN
    for nest in range(len(NESTS)):
        chance = run.nest_weights[nest] / everything
        share_out(run, nest, chance)
        if low <= draw < low + chance:
            within = rng.for_mission(
                world, run, rng.ALTERNATIVE, kind=kind, month=0, state=state, mission=mission
            )
            chosen = one_of(run, nest, within, chance)
        low += chance
    for place in range(count):
        run.menu[place].draw = draw
        if run.menu[place].stopped == NOTHING and place != chosen:
            run.menu[place].stopped = BY_CHOICE
    return chosen


@step
def sum_of(run, nest):
    """Sum over the alternatives of a nest that can be chosen."""
    total = 0.0
    for place in range(run.counts[records.MENU]):
        row = run.menu[place]
        if row.nest == nest and row.stopped == NOTHING:
            total += row.probability
    return total


@step
def share_out(run, nest, chance):
    """Share the chance of a nest out among its alternatives, each by its part of the sum."""
    for place in range(run.counts[records.MENU]):
        row = run.menu[place]
        if row.nest == nest and row.stopped == NOTHING:
            row.probability = chance * row.probability / run.nest_sums[nest]


@step
def one_of(run, nest, draw, chance):
    """The alternative of a nest on which a draw falls."""
    low = 0.0
    last = NONE_CHOSEN
    for place in range(run.counts[records.MENU]):
        row = run.menu[place]
        if row.nest == nest and row.probability > 0.0:
            last = place
            low += row.probability / chance
            if draw < low:
                return place
    return last


@step
def what_stopped(run, chosen):
    """What stopped what was asked: the law, people or vote where no form of it could be sent, else
    the choice; ``NOTHING`` where some form of it was chosen."""
    if chosen >= 0 and run.menu[chosen].nest == AS_ASKED:
        return NOTHING
    found = TOO_SMALL
    for place in range(run.counts[records.MENU]):
        row = run.menu[place]
        if row.nest != AS_ASKED:
            continue
        if row.stopped == BY_CHOICE:
            return BY_CHOICE
        # The furthest that any form of it came.
        if found == TOO_SMALL or progress(row.stopped) > progress(found):
            found = row.stopped
    return found


@step
def progress(stopped):
    """How far a proposal came before it was stopped."""
    if stopped == BY_LAW:
        return 1
    if stopped == BY_CAPACITY:
        return 2
    if stopped == BY_VOTE:
        return 3
    return 0


@step
def chance_as_asked(run):
    """Chance that what was asked is sent, in whatever form."""
    total = 0.0
    for place in range(run.counts[records.MENU]):
        if run.menu[place].nest == AS_ASKED:
            total += run.menu[place].probability
    return total


@step
def take_up(run, place):
    """Make an alternative of the menu the proposal again, with its terms."""
    run.proposal[0] = run.menu[place]
    for i in range(run.terms.size):
        run.terms[i] = run.menu_terms[place, i]


@shared_step
def write_menu(run, state, decision):
    """Keep the menu of a traced decision, its terms times their weights."""
    for place in range(run.counts[records.MENU]):
        slot = run.counts[records.MENUS]
        if slot >= run.menus.size:
            return
        run.menus[slot] = run.menu[place]
        run.menus[slot].decision = decision
        for i in range(utility_terms.COUNT):
            run.menus_terms[slot, i] = run.menu_terms[place, i] * run.parameters[state, i]
        for i in range(utility_terms.COUNT, run.terms.size):
            run.menus_terms[slot, i] = run.menu_terms[place, i]
        run.counts[records.MENUS] = slot + 1
