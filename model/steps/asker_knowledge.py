"""Anticipation: what askers know of a state's law, and how they adapt to a new one.

The United Nations seldom asks for what a state cannot send (``model_review`` point 1). It learns
of a change of law ``adaptation_months`` late. What it asked under the documented law is
documented, or in the rates of approach already; so only where a scenario's law, or a run's own,
differs from the documented one do requests move: those that rested on a law no longer there cease,
and places that a condition kept out of question come into it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..core import parameter_index as P
from ..core import rng
from ..core.jit import rule, shared_step, step
from ..rules import law
from . import legal_gate


@rule
def shift(shut_now, shut_then):
    """How much more (1) or less (-1) a request is out of question than under the documented law."""
    return 1.0 * shut_now - 1.0 * shut_then


@rule
def asked_anyway(anticipation, draw):
    """Whether a request is still made although its legal ground has gone."""
    return draw < math.exp(-anticipation)


class Place(NamedTuple):
    """What a law is asked about: a kind in a framework, as it stands in a month."""

    regime: int
    kind: int
    framework: int
    month: int


@shared_step
def is_shut(provisions, rows, covering, place, met):
    """Whether a law shuts a kind in a framework, given the conditions that are met; none does where
    there is no law at all."""
    own = covering[place.regime]
    if own[0, 0] == own[-1, -1]:
        return False
    first, last = own[place.kind, place.framework], own[place.kind, place.framework + 1]
    return law.gate(provisions, rows, first, last, place.month, met).answer > law.OPEN_AFTER_LEAD


@step
def shut_now(world, run, place, met):
    """``is_shut`` by the law of the run."""
    return is_shut(run.provisions, world.covering_rows, world.covering, place, met)


@step
def shut_then(world, place, met):
    """``is_shut`` by the documented law."""
    rows, covering = world.documented_rows, world.documented_covering
    return is_shut(world.documented, rows, covering, place, met)


@step
def known_shut(world, run, known, month, state, mission, kind):
    """How far askers hold a request to be out of question, by the law as known to them.

    Args:
        known: the month whose law they know.

    Returns:
        1 where it is shut on law alone and 0 where it is not; by up to one more or less where the
        law differs from the documented one in its conditions for this mission.
    """
    if world.documented.size > 0:
        return known_otherwise(world, run, known, month, state, mission, kind)
    framework = world.missions[mission].framework
    regime = world.states[state].regime
    return 1.0 * (world.known_gate[regime, kind, framework, known] > law.OPEN_AFTER_LEAD)


@shared_step
def known_otherwise(world, run, known, month, state, mission, kind):
    """``known_shut`` where the law may differ from the documented one."""
    regime = world.states[state].regime
    if regime == 0:
        return 0.0
    place = Place(regime, kind, world.missions[mission].framework, known)
    shut = shut_now(world, run, place, law.ALL_CONDITIONS)
    met = legal_gate.conditions(world, run, month, state, mission)
    now, then = shut_now(world, run, place, met), shut_then(world, place, met)
    always = shut_then(world, place, law.ALL_CONDITIONS)
    return 1.0 * shut + shift(now and not shut, then and not always)


@step
def is_still_made(world, run, month, row):
    """Whether a documented request is made although the law that it rested on may have gone.

    An ally asks whatever the law; that is how laws come about.
    """
    if world.documented.size == 0 or world.asks[row].ally:
        return True
    return rests_on_no_lost_law(world, run, month, row)


@shared_step
def rests_on_no_lost_law(world, run, month, row):
    """``is_still_made`` where the law may differ from the documented one."""
    ask = world.asks[row]
    regime = world.states[ask.state].regime
    if regime == 0:
        return True
    p = run.parameters[ask.state]
    known = max(0, month - int(p[P.ADAPTATION_MONTHS]))
    place = Place(regime, ask.kind, world.missions[ask.mission].framework, known)
    met = legal_gate.conditions(world, run, month, ask.state, ask.mission)
    now, then = shut_now(world, run, place, met), shut_then(world, place, met)
    if shift(now, then) <= 0.0:
        return True
    draw = rng.uniform(
        run.key,
        rng.ADAPTATION,
        kind=ask.kind,
        month=month,
        state=world.states[ask.state].identity,
        mission=ask.identity,
    )
    return asked_anyway(p[P.ANTICIPATION], draw)
