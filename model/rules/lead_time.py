"""Lead time: months from acceptance to arrival; ``proposal.lead_time`` adds what the law needs."""

import math

from ..core.jit import rule


@rule
def lead_months(
    crisis, formed, draw, draw_logit, crisis_low, crisis_high, routine, spread, longest, saved
):
    """Months from acceptance to arrival.

    Units in a crisis take the crisis bounds, each month as likely.  A routine dispatch takes
    ``routine`` months in the median, log-logistic with ``spread``, and at most ``longest``; those
    to which it is fitted for Japan and Korea lie between one and 21.  Individuals travel in one
    to four months either way.  ``saved`` is what a law on preparation takes off a routine lead
    time: anything from nothing to the months that the provision names.
    """
    if not formed:
        return 1 + int(math.floor(draw * 4.0))
    if crisis:
        return int(crisis_low + math.floor(draw * (crisis_high - crisis_low + 1.0)))
    months = math.floor(routine * math.exp(spread * draw_logit) + 0.5)
    return int(max(crisis_high + 1.0, min(months, longest) - saved))
