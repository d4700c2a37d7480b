"""Authorisation: who must agree, and whether they do.

Support is the seat share of the parties that accept *this kind in this framework*, not the yes
share of those who voted: walkouts are not support (``korea_votes.csv``, ``model_review`` point 5).
"""

from ..core.jit import rule
from ..vocabulary import AUTHORISERS

NOBODY, MINISTER, CABINET, DIET, DIET_AFTER, ASSEMBLY = range(len(AUTHORISERS))


@rule
def support(bloc, bloc_acceptance, opposition_acceptance, opinion, swing, draw):
    """Seat share, 0..1, that accepts a motion.

    Args:
        bloc: share of seats of the governing bloc.
        bloc_acceptance, opposition_acceptance: share of each that accepts this class of dispatch.
        opinion: public support centred on zero; moves the opposition by ``swing``.
        draw: uniform draw; the wavering tenth.
    """
    opposition = min(1.0, max(0.0, opposition_acceptance + swing * opinion + 0.1 * (draw - 0.5)))
    return bloc * bloc_acceptance + (1.0 - bloc) * opposition


@rule
def carried(share, present):
    """A plenary majority of those present (``present`` 0..1 of all seats)."""
    return share > 0.5 * present


@rule
def diet_carries(lower, upper, override, partner_accepts):
    """Both houses, or the lower house alone where it can override; the coalition partner first.

    The refuelling law of 2008 and the anti-piracy law of 2009 passed against a hostile upper house.
    """
    if partner_accepts < 0.5:
        return False
    return carried(lower, 1.0) and (carried(upper, 1.0) or override)
