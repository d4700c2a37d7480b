"""Keyed randomness: every draw is named by what it decides, never by its place in a stream.

Philox4x32-10 (Salmon and others 2011, "Parallel random numbers: as easy as 1, 2, 3") turns a key
and a counter into random words.  The key is the seed; the counter is run, purpose with kind and
month, state and mission.  State and mission enter by a stable number made from their names, never
by a row, so adding one changes no other's draws.
"""

from __future__ import annotations

import math

import numpy as np

from .jit import rule, step

# Purposes: one number for each thing that is drawn. Never renumber; add at the end.
TASTE = 1  # what the model does not see of a state's liking for a mission
APPROACH = 2  # whether the United Nations approaches this state in a open call
LEAD = 3  # months between acceptance and arrival
SIZE = 4  # how large the offer is
VOTE = 5  # how many of the wavering follow the whip
PARTY = 6  # the cabinet's reading whether a rival is a party to an armed conflict
INCIDENT = 7  # a fatal incident in an own contingent
SUBSTITUTE = 8  # whether something else is offered instead of people
SUPPORT = 9  # training support abroad in a month
AGREEMENT = 10  # an agreement or forum in a month
PARAMETERS = 11  # the parameter draw of a run
GENERATOR = 12  # future missions
REFORM = 13  # endogenous law
DRAWDOWN = 15  # the order in which a shrinking mission lets units go
RESIZE = 26  # how a contingent changes in size when it is renewed
SAVED = 27  # how much of what the law may save on a routine lead time it does
ASKED = 16  # whether a request that is made only with a chance is made
ADAPTATION = 17  # whether a request is made although its legal ground has gone
RENEWAL = 14  # what else speaks for or against staying, at one renewal
ALTERNATIVE = 28  # which of the alternatives that send what was asked
SURVEY = 29  # error of a survey about a place
STAY = 30  # how firm a presence is

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_5 = np.uint64(5)
_6 = np.uint64(6)


@rule
def philox(c0, c1, c2, c3, k0, k1):
    """Ten rounds of Philox4x32 on four counter words and two key words (uint64 below 2**32)."""
    for _ in range(10):
        p0 = _MULTIPLIER_0 * c0
        p1 = _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (p1 >> _32) ^ c1 ^ k0,
            p1 & _LOW,
            (p0 >> _32) ^ c3 ^ k1,
            p0 & _LOW,
        )
        k0 = (k0 + _WEYL_0) & _LOW
        k1 = (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


@rule
def uniform(key, purpose, kind, month, state, mission):
    """One number in the open interval (0, 1) with 53 bits.

    Args:
        key: uint64[3]: run, low and high word of the seed.
        purpose, kind, month: integers; kind and month are zero where they do not matter.
        state, mission: stable uint64 identities below 2**32.
    """
    word = np.uint64(purpose) << np.uint64(26) | np.uint64(kind) << np.uint64(16) | np.uint64(month)
    a, b, _, _ = philox(key[0], word, np.uint64(state), np.uint64(mission), key[1], key[2])
    return (float((a >> _5) << np.uint64(26) | (b >> _6)) + 0.5) / 9007199254740992.0


@step
def for_mission(world, run, purpose, kind, month, state, mission):
    """The draw of a state for a mission, both by row; else as ``uniform``."""
    return uniform(
        run.key,
        purpose,
        kind=kind,
        month=month,
        state=world.states[state].identity,
        mission=world.missions[mission].identity,
    )


@rule
def logistic_quantile(u):
    """Quantile of the standard logistic distribution at ``u`` in (0, 1)."""
    return math.log(u / (1.0 - u))


def identity(name: str) -> int:
    """Stable 32-bit number of a name (FNV-1a), the same on every machine and release."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def key(seed: int, run: int) -> np.ndarray:
    """Key words of a run: ``seed`` in [0, 2**64), ``run`` in [0, 2**32)."""
    if not 0 <= seed < 2**64:
        raise ValueError(f"seed {seed} is outside 0 to 2**64 - 1")
    if not 0 <= run < 2**32:
        raise ValueError(f"run {run} is outside 0 to 2**32 - 1")
    return np.array([run, seed & 0xFFFFFFFF, seed >> 32], dtype=np.uint64)
