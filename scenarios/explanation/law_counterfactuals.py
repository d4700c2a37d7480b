"""Which single change of a state's law would have changed an answer, with the same random draws.

Each provision of the state is in turn struck out, brought forward, kept or eased; against an
acceptance, tightened.  The run is made again under that law from its first month, whatever had
stopped the answer: a provision on another mission may have taken the slot that this one lacked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from model.vocabulary import CONDITIONS, FRAMEWORKS, PARLIAMENTS, VOTED_BEFORE

from ..definition import law_table
from ..definition.law_table import Row
from ..running import model_adapter
from .rerun import Again

if TYPE_CHECKING:
    from .decisions import Answers

READ = (  # effects that open or shut the gate, or that a dispatch must keep to
    "allow", "bar", "freeze", "unfreeze", "condition", "ceiling", "authorise", "exempt",
    "prenegotiate",
)  # fmt: skip
PERMITS = ("allow", "unfreeze", "authorise", "exempt")
NEW = "new"  # id of a permission that no law has yet
HOW = (  # smallest first
    "unconditional", "unvoted", "unlimited", "conditional", "voted", "earlier", "kept", "repealed",
    "permitted",
)  # fmt: skip


@dataclass(frozen=True)
class Amendment:
    """A change of one provision that turns an answer.

    Attributes:
        provision: its id, or ``new``.
        how: ``unconditional``, ``unvoted``, ``unlimited`` (without its conditions, vote, ceiling),
            ``conditional``, ``voted`` (with a further condition, with a vote), ``earlier``,
            ``kept`` (not lapsed), ``repealed``, ``permitted`` (a new permission).
        what: the condition, the month, the ceiling, or the framework of the permission.
        outcome: what would be answered then; ``absent``: it would not be asked any more.
    """

    provision: str
    how: str
    what: str
    outcome: str


@dataclass(frozen=True)
class Tried:
    """What a search for amendments found: how many ``provisions`` it tried, and those that turn."""

    provisions: int
    amendments: list[Amendment]


def by_amendments(
    found: Answers, number: int, stopped: Callable[[], bool] = lambda: False
) -> Tried:
    """Amendments of single provisions that change answer ``number`` of the detailed run, smallest
    first.

    Args:
        found: answers on one mission.
        stopped: asked between the parts of the work; what is found until then is returned.
    """
    row = found.decisions.iloc[number].to_dict()
    table = law_table.table(found.scenario.events)
    own = [one for one in table if one["state"] == found.state and one["effect"] in READ]
    again, turning = Again(found, number), []
    for amendment, changed in _tried(found, row, own):
        if stopped():
            break
        law = [one for one in table if one["id"] != amendment.provision] + changed
        outcome = again.under(model_adapter.with_law(again.atlas, found.scenario, law))
        if outcome:
            turning.append(Amendment(amendment.provision, amendment.how, amendment.what, outcome))
    turning.sort(key=lambda one: HOW.index(one.how))
    return Tried(len(own), turning)


def _tried(
    found: Answers, row: Mapping[Any, Any], own: list[Row]
) -> Iterator[tuple[Amendment, list[Row]]]:
    """Every amendment worth a trial, with the rows that then stand in the place of the old one."""
    month, went = str(row["month"]), row["stopped_by"] == "nothing"
    deciding = str(row["provision"])
    for one in own:
        key, since, lapses = one["id"], one["in_force"], one["lapses"]
        if not since:
            continue
        if since > month:
            yield Amendment(key, "earlier", month, ""), [one | {"in_force": month}]
            continue
        if lapses and lapses <= month:
            yield Amendment(key, "kept", lapses, ""), [one | {"lapses": ""}]
        yield Amendment(key, "repealed", "", ""), [one | {"in_force": "", "lapses": ""}]
        if not went:
            yield from _eased(one)
        elif key == deciding:
            yield from _tightened(one, own)
    if not went:
        place = found.atlas.arrays.missions[found.atlas.mission_row(str(row["mission"]))]
        framework = FRAMEWORKS[int(place["framework"])]
        yield (
            Amendment(NEW, "permitted", framework, ""),
            [
                dict.fromkeys(own[0] if own else law_table.table(())[0], "")
                | {
                    "id": NEW,
                    "state": found.state,
                    "title": NEW,
                    "effect": "allow",
                    "in_force": month,
                }
                | {"kinds": str(row["kind"]), "frameworks": framework, "authoriser": "cabinet"}
            ],
        )


def _eased(one: Row) -> Iterator[tuple[Amendment, list[Row]]]:
    key = one["id"]
    if one["conditions"] and one["effect"] != "condition":  # that is to strike it out
        yield Amendment(key, "unconditional", one["conditions"], ""), [one | {"conditions": ""}]
    if one["authoriser"] in PARLIAMENTS and one["effect"] in PERMITS:
        yield Amendment(key, "unvoted", "", ""), [one | {"authoriser": "cabinet"}]
    if one["ceiling"] and one["effect"] != "ceiling":
        yield Amendment(key, "unlimited", one["ceiling"], ""), [one | {"ceiling": ""}]


def _tightened(one: Row, own: list[Row]) -> Iterator[tuple[Amendment, list[Row]]]:
    key, held = one["id"], [part for part in one["conditions"].split(";") if part]
    if one["authoriser"] not in PARLIAMENTS:
        known = [other["authoriser"] for other in own if other["authoriser"] in VOTED_BEFORE]
        yield Amendment(key, "voted", "", ""), [one | {"authoriser": (known or ["assembly"])[0]}]
    for condition in CONDITIONS:
        if condition not in held:
            conditions = ";".join([*held, condition])
            yield Amendment(key, "conditional", condition, ""), [one | {"conditions": conditions}]
