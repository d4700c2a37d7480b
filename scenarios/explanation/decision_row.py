"""What one row of the table of decisions says of its circumstances.

The trace holds the numbers that the engine decided from; here they are put into the words and the
shape in which an explanation shows them.  ``row`` is a mapping from the columns of the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model.core import parameter_index as P
from model.rules import alliance, capacity, law
from model.vocabulary import (
    CONDITIONS,
    FORMED,
    FRAMEWORK_GROUPS,
    FRAMEWORKS,
    KINDS,
    OFFICERS,
    PARLIAMENTS,
    SETTING_LAND,
)

from ..definition import lookup
from . import counterfactuals
from .counterfactuals import plain

if TYPE_CHECKING:
    from model.world.build import Atlas


def needs(row: Mapping[Any, Any]) -> dict[str, tuple[float, float]]:
    """What a dispatch of this kind takes: name to what is free and what is needed."""
    if row["reason"] == "renewal" or row["stopped_by"] == "too_small":
        return {}
    people = float(row["asked"])
    if row["kind"] in FORMED:
        return {"ready personnel": (float(row["ready"]), people)}
    if row["kind"] in OFFICERS:
        return {"trained officers": (float(row["pool"]), people)}
    return {}


def in_use(row: Mapping[Any, Any]) -> tuple[float, float]:
    """Load of the service that a unit draws on, and the load that is carried with ease, in slots;
    for officers people abroad, and trained ones."""
    return float(row["used"]), float(row["comfort"])


def load_added(atlas: Atlas, parameters: Any, row: Mapping[Any, Any]) -> float:
    """Load that the unit asked for would add to its service, in slots.

    Args:
        parameters: of the state in the run.
    """
    kind = atlas.arrays.kinds[KINDS.index(row["kind"])]
    small, large = float(parameters[P.LOAD_SMALL]), float(parameters[P.LOAD_LARGE])
    size = plain(capacity.slot_load)(float(row["asked"]), small, large)
    return float(kind["load"]) * size if kind["formed"] else 0.0


def is_surveyed(atlas: Atlas, row: Mapping[Any, Any]) -> bool:
    """Whether a survey looked at the place: one goes before a routine request by name for a unit on
    land.  Other requests are answered from home, by a finding that errs as much."""
    if not (row["request"] and row["site"] and row["kind"] in FORMED and row["mode"] == "routine"):
        return False
    place = atlas.sites.index((str(row["mission"]), str(row["site"])))
    return bool(atlas.arrays.sites["setting"][place] == SETTING_LAND)


def unmet(atlas: Atlas, row: Mapping[Any, Any]) -> list[str]:
    """Conditions of the provision that decided which the mission does not meet, by name."""
    if not row["provision"]:
        return []
    asked = int(atlas.arrays.provisions[atlas.provisions.index(row["provision"])]["conditions"])
    lacking = asked & ~int(row["conditions"])
    return [name for bit, name in enumerate(CONDITIONS) if lacking >> bit & 1]


def seats(row: Mapping[Any, Any]) -> tuple[dict[str, float], float, float]:
    """Support by house, share of seats present, and the coalition partner's acceptance."""
    present, partner = float(row["present"]), float(row["partner"])
    if row["authoriser"] not in PARLIAMENTS:
        return {}, present, partner
    state, support = str(row["state"]), float(row["support"])
    # Under a law of two houses a state with one chamber is decided by that chamber.
    if row["authoriser"] == "assembly" or lookup.has_one_chamber(state):
        return {lookup.legislature(state): support}, present, partner
    houses = {"lower house": support}
    if row["upper"] >= 0:  # below: the lower house overrides it
        houses["upper house"] = float(row["upper"])
    return houses, present, partner


def limits(row: Mapping[Any, Any], parameters: Any) -> dict[str, tuple[float, float]]:
    """Range of each term for this decision: the ally can want no more than it ever does, and a
    request binds no more than a formal note with a leader's full weight behind it.

    Args:
        parameters: of the state in the run.
    """
    note = plain(alliance.asked_by_name)(1.0, 1.0, float(parameters[P.ASK_INTEREST]))
    found = counterfactuals.RANGES | {
        "ask": (0.0, note),
        "alliance": (0.0, float(row["alliance_most"])),
    }
    group = FRAMEWORK_GROUPS[row["framework"]]
    if group != "un" or row["kind"] not in FORMED:
        del found["threat"]
    if group == "coalition":
        del found["gap"]
    return found


def host(atlas: Atlas, row: Mapping[Any, Any]) -> int:
    """Row of the state in which the mission of a decision lies, as the law asks for it."""
    number = int(atlas.arrays.missions[atlas.mission_row(str(row["mission"]))]["host"])
    return number if number >= 0 else law.NOWHERE


def covering(atlas: Atlas, row: Mapping[Any, Any]) -> list[int]:
    """Provisions that cover the kind in the deployment's framework, in their order."""
    world = atlas.arrays
    regime = world.states[atlas.state_row(str(row["state"]))]["regime"]
    begins = world.covering[regime, KINDS.index(row["kind"])]
    framework = FRAMEWORKS.index(row["framework"])
    return [int(r) for r in world.covering_rows[begins[framework] : begins[framework + 1]]]
