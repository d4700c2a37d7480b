"""Alliance pressure: one pivotal state recruits, and embeddedness decides whom it reaches."""

from __future__ import annotations

from ..core.jit import rule


@rule
def alliance_request(embeddedness, dependence, salience):
    """Weight of an ally's request, 0..1.

    Args:
        embeddedness: 0..1, density of the state's ties with the pivotal state (Henke 2019).
        dependence: 0..1, how much the state's own defence rests on it.
        salience: 0..1, how much the pivotal state wants this mission, and says so.
    """
    return embeddedness * dependence * min(salience, 2.0)


@rule
def threat_raises(request, threat, slope):
    """An ally's request for a coalition weighs more while the threat at home is high.

    Korea in 2003 and Japan in 2001-04 answered because of the North (``model_review`` point 4).
    """
    return request * (1.0 + slope * threat)


@rule
def united_nations_desk(request, share):
    """What is left of an ally's wish when it concerns a UN mission.

    The pivotal state's own UN desk asks, not its defence department, and carries less weight
    (``model_review`` point 10).
    """
    return request * share


@rule
def asked_by_name(ask, interest, weight):
    """Weight of being asked by name, more where a leader asks in person (``interest`` 0..1).

    The Secretary-General's own asks over Sudan in 2008 were refused like others, so it is little.
    """
    return ask * (1.0 + weight * interest)
