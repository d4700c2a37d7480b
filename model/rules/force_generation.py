"""Force generation: what askers expect, what is offered, and how offers fit the need."""

import math

from ..core.jit import rule
from ..vocabulary import REASONS

LEAST_OPEN = -0.5  # share open of a mission that has half as many again as it asks for, or more

# Why a request was made.
NEW_MANDATE, REINFORCEMENT, VACANCY, DOCUMENTED, ALLY, RENEWAL = range(len(REASONS))


@rule
def unfilled(asked, present):
    """Share of the strength asked for that is unfilled, 0..1."""
    if asked <= 0:
        return 0.0
    return max(0.0, 1.0 - present / asked)


@rule
def share_open(asked, present):
    """Share of the strength asked for that is open: below nought where more came, -0.5..1."""
    if asked <= 0:
        return LEAST_OPEN
    return min(1.0, max(LEAST_OPEN, 1.0 - present / asked))


@rule
def contingents(need, typical):
    """Logarithm of the usual contingents that a need comes to, nought where it is one or less."""
    return math.log(max(1.0, need / typical))


@rule
def standing(capability, weight_capability, record, weight_record):
    """What makes a state one that is asked, whatever the mission: its forces and its record.

    Args:
        capability: centred logarithm of active forces.
        record: logarithm of one plus the stock of experience.
    """
    return weight_capability * capability + weight_record * record


@rule
def approach_chance(
    base, own_region, weight_region, present, weight_presence, known_shut, anticipation
):
    """Probability that a open call reaches a state.

    The UN and allies seldom ask for what a state cannot send: of ten documented Japanese
    non-entries in UN missions one has a legal reason (``model_review`` point 1).

    Args:
        base: readiness to ask for this class, plus the state's ``standing``.
        own_region, present: whether the mission is in its region, and it is already there.
        known_shut: how far the law as known to the asker bars this: 0 not, 1 it does; see
            ``asker_knowledge.known_shut``.
        anticipation: how strongly the asker heeds that.
    """
    x = base
    if own_region:
        x += weight_region
    if present:
        x += weight_presence
    x -= anticipation * known_shut
    return 1.0 / (1.0 + math.exp(-x))


@rule
def offer_size(asked, need, typical, minimum, formed, factor):
    """People offered: what was asked by name, else the typical unit times the state's own factor;
    never beyond the need; zero where that own size falls below the minimum of a formed unit."""
    wanted = asked
    if wanted <= 0:
        wanted = int(math.floor(typical * factor + 0.5))
    size = min(max(wanted, 1), need)
    if formed and asked <= 0 and size < minimum:
        return 0
    return size


@rule
def growth(level, weight_size, people, typical, weight_room, room):
    """Mean change of a contingent at a renewal that changes it, on the log scale: those beyond the
    usual size shrink, those in a mission that lacks people grow.

    Args:
        level: of a contingent of the usual size in a mission that lacks nobody.
        room: ``share_open`` of the mission.
    """
    return level - weight_size * math.log(people / typical) + weight_room * room


@rule
def resized(people, minimum, most, share, centre, spread, draw):
    """Size of a contingent after a renewal: mostly the same, else changed by a logistic amount on
    the log scale.

    Args:
        minimum, most: bounds of the size.
        share: of renewals that change the size, 0..1.
        centre, spread: of the change on the log scale.
        draw: uniform; where it is below ``share``, its place there tells the amount.
    """
    if draw >= share:
        return people
    place = min(max(draw / share, SMALLEST_DRAW), 1.0 - SMALLEST_DRAW)
    change = centre + spread * math.log(place / (1.0 - place))
    wanted = int(math.floor(people * math.exp(change) + 0.5))
    return max(min(wanted, most), minimum)


SMALLEST_DRAW = 1e-6
SMALLEST_STEP = 0.1  # on the log scale: a smaller change of size is told as none


@rule
def extended_size(people, minimum, room, cut, raised, step, most, draw):
    """Size of a presence that is extended: mostly the same, else cut or, as far as the mission has
    room, raised in one step.

    ``cut`` and ``raised`` are levels on the log scale against the same size (0); beyond
    ``SMALLEST_STEP`` the change is exponential with mean ``step``, by what is left of ``draw``; a
    raise is at most ``most``.
    """
    cuts = math.exp(cut)
    raises = math.exp(raised)
    total = 1.0 + cuts + raises
    if draw * total < cuts:
        change = SMALLEST_STEP - step * math.log(max(draw * total / cuts, 1e-9))
        return max(int(math.floor(people * math.exp(-change) + 0.5)), minimum)
    left = (1.0 - draw) * total
    if left < raises:
        change = min(most, SMALLEST_STEP - step * math.log(max(left / raises, 1e-9)))
        wanted = int(math.floor(people * math.exp(change) + 0.5))
        return people + min(max(wanted - people, 0), max(room, 0))
    return people


@rule
def size_factor(level, spread, draw_logit):
    """Own factor on the usual size: its ``level`` and ``spread`` on the log scale, and
    ``draw_logit``, a standard logistic draw."""
    return math.exp(level + spread * draw_logit)


@rule
def largest_remainder(offers, count, need, scaled):
    """Scale ``offers[:count]`` down to sum to ``need`` into ``scaled``; ties by position.

    Offers that fit are taken whole.  Positions are in order of state code, so ties go by it.
    """
    total = 0
    for i in range(count):
        total += offers[i]
    if total <= need:
        for i in range(count):
            scaled[i] = offers[i]
        return
    left = need
    for i in range(count):
        scaled[i] = offers[i] * need // total
        left -= scaled[i]
    for _ in range(left):
        best = -1
        best_remainder = -1
        for i in range(count):
            remainder = offers[i] * need % total
            if scaled[i] == offers[i] * need // total and remainder > best_remainder:
                best = i
                best_remainder = remainder
        scaled[best] += 1


@rule
def drawdown(asked_now, asked_peak):
    """Share by which a mission has been cut from its recent peak, 0..1."""
    if asked_peak <= 0:
        return 0.0
    return max(0.0, 1.0 - asked_now / asked_peak)


@rule
def is_let_go(draw, cut):
    """Whether a unit with this place in the order leaves a mission cut by the share ``cut``."""
    return draw < cut
