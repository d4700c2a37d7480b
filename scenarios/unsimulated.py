"""What the schema has words for but the model does not simulate: refused, never ignored."""

from __future__ import annotations

from collections.abc import Callable

from model.errors import InputError

from . import names
from .events import (
    Alliance,
    Cabinet,
    Capacity,
    Demand,
    Event,
    OpenCentre,
    OpenMission,
    Shock,
    Spell,
)

SEATS = ("lower_seats", "upper_seats", "partner", "override")
ONE_CHAMBER = "KOR"  # an assembly decides alone, without an upper house, partner or override


def check(event: Event, place: str, at: Callable[[str], str]) -> None:
    """Raise InputError where an event, or a field of it, would change nothing.

    Args:
        place: where the event stands in the file.
        at: the place of one of its fields.
    """
    if isinstance(event, OpenMission):
        raise InputError(
            f"{place}: open_mission is not simulated yet; a request to a mission of the record is"
        )
    if isinstance(event, Alliance):
        _alliance(event, at)
    elif isinstance(event, Demand):
        _demand(event, at)
    elif isinstance(event, Capacity):
        _neutral(event, ("pool", "lead_time"), "slots", at)
        if event.kinds:
            raise _not_yet(at("kinds"), "capacity of single kinds", "leave out kinds")
    elif isinstance(event, Shock):
        if event.mission != "largest":
            raise _not_yet(at("mission"), "a shock in one mission", 'write mission = "largest"')
        if event.what.startswith("home") and event.killed:
            raise InputError(f"{at('killed')}: a {event.what} takes slots and kills no contingent")
    elif isinstance(event, OpenCentre):
        if not event.home:
            raise _not_yet(at("home"), "a partner's centre", "write home = true or leave it out")
    elif isinstance(event, Cabinet):
        _cabinet(event, at)
    _something(event, place)


def _alliance(event: Alliance, at: Callable[[str], str]) -> None:
    if event.pivot != "USA":
        raise _not_yet(at("pivot"), f"an alliance with {event.pivot!r}", "write 'USA'")
    if event.requests not in (0.0, 1.0):
        raise _not_yet(at("requests"), "a share of the requests", "write 0 (none) or 1 (all)")
    if event.requests == 0.0 and event.ramp:
        raise _not_yet(at("ramp"), "requests that end gradually", "leave out ramp")


def _demand(event: Demand, at: Callable[[str], str]) -> None:
    _neutral(event, ("new_missions", "closures"), "size, robustness or council", at)
    if event.region != "all":
        raise _not_yet(at("region"), "demand of one region", 'write region = "all"')
    if event.group == "other":
        raise _not_yet(at("group"), "demand outside the UN and coalitions", "write un or coalition")
    if event.robustness != 1.0 and event.group != "all":
        raise _not_yet(at("robustness"), "robustness of one group", 'write group = "all"')
    if not event.council and event.group == "un":
        raise InputError(f"{at('council')}: the Council's resolution concerns coalitions, not un")


def _cabinet(event: Cabinet, at: Callable[[str], str]) -> None:
    written = [key for key in SEATS if getattr(event, key) is not None]
    if event.ramp:
        raise _not_yet(at("ramp"), "a cabinet that comes gradually", "leave out ramp")
    governed = {row["state"] for row in names.instruments().values()}
    if written and event.state not in (*governed, "all"):
        choices = " or ".join(sorted(governed))
        raise _not_yet(at(written[0]), f"the parliament of {event.state}", f"choose {choices}")
    if event.state == ONE_CHAMBER and written and written != ["lower_seats"]:
        key = next(key for key in written if key != "lower_seats")
        raise _not_yet(at(key), f"{key} in {ONE_CHAMBER}", "write lower_seats")


def _neutral(event: Event, keys: tuple[str, ...], instead: str, at: Callable[[str], str]) -> None:
    for key in keys:
        if getattr(event, key) != 1.0:
            raise _not_yet(at(key), f"{key} of a {event.type_name()} event", f"use {instead}")


def _something(event: Event, place: str) -> None:
    """An event with every field at its neutral value is a slip."""
    neutral: dict[str, object]
    if isinstance(event, Alliance):
        neutral = {"requests": 1.0, "salience": 1.0, "embeddedness": 1.0}
    elif isinstance(event, Demand):
        neutral = {"size": 1.0, "robustness": 1.0, "council": True}
    elif isinstance(event, Capacity):
        neutral = {"slots": 0}
    elif isinstance(event, Shock):
        neutral = {"killed": 0, "slots": 0}
    elif isinstance(event, Cabinet):
        neutral = dict.fromkeys((*SEATS, "strength", "brake"))
    elif isinstance(event, Spell) and hasattr(event, "change"):
        neutral = {"change": 0.0}
    else:
        return
    if all(getattr(event, key) == value for key, value in neutral.items()):
        raise InputError(
            f"{place}: the {event.type_name()} event changes nothing; write {' or '.join(neutral)}"
        )


def _not_yet(place: str, what: str, instead: str) -> InputError:
    return InputError(f"{place}: {what} is not simulated yet; {instead}")
