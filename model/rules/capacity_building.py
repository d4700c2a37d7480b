"""Human-resource development and dialogue: the second and third criteria of the comparative study.

These channels have drivers of their own (development policy, summits, reputation); the spill-over
from blocked effort has a prior centred on zero (``model_review`` point 14).
"""

import math

from ..core.jit import rule


@rule
def support_rate(
    base,
    wealth,
    wealth_weight,
    status,
    status_weight,
    reputation,
    reputation_weight,
    blocked,
    spill_over,
):
    """Expected training-support activities abroad in a month (instructor teams, centre grants,
    equipment, exercises)."""
    return base * math.exp(
        wealth_weight * wealth
        + status_weight * status
        + reputation_weight * reputation
        + spill_over * blocked
    )


@rule
def agreement_rate(base, status, status_weight, threat, threat_weight, trend, trend_weight):
    """Expected security declarations, memoranda and forums in a month."""
    return base * math.exp(status_weight * status + threat_weight * threat + trend_weight * trend)


@rule
def events_in_month(rate, draw):
    """Number of events in a month: Poisson by inversion of one uniform draw, at most eight."""
    term = math.exp(-rate)
    cumulative = term
    count = 0
    while draw > cumulative and count < 8:
        count += 1
        term = term * rate / count
        cumulative = cumulative + term
    return count
