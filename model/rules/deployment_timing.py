"""Dispatch, rotation, renewal and exit: how long things take and what ends them."""

from __future__ import annotations

import math

from ..core.jit import rule


@rule
def lead_months(crisis, formed, draw, crisis_low, crisis_high, routine_low, routine_high, saved):
    """Months from acceptance to arrival.

    Two modes (``model_review`` section 2): crisis one to two months, routine eight to twenty.
    Individuals travel in one to four months either way.  ``saved`` is what a law on preparation
    takes off a routine lead time: anything from nothing to the months that the provision names.
    """
    if not formed:
        return 1 + int(math.floor(draw * 4.0))
    if crisis:
        return int(crisis_low + math.floor(draw * (crisis_high - crisis_low + 1.0)))
    months = routine_low + math.floor(draw * (routine_high - routine_low + 1.0))
    return int(max(crisis_high + 1.0, months - saved))


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
