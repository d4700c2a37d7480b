"""Lead time: months from acceptance to arrival; ``proposal.lead_time`` adds what the law needs."""

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
