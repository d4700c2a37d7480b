"""What a renewal was about: until when a presence is extended, and what gave occasion to end it.

The engine keeps the weight of an occasion, not its name; here the name is read from the same
circumstances as in ``model.steps.renewal.is_occasion``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from model.core import parameter_index as P
from model.months import month_number, month_text
from model.rules import choice, law
from model.steps import renewal
from model.steps.voting import stance_class
from model.vocabulary import FRAMEWORKS, KINDS

from . import decision_row
from .counterfactuals import plain

if TYPE_CHECKING:
    import numpy as np

    from .decisions import Answers

CUT, STAKE, ENDS, CAMP, DONE = OCCASIONS = (
    "mission_cut",
    "stake_fell",
    "end_announced",
    "camp_changed",
    "work_done",
)


class Extension(NamedTuple):
    """The next term of a presence that stays.

    Attributes:
        until: month in which the next extension is due, 'YYYY-MM'.
        last: month in which the mission ends, where that is known and comes before; else blank.
    """

    until: str
    last: str


def is_by_default(found: Answers, row: Mapping[Any, Any]) -> bool:
    """Whether this is a renewal of a state that extends a presence unless something has changed."""
    return bool(row["reason"] == "renewal" and float(found.parameters[P.EXTENSION]) > 0.0)


def term(found: Answers, row: Mapping[Any, Any]) -> int:
    """Months of a term: those that the law sets for a consent, else the usual ones."""
    covering = decision_row.covering(found.atlas, row)
    provisions = found.atlas.arrays.provisions
    month, met = month_number(row["month"]), int(row["conditions"])
    legal = plain(law.gate)(
        provisions, covering, 0, len(covering), month, met, decision_row.host(found.atlas, row)
    )
    return int(legal.term or found.parameters[P.TERM_MONTHS])


def granted(found: Answers, row: Mapping[Any, Any]) -> Extension:
    """The term that an extension grants."""
    month, months = month_number(row["month"]), term(found, row)
    mission = found.atlas.arrays.missions[found.atlas.mission_row(str(row["mission"]))]
    left = int(mission["announced"]) - month
    known = 0 <= left <= min(months, renewal.MANDATE)
    return Extension(
        until=month_text(month + months), last=month_text(month + left) if known else ""
    )


def occasions(found: Answers, row: Mapping[Any, Any]) -> tuple[str, ...]:
    """What has happened since the last term began that gave occasion to end a presence.

    Empty for a renewal that was routine, and where the people are not in the deployments of the
    run.
    """
    if not is_by_default(found, row) or not float(row["term_occasion"]):
        return ()
    world, month = found.atlas.arrays, month_number(row["month"])
    since = _since(found, row)
    if since is None:
        return ()
    number = found.atlas.mission_row(str(row["mission"]))
    kind = world.kinds[KINDS.index(row["kind"])]
    last = max(0, since, month - term(found, row))
    then, now = world.mission_months[last, number], world.mission_months[month, number]
    told = []
    if now["asked"] < then["asked"]:
        told.append(CUT)
    if now["interest"] < then["interest"]:
        told.append(STAKE)
    if plain(renewal.closing)(world, month, number) > 0.0:
        told.append(ENDS)
    if _disputed(found, row, month, last):
        told.append(CAMP)
    if _done_since(found, row, float(kind["completes"]), last - since):
        told.append(DONE)
    return tuple(told)


def _disputed(found: Answers, row: Mapping[Any, Any], month: int, last: int) -> bool:
    """Whether another camp has come to power that disputed such dispatches in opposition."""
    world, atlas = found.atlas.arrays, found.atlas
    regime = int(world.states[atlas.state_row(found.state)]["regime"])
    politics = world.politics
    if politics[month, regime]["camp"] == politics[last, regime]["camp"]:
        return False
    own = world.kinds[KINDS.index(row["kind"])]["stance"]
    group = world.groups[FRAMEWORKS.index(row["framework"])]
    held = world.stances[last, regime, int(plain(stance_class)(own, group))]
    return bool(held["opposition"] < renewal.CONTESTED)


def _done_since(found: Answers, row: Mapping[Any, Any], completes: float, months: int) -> bool:
    """Whether work that has an end has come to be done since so many months after arrival."""
    done, cut = (_value(found, row, name) for name in ("task_done", "drawdown"))
    if completes < renewal.FINITE or done <= renewal.SERVED:
        return False
    years = float(found.parameters[P.TASK_YEARS])
    return bool(plain(choice.task_done)(months, cut, completes, years) <= renewal.SERVED)


def _value(found: Answers, row: Mapping[Any, Any], term: str) -> float:
    """A term before its weight."""
    weight = found.weights[term]
    return float(row[f"term_{term}"]) / weight if weight else 0.0


def _since(found: Answers, row: Mapping[Any, Any]) -> int | None:
    """The month since which the people of a renewal have been there, in the detailed run."""
    atlas, month = found.atlas, month_number(row["month"])
    ledger = next(
        one for chunk in found.chunks for one in chunk.ledgers if one.run == found.run
    )  # each run has one
    units: np.ndarray = ledger.deployments
    own = units[
        (units["state"] == atlas.state_row(found.state))
        & (units["mission"] == atlas.mission_row(str(row["mission"])))
        & (units["kind"] == KINDS.index(row["kind"]))
        & (units["arrives"] <= month)
        & ((units["leaves"] <= 0) | (units["leaves"] >= month))
    ]
    return int(own["since"].min()) if len(own) else None
