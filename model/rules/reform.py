"""Reform: how a shock becomes a law, step by step (``calibration/record/mechanisms.md`` section 6).

A shock opens a window; a panel proposes; a bill is drafted, agreed with the coalition partner,
tabled and voted.  Most attempts fail: the bill of 1990, the permanent law of 2008, the private bill
of 2010, the study group of 2011, Korea's rival bills of 2009.  These rules are the single steps;
``legislation`` walks them month by month.
"""

import math

from ..core.jit import rule

# How a law comes about.
ROUTES = ("general", "amendment", "special", "rival")
GENERAL, AMENDMENT, SPECIAL, RIVAL = range(len(ROUTES))

# How far it has come.
IDLE, PANEL, DRAFT, BILL, ENACTED = range(5)


@rule
def press(interest, refused, covered, elsewhere, makeshift):
    """How much one request presses for a reform.

    A request that the law refuses presses for what would allow it, and a little for any general
    law; one that is answered under an older rule presses for a rule of its own.

    Args:
        interest: 0..1, how much the asker wants it.
        refused: whether the law refuses it.
        covered: whether the reform would cover it.
        elsewhere, makeshift: share that counts when not covered, and when not refused.
    """
    weight = 0.5 + interest
    if covered:
        return weight if refused else weight * makeshift
    return weight * elsewhere if refused else 0.0


@rule
def pressure_next(level, decay):
    """Pressure for a reform a month later: a shock is forgotten."""
    return level * (1.0 - decay)


@rule
def window_chance(
    base, pressure, weight_pressure, threat, weight_threat, strength, weight_strength
):
    """Probability that a window opens in a month: by pressure, threat and a cabinet that can act.

    Args:
        base: log odds a month without pressure or threat, under a cabinet of middling strength.
        threat: 0..1.5 at home.  strength: 0..1 of the cabinet.
    """
    x = base + weight_pressure * pressure + weight_threat * threat
    return 1.0 / (1.0 + math.exp(-(x + weight_strength * (strength - 0.5))))


@rule
def needs_panel(pressure, urgency):
    """Whether a panel comes before the bill: in calm times, not under the shock of a request unmet
    (the bill of October 1990 came two months after the Gulf request, without one)."""
    return pressure < urgency


@rule
def months_drawn(low, high, draw):
    """Whole months between ``low`` and ``high``, both inclusive, by a uniform draw."""
    return int(low) + int(math.floor(draw * (int(high) - int(low) + 1)))


@rule
def is_lost(cabinet_changed, draw, loss):
    """Whether work under way ends without result because its cabinet has gone.

    The panel of 2007 reported to another Prime Minister, who did nothing with it; the bill of 1991
    outlived its cabinet.
    """
    return cabinet_changed and draw < loss


@rule
def partner_agrees(share, acceptance, draw):
    """The coalition partner's inside veto: without its consent nothing is tabled.

    Args:
        share: the partner's seats; 0 without one.  acceptance: of its members, 0..1.
    """
    return share <= 0.0 or draw < acceptance


@rule
def whipped(acceptance):
    """Share of the governing bloc that votes for a bill of its own government: all of it once half
    of it would."""
    return 1.0 if acceptance >= 0.5 else acceptance


@rule
def bargain_struck(acceptance, bargain, draw):
    """Whether a moderate opposition lends the missing votes at a price (1992: core tasks frozen).

    Args:
        acceptance: of the opposition, 0..1.  bargain: chance with a wholly willing opposition.
    """
    return draw < bargain * acceptance


@rule
def rivals_settle(draw, chance):
    """Whether a committee makes one text of rival bills in a session (Korea 2009)."""
    return draw < chance
