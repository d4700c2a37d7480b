"""What would have turned an answer: the draw held fixed, one thing changed at a time.

Pure functions of one decision's numbers, for the command line and the web app.  A term of the
utility turns a refusal when it can reach what is missing within its own range; a provision when the
gate is open without it; a capacity when what is missing is there; a vote when it has the seats.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model.months import NEVER, month_text
from model.rules import law
from model.vocabulary import CONDITIONS

# What a term can be, before its weight, and the end of the range as text.  Terms that no one can
# change at a given date (distance, region, forces, income, past record) are left out; the most that
# a leader's weight adds to a request, and what the ally can want, ``decision_row.limits`` knows.
RANGES: dict[str, tuple[float, float]] = {
    "ask": (0.0, 1.0),
    "alliance": (0.0, 1.0),
    "affinity": (0.0, 1.0),
    "status": (0.0, 1.0),
    "need": (0.0, 1.0),
    "opinion": (-0.5, 0.5),
    "attention": (0.0, 3.0),
    "risk": (0.0, 2.0),
    "robustness": (0.0, 1.0),
    "gap": (0.0, 1.0),
    "consent": (0.0, 1.0),
    "threat": (0.0, 1.5),
    "cabinet": (-0.5, 0.5),
    "congestion": (0.0, 5.0),
    "place": (0.0, 1.0),
    "norms": (-2.0, 1.0),
    "other_side": (0.0, 1.0),
    "presence": (0.0, 1.0),
    "foothold": (-4.0, 4.0),
    "task_done": (0.0, 10.0),
    "partner_left": (0.0, 1.0),
    "drawdown": (0.0, 1.0),
    "occasion": (0.0, 1.0),
}
DAMPED = ("opinion", "attention", "risk", "robustness", "gap", "consent", "cabinet")  # for officers
RENEWALS_ONLY = ("foothold", "task_done", "partner_left", "drawdown", "occasion")
# What bears on a presence that is extended by default (``renewal.weigh_extension``).
OF_EXTENSION = ("risk", "congestion", "task_done", "partner_left", "drawdown", "occasion")
AT_BEST = {
    "ask": "a formal note with a leader's full weight behind it",
    "alliance": "the ally wants it as much as it ever wanted anything",
    "affinity": "those already there vote exactly as it does",
    "status": "a Council term or summit year",
    "need": "no other state fills the strength asked for",
    "opinion": "everybody at home in favour",
    "attention": "no incident that the public still follows",
    "risk": "no fighting near the force",
    "robustness": "a mandate without force or protection of civilians",
    "gap": "no fighting against the ceasefire",
    "consent": "the host's full consent",
    "threat": "no threat at home",
    "cabinet": "a cabinet at its strongest",
    "congestion": "nothing else of that service in the field",
    "place": "at the place asked for",
    "norms": "norms that make such a dispatch routine",
    "other_side": "nothing at stake with the other side",
    "presence": "own people already in the mission",
    "foothold": "many people in place",
    "task_done": "the work only begun",
    "partner_left": "the pivotal partner stays",
    "drawdown": "the mission is not reduced",
    "occasion": "nothing has changed since the last extension",
}
CLEAR = 0.005  # smaller contributions are not worth a line


@dataclass(frozen=True)
class Turn:
    """One thing that, changed alone, bears on an answer.

    Attributes:
        by: ``choice``, ``law``, ``capacity`` or ``vote``.
        what: a term, the id of a provision, a condition, ``people``, ``seats``.
        now, needed: its value, and the value from which the answer turns.
        reach: the most favourable value that it can have.
        enough: whether it turns the answer alone.
        words: what that would be, as text.
    """

    by: str
    what: str
    now: float | None
    needed: float | None
    reach: float | None
    enough: bool
    words: str


def utility_needed(draw: float) -> float:
    """The utility from which a state with this draw accepts (the logit of the draw)."""
    return math.log(draw / (1.0 - draw))


def missing_utility(utility: float, draw: float) -> float:
    """How much utility an acceptance lacks; negative: how much it has to spare."""
    return utility_needed(draw) - utility


def by_terms(
    contributions: Mapping[str, float],
    weights: Mapping[str, float],
    missing: float,
    limits: Mapping[str, tuple[float, float]] = RANGES,
    damping: float = 1.0,
    renewal: bool = False,
) -> list[Turn]:
    """Each term at its best against what an acceptance lacks; the nearest to sufficing first.

    Args:
        contributions: weight times term, as traced.
        weights: of the state, deviations included.
        missing: utility lacking, above zero.
        limits: range of each term before its weight.
        damping: what officers feel of the terms that are damped for them.
    """
    found = []
    for name, (low, high) in limits.items():
        if name in RENEWALS_ONLY and not renewal:
            continue
        if name == "need" and renewal:  # a renewal fills no new need
            continue
        now = contributions.get(name, 0.0)
        scale = weights.get(name, 0.0) * (damping if name in DAMPED else 1.0)
        best = max(scale * low, scale * high, now)
        if best - now < CLEAR:
            continue
        needed = now + missing
        found.append(Turn("choice", name, now, needed, best, best > needed, AT_BEST[name]))
    return sorted(found, key=lambda turn: (not turn.enough, missing / (_room(turn))))


def _room(turn: Turn) -> float:
    assert turn.reach is not None and turn.now is not None
    return turn.reach - turn.now


def by_loss(contributions: Mapping[str, float], spare: float) -> list[Turn]:
    """Terms without which an acceptance would have been a refusal; the heaviest first."""
    found = [
        Turn("choice", name, value, value - spare, 0.0, True, "refused without it")
        for name, value in contributions.items()
        if name != "intercept" and value > spare
    ]
    return sorted(found, key=lambda turn: -(turn.now or 0.0))


def by_law(
    provisions: Any,
    ids: Sequence[str],
    rows: Sequence[int],
    month: int,
    met: int,
    people: int = 0,
    host: int = law.ANYWHERE,
) -> list[Turn]:
    """Single changes of law or of facts after which the gate is open to so many people.

    Each provision in force is struck out in turn, each unmet condition granted in turn; then the
    first later month in which the law as enacted opens by itself.

    Args:
        provisions, ids: every provision, and its id.
        rows: those that cover the kind in the framework, in their order.
        met: bits of the conditions that are met.
        host: row of the state in which the mission lies.
    """
    fold = plain(law.gate)

    def opens(left: Sequence[int], when: int, bits: int) -> bool:
        found = fold(provisions, left, 0, len(left), month=when, met=bits, host=host)
        return bool(found.answer <= law.OPEN_AFTER_LEAD and people <= found.ceiling)

    if opens(rows, month, met):
        return []
    found = []
    for row in rows:
        if provisions[row]["since"] <= month < provisions[row]["until"]:
            if opens([other for other in rows if other != row], month, met):
                found.append(Turn("law", ids[row], None, None, None, True, "open without it"))
    for bit, name in enumerate(CONDITIONS):
        if not met >> bit & 1 and opens(rows, month, met | 1 << bit):
            words = f"open if the condition '{name.replace('_', ' ')}' were met"
            found.append(Turn("law", name, None, None, None, True, words))
    later = sorted({int(s) for r in rows if month < (s := provisions[r]["since"]) < NEVER})
    opening = next((when for when in later if opens(rows, when, met)), None)
    if opening is not None:
        permit = fold(provisions, rows, 0, len(rows), opening, met, host).provision
        words = f"open from {month_text(opening)} under later law"
        found.append(Turn("law", ids[permit], month, opening, None, True, words))
    return found


def plain(rule: Any) -> Any:
    """A compiled rule as plain Python: for single questions, without waiting for a compiler."""
    return getattr(rule, "py_func", rule)


def by_capacity(needs: Mapping[str, tuple[float, float]]) -> list[Turn]:
    """What a dispatch lacks: ready people or trained officers.

    Args:
        needs: name to what is free and what is needed.
    """
    lacking = {name: pair for name, pair in needs.items() if pair[1] > pair[0]}
    return [
        Turn(
            "capacity",
            name,
            free,
            needed,
            needed,
            len(lacking) == 1,
            f"{needed - free:,.2f} {name} missing",
        )
        for name, (free, needed) in lacking.items()
    ]


def by_vote(shares: Mapping[str, float], present: float = 1.0, partner: float = 1.0) -> list[Turn]:
    """Seats that a motion lacks, house by house, and a partner's veto.

    Args:
        shares: house to the share of seats in support.
        present: share of all seats that vote; the majority is of these.
        partner: acceptance by the coalition partner; below one half it is a veto.
    """
    needed = 0.5 * present
    short = {house: share for house, share in shares.items() if share <= needed}
    found = [
        Turn(
            "vote",
            house,
            share,
            needed,
            1.0,
            partner >= 0.5 and len(short) == 1,
            f"{100 * (needed - share):.1f}% of the seats of the {house} missing",
        )
        for house, share in short.items()
    ]
    if partner < 0.5:
        words = "the coalition partner would have to agree"
        found.insert(0, Turn("vote", "partner", partner, 0.5, 1.0, not found, words))
    return found
